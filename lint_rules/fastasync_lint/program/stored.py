"""What methods set the attributes of their objects to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import assign, attributes, calls, fits, generics, overrides, protocols
from fastasync_lint.program.contexts import Arguments, Frame, Place, class_body
from fastasync_lint.program.scopes import DONE, NEW, Cell, ClassScope, ModuleScope
from fastasync_lint.program.values import EMPTY, Bound, Constant, FunctionValue, Instance, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def of_class(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """What methods set the attribute to, in this class and its bases."""
    out: Value = EMPTY
    for scope in cls.mro:
        methods = scope.storing(name)
        cell = scope.attributes.get(name)
        if cell is None:
            if not methods and scope is not cls:
                continue
            cell = scope.attribute(name)  # whoever reads it before it is set hears of it
        if methods and cell.state == NEW:
            cell.state = DONE
            _run_methods(program, scope, methods, scope)
        if scope is not cls and (cls.is_variant or (methods and generics.seen_from(program, cls, scope))):
            own = cls.attribute(name)
            if own.state == NEW and methods:
                own.state = DONE
                known = ["__init__"] if cls.is_variant else []  # it runs with what the object is made with
                _run_methods(program, scope, [name for name in methods if name not in known], cls)
            if own.value:
                out = union(out, own.value)  # and not what the class itself can say of any of its kind
                if cls.is_variant:
                    out = union(out, program.read(scope.later.setdefault(name, Cell(None, name)), frame))
                continue
        cell.readers[frame.task] = None
        out = union(out, cell.value)
    return out


def set_from_outside(program: Program, cls: ClassScope, name: str, value: Value) -> None:
    """`object.name = value`, and fields that a constructor fills."""
    known = cls.attributes.get(name)
    program.grow(known or cls.attribute(name), value)
    for below in cls.all_subclasses() if known is None else ():
        cell = below.attributes.get(name)
        if cell is not None:
            program.wake(cell)
    if cls.is_variant:
        set_from_outside(program, cls.general, name, value)


def keep_for_all(program: Program, cls: ClassScope, name: str, value: Value) -> None:
    """`self.pool = …` in the one application of a program: wherever the library gives the application, it has that."""
    if not value or all(v.__class__ is Constant for v in value):
        return
    for base in cls.outside_bases():
        if program.catalogue.entry(base).get("single"):
            for known in (f"{base}()", *program.catalogue.bases_of(f"{base}()")):
                program.grow(program.outside_attributes.setdefault((known, name), Cell(None, name)), value)


def _run_methods(program: Program, scope: ClassScope, methods: list[str], cls: ClassScope) -> None:
    """Those of `scope`, on an object of `cls`."""
    frame = class_body(scope)
    for name in methods:
        for node, _ in scope.bindings[name]:
            if isinstance(node, ir.FuncDef):
                function = assign.raw_function(program, node.function, frame)
                receiver = Arguments([(cls.of(False),)])
                program.demand(
                    program.plain(function) if cls is scope else program.context(function, receiver, forced=True)
                )


def below(program: Program, cls: ClassScope, name: str, frame: Frame) -> Value:
    """What subclasses give an attribute that the class itself leaves empty."""
    out: Value = EMPTY
    for sub in cls.subclasses_for(frame.module)[: overrides.MOST_OVERRIDES]:
        others = [scope for scope in sub.mro if scope not in cls.mro]  # it, and what is mixed in beside the class
        if any(scope.storing(name) or name in scope.attributes for scope in others):
            out = union(out, of_class(program, sub, name, frame))
        elif (scope := next((scope for scope in others if name in scope.bindings), None)) is not None:
            value = program.read(scope.cell(name), frame)  # type: ignore[arg-type]
            out = union(out, tuple([v for v in value if v.__class__ is not Wrapped]))  # static methods, properties
    return tuple([v for v in out if v.__class__ not in (Constant, FunctionValue)])


def holder(receiver: Any, name: str) -> Any:
    """The class whose body defines what an attribute of this class, or of an object, holds."""
    cls = receiver.cls if receiver.__class__ is Instance else receiver
    if cls.__class__ is not ClassScope or any(scope.storing(name) for scope in cls.mro):
        return receiver
    return next((scope for scope in cls.mro if name in scope.bindings), receiver)


def fitting(program: Program, owner: ClassScope, name: str, held: Value) -> Value:
    """What is stored in an attribute, as far as its annotation in the body of `owner` allows it."""
    bindings = owner.bindings.get(name, ())
    if not fits.is_choice(held) or not all(isinstance(node, ir.AnnAssign) for node, _ in bindings):
        return held
    return fits.kept(program, held, generics.annotated(program, owner, name))


def unlike(program: Program, declared: Value, stored: Value) -> Value:
    """What the class declares for an attribute, without what is known better: types of which it holds a variant
    (`X#memory()`), classes of which it holds an object."""
    variants = {f"{item.partition('#')[0]}()" for item in stored if item.__class__ is str and "#" in item}
    left = tuple([item for item in declared if item not in variants]) if variants else declared
    return _unknown(program, left, stored)


def put_in(program: Program, held: Value) -> Value:
    """What an attribute holds, without the classes that annotations name where objects of them are put in."""
    return _unknown(program, held, held)


def _unknown(program: Program, declared: Value, stored: Value) -> Value:
    """The declared instances but those whose class, or one below it, is known of an object that is stored.

    What tests put in says nothing of the program.
    """
    wide = [v for v in declared if v.__class__ is Instance and _is_wide(v)]
    if not wide:
        return declared
    made = [v.cls for v in stored if v.__class__ is Instance and not _is_wide(v) and not v.cls.module.is_test]
    known = [v for v in wide if any(protocols.is_one(program, cls, v.cls) for cls in made)]
    return tuple([v for v in declared if v not in known]) if known else declared


def _is_wide(item: Instance) -> bool:
    """Whether it may be an object of a class below, too."""
    return not item.exact and (bool(item.cls.subclasses) or item.cls.is_protocol)


def is_tested(receiver: Any) -> bool:
    """Whether it is a module, a class or an object of one, that is no code of tests, or something from outside."""
    if receiver.__class__ is str:
        return True
    scope = receiver.cls if receiver.__class__ is Instance else receiver
    return scope.__class__ in (ClassScope, ModuleScope) and not scope.module.is_test


def by_setter(program: Program, item: Instance, name: str, value: Value, place: Place | None, frame: Frame) -> bool:
    """`object.name = value` where the class has a property or another descriptor of that name: whether it has."""
    cell = next((scope.cell(name) for scope in item.cls.mro if name in scope.bindings), None)
    for held in EMPTY if cell is None else program.read(cell, frame):
        if held.__class__ is Wrapped and held.kind == "property" and held.extra:
            setters = tuple([program.make(Bound, function, item) for function in held.extra])
            calls.call(program, setters, Arguments([value]), place, frame, False)
            return True
        if held.__class__ is Instance and any("__set__" in scope.bindings for scope in held.cls.mro):
            setters = attributes.method(program, held, "__set__", frame)
            calls.call(program, setters, Arguments([(item,), value]), place, frame, False)
            return True
    return False


def run_hook(program: Program, receiver: Instance, name: str, value: Value, place: Place | None, frame: Frame) -> None:
    """`__setattr__` of the object's class."""
    if any("__setattr__" in scope.bindings for scope in receiver.cls.mro):
        hook = attributes.method(program, receiver, "__setattr__", frame)
        calls.call(program, hook, Arguments([program.constant(name), value]), place, frame, False)
