"""Locks that are entered: which one is meant, and what is done while it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions, origins, record
from fastasync_lint.program.contexts import Frame, Place
from fastasync_lint.program.scopes import ClassScope, ModuleScope
from fastasync_lint.program.values import Instance, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def is_lock(program: Program, value: Value) -> bool:
    return any(v.__class__ is str and _intrinsic(program, v) == "lock" for v in value)


def _intrinsic(program: Program, name: str) -> str:
    rows = program.catalogue.entry(name).get("intrinsic")
    return rows[0].result if rows else ""


def record_lock(program: Program, node: ir.Expr, place: Place, inside: set[Place], frame: Frame, is_held: bool) -> None:
    """`is_held`: over an await, where the next coroutine that takes it stops the loop, and the first one with it."""
    lock = identity(program, node, frame)
    if lock is not None and frame.context is not None:
        if is_held:
            record.sink(program, frame, place, record.UNSURE_LOCK)
        frame.context.locks.append((lock, place, frame.memo))
        program.lock_regions.setdefault(lock, []).append((frame.context, sorted(inside), frame.branch))


def identity(program: Program, node: ir.Expr, frame: Frame) -> Any:
    """Which object an expression means: a module's name, or an attribute of a class."""
    if isinstance(node, ir.Name):
        found = origins.of_name(program, node.id, frame)
        return None if found is None else (found[0].path, found[1])
    if isinstance(node, ir.Attr):
        for holder in expressions.evaluate(program, node.value, frame):
            cls = holder.cls if holder.__class__ is Instance else holder
            if isinstance(cls, ClassScope):
                owners = [c for c in cls.mro if c.storing(node.name) or node.name in c.bindings]
                owner = owners[-1] if owners else cls
                return (owner.module.path, f"{owner.node.qualname}.{node.name}")
            if isinstance(holder, ModuleScope):
                return (holder.path, node.name)
    return None
