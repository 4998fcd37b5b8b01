"""Queues: what one function puts in, another takes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.program import outside
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell
from fastasync_lint.program.values import EMPTY, Constant, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_PUTS = frozenset({"put", "put_nowait"})
_GETS = frozenset({"get", "get_nowait"})


def make(program: Program, made: Value, place: Place | None, frame: Frame) -> Value:
    """The queues that calling a class here makes, with what is put into them."""
    kept = program.variables.setdefault((frame.module.path, place), Cell(None, ""))
    return tuple([program.make(Wrapped, "queue", EMPTY, (name, kept)) for name in made])


def of_type(program: Program, name: str, held: Value) -> Value:
    """The queue that an annotation promises: `asyncio.Queue[Job]`."""
    return (program.make(Wrapped, "queue", held, (f"{name}()", None)),)


def of_both(program: Program, made: Value, declared: Value) -> Value:
    """`jobs: queue.Queue[Job] = queue.Queue(maxsize=9)`: the one that is made, of what the annotation promises."""
    if not any(item.__class__ is Wrapped and item.kind == "queue" for item in made):
        return made
    held = next((item.content for item in declared if item.__class__ is Wrapped and item.kind == "queue"), EMPTY)
    return tuple([
        program.make(Wrapped, "queue", union(held, item.content), item.extra)
        if item.__class__ is Wrapped and item.kind == "queue"
        else item
        for item in made
    ])  # fmt: skip


def attribute(program: Program, item: Wrapped, name: str, place: Place | None, frame: Frame) -> Value:
    queue, kept = item.extra
    if name in _PUTS and kept is not None:
        return (program.make(Wrapped, "queue put", EMPTY, (f"{queue}.{name}", kept)),)
    if name in _GETS:
        held = union(item.content, program.read(kept, frame) if kept is not None else EMPTY)
        return (program.make(Wrapped, "queue get", held, f"{queue}.{name}"),)
    return outside.attribute(program, queue, name, place, frame)


def put(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    name, kept = item.extra
    program.grow(kept, tuple([v for v in args.at(0, "item") or EMPTY if v.__class__ is not Constant]))
    return outside.call(program, name, args, place, frame, awaited, None)


def get(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    outside.call(program, item.extra, args, place, frame, awaited, None)
    is_coroutine = item.extra.startswith("asyncio.") and item.extra.endswith(".get")
    return (program.make(Wrapped, "awaitable", item.content),) if is_coroutine else item.content
