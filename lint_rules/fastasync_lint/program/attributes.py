"""`value.name`: of outside things by the catalogue, of ours by class, instance and module."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import assign, calls, owned, protocols, record
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import NEW, Cell, ClassScope, ModuleScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
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

LONGEST = 160
"""Longer names are chains that feed on themselves."""
MOST_OVERRIDES = 12


_FOREIGN: Value = (FOREIGN,)


def read(program: Program, value: Value, node: ir.Attr, frame: Frame) -> Value:
    out: Value = EMPTY
    for item in value:
        out = union(out, one(program, item, node.name, (node.pos, node.end), frame))
    return out


def one(program: Program, item: Any, name: str, place: Place | None, frame: Frame) -> Value:
    kind = item.__class__
    if kind is str:
        return _outside(program, item, name, place, frame)
    if kind is Instance:
        return of_instance(program, item, name, place, frame)
    if kind is ModuleScope:
        return of_module(program, item, name, frame)
    if kind is ClassScope:
        return of_class(program, item, name, frame)
    if kind is Super:
        return _of_super(program, item, name, place, frame)
    if kind is Wrapped:
        return _of_wrapped(program, item, name, place, frame)
    if kind in (Many, Items, Mapping, Lazy):
        return (program.make(Wrapped, "collection method", (item,), name),)
    if kind is Partial and name == "func":
        found: Value = item.callee
        return found
    if kind is Bound and name == "__self__":
        return (item.receiver,)
    if kind is FunctionValue and name == "__wrapped__":
        return (item,)
    if kind is Constant and item.value.__class__ is str:
        return EMPTY
    if kind is Made and item.kind == "generator":
        return (program.make(Wrapped, "collection method", (item,), name),)
    return EMPTY


def _outside(program: Program, item: str, name: str, place: Place | None, frame: Frame) -> Value:
    if item is FOREIGN:
        return _FOREIGN
    if len(item) > LONGEST:
        return EMPTY
    full = program.outside(f"{item}.{name}")
    if full is FOREIGN:
        if not item.endswith("()"):
            return _FOREIGN
        return kept_under(program, item, name, frame)
    entry = program.catalogue.entry(full)
    if "block get" in entry.rows and place is not None:
        record.catalogue_sink(program, frame, place, full, entry.rows["block get"], Arguments([]), "call")
    kept = program.outside_attributes.get((item, name))
    if kept is not None:
        kept.readers[frame.task] = None
        if kept.value:
            return kept.value
    value = program.catalogue.value("attributes", full)
    if value is not None:
        return (value,) if value else EMPTY
    return (full,)


def kept_under(program: Program, item: str, name: str, frame: Frame) -> Value:
    """What the project keeps in an outside object, under a name of which the catalogue says nothing."""
    cell = program.outside_attributes.setdefault((item, name), Cell(None, name))
    cell.readers[frame.task] = None  # whoever reads it before it is set hears of it
    return cell.value or _FOREIGN


def of_module(program: Program, holder: Any, name: str, frame: Frame) -> Value:
    """A name of a module, a submodule, or of a folder without __init__.py."""
    if isinstance(holder, ModuleScope):
        found = program.name_of(holder, name, frame)
        if found is not None and (found or program.modules.submodule(holder, name) is None):
            return found
        below = program.modules.submodule(holder, name)
        if below is not None:
            return (assign.module_value(program, below, f"{holder.name}.{name}"),)
        getter = program.name_of(holder, "__getattr__", frame)
        if getter:
            text = program.make(Constant, name)
            return calls.call(program, getter, Arguments([(text,)]), None, frame, False)
        return EMPTY
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
        if late is not None and late.value and scope.storing(name) == []:
            return program.read(late, frame), scope
    return EMPTY, None


def of_class(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    value, owner = class_binding(program, cls, name, frame)
    if owner is None:
        if name in ("__name__", "__qualname__", "__dict__", "__doc__", "__module__"):
            return EMPTY
        for base in cls.outside_bases():
            if base in ("enum.Enum", "enum.StrEnum", "enum.IntEnum"):
                return (cls.of(True),)
            found = _outside_class(program, base, name)
            if found is not _FOREIGN:
                return owned.of_class(program, cls, base, found)
        return EMPTY
    bindings = owner.bindings.get(name)  # none for what was set from outside the body
    if bindings and isinstance(bindings[0][0], ir.Assign) and any(b in _ENUMS for b in cls.outside_bases()):
        return (cls.of(True),)
    return _bind_all(program, value, cls, None, frame)


_ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})


def _outside_class(program: Program, base: str, name: str) -> Value:
    full = program.outside(f"{base}.{name}")
    if full is FOREIGN:
        return _FOREIGN
    value = program.catalogue.value("attributes", full)
    if value is not None:
        return (value,) if value else EMPTY
    return (full,)


def _bind_all(program: Program, value: Value, receiver: Any, place: Place | None, frame: Frame) -> Value:
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
            cls = receiver if is_class else receiver.cls
            return tuple([program.make(Bound, f, cls) for f in item.content])
        if _property(item):
            if is_class:
                return (item,)
            memo = item.kind == "cached property"
            return calls.call(program, item.content, Arguments([(receiver,)]), place, frame, False, memo=memo)
        if item.kind in ("offloaded", "memoised", "manager function", "callable", "entered") and not is_class:
            inner = _bind_all(program, item.content, receiver, place, frame)
            return (program.make(Wrapped, item.kind, inner, item.extra),)
    if kind is Instance and any("__get__" in cls.bindings for cls in item.cls.mro):
        getter = method(program, item, "__get__", frame)
        return calls.call(program, getter, Arguments([EMPTY if is_class else (receiver,)]), place, frame, False)
    return (item,)


def of_instance(program: Program, item: Instance, name: str, place: Place | None, frame: Frame) -> Value:
    cls = item.cls
    stored = _stored(program, cls, name, frame)
    value, owner = class_binding(program, cls, name, frame)
    if owner is not None:
        overrides = [] if item.exact or name.startswith("__") else _overrides(program, cls, name, frame)
        if overrides:
            return _of_any(program, item, value, overrides, place, frame)
        here = _bind_all(program, value, item, place, frame)
        if not stored and not item.exact and all(v.__class__ is Constant for v in here):
            return union(here, _stored_below(program, cls, name, frame))
        if not stored or any(v.__class__ in (FunctionValue, Wrapped) for v in value):
            return here
        return union(stored, _unlike(here, stored))
    if stored and not all(v.__class__ is Constant for v in stored):
        return stored
    if not item.exact:
        below = _stored_below(program, cls, name, frame)
        if below:
            return union(stored, below)
    if stored:
        return stored
    if not item.exact:
        overrides = _overrides(program, cls, name, frame)
        if overrides:
            return _of_any(program, item, EMPTY, overrides, place, frame)
    for base in cls.outside_bases():
        found = _hooked(program, item, f"{base}().{name}", frame) or _outside(program, f"{base}()", name, place, frame)
        if found and found is not _FOREIGN:
            return found
    if name == "__class__":
        return (cls,)
    if not name.startswith("__") and not any(scope.unknown_base for scope in cls.mro):
        getter, holder = class_binding(program, cls, "__getattr__", frame)
        if holder is not None:
            text = program.make(Constant, name)
            method = _bind_all(program, getter, item, place, frame)
            return calls.call(program, method, Arguments([(text,)]), place, frame, False)
    return EMPTY


def _unlike(declared: Value, stored: Value) -> Value:
    """What the class declares for an attribute, without the types of which it has a variant (`X#memory()`)."""
    variants = {f"{item.partition('#')[0]}()" for item in stored if item.__class__ is str and "#" in item}
    return tuple([item for item in declared if item not in variants]) if variants else declared


def _hooked(program: Program, item: Instance, full: str, frame: Frame) -> Value:
    """The method of ours that a method of an outside base does its work by."""
    for row in program.catalogue.entry(full).get("hook"):
        for name in row.methods:
            value, owner = class_binding(program, item.cls, name, frame)
            if owner is not None:
                return _bind_all(program, value, item, None, frame)
    return EMPTY


def _stored_below(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """What subclasses give an attribute that the class itself leaves empty."""
    out: Value = EMPTY
    for sub in cls.all_subclasses()[:MOST_OVERRIDES]:
        if sub.storing(name) or name in sub.attributes:
            out = union(out, _stored(program, sub, name, frame))
        elif name in sub.bindings:
            out = union(out, program.read(sub.cell(name), frame))  # type: ignore[arg-type]
    return tuple([v for v in out if v.__class__ not in (Constant, FunctionValue)])


def _stored(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """What methods set the attribute to, in this class and its bases."""
    out: Value = EMPTY
    for scope in cls.mro:
        methods = scope.storing(name)
        cell = scope.attributes.get(name)
        if methods:
            cell = scope.attribute(name)
            if cell.state == NEW:
                cell.state = 2
                _run_methods(program, scope, methods)
        if cell is not None:
            cell.readers[frame.task] = None
            out = union(out, cell.value)
    return out


def _run_methods(program: Program, scope: ClassScope, methods: list[str]) -> None:
    frame = Frame(assign.anonymous_task(), scope, scope.closure, scope, None)
    for name in methods:
        for node, _ in scope.bindings[name]:
            if isinstance(node, ir.FuncDef):
                program.demand(program.plain(assign.raw_function(program, node.function, frame)))


def _overrides(program: Program, cls: ClassScope, name: str, frame: Frame) -> list[tuple[Any, Value]]:
    """(receiver, binding) of each subclass that binds the name itself, and of each class that fits a protocol."""
    found: list[tuple[Any, Value]] = []
    if not cls.subclasses and not cls.is_protocol:
        return found
    for sub in cls.all_subclasses():
        cell = sub.cell(name)
        if cell is not None:
            value = program.read(cell, frame)
            if any(v.__class__ in (FunctionValue, Wrapped) for v in value):
                found.append((sub.of(True), value))
    for other in protocols.implementers(program, cls) if cls.is_protocol else ():
        value, _ = class_binding(program, other, name, frame)
        if any(v.__class__ is FunctionValue for v in value):
            found.append((other.of(True), value))
    return found


def _of_any(
    program: Program,
    item: Instance,
    value: Value,
    overrides: list[tuple[Any, Value]],
    place: Place | None,
    frame: Frame,
) -> Value:
    """What subclasses override: of a method any may be meant, so a share of them must block. The same holds for
    getters of properties, but what they give is a value as any other (a choice of choices would have no end)."""
    kinds = {_property(held) for held in chain(value, *(found for _, found in overrides))}
    if kinds == {"property"}:
        value, overrides = _getters(value), [(receiver, _getters(found)) for receiver, found in overrides]
    if value and not all(v.__class__ is FunctionValue and v.node.flags & ir.ABSTRACT for v in value):
        bindings, abstract = [(item, value), *overrides[:MOST_OVERRIDES]], False
    else:
        bindings, abstract = overrides, True
    options = tuple([_bind_all(program, found, receiver, place, frame) for receiver, found in bindings])
    choice = (program.make(Wrapped, "choice", EMPTY, (options, abstract)),)
    if kinds == {"property"}:
        return calls.call(program, choice, Arguments([]), place, frame, False)
    if kinds == {""}:
        return choice
    out: Value = EMPTY
    for option in options:
        out = union(out, option)
    return out


def _property(item: Any) -> str:
    """Which kind of property it is; no text if it is none."""
    return item.kind if item.__class__ is Wrapped and item.kind in ("property", "cached property") else ""


def _getters(value: Value) -> Value:
    out: Value = EMPTY
    for item in value:
        out = union(out, item.content)
    return out


def _of_super(program: Program, item: Super, name: str, place: Place | None, frame: Frame) -> Value:
    receiver = item.receiver
    cls = receiver.cls if receiver.__class__ is Instance else receiver
    mro = cls.mro if isinstance(cls, ClassScope) and item.owner in cls.mro else item.owner.mro
    for scope in mro[mro.index(item.owner) + 1 :]:
        cell = scope.cell(name)
        if cell is not None:
            return _bind_all(program, program.read(cell, frame), receiver, place, frame)
    if name == "__new__" and isinstance(cls, ClassScope):
        return (program.make(Wrapped, "callable", (cls.of(True),)),)
    for scope in mro[mro.index(item.owner) :]:
        for base in scope.outside:
            found = _outside(program, f"{base}()", name, place, frame)
            if found is not _FOREIGN:
                return found
    return EMPTY


def method(program: Program, item: Instance, name: str, frame: Frame) -> Value:
    """A special method, looked up on the class as Python does."""
    value, owner = class_binding(program, item.cls, name, frame)
    if owner is not None:
        return _bind_all(program, value, item, None, frame)
    for base in item.cls.outside_bases():
        return (program.catalogue.canonical(f"{base}().{name}"),)
    return EMPTY


def setter(program: Program, item: Instance, name: str, frame: Frame) -> Value | None:
    for scope in item.cls.mro:
        if name in scope.bindings:
            value = program.read(scope.cell(name), frame)  # type: ignore[arg-type]
            for held in value:
                if held.__class__ is Wrapped and held.kind == "property" and held.extra:
                    return tuple([program.make(Bound, f, item) for f in held.extra])
            return None
    return None


def _of_wrapped(program: Program, item: Wrapped, name: str, place: Place | None, frame: Frame) -> Value:
    kind = item.kind
    if kind == "namespace":
        return of_module(program, item, name, frame)
    if kind == "owned":
        return owned.mark(program, item.content, _outside(program, item.extra, name, place, frame))
    if kind == "property":
        return (program.make(Wrapped, f"property {name}", item.content, item.extra),)
    if kind == "future":
        full = f"concurrent.futures.Future().{name}"
        content = item.content if name == "result" else EMPTY
        return (program.make(Wrapped, "method", content, full),)
    if kind == "awaitable":
        return (program.outside(f"asyncio.Task().{name}"),)
    if kind == "callable result":
        return (program.make(Wrapped, "callable", item.content),)
    if kind == "named":
        return _outside(program, item.extra, name, place, frame)
    if kind == "variable" and name == "get":
        return (program.make(Wrapped, "callable", item.content),)
    if kind == "fields":
        fields: dict[str, Value] = dict(item.extra)
        return fields.get(name, EMPTY)
    if kind in ("memoised", "offloaded", "manager function") and item.content:
        if name == "__wrapped__":
            return item.content
        return EMPTY
    return EMPTY
