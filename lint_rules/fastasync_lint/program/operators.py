"""Calls that are not written as such: special methods, decorators, and results that nobody takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, awaiting, calls, expressions, outside, record
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Made,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def operator(program: Program, left: Value, dunder: str, right: Value, place: Place, frame: Frame) -> Value:
    out: Value = EMPTY
    for item in left:
        if item.__class__ is Instance:
            method = attributes.method(program, item, dunder, frame)
            out = union(out, calls.call(program, method, Arguments([right]), place, frame, False))
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
            calls.call(program, method, Arguments([index, value]), (node.pos, node.end), frame, False)
        elif item.__class__ is str:
            rows = program.catalogue.entry(f"{item}.{dunder}").get("block call")
            if rows:
                name = f"{item}.{dunder}"
                record.catalogue_sink(program, frame, (node.pos, node.end), name, rows, Arguments([index]), "call")


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
            out = union(out, calls.construct(program, item, Arguments([value]), None, frame))
        elif kind is Made or _enters(item):
            out = union(out, (program.make(Wrapped, "entered", value, (item,)),))
        elif kind is Instance or kind is Wrapped or kind is Partial or kind is Bound or kind is FunctionValue:
            out = union(out, calls.call(program, (item,), Arguments([value]), None, frame, False))
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
            if all(awaiting.is_async(function) or not awaiting.is_plain(function) for function in callee):
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
