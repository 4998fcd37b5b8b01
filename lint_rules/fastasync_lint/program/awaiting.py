"""What an awaited call can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, calls, hints
from fastasync_lint.program.contexts import Arguments, Frame
from fastasync_lint.program.values import Bound, FunctionValue, Instance, Made, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


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


def is_async(item: Any) -> bool:
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and bool(function.node.flags & ir.ASYNC)


def is_plain(item: Any) -> bool:
    """A function of ours that gives no awaitable: not what is meant where the result is awaited."""
    function = item.function if item.__class__ is Bound else item
    return function.__class__ is FunctionValue and not function.node.flags & ir.ASYNC
