"""From paths to a report: analyse, suppress, select, compare with what is recorded, and only then word what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from . import fingerprint, rules, suppress
from .analysis import analyse, recall
from .discover import Project, absolute, common_folder, discover, starts_servers
from .model import Analysis, Candidate, Hit, Location, Report, Severity
from .places import relative
from .settings import Settings, covers, enabled, ignored_in_file, load
from .sources import Sources
from .wording import Details, shown_problem, word

if TYPE_CHECKING:
    from .engine import Evaluated

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to check, and how much to say of it.

    `overlay` holds unsaved text by absolute path. `details`: no help, help for the first finding of each cause, or help
    and fixes for all. `known` tells the fingerprints that are not to be reported, with how often each may appear. Once
    `superseded` says so, the check ends with `SupersededError`. With `keep` the outcome holds the evaluation,
    with `strict` the calls that were not resolved.
    """

    paths: tuple[str, ...] = ()
    settings: Settings | None = None
    overlay: Mapping[str, bytes] = {}
    details: Details = "all"
    force_exclude: bool = False
    cache: bool = True
    workers: int | None = None
    known: Callable[[], Mapping[str, int]] = dict
    superseded: Callable[[], bool] | None = None
    keep: bool = False
    strict: bool = False


class Outcome(Report):
    """A report with what it leaves out: `hidden` findings below the severity that is shown, `known` ones recorded.

    `standing` are all candidates before any selection, which a baseline is compared with; `selected` those that the
    settings let through, which it records. `evaluated` is what `recheck` needs; `unknown` are calls not resolved.
    """

    hidden: int = 0
    known: int = 0
    standing: list[Candidate] = msgspec.field(default_factory=list)
    selected: list[Candidate] = msgspec.field(default_factory=list)
    project: Project | None = None
    evaluated: Evaluated | None = None
    unknown: list[tuple[str, Location]] = msgspec.field(default_factory=list)


def check(request: Request) -> Outcome:
    """Check the paths of the request. Raises `UserError` for a path or a setting that cannot be used."""
    project, settings = _asked(request)
    evaluated: list[Evaluated] = []
    analysis = analyse(project, settings, request, evaluated.append if request.keep else None)
    outcome = _outcome(analysis, project, settings, request)
    outcome.evaluated = evaluated[0] if evaluated else None
    return outcome


def _asked(request: Request) -> tuple[Project, Settings]:
    paths = absolute(request.paths, request.overlay)
    settings = request.settings or load(common_folder(paths))
    project = discover(paths, settings, force_exclude=request.force_exclude)
    return project, settings


def remembered(request: Request) -> Outcome | None:
    """The outcome of the request, if an earlier run has analysed these very files."""
    project, settings = _asked(request)
    analysis = recall(project, settings, request.overlay)
    return None if analysis is None else _outcome(analysis, project, settings, request)


def recheck(before: Outcome, path: str, request: Request) -> Outcome | None:
    """Check one file anew, whose text is in the overlay of the request, with what is known of all others.

    None when that cannot be done. See `again` for what may be missing until the next whole check.
    """
    from . import again, structure

    project, evaluated = before.project, before.evaluated
    if project is None or evaluated is None or path not in project.files:
        return None
    settings = request.settings or load(common_folder([path]))
    overlay = {Path(name): data for name, data in request.overlay.items()}
    name = relative(project.root, path)
    hits = again.look(evaluated, project.root, name, overlay)
    if hits is None:
        return None
    sources = Sources(request.overlay)
    with structure.started(project.root, project.files, [path], sources, 1) as structural:
        hits = [*structure.eager(hits, project.files, [path], sources), *structural().hits]
    return _outcome(Analysis(hits, []), project._replace(wanted=[path]), settings, request)


