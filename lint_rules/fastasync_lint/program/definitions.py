"""What runs where a function or class is defined inside of a function: defaults, and the body of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_RUNS_NOTHING = (ir.Const, ir.Name, ir.Nothing)


def defaults(program: Program, node: ir.Function, frame: Frame) -> None:
    """`def retry(delay=first_delay()):` calls it now, and not when the function is called."""
    for param in node.params:
        if param.default is not None and param.default.__class__ not in _RUNS_NOTHING:
            expressions.evaluate(program, param.default, frame)


def class_body(program: Program, node: ir.ClassDef, frame: Frame) -> None:
    """`class Options: limit = load_limit()`"""
    env = frame.env
    frame.env = dict(env)
    for part in node.body:
        if isinstance(part, ir.FuncDef):
            defaults(program, part.function, frame)
        elif isinstance(part, ir.Assign | ir.AnnAssign | ir.ExprStmt) and isinstance(part.value, ir.Call):
            expressions.evaluate(program, part.value, frame)
    frame.env = env
