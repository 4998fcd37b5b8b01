"""What an expression can be here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    asked,
    assign,
    attributes,
    awaiting,
    calls,
    chosen,
    definitions,
    iterate,
    names,
    narrow,
    operators,
    settle,
    subscripts,
)
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Check,
    Constant,
    FunctionValue,
    Items,
    Many,
    Mapping,
    Value,
    deepest,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

DEEPEST_VALUE = 4


def evaluate(program: Program, node: ir.Expr, frame: Frame, awaited: bool = False) -> Value:
    kind = node.__class__
    if kind is ir.Name:
        name = node.id  # type: ignore[union-attr]
        value = frame.env.get(name)
        if value is not None and not frame.shares:
            return value
        return names.load(program, name, frame)
    if kind is ir.Call:
        return calls.call_node(program, node, frame, awaited)  # type: ignore[arg-type]
    return _HANDLERS[kind](program, node, frame)


def path(node: ir.Expr) -> str:
    """`self.client` as a text, for names and attributes of names; "" for anything else."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attr):
        inner = path(node.value)
        return f"{inner}.{node.name}" if inner else ""
    return ""


def place(node: ir.Expr) -> tuple[int, int] | None:
    """Where an expression stands, if it is of a kind that keeps it."""
    pos = getattr(node, "pos", None)
    return None if pos is None else (pos, node.end)  # type: ignore[union-attr]


def too_deep(value: Value) -> bool:
    return deepest(value) > DEEPEST_VALUE


def _nothing(program: Program, node: ir.Nothing, frame: Frame) -> Value:
    return EMPTY


def _constant(program: Program, node: ir.Const, frame: Frame) -> Value:
    return program.constant(node.value)


def _attribute(program: Program, node: ir.Attr, frame: Frame) -> Value:
    if frame.paths:
        held = frame.paths.get(path(node))
        if held:
            return held
    inner = node.value
    value = names.load(program, inner.id, frame) if inner.__class__ is ir.Name else evaluate(program, inner, frame)
    if not value:
        return EMPTY
    if len(value) == 1:
        item = value[0]
        if item is FOREIGN:
            return value
        return attributes.one(program, item, node.name, (node.pos, node.end), frame)
    return attributes.read(program, value, node, frame)


def _subscript(program: Program, node: ir.Sub, frame: Frame) -> Value:
    value = evaluate(program, node.value, frame)
    index = evaluate(program, node.index, frame)
    return subscripts.each(program, value, index, node, frame)


def _await(program: Program, node: ir.Await, frame: Frame) -> Value:
    value = evaluate(program, node.value, frame, True)
    given = awaiting.awaited_value(program, value, frame)
    frame.at += 1  # what is awaited next is so after this, where no call stands between them
    return given


def _lambda(program: Program, node: ir.Lambda, frame: Frame) -> Value:
    definitions.defaults(program, node.function, frame)
    return (program.make(FunctionValue, node.function, frame.module, frame.closure_for_nested(), None),)


def _sequence(program: Program, node: ir.Seq, frame: Frame) -> Value:
    values = [evaluate(program, item, frame) for item in node.items]
    starred = any(isinstance(item, ir.Star) for item in node.items)
    if node.is_tuple and not starred:
        made: Value = (program.make(Items, tuple(values)),)
        return EMPTY if too_deep(made) else made
    element: Value = EMPTY
    for item, value in zip(node.items, values, strict=True):
        if isinstance(item, ir.Star):
            value = iterate.elements(program, value, place(item), frame, False)
        element = union(element, value)
    made = (program.make(Many, element),)
    return EMPTY if too_deep(made) else made


def _map(program: Program, node: ir.Map, frame: Frame) -> Value:
    return subscripts.literal(program, node, frame)


def _if_expression(program: Program, node: ir.IfExp, frame: Frame) -> Value:
    outcome = narrow.judge(program, node.test, frame)
    if frame.waiting:
        chosen.decide(frame, node, outcome.verdict)
    out, unknown = EMPTY, False
    env, paths, before = frame.env, frame.paths, frame.branch
    for truth, branch in ((True, node.body), (False, node.orelse)):
        if outcome.verdict is (not truth):
            continue
        frame.env, frame.paths = dict(env), dict(paths)
        outcome.apply(frame, truth)
        if outcome.verdict is None:
            frame.branch = (*before, (node, 0 if truth else 1))
        value = evaluate(program, branch, frame)
        unknown = unknown or not value
        out = union(out, value)
    frame.env, frame.paths, frame.branch = env, paths, before
    return settle.without_texts(out) if unknown else out


