"""Type variables: what they stand for in a class, seen from one that derives from it, and in one call of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions, hints
from fastasync_lint.program.contexts import NO_TYPES, Context, Frame, Types, class_body
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Constant,
    Instance,
    Items,
    Many,
    Mapping,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_DECLARING = frozenset({"Generic", "Protocol"})
_DEEPEST = 2
"""How deep an annotation is followed into the argument that it stands at: `Optional[list[T]]`."""


def variables(program: Program, cls: ClassScope) -> list[str]:
    """The type variables of a class, in the order in which `Class[...]` takes them."""
    if cls.variables is None:
        cls.variables = []  # a class may stand in its own bases
        found = [name for name, _ in cls.node.types] or _declared(cls) or _used(program, cls)
        cls.variables = list(dict.fromkeys(found))
    return cls.variables


def _declared(cls: ClassScope) -> list[str]:
    for base in cls.node.bases:
        if isinstance(base, ir.Sub) and expressions.path(base.value).rpartition(".")[2] in _DECLARING:
            return [part.id for part in _parts(base) if isinstance(part, ir.Name)]
    return []


def _used(program: Program, cls: ClassScope) -> list[str]:
    frame = definition(cls)
    return [
        part.id for base in cls.node.bases if isinstance(base, ir.Sub) for part in _parts(base)
        if isinstance(part, ir.Name) and _is_variable(expressions.evaluate(program, part, frame))
    ]  # fmt: skip


def _is_variable(value: Value) -> bool:
    return len(value) == 1 and value[0].__class__ is Wrapped and value[0].extra == "variable"


def _parts(node: ir.Sub) -> list[ir.Expr]:
    return node.index.items if isinstance(node.index, ir.Seq) else [node.index]


def definition(cls: ClassScope, types: Types = NO_TYPES) -> Frame:
    """Where the bases of a class are read."""
    frame = Frame(Cell(None, ""), cls.outer, cls.closure, None, None)
    frame.types = types
    return frame


def parametrised(program: Program, cls: ClassScope, node: ir.Sub, frame: Frame) -> ClassScope:
    """`Class[X]`: a class of its own where that says what a variable stands for, with all that the class has."""
    types = _given(program, cls, _parts(node), frame)
    if not types:
        return cls
    key = (cls, *types.items())
    found = program.parametrised.get(key)
    if found is None:
        found = program.parametrised[key] = specialised(cls.origin or cls, types)
    return found


def specialised(origin: ClassScope, types: Types) -> ClassScope:
    """A class with all that another has, and attributes of its own."""
    node = origin.node
    body = ir.ClassDef(origin.name, node.qualname, [], node.keywords, node.decorators, [], node.pos, [])
    found = ClassScope(body, origin.outer, origin.module, origin.closure)
    found.specialise(origin, types)
    return found


def _given(program: Program, cls: ClassScope, parts: list[ir.Expr], frame: Frame) -> Types:
    names = variables(program, cls.origin or cls)
    typed = [_meant(program, part, frame) for part in parts] if names else []
    held = {name: value for name, value in zip(names, typed, strict=False) if says_something(value)}
    return held or NO_TYPES


def _meant(program: Program, part: ir.Expr, frame: Frame) -> Value:
    """What an argument of a class stands for; of `Box[dict]` it is known that it is nothing that another box holds."""
    found = hints.typed(program, part, frame)
    return found or ((FOREIGN,) if hints.is_plain(part) else EMPTY)


def says_something(value: Value) -> bool:
    return any(item.__class__ is not Constant for item in value)


def seen_from(program: Program, cls: ClassScope, owner: ClassScope) -> Types:
    """What the type variables of `owner` stand for in `cls`, which is that class or derives from it."""
    if (cls is owner or not cls.arguments) and cls.origin is None:
        return NO_TYPES
    key = (cls, owner)
    found = program.generic.get(key)
    if found is None:
        program.generic[key] = NO_TYPES
        found = program.generic[key] = _resolved(program, cls, owner, cls.types)
    return found


def _resolved(program: Program, cls: ClassScope, owner: ClassScope, types: Types) -> Types:
    cls = cls.origin or cls
    if cls is owner:
        return types
    frame = definition(cls, types)
    for base, node in zip(cls.bases, cls.arguments, strict=True):
        if owner in base.mro:
            given = NO_TYPES if node is None else _given(program, base, _parts(node), frame)
            return _resolved(program, base, owner, given or base.types)
    return NO_TYPES


def of_context(program: Program, context: Context) -> Types:
    """What type variables stand for: those of a method's class on the receiver of this context, else their bounds."""
    owner, receiver = context.function.owner, context.receiver
    types = NO_TYPES
    if owner is not None:
        cls = receiver.cls if receiver.__class__ is Instance else receiver
        types = seen_from(program, cls, owner) if cls.__class__ is ClassScope else NO_TYPES
    if context.node.types or (owner is not None and owner.node.types):
        frame = program.definition_frame(context.function)
        bounds = [*context.node.types, *(owner.node.types if owner is not None else ())]
        known = {name: hints.typed(program, bound, frame) for name, bound in bounds if bound is not None}
        types = {**known, **types}
    return types


def attribute(program: Program, cls: ClassScope, owner: ClassScope, name: str) -> Value:
    """What an annotation in the body of `owner` promises of an attribute of `cls`."""
    types = seen_from(program, cls, owner)
    out = annotated(program, owner, name, types) if types else EMPTY
    return out if says_something(out) else EMPTY


def annotated(program: Program, owner: ClassScope, name: str, types: Types = NO_TYPES) -> Value:
    """What the annotations of an attribute in the body of a class allow."""
    out: Value = EMPTY
    frame = class_body(owner, types)
    for node, _ in owner.bindings.get(name, ()):
        if isinstance(node, ir.AnnAssign):
            out = union(out, hints.typed(program, node.annotation, frame))
    return out


def of_call(program: Program, context: Context, types: Types) -> Types:
    """What a function's own type variables stand for in this context: its arguments tell."""
    own = {name for name, _ in context.node.types}
    found = {name: held for name, held in types.items() if name not in own}
    frame = program.definition_frame(context.function)
    for param in context.node.params:
        value = context.env.get(param.name)
        if value and param.annotation is not None:
            _match(program, param.annotation, value, frame, found, own, _DEEPEST)
    return {**types, **found}


def _match(program: Program, node: ir.Expr, value: Value, frame: Frame, found: Types, own: set[str], deep: int) -> None:
    if isinstance(node, ir.Name):
        if node.id in own or _is_variable(expressions.evaluate(program, node, frame)):
            held = tuple([item for item in value if item.__class__ is not Constant])
            found[node.id] = union(found.get(node.id, EMPTY), held)
    elif isinstance(node, ir.Bin):
        _match(program, node.left, value, frame, found, own, deep)
        _match(program, node.right, value, frame, found, own, deep)
    elif isinstance(node, ir.Sub) and deep and (parts := _parts(node)):
        name = expressions.path(node.value).rpartition(".")[2]
        _match(program, parts[-1], _inside(program, name, value), frame, found, own, deep - 1)


def _inside(program: Program, name: str, value: Value) -> Value:
    if name in ("type", "Type"):
        return hints.instances(program, value)
    if name in ("Optional", "Annotated"):
        return value
    out: Value = EMPTY
    for item in value:
        if item.__class__ is Many:
            out = union(out, item.element)
        elif item.__class__ is Mapping:
            out = union(out, item.any())
        elif item.__class__ is Items:
            for part in item.items:
                out = union(out, part)
    return out
