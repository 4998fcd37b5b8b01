"""What a name holds: of a block and the functions around it, of a module or class, or a builtin."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import assign, starred
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import BUSY, DONE, Cell, ClassScope, ModuleScope, Scope
from fastasync_lint.program.values import EMPTY, Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_BUILTINS: dict[str, Value] = {name: (f"builtins.{name}",) for name in dir(builtins)}


def load(program: Program, name: str, frame: Frame) -> Value:
    """A name: of this block, of the functions around it, of the module, or a builtin."""
    value = frame.env.get(name)
    if value is not None:
        if frame.shares and name in frame.shares:
            return union(value, frame.context.captured.get(name, EMPTY))  # type: ignore[union-attr]
        return value
    scope = frame.scope
    if scope.__class__ is ClassScope:
        found = name_of(program, scope, name, frame)
        if found or (found is not None and scope.cell(name) is not frame.task):  # `x = field(x)`: the module's
            return found
    closure = frame.closure
    while closure is not None:
        if name in closure.node.captured:
            closure.readers[frame.task] = None
            return closure.captured.get(name, EMPTY)
        closure = closure.function.closure
    cell = frame.module.cells.get(name)
    if cell is not None and cell.state == DONE:
        cell.readers[frame.task] = None
        return cell.value
    found = name_of(program, frame.module, name, frame)
    if found is not None:
        return found
    builtin = _BUILTINS.get(name)
    if builtin is not None:
        return builtin
    if name == "__class__" and frame.owner is not None:
        return (frame.owner,)
    return EMPTY


def name_of(program: Program, scope: Scope, name: str, frame: Frame) -> Value | None:
    """What a module's or class's name holds; None if it does not bind it."""
    cell = scope.cell(name)
    if cell is not None:
        return program.read(cell, frame)
    if scope.stars:
        found = starred.name_of(program, scope, name, frame)
        if found is not None:
            return found
    if isinstance(scope, ModuleScope) and name in scope.late:
        return program.read(scope.late[name], frame)
    return None


def evaluate_cell(program: Program, cell: Cell) -> None:
    """Find out what all the statements that bind a name give it."""
    scope = cell.scope
    cell.state = BUSY
    cell.runs += 1
    if scope is not None:
        closure = scope.closure if isinstance(scope, ClassScope) else None
        owner = scope if isinstance(scope, ClassScope) else None
        frame = Frame(cell, scope, closure, owner, None)
        found: Value = EMPTY
        before = cell.value
        for node, conditional in scope.bindings.get(cell.name, ()):
            value = assign.bound_by(program, node, cell.name, frame)
            found = union(found, value) if conditional else value or found
            if not conditional and isinstance(node, ir.AnnAssign) and not value:
                continue
            cell.value = union(found, before)  # seen by decorators such as `@x.setter`
        cell.value = before
        program.grow(cell, found)
    cell.state = DONE