def _bool(program: Program, node: ir.BoolOp, frame: Frame) -> Value:
    """`a or b`: what a is when true, else b. Conditions on the left narrow what stands to the right."""
    out, unknown = EMPTY, False
    env, paths, branch = frame.env, frame.paths, frame.branch
    last = len(node.items) - 1
    checks: list[Any] = []
    verdicts: list[bool | None] = []
    for number, item in enumerate(node.items):
        outcome = narrow.judge(program, item, frame, keep=True)
        verdicts.append(outcome.verdict)
        if len(outcome.value) == 1 and outcome.value[0].__class__ is Check:
            checks.append(outcome.value[0])
        if number == last or not node.is_or:
            kept = outcome.value if number == last else EMPTY
        else:
            kept = tuple([v for v in outcome.value if not narrow.is_false(v)])
            unknown = unknown or not outcome.value
        out = union(out, kept)
        if number == last or outcome.verdict is node.is_or:
            break
        frame.env, frame.paths = dict(frame.env), dict(frame.paths)
        outcome.apply(frame, not node.is_or)
        if outcome.verdict is None:
            frame.branch = (*branch, (node, number))
    for name, value in frame.env.items():
        if name not in env:
            env[name] = value
    frame.env, frame.paths, frame.branch = env, paths, branch
    if checks:
        left = tuple([v for v in out if v.__class__ is not Check])
        if all(v.__class__ is Constant for v in left):
            return asked.joined(program, node.is_or, checks, len(node.items) - len(checks))
        return left
    verdict = narrow.joined(node.is_or, verdicts)
    if verdict is None:
        out = tuple([v for v in out if v not in program.true and v not in program.false])
    elif not out:
        return program.true if verdict else program.false
    return settle.without_texts(out) if unknown else out


def _not(program: Program, node: ir.Not, frame: Frame) -> Value:
    outcome = narrow.judge(program, node.value, frame)
    if outcome.value and outcome.value[0].__class__ is Check:
        return asked.opposite(program, outcome.value)
    if outcome.verdict is None:
        return EMPTY
    return program.false if outcome.verdict else program.true


def _compare(program: Program, node: ir.Compare, frame: Frame) -> Value:
    outcome = narrow.judge(program, node, frame)
    if outcome.verdict is None or outcome.value:
        return outcome.value
    return program.true if outcome.verdict else program.false


def _binary(program: Program, node: ir.Bin, frame: Frame) -> Value:
    left = evaluate(program, node.left, frame)
    right = evaluate(program, node.right, frame)
    return operators.binary(program, left, right, node, frame)


def _comprehension(program: Program, node: ir.Comp, frame: Frame) -> Value:
    env = frame.env
    made: Value
    frame.env = dict(env)
    scheduling = frame.scheduling
    frame.scheduling = False
    first = evaluate(program, node.loops[0].iterable, frame, node.loops[0].is_async)

    def run() -> Value:
        frame.scheduling = False
        for loop in node.loops:
            value = first if loop is node.loops[0] else evaluate(program, loop.iterable, frame, loop.is_async)
            element = iterate.elements(program, value, (loop.pos, loop.end), frame, loop.is_async)
            assign.store(program, loop.target, element, frame)
            for condition in loop.tests:
                narrow.judge(program, condition, frame).apply(frame, True)
        frame.scheduling = scheduling
        return evaluate(program, node.element, frame)

    if node.kind == "generator" and not scheduling:
        made = iterate.lazily(program, id(node), frame, run)
        frame.env = env
        return EMPTY if too_deep(made) else made
    result = run()
    frame.env = env
    if node.kind == "dict":
        value = result[0].items[1] if result and result[0].__class__ is Items else EMPTY
        made = (program.make(Mapping, (), value),)
    else:
        made = (program.make(Many, result),)
    return EMPTY if too_deep(made) else made


def _named(program: Program, node: ir.Named, frame: Frame) -> Value:
    value = evaluate(program, node.value, frame)
    assign.store_name(program, node.target, value, frame)
    return value


def _yield(program: Program, node: ir.Yield, frame: Frame) -> Value:
    value = evaluate(program, node.value, frame)
    context = frame.context
    if context is None:
        return EMPTY
    if node.is_from:
        value = iterate.elements(program, value, (node.pos, node.end), frame, False)
    grown = union(context.yields, value)
    if grown != context.yields:
        context.yields = grown
        program.wake(context)
    return EMPTY


def _group(program: Program, node: ir.Group, frame: Frame) -> Value:
    for item in node.items:
        evaluate(program, item, frame)
    return EMPTY


def _slice(program: Program, node: ir.Slice, frame: Frame) -> Value:
    return evaluate(program, node.bounds, frame)


def _star(program: Program, node: ir.Star, frame: Frame) -> Value:
    return evaluate(program, node.value, frame)


_HANDLERS: dict[type[Any], Callable[[Any, Any, Frame], Value]] = {
    ir.Nothing: _nothing, ir.Const: _constant, ir.Attr: _attribute, ir.Sub: _subscript, ir.Await: _await,
    ir.Lambda: _lambda, ir.Seq: _sequence, ir.Map: _map, ir.IfExp: _if_expression, ir.BoolOp: _bool, ir.Not: _not,
    ir.Compare: _compare, ir.Bin: _binary, ir.Comp: _comprehension, ir.Named: _named, ir.Yield: _yield,
    ir.Group: _group, ir.Slice: _slice, ir.Star: _star,
}  # fmt: skip
