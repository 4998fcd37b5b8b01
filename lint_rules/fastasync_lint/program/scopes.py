"""Modules and classes as namespaces whose names are evaluated when first asked for."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program.values import EMPTY, FunctionValue, Instance, Value
from fastasync_lint.testcode import is_test

if TYPE_CHECKING:
    from fastasync_lint.program.contexts import Context
    from fastasync_lint.program.variants import Kept

NEW, BUSY, DONE = range(3)


class Task:
    """Something evaluated, with those that read its value: they are evaluated again when it grows."""

    __slots__ = ("dirty", "readers", "runs", "state", "value")

    def __init__(self) -> None:
        self.value: Value = EMPTY
        self.readers: dict[Task, None] = {}
        self.state = NEW
        self.dirty = False
        self.runs = 0


class Cell(Task):
    """One name of a module or class, or (without a scope) one attribute that methods set."""

    __slots__ = ("name", "scope")

    def __init__(self, scope: Scope | None, name: str) -> None:
        super().__init__()
        self.scope = scope
        self.name = name


Binding = tuple[Any, bool]
"""A statement that binds the name, and whether it stands under a condition."""


class Scope:
    """A namespace: the bindings of its body by name."""

    module: ModuleScope

    def __init__(self, body: list[ir.Stmt]) -> None:
        self.body = body
        self.cells: dict[str, Cell] = {}
        self.stars: list[ir.ImportFrom] = []
        self.bindings: dict[str, list[Binding]] = {}
        _collect(self, body, False)

    def cell(self, name: str) -> Cell | None:
        found = self.cells.get(name)
        if found is None and name in self.bindings:
            found = self.cells[name] = Cell(self, name)
        return found


class ModuleScope(Scope):
    def __init__(self, name: str, path: str, is_package: bool, facts: ir.FileFacts) -> None:
        super().__init__(facts.body)
        self.name = name
        self.path = path
        self.folder = path.rpartition("/")[0]
        self.is_test = is_test(path)
        self.is_package = is_package
        self.root = ""
        """The folder from which its name counts."""
        self.is_part = is_package or any(isinstance(node, ir.ImportFrom) and node.level for node in facts.body)
        """Nothing is imported from its own folder by a bare name: what imports relatively is in a package."""
        self.calls = facts.calls
        self.late: dict[str, Cell] = {}
        self.declared = facts.declared
        self.texts = facts.texts
        self.stored = facts.stored
        self.options = facts.options
        self.module = self

    def package(self, level: int) -> str:
        """The package that `level` leading dots mean."""
        parts = self.name.split(".")
        drop = level - 1 if self.is_package else level
        return ".".join(parts[: len(parts) - drop]) if drop <= len(parts) else ""


class ClassScope(Scope):
    """A project class. Its objects are told apart only by functions and switches that they are made with."""

    def __init__(self, node: ir.ClassDef, scope: Scope, module: ModuleScope, closure: Context | None) -> None:
        super().__init__(node.body)
        self.node = node
        self.outer = scope
        self.module = module
        self.closure = closure
        self.name = node.name
        self.bases: list[ClassScope] = []
        self.arguments: list[ir.Sub | None] = []
        """Of each base, how it is parametrised."""
        self.variables: list[str] | None = None
        self.validators: list[FunctionValue] | None = None
        self.factories: dict[str, tuple[ClassScope, ir.Expr]] | None = None
        self.origin: ClassScope | None = None
        """Of `Class[X]`, the class."""
        self.types: dict[str, Value] = {}
        self.is_variant = False
        """Whether it stands for the objects of `origin` that are made with certain functions."""
        self.variants: dict[Any, ClassScope] = {}
        self.literals: dict[str, bool] | None = None
        """The switches that its objects are made with, by the attribute that holds them; None until somebody asks."""
        self.keeps: list[Kept] | None = None
        self.switches: dict[str, Cell] = {}
        """Who has asked for a switch of its objects, by attribute."""
        self.later: dict[str, Cell] = {}
        """What others set attributes of some of its objects to."""
        self.loose: set[str] = set()
        """Attributes of its objects that are set by others."""
        self.outside: list[str] = []
        self.unknown_base = False
        self.is_driven = False
        """Whether a base from outside may call its methods."""
        self.metaclass: ClassScope | None = None
        self.is_kept = False
        """Whether calling it gives one object again and again, by its metaclass."""
        self.subclasses: list[ClassScope] = []
        self.attributes: dict[str, Cell] = {}
        self.flags: dict[str, dict[str, tuple[Value, Value]]] = {}
        """By the attribute that holds a flag: what others are where it is true, and where it is false."""
        self.instance = Instance(self, False)
        self._exact = Instance(self, True)
        self._mro: list[ClassScope] | None = None
        self._below: list[ClassScope] | None = None
        self._below_untested: list[ClassScope] = []
        self._storing: dict[str, list[str]] | None = None
        self.is_protocol = False

    def of(self, exact: bool) -> Instance:
        """The instance value; the two are one while no subclass is known."""
        return self._exact if exact and self.subclasses else self.instance

    def specialise(self, origin: ClassScope, types: dict[str, Value]) -> None:
        """Be `origin[...]`."""
        self.origin = origin
        self.types = types
        self.bases = [origin]
        self.arguments = [None]
        self.subclasses = origin.subclasses
        self.is_protocol = origin.is_protocol

    @property
    def mro(self) -> list[ClassScope]:
        """The class and its project bases, in the order in which Python asks them."""
        if self._mro is None:
            self._mro = [self, *_merged([*(base.mro for base in self.bases), self.bases])]
        return self._mro

    @property
    def general(self) -> ClassScope:
        """The class, whatever its objects are made with."""
        return self.origin if self.is_variant and self.origin is not None else self

    def forget_order(self) -> None:
        """A base of it, or of a base, has changed."""
        self._mro = None

    def outside_bases(self) -> list[str]:
        return [name for cls in self.mro for name in cls.outside]

    def storing(self, attribute: str) -> list[str]:
        """Names of the methods that set `self.attribute`."""
        if self._storing is None:
            self._storing = {}
            for name, bindings in self.bindings.items():
                for node, _ in bindings:
                    if isinstance(node, ir.FuncDef):
                        for stored in node.function.stores:
                            self._storing.setdefault(stored, []).append(name)
        return self._storing.get(attribute, [])

    def attribute(self, name: str) -> Cell:
        found = self.attributes.get(name)
        if found is None:
            found = self.attributes[name] = Cell(None, name)
        return found

    def derives_from(self, other: ClassScope) -> bool:
        return (other.origin or other) in self.mro

    def add_subclass(self, cls: ClassScope) -> None:
        """One more class that derives from this one, and so from its bases."""
        self.subclasses.append(cls)
        for base in self.mro:
            base._below = None

    def subclasses_for(self, module: ModuleScope) -> list[ClassScope]:
        """The subclasses that code of a module can meet: those of tests only where it is a test itself."""
        found = self.all_subclasses()
        return found if module.is_test else self._below_untested

    def all_subclasses(self) -> list[ClassScope]:
        """Those that derive from it and those that derive from them, the nearest first."""
        if self.origin is not None:
            found = self.origin.all_subclasses()
            self._below_untested = self.origin._below_untested
            return found
        if self._below is None:
            order: dict[ClassScope, None] = {}
            queue = deque(self.subclasses)
            while queue:
                cls = queue.popleft()
                if cls not in order and cls is not self:
                    order[cls] = None
                    queue.extend(cls.subclasses)
            self._below = list(order)
            self._below_untested = [cls for cls in order if not cls.module.is_test]
        return self._below


def _merged(orders: list[list[ClassScope]]) -> list[ClassScope]:
    """The orders as one that keeps each of them (C3); where Python would refuse for want of one, the first goes on."""
    out: list[ClassScope] = []
    left = [order for order in orders if order]
    while left:
        heads = [order[0] for order in left]
        follows = {cls for order in left for cls in order[1:]}
        taken = next((cls for cls in heads if cls not in follows), heads[0])
        out.append(taken)
        left = [rest for order in left if (rest := [cls for cls in order if cls is not taken])]
    return out


def _collect(scope: Scope, body: list[ir.Stmt], conditional: bool) -> None:
    for node in body:
        kind = node.__class__
        if kind is ir.FuncDef:
            _bind(scope, node.function.name, node, conditional)  # type: ignore[union-attr]
        elif kind is ir.ClassDef or kind is ir.Import:
            _bind(scope, node.name, node, conditional)  # type: ignore[union-attr]
        elif kind is ir.ImportFrom:
            for there, here in node.names:  # type: ignore[union-attr]
                if there == "*":
                    scope.stars.append(node)  # type: ignore[arg-type]
                else:
                    _bind(scope, here, node, conditional)
        elif kind is ir.Assign:
            for target in node.targets:  # type: ignore[union-attr]
                _bind_target(scope, target, node, conditional)
        elif kind is ir.AnnAssign:
            _bind_target(scope, node.target, node, conditional)  # type: ignore[union-attr]
        elif kind is ir.If or kind is ir.While:
            _collect(scope, node.body, True)  # type: ignore[union-attr]
            _collect(scope, node.orelse, True)  # type: ignore[union-attr]
        elif kind is ir.For:
            _bind_target(scope, node.target, node, True)  # type: ignore[union-attr]
            _collect(scope, node.body, True)  # type: ignore[union-attr]
        elif kind is ir.With:
            for item in node.items:  # type: ignore[union-attr]
                if item.target is not None:
                    _bind_target(scope, item.target, node, conditional)
            _collect(scope, node.body, conditional)  # type: ignore[union-attr]
        elif kind is ir.Try:
            _collect(scope, node.body, True)  # type: ignore[union-attr]
            for handler in node.handlers:  # type: ignore[union-attr]
                _collect(scope, handler.body, True)
            _collect(scope, node.orelse, True)  # type: ignore[union-attr]
            _collect(scope, node.final, True)  # type: ignore[union-attr]


def _bind(scope: Scope, name: str, node: Any, conditional: bool) -> None:
    scope.bindings.setdefault(name, []).append((node, conditional))


def _bind_target(scope: Scope, target: Any, node: Any, conditional: bool) -> None:
    if isinstance(target, ir.Name):
        _bind(scope, target.id, node, conditional)
    elif isinstance(target, ir.Seq):
        for item in target.items:
            _bind_target(scope, item, node, conditional)
    elif isinstance(target, ir.Star):
        _bind_target(scope, target.value, node, conditional)
