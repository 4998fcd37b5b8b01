"""The calls whose target is not known, one line each: what the findings cannot speak of."""

from __future__ import annotations

from ..pipeline import Outcome
from ..sources import Sources
from ..wording import Shortener

WIDTH = 60
"""Characters of a call that are shown: enough to recognise it."""


def render(outcome: Outcome, sources: Sources) -> str:
    """`path:row:column: not resolved: call`, in the order of their places."""
    shorten = Shortener()
    lines = []
    for path, place in outcome.unknown:
        text = sources.lines(path)[place.row - 1][place.column - 1 :].rstrip()
        text = text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
        lines.append(f"{shorten(path)}:{place.row}:{place.column}: not resolved: {text}\n")
    return "".join(lines)
