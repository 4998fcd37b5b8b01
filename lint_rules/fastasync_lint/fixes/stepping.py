"""Iterators and context managers that block step by step, handed to the framework's helpers.

`for row in rows():` becomes `async for row in iterate_in_threadpool(rows()):`, and `with made() as x:` becomes
`async with contextmanager_in_threadpool(made()) as x:`.
"""

from __future__ import annotations

import ast

from ..model import Applicability, Fix, Hit
from . import limits
from .names import spell
from .place import Place
from .style import Style

_ITERATE = ("starlette.concurrency.iterate_in_threadpool", "fastapi.concurrency.iterate_in_threadpool")
_ENTER = ("fastapi.concurrency.contextmanager_in_threadpool",)


def fix(hit: Hit, place: Place, style: Style, *, fastapi: bool) -> Fix | None:
    """The fix of a `for` or `with` statement whose own steps block; None without a helper for it.

    Starlette has one for iterators, FastAPI also one for context managers (`fastapi`).
    """
    if style.name != "run-in-threadpool" or hit.code in limits.NEVER_OFFLOADED or place.coroutine is None:
        return None
    names = limits.BOUND if len(hit.chain) > 1 else limits.BOUND + limits.NOT_DIRECTLY
    if limits.matches(hit.sink, names):
        return None
    parent = place.parent
    if hit.kind == "iterate" and isinstance(parent, ast.For) and parent.iter is place.node:
        return _wrapped(place, parent, _ITERATE, "Take each step of the iteration in a thread")
    if hit.kind in ("enter", "exit") and fastapi and isinstance(parent, ast.withitem):
        statement = place.parents[-2]
        if isinstance(statement, ast.With) and len(statement.items) == 1:
            return _wrapped(place, statement, _ENTER, "Enter and leave in a thread")
    return None


def _wrapped(place: Place, statement: ast.For | ast.With, names: tuple[str, ...], message: str) -> Fix | None:
    document = place.document
    spelling = spell(place, *names)
    if spelling is None:
        return None
    wrapped = document.replace(place.node, f"{spelling.text}({document.source_of(place.node)})")
    keyword = document.insert(document.start_of(statement), "async ")
    return Fix(Applicability.UNSAFE, message, (keyword, wrapped, *spelling.edits))
