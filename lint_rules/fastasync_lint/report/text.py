"""The report for people: findings by cause, the source line with the chain drawn under it, and one line that sums up.

A helper that blocks is shown once, with every coroutine and route that reaches it: on large projects a few helpers
stand behind most findings.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..model import Finding, Severity
from ..pipeline import Outcome
from ..rules._wording import plain
from ..sources import Sources
from .causes import by_cause, gravest, headline, routes

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WIDTH = 160
_MORE = 12


def render(outcome: Outcome, sources: Sources, *, colour: bool = False) -> str:
    """All causes, the gravest and most frequent first."""
    paint = _Paint(colour)
    return "".join("\n".join(_group(group, sources, paint)) + "\n\n" for group in by_cause(outcome.findings))


class _Paint:
    """Colours text, or leaves it alone."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._on and text else text


def _group(group: Sequence[Finding], sources: Sources, paint: _Paint) -> list[str]:
    first = group[0]
    severity = gravest(group)
    style = _COLOURS[severity]
    title = f"{severity}[{first.code}] {first.name}"
    lines = [f"{paint(title, f'1;{style}')}: {paint(headline(group), '1')}"]
    lines += _excerpt(first, sources, paint, style)
    if len(group) > 1:
        lines.append(f"   {paint('=', '36')} also:")
        lines += [f"       {_place(finding, first)}" for finding in group[1 : _MORE + 1]]
        if len(group) > _MORE + 1:
            lines.append(f"       and {len(group) - _MORE - 1} more; --output-format concise lists all")
    for text in first.help:
        head, *rest = text.splitlines() or [""]
        lines.append(f"   {paint('=', '36')} {paint('help', '1')}: {head}")
        lines += [f"           {line}" for line in rest]
    return lines


def _excerpt(finding: Finding, sources: Sources, paint: _Paint, style: str) -> list[str]:
    row, column = finding.location.row, finding.location.column
    lines = sources.lines(os.path.abspath(finding.filename))
    gutter = " " * len(str(row))
    bar = f"{gutter} {paint('|', '36')}"
    place = f"{finding.filename}:{row}:{column}"
    heading = f"{gutter}{paint('-->', '36')} {paint(place, '1')}{_context(finding)}"
    if row > len(lines):
        return [heading, *_chain(finding, f"{gutter} ")]
    line = lines[row - 1]
    end = finding.end_location.column if finding.end_location.row == row else len(line) + 1
    # Tabs stay tabs, so that the marks stand under the text whatever the terminal's tab width.
    indent = "".join(char if char == "\t" else " " for char in line[: column - 1])
    marks = paint("^" * max(1, min(end - column, _WIDTH)), style)
    return [
        heading,
        bar,
        f"{paint(str(row), '36')} {paint('|', '36')} {line[:_WIDTH]}",
        f"{bar} {indent}{marks}",
        *_chain(finding, f"{bar} {indent}"),
        bar,
    ]


def _chain(finding: Finding, margin: str) -> list[str]:
    """One line for each call after the first, each a step further in."""
    drawn = []
    for depth, step in enumerate(finding.chain[1:]):
        drawn.append(f"{margin}{'   ' * depth}└─ {step.function} calls {plain(step.call)}  {step.filename}:{step.row}")
    return drawn


def _context(finding: Finding) -> str:
    if not finding.function:
        return ""
    reached = f" ({routes(finding.routes)})" if finding.routes else ""
    return f" in {finding.function}{reached}"


def _place(finding: Finding, first: Finding) -> str:
    """Where else the cause is reached from, and how, where that differs."""
    text = f"{finding.filename}:{finding.location.row}:{finding.location.column}{_context(finding)}"
    inner = finding.chain[:-1]
    calls = [plain(step.call) for step in inner]
    if len(finding.chain) > 1 and calls != [plain(step.call) for step in first.chain[:-1]]:
        text += f" by {' -> '.join(calls)}"
    return text
