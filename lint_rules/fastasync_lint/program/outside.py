"""Calls of things from outside the project: what the catalogue says of them happens here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fastasync_lint.catalogue import Guard, Row
from fastasync_lint.facts import ir
from fastasync_lint.program import calls, expressions, intrinsics, iterate, record
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Constant,
    FunctionValue,
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

LONGEST = 160
_DECORATING = ("offload", "memoise", "intrinsic", "depends")


def holds(program: Program, guard: Guard, args: Arguments) -> bool:
    """Whether a guard's condition on an argument is met; see docs/catalogue.md."""
    value = args.at(guard.index, guard.arg)
    if guard.given is not None:
        return (value is not None) is guard.given
    if value is None:
        return False
    if guard.is_ is not msgspec.UNSET:
        wanted = guard.is_
        return any(
            v.__class__ is Constant and v.value == wanted and (v.value is None) is (wanted is None)
            and (v.value.__class__ is bool) is (wanted.__class__ is bool)
            for v in value
        )  # fmt: skip
    if guard.positive:
        return any(v.__class__ is Constant and v.value.__class__ in (int, float) and v.value > 0 for v in value)
    if guard.most is not None:
        return any(
            v.__class__ is Constant and v.value.__class__ in (int, float) and v.value <= guard.most for v in value
        )
    if guard.type:
        return any(_is_type(program, v, guard.type) for v in value)
    if guard.starts:
        first = [v for item in value for v in (item.items[0] if item.__class__ is Items and item.items else (item,))]
        return any(v.__class__ is Constant and str(v.value).startswith(guard.starts) for v in first)
    return False


def _is_type(program: Program, item: Any, wanted: str) -> bool:
    if item.__class__ is not str:
        return False
    if item == wanted:
        return True
    cls, mark, rest = item.partition("()")
    return bool(mark) and not rest and program.catalogue.is_a(cls, wanted.removesuffix("()"))


def call(
    program: Program, name: str, args: Arguments, place: Place | None, frame: Frame, awaited: bool,
    node: ir.Call | None,
) -> Value:  # fmt: skip
    if name is FOREIGN:
        return (FOREIGN,)
    entry = program.catalogue.entry(name)
    rows = entry.rows
    if not rows:
        return _value(program, name, args)
    if "intrinsic" in rows:
        found = intrinsics.run(program, rows["intrinsic"][0].result, args, place, frame, node)
        if found is not None:
            return found
    if "block call" in rows and place is not None and not awaited:
        record.catalogue_sink(program, frame, place, name, rows["block call"], args, "call")
    if "settle" in rows and node is not None:
        _settle(program, name, rows["settle"][0], node, frame, awaited)
    if "returns_when" in rows:
        for row in rows["returns_when"]:
            if any(holds(program, guard, args) for guard in row.when):
                return (row.value,) if row.value else EMPTY
    if "loop_callback" in rows:
        for row in rows["loop_callback"]:
            _on_loop(program, row, args, frame, place)
    if "run_here" in rows:
        return _run_here(program, _fitting(rows["run_here"], args), name, args, place, frame)
    if "consume" in rows:
        return _consume(program, rows["consume"][0], name, args, place, frame)
    if "schedule" in rows:
        return _schedule(program, name, args, frame)
    if "offload" in rows:
        return _offload(program, _fitting(rows["offload"], args), name, args, frame)
    if "memoise" in rows:
        content = args.at(0) or EMPTY
        if any(_callable(v) for v in content):
            return (program.make(Wrapped, "memoised", content),)
        return (program.make(Wrapped, "decorator", EMPTY, name),)
    if "depends" in rows:
        row = rows["depends"][0]
        return (program.make(Wrapped, "depends", args.at(row.callable, "dependency") or EMPTY),)
    return _value(program, name, args)


def _settle(program: Program, name: str, row: Row, node: ir.Call, frame: Frame, awaited: bool) -> None:
    """After `process.communicate()`, or `await wrap_future(future)`, nothing of it waits any more, here."""
    target: ir.Expr | None = None
    if row.on == "argument":
        target = node.args[0] if awaited and node.args else None
    elif node.func.__class__ is ir.Attr:
        target = node.func.value
    path = expressions.path(target) if target is not None else ""
    if target is not None and path:
        receiver = name.rpartition(".")[0]
        held = expressions.evaluate(program, target, frame)
        over = [item.__class__ is str and (row.on == "argument" or item == receiver) for item in held]
        left = tuple([FOREIGN if done else item for item, done in zip(held, over, strict=True)])
        (frame.env if target.__class__ is ir.Name else frame.paths)[path] = left


