"""The declared fields of a class, which are the parts of a named tuple."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, expressions, generics
from fastasync_lint.program.contexts import Frame, class_body
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Instance, Items, Mapping, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_RECORDS = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})


def names(cls: ClassScope) -> list[str]:
    """The annotated names of a class and its bases, in the order of a constructor's parameters."""
    return [
        name for scope in reversed(cls.mro) for name, bindings in scope.bindings.items()
        if isinstance(bindings[0][0], ir.AnnAssign)
    ]  # fmt: skip


def factories(cls: ClassScope) -> dict[str, tuple[ClassScope, ir.Expr]]:
    """What makes the defaults of fields (`field(default_factory=f)`), and the class whose body says so."""
    if cls.factories is None:
        cls.factories = {}
        for scope in reversed(cls.mro):
            for name, bindings in scope.bindings.items():
                node = bindings[0][0]
                made = node.value if isinstance(node, ir.Assign | ir.AnnAssign) else None
                for key, value in made.keywords if isinstance(made, ir.Call) else ():
                    if key in _FACTORIES:
                        cls.factories[name] = (scope, value)
    return cls.factories


def factory(program: Program, cls: ClassScope, name: str) -> Value:
    """What makes the default of a field: a name that the field has taken means what is further out."""
    scope, node = factories(cls)[name]
    is_own = isinstance(node, ir.Name) and node.id == name
    return expressions.evaluate(program, node, generics.definition(scope) if is_own else class_body(scope))


_FACTORIES = frozenset({"default_factory", "factory"})


def is_typed_dict(cls: ClassScope) -> bool:
    return any(base.endswith(".TypedDict") for base in cls.outside_bases())


def mapping(program: Program, item: Instance, frame: Frame) -> Any:
    """What an instance of a `TypedDict` holds by key; None of other classes."""
    if not is_typed_dict(item.cls):
        return None
    keys = [(name, attributes.of_instance(program, item, name, None, frame)) for name in names(item.cls)]
    return program.make(Mapping, tuple(keys), EMPTY)


def parts(program: Program, item: Any, frame: Frame) -> tuple[Value, ...] | None:
    """What a tuple of known length holds, also a named one; None of everything else."""
    if item.__class__ is Items:
        return item.items
    if item.__class__ is Wrapped and item.kind == "fields":
        return tuple([value for _, value in item.extra])
    if item.__class__ is Instance and any(base in _RECORDS for base in item.cls.outside_bases()):
        return tuple([attributes.of_instance(program, item, name, None, frame) for name in names(item.cls)])
    return None
