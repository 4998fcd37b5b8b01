"""Names and attributes that always hold one and the same literal, so that it counts as if it stood there."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions, origins
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import Binding, ClassScope, ModuleScope
from fastasync_lint.program.values import EMPTY, Constant, Instance, Mapping, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def holds_literal(program: Program, name: str, value: Value, frame: Frame) -> bool:
    """Whether a name is bound once, to the literal that it holds here: in this function, or in a module."""
    if len(value) != 1 or value[0].__class__ is not Constant:
        return False
    if name not in frame.env:
        return _in_module(name, frame.module) or _is_imported(program, name, frame)
    return frame.context is not None and name in frame.context.node.fixed and not is_parameter(name, frame)


def attribute_holds_literal(program: Program, node: ir.Attr, value: Value, frame: Frame) -> bool:
    """Whether an attribute is a constant of a class, or of a module, that nothing in the project sets to anything."""
    name = node.name
    if len(value) != 1 or value[0].__class__ is not Constant or not expressions.path(node):
        return False
    if name in program.modules.stored():
        return False
    holders = expressions.evaluate(program, node.value, frame)
    return bool(holders) and all(_holds(item, name) for item in holders)


def is_flag(program: Program, node: ir.Expr, value: Value, frame: Frame) -> bool:
    """Whether a condition asks a constant of a module or class, `DEBUG = False`, which the project sets once. None
    stands for what is not there yet, and whoever makes it need not be known."""
    if len(value) != 1 or value[0].__class__ is not Constant or value[0].value is None:
        return False
    if isinstance(node, ir.Attr):
        return attribute_holds_literal(program, node, value, frame)
    if not isinstance(node, ir.Name) or node.id in frame.env or node.id in program.modules.stored():
        return False
    return holds_literal(program, node.id, value, frame)


def is_answer(name: str, value: Value, frame: Frame) -> bool:
    """Whether a name of the function is bound once, and to true or false: `skipped = not wait`, `if skipped:`."""
    context = frame.context
    if context is None or len(value) != 1 or value[0].__class__ is not Constant or value[0].value.__class__ is not bool:
        return False
    is_local = name in context.node.fixed and name not in context.node.captured
    return is_local and name in frame.env and not is_parameter(name, frame)


def is_parameter(name: str, frame: Frame) -> bool:
    """Whether the function under evaluation is given it."""
    return frame.context is not None and any(param.name == name for param in frame.context.node.params)


def options(program: Program, node: ir.Expr, frame: Frame) -> Value:
    """The dictionary of constants that a module keeps to unpack it, and nothing else."""
    if not isinstance(node, ir.Name) or node.id in frame.env:
        return EMPTY
    found = origins.of_name(program, node.id, frame)
    if found is None or found[1] not in found[0].options or not _is_bound_once(found[1], found[0]):
        return EMPTY
    display: Any = found[0].bindings[found[1]][0][0].value
    items = [(key.value, program.constant(held.value)) for key, held in zip(display.keys, display.values, strict=True)]
    return (program.make(Mapping, tuple(items), EMPTY),)


def _holds(holder: Any, name: str) -> bool:
    if holder.__class__ is ModuleScope:
        return _in_module(name, holder)
    if holder.__class__ is Instance:
        return _in_class(name, holder.cls, holder.exact)
    return holder.__class__ is ClassScope and _in_class(name, holder, False)


def _in_class(name: str, cls: ClassScope, is_exact: bool) -> bool:
    """Whether the class and all that derive from it have the literal of one body. Fields do not count, which whoever
    makes an object may give another value, nor what a base from outside may set."""
    owner = next((scope for scope in cls.mro if name in scope.bindings), None)
    if owner is None or not _is_literal(owner.bindings[name]):
        return False
    if not is_exact and any(name in sub.bindings for sub in cls.all_subclasses()):
        return False
    if any("*" in scope.module.stored or scope.node.decorators for scope in cls.mro):
        return False
    if name.isupper() and isinstance(owner.bindings[name][0][0], ir.Assign):
        return True
    return not any(scope.unknown_base for scope in cls.mro) and _PLAIN.issuperset(cls.outside_bases())


_PLAIN = frozenset({"abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol"})
"""Bases that set no attributes."""


def _is_imported(program: Program, name: str, frame: Frame) -> bool:
    found = origins.of_name(program, name, frame)
    return found is not None and _in_module(found[1], found[0]) and found[1] not in program.modules.stored()


def _in_module(name: str, module: ModuleScope) -> bool:
    return _is_bound_once(name, module) and _is_literal(module.bindings[name])


def _is_literal(bindings: list[Binding]) -> bool:
    """Whether one statement binds the name, in any case, and to a literal."""
    node, conditional = bindings[0]
    return (
        len(bindings) == 1
        and not conditional
        and node.__class__ in (ir.Assign, ir.AnnAssign)
        and node.value.__class__ is ir.Const
    )


def _is_bound_once(name: str, module: ModuleScope) -> bool:
    """Whether one statement of the module binds it, in any case, and no function does."""
    bindings = module.bindings.get(name, ())
    return len(bindings) == 1 and not bindings[0][1] and name not in module.declared


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_NUMBERS = frozenset({int, float})


def is_so(node: ir.Compare, left: Value, limit: Any, frame: Frame) -> bool | None:
    """`if delay > 0:` of a number that the caller gave; None where it is not known."""
    if len(left) != 1 or left[0].__class__ is not Constant or not isinstance(node.left, ir.Name):
        return None
    given = left[0].value
    if frame.given.get(node.left.id) is not left or given.__class__ not in _NUMBERS or limit.__class__ not in _NUMBERS:
        return None
    return _ORDER[node.op](given, limit) if node.op in _ORDER else None


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
