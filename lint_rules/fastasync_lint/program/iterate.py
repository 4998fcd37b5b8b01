"""Iterating and entering: generators and context managers run then, not when they are called."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING

from fastasync_lint.program import attributes, awaiting, beside, calls, operators, outside, owned, record
from fastasync_lint.program.contexts import Arguments, Context, Frame, Place
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Constant,
    Instance,
    Items,
    Lazy,
    Made,
    Many,
    Mapping,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def lazily(program: Program, key: object, frame: Frame, evaluate: Callable[[], Value]) -> Value:
    """A value whose sinks and edges count where it is iterated, not here."""
    context = frame.context
    if context is None or frame.off_loop:
        return (program.make(Many, evaluate()),)
    sinks, edges = context.sinks, context.edges
    context.sinks, context.edges = {}, {}
    try:
        element = evaluate()
    finally:
        found_sinks, found_edges = context.sinks, context.edges
        context.sinks, context.edges = sinks, edges
    if not found_sinks and not found_edges:
        return (program.make(Many, element),)
    lazy = program.make(Lazy, key, context)
    lazy.element, lazy.sinks, lazy.edges = element, found_sinks, found_edges
    return (lazy,)


def _drain(item: Lazy, place: Place | None, frame: Frame) -> None:
    """Iterate a lazy value: in its own function the places are its own, elsewhere the consumer's."""
    context = frame.context
    if context is None or frame.off_loop or place is None:
        return
    own = item.context is context
    for at, sinks in item.sinks.items():
        held = context.sinks.setdefault(at if own else place, [])
        held.extend(sink for sink in sinks if sink not in held)
    for at, edges in item.edges.items():
        held_edges = context.edges.setdefault(at if own else place, [])
        held_edges.extend(edge for edge in edges if edge not in held_edges)


def elements(program: Program, value: Value, place: Place | None, frame: Frame, is_async: bool) -> Value:
    """What `for` binds, with the edge or sink of asking for it."""
    out: Value = EMPTY
    versions = () if is_async else _versions(value, "generator")
    if versions:
        record.edge(frame, place, versions, "iterate", False)
    for item in value:
        kind = item.__class__
        if kind is str:
            out = union(out, _outside(program, item, place, frame, is_async))
        elif kind is Made and item.kind in ("generator", "async generator"):
            out = union(out, _generator(program, item, None if versions else place, frame, is_async))
        elif kind is Instance:
            out = union(out, _instance(program, item, place, frame, is_async))
        elif kind is Wrapped and item.kind == "owned":
            given = _outside(program, item.extra, place, frame, is_async)
            out = union(out, owned.mark(program, item.content, given))
        elif kind is Lazy:
            _drain(item, place, frame)
            out = union(out, item.element)
        else:
            out = union(out, plain_elements(program, (item,)))
    return out


def _versions(value: Value, kind: str) -> tuple[Context, ...]:
    """The methods of one name, of objects of several classes, that have given what is iterated or entered: one did."""
    found = tuple(dict.fromkeys([item.context for item in value if item.__class__ is Made and item.kind == kind]))
    classes = {item.receiver.cls.general if item.receiver.__class__ is Instance else None for item in found}
    is_one_name = len({item.node.name for item in found}) == 1
    return found if len(classes) > 1 and None not in classes and is_one_name else ()


def _outside(program: Program, item: str, place: Place | None, frame: Frame, is_async: bool) -> Value:
    if not is_async and place is not None:
        rows = program.catalogue.entry(item).get("block iterate")
        record.catalogue_sink(program, frame, place, item, rows, Arguments([]), "iterate")
    element = program.catalogue.value("elements", item)
    if element is None:
        return (program.outside(f"{item}[]"),) if len(item) < outside.LONGEST else EMPTY
    return (element,) if element else EMPTY


def _generator(program: Program, item: Made, place: Place | None, frame: Frame, is_async: bool) -> Value:
    context = item.context
    program.demand(context)
    context.readers[frame.task] = None
    if is_async or item.kind == "async generator":
        beside.awaited(frame, context)
    else:
        record.edge(frame, place, (context,), "iterate", False)
    return context.yields


