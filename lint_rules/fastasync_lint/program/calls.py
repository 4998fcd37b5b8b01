"""Calls: what they give, and the edges and sinks they leave in the context they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    attributes,
    awaiting,
    checks,
    construct,
    defaults,
    expressions,
    fixed,
    instances,
    iterate,
    narrow,
    operators,
    outside,
    overrides,
    record,
    subscripts,
    unions,
    unpacked,
    wrapped,
)
from fastasync_lint.program.binding import accepts
from fastasync_lint.program.contexts import Arguments, Frame, Place
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
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_FOREIGN: Value = (FOREIGN,)


def call_node(program: Program, node: ir.Call, frame: Frame, awaited: bool) -> Value:
    func = node.func
    callee = expressions.evaluate(program, func, frame)
    frame.at = node.pos
    scheduled = frame.scheduling
    frame.scheduling = _schedules(program, callee)
    args = arguments(program, node, frame)
    frame.scheduling = scheduled
    if func.__class__ is ir.Attr and args.positional and func.name in subscripts.GROWS:
        subscripts.grow(program, func, args, frame)
    given = EMPTY
    if func.__class__ is ir.Attr and func.name == "setdefault":
        given = subscripts.set_default(program, func, args, frame)
    if awaited and awaiting.may_serve(func, frame):
        awaiting.note_service(callee, frame)
    if callee == _FOREIGN:
        return callee
    if not callee:
        if operators.is_format(func):
            operators.format_all(program, [*args.positional, *args.keywords.values()], (node.pos, node.end), frame)
            return EMPTY
        if func.__class__ is ir.Attr and func.name in iterate.TAKES_MANY and args.positional:
            iterate.elements(program, args.positional[0], (node.pos, node.end), frame, False)
            return EMPTY
        if func.__class__ is ir.Attr and func.name == "sort":
            return iterate.sort(program, EMPTY, args, (node.pos, node.end), frame)
        if frame.context is not None and not given:
            frame.context.unresolved |= {node.pos}
        return given
    if awaited or scheduled:
        callee = awaiting.meant(program, node, callee, args, frame)
    if frame.ready and func.__class__ is ir.Attr and checks.holds_ready(func.value, frame):
        return elsewhere(program, callee, args, frame)
    return call(program, callee, args, (node.pos, node.end), frame, awaited or scheduled, node=node)


def runs_tasks(program: Program, node: Any, frame: Frame) -> bool:
    """`done = gather(...)` and then `await done`: what it runs goes on beside what stands between the two."""
    return _schedules(program, expressions.evaluate(program, node.func, frame))


def _schedules(program: Program, callee: Value) -> bool:
    for item in callee:
        if item.__class__ is str and item is not FOREIGN and "schedule" in program.catalogue.entry(item).rows:
            return True
    return False


def arguments(program: Program, node: ir.Call, frame: Frame) -> Arguments:
    positional: list[Value] = []
    written: list[int | str] = []
    exact: list[tuple[int | str, Value]] = []
    firsts: dict[int | str, str] = {}
    is_open = is_moved = False
    for index, arg in enumerate(node.args):
        value = argument(program, arg, frame)
        if arg.__class__ is not ir.Star:
            positional.append(value)
            sure = instances.exact(program, arg, value, frame)
            if sure:
                exact.append((index - len(node.args), sure))
            if arg.__class__ is ir.Const and _is_mode(arg.value):
                written.append(index - len(node.args))
            elif arg.__class__ is ir.Seq:
                _note_first(firsts, index, arg)
            continue
        is_moved = True
        known = value[0] if len(value) == 1 else None
        if known.__class__ is Items:
            positional.extend(known.items)
        else:
            is_open = True
            place = expressions.place(arg.value) or (node.pos, node.end)
            rest = iterate.elements(program, value, place, frame, False)
            if rest:
                positional.append(rest)
    if is_moved:
        written.clear()
        exact.clear()
    if not node.keywords:
        return Arguments(positional, None, is_open, tuple(written), tuple(exact), firsts)
    keywords: dict[str, Value] = {}
    for name, item in node.keywords:
        value = argument(program, item, frame)
        if name:
            keywords[name] = value
            sure = instances.exact(program, item, value, frame)
            if sure:
                exact.append((name, sure))
            if item.__class__ is ir.Const and _is_mode(item.value):
                written.append(name)
            elif item.__class__ is ir.Seq:
                _note_first(firsts, name, item)
            continue
        given, has_more = unpacked.keywords(program, item, value, frame)
        is_open = is_open or has_more
        for key, held in given.items():
            keywords.setdefault(key, held)
    return Arguments(positional, keywords, is_open, tuple(written), tuple(exact), firsts)


def _note_first(firsts: dict[int | str, str], key: int | str, arg: ir.Seq) -> None:
    first = arg.items[0] if arg.items else None
    if isinstance(first, ir.Const) and isinstance(first.value, str):
        firsts[key] = first.value.rpartition("/")[2]


def _is_mode(value: Any) -> bool:
    """Whether a text may choose a way: a name, no message or path."""
    return value.__class__ is str and len(value) <= _LONGEST_MODE and value.isidentifier()


_LONGEST_MODE = 24


def argument(program: Program, node: ir.Expr, frame: Frame) -> Value:
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
    if kind is ir.Name and (
        narrow.is_given(node.id, value, frame) or fixed.holds_literal(program, node.id, value, frame)  # type: ignore[union-attr]
    ):
        return value
    if kind is ir.Not or kind is ir.Compare:
        return value  # an answer is a constant only where it is certain
    if kind is ir.Attr and fixed.attribute_holds_literal(program, node, value, frame):  # type: ignore[arg-type]
        return value
    if kind is ir.Name and fixed.is_parameter(node.id, frame):  # type: ignore[union-attr]
        return tuple([v for v in value if v.__class__ is not Constant])  # set on one way; on another it is what it was
    return defaults.marked(
        program, tuple([v for v in value if v.__class__ is not Constant or v.value.__class__ is str])
    )


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
    before, frame.unsure = frame.unsure, not awaited and unions.is_open(program, node, callee, frame)
    versions = () if awaited or memo else overrides.merged(callee)
    if versions:
        is_all = not any(map(overrides.is_lazy, callee))
        out = overrides.call_versions(program, versions, args, place, frame, is_all)
    for item in callee:
        if item not in versions:
            out = union(out, _one(program, item, args, place, frame, awaited, memo, node))
    frame.unsure = before
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
        if awaited and awaiting.promises_object(program, item):
            place = None  # something gives what it returns later, as a decorator that is not known
        return call_function(program, item, args, place, frame, memo)
    if kind is Bound:
        with_self = Arguments([(item.receiver,), *args.positional], args.keywords, args.open, args.written, args.exact)
        return _one(program, item.function, with_self, place, frame, awaited, memo, node)
    if kind is ClassScope:
        return construct.instance(program, item, args, place, frame)
    if kind is Instance:
        return call(program, _called(program, item, frame), args, place, frame, awaited, memo=memo)
    if kind is Partial:
        keywords = {**dict(item.keywords), **args.keywords}
        merged = Arguments([*item.args, *args.positional], keywords, args.open, args.written, args.exact)
        return call(program, item.callee, merged, place, frame, awaited, memo=memo)
    if kind is Wrapped:
        return wrapped.call(program, item, args, place, frame, awaited)
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
