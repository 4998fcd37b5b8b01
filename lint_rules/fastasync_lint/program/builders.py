"""Collections and records that functions of the language make, and grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import calls, iterate, subscripts
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.values import EMPTY, Constant, Items, Mapping, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def fields(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`SimpleNamespace(cache=…)`: the arguments are the attributes."""
    return (program.make(Wrapped, "fields", EMPTY, tuple(args.keywords.items())),)


def dictionary(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    rest: Value = EMPTY
    for item in args.at(0) or EMPTY:
        if item.__class__ is Mapping:
            rest = union(rest, item.any())
        else:
            for pair in iterate.elements(program, (item,), place, frame, False):
                if pair.__class__ is Items and len(pair.items) == 2:
                    rest = union(rest, pair.items[1])
    return (program.make(Mapping, tuple(args.keywords.items()), rest),)


def default_dict(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`defaultdict(factory)`: every key has what the factory gives, which runs where a key is asked for."""
    factory = args.at(0, "default_factory") or EMPTY
    held = program.make(Mapping, (), calls.elsewhere(program, factory, Arguments([]), frame))
    ours = tuple([item for item in factory if item.__class__ not in (str, Constant)])
    return (held, program.make(Wrapped, "default", ours)) if ours else (held,)


def record_type(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`namedtuple("Deps", "cache url")`: calling it gives an object of these attributes."""
    given = node.args[1] if node is not None and len(node.args) > 1 else None
    parts = given.items if isinstance(given, ir.Seq) else [given]
    names = " ".join(p.value for p in parts if isinstance(p, ir.Const) and p.value.__class__ is str)
    return (program.make(Wrapped, "record type", EMPTY, tuple(names.replace(",", " ").split())),)


def push(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`heappush(heap, item)`: the list that the name holds has one more element."""
    if node is not None and len(node.args) > 1:
        item = args.at(1) or EMPTY
        subscripts.append(program, node.args[0], EMPTY, item, frame)
        iterate.sort(program, item, args, place, frame)
    return EMPTY


def iterator(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`iter(collection)`, and `iter(read, b"")`, which calls it for each element."""
    first = args.at(0) or EMPTY
    if len(args.positional) < 2:
        return first
    return iterate.lazily(
        program, (place, "iter"), frame, lambda: calls.call(program, first, Arguments([]), place, frame, False)
    )
