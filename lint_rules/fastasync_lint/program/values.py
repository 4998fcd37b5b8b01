"""What an expression can be.

A *value* is a tuple of alternatives, without doubles, in the order found; the empty tuple is "unknown". Alternatives
are interned, so identity is equality. Things from outside the project are plain texts in the catalogue's notation
(`requests.Session`, `requests.Session()`, `requests.Session().get`); things of the project are the classes below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from fastasync_lint.facts import ir
    from fastasync_lint.program.contexts import Context
    from fastasync_lint.program.scopes import ClassScope, Scope

Value: TypeAlias = tuple[Any, ...]
EMPTY: Value = ()
WIDEST = 24
"""Alternatives kept of one value: more say that nothing definite is known."""
FOREIGN = "?"
"""Something from outside that no row of the catalogue is about: it can be called and asked for attributes, which are
foreign too, and nothing of it is ever reported."""


def union(one: Value, two: Value) -> Value:
    """All alternatives of both. Collections of one kind become one collection, or they would multiply."""
    if not two or one is two:
        return one
    if not one:
        return two
    extra = tuple([item for item in two if item not in one])
    if not extra:
        return one
    both = one + extra
    collections = 0
    for item in both:
        if item.__class__ is Mapping or item.__class__ is Many:
            collections += 1
    if collections > 1:
        merged = store.merged.get(both)
        if merged is None:
            merged = store.merged[both] = _merge(both)
        return merged
    return both[:WIDEST]


def _merge(both: Value) -> Value:
    merged = both
    for kind in (Many, Mapping):
        if sum(item.__class__ is kind for item in merged) > 1:
            merged = _merge_collections(merged, kind)
    return merged[:WIDEST]


def _merge_collections(both: Value, kind: type[Any]) -> Value:
    held = [item for item in both if item.__class__ is kind]
    if kind is Many:
        element: Value = EMPTY
        for item in held:
            element = union(element, item.element)
        merged: Any = make(Many, element)
    else:
        keys: dict[Any, Value] = {}
        rest: Value = EMPTY
        for item in held:
            rest = union(rest, item.rest)
            for key, value in item.keys:
                keys[key] = union(keys.get(key, EMPTY), value)
        merged = make(Mapping, tuple(keys.items()), rest)
    return (*tuple([item for item in both if item.__class__ is not kind]), merged)


class Constant:
    """A literal: None, a boolean, a number or a short text."""

    __slots__ = ("value",)

    def __init__(self, value: bool | int | float | str | None) -> None:
        self.value = value


class Instance:
    """An instance of a project class. Not `exact`: of it or of a subclass."""

    __slots__ = ("cls", "exact")

    def __init__(self, cls: ClassScope, exact: bool) -> None:
        self.cls = cls
        self.exact = exact


class FunctionValue:
    """A project function with what it closes over; `owner` is the class whose body defines it."""

    __slots__ = ("closure", "node", "owner", "scope")

    def __init__(self, node: ir.Function, scope: Scope, closure: Context | None, owner: ClassScope | None) -> None:
        self.node = node
        self.scope = scope
        self.closure = closure
        self.owner = owner


class Bound:
    """A method with its receiver."""

    __slots__ = ("deep", "function", "receiver")

    def __init__(self, function: Any, receiver: Any) -> None:
        self.function = function
        self.receiver = receiver
        self.deep = 1 + deepest((receiver,), (function,))


class Partial:
    __slots__ = ("args", "callee", "deep", "keywords")

    def __init__(self, callee: Value, args: tuple[Value, ...], keywords: tuple[tuple[str, Value], ...]) -> None:
        self.callee = callee
        self.args = args
        self.keywords = keywords
        self.deep = 1 + deepest(callee, *args, *(v for _, v in keywords))


class Made:
    """What calling a coroutine, generator or context-manager function gives; its body has yet to run."""

    __slots__ = ("context", "kind")

    def __init__(self, kind: str, context: Context) -> None:
        self.kind = kind
        """"coroutine", "generator", "async generator" or "manager"."""
        self.context = context


class Wrapped:
    """A marked value: "awaitable" and "future" of a result, "offloaded", "memoised", "manager", "static",
    "class method", "property", "cached property", "depends", "loop callback decorator" …"""

    __slots__ = ("content", "deep", "extra", "kind")

    def __init__(self, kind: str, content: Value, extra: Any = None) -> None:
        self.kind = kind
        self.content = content
        self.extra = extra
        self.deep = 1 + deepest(content)


class Items:
    """A tuple of known length."""

    __slots__ = (
        "deep",
        "items",
    )

    def __init__(self, items: tuple[Value, ...]) -> None:
        self.items = items
        self.deep = 1 + deepest(*items)


class Many:
    """A collection of alike elements; `kind` is "list" or "iterator" (lazy)."""

    __slots__ = (
        "deep",
        "element",
    )

    def __init__(self, element: Value) -> None:
        self.element = element
        self.deep = 1 + deepest(element)


class Lazy:
    """A generator expression or `map`: what it does is done by whoever iterates it."""

    __slots__ = ("context", "deep", "edges", "element", "key", "sinks")

    def __init__(self, key: object, context: Any) -> None:
        self.key = key
        self.context = context
        self.element: Value = EMPTY
        self.sinks: dict[Any, Any] = {}
        self.edges: dict[Any, Any] = {}
        self.deep = 1


class Mapping:
    """A dictionary: values of literal keys, and of all others."""

    __slots__ = ("_any", "deep", "keys", "rest")

    def __init__(self, keys: tuple[tuple[Any, Value], ...], rest: Value) -> None:
        self.keys = keys
        self.rest = rest
        self._any: Value | None = None
        self.deep = 1 + deepest(rest, *(v for _, v in keys))

    def any(self) -> Value:
        value = self._any
        if value is None:
            value = self.rest
            for _, item in self.keys:
                value = union(value, item)
            self._any = value
        return value


class Check:
    """The answer of a test, which a name or attribute may keep: what was asked of which expression, and where.

    `asks`: the kinds of functions (their flags) of which it is true, or "ended". `held`: what the expression was then;
    None where that does not matter any more. `sure`: the one answer that says something, or None: both do.
    """

    __slots__ = ("asks", "function", "held", "owner", "subject", "sure")

    def __init__(
        self, asks: Any, subject: ir.Expr, function: Any, owner: Any, held: Value | None, sure: bool | None
    ) -> None:
        self.asks = asks
        self.subject = subject
        self.function = function
        self.owner = owner
        self.held = held
        self.sure = sure


class Super:
    """`super()` in a method of `owner` on `receiver`."""

    __slots__ = ("owner", "receiver")

    def __init__(self, owner: ClassScope, receiver: Any) -> None:
        self.owner = owner
        self.receiver = receiver


class Store:
    """The interned objects of one program, and what was found out about them."""

    __slots__ = ("merged", "packages", "seen", "settled")

    def __init__(self, packages: frozenset[str] = frozenset()) -> None:
        self.packages = packages
        """First parts of the names of the project's modules."""
        self.seen: dict[tuple[Any, ...], Any] = {}
        self.merged: dict[Value, Value] = {}
        self.settled: dict[Any, Any] = {}