def _instance(program: Program, item: Instance, place: Place | None, frame: Frame, is_async: bool) -> Value:
    first, then = ("__aiter__", "__anext__") if is_async else ("__iter__", "__next__")
    if attributes.class_binding(program, item.cls, first, frame)[1] is None:
        for kind in (f"{base}()" for base in item.cls.outside_bases()):
            if program.catalogue.entry(kind).get("block iterate"):  # a subclass iterates as its base does
                return _outside(program, kind, place, frame, is_async)
        if not is_async and attributes.class_binding(program, item.cls, "__getitem__", frame)[1] is not None:
            step = attributes.method(program, item, "__getitem__", frame)
            return calls.call(program, step, Arguments([EMPTY]), place, frame, False)
    method = attributes.method(program, item, first, frame)
    made = calls.call(program, method, Arguments([]), place, frame, is_async)
    out: Value = EMPTY
    for one in made:
        if one.__class__ is Instance:  # an iterator, whatever its own `__iter__` gives
            step = attributes.method(program, one, then, frame)
            given = calls.call(program, step, Arguments([]), place, frame, is_async)
            out = union(out, awaiting.awaited_value(program, given, frame) if is_async else given)
        else:
            out = union(out, elements(program, (one,), place, frame, is_async))
    return out


def plain_elements(program: Program, value: Value) -> Value:
    """Elements of a collection that is already there."""
    out: Value = EMPTY
    for item in value:
        kind = item.__class__
        if kind is Many or kind is Lazy:
            out = union(out, item.element)
        elif kind is Items:
            for part in item.items:
                out = union(out, part)
        elif kind is str:
            element = program.catalogue.value("elements", item)
            out = union(out, (element,) if element else EMPTY)
        elif kind is Made and item.kind == "generator":
            out = union(out, item.context.yields)
        elif kind is ClassScope and attributes.is_enum(item):
            out = union(out, (item.of(True),))
        elif kind is Wrapped and item.kind == "awaitable":
            out = union(out, plain_elements(program, item.content))
        elif kind is Wrapped and item.kind == "owned":
            out = union(out, owned.mark(program, item.content, plain_elements(program, (item.extra,))))
    return out


def enter(program: Program, value: Value, place: Place, frame: Frame, is_async: bool) -> Value:
    """What `with … as` binds."""
    out: Value = EMPTY
    dunder = "__aenter__" if is_async else "__enter__"
    versions = _versions(value, "manager")
    if versions:
        record.edge(frame, place, versions, "enter", False)
    for item in value:
        kind = item.__class__
        if kind is str:
            if not is_async:
                rows = program.catalogue.entry(item).get("block enter")
                record.catalogue_sink(program, frame, place, item, rows, Arguments([]), "enter")
            given = program.catalogue.value("returns", f"{item}.{dunder}")
            out = union(out, (item,) if given is None else (given,) if given else EMPTY)
        elif kind is Instance:
            out = union(out, _enter_instance(program, item, place, frame, is_async))
        elif kind is Made:
            out = union(out, _enter_made(program, item, None if versions else place, frame))
        elif kind is Wrapped and item.kind in ("manager", "awaitable", "closing"):
            out = union(out, item.content)
    return out


def _enter_instance(program: Program, item: Instance, place: Place, frame: Frame, is_async: bool) -> Value:
    dunder = "__aenter__" if is_async else "__enter__"
    method = attributes.method(program, item, dunder, frame)
    if not method:
        return (item,)
    if all(m.__class__ is str for m in method):
        calls.call(program, method, Arguments([]), place, frame, is_async)
        return (item,)
    given = calls.call(program, method, Arguments([]), place, frame, is_async)
    return awaiting.awaited_value(program, given, frame) if is_async else given