def _value(program: Program, name: str, args: Arguments) -> Value:
    value = program.catalogue.value("returns", name)
    if value is None:
        return (program.outside(f"{name}()"),) if len(name) < LONGEST else EMPTY
    if value.startswith("same"):
        return args.at(0) or EMPTY
    return (value,) if value else EMPTY


def _callable(item: Any) -> bool:
    return item.__class__ in (FunctionValue, Bound, Partial, Wrapped, ClassScope)


# callables handed over -----------------------------------------------------------------------------------------


def _fitting(rows: list[Row], args: Arguments) -> Row:
    """The row whose callable is among the arguments."""
    return next((row for row in rows if args.at(row.callable)), rows[0])


def _handed(row: Row, args: Arguments) -> tuple[Value, Arguments]:
    """The callable among the arguments, and what is passed on to it."""
    index = row.callable
    if isinstance(index, str):
        callee = args.at(index) or EMPTY
        rest = args.at("args")
        known = rest[0] if rest and len(rest) == 1 else None
        items = list(known.items) if known.__class__ is Items else []
        return callee, Arguments(items, None, not items)
    callee = args.at(index) or EMPTY
    return callee, Arguments(args.positional[index + 1 :], args.keywords, args.open)


def _offload(program: Program, row: Row, name: str, args: Arguments, frame: Frame) -> Value:
    callee, rest = _handed(row, args)
    if row.result == "callable":
        if callee:
            return (program.make(Wrapped, "offloaded", callee),)
        return (program.make(Wrapped, "decorator", EMPTY, name),)
    result = calls.elsewhere(program, callee, rest, frame)
    if row.result == "none":
        return _value(program, name, args)
    if row.result == "value":
        return result
    kind = "future" if row.result == "future" else "awaitable"
    return (program.make(Wrapped, kind, result),)


def _on_loop(program: Program, row: Row, args: Arguments, frame: Frame, place: Place | None) -> None:
    callee, rest = _handed(row, args)
    if row.given:
        rest = Arguments([(known,) for known in row.given])
    for item in (*callee, *iterate.plain_elements(program, callee)):
        if item.__class__ is str and place is not None:
            rows = program.catalogue.entry(item).get("block call")
            record.catalogue_sink(program, frame, place, item, rows, rest, "call")
        made = _contexts(program, item, rest, frame)
        for context in made:
            if not context.node.flags & ir.ASYNC:
                context.root = "callback"
            context.startup = context.startup or row.startup
            context.tasked = context.tasked or not row.startup
            if row.state:
                _keep_state(program, context, row.state, frame)


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


def _contexts(program: Program, item: Any, args: Arguments, frame: Frame) -> list[Any]:
    """The contexts that calling a value would make."""
    kind = item.__class__
    if kind is FunctionValue:
        if item.owner is not None and not args.positional:
            return [program.plain(item)]
        return [program.context(item, args)]
    if kind is Bound and item.function.__class__ is FunctionValue:
        return [
            program.context(item.function, Arguments([(item.receiver,), *args.positional], args.keywords, args.open))
        ]
    if kind is Partial:
        merged = Arguments([*item.args, *args.positional], {**dict(item.keywords), **args.keywords}, args.open)
        return [c for callee in item.callee for c in _contexts(program, callee, merged, frame)]
    if kind is Wrapped and item.kind in ("memoised", "manager function"):
        return [c for inner in item.content for c in _contexts(program, inner, args, frame)]
    return []


