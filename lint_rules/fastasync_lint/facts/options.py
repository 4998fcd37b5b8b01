"""Dictionaries that a function unpacks into a call, and every key that they can have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastasync_lint.facts import ir
from fastasync_lint.facts.scope import Scope

_READS = frozenset({"copy", "get", "items", "keys", "pop", "values"})
"""Methods after which a dictionary has no key more than before."""


def known_keys(body: list[ast.stmt], scope: Scope, params: list[ir.Param]) -> dict[str, tuple[list[str], list[str]]]:
    """Of the names that a function unpacks those whose keys all stand in its text: the keys that they have at first,
    and those that they may get.

    Such a name is bound once, to a display, or it is the function's own `**rest`.
    """
    given = params[-1].name if params and params[-1].kind == ir.KWARG else ""
    others = {param.name for param in params if param.name != given}
    names = (scope.unpacked & scope.bound) - others - scope.declared
    if not names:
        return {}
    first: dict[str, list[list[str] | None]] = {name: [] for name in names}
    later: dict[str, list[list[str] | None]] = {name: [] for name in names}
    first.get(given, []).append([])
    for statement in body:
        for node in ast.walk(statement):
            for name, keys in _displays(node, names):
                first[name].append(keys)
            for name, keys in _effects(node, names):
                later[name].append(keys)
    found = {}
    for name in names:
        if len(first[name]) == 1 and None not in (*first[name], *later[name]):
            found[name] = (first[name][0] or [], sorted({key for keys in later[name] for key in keys or ()}))
    return found


def _displays(node: ast.AST, names: set[str]) -> Iterator[tuple[str, list[str] | None]]:
    """The names that a statement binds, with the keys of the display that stands there."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if _name(target) in names:
                yield _name(target), _display(node.value) if len(targets) == 1 else None


def _effects(node: ast.AST, names: set[str]) -> Iterator[tuple[str, list[str] | None]]:
    """Which keys a node adds to the dictionaries; None where that is not known."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Subscript) and _name(target.value) in names:
                yield _name(target.value), _literals([target.slice])
        if isinstance(node.value, ast.Name) and node.value.id in names:
            yield node.value.id, None  # by another name it may grow
    elif isinstance(node, ast.Call):
        yield from _called(node, names)
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.For | ast.AsyncFor | ast.comprehension | ast.withitem):
        bound = node.optional_vars if isinstance(node, ast.withitem) else node.target
        for part in ast.walk(bound) if bound is not None else ():
            if _name(part) in names:
                yield _name(part), None
    elif isinstance(node, ast.Tuple | ast.List):
        for part in node.elts:
            if _name(part) in names:
                yield _name(part), None


def _called(node: ast.Call, names: set[str]) -> Iterator[tuple[str, list[str] | None]]:
    for given in (*node.args, *[keyword.value for keyword in node.keywords if keyword.arg is not None]):
        if _name(given) in names and not _is_builtin(node.func):
            yield _name(given), None  # whoever gets it may add to it
    if not isinstance(node.func, ast.Attribute) or _name(node.func.value) not in names:
        return
    method, name = node.func.attr, _name(node.func.value)
    if method == "setdefault" and node.args:
        yield name, _literals(node.args[:1])
    elif method == "update":
        found = [_display(given) for given in node.args]
        found.append(_keywords(node.keywords))
        yield name, None if None in found else [key for keys in found for key in keys or ()]
    elif method not in _READS:
        yield name, None


def _is_builtin(func: ast.expr) -> bool:
    return _name(func) in ("len", "list", "dict", "print", "repr", "str", "sorted")


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _display(node: ast.expr | None) -> list[str] | None:
    """The keys of `{"a": 1}` and `dict(a=1)`."""
    if isinstance(node, ast.Dict):
        return _literals(node.keys)
    if isinstance(node, ast.Call) and _name(node.func) == "dict" and not node.args:
        return _keywords(node.keywords)
    return None


def _keywords(keywords: list[ast.keyword]) -> list[str] | None:
    names = [keyword.arg for keyword in keywords]
    return None if None in names else [name for name in names if name is not None]


def _literals(keys: list[ast.expr | None] | list[ast.expr]) -> list[str] | None:
    found = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return found if len(found) == len(keys) else None
