"""The bases of a class: of the project, from outside, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Bound, FunctionValue, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def resolve(program: Program, cls: ClassScope, frame: Frame) -> None:
    """Fill them in, with what they are parametrised by."""
    for base in cls.node.bases:
        value = expressions.evaluate(program, base, frame)
        if not value:
            cls.unknown_base = True
        for item in value:
            if isinstance(item, ClassScope):
                if isinstance(base, ir.Sub):
                    item = item.origin or item  # seen from here, as the arguments say
                if item is not cls and cls not in item.mro:
                    cls.bases.append(item)
                    cls.arguments.append(base if isinstance(base, ir.Sub) else None)
                    item.add_subclass(cls)
            elif isinstance(item, str):
                name = program.catalogue.value("returns", item[:-2]) if item.endswith("()") else None
                name = (name or item).removesuffix("()") if item.endswith("()") else item
                if name in ("typing.Protocol", "typing_extensions.Protocol"):
                    cls.is_protocol = True
                if name is FOREIGN:
                    cls.unknown_base = True
                else:
                    cls.outside.append(name)
                    cls.is_driven = cls.is_driven or "passive" not in program.catalogue.entry(name).rows
            elif isinstance(base, ir.Sub) and expressions.path(base.value).rpartition(".")[2] == "Protocol":
                cls.is_protocol = True  # `Protocol[T]`, and not `Generic[T]`
    for name, held in cls.node.keywords:
        if name == "metaclass":
            given = expressions.evaluate(program, held, frame)
            cls.metaclass = next((item for item in given if isinstance(item, ClassScope)), None)
            cls.is_kept = cls.metaclass is not None and _keeps(cls.metaclass)


def of_metaclass(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """A method that the class has by its metaclass."""
    for scope in cls.mro:
        if scope.metaclass is not None:
            value, _ = attributes.class_binding(program, scope.metaclass, name, frame)
            return tuple([program.make(Bound, item, cls) for item in value if item.__class__ is FunctionValue])
    return EMPTY


def _keeps(metaclass: ClassScope) -> bool:
    """Whether calling its classes asks first if there is an object already."""
    called = [node for scope in metaclass.mro for node, _ in scope.bindings.get("__call__", ())]
    return any(
        isinstance(node, ir.FuncDef) and any(isinstance(part, ir.If | ir.Try) for part in walk.nodes(node.function))
        for node in called
    )
