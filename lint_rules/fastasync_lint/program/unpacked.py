"""`f(**options)`: which keywords a call is given by a dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import fixed
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import EMPTY, Constant, Mapping, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def keywords(program: Program, node: ir.Expr, value: Value, frame: Frame) -> tuple[dict[str, Value], bool]:
    """The keywords that are known, and whether there may be more."""
    constants = fixed.options(program, node, frame)
    value = constants or value
    known = value[0] if len(value) == 1 and value[0].__class__ is Mapping else None
    given = {key: held for key, held in known.keys if key.__class__ is str} if known is not None else {}
    if isinstance(node, ir.Map):
        return given, any(not isinstance(key, ir.Const) for key in node.keys)
    if not isinstance(node, ir.Name):
        return given, True
    if node.id not in frame.env:
        return given, not constants
    written = frame.context.node.options.get(node.id) if frame.context is not None else None
    if written is None:
        return given, True
    first, later = written
    is_open = bool(known.rest) if known is not None else fixed.is_parameter(node.id, frame)
    for key in first:
        given.setdefault(key, EMPTY)
    for key in later:
        given[key] = tuple([v for v in given.get(key, EMPTY) if v.__class__ is not Constant])
    return given, is_open
