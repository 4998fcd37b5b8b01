"""FSA202: what blocks is called where an offloader expects a function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from ..model import Hit
from ..sources import Sources

# Where each takes its callable.
_TAKERS = {"to_thread": 0, "run_in_threadpool": 0, "run_sync": 0, "run_in_executor": 1}


def eager(found: Sequence[Hit], asked: Collection[str], sources: Sources) -> Iterator[Hit]:
    """The analysis's hits, those on an argument that is called too early as FSA202."""
    for hit in found:
        taker = _taker(hit, sources.lines(hit.filename)) if hit.filename in asked and hit.kind == "call" else ""
        if taker:
            yield msgspec.structs.replace(hit, code="FSA202", data={**hit.data, "offloader": taker})
        else:
            yield hit


def _taker(hit: Hit, lines: Sequence[str]) -> str:
    """The offloader whose function the hit's call stands for, "" if there is none."""
    if hit.location.row > len(lines):
        return ""
    before = lines[hit.location.row - 1][: hit.location.column - 1].rstrip()
    # A call that was wrapped has the offloader on the line above.
    if not before and hit.location.row > 1:
        before = lines[hit.location.row - 2].rstrip()
    for name, index in _TAKERS.items():
        head, found, arguments = before.rpartition(f"{name}(")
        if found and arguments.count(",") == index and not set(arguments) & set("()[]{}"):
            return (head.split()[-1] if head and not head[-1].isspace() else "") + name
    return ""
