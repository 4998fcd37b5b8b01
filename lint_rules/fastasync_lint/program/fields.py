"""The declared fields of a class, which are the parts of a named tuple."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, expressions, generics, iterate
from fastasync_lint.program.contexts import Frame, Place, class_body
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Instance, Items, Lazy, Made, Many, Mapping, Value, Wrapped, union

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


def taken_apart(program: Program, value: Value, place: Place | None, frame: Frame) -> Value:
    """What `first, *rest = value` takes apart: what is no collection yet is iterated for it."""
    if not any(_is_iterated(program, item, frame) for item in value):
        return value
    out: Value = EMPTY
    for item in value:
        if _is_iterated(program, item, frame):
            item = program.make(Many, iterate.elements(program, (item,), place, frame, False))
        out = union(out, (item,))
    return out


def _is_iterated(program: Program, item: Any, frame: Frame) -> bool:
    if item.__class__ is Wrapped and item.kind == "owned":
        item = item.extra
    kind = item.__class__
    if kind is str:
        return bool(program.catalogue.entry(item).get("block iterate"))
    return kind is Made or kind is Lazy or (kind is Instance and parts(program, item, frame) is None)
