"""The declared fields of a class, which are the parts of a named tuple."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes
from fastasync_lint.program.contexts import Frame
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


def mapping(program: Program, item: Instance, frame: Frame) -> Any:
    """What an instance of a `TypedDict` holds by key; None of other classes."""
    if not any(base.endswith(".TypedDict") for base in item.cls.outside_bases()):
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
