"""What names and returns keep of a value."""

from __future__ import annotations

from typing import Any

from fastasync_lint.program import values
from fastasync_lint.program.values import COLLECTIONS, EMPTY, Check, Constant, Items, Many, Mapping, Value, make, union

MOST_KEYS = 24
"""Keys told apart in a dictionary that a name holds; a larger one is a store that many fill."""

_SETTLE = COLLECTIONS | {Check}


def settled(value: Value) -> Value:
    """A value as names and returns keep it: without the literals inside its collections.

    They decide nothing there, and whoever reads the value would be evaluated again for each of them. What stays is by
    what something of the project is imported.
    """
    for item in value:
        if item.__class__ in _SETTLE and _settle(item) is not item:
            break
    else:
        return value
    out: Value = EMPTY
    for item in value:
        out = union(out, (_settle(item) if item.__class__ in _SETTLE else item,))
    return out


def _settle(item: Any) -> Any:
    found = values.store.settled.get(item)
    if found is None:
        kind = item.__class__
        if kind is Many:
            found = make(Many, _substance(item.element))
        elif kind is Items:
            found = make(Items, tuple([_substance(value) for value in item.items]))
        elif kind is Check:
            found = make(Check, item.asks, item.subject, item.function, item.owner, None, item.sure)
        else:
            keys = tuple([(key, _substance(value)) for key, value in item.keys])
            if len(keys) > MOST_KEYS or not any(value for _, value in keys):
                found = make(Mapping, (), _substance(item.any()))
            else:
                found = make(Mapping, keys, _substance(item.rest))
        values.store.settled[item] = found
    return found


def _substance(value: Value) -> Value:
    return settled(tuple([item for item in value if item.__class__ is not Constant or values.names_ours(item)]))


def without_texts(value: Value) -> Value:
    """What is left beside something unknown: a text that may be meant decides nothing (`path or ":memory:"`)."""
    for item in value:
        if item.__class__ is Constant and item.value.__class__ is str:
            return tuple([v for v in value if v.__class__ is not Constant or v.value.__class__ is not str])
    return value
