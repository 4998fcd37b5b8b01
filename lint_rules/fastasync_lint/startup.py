"""Functions that run only while the application starts or stops, when no request waits for the loop."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from fastasync_lint.facts import ir
from fastasync_lint.program.binding import is_static
from fastasync_lint.program.contexts import Context
from fastasync_lint.program.index import Index
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import FunctionValue, Made, Wrapped


def functions(index: Index, routed: Container[ir.Function], hidden: Container[ir.Function]) -> set[ir.Function]:
    """Lifespans and start-up handlers, and the coroutine functions that only those await.

    One that is also made a task of lives on, one that is decorated may be registered somewhere: not by the language.
    """
    left = list(index.starting)
    found = set(left)
    while left:
        for node in index.awaited(left.pop()):
            callers = index.awaiting.get(node)
            if node in found or callers is None or not callers <= found:
                continue
            if not any(may_be_called_by_others(context, routed, hidden) for context in index.by_function[node]):
                found.add(node)
                left.append(node)
    return found


def may_be_called_by_others(
    context: Context, routed: Container[ir.Function], hidden: Container[ir.Function],
    apart: Container[ir.Function] = (),
) -> bool:  # fmt: skip
    """Whether something that is not seen may await the coroutine function, or the loop runs it by itself.

    `hidden`: decorated ones that are known not to be registered for that. `apart`: what no base class from outside
    would call, as a module or a decorator gives it to a loop of its own.
    """
    node = context.node
    decorated = bool(node.decorators) and node not in hidden
    is_own = _is_own(context.function.owner) or node in apart or _has_no_self(context.function)
    return context.tasked or decorated or node in routed or not is_own


def hidden(contexts: Sequence[Context]) -> set[ir.Function]:
    """The decorated functions of which their decorators give others at most a wrapper that keeps the coroutine."""
    wrappers: dict[object, list[Context]] = {}
    found = [context for context in contexts if context.hidden is not None]
    for value in [item for context in found for item in context.hidden or ()]:
        wrappers[value] = []
    for context in contexts if wrappers else ():
        if context.function in wrappers:
            wrappers[context.function].append(context)
    return {
        context.node
        for context in found
        if not any(
            _may_be(given, context.node)
            for value in context.hidden or ()
            for wrapper in wrappers[value]
            for given in wrapper.value
        )
    }


def _may_be(given: Any, node: ir.Function) -> bool:
    """Whether a value is the function's coroutine, or may hold it."""
    if given.__class__ is Made:
        return bool(given.context.node is node)
    return given.__class__ is Wrapped and given.kind == "awaitable"


def _has_no_self(function: FunctionValue) -> bool:
    """Whether a method has no `self`, by decorator or by name: what base classes call of their subclasses has one."""
    if is_static(function):
        return True
    params = function.node.params
    first = params[0].name if params and params[0].kind not in (ir.VARARG, ir.KWARG) else "self"
    return "self" not in first and first not in ("_", "cls", "mcs", "this")


def _is_own(owner: ClassScope | None) -> bool:
    return owner is None or not any(cls.unknown_base or cls.is_driven for cls in owner.mro)
