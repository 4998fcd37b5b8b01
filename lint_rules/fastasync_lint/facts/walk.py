"""Looking through a part of a program without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

_PLAIN = frozenset({int, str, bool, float, list[str]})
_fields: dict[type[Any], tuple[str, ...]] = {}
"""Of each kind of node the fields that may hold others."""


def nodes(part: Any) -> Iterator[Any]:
    """Every node of a part, itself included."""
    pending = [part]
    while pending:
        node = pending.pop()
        kind = node.__class__
        if kind is list or kind is tuple:
            pending.extend(node)
            continue
        fields = _fields.get(kind)
        if fields is None:
            fields = _fields[kind] = _holding(kind)
        if isinstance(node, msgspec.Struct):
            yield node
            pending += [getattr(node, name) for name in fields]


def _holding(kind: type[Any]) -> tuple[str, ...]:
    if not issubclass(kind, msgspec.Struct):
        return ()
    return tuple([field.name for field in msgspec.structs.fields(kind) if field.type not in _PLAIN])
