"""What the form of a definition, call or loop says, whatever its names mean."""

from __future__ import annotations

import ast

from fastasync_lint.facts import ir
from fastasync_lint.facts.ir import NOTHING, Expr, Stmt

IDLE = (ast.Pass, ast.Continue)
_LEAVING = (ir.Jump, ir.Return)
_EXITS = frozenset({("sys", "exit"), ("os", "_exit")})
WATCHED = (ir.Compare, ir.Group, ir.BoolOp)
"""Conditions in which a clock may be read."""


def is_switch(default: Expr | None) -> bool:
    return default.__class__ is ir.Const and (default.value is None or default.value.__class__ is bool)


def last_name(node: Expr) -> str:
    if node.__class__ is ir.Attr:
        return node.name
    return node.id if node.__class__ is ir.Name else ""


def body_flags(body: list[ast.stmt]) -> int:
    rest = body[1:] if body and is_text(body[0]) else body
    if all(s.__class__ is ast.Pass or is_text(s) for s in rest):
        return ir.NO_BODY | ir.ABSTRACT
    if len(rest) == 1 and rest[0].__class__ is ast.Raise:
        raised = rest[0].exc
        raised = raised.func if raised.__class__ is ast.Call else raised
        if raised.__class__ is ast.Name and raised.id == "NotImplementedError":
            return ir.ABSTRACT
    return 0


def is_text(node: ast.stmt) -> bool:
    return node.__class__ is ast.Expr and node.value.__class__ is ast.Constant


def set_by_name(node: ast.expr, first: str) -> ast.Assign | None:
    """`self.client = value`, as a frozen class spells it, or one that hooks into what is set:
    `object.__setattr__(self, "client", value)`, `super().__setattr__("client", value)`. `first`: the first
    parameter."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "__setattr__":
        return None
    of = node.func.value
    args = node.args
    if isinstance(of, ast.Call) and isinstance(of.func, ast.Name) and of.func.id == "super" and first:
        args = [ast.copy_location(ast.Name(first, ast.Load()), of), *args]
    elif not isinstance(of, ast.Name) or of.id != "object":
        return None
    if len(args) != 3 or not isinstance(args[1], ast.Constant) or not isinstance(args[1].value, str):
        return None
    target = ast.copy_location(ast.Attribute(args[0], args[1].value, ast.Store()), node)
    return ast.copy_location(ast.Assign([target], args[2]), node)


def is_exit(func: Expr) -> bool:
    """`sys.exit`, `os._exit`."""
    return isinstance(func, ir.Attr) and isinstance(func.value, ir.Name) and (func.value.id, func.name) in _EXITS


_OLDEST = (3, 9)
"""The oldest Python that a project of today may run on."""


def is_newer(test: ast.expr) -> bool | None:
    """What `sys.version_info >= (3, 8)` says on every Python in use; None where they differ, and of anything else."""
    if not isinstance(test, ast.Compare):
        return None
    asked = test.left.value if isinstance(test.left, ast.Subscript) else test.left  # `sys.version_info[:2]`
    if not isinstance(asked, ast.Attribute) or asked.attr != "version_info":
        return None
    bound = test.comparators[0]
    if not isinstance(bound, ast.Tuple) or len(test.comparators) > 1:
        return None
    numbers = [part.value for part in bound.elts if isinstance(part, ast.Constant) and isinstance(part.value, int)]
    if len(numbers) < len(bound.elts) or tuple(numbers[:2]) > _OLDEST:
        return None
    return {ast.GtE: True, ast.Gt: True, ast.Lt: False, ast.LtE: False}.get(test.ops[0].__class__)


def way_out(body: list[Stmt]) -> Expr:
    """What an endless loop looks at before it leaves."""
    for statement in body:
        if statement.__class__ is ir.If and statement.body and statement.body[-1].__class__ in _LEAVING:
            found: Expr = statement.test
            if found.__class__ in WATCHED:
                return found
    return NOTHING


def is_handed(name: str, body: list[ast.stmt]) -> bool:
    """Whether nothing is ever asked of a name, but for work of which the loop gets each future:
    `asyncio.wrap_future(pool.submit(f))`."""
    asked: list[str] = []
    wrapped = 0
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            asked.append(node.attr)
        called = node.func if isinstance(node, ast.Call) else None
        last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        wrapped += last == "wrap_future"
    return not asked or (set(asked) == {"submit"} and len(asked) <= wrapped)


def assigned(targets: list[Expr], value: Expr, place: tuple[int, int] | None) -> Stmt:
    """An assignment; of one of two things that are made, by a condition at `place`, a branch with two."""
    if place is None or not isinstance(value, ir.IfExp) or not _makes_either(value):
        return ir.Assign(targets, value)
    return ir.If(value.test, [ir.Assign(targets, value.body)], [ir.Assign(targets, value.orelse)], *place)


def _makes_either(value: ir.IfExp) -> bool:
    """`Fast() if flag else Slow()`, which the same flag may tell apart further down."""
    flag = value.test.value if value.test.__class__ is ir.Not else value.test
    return flag.__class__ in (ir.Name, ir.Attr) and value.body.__class__ is value.orelse.__class__ is ir.Call
