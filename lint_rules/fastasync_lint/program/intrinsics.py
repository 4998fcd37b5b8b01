"""The few functions of the language whose meaning is no catalogue row: `getattr`, `super`, `partial` and their kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    asked,
    assign,
    attributes,
    builders,
    callers,
    calls,
    computed,
    dispatch,
    expressions,
    hints,
    iterate,
    operators,
    providers,
    record,
    signals,
)
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Constant,
    Instance,
    Partial,
    Super,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST_BOUND = 8
"""Arguments that partials of one function gather: more come of a partial that is stored where it was read."""


def run(
    program: Program, name: str, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None
) -> Value | None:
    handler = _HANDLERS.get(name)
    return None if handler is None else handler(program, args, place, frame, node)


def _wrap(kind: str) -> Callable[..., Value]:
    def wrap(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
        content = args.at(0) or EMPTY
        if not content:
            return (program.make(Wrapped, "keeps", EMPTY),)
        return (program.make(Wrapped, kind, content),)

    return wrap


def _keeps(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return (program.make(Wrapped, "keeps", EMPTY),)


def _signal(kind: str) -> Callable[..., None]:
    def note(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> None:
        signals.note(program, kind, place, frame, node)

    return note


def _same(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return args.at(0) or EMPTY


def _partial(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    if not args.positional or not args.positional[0]:
        return EMPTY
    rest = tuple(args.positional[1:])
    plain = tuple([item for item in args.positional[0] if item.__class__ is not Partial])
    made: Value = (program.make(Partial, plain, rest, tuple(args.keywords.items())),) if plain else EMPTY
    for item in args.positional[0]:
        # As at run time, a partial of a partial is one partial. Nested, `self.run = partial(self.run, x)` would double
        # the ways through it with each time that the attribute is read.
        if item.__class__ is Partial and len(item.args) < MOST_BOUND:
            keywords = {**dict(item.keywords), **args.keywords}
            made = union(made, (program.make(Partial, item.callee, (*item.args, *rest), tuple(keywords.items())),))
    return made


def _super(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    context = frame.context
    while context is not None and context.function.owner is None:
        context = context.function.closure
    if context is None or context.function.owner is None:
        return EMPTY
    receiver = context.receiver
    if receiver.__class__ is not Instance and receiver.__class__ is not ClassScope:
        receiver = context.function.owner.of(False)
    return (program.make(Super, context.function.owner, receiver),)


def _true(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return program.true


def _context_variable(
    program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None
) -> Value:
    """`ContextVar("session")`: what it holds is its default, and what it is set to."""
    default = tuple([v for v in args.at(None, "default") or EMPTY if v.__class__ is not Constant])
    kept = program.variables.setdefault((frame.module.path, place), Cell(None, ""))
    return (program.make(Wrapped, "variable", default, kept),)


def _setattr(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    for text in args.at(1) or EMPTY:
        if text.__class__ is Constant and text.value.__class__ is str:
            assign.set_attribute(program, args.at(0) or EMPTY, text.value, args.at(2) or EMPTY, place, frame)
    return EMPTY


def _type(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return hints.classes(args.at(0) or EMPTY)


def _cast(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    declared = EMPTY if node is None or not node.args else hints.typed(program, node.args[0], frame)
    return declared or args.at(1) or EMPTY


def _type_alias(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`TypeVar("S", bound=Session)`, `NewType("Inbox", Path)`: the bound, the constraints, the supertype."""
    content: Value = EMPTY
    if node is not None:
        for part in [*node.args[1:], *(value for name, value in node.keywords if name in ("bound", "value"))]:
            content = union(content, hints.typed(program, part, frame))
    is_variable = node is not None and expressions.path(node.func).endswith("TypeVar")
    return (program.make(Wrapped, "type", content, "variable" if is_variable else None),)


