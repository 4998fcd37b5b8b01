"""Hits made by hand: the call that blocks stands between « and » in the source."""

from __future__ import annotations

from textwrap import dedent
from typing import Any, NamedTuple

from fastasync_lint import fixes
from fastasync_lint.model import Fix, Hit, Location, Severity, Step
from fastasync_lint.settings import Settings


class Marked(NamedTuple):
    """A source without its marks, and the extents that were marked."""

    source: str
    extents: list[tuple[Location, Location]]


def unmark(text: str) -> Marked:
    row = column = 1
    kept: list[str] = []
    open_marks: list[Location] = []
    extents: list[tuple[Location, Location]] = []
    for character in text:
        if character == "«":
            open_marks.append(Location(row, column))
        elif character == "»":
            extents.append((open_marks.pop(), Location(row, column)))
        else:
            kept.append(character)
            row, column = (row + 1, 1) if character == "\n" else (row, column + 1)
    assert not open_marks
    return Marked("".join(kept), sorted(extents))


def make_hit(extent: tuple[Location, Location], *, depth: int = 1, call: str = "call", **fields: Any) -> Hit:
    start, end = extent
    step = Step("app.py", start.row, start.column, "handler", call)
    fields = {"code": "FSA102", "sink": "requests.get", "severity": Severity.ERROR, **fields}
    return Hit(filename="app.py", location=start, end_location=end, function="handler", chain=(step,) * depth, **fields)


def suggestions(
    text: str, style: Any = "to-thread", **fields: Any
) -> tuple[str, list[tuple[tuple[str, ...], Fix | None]]]:
    """The unmarked source, and the help and fix of each marked call."""
    marked = unmark(dedent(text))
    settings = Settings(fix_style=style)
    hits = [make_hit(extent, **fields) for extent in marked.extents]
    return marked.source, [fixes.suggest(hit, marked.source, settings) for hit in hits]


def fixed(text: str, style: str = "to-thread", **fields: Any) -> tuple[str, set[str]]:
    """The source after the fixes of all marked calls, and their labels."""
    source, suggested = suggestions(text, style, **fields)
    found = [fix for _, fix in suggested if fix is not None]
    after, _ = fixes.apply(source.encode(), found)
    return after.decode(), {str(fix.applicability) for fix in found}


SLEEP = {"code": "FSA101", "sink": "time.sleep", "twin": "asyncio.sleep"}
OPEN = {"code": "FSA104", "sink": "open", "twin": "anyio.open_file", "severity": Severity.WARNING}
