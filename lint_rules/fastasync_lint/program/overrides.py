"""Which version of a method is meant: where subclasses override it, any of them may be."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, calls, protocols, record
from fastasync_lint.program.binding import accepts
from fastasync_lint.program.contexts import Arguments, Context, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import EMPTY, Bound, FunctionValue, Instance, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST_OVERRIDES = 12


def below(program: Program, cls: ClassScope, name: str, frame: Frame) -> list[tuple[Any, Value]]:
    """(receiver, binding) of each subclass that binds the name itself, and of each class that fits a protocol."""
    found: list[tuple[Any, Value]] = []
    if not cls.subclasses and not cls.is_protocol:
        return found
    for sub in cls.subclasses_for(frame.module):
        _add(program, found, sub, cls, sub.cell(name), frame)
    for other in protocols.implementers(program, cls) if cls.is_protocol else ():
        if other.module.is_test and not frame.module.is_test:
            continue
        value, _ = attributes.class_binding(program, other, name, frame)
        if any(v.__class__ is FunctionValue for v in value):
            found.append((other.of(True), value))
    return found


def _add(
    program: Program, found: list[tuple[Any, Value]], sub: ClassScope, cls: ClassScope, cell: Cell | None, frame: Frame
) -> None:
    if cell is not None and not _runs_its_own(sub, cls, frame):
        value = program.read(cell, frame)
        if any(v.__class__ in (FunctionValue, Wrapped) for v in value):
            found.append((sub.of(True), value))


def beside(program: Program, cls: ClassScope, name: str, frame: Frame) -> list[tuple[Any, Value]]:
    """What a class that is mixed in with others calls of them: (receiver, binding) for one subclass of each."""
    found: list[tuple[Any, Value]] = []
    seen: set[Cell] = set()
    for sub in cls.subclasses_for(frame.module) if cls.subclasses else ():
        cell = next((cell for scope in sub.mro if (cell := scope.cell(name)) is not None), None)
        if cell is not None and cell not in seen:
            seen.add(cell)
            _add(program, found, sub, cls, cell, frame)
    return found


def versions(program: Program, item: Instance, name: str, value: Value, frame: Frame) -> list[tuple[Any, Value]]:
    """What may be meant besides what the class itself binds the name to."""
    if name.startswith("__") or (item.exact and not _is_left_out(value)):
        return []
    return below(program, item.cls, name, frame)


def _is_left_out(value: Value) -> bool:
    """Whether a class leaves a method to those that derive from it: who makes one of `type[Base]` makes one of them."""
    return bool(value) and all(
        v.__class__ is FunctionValue
        and v.node.flags & ir.ABSTRACT
        and (not v.node.flags & ir.NO_BODY or any(map(_is_abstract, v.node.decorators)))
        for v in value
    )


def _is_abstract(decorator: ir.Expr) -> bool:
    return getattr(decorator, "name", getattr(decorator, "id", "")) == "abstractmethod"


def _runs_its_own(sub: ClassScope, cls: ClassScope, frame: Frame) -> bool:
    """Whether the method under evaluation is one of `cls` that the subclass overrides, and does not go on to."""
    context = frame.context
    if context is None or context.receiver is not cls.of(False) or context.function.owner is None:
        return False
    name = context.node.name
    cls = cls.origin or cls
    for scope in sub.mro[: sub.mro.index(cls)] if cls in sub.mro else ():
        for node, _ in scope.bindings.get(name, ()):
            if isinstance(node, ir.FuncDef) and not _goes_on(node.function):
                return True
    return False


def _goes_on(function: ir.Function) -> bool:
    """Whether it calls `super()`, or a base's version by name."""
    calls_made = (node for node in walk.nodes(function) if isinstance(node, ir.Call))
    return any(
        (isinstance(made.func, ir.Name) and made.func.id == "super")
        or (isinstance(made.func, ir.Attr) and made.func.name == function.name)
        for made in calls_made
    )


