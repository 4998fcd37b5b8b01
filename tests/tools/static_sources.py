"""Find modules, classes and their attributes in installed sources without importing them.

The answer for a name is a `Found`, `UNCHECKED` where sources cannot tell (C extensions, names made at run time), or
None: it does not exist.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

UNCHECKED: Literal["unchecked"] = "unchecked"
_BINARY = (".so", ".pyd", ".pyx")
_DEEPEST = 40
_PLAIN_BASES = frozenset({"object", "Generic", "Protocol", "ABC", "Exception", "NamedTuple", "TypedDict"})
"""Bases that add no attribute of interest."""
_DEFINED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(eq=False)
class Module:
    name: str
    bindings: dict[str, list[ast.AST]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    """Text constants, if names are made on demand (`__getattr__`): the only trace such a name leaves."""
    paths: list[Path] = field(default_factory=list)
    is_package: bool = False
    is_binary: bool = False


@dataclass(frozen=True)
class Found:
    module: Module
    node: ast.AST | None
    """None: the module itself."""
    others: tuple[Found, ...] = ()
    """What the name is bound to besides: in a branch, by a later star import."""


Answer = Found | Literal["unchecked"] | None


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of one scope, those under `if` and `try` too."""
    for node in body:
        yield node
        if not isinstance(node, _DEFINED):
            for name in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, name, ()))
            for handler in getattr(node, "handlers", ()):
                yield from _statements(handler.body)


def bindings(body: Iterable[ast.stmt]) -> dict[str, list[ast.AST]]:
    """Name -> the statements that bind it."""
    out: dict[str, list[ast.AST]] = {}
    for node in _statements(body):
        names: list[str] = []
        if isinstance(node, _DEFINED):
            names = [node.name]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.Assign):
            names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        for name in names:
            out.setdefault(name, []).append(node)
    return out


