"""One file of Python: its calls by their full names, and the values that it spells out."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Mapping
from functools import cached_property

Function = ast.FunctionDef | ast.AsyncFunctionDef
Value = str | int | float
_CASTS = {"int": int, "str": str, "float": float}
_ENVIRONMENT = ("os.getenv", "os.environ.get", "getenv", "environ.get", "decouple.config", "config")


class Code:
    """A parsed file."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree

    @classmethod
    def parse(cls, path: str, data: bytes) -> Code | None:
        """None for what is not valid Python, which the checker names."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return cls(path, ast.parse(data))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node."""
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> dict[str, str]:
        """The full name of each imported one."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name.partition(".")[0]
                    found[alias.asname or root] = alias.name if alias.asname else root
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                found |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        return found

    @cached_property
    def functions(self) -> list[Function]:
        """Every function, methods and nested ones included."""
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def values(self) -> dict[str, ast.expr]:
        """What names at the top of the file are assigned."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                found[node.target.id] = node.value
        return found

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call, with the full name of what is called."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and (name := self.dotted(node.func)):
                yield name, node

    def dotted(self, node: ast.AST) -> str:
        """The full name of an expression through imports, "" when it is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.imports.get(node.id, node.id), *reversed(parts)])

    def root_imports(self) -> dict[str, int]:
        """The first part of each imported module, with the row where it is imported first."""
        found: dict[str, int] = {}
        for node in self.nodes:
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.partition(".")[0], getattr(node, "lineno", 0))
        return found


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((given.value for given in call.keywords if given.arg == name), None)


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function's body."""
    for statement in function.body:
        yield from ast.walk(statement)


class Values:
    """Values that the project spells out: constants, fields of settings, and what they read from the environment."""

    def __init__(self, files: list[Code]) -> None:
        self._constants: dict[str, list[tuple[Code, ast.expr]]] = {}
        self._fields: dict[str, list[tuple[Code, ast.expr]]] = {}
        for code in files:
            for name, value in code.values.items():
                self._constants.setdefault(name, []).append((code, value))
            for node in code.nodes:
                if isinstance(node, ast.ClassDef) and _holds_settings(node):
                    for name, value in _fields(node):
                        self._fields.setdefault(name, []).append((code, value))

    def of(self, node: ast.expr | str | None, code: Code | None, environment: Mapping[str, str]) -> Value | None:
        """What an expression is with these variables set; None when that cannot be read off."""
        if node is None or isinstance(node, str):
            return node
        return self._of(node, code, environment, 0)

    def field(self, name: str, environment: Mapping[str, str]) -> Value | None:
        """A field of the settings: by its variable, else its default."""
        return self._field(name, environment, 0)

    def _of(self, node: ast.expr, code: Code | None, environment: Mapping[str, str], depth: int) -> Value | None:
        if depth > 8:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, Value) and not isinstance(node.value, bool) else None
        if isinstance(node, ast.Attribute):
            return self._field(node.attr, environment, depth)
        if isinstance(node, ast.Name):
            return self._name(node.id, code, environment, depth)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            found = (self._of(value, code, environment, depth + 1) for value in node.values)
            return next((value for value in found if value), None)
        if isinstance(node, ast.Call):
            return self._call(node, code, environment, depth)
        return None

    def _call(self, node: ast.Call, code: Code | None, environment: Mapping[str, str], depth: int) -> Value | None:
        name = code.dotted(node.func) if code is not None else ""
        first = node.args[0] if node.args else None
        if name in _CASTS and first is not None:
            return _cast(name, self._of(first, code, environment, depth + 1))
        if name.rpartition(".")[2] == "Field":
            first = first or keyword(node, "default")
            return None if first is None else self._of(first, code, environment, depth + 1)
        if name in _ENVIRONMENT and isinstance(first, ast.Constant) and isinstance(first.value, str):
            if first.value in environment:
                return environment[first.value]
            default = node.args[1] if len(node.args) > 1 else keyword(node, "default")
            return None if default is None else self._of(default, code, environment, depth + 1)
        return None

    def _name(self, name: str, code: Code | None, environment: Mapping[str, str], depth: int) -> Value | None:
        if code is not None and name in code.values:
            return self._of(code.values[name], code, environment, depth + 1)
        if code is None or name not in code.imports:
            return None
        return self._only(self._constants.get(code.imports[name].rpartition(".")[2]), environment, depth)

    def _field(self, name: str, environment: Mapping[str, str], depth: int) -> Value | None:
        found = self._fields.get(name) or self._constants.get(name)
        if found and name.upper() in environment:
            return environment[name.upper()]
        return self._only(found, environment, depth)

    def _only(
        self, found: list[tuple[Code, ast.expr]] | None, environment: Mapping[str, str], depth: int
    ) -> Value | None:
        """The value that all definitions agree on."""
        values = {self._of(node, code, environment, depth + 1) for code, node in found or ()}
        return values.pop() if len(values) == 1 else None


def number(value: Value | None) -> float | None:
    """A value as a number, None when it is none."""
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def stem(path: str) -> str:
    """The name of a file of Python as one imports it."""
    return os.path.basename(path).removesuffix(".py")


def _cast(name: str, value: Value | None) -> Value | None:
    try:
        return None if value is None else _CASTS[name](value)
    except ValueError:
        return None


def _holds_settings(node: ast.ClassDef) -> bool:
    bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    return any("Settings" in base or "Config" in base for base in (*bases, node.name))


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value is not None:
            yield item.target.id, item.value
        elif isinstance(item, ast.Assign):
            yield from ((target.id, item.value) for target in item.targets if isinstance(target, ast.Name))
