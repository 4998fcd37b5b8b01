"""Whether the call at a hit's place is what has to move: a hit may also stand for what runs behind some syntax."""

from __future__ import annotations

from ..model import Hit

_CONSTRUCTORS = frozenset(("__init__", "__new__", "__post_init__", "__call__"))


def moves(hit: Hit, name: str, *, iterated: bool = False) -> bool:
    """Whether running the call of a function `name` in a thread takes the blocking part along.

    `with Lock():` may block on entering, `kv["a"]` in a method: their operand alone would move. `list(rows())` iterates
    in the call, `for row in rows()` (`iterated`) around it.
    """
    if hit.kind == "iterate":
        return not iterated and name != _first(hit)
    first = _first(hit)
    implicit = first.startswith("__") and first.endswith("__") and first not in _CONSTRUCTORS
    return hit.kind == "call" and (not implicit or first == name)


def _first(hit: Hit) -> str:
    called = hit.chain[0].call if hit.chain else hit.sink
    return called.replace("()", "").rpartition(".")[2]