def _outcome(analysis: Analysis, project: Project, settings: Settings, request: Request) -> Outcome:
    sources = Sources(request.overlay)
    standing = candidates(analysis.hits, project, settings, sources)
    outcome = Outcome(
        [],
        sorted(shown_problem(problem, project.root) for problem in analysis.problems),
        calls=analysis.calls,
        unresolved=analysis.unresolved,
        files=analysis.files,
        standing=standing,
        project=project,
        unknown=analysis.unknown,
    )
    outcome.selected = _select(standing, settings, outcome)
    shown = _without_known(outcome.selected, request.known(), outcome)
    outcome.findings = word(shown, settings, sources, request.details)
    return outcome


def candidates(hits: Sequence[Hit], project: Project, settings: Settings, sources: Sources) -> list[Candidate]:
    """The hits that no comment suppresses, and the comments that suppress none, in the order of their places."""
    by_file: dict[str, list[Hit]] = {}
    for hit in hits:
        by_file.setdefault(hit.filename, []).append(hit)
    known = rules.codes()
    on = enabled(settings, known)
    found: list[Candidate] = []
    asked = project.files if project.wanted is None else project.wanted
    for path in [*asked, *sorted(by_file.keys() - set(project.files))]:
        own = sorted(by_file.get(path, ()), key=_place)
        data = sources.data(path)
        comments = suppress.comments(_code(path, sources)) if suppress.might_suppress(data, bool(own)) else []
        stays, unused = suppress.apply(own, comments, known, on)
        if own:
            texts = [excerpt(sources.lines(path), hit) for hit in own]
            marks = fingerprint.fingerprints(own, texts)
            found += [Candidate(hit, mark) for hit, mark, stay in zip(own, marks, stays, strict=True) if stay]
        found += [_about_comment(path, item, known) for item in unused]
    return sorted(found, key=lambda candidate: (candidate.hit.filename, *_place(candidate.hit)))


def excerpt(lines: Sequence[str], hit: Hit) -> str:
    """The source text of the hit's place."""
    first, last = hit.location, hit.end_location
    part = list(lines[first.row - 1 : last.row])
    if not part:
        return ""
    part[-1] = part[-1][: last.column - 1] if len(part) == last.row - first.row + 1 else part[-1]
    part[0] = part[0][first.column - 1 :]
    return "\n".join(part)


def _select(standing: Sequence[Candidate], settings: Settings, outcome: Outcome) -> list[Candidate]:
    """The candidates that the settings let through; the ones only too mild are counted."""
    on = enabled(settings, rules.codes())
    least = _RANK[settings.min_severity]
    ignored: dict[str, tuple[str, ...]] = {}
    shown = []
    for candidate in standing:
        hit = candidate.hit
        if hit.filename not in ignored:
            ignored[hit.filename] = ignored_in_file(settings, hit.filename)
        if hit.code not in on or covers(ignored[hit.filename], hit.code):
            continue
        if _RANK[hit.severity] < least:
            outcome.hidden += 1
        else:
            shown.append(candidate)
    return shown


def _without_known(shown: Sequence[Candidate], known: Mapping[str, int], outcome: Outcome) -> list[Candidate]:
    left = dict(known)
    fresh = []
    for candidate in shown:
        if left.get(candidate.fingerprint, 0):
            left[candidate.fingerprint] -= 1
            outcome.known += 1
        else:
            fresh.append(candidate)
    return fresh


def _code(path: str, sources: Sources) -> str:
    """The text to look for comments in: of a file that is not Python only the lines that are comments."""
    if not starts_servers(path):
        return sources.text(path)
    return "\n".join(line if line.lstrip().startswith("#") else "" for line in sources.lines(path))


def _about_comment(path: str, unused: suppress.Unused, known: Sequence[str]) -> Candidate:
    comment = unused.comment
    hit = Hit(
        code=suppress.UNUSED,
        severity=Severity.WARNING,
        filename=path,
        location=Location(comment.row, comment.start + 1),
        end_location=Location(comment.row, comment.start + len(comment.text.rstrip()) + 1),
        function="",
        sink="",
        chain=(),
    )
    mark = fingerprint.digest(f"{hit.code}\0{comment.text}")
    return Candidate(hit, mark, unused.message(known), unused.fix())


def _place(hit: Hit) -> tuple[Location, str, Location]:
    return (hit.location, hit.code, hit.end_location)
