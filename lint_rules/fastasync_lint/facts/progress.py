"""Loops that come to an end by themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_TAKERS = frozenset({"pop", "popleft", "popitem", "remove", "discard", "get_nowait", "heappop"})

_LEAVES = (ast.Break, ast.Return, ast.Raise)


def ends(node: ast.While) -> bool:
    """Whether there is less to do after each turn."""
    return _takes_from_watched(node) or any(
        _raises_when_empty(statement) or _leaves_when_empty(statement) for statement in node.body
    )


def _raises_when_empty(statement: ast.stmt) -> bool:
    """`item = items.pop()`, in no `try` of the loop's own."""
    call = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("pop", "popleft", "popitem")
        and not call.args
    )


def _leaves_when_empty(statement: ast.stmt) -> bool:
    """`try: item = queue.get_nowait()`, and a `break` where that fails."""
    if not isinstance(statement, ast.Try) or statement.finalbody:
        return False
    takes = any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _TAKERS
        for inner in statement.body
        if isinstance(inner, ast.Assign | ast.AnnAssign | ast.Expr)
        for part in ast.walk(inner)
    )
    return takes and any(isinstance(handler.body[-1], _LEAVES) for handler in statement.handlers)


def _takes_from_watched(node: ast.While) -> bool:
    """`while items and items[0].time < now(): items.pop(0)` ends when there is nothing left to take."""
    tests = [node.test, *(statement.test for statement in node.body if isinstance(statement, ast.If))]
    parts = (part for test in tests for part in ast.walk(test))
    watched = {ast.dump(part) for part in parts if isinstance(part, ast.Name | ast.Attribute)}
    return any(ast.dump(holder) in watched for statement in node.body for holder in _taken_from(statement))


def _taken_from(statement: ast.stmt) -> Iterator[ast.expr]:
    """What the calls and deletions of a statement take something out of."""
    for part in ast.walk(statement):
        if isinstance(part, ast.Delete):
            yield from (target.value for target in part.targets if isinstance(target, ast.Subscript))
        elif isinstance(part, ast.Call):
            func = part.func
            if isinstance(func, ast.Attribute) and func.attr in _TAKERS:
                yield func.value
            if getattr(func, "attr", getattr(func, "id", "")) in _TAKERS:
                yield from part.args[:1]
