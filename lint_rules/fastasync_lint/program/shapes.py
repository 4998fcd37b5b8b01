"""Statements whose form tells what they are for: guards of singletons, exits, probes, busy loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import EMPTY, Constant, Instance, Made, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def is_singleton_guard(node: ir.If, frame: Frame) -> str:
    """What runs once: "body" for `if _x is None: _x = …`, "rest" for `if _x is not None: return _x`.

    `if _x is None: start()` says the same where the function hands out `_x` in the end: what is called makes it.
    """
    target, when_unset = _unset_test(_undecided(node.test, frame))
    if target is None or frame.context is None:
        return ""
    path = expressions.path(target)
    function = frame.context.node
    lasting = path in function.outer if isinstance(target, ir.Name) else True
    if not path or not lasting:
        return ""
    last = node.body[-1] if node.body else None
    if when_unset:
        hands_out = not isinstance(last, ir.Return | ir.Jump) and _hands_out(function, path)
        return "body" if _assigns(node.body, path) or hands_out else ""
    is_made = isinstance(last, ir.Return) and (_assigns(function.body, path, node) or _hands_out(function, path))
    return "rest" if is_made else ""


def _hands_out(function: ir.Function, path: str) -> bool:
    """Whether the last that a function does is to return what has this name."""
    last = function.body[-1] if function.body else None
    return isinstance(last, ir.Return) and expressions.path(last.value) == path


def _undecided(node: ir.Expr, frame: Frame) -> ir.Expr:
    """Of `_x is None or refresh`, where the caller has said that it is not to be refreshed, the first; of
    `_x is not None and _x.is_open`, too."""
    if not isinstance(node, ir.BoolOp):
        return node
    if not node.is_or:
        target, when_unset = _unset_test(node.items[0])
        return node if target is None or when_unset else node.items[0]
    left = [item for item in node.items if not (isinstance(item, ir.Name) and _is_off(frame.given.get(item.id, EMPTY)))]
    return left[0] if len(left) == 1 else node


def _is_off(value: Value) -> bool:
    return bool(value) and all(item.__class__ is Constant and not item.value for item in value)


def ends_program(body: list[ir.Stmt]) -> bool:
    """What stands before `sys.exit()` runs once, with nothing to be served after it."""
    return any(node.__class__ is ir.Jump and node.ends_program for node in body)


def leaves_if_it_works(node: ir.Stmt) -> bool:
    """`try: return ask()`, of which a handler goes on."""
    body = (node.orelse or node.body) if isinstance(node, ir.Try) and node.handlers else []
    last = body[-1] if body else None
    return isinstance(last, ir.Return) or (isinstance(last, ir.Jump) and last.leaves_loop)


def is_way_of_its_own(node: ir.If) -> bool:
    """`if is_local: try: return read() …`: the function's work, done otherwise, and no special case that leaves at
    once. What stands after it is done on the other way only."""
    last = node.body[-1] if node.body and not node.orelse else None
    if not isinstance(last, ir.Try):
        return False
    tried = last.orelse or last.body
    gives = tried[-1] if tried else None
    return (
        isinstance(gives, ir.Return)
        and not isinstance(gives.value, ir.Const | None)
        and all(isinstance(h.body[-1] if h.body else None, ir.Return | ir.Jump) for h in last.handlers)
    )


def _unset_test(node: ir.Expr) -> tuple[ir.Expr | None, bool]:
    if isinstance(node, ir.Not) and isinstance(node.value, ir.Name | ir.Attr):
        return node.value, True
    is_identity = isinstance(node, ir.Compare) and node.op in ("is", "is not")
    if is_identity and _means_unset(node.right):  # type: ignore[union-attr]
        return node.left, node.op == "is"  # type: ignore[union-attr]
    if isinstance(node, ir.Name | ir.Attr):
        return node, False
    return None, False


def _means_unset(node: ir.Expr) -> bool:
    """None, or a constant that stands for nothing yet: `_UNSET`."""
    if isinstance(node, ir.Const):
        return node.value is None
    return isinstance(node, ir.Name) and node.id.isupper()


def _assigns(body: list[ir.Stmt], path: str, besides: ir.Stmt | None = None) -> bool:
    """Whether something is made for the name. A flag that is taken back says nothing of what runs once."""
    for node in body:
        if node is besides:
            continue
        if isinstance(node, ir.Assign) and any(expressions.path(t) == path for t in node.targets):
            if not _is_unset(node.value):
                return True
        elif isinstance(node, ir.AnnAssign) and expressions.path(node.target) == path and not _is_unset(node.value):
            return True
        for inner in ("body", "orelse", "final"):
            nested = getattr(node, inner, None)
            if isinstance(nested, list) and not isinstance(node, ir.ClassDef) and _assigns(nested, path, besides):
                return True
    return False


def _is_unset(value: ir.Expr | None) -> bool:
    return value is None or (isinstance(value, ir.Const) and not value.value)


def probes_running_loop(program: Program, body: list[ir.Stmt], frame: Frame) -> bool:
    """`try: asyncio.get_running_loop()`: its RuntimeError means that no loop runs here."""
    for node in body:
        value = getattr(node, "value", None)
        if isinstance(value, ir.Call) and "running_loop" in expressions.path(value.func):
            return True
    return False


def catches(handler: ir.Handler, name: str) -> bool:
    kind = handler.type
    if isinstance(kind, ir.Seq):
        return any(isinstance(i, ir.Name) and i.id == name for i in kind.items)
    return isinstance(kind, ir.Name) and kind.id == name


def hears_of_blocking(handler: ir.Handler) -> bool:
    """Whether what is tried is a non-blocking read or write: nothing else raises these."""
    return catches(handler, "BlockingIOError") or "SSLWant" in str(getattr(handler.type, "name", ""))


def watches(program: Program, node: Any, frame: Frame) -> bool:
    """Whether a loop's condition looks at a clock or a plain flag, which nothing in the loop changes."""
    kind = node.__class__
    if kind is ir.Not:
        return watches(program, node.value, frame)
    if kind is ir.Name:
        return True
    if kind is ir.Attr:
        holder = expressions.evaluate(program, node.value, frame)
        return all(h.__class__ is Instance for h in holder) and bool(holder)
    return _has_clock(program, node, frame)


def _has_clock(program: Program, node: Any, frame: Frame) -> bool:
    if isinstance(node, ir.Call):
        for item in expressions.evaluate(program, node.func, frame):
            if item.__class__ is str:
                rows = program.catalogue.entry(item).get("intrinsic")
                if rows and rows[0].result == "clock":
                    return True
        return False
    parts = [getattr(node, name, None) for name in ("left", "right", "value")]
    parts += getattr(node, "items", None) or []
    return any(_has_clock(program, part, frame) for part in parts if part is not None)


def only_makes_coroutine(program: Program, body: list[ir.Stmt], frame: Frame) -> bool:
    """`return func(...)` with a coroutine function: what that raises, it raises where it is awaited."""
    if len(body) != 1 or body[0].__class__ is not ir.Return:
        return False
    made = body[0].value
    if made.__class__ is not ir.Call or any(part.__class__ is ir.Call for part in made.args):
        return False
    value = expressions.evaluate(program, made, frame)
    return bool(value) and all(item.__class__ is Made and item.kind == "coroutine" for item in value)
