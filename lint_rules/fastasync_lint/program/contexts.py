"""A function under evaluation: one context per receiver class and per argument that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program.scopes import ClassScope, ModuleScope, Scope, Task
from fastasync_lint.program.values import (
    COLLECTIONS,
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Lazy,
    Made,
    Many,
    Mapping,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

CALLABLE_CONTEXTS, RECEIVER_CONTEXTS, OTHER_CONTEXTS, FLAG_CONTEXTS, COLLECTION_CONTEXTS = 400, 40, 12, 6, 4
"""Contexts of one function that its arguments may make: when one is a plain function, when only the receiver tells
them apart, and otherwise; those that only switches tell apart, once there are as many of the others; and those that
collections may tell apart, which differ at each caller and seldom in what they lead to."""
HANDED_CONTEXTS = 2
"""Contexts that a callable makes of the function it is handed to, when that one has its fill."""

Place = tuple[int, int]
Sink = tuple[str, str, int, str, str]
"""(name, rule, severity, kind, twin)"""


class Edge:
    """A call that runs `targets` here. With `needed` > 1 that many of them must block for the call to.

    `fresh`: a constructor calls a method of the object that nobody else has yet.
    """

    __slots__ = ("fresh", "kind", "label", "memo", "needed", "targets")

    def __init__(
        self, targets: tuple[Context, ...], kind: str, label: str, memo: bool, needed: int, fresh: bool
    ) -> None:
        self.fresh = fresh
        self.targets = targets
        self.kind = kind
        self.label = label
        self.memo = memo
        self.needed = needed


class Context(Task):
    """One function with the values that its parameters have here. `value` is what it returns."""

    __slots__ = (
        "awaits", "captured", "edges", "env", "events", "function", "index", "locks", "module", "node", "receiver",
        "root", "shared", "sinks", "startup", "tasked", "threaded", "unresolved", "yields",
    )  # fmt: skip

    def __init__(self, function: FunctionValue, receiver: Any, env: dict[str, Value], index: int) -> None:
        super().__init__()
        self.function = function
        self.node = function.node
        self.module: ModuleScope = function.scope.module
        self.receiver = receiver
        self.env = env
        self.index = index
        self.yields: Value = EMPTY
        self.captured: dict[str, Value] = {}
        self.sinks: dict[Place, list[tuple[Sink, bool]]] = {}
        self.edges: dict[Place, list[Edge]] = {}
        self.awaits: dict[Context, None] = {}
        self.events: list[tuple[str, Place, dict[str, str]]] = []
        self.locks: list[tuple[Any, Place, bool]] = []
        """(identity, place, whether only the first call takes it)"""
        self.root = ""
        self.startup = False
        self.tasked = False
        """Whether it was made a task of somewhere."""
        self.threaded = False
        """Whether it was handed to a thread somewhere."""
        self.unresolved: set[int] = set()
        self.shared: set[str] = set()
        """Names that nested functions set by `nonlocal`."""


class Frame:
    """Where evaluation stands: the names of this block, and who is to hear of growth."""

    __slots__ = (
        "breaks",
        "closure",
        "context",
        "dead",
        "env",
        "given",
        "memo",
        "module",
        "off_loop",
        "owner",
        "paths",
        "place",
        "polls",
        "ready",
        "scheduling",
        "scope",
        "shares",
        "task",
    )

    def __init__(
        self, task: Task, scope: Scope, closure: Context | None, owner: ClassScope | None, context: Context | None
    ) -> None:
        self.task = task
        self.scope = scope
        self.module: ModuleScope = scope.module
        self.closure = closure
        self.owner = owner
        self.context = context
        self.shares: set[str] | tuple[()] = context.shared if context is not None else ()
        self.env: dict[str, Value] = {}
        self.given: dict[str, Value] = {}
        """What the parameters held at the start."""
        self.paths: dict[str, Value] = {}
        self.dead = False
        self.breaks: list[tuple[dict[str, Value], dict[str, Value]]] = []
        self.memo = False
        self.off_loop = False
        self.polls = False
        """Inside a `try` that hears of what would have blocked."""
        self.ready = False
        """Whether something was found ready by a selector."""
        self.scheduling = False
        self.place: Place | None = None
        """Of the condition under evaluation, for names, which keep no place of their own."""

    def closure_for_nested(self) -> Context | None:
        """What functions defined here close over."""
        return self.context if self.context is not None else self.closure


class Arguments:
    """The values of a call. `open`: a `*rest` or `**rest` of unknown length is among them."""

    __slots__ = ("keywords", "open", "positional")

    def __init__(
        self, positional: list[Value], keywords: dict[str, Value] | None = None, is_open: bool = False
    ) -> None:
        self.positional = positional
        self.keywords = keywords or {}
        self.open = is_open

    def at(self, index: int | str | None, name: str = "") -> Value | None:
        """The argument at a position or of a keyword; None if not given."""
        if name and name in self.keywords:
            return self.keywords[name]
        if isinstance(index, str):
            return self.keywords.get(index)
        if index is not None and index < len(self.positional):
            return self.positional[index]
        return None


def bind(
    program: Program, function: FunctionValue, args: Arguments, is_plain: bool = False
) -> tuple[tuple[Any, ...], dict[str, Value]]:
    """Match arguments to parameters: the key of the context, and the values that make it."""
    node = function.node
    env: dict[str, Value] = {}
    key: list[Any] = []
    position = 0
    positional = args.positional
    used = 0
    for param in node.params:
        kind = param.kind
        name = param.name
        value: Value | None = None
        if kind == ir.POSITIONAL:
            if position < len(positional):
                value = positional[position]
                position += 1
            elif name in args.keywords:
                value = args.keywords[name]
                used += 1
            elif args.open:
                value = EMPTY
        elif kind == ir.KEYWORD_ONLY:
            if name in args.keywords:
                value = args.keywords[name]
                used += 1
        elif kind == ir.VARARG:
            rest = tuple(positional[position:])
            value = (program.make(Items, rest),) if any(rest) else EMPTY
        elif used < len(args.keywords):
            names = {p.name for p in node.params if p.kind in (ir.POSITIONAL, ir.KEYWORD_ONLY)}
            left = tuple((k, v) for k, v in args.keywords.items() if k not in names)
            value = (program.make(Mapping, left, EMPTY),) if any(v for _, v in left) else EMPTY
        if value is None:
            default = param.default
            if not is_plain and isinstance(default, ir.Const) and name in node.tested and not args.open:
                # a call that leaves it out decides the branches that look at it
                env[name] = (program.make(Constant, default.value),)
                key.append((name, env[name]))
            continue
        kept = _kept(program, function, param, value)
        if kept:
            env[name] = kept
            key.append((name, kept))
        elif param.default is not None:
            env[name] = EMPTY  # given, so the default does not count
            key.append((name, EMPTY))
    return tuple(key), env


def accepts(function: FunctionValue, args: Arguments) -> bool:
    """Whether a function takes the keywords of a call. What a decorator makes of it is not looked at."""
    node = function.node
    if args.open or node.decorators or any(param.kind == ir.KWARG for param in node.params):
        return True
    return args.keywords.keys() <= {param.name for param in node.params}


def handed_over(key: tuple[Any, ...]) -> list[Any]:
    """What tells the callables in a context's key apart: where they are defined, or the name of what is outside."""
    found: list[Any] = []
    for _, value in key:
        for item in value:
            if item.__class__ is Partial and item.callee:
                item = item.callee[0]
            if item.__class__ is Bound:
                item = item.function
            if item.__class__ is FunctionValue:
                found.append(id(item.node))
            elif item.__class__ is str and not item.endswith("()"):
                found.append(item)
    return found


