"""Names in the files of a framework's user: imports, functions, who depends on whom."""

from __future__ import annotations

import ast
import bisect
import functools
import os
import re
import warnings
from collections.abc import Iterable, Sequence

from ..facts.parse import parsed
from ..model import Hit, Location
from ..rules import rule
from ..sources import Sources

Function = ast.FunctionDef | ast.AsyncFunctionDef

_BLOCKS = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
)  # fmt: skip
# Other functions, and what has nothing below it that is of interest.
_LEAVES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Name, ast.Constant)

# Calls that matter have one of these on a row of theirs, or what it is imported as.
_OF_INTEREST = (
    "Depends", "Security", "lifespan", "on_event", "event_handler", "on_startup", "on_shutdown", "FastAPI", "Router",
    "Starlette", ".run", "run(", "async_engine",
)  # fmt: skip
_HOPS = 5
_RENAMED = re.compile(r"\b(?:Depends|Security|FastAPI|APIRouter|Starlette|Router|run|create_async_engine) as (\w+)")


class Module:
    """One parsed file."""

    def __init__(self, path: str, text: str, tree: ast.Module, package: tuple[str, ...]) -> None:
        self.path = path
        self.package = package
        self.imports: dict[str, str] = {}
        self.values: dict[str, ast.expr] = {}
        self.functions: list[tuple[str, Function]] = []
        self.calls: list[ast.Call] = []
        self._lines = text.split("\n")
        # Walking every expression takes as long as parsing; the calls that matter are on few rows.
        self._rows = _rows_of_interest(text)
        self._collect(tree.body, "")
        asking = [call for call in self.calls if last_name(call.func) in ("Depends", "Security") and call.args]
        self.depends = [(self.dotted(call.args[0]), call) for call in asking]
        """What is depended on, by name, and where."""

    def dotted(self, node: ast.AST) -> str:
        """The full name of an expression: through imports, else as written; "" when it is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        parts.append(self.imports.get(node.id, node.id))
        return ".".join(reversed(parts))

    def hit(self, code: str, node: ast.expr | ast.stmt, function: str, sink: str, end: Location | None = None) -> Hit:
        """A hit on a node."""
        return Hit(
            code=code,
            severity=rule(code).severity,
            filename=self.path,
            location=self._location(node.lineno, node.col_offset),
            end_location=end or self._location(node.end_lineno or node.lineno, node.end_col_offset or 0),
            function=function,
            sink=sink,
            chain=(),
            kind="structure",
        )

    def header(self, function: Function) -> Location:
        """Where a function's name ends."""
        row = function.lineno
        line = self._lines[row - 1]
        start = line.index(function.name, self._location(row, function.col_offset).column + 2)
        return Location(row, start + len(function.name) + 1)

    def _location(self, row: int, column: int) -> Location:
        line = self._lines[row - 1]
        return Location(row, len(line.encode()[:column].decode("utf-8", "replace")) + 1)

    def _collect(self, body: Sequence[ast.stmt], scope: str) -> None:
        """Go through statements, and into the expressions of those that stand on a row of interest."""
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
                continue
            inner = scope
            if isinstance(node, Function | ast.ClassDef):
                inner = f"{scope}.{node.name}" if scope else node.name
                if not isinstance(node, ast.ClassDef):
                    self.functions.append((inner, node))
            elif isinstance(node, ast.Assign) and not scope:
                self.values |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
            if not isinstance(node, _BLOCKS) and not self._matters(node):
                continue
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    self._collect((child,), inner)
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    self._collect(child.body, inner)
                elif self._matters(child):
                    self.calls += [part for part in ast.walk(child) if isinstance(part, ast.Call)]

    def _matters(self, node: ast.AST) -> bool:
        first = getattr(node, "lineno", 0)
        if not first:  # what has no place of its own, such as a list of parameters
            return True
        index = bisect.bisect_left(self._rows, first)
        return index < len(self._rows) and self._rows[index] <= (getattr(node, "end_lineno", None) or first)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
            return
        base = list(self.package[: len(self.package) - node.level + 1]) if node.level else []
        base += [node.module] if node.module else []
        for alias in node.names:
            self.imports[alias.asname or alias.name] = ".".join([*base, alias.name])


