"""What an awaited call can mean, and what awaiting gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, beside, calls, expressions, hints, owned
from fastasync_lint.program.contexts import Arguments, Frame
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Made,
    Many,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


SERVES = frozenset({
    "consume", "idle", "listen", "run", "run_async", "run_forever", "run_polling", "run_until_disconnected", "serve",
    "serve_forever", "start", "start_polling", "wait_closed", "wait_for_termination",
})  # fmt: skip
"""Coroutine functions of libraries with such a name make tasks of their own."""

_AWAITABLE = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
"""Classes from outside whose objects can be awaited."""


def may_serve(func: ir.Expr, frame: Frame) -> bool:
    """Whether a method has such a name. What the function closes itself, as a stream, does not go on."""
    if not isinstance(func, ir.Attr) or func.name not in SERVES:
        return False
    if func.name != "wait_closed" or frame.context is None:
        return True
    closing = f"{expressions.path(func.value)}.close"
    calls_made = (node for node in walk.nodes(frame.context.node.body) if isinstance(node, ir.Call))
    return not any(expressions.path(made.func) == closing for made in calls_made)


def note_service(callee: Value, frame: Frame) -> None:
    """`await server.serve()`: the loop has more to do than this, unless the function is ours and tells by itself."""
    if all(item.__class__ is str for item in callee):
        beside.start(frame)


def meant(program: Program, node: ir.Call, callee: Value, args: Arguments, frame: Frame) -> Value:
    """What an awaited call can mean: `await func()` with a `func` that was handed over is written for coroutine
    functions, and says nothing of the plain ones that come by the same way."""
    name = _name(node)
    return tuple([
        item for item in callee
        if not _was_handed(program, item, name, frame) or _gives_awaitable(program, item, args, frame)
    ])  # fmt: skip


def _was_handed(program: Program, item: Any, name: str, frame: Frame) -> bool:
    """A plain function under another name than its own, or an object that is called."""
    if item.__class__ is Instance:
        method = attributes.method(program, item, "__call__", frame)
        return bool(method) and all(is_plain(found) for found in method)
    function = item.function if item.__class__ is Bound else item
    return is_plain(item) and function.node.name != name


def _gives_awaitable(program: Program, item: Any, args: Arguments, frame: Frame) -> bool:
    result = calls.call(program, (item,), args, None, frame, False)
    return any(v.__class__ is Made or (v.__class__ is Wrapped and v.kind == "awaitable") for v in result)


def awaitable(callee: Value) -> Value:
    """What can be meant where the result is awaited: nothing that promises a plain value, and no plain function where
    there are coroutine functions."""
    if len(callee) > 1 and any(is_async(item) for item in callee):
        return tuple([item for item in callee if is_async(item) or not is_plain(item)])
    return tuple([item for item in callee if not (is_plain(item) and _promises_plain(item))])


def is_mistaken(program: Program, node: ir.Call | None, item: Any) -> bool:
    """`await time.sleep(1)`: a function of a library's module by its own name, which can only be meant by mistake."""
    if node is None or item.__class__ is not str or "(" in item:
        return False
    module, _, name = item.rpartition(".")
    return (
        _name(node) == name
        and module.rpartition(".")[2].islower()
        and module not in program.catalogue.types
        and "block call" in program.catalogue.entry(item).rows
    )


def _name(node: ir.Call) -> str:
    return node.func.name if isinstance(node.func, ir.Attr) else getattr(node.func, "id", "")


def _promises_plain(item: Any) -> bool:
    function = item.function if item.__class__ is Bound else item
    return hints.is_plain(function.node.returns)


def promises_object(program: Program, function: FunctionValue) -> bool:
    """Whether a plain function is annotated with a class of ours that cannot be awaited."""
    if function.node.flags & ir.ASYNC or function.node.returns is None:
        return False
    typed = hints.typed(program, function.node.returns, program.definition_frame(function))
    promised = [item for item in typed if item.__class__ is not Constant]
    return bool(promised) and all(
        item.__class__ is Instance
        and not item.cls.unknown_base
        and not any("__await__" in cls.bindings for cls in item.cls.mro)
        and not any(base.rpartition(".")[2] in _AWAITABLE for base in item.cls.outside_bases())
        for item in promised
    )


def is_async(item: Any) -> bool:
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and bool(function.node.flags & ir.ASYNC)


def gives_coroutine(program: Program, item: Any) -> bool:
    """Whether nothing speaks against it: no plain version that may be meant, no decorator that is not known."""
    if item.__class__ is Wrapped and item.kind == "choice":
        return all(gives_coroutine(program, version) for option in item.extra[0] for version in option)
    function = item.function if item.__class__ is Bound else item
    if function.__class__ is not FunctionValue:
        return True
    frame = program.definition_frame(function)
    if function.owner is not None and not _keep_methods(program, function.owner.node.decorators, frame):
        return False
    return bool(function.node.flags & ir.ASYNC) and all(
        any(found is not FOREIGN for found in expressions.evaluate(program, decorator, frame))
        for decorator in function.node.decorators
    )


def _keep_methods(program: Program, decorators: list[ir.Expr], frame: Frame) -> bool:
    """Whether the decorators of a class are known ones, of libraries: others may make its coroutine functions plain."""
    named = [node.func if isinstance(node, ir.Call) else node for node in decorators]
    return all(
        any(item.__class__ is str and item is not FOREIGN for item in expressions.evaluate(program, node, frame))
        for node in named
    )


def is_plain(item: Any) -> bool:
    """A function of ours that gives no awaitable: not what is meant where the result is awaited."""
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and not function.node.flags & ir.ASYNC


def awaited_value(program: Program, value: Value, frame: Frame) -> Value:
    out: Value = EMPTY
    for item in value:
        kind = item.__class__
        if kind is Made:
            if item.kind == "coroutine":
                beside.awaited(frame, item.context)
                out = union(out, program.result(item.context, frame.task))
        elif kind is Wrapped and item.kind in ("awaitable", "future", "manager"):
            out = union(out, item.content)
        elif kind is Instance:
            if owned.is_model(program, item.cls):
                out = union(out, (item,))  # what `await session.get(User, 1)` gives
                continue
            method = attributes.method(program, item, "__await__", frame)
            out = union(out, calls.call(program, method, Arguments([]), None, frame, True) if method else EMPTY)
        elif kind is str or kind is Items or kind is Many or (kind is Wrapped and item.kind == "owned"):
            out = union(out, (item,))
    return out