def flags(key: tuple[Any, ...], function: FunctionValue) -> tuple[Any, ...]:
    """What is left of a context's key when only the receiver, switches and objects from outside count: a session that
    is handed on, but not for which model. Empty without any of the two."""
    left = [(name, value) for name, value in key if value and all(_counts_in_a_crowd(item) for item in value)]
    if not left:
        return ()
    receiver = key[:1] if function.owner is not None and key[0][0] == function.node.params[0].name else ()
    return (*receiver, *left)


def without_collections(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is left of a context's key when collections do not count."""
    return tuple([(name, value) for name, value in key if not any(item.__class__ in COLLECTIONS for item in value)])


def _counts_in_a_crowd(item: Any) -> bool:
    return (item.__class__ is Constant and item.value.__class__ is bool) or (
        item.__class__ is str and item.endswith("()")
    )


def _kept(program: Program, function: FunctionValue, param: ir.Param, value: Value) -> Value:
    tested = param.name in function.node.tested
    if function.node.name == "__getattr__" and value and value[0].__class__ is Constant:
        return value
    kept = tuple([item for item in value if _matters(program, item, tested)])
    if not kept or param.annotation is None:
        return kept
    declared = program.declared(function, param)
    if not declared:
        return kept
    return tuple([item for item in kept if _narrows(program, item, declared)])


def _matters(program: Program, item: Any, tested: bool, deep: int = 3) -> bool:
    kind = item.__class__
    if kind is str:
        return program.known(item)
    if kind is Constant:
        return tested and (item.value is None or item.value.__class__ is bool or item.value == 0)
    if kind is Many or kind is Items or kind is Mapping:
        return deep > 0 and _holds_what_matters(program, item, deep)
    return kind in _OBJECTS


_OBJECTS = frozenset({FunctionValue, Bound, Partial, ClassScope, Instance, Made, Wrapped, Lazy})


def _holds_what_matters(program: Program, item: Any, deep: int) -> bool:
    key = (item, deep)
    found = program.weights.get(key)
    if found is None:
        kind = item.__class__
        held = item.element if kind is Many else item.any() if kind is Mapping else [v for i in item.items for v in i]
        found = program.weights[key] = any(_matters(program, inner, False, deep - 1) for inner in held)
    return found


def _narrows(program: Program, item: Any, declared: Value) -> bool:
    """Whether an argument says more than the parameter's annotation."""
    if item in declared:
        return False
    kind = item.__class__
    if kind is Constant:
        return True
    if kind is Instance:
        classes = [d.cls for d in declared if d.__class__ is Instance]
        return (
            not classes
            or any(item.cls is not cls and item.cls.derives_from(cls) for cls in classes)
            or any(cls.is_protocol for cls in classes)
            or (item.cls in classes and item.exact)
        )
    if kind is str:
        if item.endswith("()") and any(d.__class__ is str and program.known(d) for d in declared):
            memory = program.in_memory(item)
            return memory and not all(d == item for d in declared)
        return True
    return kind is not Many and kind is not Items and kind is not Mapping


def merge(into: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """Join two branches' names; `into` is changed and given back."""
    held = into.get
    for name in [name for name, value in other.items() if held(name) is not value]:
        mine = held(name)
        into[name] = other[name] if mine is None else union(mine, other[name])
    return into