def _enter(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`stack.enter_context(manager)`."""
    return EMPTY if place is None else iterate.enter(program, args.at(0) or EMPTY, place, frame, False)


def _enter_async(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`await stack.enter_async_context(manager)`."""
    entered = EMPTY if place is None else iterate.enter(program, args.at(0) or EMPTY, place, frame, True)
    return (program.make(Wrapped, "awaitable", entered),)


def _field(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """A field of a dataclass or model: what its default, or its default factory, gives."""
    factory = args.at("default_factory") or args.at("factory")
    made = calls.elsewhere(program, factory, Arguments([]), frame) if factory else EMPTY
    return union(made, args.at(0, "default") or EMPTY)


def _new(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return tuple([item.of(True) for item in args.at(0) or EMPTY if item.__class__ is ClassScope])


def _function_check(wanted: int) -> Callable[..., Value]:
    """`inspect.iscoroutinefunction` and its kin."""
    asks = frozenset({wanted})

    def check(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
        held = args.at(0) or EMPTY
        if node is not None and node.args and expressions.path(node.args[0]):
            return asked.check(program, asks, node.args[0], held, frame)
        answer = asked.answer(program, held, asks)
        return EMPTY if answer is None else program.constant(answer)

    return check


def _ended_check(
    program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None
) -> Value | None:
    """`process.poll()`: None while it runs."""
    if node is None or node.func.__class__ is not ir.Attr or not expressions.path(node.func.value):
        return None
    held = expressions.evaluate(program, node.func.value, frame)
    return asked.check(program, asked.ENDED, node.func.value, held, frame)


def special(name: str, many: bool = False) -> Callable[..., Value]:
    """`len(x)`, `str(x)`, `bool(x)`: the special method of a project object runs; with `many`, of each argument."""

    def run_special(
        program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None
    ) -> Value:
        first = args.at(0) or EMPTY
        for item in (item for value in args.positional for item in value) if many else first:
            if item.__class__ is Instance:
                method = attributes.method(program, item, operators.defined(item, name), frame)
                calls.call(program, method, Arguments([]), place, frame, False)
            else:
                record.special(program, item, name, place, frame)
        return EMPTY

    return run_special


def _method_caller(program: Program, args: Arguments, *rest: Any) -> Value:
    return callers.method(program, args)


def _attribute_getter(program: Program, args: Arguments, *rest: Any) -> Value:
    return callers.attribute(program, args)


def _provider(program: Program, args: Arguments, place: Place | None, frame: Frame, *rest: Any) -> Value:
    return providers.injecting(program, args, frame)


def _reference(program: Program, args: Arguments, *rest: Any) -> Value:
    """`weakref.ref(owner)`: calling it gives the owner."""
    return (program.make(Wrapped, "callable", args.at(0) or EMPTY),)


def _computed(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`@computed_field`: a method becomes a property, and a property stays one."""
    content = args.at(0) or EMPTY
    if any(item.__class__ is Wrapped for item in content):
        return content
    return (program.make(Wrapped, "property", content) if content else program.make(Wrapped, "keeps", EMPTY),)


def _dispatcher(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    return dispatch.make(program, args.at(0) or EMPTY, frame)


_HANDLERS: dict[str, Callable[..., Value | None]] = {
    "property": _wrap("property"), "cached property": _wrap("cached property"), "static": _wrap("static"),
    "class method": _wrap("class method"), "manager function": _wrap("manager function"), "keeps": _keeps,
    "closing": _wrap("closing"),
    "same": _same, "partial": _partial, "super": _super, "getattr": computed.attribute, "setattr": _setattr,
    "fields": builders.fields, "dict": builders.dictionary, "iter": builders.iterator, "push": builders.push,
    "namespace": computed.namespace, "members": computed.members,
    "default dict": builders.default_dict, "record type": builders.record_type,
    "context variable": _context_variable, "true": _true,
    "type": _type, "cast": _cast,
    "type alias": _type_alias, "enter": _enter, "enter async": _enter_async,
    "reduce": callers.reduce, "field": _field, "new": _new, "import": computed.imported,
    "method caller": _method_caller, "attribute getter": _attribute_getter,
    "provider": _provider, "computed": _computed, "reference": _reference, "dispatcher": _dispatcher,
    "coroutine check": _function_check(ir.ASYNC), "generator check": _function_check(ir.GENERATOR),
    "async generator check": _function_check(ir.ASYNC | ir.GENERATOR), "ended check": _ended_check,
    "len": special("__len__"), "str": special("__str__"), "bool": special("__bool__"), "repr": special("__repr__"),
    "hash": special("__hash__"), "int": special("__int__"), "float": special("__float__"),
    "print": special("__str__", many=True), "format": special("__format__"),
    "thread started": _signal("thread started"), "thread joined": _signal("thread joined"),
    "event set": _signal("event set"), "event waited for": _signal("event waited for"),
    "event asked": _signal("event asked"), "event cleared": _signal("event cleared"),
}  # fmt: skip
