"""Calls: what they give, and the edges and sinks they leave in the context they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    attributes,
    awaiting,
    checks,
    expressions,
    iterate,
    models,
    narrow,
    outside,
    owned,
    record,
)
from fastasync_lint.program.contexts import Arguments, Context, Frame, Place, accepts
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
        callee = awaiting.meant(program, node, callee, args, frame)
    if frame.ready and func.__class__ is ir.Attr and checks.holds_ready(func.value, frame):
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
        callee = awaiting.awaitable(callee)
    if len(callee) == 1:
        awaited = awaited and not awaiting.is_mistaken(program, node, callee[0])
        return _one(program, callee[0], args, place, frame, awaited, memo, node)
    out: Value = EMPTY
    for item in callee:
        out = union(out, _one(program, item, args, place, frame, awaited, memo, node))
    return out


def _one(
    program: Program, item: Any, args: Arguments, place: Place | None, frame: Frame, awaited: bool, memo: bool,
    node: ir.Call | None,
) -> Value:  # fmt: skip
    kind = item.__class__
    if kind is str:
        return outside.call(program, item, args, place, frame, awaited, node)
    if kind is FunctionValue:
        if node is not None and node.keywords and not accepts(item, args):
            return EMPTY  # it raises, or is not what is called here
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
    if kind == "owned":
        given = outside.call(program, item.extra, args, place, frame, awaited, None)
        marked = owned.mark(program, item.content, given)
        return (program.make(Wrapped, "awaitable", marked),) if awaited else marked
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
            record.catalogue_sink(program, frame, place, item.extra, rows, args, "call")
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
    record.edge(frame, place, (context,), "call", memo)
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
                    context.threaded = context.threaded or frame.off_loop
                    if context not in contexts:
                        contexts.append(context)
                    out = union(out, program.result(context, frame.task))
                    continue
            out = union(out, call(program, (callee,), args, place, frame, awaited))
    if contexts and not awaited:
        needed = 1 if len(contexts) == 1 else (len(contexts) + 1) // 2
        record.edge(frame, place, tuple(contexts), "call", False, needed)
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
        record.edge(frame, place, (program.plain(function),), "call", True)
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
