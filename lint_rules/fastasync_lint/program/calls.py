"""Calls: what they give, and the edges and sinks they leave in the context they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, expressions, hints, iterate, models, narrow, outside
from fastasync_lint.program.contexts import Arguments, Context, Edge, Frame, Place, Sink
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Made,
    Mapping,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_FOREIGN: Value = (FOREIGN,)
SEVERITIES = {"info": 0, "warning": 1, "error": 2}
RULE_SEVERITIES = {"FSA104": 1, "FSA112": 0}


# recording -------------------------------------------------------------------------------------------------


def record_sink(program: Program, frame: Frame, place: Place | None, sink: Sink) -> None:
    context = frame.context
    if context is None or frame.off_loop or place is None:
        return
    held = context.sinks.setdefault(place, [])
    entry = (sink, frame.memo)
    if entry not in held:
        held.append(entry)


_DESCRIPTORS = ("socket.socket", "ssl.SSLSocket", "os.read", "os.write", "os.sendfile", "os.splice")
"""Where names begin that read and write file descriptors, which may be non-blocking ones."""


def catalogue_sink(
    program: Program, frame: Frame, place: Place, name: str, rows: list[Row], args: Arguments, kind: str
) -> None:
    for row in rows:
        if row.when and not any(outside.holds(program, guard, args) for guard in row.when):
            continue
        if any(outside.holds(program, guard, args) for guard in row.unless):
            continue
        if frame.polls and name.startswith(_DESCRIPTORS):
            return
        severity = SEVERITIES[row.severity] if row.severity else RULE_SEVERITIES.get(row.rule, 2)
        record_sink(program, frame, place, (name, row.rule, severity, kind, row.twin))
        return


def record_edge(
    frame: Frame, place: Place | None, targets: tuple[Context, ...], kind: str, memo: bool, needed: int = 1
) -> None:
    context = frame.context
    if context is None or frame.off_loop or place is None or not targets:
        return
    held = context.edges.setdefault(place, [])
    memo = memo or frame.memo
    for edge in held:
        if edge.targets == targets and edge.kind == kind:
            edge.memo = edge.memo and memo
            return
    held.append(Edge(targets, kind, targets[0].node.qualname, memo, needed))


# evaluating ------------------------------------------------------------------------------------------------


def call_node(program: Program, node: ir.Call, frame: Frame, awaited: bool) -> Value:
    func = node.func
    callee = expressions.evaluate(program, func, frame)
    scheduled = frame.scheduling
    frame.scheduling = _schedules(program, callee)
    args = arguments(program, node, frame)
    frame.scheduling = scheduled
    if func.__class__ is ir.Attr and args.positional and func.name in iterate.GROWS:
        iterate.grow_collection(program, func, args, frame)
    if callee == _FOREIGN:
        return callee
    if not callee:
        if func.__class__ is ir.Attr and func.name == "join" and args.positional:
            iterate.elements(program, args.positional[0], (node.pos, node.end), frame, False)
            return EMPTY
        if frame.context is not None:
            frame.context.unresolved.add(node.pos)
        return EMPTY
    if awaited or scheduled:
        callee = _meant(program, node, callee, args, frame)
    if frame.ready and func.__class__ is ir.Attr and narrow.holds_ready(func.value, frame):
        return elsewhere(program, callee, args, frame)
    return call(program, callee, args, (node.pos, node.end), frame, awaited or scheduled, node=node)


def _schedules(program: Program, callee: Value) -> bool:
    for item in callee:
        if item.__class__ is str and item is not FOREIGN and "schedule" in program.catalogue.entry(item).rows:
            return True
    return False


def arguments(program: Program, node: ir.Call, frame: Frame) -> Arguments:
    positional: list[Value] = []
    is_open = False
    for arg in node.args:
        value = _argument(program, arg, frame)
        if arg.__class__ is not ir.Star:
            positional.append(value)
            continue
        known = value[0] if len(value) == 1 else None
        if known.__class__ is Items:
            positional.extend(known.items)
        else:
            is_open = True
            rest = iterate.elements(program, value, expressions.place(arg.value), frame, False)
            if rest:
                positional.append(rest)
    if not node.keywords:
        return Arguments(positional, None, is_open)
    keywords: dict[str, Value] = {}
    for name, item in node.keywords:
        value = _argument(program, item, frame)
        if name:
            keywords[name] = value
            continue
        known = value[0] if len(value) == 1 else None
        if known.__class__ is Mapping:
            for key, held in known.keys:
                if key.__class__ is str:
                    keywords.setdefault(key, held)
            is_open = is_open or bool(known.rest)
        else:
            is_open = True
    return Arguments(positional, keywords, is_open)


def _argument(program: Program, node: ir.Expr, frame: Frame) -> Value:
    """An argument's value. A constant counts only when it is written there, or handed on from the caller: of anything
    else it may be just the one alternative that is known."""
    kind = node.__class__
    if kind is ir.Const:
        return program.constant(node.value)  # type: ignore[union-attr]
    value = expressions.evaluate(program, node, frame)
    for item in value:
        if item.__class__ is Constant:
            break
    else:
        return value
    if kind is ir.Name and narrow.is_given(node.id, value, frame):  # type: ignore[union-attr]
        return value
    return tuple([v for v in value if v.__class__ is not Constant or v.value.__class__ is str])


def call(
    program: Program,
    callee: Value,
    args: Arguments,
    place: Place | None,
    frame: Frame,
    awaited: bool,
    *,
    memo: bool = False,
    node: ir.Call | None = None,
) -> Value:
    """Call every alternative; the value is all that they give."""
    if awaited:
        callee = _awaitable(callee)
    if len(callee) == 1:
        return _one(program, callee[0], args, place, frame, awaited, memo, node)
    out: Value = EMPTY
    for item in callee:
        out = union(out, _one(program, item, args, place, frame, awaited, memo, node))
    return out


def _meant(program: Program, node: ir.Call, callee: Value, args: Arguments, frame: Frame) -> Value:
    """What an awaited call can mean: `await func()` with a `func` that was handed over is written for coroutine
    functions, and says nothing of the plain ones that come by the same way."""
    name = node.func.name if isinstance(node.func, ir.Attr) else getattr(node.func, "id", "")
    return tuple([
        item for item in callee
        if not _was_handed(program, item, name, frame) or _gives_awaitable(program, item, args, frame)
    ])  # fmt: skip


def _was_handed(program: Program, item: Any, name: str, frame: Frame) -> bool:
    """A plain function under another name than its own, or an object that is called."""
    if item.__class__ is Instance:
        method = attributes.method(program, item, "__call__", frame)
        return bool(method) and all(_is_plain(found) for found in method)
    function = item.function if item.__class__ is Bound else item
    return _is_plain(item) and function.node.name != name


def _gives_awaitable(program: Program, item: Any, args: Arguments, frame: Frame) -> bool:
    result = call(program, (item,), args, None, frame, False)
    return any(v.__class__ is Made or (v.__class__ is Wrapped and v.kind == "awaitable") for v in result)


def _awaitable(callee: Value) -> Value:
    """What can be meant where the result is awaited: nothing that promises a plain value, and no plain function where
    there are coroutine functions."""
    if len(callee) > 1 and any(_is_async(item) for item in callee):
        return tuple([item for item in callee if _is_async(item) or not _is_plain(item)])
    return tuple([item for item in callee if not (_is_plain(item) and _promises_plain(item))])


def _promises_plain(item: Any) -> bool:
    function = item.function if item.__class__ is Bound else item
    return hints.is_plain(function.node.returns)


def _is_async(item: Any) -> bool:
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and bool(function.node.flags & ir.ASYNC)


def _is_plain(item: Any) -> bool:
    """A function of ours that gives no awaitable: not what is meant where the result is awaited."""
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and not function.node.flags & ir.ASYNC


def _one(
    program: Program, item: Any, args: Arguments, place: Place | None, frame: Frame, awaited: bool, memo: bool,
    node: ir.Call | None,
) -> Value:  # fmt: skip
    kind = item.__class__
    if kind is str:
        return outside.call(program, item, args, place, frame, awaited, node)
    if kind is FunctionValue:
        return call_function(program, item, args, place, frame, memo)
    if kind is Bound:
        with_self = Arguments([(item.receiver,), *args.positional], args.keywords, args.open)
        return _one(program, item.function, with_self, place, frame, awaited, memo, node)
    if kind is ClassScope:
        return construct(program, item, args, place, frame)
    if kind is Instance:
        return call(program, _called(program, item, frame), args, place, frame, awaited, memo=memo)
    if kind is Partial:
        merged = Arguments([*item.args, *args.positional], {**dict(item.keywords), **args.keywords}, args.open)
        return call(program, item.callee, merged, place, frame, awaited, memo=memo)
    if kind is Wrapped:
        return _wrapped(program, item, args, place, frame, awaited)
    return EMPTY


def _called(program: Program, item: Instance, frame: Frame) -> Value:
    """What calling an instance calls. An instance as `__call__` is called in turn, unless it is the same again."""
    seen, left, found = {item}, [item], EMPTY
    while left:
        for method in attributes.method(program, left.pop(), "__call__", frame):
            if method.__class__ is not Instance:
                found = union(found, (method,))
            elif method not in seen:
                seen.add(method)
                left.append(method)
    return found


def _wrapped(
    program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool
) -> Value:
    kind = item.kind
    if kind == "offloaded":
        return (program.make(Wrapped, "awaitable", elsewhere(program, item.content, args, frame)),)
    if kind == "memoised":
        return call(program, item.content, args, place, frame, awaited, memo=True)
    if kind == "entered":
        if place is not None:
            iterate.enter(program, item.extra, place, frame, False)
            iterate.leave(program, item.extra, place, frame, False)
        return call(program, item.content, args, place, frame, awaited)
    if kind == "manager function":
        made = call(program, item.content, args, None, frame, awaited)
        kinds = {"generator": "manager", "async generator": "async manager"}
        return tuple([
            program.make(Made, kinds[v.kind], v.context) if v.__class__ is Made and v.kind in kinds else v for v in made
        ])  # fmt: skip
    if kind == "method":
        if not awaited and place is not None:
            rows = program.catalogue.entry(item.extra).get("block call")
            catalogue_sink(program, frame, place, item.extra, rows, args, "call")
        return item.content
    if kind == "choice":
        return _choose(program, item, args, place, frame, awaited)
    if kind in ("callable", "static", "type"):
        return item.content
    if kind == "collection method":
        return iterate.collection_method(program, item, args, place, frame)
    if kind == "record type":
        fields = {**dict(zip(item.extra, args.positional, strict=False)), **args.keywords}
        return (program.make(Wrapped, "fields", EMPTY, tuple(fields.items())),)
    if kind == "property setter":
        return (program.make(Wrapped, "property", item.content, args.at(0) or EMPTY),)
    if kind.startswith("property "):
        return (program.make(Wrapped, "property", item.content, item.extra),)
    if kind == "decorator":
        return outside.call(program, item.extra, args, None, frame, awaited, None)
    if kind == "keeps":
        return args.at(0) or EMPTY
    if kind == "named":
        return EMPTY  # the function itself is the other alternative
    return EMPTY


def elsewhere(program: Program, callee: Value, args: Arguments, frame: Frame) -> Value:
    """Call it in a thread, a process or on import: nothing of it runs in this context."""
    before, frame.off_loop = frame.off_loop, True
    value = call(program, callee, args, None, frame, False)
    frame.off_loop = before
    return value


def call_function(
    program: Program, function: FunctionValue, args: Arguments, place: Place | None, frame: Frame, memo: bool
) -> Value:
    context = program.context(function, args)
    context.threaded = context.threaded or frame.off_loop
    flags = function.node.flags
    if flags & ir.ASYNC:
        kind = "async generator" if flags & ir.GENERATOR else "coroutine"
        return (program.make(Made, kind, context),)
    if flags & ir.GENERATOR:
        return (program.make(Made, "generator", context),)
    record_edge(frame, place, (context,), "call", memo)
    return program.result(context, frame.task)


def _choose(
    program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool
) -> Value:
    """A call that any of several overrides may answer: half of them must block for it to."""
    options, abstract = item.extra
    contexts: list[Context] = []
    out: Value = EMPTY
    for option in options:
        for callee in option:
            if callee.__class__ is Bound and callee.function.__class__ is FunctionValue:
                function = callee.function
                if not function.node.flags & (ir.ASYNC | ir.GENERATOR):
                    if function.node.flags & ir.ABSTRACT and abstract:
                        continue
                    full = Arguments([(callee.receiver,), *args.positional], args.keywords, args.open)
                    context = program.context(function, full)
                    if context not in contexts:
                        contexts.append(context)
                    out = union(out, program.result(context, frame.task))
                    continue
            out = union(out, call(program, (callee,), args, place, frame, awaited))
    if contexts and not awaited:
        needed = 1 if len(contexts) == 1 else (len(contexts) + 1) // 2
        record_edge(frame, place, tuple(contexts), "call", False, needed)
    return out


def construct(program: Program, cls: ClassScope, args: Arguments, place: Place | None, frame: Frame) -> Value:
    """An instance: runs __new__, __init__ and __post_init__; without them, arguments become the fields."""
    made = cls.of(True)
    found = False
    for name in ("__new__", "__init__", "__post_init__"):
        value, owner = attributes.class_binding(program, cls, name, frame)
        if owner is None:
            continue
        found = found or name != "__post_init__"
        receiver: Any = cls if name == "__new__" else made
        bound = tuple([program.make(Bound, f, receiver) for f in value if f.__class__ is FunctionValue])
        rest = Arguments([]) if name == "__post_init__" else args
        call(program, bound, rest, place, frame, False)
    for function in models.validators(program, cls):
        # what a validator does at length mostly hangs on data that this caller does not give: one severity lower
        record_edge(frame, place, (program.plain(function),), "call", True)
    if not found:
        _fill_fields(program, cls, args)
        for base in cls.outside_bases():
            outside.call(program, base, args, place, frame, False, None)
    return (made,)


def _fill_fields(program: Program, cls: ClassScope, args: Arguments) -> None:
    fields = [
        name for scope in reversed(cls.mro) for name, bindings in scope.bindings.items()
        if isinstance(bindings[0][0], ir.AnnAssign)
    ]  # fmt: skip
    given = dict(zip(fields, args.positional, strict=False)) | args.keywords
    for name, value in given.items():
        kept = tuple([v for v in value if v.__class__ is not Constant and (v.__class__ is not str or program.known(v))])
        if kept and name in fields:
            program.grow(cls.attribute(name), kept)


# operators and decorators ------------------------------------------------------------------------------------


def operator(program: Program, left: Value, dunder: str, right: Value, place: Place, frame: Frame) -> Value:
    out: Value = EMPTY
    for item in left:
        if item.__class__ is Instance:
            method = attributes.method(program, item, dunder, frame)
            out = union(out, call(program, method, Arguments([right]), place, frame, False))
        elif item.__class__ is str:
            value = program.catalogue.value("returns", f"{item}.{dunder}")
            if value:
                out = union(out, (value,))
    return out


def subscript_effect(program: Program, node: ir.Sub, frame: Frame, dunder: str, value: Value) -> None:
    """`x[key] = v` and `del x[key]` on a project object or a known outside one."""
    index = expressions.evaluate(program, node.index, frame)
    for item in expressions.evaluate(program, node.value, frame):
        if item.__class__ is Instance:
            method = attributes.method(program, item, dunder, frame)
            call(program, method, Arguments([index, value]), (node.pos, node.end), frame, False)
        elif item.__class__ is str:
            rows = program.catalogue.entry(f"{item}.{dunder}").get("block call")
            if rows:
                name = f"{item}.{dunder}"
                catalogue_sink(program, frame, (node.pos, node.end), name, rows, Arguments([index]), "call")


def decorate(program: Program, node: ir.Expr, value: Value, frame: Frame, raw: FunctionValue | None) -> Value:
    """The value under one decorator. What is not known keeps the function."""
    before, frame.off_loop = frame.off_loop, True
    decorators = expressions.evaluate(program, node, frame)
    out: Value = EMPTY
    for item in decorators:
        kind = item.__class__
        if kind is str:
            if raw is not None:
                outside.registers(program, item, node, raw, frame)
            if outside.decorates(program, item) or outside.makes_task(program, item):
                out = union(out, outside.call(program, item, Arguments([value]), None, frame, False, None))
        elif kind is ClassScope and raw is not None and _calls_async(program, item, frame):
            out = union(out, construct(program, item, Arguments([value]), None, frame))
        elif kind is Made or _enters(item):
            out = union(out, (program.make(Wrapped, "entered", value, (item,)),))
        elif kind is Instance or kind is Wrapped or kind is Partial or kind is Bound or kind is FunctionValue:
            out = union(out, call(program, (item,), Arguments([value]), None, frame, False))
    frame.off_loop = before
    useful = tuple([v for v in out if v.__class__ not in (Constant, str)])
    tasks = tuple([v for v in out if v.__class__ is str and program.known(v)])
    return union(useful or value, tuple([program.make(Wrapped, "named", EMPTY, task) for task in tasks]))


def _enters(item: Any) -> bool:
    """An object that a decorated function runs inside of."""
    return item.__class__ is Instance and "contextlib.ContextDecorator" in item.cls.outside_bases()


def _calls_async(program: Program, cls: ClassScope, frame: Frame) -> bool:
    """Whether instances of a decorator class give awaitables: then they, not the function, are what is called."""
    value, owner = attributes.class_binding(program, cls, "__call__", frame)
    return owner is not None and any(v.__class__ is FunctionValue and v.node.flags & ir.ASYNC for v in value)


def dropped(program: Program, node: ir.ExprStmt, value: Value, frame: Frame) -> None:
    """An expression statement: a task or coroutine that nobody keeps."""
    context = frame.context
    if context is None or not isinstance(node.value, ir.Call):
        return
    for item in value:
        if item.__class__ is Made and item.kind == "coroutine" and len(value) == 1:
            callee = expressions.evaluate(program, node.value.func, frame)
            if all(_is_async(function) or not _is_plain(function) for function in callee):
                data = {"callee": item.context.node.qualname}
                context.events.append(("FSA204", (node.pos, node.end), data))
        elif item.__class__ is Wrapped and item.kind == "awaitable" and item.extra == "task":
            callee = expressions.evaluate(program, node.value.func, frame)
            if not any(function.__class__ in (FunctionValue, Bound) for function in callee):  # they may keep it
                data = {"callee": _task_of(program, node.value, frame)}
                context.events.append(("FSA203", (node.pos, node.end), data))


def _task_of(program: Program, node: ir.Call, frame: Frame) -> str:
    """The coroutine function that a call makes a task of; "" if that is not known."""
    made = expressions.evaluate(program, node.args[0], frame) if node.args else EMPTY
    names = [item.context.node.qualname for item in made if item.__class__ is Made]
    return names[0] if names else ""
