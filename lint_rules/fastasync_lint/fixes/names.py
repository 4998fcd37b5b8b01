"""What names mean at a place: how a function of a library is spelt there, and the import that makes it available."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ..model import Edit
from .imports import insertion
from .place import Function, Place, own_nodes
from .text import Document

# These modules load the submodule themselves, so `import anyio` is enough to reach it.
_LOADED = {"anyio.to_thread": "anyio"}


@dataclass(slots=True)
class Name:
    """One name of a scope: the dotted things that imports bind to it, and whether anything else binds it too.

    `modules` are the modules that are reachable through the name; `row` is where it is bound first.
    """

    targets: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    other: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Spelling:
    """How to write a dotted name at a place, and the edit that must come with it."""

    text: str
    edits: tuple[Edit, ...] = ()


def spell(place: Place, *wanted: str) -> Spelling | None:
    """The text for the first of the wanted dotted names (all the same thing) that can be had at the place.

    None when every name it would need already means something else there.
    """
    scopes = _visible(place)
    for dotted in wanted:
        for name in _known(scopes):
            text = _reach(name, scopes, dotted, place)
            if text is not None:
                return Spelling(text)
    return next(filter(None, (_imported(place, scopes, dotted) for dotted in wanted)), None)


def meaning(place: Place, node: ast.expr) -> str:
    """The dotted name that an expression stands for: a builtin's, or what imports say; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    entry = next((scope[node.id] for scope in _visible(place) if node.id in scope), None)
    if entry is None:
        return ".".join([node.id, *reversed(parts)])
    sure = len(entry.targets) == 1 and not entry.other
    return ".".join([*entry.targets, *reversed(parts)]) if sure else ""


def bound(body: list[ast.stmt]) -> dict[str, Name]:
    """The names that the statements of one scope bind at run time."""
    names: dict[str, Name] = {}
    typing_only = _typing_rows(body)
    for node in _scope_nodes(body):
        for name, row in _bindings(node):
            names.setdefault(name, Name(row=row)).other = True
        for alias, base, row in _imports(node):
            if not any(row in rows for rows in typing_only):
                _bind_import(names, alias, base, row)
    return names


def _bind_import(names: dict[str, Name], alias: ast.alias, base: str | None, row: int) -> None:
    if base is None:
        name = alias.asname or alias.name.partition(".")[0]
        target = alias.name if alias.asname else name
    else:
        name, target = alias.asname or alias.name, f"{base}.{alias.name}"
    entry = names.setdefault(name, Name(row=row))
    entry.targets.add(target)
    entry.modules.update({target, alias.name} if base is None else {target})


def _visible(place: Place) -> list[dict[str, Name]]:
    """The scopes around a place, innermost first."""
    scopes = [_comprehension_targets(place)]
    scopes += [_function_scope(function) for function in place.functions()]
    return [*scopes, _module_scope(place.document)]


@lru_cache(maxsize=64)
def _function_scope(function: Function) -> dict[str, Name]:
    names = bound(function.body)
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in [*every, *filter(None, (arguments.vararg, arguments.kwarg))]:
        names.setdefault(argument.arg, Name(row=function.lineno)).other = True
    dominating = {statement.lineno for statement in function.body}
    for entry in names.values():
        # An import under an `if` may not have run.
        entry.other = entry.other or entry.row not in dominating
    for node in own_nodes(function.body):
        if isinstance(node, ast.Global):
            # The name is the module's; what is bound here is bound there.
            for name in node.names:
                names.pop(name, None)
    return names


@lru_cache(maxsize=8)
def _module_scope(document: Document) -> dict[str, Name]:
    assert document.tree is not None
    return bound(document.tree.body)


def _comprehension_targets(place: Place) -> dict[str, Name]:
    names: dict[str, Name] = {}
    for parent, _ in place.within():
        for generator in getattr(parent, "generators", ()):
            for node in ast.walk(generator.target):
                if isinstance(node, ast.Name):
                    names.setdefault(node.id, Name()).other = True
    return names


def _known(scopes: list[dict[str, Name]]) -> Iterator[str]:
    seen: set[str] = set()
    for scope in scopes:
        yield from (name for name in scope if name not in seen)
        seen.update(scope)


def _reach(name: str, scopes: list[dict[str, Name]], dotted: str, place: Place) -> str | None:
    """How `name` leads to the dotted thing; None when it does not, or not surely at this place."""
    scope = next(scope for scope in scopes if name in scope)
    entry = scope[name]
    if entry.other or len(entry.targets) != 1:
        return None
    if scope is not scopes[-1] and entry.row >= place.node.lineno:
        return None
    (target,) = entry.targets
    if target == dotted:
        return name
    module = dotted.rpartition(".")[0]
    if dotted.startswith(target + ".") and {module, _LOADED.get(module, module)} & entry.modules:
        return name + dotted[len(target) :]
    return None


def _imported(place: Place, scopes: list[dict[str, Name]], dotted: str) -> Spelling | None:
    module, _, attribute = dotted.rpartition(".")
    top = module.partition(".")[0]
    forms = [(top, f"import {module}", dotted), (attribute, f"from {module} import {attribute}", attribute)]
    for name, statement, text in reversed(forms) if attribute.endswith("_in_threadpool") else forms:
        if not any(name in scope for scope in scopes):
            return Spelling(text, (insertion(place.document, statement),))
    return None


def _bindings(node: ast.AST) -> Iterable[tuple[str, int]]:
    """The names that a node binds other than by import."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, node.lineno
    elif isinstance(node, Function | ast.ClassDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, node.lineno
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, node.lineno


def _imports(node: ast.AST) -> Iterable[tuple[ast.alias, str | None, int]]:
    """The aliases of an import, with the module a `from` takes them from (None for plain imports)."""
    if isinstance(node, ast.Import):
        yield from ((alias, None, node.lineno) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        yield from ((alias, base, node.lineno) for alias in node.names)


def _typing_rows(body: list[ast.stmt]) -> list[range]:
    """The rows under `if TYPE_CHECKING:`, where nothing is imported at run time."""
    return [
        range(statement.body[0].lineno, (statement.body[-1].end_lineno or 0) + 1)
        for statement in body
        if isinstance(statement, ast.If) and ast.unparse(statement.test).rpartition(".")[2] == "TYPE_CHECKING"
    ]


def _scope_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes that can bind a name of this very scope."""
    pending: list[ast.AST] = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.comprehension):
            pending += [node.iter, *node.ifs]
        elif not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(node)
