"""When a function has its fill of contexts, and what tells them apart from then on."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    COLLECTIONS,
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Mapping,
    Partial,
    Value,
    Wrapped,
    make,
)

CALLABLE_CONTEXTS, RECEIVER_CONTEXTS, OTHER_CONTEXTS, FLAG_CONTEXTS, COLLECTION_CONTEXTS = 2000, 40, 12, 6, 4
"""Contexts of one function that its arguments may make: when one is a plain function, when only the receiver tells
them apart, and otherwise; those that only switches tell apart, once there are as many of the others; and those that
collections may tell apart, which differ at each caller and seldom in what they lead to."""
HANDED_CONTEXTS = 2
"""Contexts that a callable makes of the function it is handed to, when that one has its fill; and those of each
function that a decorator makes."""
_DECORATED = ("manager function", "memoised", "offloaded")


class Crowd:
    """The contexts made so far, counted by function."""

    def __init__(self, contexts: Container[tuple[Any, ...]]) -> None:
        """`contexts`: all there are, by function and key."""
        self._contexts = contexts
        self._made: dict[int, int] = {}
        self._made_for: dict[tuple[int, Any], int] = {}
        self._made_inside: dict[FunctionValue, int] = {}
        self._flagged: dict[int, int] = {}
        self._received: dict[FunctionValue, int] = {}
        self._switched: dict[FunctionValue, int] = {}

    def add(self, function: FunctionValue, key: tuple[Any, ...]) -> None:
        """Count one more context."""
        node = id(function.node)
        if all(map(_holds_switches, (value for _, value in key))):
            self._switched[function] = self._switched.get(function, 0) + 1
            return
        self._made[node] = self._made.get(node, 0) + 1
        if function.closure is not None:
            self._made_inside[function] = self._made_inside.get(function, 0) + 1
        for handed in _handed_over(key):
            self._made_for[node, handed] = self._made_for.get((node, handed), 0) + 1

    def fitting(self, function: FunctionValue, key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """What counts of the key of one more context; None when only the plain one is left."""
        node = id(function.node)
        if all(map(_holds_switches, (value for _, value in key))):
            known = (function, key) in self._contexts or self._switched.get(function, 0) < FLAG_CONTEXTS
            return key if known else None
        if self._made.get(node, 0) >= COLLECTION_CONTEXTS:
            key = _without_collections(key)
        if (function, key) in self._contexts or not self._is_crowded(function, key):
            return key
        flags = _flags(key, function)
        if flags and (function, flags) in self._contexts:
            return flags
        if flags and self._flagged.get(node, 0) < FLAG_CONTEXTS:
            self._flagged[node] = self._flagged.get(node, 0) + 1
            return flags
        return self._of_receiver(function, key)

    def _of_receiver(self, function: FunctionValue, key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The key when only the object or class counts that a method is called on, or that `*args` begins with."""
        key = tuple([(name, value) for name, value in key[:1] if value and _is_receiver(value)])
        if not key or (function, key) in self._contexts:
            return key or None
        if self._received.get(function, 0) >= RECEIVER_CONTEXTS:
            return None
        self._received[function] = self._received.get(function, 0) + 1
        return key

    def _is_crowded(self, function: FunctionValue, key: tuple[Any, ...]) -> bool:
        """Whether the function has its fill of contexts; decorators, which get many plain functions, have more."""
        if (
            len(key) == 1
            and function.owner is not None
            and all(v.__class__ in (Instance, ClassScope) for v in key[0][1])
        ):
            limit = RECEIVER_CONTEXTS
        elif (
            any(v.__class__ is FunctionValue and v.closure is None for _, value in key for v in value)
            or function.node.name == "__getattr__"
        ):
            limit = CALLABLE_CONTEXTS
        else:
            limit = OTHER_CONTEXTS
        made = self._made.get(id(function.node), 0)
        if limit <= made < CALLABLE_CONTEXTS:
            if function.closure is not None and self._made_inside.get(function, 0) < HANDED_CONTEXTS:
                return False
            # each of the callables that many callers hand over (`self._retry(self.client.put)`) counts by itself
            return not any(self._made_for.get((id(function.node), h), 0) < HANDED_CONTEXTS for h in _handed_over(key))
        return made >= limit


def _handed_over(key: tuple[Any, ...]) -> list[Any]:
    """What tells the callables in a context's key apart: where they are defined, or the name of what is outside."""
    return [told for _, value in key for item in value if (told := identity(item)) is not None]


def identity(item: Any) -> Any:
    """What tells a callable from others: where it is defined, or the name of what is outside; None of what is none."""
    item = meant(item)
    if item.__class__ is FunctionValue:
        return id(item.node)
    return item if item.__class__ is str and not item.endswith("()") else None


def meant(item: Any) -> Any:
    """The callable that counts of one: without what is bound, a library's decorator, and the wrappers that decorators
    of the project made of it, which are all defined at one place (`@trace @enforce def get(self)`)."""
    while True:
        inner: Value = EMPTY
        if item.__class__ is Partial:
            inner = item.callee
        elif item.__class__ is Bound:
            inner = (item.function,)
        elif item.__class__ is Wrapped and item.kind in _DECORATED:
            inner = item.content
        elif item.__class__ is FunctionValue and item.closure is not None:
            inner = tuple([v for value in item.closure.env.values() for v in value if _is_callable(v)])
        if not inner:
            return item
        item = inner[0]


def _is_callable(item: Any) -> bool:
    kind = item.__class__
    return kind is FunctionValue or kind is Bound or kind is Partial or (kind is Wrapped and item.kind in _DECORATED)


def _flags(key: tuple[Any, ...], function: FunctionValue) -> tuple[Any, ...]:
    """What is left of a context's key when only the receiver, switches and objects from outside count: a session that
    is handed on, but not for which model. Empty without any of the two."""
    left = [(name, value) for name, value in key if value and all(_counts_in_a_crowd(item) for item in value)]
    if not left:
        return ()
    receiver = key[:1] if function.owner is not None and key[0][0] == function.node.params[0].name else ()
    return (*receiver, *left)


def _without_collections(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is left of a context's key when collections do not count, but for the receiver that `*args` begins with."""
    found = []
    for name, value in key:
        first = value[0] if len(value) == 1 else None
        if first.__class__ is Items and first.items and _is_receiver(first.items[0]):
            found.append((name, (make(Items, (first.items[0], *[EMPTY] * (len(first.items) - 1))),)))
        elif not any(item.__class__ in COLLECTIONS for item in value):
            found.append((name, value))
    return tuple(found)


def _is_receiver(value: Value) -> bool:
    item = value[0] if len(value) == 1 else None
    return (
        item.__class__ is Instance
        or item.__class__ is ClassScope
        or (item.__class__ is Items and bool(item.items) and _is_receiver(item.items[0]))
    )


def _holds_switches(value: tuple[Any, ...]) -> bool:
    """Whether it is what a wrapper's `*args` or `**kwargs` hold when they hold nothing but switches, or nothing."""
    item = value[0] if len(value) == 1 else None
    if item.__class__ is Items:
        return not any(held.__class__ is not Constant for part in item.items for held in part)
    return item.__class__ is Mapping and not any(held.__class__ is not Constant for held in item.any())


def _counts_in_a_crowd(item: Any) -> bool:
    return (item.__class__ is Constant and (item.value is None or item.value.__class__ is bool)) or (
        item.__class__ is str and item.endswith("()")
    )
