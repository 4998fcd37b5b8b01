"""The `--fix` loop: check, apply what does not overlap, check again; then replace the files."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from ..model import Applicability, Finding, Fix, Problem
from . import files
from .edits import apply

# Fixes that overlap take turns; deeper nesting than this does not occur in code that people write.
ROUNDS = 12

Check = Callable[[Mapping[str, bytes]], Sequence[Finding]]


class Change(msgspec.Struct):
    """A file's content before and after, and the number of fixes between them."""

    filename: str
    before: bytes
    after: bytes
    fixes: int


class Outcome(msgspec.Struct):
    """What the loop did: the findings left, the files changed, and the files that could not be."""

    findings: list[Finding]
    changes: list[Change]
    problems: list[Problem]

    @property
    def fixes(self) -> int:
        return sum(change.fixes for change in self.changes)

    @property
    def diff(self) -> str:
        return "".join(files.unified(change.filename, change.before, change.after) for change in self.changes)


def rewrite(check: Check, *, unsafe: bool, write: bool) -> Outcome:
    """Apply the fixes of the findings that `check` gives, until there are no more.

    `check` takes new contents by filename, as the findings spell it, and gives the findings of the project with those
    contents in place of the files. Nothing is written before the end, and nothing at all without `write`. A file that
    cannot be rewritten is left as it is, with a problem that says why.
    """
    loop = _Loop(unsafe)
    findings = check({})
    for _ in range(ROUNDS):
        if not loop.advance(findings):
            break
        findings = check(loop.contents)
    changes = loop.changes()
    if write:
        changes = [
            change
            for change in changes
            if loop.accepts(files.replace(change.filename, change.before, change.after), change)
        ]
    return Outcome(list(findings), changes, sorted(loop.problems))


class _Loop:
    """The contents so far, in memory."""

    def __init__(self, unsafe: bool) -> None:
        self._unsafe = unsafe
        self._started = time.time_ns()
        self._before: dict[str, bytes] = {}
        self._count: Counter[str] = Counter()
        self._left: set[str] = set()
        self.contents: dict[str, bytes] = {}
        self.problems: list[Problem] = []

    def advance(self, findings: Iterable[Finding]) -> bool:
        """Apply one round of fixes; whether anything changed."""
        fixes: dict[str, list[Fix]] = {}
        for finding in findings:
            if finding.fix is not None and (self._unsafe or finding.fix.applicability is Applicability.SAFE):
                fixes.setdefault(finding.filename, []).append(finding.fix)
        changed = [filename for filename in sorted(fixes) if self._apply(filename, fixes[filename])]
        return bool(changed)

    def changes(self) -> list[Change]:
        """The files that changed, with imports tidied."""
        return [
            Change(name, self._before[name], files.tidy(name, self._before[name], content), self._count[name])
            for name, content in sorted(self.contents.items())
        ]

    def accepts(self, problem: str, change: Change) -> bool:
        """Note what kept a change from being written."""
        if problem:
            self.problems.append(Problem(change.filename, problem))
        return not problem

    def _apply(self, filename: str, fixes: Sequence[Fix]) -> bool:
        content = self._content(filename)
        if content is None:
            return False
        after, applied = apply(content, fixes)
        if not applied or after == content:
            return False
        if not _compiles(after):
            self._leave(filename, "the fixes would not give valid Python; left alone")
            return False
        self.contents[filename] = after
        self._count[filename] += applied
        return True

    def _content(self, filename: str) -> bytes | None:
        if filename in self._left:
            return None
        if filename not in self._before:
            try:
                self._before[filename] = files.load(filename, self._started)
            except files.LeftAloneError as reason:
                self._leave(filename, str(reason))
                return None
        return self.contents.get(filename, self._before[filename])

    def _leave(self, filename: str, reason: str) -> None:
        self._left.add(filename)
        self.problems.append(Problem(filename, reason))


def _compiles(source: bytes) -> bool:
    """Whether Python accepts the text, `await` only where it may stand included."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<fixed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
