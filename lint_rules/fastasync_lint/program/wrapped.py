"""What a marked value gives when it is called or asked for an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.program import (
    attributes,
    callers,
    calls,
    computed,
    construct,
    dispatch,
    iterate,
    outside,
    overrides,
    owned,
    queues,
    record,
)
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.values import EMPTY, Constant, Made, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def call(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    kind = item.kind
    if kind == "owned":
        return _owned(program, item, args, place, frame, awaited)
    if kind == "offloaded":
        return (program.make(Wrapped, "awaitable", calls.elsewhere(program, item.content, args, frame)),)
    if kind == "memoised":
        return calls.call(program, item.content, args, place, frame, awaited, memo=True)
    if kind == "entered":
        return _entered(program, item, args, place, frame, awaited)
    if kind == "manager function":
        return _manager(program, item, args, frame, awaited)
    if kind == "method":
        if not awaited and place is not None:
            rows = program.catalogue.entry(item.extra).get("block call")
            record.catalogue_sink(program, frame, place, item.extra, rows, args, "call")
        return item.content
    if kind == "choice":
        return overrides.call_any(program, item, args, place, frame, awaited)
    if kind in ("callable", "type"):
        return item.content
    if kind == "static":  # in the body of its class, where nothing has unwrapped it
        return calls.call(program, item.content, args, place, frame, awaited)
    if kind == "collection method":
        return iterate.collection_method(program, item, args, place, frame)
    if kind == "record type":
        fields = {**dict(zip(item.extra, args.positional, strict=False)), **args.keywords}
        return (program.make(Wrapped, "fields", EMPTY, tuple(fields.items())),)
    if kind == "property setter":
        return (program.make(Wrapped, "property", item.content, args.at(0) or EMPTY),)
    if kind.startswith("property "):
        return (program.make(Wrapped, "property", item.content, item.extra),)
    if kind == "decorator":
        return outside.call(program, item.extra, args, None, frame, awaited, None)
    if kind == "setter":
        program.grow(item.extra, tuple([v for v in args.at(0) or EMPTY if v.__class__ is not Constant]))
        return EMPTY
    if kind == "queue put":
        return queues.put(program, item, args, place, frame, awaited)
    if kind == "queue get":
        return queues.get(program, item, args, place, frame, awaited)
    if kind == "dispatcher":
        return dispatch.call(program, item, args, place, frame, awaited)
    if kind == "dispatcher register":
        return dispatch.register(program, item, args)
    if kind == "method caller":
        return callers.call(program, item, args, place, frame, awaited)
    if kind == "provider":
        return calls.call(program, item.content, args, place, frame, awaited)
    if kind == "constructor":
        return construct.instance(program, item.extra, Arguments([]), place, frame, is_whole=True)
    if kind == "text method":
        return computed.parts(program, item, args)
    if kind == "keeps":
        return args.at(0) or EMPTY
    if kind == "named":
        return EMPTY  # the function itself is the other alternative
    return EMPTY


def _owned(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    """What a library's method gives, as of the project's subclass that it was called on."""
    given = outside.call(program, item.extra, args, place, frame, awaited, None)
    marked = owned.mark(program, item.content, given)
    return (program.make(Wrapped, "awaitable", marked),) if awaited else marked


def _entered(
    program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool
) -> Value:
    """A function that runs inside of the context manager it was decorated with."""
    if place is not None:
        iterate.enter(program, item.extra, place, frame, False)
        iterate.leave(program, item.extra, place, frame, False)
    return calls.call(program, item.content, args, place, frame, awaited)


def _manager(program: Program, item: Wrapped, args: Arguments, frame: Frame, awaited: bool) -> Value:
    """The context managers that a generator function under `contextmanager` makes."""
    made = calls.call(program, item.content, args, None, frame, awaited)
    kinds = {"generator": "manager", "async generator": "async manager"}
    return tuple([
        program.make(Made, kinds[v.kind], v.context) if v.__class__ is Made and v.kind in kinds else v for v in made
    ])  # fmt: skip


def attribute(program: Program, item: Wrapped, name: str, place: Place | None, frame: Frame) -> Value:
    kind = item.kind
    if kind == "namespace":
        return attributes.of_module(program, item, name, frame)
    if kind == "owned":
        return owned.mark(program, item.content, outside.attribute(program, item.extra, name, place, frame))
    if kind == "queue":
        return queues.attribute(program, item, name, place, frame)
    if kind == "dispatcher" and name == "register":
        return (program.make(Wrapped, "dispatcher register", EMPTY, item.extra),)
    if kind == "property":
        return (program.make(Wrapped, f"property {name}", item.content, item.extra),)
    if kind == "future":
        full = f"concurrent.futures.Future().{name}"
        content = item.content if name == "result" else EMPTY
        return (program.make(Wrapped, "method", content, full),)
    if kind == "awaitable":
        if name == "result" and item.extra in ("task", "held"):
            return (program.make(Wrapped, "callable", item.content),)
        return (program.outside(f"asyncio.Task().{name}"),)
    if kind == "callable result":
        return (program.make(Wrapped, "callable", item.content),)
    if kind == "named":
        return outside.attribute(program, item.extra, name, place, frame)
    if kind == "variable" and name == "get":
        kept = program.read(item.extra, frame) if item.extra is not None else EMPTY
        return (program.make(Wrapped, "callable", union(item.content, kept)),)
    if kind == "variable" and name == "set" and item.extra is not None:
        return (program.make(Wrapped, "setter", EMPTY, item.extra),)
    if kind == "fields":
        fields: dict[str, Value] = dict(item.extra)
        return fields.get(name, EMPTY)
    if kind in ("memoised", "offloaded", "manager function") and item.content:
        if name == "__wrapped__":
            return item.content
        return EMPTY
    return EMPTY
