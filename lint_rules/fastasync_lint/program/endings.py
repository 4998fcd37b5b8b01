"""Tasks that have ended: those that a name holds, behind the `await` of it in the same block.

`task = asyncio.create_task(work())`, `tasks = [...]`; and then `await task`, `await asyncio.wait(tasks)`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program.beside import extent


def end(function: ir.Function, start: int, waits: Container[int]) -> int | None:
    """The last place of a function where a task may run that it has made at the place `start`; None if that is not
    known. `waits`: where it calls what ends when all have ended that it was given."""
    for block in _blocks(function.body):
        for index, statement in enumerate(block):
            name, is_many = _holder(statement, start)
            if name and _is_bound_once(function, name):
                for later in range(index + 1, len(block)):
                    if _awaits(block[later], name, is_many, waits):
                        return extent(block[index : later + 1])[1]
    return None


def _blocks(body: list[ir.Stmt]) -> Iterator[list[ir.Stmt]]:
    yield body
    for node in walk.nodes(body):
        for name in ("body", "orelse", "final"):
            inner = getattr(node, name, None)
            if inner.__class__ is list and not isinstance(node, ir.FuncDef | ir.ClassDef | ir.Function):
                yield inner


def _holder(statement: Any, start: int) -> tuple[str, bool]:
    """The name that holds the task, or a collection of tasks."""
    if not isinstance(statement, ir.Assign) or len(statement.targets) != 1:
        return "", False
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ir.Name):
        return "", False
    if isinstance(value, ir.Seq):
        return (target.id, True) if any(_is_made(item, start) for item in value.items) else ("", False)
    if isinstance(value, ir.Comp):
        return (target.id, True) if value.kind == "list" and _is_made(value.element, start) else ("", False)
    return (target.id, False) if _is_made(value, start) else ("", False)


def _is_made(node: Any, start: int) -> bool:
    return isinstance(node, ir.Call) and node.pos == start


def _is_bound_once(function: ir.Function, name: str) -> bool:
    bound = [
        target
        for node in walk.nodes(function.body)
        for target in _targets(node)
        for part in walk.nodes(target)
        if part.__class__ is ir.Name and part.id == name
    ]
    return len(bound) == 1


def _targets(node: Any) -> list[Any]:
    if isinstance(node, ir.Assign | ir.Delete):
        return list(node.targets)
    return [node.target] if isinstance(node, ir.For | ir.WithItem | ir.AnnAssign) and node.target is not None else []


def _awaits(statement: Any, name: str, is_many: bool, waits: Container[int]) -> bool:
    """Whether what a name holds has ended behind a statement: by what it does first, or in any case."""
    if isinstance(statement, ir.With):
        return bool(statement.body) and _awaits(statement.body[0], name, is_many, waits)
    if isinstance(statement, ir.Try):
        return any(_awaits(part, name, is_many, waits) for part in (*statement.body[:1], *statement.final))
    value = getattr(statement, "value", None)
    if not isinstance(value, ir.Await):
        return False
    waited = value.value
    if isinstance(waited, ir.Call) and waited.pos in waits:
        given = [part for arg in waited.args for part in (arg.items if isinstance(arg, ir.Seq) else [arg])]
        return any(_means(part, name, is_many) for part in given)
    return not is_many and _is_name(waited, name)


def _means(node: Any, name: str, is_many: bool) -> bool:
    return _is_name(node, name) or (is_many and isinstance(node, ir.Star) and _is_name(node.value, name))


def _is_name(node: Any, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name
