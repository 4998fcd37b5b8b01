"""A table of causes, for the summary of a CI job or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding
from ..pipeline import Outcome
from .causes import by_cause, gravest, headline, routes, summary

ROWS = 50
"""Causes listed; CI services cut long summaries."""


def render(outcome: Outcome) -> str:
    lines = ["### fastasync lint", "", summary(outcome), ""]
    groups = by_cause(outcome.findings)
    if groups:
        lines += ["| severity | rule | cause | first place | findings |", "| --- | --- | --- | --- | ---: |"]
        lines += [_row(group) for group in groups[:ROWS]]
    if len(groups) > ROWS:
        lines += ["", f"and {len(groups) - ROWS} more causes."]
    if outcome.problems:
        lines += ["", "Not analysed:", ""]
        lines += [f"- `{problem.filename}`: {_cell(problem.message)}" for problem in outcome.problems]
    return "\n".join(lines).rstrip() + "\n"


def _row(group: Sequence[Finding]) -> str:
    first = group[0]
    place = f"`{first.filename}:{first.location.row}`"
    reached = f" ({routes(first.routes)})" if first.routes else ""
    cells = [gravest(group), f"{first.code} {first.name}", headline(group), place + reached, str(len(group))]
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
