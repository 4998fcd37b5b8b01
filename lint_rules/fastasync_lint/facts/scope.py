"""What one function binds and reads."""

from __future__ import annotations

from collections.abc import Sequence

from fastasync_lint.facts import form, ir

ORDER = ("<", "<=", ">", ">=")
_ANSWERS = (ir.Not, ir.Compare, ir.BoolOp)
"""Conditions whose answer, where it is certain, counts as a literal does."""
_LANGUAGE = frozenset({"bytearray", "bytes", "dict", "frozenset", "list", "set", "str", "tuple"})
_SINGLE = (ir.POSITIONAL, ir.KEYWORD_ONLY)
_ASKING = ("isinstance", "callable")


class Scope:
    """What one function body binds and reads, to find the names that nested functions capture."""

    def __init__(self, outer: Scope | None, name: str, first: str) -> None:
        self.outer = outer
        self.name = name
        self.first = first
        self.bound: set[str] = set()
        self.again: set[str] = set()
        """Bound more than once."""
        self.literals: set[str] = set()
        """Bound to a literal, or to the answer of a condition."""
        self.reads: set[str] = set()
        self.nested_reads: set[str] = set()
        self.tested: set[str] = set()
        self.handed: set[str] = set()
        self.stores: set[str] = set()
        self.declared: set[str] = set()
        self.awaited: set[str] = set()
        self.yields = False
        self.asked: set[str] = set()
        """The subjects of `isinstance` and `callable`."""
        self.made: dict[str, str] = {}
        """Bound to a call of what has the name of a class."""
        self.unpacked: set[str] = set()
        """Given to a call as its keywords: `f(**names)`."""

    def note_condition(self, node: ir.Expr) -> None:
        """The plain names in it are what a context may depend on."""
        left = [node]
        while left:
            part = left.pop()
            if isinstance(part, ir.Name):
                self.tested.add(part.id)
            elif isinstance(part, ir.Not):
                left.append(part.value)
            elif isinstance(part, ir.Compare) and (part.op not in ORDER or isinstance(part.right, ir.Const)):
                left.append(part.left)
            elif isinstance(part, ir.BoolOp):
                left += part.items

    def note_answer(self, node: ir.Expr, targets: Sequence[ir.Expr] = ()) -> None:
        """Where the answer of a condition is kept in names or handed on, it matters what the names in it are."""
        if isinstance(node, _ANSWERS):
            self.note_condition(node)
        if isinstance(node, (*_ANSWERS, ir.Const)):
            self.literals.update([target.id for target in targets if isinstance(target, ir.Name)])

    def note_made(self, targets: list[ir.Expr], value: ir.Expr) -> None:
        """`client = Client()`"""
        if isinstance(value, ir.Call) and len(targets) == 1 and isinstance(targets[0], ir.Name):
            name = form.last_name(value.func)
            if name[:1].isupper():
                self.made[targets[0].id] = name

    def note_asked(self, func: ir.Expr, args: list[ir.Expr]) -> None:
        """`isinstance(part, Text)`"""
        if isinstance(func, ir.Name) and func.id in _ASKING and args and isinstance(args[0], ir.Name):
            self.asked.add(args[0].id)

    def asked_of(self, names: set[str]) -> list[str]:
        """The parameters whose class is asked for, and that hold what was given all along."""
        return sorted((self.asked & names) - self.again - self.declared)

    def plain(self, params: Sequence[ir.Param]) -> dict[str, str]:
        """The parameters of a class of the language that hold what was given all along. None may stand for any."""
        found = {}
        for param in params:
            declared = param.annotation.value if isinstance(param.annotation, ir.Sub) else param.annotation
            default = param.default
            if isinstance(default, ir.Call):  # `Query(None)`
                default = next(iter(default.args), dict(default.keywords).get("default"))
            if isinstance(default, ir.Const) and default.value is None:
                continue
            if isinstance(declared, ir.Name) and declared.id in _LANGUAGE and param.kind in _SINGLE:
                found[param.name] = declared.id
        return {name: cls for name, cls in found.items() if name not in self.again and name not in self.declared}

    def made_once(self) -> dict[str, str]:
        """The names that hold what one call gives, with the class that it seems to be of."""
        return {name: cls for name, cls in self.made.items() if name not in self.again and name not in self.declared}

    def fixed(self) -> list[str]:
        """The names that hold one and the same literal or answer."""
        return sorted(self.literals - self.again - self.declared)