class Sources:
    """The modules below some folders of installed packages."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = list(roots)
        self._modules: dict[str, Module | None] = {}
        self._classes: dict[ast.ClassDef, dict[str, list[ast.AST]]] = {}
        self._answers: dict[tuple[object, str], Answer] = {}

    def module(self, name: str) -> Module | None:
        if name not in self._modules:
            self._modules[name] = self._load(name)
        return self._modules[name]

    def _load(self, name: str) -> Module | None:
        made = Module(name)
        top, _, rest = name.replace(".", "/").partition("/")
        for root in self.roots:
            for head in (top, f"{top}-stubs"):
                self._scan(made, root / head / rest if rest else root / head)
        return made if made.paths else None

    def _scan(self, made: Module, base: Path) -> None:
        for path in (
            base / "__init__.py",
            base / "__init__.pyi",
            base.with_name(f"{base.name}.py"),
            base.with_name(f"{base.name}.pyi"),
        ):
            if path.is_file():
                made.paths.append(path)
                made.is_package |= path.stem == "__init__"
                self._read(made, path)
        if base.is_dir() and not made.paths:
            made.paths.append(base)
            made.is_package = True
        if base.parent.is_dir() and any(p.suffix in _BINARY for p in base.parent.glob(f"{base.name}.*")):
            made.paths.append(base)
            made.is_binary = not made.bindings

    def _read(self, made: Module, path: Path) -> None:
        tree = ast.parse(path.read_bytes())
        for name, nodes in bindings(tree.body).items():
            made.bindings.setdefault(name, []).extend(nodes)
        for node in _statements(tree.body):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                made.stars.append(self.target(made, node))
        if "__getattr__" in made.bindings or b"globals()" in path.read_bytes() or b"sys.modules[" in path.read_bytes():
            made.texts.update(
                n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
            )

    def target(self, module: Module, node: ast.ImportFrom) -> str:
        """The module that `from … import` reads."""
        if not node.level:
            return node.module or ""
        parts = module.name.split(".")
        keep = len(parts) - node.level + (1 if module.is_package else 0)
        return ".".join([*parts[:keep], *([node.module] if node.module else [])])

    # names ---------------------------------------------------------------------------------------------------

    def name(self, dotted: str, deep: int = 0) -> Answer:
        """What a dotted name without calls means."""
        parts = dotted.split(".")
        for cut in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:cut]))
            if module is None:
                continue
            answer: Answer = Found(module, None)
            for part in parts[cut:]:
                answer = self.attribute(answer, part, deep)
            is_namespace = all(path.is_dir() for path in module.paths)
            return UNCHECKED if answer is None and is_namespace else answer
        return None

    def attribute(self, holder: Answer, name: str, deep: int = 0) -> Answer:
        if not isinstance(holder, Found) or deep > _DEEPEST:
            return holder
        if holder.node is None:
            modules = [one.module for one in (holder, *holder.others) if one.node is None]
            return next(filter(None, (self._of_module(module, name, deep) for module in modules)), None)
        if not isinstance(holder.node, ast.ClassDef):
            return UNCHECKED
        answer = self._of_class(holder, name, deep)
        for other in holder.others:
            if answer is not None:
                break
            if other.node is not None:
                answer = self.attribute(other, name, deep + 1)
        return answer

    def _of_module(self, module: Module, name: str, deep: int) -> Answer:
        key = (module.name, name)
        if key not in self._answers:
            self._answers[key] = None  # ends a circle of imports
            self._answers[key] = self._in_module(module, name, deep)
        return self._answers[key]

    def _in_module(self, module: Module, name: str, deep: int) -> Answer:
        if deep > _DEEPEST:
            return UNCHECKED
        answers = [self._follow(module, node, name, deep + 1) for node in reversed(module.bindings.get(name, []))]
        below = self.module(f"{module.name}.{name}") if module.is_package else None
        if below is not None:
            answers.append(Found(below, None))
        for star in module.stars:
            source = self.module(star)
            answers.append(UNCHECKED if source is None else self._of_module(source, name, deep + 1))
        found = [answer for answer in answers if isinstance(answer, Found)]
        found.sort(key=lambda one: not isinstance(one.node, _DEFINED))
        if found:
            return Found(found[0].module, found[0].node, (*found[0].others, *found[1:]))
        unsure = UNCHECKED in answers or module.is_binary or name in module.texts
        return UNCHECKED if unsure else None

    def _follow(self, module: Module, node: ast.AST, name: str, deep: int) -> Answer:
        """Through an import or a plain assignment to what it stands for."""
        if deep > _DEEPEST:
            return UNCHECKED
        if isinstance(node, ast.ImportFrom):
            alias = next((a for a in node.names if (a.asname or a.name) == name), None)
            if alias is None:
                return UNCHECKED
            target = self.target(module, node)
            if self.module(target) is None:
                return UNCHECKED
            return self.name(f"{target}.{alias.name}", deep) or UNCHECKED
        if isinstance(node, ast.Import):
            alias = next((a for a in node.names if a.asname == name), None)
            return self.name(alias.name if alias else name, deep) or UNCHECKED
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute):
            meant = self.expression(module, node.value, deep)
            return meant if isinstance(meant, Found) else Found(module, node)
        return Found(module, node)

    def expression(self, module: Module, node: ast.AST, deep: int = 0) -> Answer:
        """What a name, `a.b` or `A[int]` in a module's source means."""
        if isinstance(node, ast.Subscript):
            return self.expression(module, node.value, deep + 1)
        if isinstance(node, ast.Attribute):
            return self.attribute(self.expression(module, node.value, deep + 1), node.attr, deep + 1)
        if isinstance(node, ast.Name):
            return self._of_module(module, node.id, deep + 1) if deep < _DEEPEST else UNCHECKED
        return UNCHECKED

    def _of_class(self, holder: Found, name: str, deep: int) -> Answer:
        key = (holder.node, name)
        if key not in self._answers:
            self._answers[key] = None  # ends a circle of bases
            self._answers[key] = self._in_class(holder, name, deep)
        return self._answers[key]

    def _in_class(self, holder: Found, name: str, deep: int) -> Answer:
        node = holder.node
        assert isinstance(node, ast.ClassDef)
        bound = self.members(node)
        if name in bound:
            return self._follow(holder.module, bound[name][-1], name, deep + 1) or UNCHECKED
        made = {"__getattr__", "__getattribute__"} & set(bound) or self._is_extended(holder, deep)
        unknown: Answer = UNCHECKED if made else None
        metaclass = [keyword.value for keyword in node.keywords if keyword.arg == "metaclass"]
        for base in (*node.bases, *metaclass):
            answer = self._of_base(holder, base, name, deep + 1)
            if isinstance(answer, Found):
                return answer
            unknown = unknown or answer
        return unknown

    def _is_extended(self, holder: Found, deep: int) -> bool:
        """Whether a decorator of the class sets attributes by names that it works out."""
        assert isinstance(holder.node, ast.ClassDef)
        for written in holder.node.decorator_list:
            named = written.func if isinstance(written, ast.Call) else written
            decorator = self.expression(holder.module, named, deep + 1)
            if isinstance(decorator, Found) and isinstance(decorator.node, ast.FunctionDef):
                called = [node.func for node in ast.walk(decorator.node) if isinstance(node, ast.Call)]
                if any(isinstance(func, ast.Name) and func.id == "setattr" for func in called):
                    return True
        return False

    def _of_base(self, holder: Found, base: ast.expr, name: str, deep: int) -> Answer:
        if ast.unparse(base).partition("[")[0].rpartition(".")[2] in _PLAIN_BASES:
            return None
        above = self.expression(holder.module, base, deep)
        if not isinstance(above, Found) or above.node is holder.node or not isinstance(above.node, ast.ClassDef):
            return UNCHECKED
        return self.attribute(above, name, deep)

    def members(self, node: ast.ClassDef) -> dict[str, list[ast.AST]]:
        """What the body binds, and what methods store on `self`."""
        if node not in self._classes:
            out = bindings(node.body)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store) and _is_self(inner.value):
                    out.setdefault(inner.attr, []).append(inner)
            self._classes[node] = out
        return self._classes[node]


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")
