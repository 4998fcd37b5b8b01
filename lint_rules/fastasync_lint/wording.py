"""Findings in words: the message, the help and the fix of what is shown.

Help and fixes cost most (LibCST parses the call), so there are as many as the output needs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

import msgspec

from . import rules
from .model import Candidate, Finding, Fix, Hit, Problem
from .settings import Settings
from .sources import Sources

Details = Literal["none", "first", "all"]


def word(shown: Sequence[Candidate], settings: Settings, sources: Sources, details: Details) -> list[Finding]:
    """The candidates as findings, with names relative to the current folder."""
    shorten = Shortener()
    explained: set[tuple[str, ...]] = set()
    findings = []
    for candidate in shown:
        hit, fix = candidate.hit, candidate.fix
        texts: tuple[str, ...] = ()
        group = cause(hit)
        if fix is None and (details == "all" or (details == "first" and group not in explained)):
            explained.add(group)
            texts, fix = _suggest(hit, sources.text(hit.filename), settings, details)
        findings.append(_finding(candidate, texts, fix, shorten))
    return findings


def cause(hit: Hit | Finding) -> tuple[str, ...]:
    """What stands behind a finding: rule, sink and last helper; a direct call is a cause in each function."""
    if len(hit.chain) < 2:
        return (hit.code, hit.sink, hit.filename, hit.function)
    last = hit.chain[-1]
    return (hit.code, hit.sink, last.filename, last.function)


class Shortener:
    """Absolute paths to what is printed: relative to the current folder when below it, with POSIX separators."""

    def __init__(self) -> None:
        self._below = os.getcwd().rstrip(os.sep) + os.sep
        self._known: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        if path not in self._known:
            self._known[path] = path.removeprefix(self._below).replace(os.sep, "/")
        return self._known[path]


def _suggest(hit: Hit, source: str, settings: Settings, details: Details) -> tuple[tuple[str, ...], Fix | None]:
    from . import fixes

    if hit.code == "FSA202":  # where the function blocks further down is of no concern to the call that hands it over
        hit = msgspec.structs.replace(hit, chain=hit.chain[:1])
    return fixes.suggest(hit, source, settings) if details == "all" else (fixes.advise(hit, source, settings), None)


def _finding(candidate: Candidate, texts: tuple[str, ...], fix: Fix | None, shorten: Shortener) -> Finding:
    hit = candidate.hit
    rule = rules.rule(hit.code)
    return Finding(
        code=hit.code,
        name=rule.name,
        message=candidate.message or rule.message(hit),
        severity=hit.severity,
        filename=shorten(hit.filename),
        location=hit.location,
        end_location=hit.end_location,
        function=hit.function,
        routes=hit.routes,
        sink=hit.sink,
        chain=tuple(msgspec.structs.replace(step, filename=shorten(step.filename)) for step in hit.chain),
        help=texts,
        fix=fix,
        fingerprint=candidate.fingerprint,
        url=rule.url,
    )


def shown_problem(problem: Problem, root: str) -> Problem:
    return Problem(Shortener()(os.path.join(root, problem.filename)), problem.message)
