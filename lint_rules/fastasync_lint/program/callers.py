"""What calls something of what it is given: `methodcaller` and `attrgetter` their attribute, `reduce` a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, calls, iterate
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.values import EMPTY, Constant, Items, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def method(program: Program, args: Arguments) -> Value:
    """`methodcaller("get", url)`."""
    given = program.make(Items, tuple(args.positional[1:]))
    return (program.make(Wrapped, "method caller", args.at(0) or EMPTY, (given, tuple(args.keywords.items()))),)


def attribute(program: Program, args: Arguments) -> Value:
    """`attrgetter("get")`."""
    return (program.make(Wrapped, "method caller", args.at(0) or EMPTY),)


def call(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    """The attribute of what is given; called, if there are arguments for that."""
    out: Value = EMPTY
    for name in item.content:
        for held in args.at(0) or EMPTY:
            if name.__class__ is Constant and name.value.__class__ is str:
                found = attributes.one(program, held, name.value, place, frame)
                if item.extra is not None:
                    given, keywords = item.extra
                    rest = Arguments(list(given.items), dict(keywords))
                    found = calls.call(program, found, rest, place, frame, awaited)
                out = union(out, found)
    return out


def reduce(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`reduce(f, items, first)`."""
    element = iterate.elements(program, args.at(1) or EMPTY, place, frame, False)
    left = union(element, args.at(2, "initial") or EMPTY)
    made = calls.call(program, args.at(0) or EMPTY, Arguments([left, element]), place, frame, False)
    return union(left, made)
