"""Conditions: which branch is dead, and what a name is in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import asked, checks, expressions, fixed, instances, operators, record, variants
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Change, Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Check,
    Constant,
    Instance,
    Value,
    Wrapped,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def judge(program: Program, node: Any, frame: Frame, keep: bool = False) -> Outcome:
    """Evaluate a condition. With `keep`, the value matters too (`a or b`)."""
    kind = node.__class__
    if kind is ir.Not:
        inner = judge(program, node.value, frame)
        out = inner.inverted()
        if inner.value and inner.value[0].__class__ is Check:
            out.value = asked.opposite(program, inner.value)
        return out
    if kind is ir.BoolOp and not keep:
        return _bool(program, node, frame)
    if kind is ir.Compare:
        return _compare(program, node, frame)
    if kind is ir.Call and _is_check(node):
        return instances.judge(program, node, frame)
    if kind is ir.Call and node.func.__class__ is ir.Name and node.func.id == "callable":
        return instances.is_callable(node, frame)
    value = expressions.evaluate(program, node, frame)
    if not value and kind is not ir.Call:
        return Outcome(variants.decides(program, node, frame) if kind is ir.Attr else None)
    out = Outcome(_truth(program, node, value, frame), value)
    if kind is ir.Call:
        method = checks.method_name(node)
        if checks.last_name(node) == "iscoroutinefunction" and node.args and expressions.path(node.args[0]):
            asked.note_coroutine_functions(program, node.args[0], frame, out)
        elif method == "done":
            checks.note_done(program, node, frame, out)
        elif method in ("empty", "poll"):
            checks.note_filled(program, node, frame, out)
        elif method in checks.ENDED:
            checks.note_ended(program, node, frame, out)
        elif isinstance(node.func, ir.Name) and node.args:
            asked.note_guard(program, node, frame, out)
    for item in value:
        if item.__class__ is Instance:
            checks.ask_truth(program, item, node, frame)
        elif item.__class__ is Check:
            asked.note(program, value, node, frame, out)
            break
        elif kind is not ir.Const:
            record.special(program, item, "__bool__", expressions.place(node) or frame.place, frame)
    if kind is ir.Name or kind is ir.Attr or kind is ir.Named:
        false = tuple([v for v in value if v.__class__ is Constant and not v.value])
        if false:
            target: ir.Expr = ir.Name(node.target) if kind is ir.Named else node
            out.when_true = (*out.when_true, (target, tuple([v for v in value if v not in false])))
            if len(false) < len(value):
                out.when_false = (*out.when_false, (target, false))
    return out


def _is_check(node: ir.Expr) -> bool:
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Name) or len(node.args) != 2:
        return False
    return node.func.id in ("isinstance", "issubclass")


def is_false(item: Any) -> bool:
    return item.__class__ is Constant and not item.value


def _truth(program: Program, node: ir.Expr, value: Value, frame: Frame) -> bool | None:
    """Certain only for what the call gave: a parameter's constant, a literal, a known check."""
    if not value:
        return None
    if isinstance(node, ir.Const):
        return bool(value[0].value)
    if len(value) == 1 and value[0].__class__ is Wrapped and value[0].kind == "certain":
        return bool(value[0].extra)
    if isinstance(node, ir.Name) and not is_given(node.id, value, frame):
        is_sure = fixed.is_answer(node.id, value, frame) or fixed.is_flag(program, node, value, frame)
        return bool(value[0].value) if is_sure else None
    if isinstance(node, ir.Attr):
        if node.name == "TYPE_CHECKING" and value == ("typing.TYPE_CHECKING",):
            return False
        is_flag = fixed.is_flag(program, node, value, frame)
        return bool(value[0].value) if is_flag else variants.decides(program, node, frame)
    if value == ("typing.TYPE_CHECKING",):
        return False
    if checks.method_name(node) == "is_running" and _is_loop(program, node.func, frame):  # type: ignore[union-attr]
        return True
    if isinstance(node, ir.Name) or checks.last_name(node) in _CHECKS:
        is_argument = frame.context is not None and isinstance(node, ir.Name) and node.id in frame.context.env
        truths = {bool(v.value) if v.__class__ is Constant else _object_truth(v, is_argument) for v in value}
        if len(truths) == 1:
            return truths.pop()
    return None


def _is_loop(program: Program, node: Any, frame: Frame) -> bool:
    """Code that runs on the loop finds it running."""
    return expressions.evaluate(program, node.value, frame) == checks.LOOP


_CHECKS = ("iscoroutinefunction", "isasyncgenfunction", "isgeneratorfunction")
"""Calls whose constant answer is certain; what a function of ours returns may be just the one return we know."""


def _object_truth(item: Any, is_argument: bool) -> bool | None:
    """`store = store or Store()`: an object that the caller gave is true, unless its class says otherwise."""
    return True if (item,) == checks.LOOP or (is_argument and instances.is_true(item)) else None


def is_given(name: str, value: Value, frame: Frame) -> bool:
    """Whether a name still holds what its function was called with, or the running loop."""
    if value in (("typing.TYPE_CHECKING",), checks.LOOP):
        return True
    return frame.given.get(name) is value


