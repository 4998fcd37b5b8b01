"""What gives a loop more to do than the function under evaluation, from where on in the function, and how long."""

from __future__ import annotations

import sys
from typing import Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir, walk
from fastasync_lint.program.contexts import Arguments, Context, Frame, Place, Span
from fastasync_lint.program.values import Constant

FOREVER = sys.maxsize
"""The end of what is not known to end before the function does."""


def start(frame: Frame, place: Place | None = None, over: Span | None = None) -> None:
    """Something runs beside from here on, or in one part of the function only."""
    if frame.context is not None:
        frame.context.starts |= {over or (frame.at if place is None else place[0], FOREVER)}


def awaited(frame: Frame, context: Context) -> None:
    """The function under evaluation goes on when this coroutine has ended."""
    if frame.context is not None:
        frame.context.awaits.setdefault(context, set()).add(frame.at)


def resumed(frame: Frame, context: Context) -> None:
    """A context manager goes on at the end of its block, when all that the block has started may run."""
    if frame.context is not None:
        latest = max((first for first, _ in frame.context.starts), default=frame.at)
        frame.context.awaits.setdefault(context, set()).add(max(latest, frame.at))


def ran(frame: Frame, context: Context) -> None:
    """A loop of its own runs this coroutine."""
    context.runners |= {frame.context}


def of_group(row: Row, node: ir.Call | None, frame: Frame) -> Span | None:
    """The block whose end waits for what its group of tasks was given; None if that is elsewhere."""
    if row.result != "held" or node is None or not isinstance(node.func, ir.Attr):
        return None
    holder = node.func.value
    block = frame.groups.get(holder.id) if isinstance(holder, ir.Name) else None
    return None if block is None else extent(block)


def of_all(row: Row, node: ir.Call | None, args: Arguments, frame: Frame, is_awaited: bool) -> Span | None:
    """An awaited `gather` ends when all have, unless one raises and somebody goes on after that; an awaited `wait`,
    unless it is told not to wait for all."""
    if node is None or not is_awaited or frame.scheduling:
        return None
    collects = any(v.__class__ is Constant and v.value is True for v in args.keywords.get("return_exceptions", ()))
    if args.keywords if row.result == "sets" else frame.guarded and not collects:
        return None
    if frame.context is not None:
        frame.context.waits |= {node.pos}
    return (node.pos, node.end)


def extent(part: Any) -> Span:
    """From the first to the last place of a part of a function."""
    places = [node.pos for node in walk.nodes(part) if hasattr(node, "pos")]
    return (min(places, default=0), max(places, default=0))
