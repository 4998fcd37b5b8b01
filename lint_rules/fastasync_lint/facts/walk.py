"""Looking through a part of a program without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def nodes(part: Any) -> Iterator[Any]:
    """Every node of a part, itself included."""
    pending = [part]
    while pending:
        node = pending.pop()
        if isinstance(node, list | tuple):
            pending.extend(node)
            continue
        fields = getattr(node, "__struct_fields__", None)
        if fields is not None:
            yield node
            pending.extend(getattr(node, name) for name in fields)
