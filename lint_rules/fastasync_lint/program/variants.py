"""Objects of one class that are told apart by what they are made with: functions, `Job(quick)` and `Job(slow)`, and
switches, `Client(wait=False)`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import asked, crowd, expressions, fields, generics
from fastasync_lint.program.contexts import NO_TYPES, Arguments, Frame
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import EMPTY, Constant, Instance, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST_VARIANTS = 8
"""Of one class; what is made with other functions or switches than these is an object of the class itself, of which
its attributes may hold any."""


class Kept(NamedTuple):
    """A parameter of which a constructor keeps something. `switch`: the attribute that holds just that, and that
    conditions ask for; "" if there is none. `default`: the switch where it is not given. `is_rest`: `*functions`."""

    position: int
    name: str
    switch: str = ""
    default: bool | None = None
    is_rest: bool = False


def made_with(cls: ClassScope, args: Arguments) -> ClassScope:
    """The class as one that is made with these arguments, if functions or switches among them are kept."""
    cls = cls.general
    if cls.origin is not None:
        return cls
    if cls.keeps is None:
        cls.keeps = _kept(cls)
    told = []
    literals: dict[str, bool] = {}
    for kept in cls.keeps:
        value = args.at(kept.position, kept.name)
        given = args.positional[kept.position :] if kept.is_rest else [value or EMPTY]
        functions = tuple([each for held in given for item in held if (each := _told(item)) is not None])
        if functions:
            told.append((kept.name, functions))
        elif kept.switch and (switch := _switch(value, kept, args)) is not None:
            told.append((kept.name, (switch,)))
            literals[kept.switch] = switch
    key = tuple(told)
    found = cls.variants.get(key) if key else cls
    if found is None:
        if len(cls.variants) >= MOST_VARIANTS:
            return cls
        found = cls.variants[key] = generics.specialised(cls, NO_TYPES)
        found.is_variant, found.literals = True, {**_handed_up(cls), **literals}
    return found


def _told(item: Any) -> Any:
    """What tells a function from others; None of a module, and of what is not known."""
    told = crowd.identity(item)
    return None if told.__class__ is str and "." not in told else told


def _switch(value: Value | None, kept: Kept, args: Arguments) -> bool | None:
    if value is None:
        return None if args.open else kept.default
    item = value[0] if len(value) == 1 else None
    given = item.value if item.__class__ is Constant else None
    return given if given.__class__ is bool else None


def _kept(cls: ClassScope) -> list[Kept]:
    for scope in cls.mro:
        for node, _ in scope.bindings.get("__init__", ()):
            return _kept_by(node.function, cls) if isinstance(node, ir.FuncDef) else []
    return [Kept(index, name) for index, name in enumerate(fields.names(cls))]


def _kept_by(function: ir.Function, cls: ClassScope) -> list[Kept]:
    this = function.params[0].name if function.params else ""
    names: set[str] = set()
    for node in walk.nodes(function.body):
        if isinstance(node, ir.Assign | ir.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ir.Assign) else [node.target]
            if any(_is_of(target, this) for target in targets):
                names |= {part.id for part in walk.nodes(node.value) if isinstance(part, ir.Name)}
    kept = []
    for index, param in enumerate(function.params):
        if index and param.name in names:
            literal = param.default.value if isinstance(param.default, ir.Const) else None
            default = literal if isinstance(literal, bool) else None
            may_be = param.default is None or default is not None
            switch = asked.kept_as(function.body, this, param.name) if may_be else ""
            if not _is_switch(cls, switch):
                switch, default = "", None
            kept.append(Kept(index - 1, param.name, switch, default, param.kind == ir.VARARG))
    return kept


def _is_switch(cls: ClassScope, attribute: str) -> bool:
    """Whether nothing but the constructor sets the attribute of its own object, and a condition asks for it."""
    if not attribute or sum(len(scope.storing(attribute)) for scope in cls.mro) != 1:
        return False
    functions = [
        node.function for scope in cls.mro for held in scope.bindings.values() for node, _ in held
        if isinstance(node, ir.FuncDef) and node.function.params
    ]  # fmt: skip
    return any(
        test.name == attribute and _is_of(test, function.params[0].name)
        for function in functions
        for test in _tests(function)
    )


def _tests(function: ir.Function) -> Iterator[ir.Attr]:
    """The attributes that conditions ask for."""
    for node in walk.nodes(function.body):
        if isinstance(node, ir.If | ir.While | ir.IfExp):
            tests = [node.test]
        elif isinstance(node, ir.BoolOp):
            tests = node.items
        else:
            tests = [node.value] if isinstance(node, ir.Not) else []
        yield from (test for test in tests if isinstance(test, ir.Attr))


def _literals(item: Instance) -> dict[str, bool]:
    """What an object's switches are, whatever it is made with, or as this variant of its class is."""
    cls = item.cls
    if cls.literals is None:
        cls.literals = _handed_up(cls)
    return cls.literals if item.exact or not cls.subclasses else _NONE


_NONE: dict[str, bool] = {}


def _is_of(node: ir.Expr, name: str) -> bool:
    return isinstance(node, ir.Attr) and isinstance(node.value, ir.Name) and node.value.id == name


def _handed_up(cls: ClassScope) -> dict[str, bool]:
    """The switches that constructors hand to those of their bases: `super().__init__(wait=False)`."""
    found: dict[str, bool] = {}
    makers = [node.function for scope in cls.mro for node, _ in scope.bindings.get("__init__", ()) if _is_plain(node)]
    for function, base in itertools.pairwise(makers):
        made = [
            node for node in walk.nodes(function.body)
            if isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) and node.func.name == "__init__"
        ]  # fmt: skip
        if len(made) != 1:
            break
        call, named = made[0], dict(made[0].keywords)
        first = 0 if isinstance(getattr(call.func, "value", None), ir.Call) else 1  # `Base.__init__(self)`
        if "" in named or any(isinstance(arg, ir.Star) for arg in call.args):
            break
        for kept in _kept_by(base, cls):
            at = kept.position + first
            given = call.args[at] if at < len(call.args) else named.get(kept.name)
            literal = given.value if isinstance(given, ir.Const) else None
            switch = kept.default if given is None else literal
            if kept.switch and isinstance(switch, bool):
                found[kept.switch] = switch
    return found


def _is_plain(node: Any) -> bool:
    return isinstance(node, ir.FuncDef) and not node.function.decorators


def loosen(program: Program, cls: ClassScope, name: str, value: Value) -> None:
    """An attribute of objects of this class is set by others: what it was made with decides no more. Of which object,
    is known only where the class is a variant."""
    if not cls.is_variant:
        program.grow(cls.later.setdefault(name, Cell(None, name)), value)
    cls = cls.general
    if name not in cls.loose:
        cls.loose.add(name)
        if name in cls.switches:
            program.wake(cls.switches[name])


def decides(program: Program, node: ir.Attr, frame: Frame) -> bool | None:
    """What a switch says in a condition, if it is the same of all objects that may be meant."""
    found: set[bool | None] = set()
    for item in expressions.evaluate(program, node.value, frame):
        literal = _literals(item).get(node.name) if item.__class__ is Instance else None
        for scope in item.cls.general.mro if literal is not None else ():
            scope.switches.setdefault(node.name, Cell(None, node.name)).readers[frame.task] = None
            literal = None if node.name in scope.loose else literal
        found.add(literal)
    return found.pop() if len(found) == 1 else None
