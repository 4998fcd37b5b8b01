"""`value.name`: of outside things by the catalogue, of ours by class, instance and module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    assign,
    bases,
    calls,
    computed,
    dispatch,
    fields,
    generics,
    models,
    names,
    outside,
    overrides,
    owned,
    stored,
    wrapped,
)
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope, ModuleScope
from fastasync_lint.program.values import (
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Lazy,
    Made,
    Many,
    Mapping,
    Partial,
    Super,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def read(program: Program, value: Value, node: ir.Attr, frame: Frame) -> Value:
    out: Value = EMPTY
    place = (node.pos, node.end)
    getters = overrides.getters(program, value, node.name, frame)
    if getters:
        out = overrides.call_versions(program, getters, Arguments([]), place, frame)
        asked = {getter.receiver for getter in getters}
        value = tuple([item for item in value if item not in asked])
    for item in value:
        out = union(out, one(program, item, node.name, place, frame))
    return out


_ITSELF = frozenset({"__wrapped__", "__call__"})


def one(program: Program, item: Any, name: str, place: Place | None, frame: Frame) -> Value:
    kind = item.__class__
    if kind is str:
        return outside.attribute(program, item, name, place, frame)
    if kind is Instance:
        return of_instance(program, item, name, place, frame)
    if kind is ModuleScope:
        return of_module(program, item, name, frame)
    if kind is ClassScope:
        return of_class(program, item, name, frame)
    if kind is Super:
        return _of_super(program, item, name, place, frame)
    if kind is Wrapped:
        return wrapped.attribute(program, item, name, place, frame)
    if kind in (Many, Items, Mapping, Lazy):
        return (program.make(Wrapped, "collection method", (item,), name),)
    if kind is Partial and name == "func":
        found: Value = item.callee
        return found
    if kind is Bound and name == "__self__":
        return (item.receiver,)
    if kind is FunctionValue:
        return (item,) if name in _ITSELF else program.read(program.function_attribute(item, name), frame)
    if kind is Constant and name in computed.PARTING and item.value.__class__ is str:
        return (program.make(Wrapped, "text method", (item,), name),)
    if kind is Made and item.kind == "generator":
        return (program.make(Wrapped, "collection method", (item,), name),)
    return EMPTY


def of_module(program: Program, holder: Any, name: str, frame: Frame) -> Value:
    """A name of a module, a submodule, or of a folder without __init__.py."""
    if isinstance(holder, ModuleScope):
        found = names.name_of(program, holder, name, frame)
        if found is not None and (found or program.modules.submodule(holder, name) is None):
            return found
        below = program.modules.submodule(holder, name)
        if below is not None:
            return (assign.module_value(program, below, f"{holder.name}.{name}"),)
        getter = names.name_of(program, holder, "__getattr__", frame)
        if getter:
            text = program.make(Constant, name)
            return calls.call(program, getter, Arguments([(text,)]), None, frame, False)
        return program.read(holder.late.setdefault(name, Cell(None, name)), frame)  # others may set it
    if isinstance(holder, Wrapped):
        folder, full = holder.extra
        below = program.modules.submodule(folder, name)
        if below is not None:
            return (assign.module_value(program, below, f"{full}.{name}"),)
        return (program.outside(f"{full}.{name}"),)
    return one(program, holder, name, None, frame)


# classes and instances ---------------------------------------------------------------------------------------


def class_binding(program: Program, cls: ClassScope, name: str, frame: Frame) -> tuple[Value, ClassScope | None]:
    """What the first class of the MRO that binds `name` binds it to."""
    for scope in cls.mro:
        cell = scope.cell(name)
        if cell is not None:
            return program.read(cell, frame), scope
        late = scope.attributes.get(name)
        if late is not None and late.value and not scope.origin and not any(each.storing(name) for each in scope.mro):
            return program.read(late, frame), scope
    return EMPTY, None


def of_class(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    value, owner = class_binding(program, cls, name, frame)
    if owner is None:
        if name in ("__name__", "__qualname__", "__dict__", "__doc__", "__module__"):
            return EMPTY
        if name == "__subclasses__":
            below = tuple(cls.subclasses_for(frame.module))
            return (program.make(Wrapped, "callable", (program.make(Many, below),)),)
        kept = stored.of_class(program, cls, name, frame) or bases.of_metaclass(program, cls, name, frame)
        if kept:
            return kept
        for base in cls.outside_bases():
            if base in ("enum.Enum", "enum.StrEnum", "enum.IntEnum"):
                return (cls.of(True),)
            found = outside.of_class(program, base, name)
            if outside.does(program, found, "construct"):
                return (program.make(Wrapped, "constructor", EMPTY, cls),)
            if outside.does(program, found, "copy"):
                return (program.make(Wrapped, "callable", (cls.of(True),)),)
            if found is not outside.ONLY_FOREIGN:
                return owned.of_class(program, cls, base, found)
        return EMPTY
    bindings = owner.bindings.get(name)  # none for what was set from outside the body
    if bindings and isinstance(bindings[0][0], ir.Assign) and is_enum(cls):
        return (cls.of(True),)
    return bind_all(program, value, cls, None, frame)


_ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})


def is_enum(cls: ClassScope) -> bool:
    return any(base in _ENUMS for base in cls.outside_bases())


def bind_all(program: Program, value: Value, receiver: Any, place: Place | None, frame: Frame) -> Value:
    out: Value = EMPTY
    for item in value:
        out = union(out, bound(program, item, receiver, place, frame))
    return out


def bound(program: Program, item: Any, receiver: Any, place: Place | None, frame: Frame) -> Value:
    """A class attribute as seen through a receiver (an instance, or the class itself)."""
    kind = item.__class__
    is_class = receiver.__class__ is ClassScope
    if kind is FunctionValue:
        if is_class:
            return (program.make(Bound, item, receiver),) if item.node.name == "__init_subclass__" else (item,)
        return (program.make(Bound, item, receiver),)
    if kind is Wrapped:
        if item.kind == "static":
            content: Value = item.content
            return content
        if item.kind == "class method":
            cls = receiver if is_class else receiver.cls.general
            return tuple([program.make(Bound, f, cls) for f in item.content])
        if overrides.property_kind(item):
            if is_class:
                return (item,)
            memo = item.kind == "cached property"
            return calls.call(program, item.content, Arguments([(receiver,)]), place, frame, False, memo=memo)
        if item.kind == "dispatcher" and not is_class:
            return dispatch.bound(program, item, receiver, place, frame)
        if item.kind in ("offloaded", "memoised", "manager function", "callable", "entered") and not is_class:
            inner = bind_all(program, item.content, receiver, place, frame)
            return (program.make(Wrapped, item.kind, inner, item.extra),)
    if kind is Instance and any("__get__" in cls.bindings for cls in item.cls.mro):
        getter = method(program, item, "__get__", frame)
        return calls.call(program, getter, Arguments([EMPTY if is_class else (receiver,)]), place, frame, False)
    return (item,)


_OF_DICTIONARIES = frozenset({"get", "pop", "values", "items", "setdefault"})


def of_instance(program: Program, item: Instance, name: str, place: Place | None, frame: Frame) -> Value:
    cls = item.cls
    held = stored.put_in(program, stored.of_class(program, cls, name, frame))
    value, owner = class_binding(program, cls, name, frame)
    if owner is not None:
        value = generics.attribute(program, cls, owner, name) or value
        versions = overrides.versions(program, item, name, value, frame)
        if versions:
            return overrides.of_any(program, item, value, versions, place, frame)
        here = bind_all(program, value, item, place, frame)
        if not held and not item.exact and all(v.__class__ is Constant for v in here):
            return union(here, stored.below(program, cls, name, frame))
        if not held or any(v.__class__ in (FunctionValue, Wrapped) for v in value):
            return here
        return union(stored.fitting(program, owner, name, held), stored.unlike(program, here, held))
    if held and not all(v.__class__ is Constant for v in held):
        return held
    if not item.exact:
        below = stored.below(program, cls, name, frame)
        if below:
            return union(held, below)
    if held:
        return held
    if not item.exact:
        versions = overrides.below(program, cls, name, frame) or overrides.beside(program, cls, name, frame)
        if versions:
            return overrides.of_any(program, item, EMPTY, versions, place, frame)
    if name in _OF_DICTIONARIES and (held_by_key := fields.mapping(program, item, frame)) is not None:
        return (program.make(Wrapped, "collection method", (held_by_key,), name),)
    for base in cls.outside_bases():
        kind = f"{base}()"
        found = hooked(program, item, f"{kind}.{name}", frame) or outside.attribute(program, kind, name, place, frame)
        if outside.does(program, found, "copy"):
            return (program.make(Wrapped, "callable", (item,)),)
        if found and found is not outside.ONLY_FOREIGN:
            return owned.of_instance(program, item, base, found)
    if name == "__class__":
        return (cls.general,)
    if not name.startswith("__") and not any(scope.unknown_base for scope in cls.mro):
        getter, holder = class_binding(program, cls, "__getattr__", frame)
        if holder is not None:
            text = program.make(Constant, name)
            method = bind_all(program, getter, item, place, frame)
            return calls.call(program, method, Arguments([(text,)]), place, frame, False)
    return EMPTY


def hooked(program: Program, item: Instance, full: str, frame: Frame) -> Value:
    """The methods of ours that a method of an outside base does its work by: of a name, or under a decorator."""
    out: Value = EMPTY
    for row in program.catalogue.entry(full).get("hook"):
        decorators = frozenset([name[1:] for name in row.methods if name.startswith("@")])
        for method in models.decorated(program, item.cls, decorators) if decorators else ():
            out = union(out, (program.make(Bound, method, item),))
        for name in row.methods:
            value, owner = class_binding(program, item.cls, name, frame)
            if owner is not None:
                return bind_all(program, value, item, None, frame)
    return out


def _of_super(program: Program, item: Super, name: str, place: Place | None, frame: Frame) -> Value:
    receiver = item.receiver
    cls = receiver.cls if receiver.__class__ is Instance else receiver
    mro = cls.mro if isinstance(cls, ClassScope) and item.owner in cls.mro else item.owner.mro
    for scope in mro[mro.index(item.owner) + 1 :]:
        cell = scope.cell(name)
        if cell is not None:
            return bind_all(program, program.read(cell, frame), receiver, place, frame)
    if name == "__new__" and isinstance(cls, ClassScope):
        return (program.make(Wrapped, "callable", (cls.of(True),)),)
    for scope in mro[mro.index(item.owner) :]:
        for base in scope.outside:
            found = outside.attribute(program, f"{base}()", name, place, frame)
            if found is not outside.ONLY_FOREIGN:
                return found
    return EMPTY


def method(program: Program, item: Instance, name: str, frame: Frame) -> Value:
    """A special method, looked up on the class as Python does."""
    value, owner = class_binding(program, item.cls, name, frame)
    if owner is not None:
        return bind_all(program, value, item, None, frame)
    for base in item.cls.outside_bases():
        return (program.catalogue.canonical(f"{base}().{name}"),)
    return EMPTY
