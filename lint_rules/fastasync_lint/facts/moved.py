"""Two versions of a file that mean the same: comments, docstrings and layout may differ, and with them the places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from fastasync_lint.facts.ir import FileFacts

_PLACES = ("pos", "end")


class _DifferentError(Exception):
    """The two say different things."""


def places(old: FileFacts, new: FileFacts) -> dict[int, int] | None:
    """Where each place of the old facts is in the new ones; None where they differ in more.

    The order of places decides what an analysis says of them, so it has to be the same.
    """
    if old.error or new.error:
        return None
    try:
        pairs = sorted(set(_pairs(old, new)))
    except (_DifferentError, RecursionError):
        return None
    if not all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs)):
        return None
    return dict(pairs)


def _pairs(old: Any, new: Any) -> Iterator[tuple[int, int]]:
    if old.__class__ is not new.__class__:
        raise _DifferentError
    if isinstance(old, msgspec.Struct):
        for name in old.__struct_fields__:
            one, two = getattr(old, name), getattr(new, name)
            if name in _PLACES:
                yield one, two
            else:
                yield from _pairs(one, two)
    elif isinstance(old, list | tuple):
        if len(old) != len(new):
            raise _DifferentError
        for one, two in zip(old, new, strict=True):
            yield from _pairs(one, two)
    elif isinstance(old, dict):
        yield from _pairs(list(old.items()), list(new.items()))
    elif old != new:
        raise _DifferentError
