"""What `fastasync lint` finds: the structure and the start of the service one by one, everything in sum."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import msgspec
from fastasync_lint import rules
from fastasync_lint.discover import starts_servers
from fastasync_lint.model import Finding, Hit, Severity
from fastasync_lint.pipeline import Outcome, Request, candidates, check
from fastasync_lint.settings import covers, enabled, ignored_in_file, load
from fastasync_lint.structure import deployment
from fastasync_lint.wording import cause, word

from fastasync.doctor.advice import Advice, Check
from fastasync.doctor.containers import DEVELOPMENT
from fastasync.doctor.project import Project

_CHECKS: dict[str, Check] = {
    "FSA301": "lifespan", "FSA302": "lifespan", "FSA303": "lifespan", "FSA304": "lifespan",
    "FSA401": "workers", "FSA403": "workers", "FSA404": "workers",
    "FSA402": "libraries",
}  # fmt: skip
_DEPLOYMENT = r"procfile|(.*\.)?dockerfile(\..*)?|(docker-)?compose.*\.ya?ml"


class Summary(msgspec.Struct, frozen=True):
    """`fastasync lint` in numbers; `text` is the last line that it prints."""

    errors: int
    warnings: int
    notes: int
    causes: int
    files: int
    rules: dict[str, int]
    text: str


def lint(folder: str) -> Outcome:
    """Check the folder as `fastasync lint` does, notes included."""
    settings = msgspec.structs.replace(load(folder), min_severity=Severity.INFO)
    return check(Request(paths=(folder,), settings=settings, details="none"))


def advise(outcome: Outcome, project: Project, *, several: bool) -> Iterator[Advice]:
    """The findings about structure, workers and drivers; `several` where the service runs in several containers."""
    in_code = (finding for finding in outcome.findings if not starts_servers(finding.filename))
    for finding in [*in_code, *_of_deployment(outcome, project)]:
        check_ = _CHECKS.get(finding.code)
        is_note = finding.severity is Severity.INFO and finding.code != "FSA403"
        if check_ is None or is_note or (finding.code == "FSA403" and several) or _is_aside(finding, project):
            continue
        yield Advice(
            check=check_,
            filename=finding.filename,
            row=finding.location.row,
            message=finding.message,
            reason=_reason(finding),
            help=f"`fastasync explain {finding.code}` shows what to use instead.",
        )


def summary(outcome: Outcome, folder: str) -> Summary:
    """What the same `fastasync lint` reports, so without notes unless the settings ask for them."""
    from fastasync_lint.report import causes

    least = load(folder).min_severity
    rank = list(Severity)
    shown = [finding for finding in outcome.findings if rank.index(finding.severity) >= rank.index(least)]
    count = Counter(finding.severity for finding in shown)
    hidden = len(outcome.findings) - len(shown)
    text = causes.summary(
        Outcome(shown, [], calls=outcome.calls, unresolved=outcome.unresolved, files=outcome.files, hidden=hidden)
    )
    return Summary(
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        notes=count[Severity.INFO],
        causes=len({cause(finding) for finding in shown}),
        files=outcome.files,
        rules=dict(sorted(Counter(finding.code for finding in shown).items())),
        text=text,
    )


def _is_aside(finding: Finding, project: Project) -> bool:
    return project.is_aside(os.path.abspath(finding.filename))


def _of_deployment(outcome: Outcome, project: Project) -> list[Finding]:
    """The findings of the files that deploy the service, those above the folder included, which `lint` leaves alone."""
    assert outcome.project is not None
    settings = load(project.root)
    on = enabled(settings, rules.codes())
    hits: list[Hit] = []
    for path in project.named(_DEPLOYMENT):
        if not DEVELOPMENT.search(os.path.basename(path)):
            off = ignored_in_file(settings, path)
            found = deployment.hits(path, project.sources)
            hits += [hit for hit in found if hit.code in on and not covers(off, hit.code)]
    nothing = outcome.project._replace(files=[], wanted=[])
    standing = candidates(hits, nothing, settings, project.sources)
    return word([one for one in standing if one.hit.code in _CHECKS], settings, project.sources, "none")


def _reason(finding: Finding) -> str:
    """The first sentence of the rule's reason."""
    text = rules.rule(finding.code).documentation
    section = text.partition("## Why is this bad?")[2].partition("##")[0]
    paragraph = " ".join(section.strip().split("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".") + "."