class Modules:
    """The files of a project that mention a framework, and those that their dependencies are defined in."""

    def __init__(self, root: str, files: Sequence[str], paths: Sequence[str], sources: Sources) -> None:
        self.all = [module for path in paths if (module := _parsed(root, path, sources)) is not None]
        self._root = root
        self._sources = sources
        self._known = {".".join(module_name(module)): module for module in self.all}
        self._others = _by_stem(tuple(files))
        self._uses: dict[tuple[str, str], list[ast.Call]] = {}
        for module in list(self.all):
            for name, call in module.depends:
                self._use(module, name, call)

    def uses(self, module: Module, function: str) -> list[ast.Call]:
        """The `Depends(...)` calls of a module's top-level function, in any file."""
        return self._uses.get((module.path, function), [])

    def _use(self, module: Module | None, name: str, call: ast.Call) -> None:
        """File a use under the function that the name leads to, through what modules import from each other."""
        if "." not in name and module is not None:
            self._uses.setdefault((module.path, name), []).append(call)
            return
        for _ in range(_HOPS):
            owner, _, function = name.rpartition(".")
            module = self._module(owner)
            if module is None:
                return
            if function not in module.imports:
                self._uses.setdefault((module.path, function), []).append(call)
                return
            name = module.imports[function]

    def _module(self, name: str) -> Module | None:
        """The module of a dotted name, by the end of its path: source roots are many and not declared."""
        if name in self._known:
            return self._known[name]
        tail = name.replace(".", "/")
        for path in self._others.get(name.rpartition(".")[2], ()):
            stem = path.removesuffix(".py").removesuffix("/__init__")
            if not stem.replace(os.sep, "/").endswith(f"/{tail}"):
                continue
            known = next((module for module in self.all if module.path == path), None)
            module = known or _parsed(self._root, path, self._sources)
            if module is not None:
                self._known[name] = module
                self.all += [module] if known is None else []
                return module
        return None


@functools.lru_cache(maxsize=4)
def _by_stem(files: tuple[str, ...]) -> dict[str, list[str]]:
    """Files by the last part of their module's name; kept for the language server."""
    found: dict[str, list[str]] = {}
    for path in files:
        folder, name = os.path.split(path)
        stem = os.path.basename(folder) if name == "__init__.py" else name.removesuffix(".py")
        found.setdefault(stem, []).append(path)
    return found


def module_name(module: Module) -> tuple[str, ...]:
    """The dotted name's parts: the package and the file."""
    stem = os.path.basename(module.path).removesuffix(".py")
    return module.package if stem == "__init__" else (*module.package, stem)


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@functools.lru_cache(maxsize=4096)
def own_nodes(function: Function) -> Sequence[ast.stmt | ast.expr]:
    """The nodes of a function's body, in order of place, without those of functions inside it."""
    found: list[ast.stmt | ast.expr] = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt | ast.expr):
            found.append(node)
        if not isinstance(node, _LEAVES):
            pending += ast.iter_child_nodes(node)
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return found


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((given.value for given in call.keywords if given.arg == name), None)


def text_of(node: ast.AST | None) -> str | None:
    """The text of a constant, or the constant start of an f-string."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _rows_of_interest(text: str) -> list[int]:
    """The rows that have one of the words. Each is looked for by itself: one pattern takes twice as long."""
    found: set[int] = set()
    for word in (*_OF_INTEREST, *_RENAMED.findall(text)):
        place = text.find(word)
        while place >= 0:
            found.add(place)
            place = text.find(word, place + 1)
    rows: list[int] = []
    row, seen = 1, 0
    for place in sorted(found):
        row += text.count("\n", seen, place)
        seen = place
        rows.append(row)
    return rows


def _parsed(root: str, path: str, sources: Sources) -> Module | None:
    stamp = sources.stamp(path)
    return _parse(root, path, sources.data(path)) if stamp is None else _standing(root, path, *stamp)


@functools.lru_cache(maxsize=2048)
def _standing(root: str, path: str, changed: int, size: int) -> Module | None:
    """A file on disk; kept for the language server, which asks again after every edit."""
    return _parse(root, path, Sources().data(path))


@functools.lru_cache(maxsize=64)
def _parse(root: str, path: str, data: bytes) -> Module | None:
    from ..sources import decode

    package = tuple(os.path.relpath(os.path.dirname(path), root).replace(os.sep, "/").split("/"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parsed(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # the engine names the file as a problem
    return Module(path, decode(data), tree, () if package == (".",) else package)


def qualified(items: Iterable[tuple[str, Function]], node: ast.AST) -> str:
    """The name of the innermost function around a node, "" at the top of the file."""
    name, best = "", -1
    row = getattr(node, "lineno", 0)
    for candidate, function in items:
        if best < function.lineno <= row <= (function.end_lineno or row):
            name, best = candidate, function.lineno
    return name
