"""Calls whose result gets a name first and is awaited further down: `call = stub.Send(request)`, `await call`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from fastasync_lint.facts import form, ir
from fastasync_lint.facts.ir import Expr, Stmt

_TOGETHER = frozenset({"gather", "shield", "wait_for"})
"""Functions that await what they are given."""

Kept: TypeAlias = dict[str, list[ir.Assign]]
"""By name the calls that it may hold."""


def mark(body: list[Stmt], names: set[str]) -> None:
    """Mark the assignments of a function whose names are awaited on every way on. What is asked first whether it can be
    awaited says nothing."""
    _block(body, names, {})


def awaited_names(node: Expr) -> Iterator[str]:
    """The names that awaiting an expression awaits."""
    if node.__class__ is ir.Name:
        yield node.id
    elif isinstance(node, ir.Call) and form.last_name(node.func) in _TOGETHER:
        yield from (arg.id for arg in node.args if isinstance(arg, ir.Name))


def _block(body: list[Stmt], names: set[str], kept: Kept) -> bool:
    """Whether what stands behind the block can be reached from its end."""
    for node in body:
        if isinstance(node, ir.Assign):
            _look(node.value, kept)
            _bind(node, names, kept)
        elif isinstance(node, ir.If):
            _look(node.test, kept)
            _ways([node.body, node.orelse], names, kept)
        elif isinstance(node, ir.With):
            for item in node.items:
                _look(item.value, kept)
            if not _block(node.body, names, kept):
                return False
        elif isinstance(node, ir.Try):
            _block(node.body, names, kept)
            _ways([handler.body for handler in node.handlers], names, kept)
            _block(node.orelse, names, kept)
            _block(node.final, names, kept)
        elif isinstance(node, ir.For | ir.While):
            _ways([node.body, node.orelse], names, {})
        elif isinstance(node, ir.Return | ir.ExprStmt):
            _look(node.value, kept)
        if isinstance(node, ir.Return | ir.Jump):
            return False
    return True


def _bind(node: ir.Assign, names: set[str], kept: Kept) -> None:
    for target in node.targets:
        if isinstance(target, ir.Name) and target.id in names:
            kept[target.id] = [node] if isinstance(node.value, ir.Call) else []


def _ways(bodies: list[list[Stmt]], names: set[str], kept: Kept) -> None:
    """What any of the ways leaves is held, too; what it awaits is its own."""
    for body in bodies:
        inner: Kept = {}
        if _block(body, names, inner):
            for name, made in inner.items():
                kept.setdefault(name, []).extend(made)


def _look(node: Expr, kept: Kept) -> None:
    """Mark what an expression awaits, whatever is true of it."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, ir.Await):
            for name in awaited_names(part.value):
                for made in kept.get(name, ()):
                    made.awaited = True
            pending.append(part.value)
        elif isinstance(part, ir.Call):
            pending += [part.func, *part.args, *(value for _, value in part.keywords)]
        elif isinstance(part, ir.Attr | ir.Sub):
            pending.append(part.value)
        elif isinstance(part, ir.Seq | ir.Group):
            pending += part.items