def _bool(program: Program, node: ir.BoolOp, frame: Frame) -> Outcome:
    out = Outcome()
    env, paths, branch = frame.env, frame.paths, frame.branch
    frame.env, frame.paths = dict(env), dict(paths)
    verdicts: list[bool | None] = []
    changes: list[Change] = []
    deciding: list[Outcome] = []
    kept: list[Any] = []
    for item in node.items:
        one = judge(program, item, frame)
        verdicts.append(one.verdict)
        one.apply(frame, not node.is_or)
        changes += one.when_false if node.is_or else one.when_true
        if one.verdict is not (not node.is_or):
            deciding.append(one)
        if len(one.value) == 1 and one.value[0].__class__ is Check:
            kept.append(one.value[0])
        if one.verdict is node.is_or:
            break
        if one.verdict is None:
            frame.branch = (*branch, (node, len(verdicts)))
    for name, value in frame.env.items():
        if name not in env:
            env[name] = value  # bound by :=
    frame.env, frame.paths, frame.branch = env, paths, branch
    only = deciding[0] if len(deciding) == 1 else None  # what the others say is known, so it decides for them
    if node.is_or:
        out.when_false, out.when_true = changes, only.when_true if only is not None else ()
    else:
        out.when_true, out.when_false = changes, only.when_false if only is not None else ()
    out.verdict = joined(node.is_or, verdicts)
    if len(kept) == len(node.items):
        out.value = asked.joined(program, node.is_or, kept, 0)
        if out.value and out.value[0].sure is None:
            asked.note(program, out.value, node, frame, out)
    return out


def joined(is_or: bool, verdicts: list[bool | None]) -> bool | None:
    """What `and` or `or` makes of the verdicts of its parts, up to the one that decides."""
    if is_or in verdicts:
        return is_or
    return not is_or if None not in verdicts else None


_DUNDERS = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def _compare(program: Program, node: ir.Compare, frame: Frame) -> Outcome:
    left = expressions.evaluate(program, node.left, frame)
    right = expressions.evaluate(program, node.right, frame)
    if node.op in ("in", "not in"):
        operators.contains(program, left, right, (node.pos, node.end), frame)
        member = fixed.is_member(node, left, frame)
        if member is not None:
            return Outcome(member is (node.op == "in"))
        return checks.ready(program, node, left) if node.op == "in" else Outcome()
    if node.op in _DUNDERS:
        operators.operator(program, left, _DUNDERS[node.op], right, (node.pos, node.end), frame)
    if node.op in checks.SAME and (
        left == right == checks.LOOP
        or checks.is_own_thread(node.left, node.right)
        or checks.is_own_thread(node.right, node.left)
    ):
        return Outcome(checks.SAME[node.op], (program.make(Wrapped, "certain", EMPTY, checks.SAME[node.op]),))
    if isinstance(node.left, ir.Name) and node.left.id == "__name__" and right == _main(program):
        return Outcome(node.op != "==")
    if node.op in ("is", "==") and isinstance(node.right, ir.Attr) and node.right.name == "_reader":
        return checks.readable(node.right.value)
    if len(right) == 1 and right[0].__class__ is ClassScope and node.op in checks.SAME:
        return checks.same_class(left, right[0], node.op)
    if len(right) != 1 or right[0].__class__ is not Constant:
        return Outcome()
    wanted = right[0].value
    if wanted is None and checks.method_name(node.left) == "poll" and node.op in checks.SAME:
        return checks.ended(program, node.left.func.value, node.op, frame)  # type: ignore[union-attr]
    if wanted is None and left and left[-1].__class__ is Check and node.op in checks.SAME:
        return checks.ended(program, asked.process(program, left, node.left, frame), node.op, frame)
    if node.op in ("is", "==") or node.op in ("is not", "!="):
        out = _equal(program, node.left, left, wanted, right, frame)
        return out if node.op in ("is", "==") else out.inverted()
    return Outcome(fixed.is_so(node, left, wanted, frame))


def _main(program: Program) -> Value:
    return (program.make(Constant, "__main__"),)


def _equal(program: Program, node: ir.Expr, value: Value, wanted: Any, right: Value, frame: Frame) -> Outcome:
    out = Outcome()
    if isinstance(node, ir.Named):
        node = ir.Name(node.target)
    if not isinstance(node, ir.Name | ir.Attr):
        return out
    if wanted is not None and value and fixed.is_flag(program, node, value, frame):
        out.verdict = value[0].value == wanted
    elif isinstance(node, ir.Name) and value and is_given(node.id, value, frame):
        if all(v.__class__ is Constant for v in value):
            same = {v.value == wanted and v.value.__class__ is wanted.__class__ for v in value}
            if len(same) == 1:
                out.verdict = same.pop()
        elif wanted is None and value == checks.LOOP:
            out.verdict = False
        elif wanted is None and not any(v.__class__ is Constant for v in value) and frame.context is not None:
            out.verdict = False if node.id in frame.context.env else None
    if wanted is None:
        out.when_true = ((node, right),)
        rest = tuple([v for v in value if not (v.__class__ is Constant and v.value is None)])
        if len(rest) < len(value):
            out.when_false = ((node, rest),)
    elif not value and frame.context is not None and frame.context.node.name == "__getattr__":
        out.when_true = ((node, right),)  # what it keeps, it keeps under this name
    return out
