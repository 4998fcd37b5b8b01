"""Objects of one class that are told apart by the functions that they are made with: `Job(quick)` and `Job(slow)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import crowd, fields, generics
from fastasync_lint.program.contexts import NO_TYPES, Arguments
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import FOREIGN, FunctionValue

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST_VARIANTS = 8
"""Of one class; what is made with other functions than these is an object of the class itself, of which its
attributes may hold any."""


def made_with(program: Program, cls: ClassScope, args: Arguments) -> ClassScope:
    """The class as one that is made with these arguments, if functions among them are kept."""
    cls = cls.general
    if cls.origin is not None:
        return cls
    if cls.keeps is None:
        cls.keeps = _kept(cls)
    told = tuple([
        (name, of)
        for index, name in cls.keeps
        if (of := tuple([each for item in args.at(index, name) or () if (each := _told(item)) is not None]))
    ])  # fmt: skip
    if not told:
        return cls
    found = cls.variants.get(told)
    if found is None:
        if len(cls.variants) >= MOST_VARIANTS:
            return cls
        found = cls.variants[told] = generics.specialised(cls, NO_TYPES)
        found.is_variant = True
    return found


def _told(item: Any) -> Any:
    """What tells a function from others: where it is defined, or its name if it is from outside."""
    item = crowd.meant(item)
    if item.__class__ is FunctionValue:
        return id(item.node)
    return item if item.__class__ is str and item is not FOREIGN and "." in item and not item.endswith("()") else None


def _kept(cls: ClassScope) -> list[tuple[int, str]]:
    """The parameters, by position and name, of which a constructor keeps something in an attribute."""
    for scope in cls.mro:
        for node, _ in scope.bindings.get("__init__", ()):
            return _kept_by(node.function) if isinstance(node, ir.FuncDef) else []
    return list(enumerate(fields.names(cls)))


def _kept_by(function: ir.Function) -> list[tuple[int, str]]:
    this = function.params[0].name if function.params else ""
    kept: set[str] = set()
    for node in walk.nodes(function.body):
        if isinstance(node, ir.Assign | ir.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ir.Assign) else [node.target]
            if any(isinstance(t, ir.Attr) and isinstance(t.value, ir.Name) and t.value.id == this for t in targets):
                kept |= {part.id for part in walk.nodes(node.value) if isinstance(part, ir.Name)}
    return [(index - 1, param.name) for index, param in enumerate(function.params) if index and param.name in kept]