store = Store()
"""The one of the program under evaluation."""


def make(kind: type[Any], *content: Any) -> Any:
    """The one object of this content."""
    key = (kind, content[0].__class__, content[0]) if kind is Constant else (kind, *content)
    found = store.seen.get(key)
    if found is None:
        found = store.seen[key] = kind(*content)
    return found


_SUFFIXES = frozenset({
    "cfg", "conf", "csv", "db", "html", "ini", "jpg", "js", "json", "jsonl", "log", "md", "parquet", "pdf", "pkl",
    "png", "py", "sql", "sqlite", "svg", "toml", "txt", "xml", "yaml", "yml", "zip",
})  # fmt: skip


def names_ours(item: Any) -> bool:
    """Whether something is a text such as `"app.stores.redis:Redis"`, by which something of the project is imported:
    not the name of a file."""
    if item.__class__ is not Constant or item.value.__class__ is not str:
        return False
    package, dot, rest = item.value.partition(".")
    return bool(dot) and package in store.packages and rest.rpartition(".")[2] not in _SUFFIXES


def use(other: Store) -> None:
    """Make objects in this store from now on: those of one program are never compared with another's."""
    global store
    store = other


COLLECTIONS = frozenset({Mapping, Many, Items})


def deepest(*values: Value) -> int:
    """How deeply containers nest in any of the values."""
    found = 0
    for value in values:
        for item in value:
            deep = getattr(item, "deep", 0)
            if deep > found:
                found = deep
    return found
