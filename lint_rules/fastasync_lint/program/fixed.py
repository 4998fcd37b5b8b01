"""Names that always hold one and the same literal, so that it counts as if it stood there."""

from __future__ import annotations

from fastasync_lint.facts import ir
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import ModuleScope
from fastasync_lint.program.values import Constant, Value


def holds_literal(name: str, value: Value, frame: Frame) -> bool:
    """Whether a name is bound once, to the literal that it holds here: in this function, or in the module."""
    if len(value) != 1 or value[0].__class__ is not Constant:
        return False
    if name not in frame.env:
        return _in_module(name, frame.module)
    return frame.context is not None and name in frame.context.node.fixed and not is_parameter(name, frame)


def is_parameter(name: str, frame: Frame) -> bool:
    """Whether the function under evaluation is given it."""
    return frame.context is not None and any(param.name == name for param in frame.context.node.params)


def _in_module(name: str, module: ModuleScope) -> bool:
    if not _is_bound_once(name, module):
        return False
    node = module.bindings[name][0][0]
    return node.__class__ in (ir.Assign, ir.AnnAssign) and node.value.__class__ is ir.Const


def _is_bound_once(name: str, module: ModuleScope) -> bool:
    """Whether one statement of the module binds it, in any case, and no function does."""
    bindings = module.bindings.get(name, ())
    return len(bindings) == 1 and not bindings[0][1] and name not in module.declared


def is_member(node: ir.Compare, left: Value, frame: Frame) -> bool | None:
    """Whether a text that the caller gave is in a constant of the module; None where either is not known."""
    if not isinstance(node.right, ir.Name) or node.right.id in frame.env or len(left) != 1:
        return None
    texts = frame.module.texts.get(node.right.id)
    if texts is None or not _is_bound_once(node.right.id, frame.module):
        return None
    item = left[0]
    is_sure = isinstance(node.left, ir.Name) and frame.given.get(node.left.id) is left
    return item.value in texts if is_sure and item.__class__ is Constant and item.value.__class__ is str else None
