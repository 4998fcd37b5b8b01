"""What is known of a text that is put together: how it begins, and how it ends."""

from __future__ import annotations

import ast
import re

from fastasync_lint.facts import ir


def with_prefix(node: ast.expr, lowered: ir.Expr, dotted: bool = False) -> ir.Expr:
    """`f"do_{name}"`, `"do_" + name`: what is known of the text, as `do_*`. `dotted`: `f"plugins.{name}.main"`."""
    first = node.values[0] if node.__class__ is ast.JoinedStr and node.values else node
    if node.__class__ is ast.BinOp and node.op.__class__ in (ast.Add, ast.Mod):
        first = node.left
    elif node.__class__ is ast.Call and node.func.__class__ is ast.Attribute and node.func.attr == "format":
        first = node.func.value
    if first is node or first.__class__ is not ast.Constant or first.value.__class__ is not str:
        return lowered
    prefix = re.split("[%{]", first.value)[0] if node.__class__ is not ast.JoinedStr else first.value
    if not (f"{prefix}_".replace(".", "") if dotted else prefix).isidentifier():
        return lowered
    suffix = _after(node) if dotted else ""
    return ir.BoolOp(False, [ir.Group([lowered]), ir.Const(f"{prefix}*{suffix}")])


def _after(node: ast.expr) -> str:
    """The `.main` of `f"plugins.{name}.main"`."""
    last = node.values[-1] if node.__class__ is ast.JoinedStr and len(node.values) == 3 else None
    text = last.value if last.__class__ is ast.Constant else None
    return text if text.__class__ is str and re.fullmatch(r"(\.\w+)+", text) else ""
