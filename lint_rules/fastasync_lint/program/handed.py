"""What becomes of callables, collections and awaitables that are handed to a call outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, awaiting, beside, calls, iterate, operators, outside, record, signals
from fastasync_lint.program.binding import bind_nothing
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Lazy,
    Made,
    Many,
    Mapping,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def fitting(rows: list[Row], args: Arguments) -> Row:
    """The row whose callable is among the arguments."""
    return next((row for row in rows if args.at(row.callable)), rows[0])


def _handed(program: Program, row: Row, args: Arguments, frame: Frame) -> tuple[Value, Arguments]:
    """The callable among the arguments, or the method of the object there, and what is passed on to it."""
    index = row.callable
    callee = args.at(index) or EMPTY
    if row.methods:
        return _first_of(program, callee, row.methods, frame), Arguments([], None, True)
    if row.given and not row.spares:
        return callee, Arguments([(known,) for known in row.given])
    if isinstance(index, str):
        rest = args.at("args")
        known = rest[0] if rest and len(rest) == 1 else None
        items = list(known.items) if known.__class__ is Items else []
        return callee, Arguments(items, None, not items)
    return callee, Arguments(args.positional[index + 1 :], args.keywords, args.open)


def offload(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    callee, rest = _handed(program, row, args, frame)
    if row.result == "callable":
        if callee:
            return (program.make(Wrapped, "offloaded", callee),)
        return (program.make(Wrapped, "decorator", EMPTY, name),)
    if row.spares:
        result = _giving_way(program, row, callee, rest, place, frame)
    else:
        result = calls.elsewhere(program, callee, rest, frame)
    if row.result == "none":
        return outside.result(program, name, args)
    if row.result == "value":
        return result
    kind = "future" if row.result == "future" else "awaitable"
    return (program.make(Wrapped, kind, result),)


def _giving_way(program: Program, row: Row, callee: Value, rest: Arguments, place: Place | None, frame: Frame) -> Value:
    """It runs here, in a greenlet: the loop goes on while it waits for what `spares` names, and for nothing else."""
    out: Value = EMPTY
    args = Arguments([*[(known,) for known in row.given], *rest.positional], rest.keywords, rest.open)
    for item in callee:
        made = [context for context in _contexts(program, item, args, frame) if not context.node.flags & _LATER]
        for context in made:
            record.edge(frame, place, (context,), "call", False, spared=row.spares)
            out = union(out, program.result(context, frame.task))
        if not made:
            out = union(out, calls.elsewhere(program, (item,), args, frame))
    return out


_NOT_BESIDE = ("ending", "other")
"""What runs a callable on the loop, and gives the one that calls it nothing more to do."""
_LATER = ir.ASYNC | ir.GENERATOR
_CALLERS = ("asyncio.", "anyio.", "trio.", "tornado.")
"""Loops, which call what they are given with what was given along: defaults hold."""


def on_loop(
    program: Program, row: Row, args: Arguments, frame: Frame, place: Place | None, node: ir.Call | None = None
) -> None:
    callee, rest = _handed(program, row, args, frame)
    if row.result == "run":
        return _on_own_loop(program, callee, rest, frame, place is None)
    if not row.methods and (row.result == "serves" or (callee and row.result not in _NOT_BESIDE)):
        beside.start(frame, place, beside.of_group(row, node, frame))
    if row.result == "":
        signals.note_later(program, row, place, frame, node)
    for item in (*callee, *iterate.plain_elements(program, callee)):
        if place is not None:
            _of_library(program, item, rest, place, frame)
        made = _contexts(program, item, rest, frame, place is None or not row.names[0].startswith(_CALLERS))
        for context in made:
            if row.result == "coroutine" and not context.node.flags & ir.ASYNC:
                continue  # it is called in a thread
            if not context.node.flags & ir.ASYNC:
                context.root = "callback"
            context.startup = context.startup or row.startup
            context.tasked = context.tasked or not row.startup
            if row.state:
                _keep_state(program, context, row.state, frame)
    return None


def _first_of(program: Program, objects: Value, names: tuple[str, ...], frame: Frame) -> Value:
    """Of each object of ours, or of one that is made of a class, the first of some methods that its class has."""
    out: Value = EMPTY
    for item in objects:
        item = item.of(True) if item.__class__ is ClassScope else item
        scopes = item.cls.mro if item.__class__ is Instance else ()
        name = next((name for name in names if any(name in scope.bindings for scope in scopes)), None)
        out = union(out, EMPTY if name is None else attributes.of_instance(program, item, name, None, frame))
    return out


def _on_own_loop(program: Program, callee: Value, rest: Arguments, frame: Frame, is_registered: bool) -> None:
    """`anyio.run(main)`, a command: a loop runs it and nothing else. Plain functions may give a coroutine."""
    for item in callee:
        for context in _contexts(program, item, rest, frame, is_registered):
            given = () if context.node.flags & ir.ASYNC else program.result(context, frame.task)
            made = [item.context for item in given if item.__class__ is Made and item.kind == "coroutine"]
            for coroutine in [context] if context.node.flags & ir.ASYNC else made:
                beside.awaited(frame, coroutine)
                beside.ran(frame, coroutine)


def _of_library(program: Program, item: Any, rest: Arguments, place: Place, frame: Frame) -> None:
    """`loop.call_soon(time.sleep, 1)`, and the same as a `partial`."""
    if item.__class__ is Partial:
        merged = Arguments([*item.args, *rest.positional], {**dict(item.keywords), **rest.keywords}, rest.open)
        for inner in item.callee:
            _of_library(program, inner, merged, place, frame)
    elif item.__class__ is str:
        rows = program.catalogue.entry(item).get("block call")
        record.catalogue_sink(program, frame, place, item, rows, rest, "call")


def _keep_state(program: Program, lifespan: Any, holders: tuple[str, ...], frame: Frame) -> None:
    """What a lifespan yields are attributes of these objects in every request."""
    program.demand(lifespan)
    lifespan.readers[frame.task] = None
    for state in lifespan.yields:
        for name, value in state.keys if state.__class__ is Mapping else ():
            kept = tuple([v for v in value if v.__class__ is not Constant])
            if kept and name.__class__ is str:
                for known in holders:
                    program.grow(program.outside_attributes.setdefault((known, name), Cell(None, name)), kept)


def _contexts(program: Program, item: Any, args: Arguments, frame: Frame, is_registered: bool = False) -> list[Any]:
    """The contexts that calling a value would make. What is registered is called with what a client sends: defaults
    of its parameters decide nothing."""
    kind = item.__class__
    if kind is FunctionValue:
        if not args.positional and (item.owner is not None or is_registered):
            return [program.plain(item)]
        if item.owner is not None and is_registered:  # `@on("message") def on_message(self, message)` in a class
            args = Arguments([*bind_nothing(item).positional, *args.positional], args.keywords, args.open)
        return [program.context(item, args)]
    if kind is Bound and item.function.__class__ is FunctionValue:
        is_open = args.open or (is_registered and not args.positional)
        return [program.context(item.function, Arguments([(item.receiver,), *args.positional], args.keywords, is_open))]
    if kind is Partial:
        merged = Arguments([*item.args, *args.positional], {**dict(item.keywords), **args.keywords}, args.open)
        return [c for callee in item.callee for c in _contexts(program, callee, merged, frame)]
    if kind is Wrapped and item.kind in ("memoised", "manager function"):
        return [c for inner in item.content for c in _contexts(program, inner, args, frame)]
    return []


def run_here(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    callee, rest = _handed(program, row, args, frame)
    if row.result in ("iterator", "chosen") and not isinstance(row.callable, str):
        return _run_lazily(program, callee, rest, row, place, frame)
    result = calls.call(program, callee, rest, place, frame, False)
    if row.many and isinstance(row.callable, int):
        for other in args.positional[row.callable + 1 :]:
            result = union(result, calls.call(program, other, Arguments([]), place, frame, False))
    if row.result == "value":
        return result
    return outside.result(program, name, args)


def _run_lazily(program: Program, callee: Value, rest: Arguments, row: Row, place: Place | None, frame: Frame) -> Value:
    """`map(f, xs)`, `filter(f, xs)`: the calls and the iteration happen when the result is iterated."""

    def run() -> Value:
        given = Arguments([iterate.elements(program, value, place, frame, False) for value in rest.positional])
        result = calls.call(program, callee, given, place, frame, False)
        return result if row.result == "iterator" else given.at(0) or EMPTY

    return iterate.lazily(program, (place, row.names), frame, run)


def consume(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    """What goes through a collection: now, or where its own elements are asked for."""
    if name not in _LAZY and not name.startswith("itertools."):
        return _consumed(program, row, name, args, place, frame)
    return iterate.lazily(
        program,
        (place, name),
        frame,
        lambda: iterate.plain_elements(program, _consumed(program, row, name, args, place, frame)),
    )


_LAZY = frozenset({"builtins.enumerate", "builtins.zip"})
_LARGEST = ("builtins.min", "builtins.max")
_COMPARING = frozenset({
    "builtins.sorted", "heapq.heapify", "heapq.heappop", "heapq.heapreplace", "heapq.heappushpop", "heapq.nlargest",
    "heapq.nsmallest", *_LARGEST,
})  # fmt: skip


def _consumed(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    index = row.argument
    value = args.at(index) or EMPTY
    others = args.positional[index + 1 :] if row.many and isinstance(index, int) else []
    if name in _LARGEST and len(args.positional) > 1:
        value, others = (program.make(Many, value),), [(program.make(Many, v),) for v in args.positional[1:]]
    element = iterate.elements(program, value, place, frame, False)
    for other in others:
        element = union(element, iterate.elements(program, other, place, frame, False))
    key = args.at(row.key, "key")
    if key:
        calls.call(program, key, Arguments([element]), place, frame, False)
    elif place is not None and name in _COMPARING:
        operators.operator(program, element, "__lt__", element, place, frame)
    if row.result == "same":
        return (program.make(Many, element),)
    if row.result == "numbered":
        return (program.make(Many, (program.make(Items, (EMPTY, element)),)),)
    if row.result == "together":
        parts = tuple([iterate.plain_elements(program, part) for part in args.positional])
        return (program.make(Many, (program.make(Items, parts),)),) if any(parts) else EMPTY
    if row.result == "flat":
        return (program.make(Many, iterate.elements(program, element, place, frame, False)),)
    if row.result in ("groups", "named groups"):
        group: Value = (program.make(Many, element),)
        return (program.make(Many, group if row.result == "groups" else (program.make(Items, (EMPTY, group)),)),)
    if row.result == "element":
        return union(element, args.at(1) or EMPTY) if name.endswith("next") else element
    return EMPTY


def schedule(
    program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame, awaited: bool,
    node: ir.Call | None,
) -> Value:  # fmt: skip
    """Awaitables given to the loop: awaiting the result gives theirs."""
    results: list[Value] = []
    extra = row.result if row.result in ("task", "held") else None
    if row.result not in ("one", "run"):
        is_group = row.result not in ("", "sets")
        over = beside.of_group(row, node, frame) if is_group else beside.of_all(row, node, args, frame, awaited)
        beside.start(frame, place, over)
    for value in args.positional:
        collected: Value = EMPTY
        for item in value:
            inner = item.element if item.__class__ in (Many, Lazy) else (item,)
            collected = union(collected, awaiting.awaited_value(program, inner, frame))
            for made in inner if extra or row.result == "run" else ():
                if made.__class__ is Made:
                    made.context.tasked = made.context.tasked or bool(extra)
                    if not extra:
                        beside.ran(frame, made.context)
        results.append(collected)
    single = len(results) == 1 or extra or not name.endswith("gather")
    if not results:
        return outside.result(program, name, args)
    content: Value = results[0] if single else (program.make(Items, tuple(results)),)
    if name.endswith("gather") and args.open:
        content = (program.make(Many, results[0]),)
    if row.result == "run":
        return content
    if row.result in ("each", "sets"):
        tasks = (program.make(Many, (program.make(Wrapped, "awaitable", content, "task"),)),)
        if row.result == "each":
            return tasks
        content, extra = (program.make(Items, (tasks, tasks)),), None
    return (program.make(Wrapped, "awaitable", content, extra),)
