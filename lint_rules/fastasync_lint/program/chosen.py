"""Coroutine functions inside of functions: which of them can run, where the arguments decide between several.

Whoever gets one may run it, so each is evaluated by itself. A decorator that defines two wrappers and gives back one of
them, by what it was called with, never runs the other one with that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import FOREIGN, FunctionValue, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def defined(program: Program, function: FunctionValue, frame: Frame) -> None:
    """A coroutine function was defined here. What is handed to a decorator, or is known further out, may be run by
    anybody."""
    node = function.node
    outer = frame.context is not None and node.name in frame.context.node.outer
    if outer or (node.decorators and not _only_wrapped(program, function)):
        program.plain(function)
    else:
        frame.waiting.append(function)


def _only_wrapped(program: Program, function: FunctionValue) -> bool:
    """Whether its decorators are of the language's own (`functools.wraps`), which hand it to nobody."""
    frame = program.definition_frame(function)
    return all(
        _is_of_language(program, item)
        for decorator in function.node.decorators
        for item in expressions.evaluate(program, decorator, frame) or (FOREIGN,)
    )


def _is_of_language(program: Program, item: Any) -> bool:
    if item.__class__ is Wrapped:
        return bool(item.kind == "keeps")
    return item.__class__ is str and item is not FOREIGN and "intrinsic" in program.catalogue.entry(item).rows


def decide(frame: Frame, node: ir.If | ir.IfExp, verdict: bool | None) -> None:
    """The one branch that is taken, if it is the same each time."""
    frame.decided[id(node)] = verdict if frame.decided.get(id(node), verdict) is verdict else None


def run(program: Program, frame: Frame, body: list[ir.Stmt]) -> None:
    """Evaluate those that are mentioned anywhere but in branches that are never taken."""
    certain = any(verdict is not None for verdict in frame.decided.values())
    for function in frame.waiting:
        if not certain or _in_block(body, function.node.name, frame.decided):
            program.plain(function)


def _in_block(body: list[ir.Stmt], name: str, decided: dict[int, bool | None]) -> bool:
    for node in body:
        if isinstance(node, ir.If) and (verdict := decided.get(id(node))) is not None:
            taken = node.body if verdict else node.orelse
            if _in(node.test, name, decided) or _in_block(taken, name, decided):
                return True
            if taken and isinstance(taken[-1], ir.Return | ir.Jump):
                return False  # nothing after it is reached
        elif not (isinstance(node, ir.FuncDef) and node.function.name == name) and _in(node, name, decided):
            return True
    return False


def _in(node: Any, name: str, decided: dict[int, bool | None]) -> bool:
    if isinstance(node, ir.Name):
        return node.id == name
    if isinstance(node, ir.IfExp) and (verdict := decided.get(id(node))) is not None:
        return _in(node.test, name, decided) or _in(node.body if verdict else node.orelse, name, decided)
    if isinstance(node, msgspec.Struct):
        return any(_in(getattr(node, field), name, decided) for field in node.__struct_fields__)
    if isinstance(node, list):
        if node and isinstance(node[0], _STATEMENTS):
            return _in_block(node, name, decided)
        return any(_in(part, name, decided) for part in node)
    return isinstance(node, tuple) and any(_in(part, name, decided) for part in node)


_STATEMENTS = (
    ir.FuncDef, ir.ClassDef, ir.ExprStmt, ir.Assign, ir.AnnAssign, ir.Return, ir.If, ir.While, ir.For, ir.With, ir.Try,
    ir.Import, ir.ImportFrom, ir.Jump, ir.Delete,
)  # fmt: skip
