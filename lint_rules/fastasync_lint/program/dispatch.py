"""`functools.singledispatch`: the first argument's class decides which of the registered functions is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.program import attributes, calls
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell
from fastasync_lint.program.values import EMPTY, Bound, FunctionValue, Instance, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def make(program: Program, functions: Value, frame: Frame) -> Value:
    """The dispatcher that decorating a function makes."""
    named = [item.node.qualname for item in functions if item.__class__ is FunctionValue]
    if not named:
        return functions
    registered = program.variables.setdefault((frame.module.path, named[0]), Cell(None, ""))
    return (program.make(Wrapped, "dispatcher", functions, registered),)


def register(program: Program, item: Wrapped, args: Arguments) -> Value:
    """`show.register` as a decorator, also with a class: `show.register(int)`."""
    for given in args.positional[:2]:
        functions = tuple([v for v in given if v.__class__ is FunctionValue])
        if functions:
            program.grow(item.extra, functions)
            return given
    return (item,)


def bound(program: Program, item: Wrapped, receiver: Any, place: Place | None, frame: Frame) -> Value:
    """A dispatcher of methods on an instance."""
    functions = union(item.content, program.read(item.extra, frame))
    return (program.make(Wrapped, "dispatcher", attributes.bind_all(program, functions, receiver, place, frame)),)


def call(program: Program, item: Wrapped, args: Arguments, place: Place | None, frame: Frame, awaited: bool) -> Value:
    """Call what may be meant. Which function it is only the argument's class would tell, so unless one is left each
    is as uncertain as what a memo may spare."""
    functions = union(item.content, program.read(item.extra, frame) if item.extra is not None else EMPTY)
    given = args.at(0) or EMPTY
    meant = tuple([function for function in functions if _takes(program, function, given)])
    return calls.call(program, meant, args, place, frame, awaited, memo=len(meant) > 1)


def _takes(program: Program, callee: Any, given: Value) -> bool:
    """Whether a function's annotation allows what is given; where nothing is known, it does."""
    function = callee.function if callee.__class__ is Bound else callee
    if function.__class__ is not FunctionValue:
        return True
    params = function.node.params[1:] if callee.__class__ is Bound else function.node.params
    classes = [v.cls for v in given if v.__class__ is Instance]
    if not params or not classes or len(classes) < len(given):
        return True
    declared = [v.cls for v in program.declared(function, params[0]) if v.__class__ is Instance]
    return not params[0].annotation or any(cls.derives_from(other) for cls in classes for other in declared)