def _run_here(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    callee, rest = _handed(row, args)
    if row.result in ("iterator", "chosen") and not isinstance(row.callable, str):
        return _run_lazily(program, callee, rest, row, place, frame)
    result = calls.call(program, callee, rest, place, frame, False)
    if row.many and isinstance(row.callable, int):
        for other in args.positional[row.callable + 1 :]:
            result = union(result, calls.call(program, other, Arguments([]), place, frame, False))
    if row.result == "value":
        return result
    return _value(program, name, args)


def _run_lazily(program: Program, callee: Value, rest: Arguments, row: Row, place: Place | None, frame: Frame) -> Value:
    """`map(f, xs)`, `filter(f, xs)`: the calls and the iteration happen when the result is iterated."""

    def run() -> Value:
        given = Arguments([iterate.elements(program, value, place, frame, False) for value in rest.positional])
        result = calls.call(program, callee, given, place, frame, False)
        return result if row.result == "iterator" else given.at(0) or EMPTY

    return iterate.lazily(program, (place, row.names), frame, run)


def _consume(program: Program, row: Row, name: str, args: Arguments, place: Place | None, frame: Frame) -> Value:
    index = row.argument
    value = args.at(index) or EMPTY
    others = args.positional[index + 1 :] if row.many and isinstance(index, int) else []
    element = iterate.elements(program, value, place, frame, False)
    for other in others:
        element = union(element, iterate.elements(program, other, place, frame, False))
    key = args.keywords.get("key")
    if key:
        calls.call(program, key, Arguments([element]), place, frame, False)
    if row.result == "same":
        return (program.make(Many, element),)
    if row.result == "numbered":
        return (program.make(Many, (program.make(Items, (EMPTY, element)),)),)
    if row.result == "together":
        parts = tuple([iterate.plain_elements(program, part) for part in args.positional])
        return (program.make(Many, (program.make(Items, parts),)),) if any(parts) else EMPTY
    if row.result == "element":
        return union(element, args.at(1) or EMPTY) if name.endswith("next") else element
    return EMPTY


def _schedule(program: Program, name: str, args: Arguments, frame: Frame) -> Value:
    """Awaitables given to the loop: awaiting the result gives theirs."""
    results: list[Value] = []
    extra = "task" if name.rpartition(".")[2] in ("create_task", "ensure_future") else None
    for value in args.positional:
        collected: Value = EMPTY
        for item in value:
            inner = item.element if item.__class__ in (Many, Lazy) else (item,)
            collected = union(collected, expressions.awaited_value(program, inner, frame))
            for made in inner if extra else ():
                if made.__class__ is Made:
                    made.context.tasked = True
        results.append(collected)
    single = len(results) == 1 or extra or not name.endswith("gather")
    if not results:
        return _value(program, name, args)
    content: Value = results[0] if single else (program.make(Items, tuple(results)),)
    if name.endswith("gather") and args.open:
        content = (program.make(Many, results[0]),)
    return (program.make(Wrapped, "awaitable", content, extra),)


# decorators ------------------------------------------------------------------------------------------------------


def decorates(program: Program, name: str) -> bool:
    """Whether the catalogue says that this changes what a decorated function is."""
    rows = program.catalogue.entry(name).rows
    return any(table in rows for table in _DECORATING)


def makes_task(program: Program, name: str) -> bool:
    """Whether a decorator's value has methods of its own (`@app.task` and then `.delay()`)."""
    value = program.catalogue.value("returns", name)
    return (bool(value) and program.known(value)) or "returns_when" in program.catalogue.entry(name).rows  # type: ignore[arg-type]


def registers(program: Program, name: str, node: ir.Expr, raw: FunctionValue, frame: Frame) -> None:
    """`@app.get("/")`, `@app.on_event("startup")`: the framework will call the function."""
    rows = program.catalogue.entry(name).rows
    if "loop_callback" in rows:
        for row in rows["loop_callback"]:
            _on_loop(program, row, Arguments([(raw,)]), frame, None)
    if "route" in rows:
        context = program.plain(raw)
        text, holder = _route(program, node, rows["route"][0], frame)
        program.add_route(context, text, holder)


def _route(program: Program, node: ir.Expr, row: Row, frame: Frame) -> tuple[str, str]:
    """`GET /users` of a decorator, and the name of the router it hangs on."""
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attr):
        return "", ""
    func: Any = node.func
    value = EMPTY
    if node.args:
        value = expressions.evaluate(program, node.args[0], frame)
    path = next((v.value for v in value if v.__class__ is Constant and v.value.__class__ is str), "")
    verb = func.name.upper() if func.name.islower() else func.name
    return f"{verb} {path}", expressions.path(func.value)


def result_of_provider(program: Program, provider: Value, frame: Frame) -> Value:
    """What a dependency gives: its return, its yield, or the instance of a class."""
    before, frame.off_loop = frame.off_loop, True
    out: Value = EMPTY
    for item in provider:
        for made in calls.call(program, (item,), Arguments([]), None, frame, False):
            if made.__class__ is Made and made.kind != "coroutine":
                program.demand(made.context)
                made.context.readers[frame.task] = None
                out = union(out, made.context.yields)
            elif made.__class__ is Made:
                out = union(out, program.result(made.context, frame.task))
            elif made.__class__ is Wrapped and made.kind == "awaitable":
                out = union(out, made.content)
            else:
                out = union(out, (made,))
    frame.off_loop = before
    return out
