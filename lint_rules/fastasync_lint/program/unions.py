"""Objects that a declaration allows to be of several classes, `client: Redis | redis.asyncio.Redis`: if a method that
blocks is meant is decided elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, expressions
from fastasync_lint.program.contexts import Context, Frame
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Bound, FunctionValue, Instance, Many, Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def is_open(program: Program, node: ir.Call | None, callee: Value, frame: Frame) -> bool:
    """Whether a class from outside of which the method blocks stands beside one of which it does not, or one of ours
    (what that one does has an edge of its own)."""
    if node is None or not isinstance(node.func, ir.Attr) or not any(_blocks(program, item) for item in callee):
        return False
    holder: ir.Expr = node.func
    below = ""
    while isinstance(holder, ir.Attr):
        below = f".{holder.name}{below}"
        holder = holder.value
        if any(_is_harmless(program, item, below) for item in _declared(program, holder, frame)):
            return any(item is FOREIGN or item.__class__ is Bound or _is_other(program, item) for item in callee)
    return False


def _blocks(program: Program, item: Any) -> bool:
    return item.__class__ is str and "()." in item and "block call" in program.catalogue.entry(item).rows


def _is_other(program: Program, item: Any) -> bool:
    return item.__class__ is str and not _blocks(program, item)


def _is_harmless(program: Program, item: Any, below: str) -> bool:
    if item.__class__ is Instance:
        return below.count(".") == 1
    return item.__class__ is str and program.known(item) and not _blocks(program, program.outside(item + below))


def _declared(program: Program, node: ir.Expr, frame: Frame) -> Value:
    """What annotations allow a parameter, or an attribute of an object of ours, to be; nothing for one class."""
    found: Value = EMPTY
    if isinstance(node, ir.Name) and frame.context is not None:
        found = _parameter(program, frame.context.function, node.id) or _element(program, frame.context, node.id)
    elif isinstance(node, ir.Attr):
        for item in expressions.evaluate(program, node.value, frame):
            if item.__class__ is Instance:
                value, owner = attributes.class_binding(program, item.cls, node.name, frame)
                found = union(found, _put_in(program, item.cls, node.name, frame) if owner is None else value)
    return found if len(found) > 1 else EMPTY


def _element(program: Program, context: Context, name: str) -> Value:
    """What a parameter holds of which a loop makes this name go through the elements."""
    for node in walk.nodes(context.node.body):
        if isinstance(node, ir.For) and isinstance(node.target, ir.Name) and node.target.id == name:
            held = _parameter(program, context.function, getattr(node.iterable, "id", ""))
            return tuple([v for item in held if item.__class__ is Many for v in item.element])
    return EMPTY


def _put_in(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """What the parameter of `__init__` that an attribute is named after may be."""
    value, _ = attributes.class_binding(program, cls, "__init__", frame)
    found: Value = EMPTY
    for item in value:
        if item.__class__ is FunctionValue:
            found = union(found, _parameter(program, item, name.lstrip("_")))
    return found


def _parameter(program: Program, function: FunctionValue, name: str) -> Value:
    for param in function.node.params:
        if param.name == name and param.annotation is not None and param.kind not in (ir.VARARG, ir.KWARG):
            return program.declared(function, param)
    return EMPTY