def of_any(
    program: Program,
    item: Instance,
    value: Value,
    overrides: list[tuple[Any, Value]],
    place: Place | None,
    frame: Frame,
) -> Value:
    """What subclasses override: of a method any may be meant, so a share of them must block. The same holds for
    getters of properties, but what they give is a value as any other (a choice of choices would have no end)."""
    kinds = {property_kind(held) for held in chain(value, *(found for _, found in overrides))}
    if kinds == {"property"}:
        value, overrides = _getters(value), [(receiver, _getters(found)) for receiver, found in overrides]
    if value and not all(v.__class__ is FunctionValue and v.node.flags & ir.ABSTRACT for v in value):
        bindings, abstract = [(item, value), *overrides[:MOST_OVERRIDES]], False
    else:
        bindings, abstract = overrides, True
    options = tuple([attributes.bind_all(program, found, receiver, place, frame) for receiver, found in bindings])
    unsure = protocols.is_slight(item.cls)
    choice = (program.make(Wrapped, "choice", EMPTY, (options, abstract, unsure)),)
    if kinds == {"property"}:
        return calls.call(program, choice, Arguments([]), place, frame, False)
    if kinds == {""}:
        return choice
    out: Value = EMPTY
    for option in options:
        out = union(out, option)
    return out


def property_kind(item: Any) -> str:
    """Which kind of property it is; no text if it is none."""
    return item.kind if item.__class__ is Wrapped and item.kind in ("property", "cached property") else ""


def _getters(value: Value) -> Value:
    out: Value = EMPTY
    for item in value:
        out = union(out, item.content)
    return out


def merged(callee: Value) -> Value:
    """The methods of one name, of objects of several classes, that a value may be: one object has one of them.

    Without the generator functions among them, of which a call runs nothing.
    """
    found = [
        item for item in callee
        if item.__class__ is Bound and item.receiver.__class__ is Instance and item.function.__class__ is FunctionValue
        and not item.function.node.flags & ir.ASYNC
    ]  # fmt: skip
    classes = {item.receiver.cls.general for item in found}
    names = {item.function.node.name for item in found}
    return tuple([v for v in found if not is_lazy(v)]) if len(classes) > 1 and len(names) == 1 else EMPTY


def is_lazy(item: Any) -> bool:
    """Whether it is a method that is a generator function."""
    function = item.function if item.__class__ is Bound else None
    return function.__class__ is FunctionValue and bool(function.node.flags & ir.GENERATOR)


def getters(program: Program, value: Value, name: str, frame: Frame) -> Value:
    """What `merged` gives for a property of several classes."""
    found: Value = EMPTY
    instances = [item for item in value if item.__class__ is Instance]
    for item in instances if len(instances) > 1 else ():
        held, _ = attributes.class_binding(program, item.cls, name, frame)
        if all(property_kind(v) == "property" for v in held) and (
            item.exact or not below(program, item.cls, name, frame)
        ):
            found = union(found, attributes.bind_all(program, _getters(held), item, None, frame))
    return merged(found)


def call_versions(
    program: Program, versions: Value, args: Arguments, place: Place | None, frame: Frame, is_all: bool = True
) -> Value:
    """Call what `merged` gave: an error where all of them block, a warning where some do. `is_all`: no version of
    which a call runs nothing stands beside them."""
    contexts: dict[Context, None] = {}
    out: Value = EMPTY
    for item in versions:
        context = _context(program, item, args, frame)
        if context is not None:
            contexts[context] = None
            out = union(out, program.result(context, frame.task))
    record.edge(frame, place, tuple(contexts), "call", not is_all)
    return out


def _context(program: Program, item: Bound, args: Arguments, frame: Frame) -> Context | None:
    """What one version runs; None where the keywords say that it is not what is called here."""
    full = Arguments([(item.receiver,), *args.positional], args.keywords, args.open, args.written, args.exact)
    if args.keywords and not accepts(item.function, full):
        return None
    context: Context = program.context(item.function, full)
    context.threaded = context.threaded or frame.off_loop
    return context


def call_any(
    program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool
) -> Value:
    """A call that any of several overrides may answer: half of them must block for it to."""
    options, abstract, unsure = item.extra
    contexts: dict[Context, None] = {}
    out: Value = EMPTY
    for option in options:
        for callee in option:
            if callee.__class__ is Bound and callee.function.__class__ is FunctionValue:
                function = callee.function
                if not function.node.flags & (ir.ASYNC | ir.GENERATOR):
                    if function.node.flags & ir.ABSTRACT and abstract:
                        continue
                    context = _context(program, callee, args, frame)
                    if context is not None:
                        contexts[context] = None
                        out = union(out, program.result(context, frame.task))
                    continue
            out = union(out, calls.call(program, (callee,), args, place, frame, awaited))
    if contexts and not awaited:
        needed = 1 if len(contexts) == 1 else (len(contexts) + 1) // 2
        record.edge(frame, place, tuple(contexts), "call", unsure, needed)
    return out