def _enter_made(program: Program, item: Made, place: Place | None, frame: Frame) -> Value:
    context = item.context
    program.demand(context)
    context.readers[frame.task] = None
    if item.kind == "manager":
        record.edge(frame, place, (context,), "enter", False)
    elif item.kind in ("async manager", "async generator"):
        beside.awaited(frame, context)
    elif item.kind == "coroutine":
        return awaiting.awaited_value(program, (item,), frame)
    return context.yields


def leave(
    program: Program, value: Value, place: Place, frame: Frame, is_async: bool, before: Container[Place] = (),
    handed: bool = False,
) -> None:  # fmt: skip
    """`before`: the places of edges and sinks that were there ahead of the block. `handed`: to calls that are awaited,
    so nothing is left in it that leaving would wait for."""
    if is_async:
        for item in value:
            if item.__class__ is Made and item.kind != "coroutine":
                beside.resumed(frame, item.context)
        return
    for item in value:
        if item.__class__ is str:
            rows = program.catalogue.entry(item).get("block exit")
            if rows and not (handed and rows[0].rule == record.WAIT) and not _did(frame, rows[0].unless_inside, before):
                record.catalogue_sink(program, frame, place, item, rows, Arguments([]), "exit")
        elif item.__class__ is Instance:
            method = attributes.method(program, item, "__exit__", frame)
            calls.call(program, method, Arguments([]), place, frame, False)
        elif item.__class__ is Wrapped and item.kind == "closing":
            for held in item.content:
                calls.call(
                    program, attributes.one(program, held, "close", place, frame), Arguments([]), place, frame, False
                )


def _did(frame: Frame, names: Container[str], before: Container[Place]) -> bool:
    """Whether the block did one of these itself."""
    sinks = frame.context.sinks if frame.context is not None else {}
    return any(sink[0] in names for place, held in sinks.items() if place not in before for sink, *_ in held)


# collections -------------------------------------------------------------------------------------------------

TAKES_MANY = frozenset({"join", "extend", "extendleft", "update", "union", "intersection", "difference"})
_GIVES_ELEMENT = frozenset({"get", "pop", "setdefault", "popleft"})


_COMPARES = frozenset({"index", "count", "remove"})


def sort(program: Program, element: Value, args: Arguments, place: Place | None, frame: Frame) -> Value:
    """`items.sort(key=f)` calls the key with every element; without one they are compared."""
    key = args.keywords.get("key")
    if key:
        calls.call(program, key, Arguments([element]), place, frame, False)
    elif place is not None:
        operators.operator(program, element, "__lt__", element, place, frame)
    return EMPTY


def collection_method(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame) -> Value:
    """Methods of lists, tuples and dictionaries of ours, and of generators."""
    held, name = item.content[0], item.extra
    if held.__class__ is Made:
        if name in ("send", "__next__", "throw"):
            return elements(program, (held,), place, frame, False)
        return EMPTY
    if name in TAKES_MANY:
        for given in args.positional:
            elements(program, given, place, frame, False)
        return EMPTY
    if name == "sort":
        return sort(program, plain_elements(program, (held,)), args, place, frame)
    if name in _COMPARES and place is not None:
        operators.operator(program, plain_elements(program, (held,)), "__eq__", args.at(0) or EMPTY, place, frame)
        return EMPTY
    if name == "popitem" and held.__class__ is Mapping:
        return (program.make(Items, (EMPTY, held.any())),)
    if name in _GIVES_ELEMENT:
        if held.__class__ is Mapping:
            default = args.at(1) or EMPTY
            key = args.at(0)
            literal = key[0].value if key and len(key) == 1 and key[0].__class__ is Constant else None
            found: Value = dict(held.keys).get(literal, EMPTY) if literal is not None else EMPTY
            return union(union(found, held.rest) if literal is not None else held.any(), default)
        return plain_elements(program, (held,))
    if held.__class__ is Mapping and name == "values":
        return (program.make(Many, held.any()),)
    if held.__class__ is Mapping and name == "items":
        return (program.make(Many, (program.make(Items, (EMPTY, held.any())),)),)
    if name == "copy":
        return (held,)
    return EMPTY
