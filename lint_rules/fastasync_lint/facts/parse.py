"""The parse of one file: its text to the pruned program."""

from __future__ import annotations

import ast
import re
import warnings

from fastasync_lint.facts import ir, newer
from fastasync_lint.facts.ir import FileFacts
from fastasync_lint.facts.lower import Lowerer

_MARKER = re.compile(rb"#\s*fastasync:\s*(non-)?blocking\b")
MOST_TEXTS = 64
"""A longer collection is data that no condition asks for a name."""
WIDEST = 0xFFFF
"""The last column that a place has room for."""


def facts(source: bytes) -> FileFacts:
    """Parse and lower one file. Never raises: what went wrong stands in `error`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parsed(source)
        if len(source) > WIDEST:
            _narrow(source, tree)
        low = Lowerer(_markers(source))
        body = low.block(tree.body)
        return FileFacts(
            body, low.calls, "", 0, sorted(low.roots), sorted(low.declared), _texts(tree), sorted(low.stored),
            _options(tree, body),
        )  # fmt: skip
    except SyntaxError as error:
        return FileFacts([], 0, f"syntax error: {error.msg}", error.lineno or 0)
    except (ValueError, UnicodeError) as error:
        return FileFacts([], 0, f"cannot be read as Python: {error}", 0)
    except (RecursionError, MemoryError):
        return FileFacts([], 0, "nested too deeply to be analysed", 0)


def parsed(source: bytes) -> ast.Module:
    """The tree of a file, whichever Python it is written for. `SyntaxError` where it is none."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        try:
            return newer.parse(source)
        except SyntaxError:
            raise error from None


def _texts(tree: ast.Module) -> dict[str, list[str]]:
    """The names of the module that are given a collection of texts, by which a condition may ask for a member."""
    found: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            texts = _members(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            texts = _members(node.target, node.value)
        else:
            continue
        found.update(texts)
    return found


def _members(target: ast.expr, value: ast.expr) -> dict[str, list[str]]:
    if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords and _is_collection(value.func):
        value = value.args[0]
    if not isinstance(target, ast.Name) or not target.id.isupper():
        return {}
    if not isinstance(value, ast.Set | ast.Tuple | ast.List) or not 0 < len(value.elts) <= MOST_TEXTS:
        return {}
    texts = [part.value for part in value.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return {target.id: texts} if len(texts) == len(value.elts) else {}


def _is_collection(func: ast.expr) -> bool:
    return isinstance(func, ast.Name) and func.id in ("frozenset", "set", "tuple", "list")


def _options(tree: ast.Module, body: list[ir.Stmt]) -> list[str]:
    """The dictionaries of the module that nothing can have changed: `OPTIONS = {"block": False}`, `f(**OPTIONS)`."""
    found = {
        node.targets[0].id
        for node in body
        if isinstance(node, ir.Assign)
        and isinstance(node.targets[0], ir.Name)
        and isinstance(node.value, ir.Map)
        and all(isinstance(value, ir.Const) for value in node.value.values)
    }
    if not found:
        return []
    uses: dict[str, int] = dict.fromkeys(found, -1)  # but for the one that binds it
    for part in ast.walk(tree):
        if isinstance(part, ast.Name) and part.id in found:
            uses[part.id] += 1
        elif isinstance(part, ast.keyword) and part.arg is None and getattr(part.value, "id", "") in found:
            uses[part.value.id] -= 1  # type: ignore[attr-defined]
    return sorted(name for name, others in uses.items() if not others)


def _narrow(source: bytes, tree: ast.Module) -> None:
    """Columns of very long lines to the last one that a place can hold."""
    if max(map(len, source.splitlines())) <= WIDEST:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt | ast.pattern):
            node.col_offset = min(node.col_offset, WIDEST)
            node.end_col_offset = min(node.end_col_offset or 0, WIDEST)


def _markers(source: bytes) -> dict[int, int]:
    """Rows of the comments that say whether a function blocks."""
    if b"fastasync:" not in source:
        return {}
    found = ((row, _MARKER.search(line)) for row, line in enumerate(source.splitlines(), 1))
    return {row: ir.CLEAN if match[1] else ir.BLOCKING for row, match in found if match}
