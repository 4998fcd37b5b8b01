"""Edits applied to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import Edit, Fix, Location
from .text import Document

BOM = "\ufeff"


def apply(source: bytes, fixes: Sequence[Fix]) -> tuple[bytes, int]:
    """The UTF-8 text after the fixes, and how many of them were applied.

    They are taken in order; one that overlaps an earlier one waits for the next round. An edit that several fixes
    share, an import for instance, is made once. The byte order mark and the line ends are kept.
    """
    text = source.decode()
    mark = BOM if text.startswith(BOM) else ""
    text, applied = apply_text(text.removeprefix(BOM), fixes)
    return (mark + text).encode(), applied


def apply_text(text: str, fixes: Sequence[Fix]) -> tuple[str, int]:
    """`apply` for text without a byte order mark."""
    document = Document(text)
    chosen: dict[Edit, None] = {}
    applied = 0
    for fix in fixes:
        new = [edit for edit in fix.edits if edit not in chosen]
        if not any(_overlap(edit, other) for edit in new for other in chosen):
            chosen.update(dict.fromkeys(new))
            applied += 1
    return _replaced(document, chosen), applied


def _replaced(document: Document, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=_extent):
        start = document.offset(edit.location)
        content = edit.content.replace("\r\n", "\n").replace("\r", "\n").replace("\n", document.newline)
        parts += [document.text[position:start], content]
        position = document.offset(edit.end_location)
    return "".join([*parts, document.text[position:]])


def _extent(edit: Edit) -> tuple[Location, Location, str]:
    return edit.location, edit.end_location, edit.content


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether the edits touch the same text. Insertions at one place go side by side."""
    if one.location == one.end_location and other.location == other.end_location:
        return False
    if one.location == other.location:
        return True
    first, second = sorted((one, other), key=_extent)
    return second.location < first.end_location
