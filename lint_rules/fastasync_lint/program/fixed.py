"""Names that always hold one and the same literal, so that it counts as if it stood there."""

from __future__ import annotations

from typing import Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import ModuleScope
from fastasync_lint.program.values import Constant, Value


def holds_literal(name: str, value: Value, frame: Frame) -> bool:
    """Whether a name is bound once, to the literal that it holds here: in this function, or in the module."""
    if len(value) != 1 or value[0].__class__ is not Constant:
        return False
    if name not in frame.env:
        return _in_module(name, frame.module)
    context = frame.context
    if context is None or name in context.node.captured or name in context.node.outer:
        return False
    if is_parameter(name, frame):
        return False
    bindings = [node for node in walk.nodes(context.node.body) if _binds(node, name)]
    return len(bindings) == 1 and _is_literal(bindings[0])


def is_parameter(name: str, frame: Frame) -> bool:
    """Whether the function under evaluation is given it."""
    return frame.context is not None and any(param.name == name for param in frame.context.node.params)


def _in_module(name: str, module: ModuleScope) -> bool:
    bindings = module.bindings.get(name, ())
    if len(bindings) != 1 or bindings[0][1] or not _is_literal(bindings[0][0]):
        return False
    if module.declared is None:
        functions = (node for node in walk.nodes(module.body) if node.__class__ is ir.Function)
        module.declared = {outer for function in functions for outer in function.outer}
    return name not in module.declared


def _binds(node: Any, name: str) -> bool:
    kind = node.__class__
    if kind is ir.Assign:
        return any(_names(target, name) for target in node.targets)
    if kind in (ir.AnnAssign, ir.For, ir.Loop, ir.WithItem):
        return node.target is not None and _names(node.target, name)
    return kind is ir.Named and node.target == name


def _names(target: Any, name: str) -> bool:
    return any(node.__class__ is ir.Name and node.id == name for node in walk.nodes(target))


def _is_literal(node: Any) -> bool:
    return node.__class__ in (ir.Assign, ir.AnnAssign) and node.value.__class__ is ir.Const
