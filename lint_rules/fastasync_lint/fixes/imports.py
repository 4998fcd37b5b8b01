"""Where a new import goes: among its own kind, in order, each on a line of its own.

The edit is an insertion of whole lines and never touches a statement, so the imports of several fixes do not collide.
"""

from __future__ import annotations

import ast
import sys

from ..model import Edit, Location
from .text import Document

_FUTURE, _STANDARD, _THIRD_PARTY, _RELATIVE = range(4)
Import = ast.Import | ast.ImportFrom


def insertion(document: Document, statement: str) -> Edit:
    """The edit that adds an import statement to the module."""
    assert document.tree is not None
    new = ast.parse(statement).body[0]
    assert isinstance(new, Import)
    blocks = _blocks(document.tree)
    for block in blocks:
        if _section(block[0]) == _section(new):
            return _within(document, block, new, statement)
    before = [block for block in blocks if _section(block[0]) < _section(new)]
    if before:
        return _after(document, before[-1][-1], f"\n{statement}\n")
    if blocks:
        return _at_row(document, blocks[0][0].lineno, f"{statement}\n\n")
    return _alone(document, document.tree, statement)


def _blocks(tree: ast.Module) -> list[list[Import]]:
    """The module's first imports, split where a blank line or other code stands between them."""
    blocks: list[list[Import]] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        if isinstance(statement, Import):
            near = blocks and statement.lineno - (blocks[-1][-1].end_lineno or 0) <= 1
            if near and _section(blocks[-1][-1]) == _section(statement):
                blocks[-1].append(statement)
            else:
                blocks.append([statement])
    return blocks


def _within(document: Document, block: list[Import], new: Import, statement: str) -> Edit:
    smaller = [old for old in block if _key(old) <= _key(new)]
    if smaller:
        return _after(document, smaller[-1], f"{statement}\n")
    return _at_row(document, block[0].lineno, f"{statement}\n")


def _alone(document: Document, tree: ast.Module, statement: str) -> Edit:
    """Into a module without imports: under its docstring, or above its first statement."""
    first = tree.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return _after(document, first, f"\n{statement}\n")
    row = min([first.lineno, *(node.lineno for node in getattr(first, "decorator_list", ()))])
    gap = "\n\n\n" if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else "\n\n"
    return _at_row(document, row, statement + gap)


def _after(document: Document, node: ast.stmt, lines: str) -> Edit:
    row = node.end_lineno or 1
    if document.lines[row - 1].endswith(("\n", "\r")):
        return _at_row(document, row + 1, lines)
    return document.insert(Location(row, len(document.lines[row - 1]) + 1), f"\n{lines}")


def _at_row(document: Document, row: int, lines: str) -> Edit:
    return document.insert(Location(row, 1), lines)


def _section(node: Import) -> int:
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return _RELATIVE
        if node.module == "__future__":
            return _FUTURE
    return _STANDARD if _module(node).partition(".")[0] in sys.stdlib_module_names else _THIRD_PARTY


def _key(node: Import) -> tuple[bool, str]:
    """isort's order: plain imports first, then by module."""
    return isinstance(node, ast.ImportFrom), _module(node).lower()


def _module(node: Import) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""
