"""Imports that a fix has left without a use."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import libcst as cst

from ..model import Applicability, Edit, Fix, Location
from .edits import apply_text
from .text import Document

Import = ast.Import | ast.ImportFrom


def remove(before: str, after: str) -> str:
    """`after` without the imports that were used in `before` and no longer are.

    Kept are imports that mean more than their name: guarded by `try`, exported, named in a string, marked `noqa`.
    """
    old, document = Document(before), Document(after)
    if old.tree is None or document.tree is None:
        return after
    used, still = _used(old.tree), _used(document.tree)
    gone = {name for name in used if not still[name] and not _mentioned(document.tree, name)}
    if not gone:
        return after
    edits = [edit for node, alone in _imports(document.tree) for edit in _without(document, node, gone, alone)]
    return apply_text(after, [Fix(Applicability.SAFE, "", (edit,)) for edit in edits])[0]


def bound_name(alias: ast.alias) -> str:
    """The name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def _used(tree: ast.Module) -> Counter[str]:
    return Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _mentioned(tree: ast.Module, name: str) -> bool:
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) < 200
        and word.search(node.value) is not None
        for node in ast.walk(tree)
    )


def _imports(tree: ast.Module) -> Iterator[tuple[Import, bool]]:
    """The imports that stand in a module, a function or a class, each with whether it is alone there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, Import):
                    yield statement, len(node.body) == 1


def _without(document: Document, node: Import, gone: set[str], alone: bool) -> Iterator[Edit]:
    dropped = [alias for alias in node.names if bound_name(alias) in gone]
    rows = document.lines[node.lineno - 1 : node.end_lineno]
    if not dropped or any("noqa" in row or ";" in row for row in rows):
        return
    if len(dropped) < len(node.names):
        yield document.replace(node, _narrowed(document.source_of(node), {alias.name for alias in dropped}))
    elif not alone:
        yield _lines_edit(document, node)


def _narrowed(source: str, dropped: set[str]) -> str:
    """The text of an import statement without some of its names."""
    line = cst.ensure_type(cst.parse_statement(source), cst.SimpleStatementLine)
    statement: Any = line.body[0]
    kept = [alias for alias in statement.names if alias.evaluated_name not in dropped]
    if isinstance(statement, cst.Import) or statement.lpar is None:
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    else:
        kept[-1] = kept[-1].with_changes(comma=_last_comma(kept[-1].comma, statement.names[-1].comma))
    return cst.Module([]).code_for_node(statement.with_changes(names=kept))


def _last_comma(
    comma: cst.Comma | cst.MaybeSentinel, former: cst.Comma | cst.MaybeSentinel
) -> cst.Comma | cst.MaybeSentinel:
    """The comma before the closing parenthesis: its own comment, and the line break that the former last one had."""
    if not isinstance(comma, cst.Comma) or not isinstance(former, cst.Comma):
        return former
    own, end = comma.whitespace_after, former.whitespace_after
    if isinstance(own, cst.ParenthesizedWhitespace) and isinstance(end, cst.ParenthesizedWhitespace):
        return comma.with_changes(whitespace_after=own.with_changes(indent=end.indent, last_line=end.last_line))
    return former


def _lines_edit(document: Document, node: Import) -> Edit:
    """Drop the statement's lines, and the blank lines that would then meet others."""
    lines = document.lines
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    before, after = first, last
    while before > 0 and not lines[before - 1].strip():
        before -= 1
    while after < len(lines) and not lines[after].strip():
        after += 1
    if before == 0:
        last = after
    elif before < first and after > last:
        first = before
    return Edit("", Location(first + 1, 1), Location(last + 1, 1))
