"""Calls that are not written as such: special methods, and results that nobody takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import expressions as lowering
from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, awaiting, calls, expressions, hints, iterate, record
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.values import (
    EMPTY,
    Instance,
    Items,
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

INSTEAD = {"__format__": "__str__", "__str__": "__repr__", "__ne__": "__eq__", **lowering.PLAIN}
"""Special methods, and what is called where a class does not define them."""


def binary(program: Program, left: Value, right: Value, node: ir.Bin, frame: Frame) -> Value:
    """`left + right`: by the special method of either, or what the operator makes of types and collections."""
    dunder, place = node.dunder, (node.pos, node.end)
    while dunder in INSTEAD:
        out = operator(program, left, dunder, right, place, frame)
        if out:
            return out
        dunder = INSTEAD[dunder]
    if dunder == "__mod__" and _is_text(node.left):
        format_all(program, [right], place, frame)
    if dunder == "__or__":
        alias = hints.either(program, left, right, node, frame)
        if alias:
            return alias
    out = operator(program, left, dunder, right, place, frame)
    if not out and right:
        out = operator(program, right, f"__r{dunder[2:]}", left, place, frame)
    if dunder == "__add__" and not out:
        collections = (Many, Items)
        out = union(
            tuple(v for v in left if v.__class__ in collections), tuple(v for v in right if v.__class__ in collections)
        )
    return out


def _is_text(node: ir.Expr) -> bool:
    """Whether a literal is a text; a long one is all that is left out of a program."""
    return isinstance(node, ir.Nothing) or (isinstance(node, ir.Const) and isinstance(node.value, str))


def is_format(node: ir.Expr) -> bool:
    """`"{}".format`."""
    return isinstance(node, ir.Attr) and node.name == "format" and _is_text(node.value)


def format_all(program: Program, values: Iterable[Value], place: Place, frame: Frame) -> None:
    """Objects of ours are made texts: by `"%s" % x`, `"%s" % (x, y)`, `"{}".format(x)`."""
    for value in values:
        for item in value:
            if item.__class__ is Items:
                format_all(program, item.items, place, frame)
            elif item.__class__ is Mapping:
                format_all(program, [item.any()], place, frame)
            elif item.__class__ is Instance:
                operator(program, (item,), "__format__", EMPTY, place, frame)


def defined(item: Instance, dunder: str) -> str:
    """The special method that is called of an object, in the place of one that its class may not define."""
    while dunder in INSTEAD and not any(dunder in scope.bindings for scope in item.cls.mro):
        dunder = INSTEAD[dunder]
    return dunder


def contains(program: Program, left: Value, right: Value, place: Place, frame: Frame) -> None:
    """`left in right`: asks the collection, or compares with each of its elements."""
    walked = [v for v in right if not record.special(program, v, "__contains__", place, frame, left)]
    held = iterate.elements(program, tuple([v for v in walked if _is_walked(v)]), place, frame, False)
    operator(program, right, "__contains__", left, place, frame)
    operator(program, held, "__eq__", left, place, frame)
    if any(v.__class__ is Many or v.__class__ is Items for v in right):
        operator(program, left, "__eq__", held, place, frame)


def _is_walked(item: Any) -> bool:
    """Whether what is asked for an element goes through its elements for it."""
    if item.__class__ is not Instance:
        return True
    defined_here = [name for scope in item.cls.mro for name in ("__contains__", "__iter__") if name in scope.bindings]
    return defined_here != [] and "__contains__" not in defined_here


def operator(program: Program, left: Value, dunder: str, right: Value, place: Place, frame: Frame) -> Value:
    out: Value = EMPTY
    methods: Value = EMPTY
    for item in left:
        if item.__class__ is Instance:
            methods = union(methods, attributes.method(program, item, defined(item, dunder), frame))
        elif item.__class__ is str:
            value = program.catalogue.value("returns", f"{item}.{dunder}")
            if value:
                out = union(out, (value,))
    return union(out, calls.call(program, methods, Arguments([right]), place, frame, False)) if methods else out


def subscript_effect(program: Program, node: ir.Sub, frame: Frame, dunder: str, value: Value) -> None:
    """`x[key] = v` and `del x[key]` on a project object or a known outside one."""
    index = expressions.evaluate(program, node.index, frame)
    methods: Value = EMPTY
    for item in expressions.evaluate(program, node.value, frame):
        if item.__class__ is Instance:
            methods = union(methods, attributes.method(program, item, dunder, frame))
        else:
            record.special(program, item, dunder, (node.pos, node.end), frame, index)
    if methods:
        calls.call(program, methods, Arguments([index, value]), (node.pos, node.end), frame, False)


def dropped(program: Program, node: ir.ExprStmt, value: Value, frame: Frame) -> None:
    """An expression statement: a task or coroutine that nobody keeps."""
    context = frame.context
    if context is None or not isinstance(node.value, ir.Call):
        return
    for item in value:
        if item.__class__ is Made and item.kind == "coroutine" and len(value) == 1:
            callee = expressions.evaluate(program, node.value.func, frame)
            if (
                not _is_awaited_too(context.node, expressions.path(node.value.func))
                and all(awaiting.gives_coroutine(program, function) for function in callee)
                and _all_have_it(program, node.value.func, frame)
            ):
                data = {"callee": item.context.node.qualname}
                context.events.append(("FSA204", (node.pos, node.end), data))
        elif item.__class__ is Wrapped and item.kind == "awaitable" and item.extra == "task":
            callee = expressions.evaluate(program, node.value.func, frame)
            if all(function.__class__ in (str, Partial) for function in callee):  # ours may keep it, `pop` makes none
                data = {"callee": _task_of(program, node.value, frame)}
                context.events.append(("FSA203", (node.pos, node.end), data))


def _all_have_it(program: Program, func: ir.Expr, frame: Frame) -> bool:
    """Whether each of the objects that may be meant has such a method: else it is not known which one is."""
    if not isinstance(func, ir.Attr):
        return True
    holders = expressions.evaluate(program, func.value, frame)
    return len(holders) < 2 or all(
        attributes.method(program, item, func.name, frame) for item in holders if item.__class__ is Instance
    )


def _is_awaited_too(function: ir.Function, path: str) -> bool:
    """Whether the function awaits the same call elsewhere: then it tells coroutine functions from others."""
    awaited = (node.value for node in walk.nodes(function) if isinstance(node, ir.Await))
    return any(isinstance(made, ir.Call) and expressions.path(made.func) == path for made in awaited)


def _task_of(program: Program, node: ir.Call, frame: Frame) -> str:
    """The coroutine function that a call makes a task of; "" if that is not known."""
    made = expressions.evaluate(program, node.args[0], frame) if node.args else EMPTY
    names = [item.context.node.qualname for item in made if item.__class__ is Made]
    return names[0] if names else ""
