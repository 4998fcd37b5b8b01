"""`operator.methodcaller` and `operator.attrgetter`: they do with what they are given what they were made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.program import attributes, calls
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
