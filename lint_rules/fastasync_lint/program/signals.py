"""Threads that say that they have started: `thread.start(); ready.wait()`, and the thread does nothing long first; and
threads that are told to end: `stop.set(); thread.join()`, `running.clear(); thread.join()`, and the thread waits for
nothing but that."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir, walk
from fastasync_lint.program import expressions, locks
from fastasync_lint.program.contexts import Context, Frame, Place, reached
from fastasync_lint.program.index import Index

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

STARTED, JOINED, SET, WAITED, ASKED = "thread started", "thread joined", "event set", "event waited for", "event asked"
CLEARED = "event cleared"
_OF_THREADS = (STARTED, JOINED)
_RUNS = "FSA201"
"""The rule of what runs a loop, which in a thread is as it should be."""


def note(program: Program, kind: str, place: Place | None, frame: Frame, node: ir.Call | None) -> None:
    """Keep that a thread or an event is asked for this, and by which name."""
    if frame.context is not None and place is not None and node is not None and isinstance(node.func, ir.Attr):
        event = None if kind in _OF_THREADS else _identity(program, node.func.value, frame)
        if event is not None or kind in _OF_THREADS:
            frame.context.signals.append((kind, event, place))


def note_later(program: Program, row: Row, place: Place | None, frame: Frame, node: ir.Call | None) -> None:
    """`loop.call_soon(ready.set)`: the loop sets it as soon as it runs, and where it is asked for that counts."""
    given = node.args[row.callable : row.callable + 1] if node is not None and isinstance(row.callable, int) else []
    for part in given:
        if frame.context is None or place is None or not isinstance(part, ir.Attr):
            continue
        for item in expressions.evaluate(program, part, frame):
            rows = program.catalogue.entry(item).get("intrinsic") if item.__class__ is str else ()
            event = _identity(program, part.value, frame) if any(known.result == SET for known in rows) else None
            if event is not None:
                frame.context.signals.append((SET, event, place))


def _identity(program: Program, node: ir.Expr, frame: Frame) -> Any:
    """Which event is meant: a name of this function or of one around it, of a module, an attribute of a class."""
    if isinstance(node, ir.Name):
        if frame.context is not None and node.id in frame.env:
            is_given = any(param.name == node.id for param in frame.context.node.params)
            return None if is_given else (frame.context.node, node.id)
        closure = frame.closure
        while closure is not None:
            if node.id in closure.node.captured:
                return (closure.node, node.id)
            closure = closure.function.closure
    return locks.identity(program, node, frame)


def soften(index: Index) -> None:
    """Make a warning of waiting for an event that nobody sets but a thread, as the first thing that takes any time, and
    of waiting for a thread that has just been told to end and looks at once."""
    setters: dict[Any, list[tuple[Context, Place]]] = {}
    for context, event, place in _of(index.signalling, SET):
        setters.setdefault(event, []).append((context, place))
    for context, event, place in _of(index.signalling, WAITED):
        starts = [at for kind, _, at in context.signals if kind == STARTED and at < place]
        if starts and event in setters and all(_is_prompt(one, at, index) for one, at in setters[event]):
            _make_milder(context, place)
    threads: dict[Context, set[Context]] | None = None
    for context, _, place in _of(index.signalling, JOINED):
        said = [signal for signal in context.signals if signal[0] in (SET, CLEARED) and signal[2] < place]
        told = {event: kind for kind, event, _ in sorted(said, key=operator.itemgetter(2))}
        if told and threads is None:
            roots = [one for held in index.by_path.values() for one in held if one.threaded]
            threads = {root: reached([root]) for root in roots}
        if any(_ends_at_once(event, kind, index, threads or {}) for event, kind in told.items()):
            _make_milder(context, place)


def _make_milder(context: Context, place: Place) -> None:
    held = context.sinks.get(place, [])
    held[:] = [((*sink[:2], min(sink[2], 1), *sink[3:]), once, branch) for sink, once, branch in held]


def _ends_at_once(event: Any, told: str, index: Index, threads: dict[Context, set[Context]]) -> bool:
    """Whether some threads look for what an event was told, set or cleared, and none of those waits long for anything
    else: a coroutine function is one's, too, where a loop in the thread runs it."""
    waits = {(context, place) for context, other, place in _of(index.signalling, WAITED) if other == event}
    if told == CLEARED:
        waits = set()  # one that waits goes on to wait
    asks = {
        context
        for context, other, place in _of(index.signalling, ASKED)
        if other == event and _ends_when(context.node, place, told)
    }
    listening = asks | {context for context, _ in waits}
    found: set[Context] = set()
    for within in threads.values():
        own = {one for one in listening if one in within or not within.isdisjoint(one.runners)}
        if own:
            found |= within | reached(own)
    return bool(found) and not any(
        sink[2] == 2 and sink[1] != _RUNS and (one, at) not in waits
        for one in found for at, held in one.sinks.items() for sink, *_ in held
    )  # fmt: skip


def _ends_when(function: ir.Function, place: Place, told: str) -> bool:
    """Whether a function that asks for an event there goes on to its end when that is set, or cleared: `while not
    stop.is_set():`, `if not running.is_set(): return`. Where no condition tells, an event is there to be set."""
    for part in walk.nodes(function.body):
        if part.__class__ is ir.If or part.__class__ is ir.While:
            denied = _is_denied(part.test, place)
            if denied is not None:
                return (denied is (part.__class__ is ir.While)) is (told == SET)
    return told == SET


def _is_denied(test: ir.Expr, place: Place) -> bool | None:
    """Whether a condition has the call at a place below `not`; None if it does not have it."""
    if isinstance(test, ir.Not):
        denied = _is_denied(test.value, place)
        return None if denied is None else not denied
    if isinstance(test, ir.BoolOp):
        return next((found for item in test.items if (found := _is_denied(item, place)) is not None), None)
    return False if isinstance(test, ir.Call) and (test.pos, test.end) == place else None


def _of(contexts: Iterable[Context], wanted: str) -> Iterator[tuple[Context, Any, Place]]:
    return ((context, event, place) for context in contexts for kind, event, place in context.signals if kind == wanted)


def _is_prompt(context: Context, place: Place, index: Index) -> bool:
    """Whether a function runs in a thread, and comes to a place without anything that blocks on the way."""
    node = context.node
    if node.flags & ir.ASYNC or not any(other.threaded for other in index.by_function.get(node, ())):
        return False
    if any(sink[2] == 2 for at, held in context.sinks.items() if at < place for sink, *_ in held):
        return False
    before = {target for at, edges in context.edges.items() if at < place for edge in edges for target in edge.targets}
    return not any(sink[2] == 2 for one in reached(before) for held in one.sinks.values() for sink, *_ in held)
