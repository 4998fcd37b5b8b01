"""Statements in order, branches joined: what a function's names hold, returns and yields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    assign,
    awaiting,
    branches,
    calls,
    chosen,
    definitions,
    expressions,
    fields,
    flags,
    hints,
    iterate,
    locks,
    narrow,
    operators,
    record,
    shapes,
)
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def block(program: Program, body: list[ir.Stmt], frame: Frame) -> None:
    for node in body:
        _HANDLERS[node.__class__](program, node, frame)
        if frame.dead:
            return


# branches ------------------------------------------------------------------------------------------------


def _judge(program: Program, node: ir.If | ir.While, frame: Frame) -> Outcome:
    frame.place = (node.pos, node.end)
    outcome = narrow.judge(program, node.test, frame)
    frame.place = None
    return outcome


def _if(program: Program, node: ir.If, frame: Frame) -> None:
    outcome = _judge(program, node, frame)
    if frame.waiting:
        chosen.decide(frame, node, outcome.verdict)
    if outcome.verdict is True:
        outcome.apply(frame, True)
        return block(program, node.body, frame)
    if outcome.verdict is False:
        outcome.apply(frame, False)
        return block(program, node.orelse, frame)
    memo = shapes.is_singleton_guard(node, frame)
    ends = flags.of_condition(node.test, frame)
    if ends is not None:
        flags.recall(program, ends, frame, outcome)

    branch = frame.branch

    def side(truth: bool, body: list[ir.Stmt]) -> Callable[[], None]:
        def way() -> None:
            outcome.apply(frame, truth)
            before = frame.memo
            frame.memo = before or (truth and memo == "body") or shapes.ends_program(body)
            frame.branch = (*branch, (node, 0 if truth else 1))
            block(program, body, frame)
            frame.memo = before
            if ends is not None:
                ends.note(frame)

        return way

    branches.fork(program, frame, [side(True, node.body), side(False, node.orelse)])
    frame.branch = (*branch, (node, 1)) if shapes.is_way_of_its_own(node) else branch
    if ends is not None:
        flags.remember(ends, frame)
    if memo == "rest":
        frame.memo = True
    return None


def _while(program: Program, node: ir.While, frame: Frame) -> None:
    outcome = _judge(program, node, frame)
    if outcome.verdict is False:
        return
    context = frame.context if node.watched is not None and shapes.watches(program, node.watched, frame) else None
    before = None if context is None else record.apart(context)

    def body() -> None:
        outcome.apply(frame, True)
        branches.turn(program, node.body, frame)

    branches.loop(program, frame, body, node.orelse)
    if context is not None and before is not None and not record.together(context, before):
        record.sink(program, frame, (node.pos, node.end), ("busy loop", "FSA111", 2, "loop", "asyncio.sleep"))
    if outcome.verdict is None:
        outcome.apply(frame, False)


def _for(program: Program, node: ir.For, frame: Frame) -> None:
    value = expressions.evaluate(program, node.iterable, frame, node.is_async)
    frame.at = node.pos
    element = iterate.elements(program, value, (node.pos, node.end), frame, node.is_async)
    if node.is_async:
        awaiting.note_service(value, frame)  # a stream has somebody at its other end

    def body() -> None:
        assign.store(program, node.target, element, frame)
        branches.turn(program, node.body, frame)

    branches.loop(program, frame, body, node.orelse)


def _with(program: Program, node: ir.With, frame: Frame) -> None:
    managers = []
    for item in node.items:
        value = expressions.evaluate(program, item.value, frame, node.is_async)
        place = (item.pos, item.end)
        entered = iterate.enter(program, value, place, frame, node.is_async)
        if item.target is not None:
            assign.store(program, item.target, entered, frame)
        managers.append((value, place, item))
    groups = frame.groups
    if node.is_async:
        frame.groups = {**groups, **{item.target.id: node for item in node.items if isinstance(item.target, ir.Name)}}
    entered_locks = [] if node.is_async else [m for m in managers if locks.is_lock(program, m[0])]
    before = set(frame.context.edges) | set(frame.context.sinks) if frame.context and not node.is_async else set()
    block(program, node.body, frame)
    frame.groups = groups
    for value, place, item in reversed(managers):
        dead, frame.dead = frame.dead, False
        iterate.leave(program, value, place, frame, node.is_async, before, item.handed)
        frame.dead = dead
    if entered_locks and frame.context is not None:
        inside = (set(frame.context.edges) | set(frame.context.sinks)) - before
        for value, place, item in entered_locks:
            held = node.suspends and frame.context.node.flags & ir.ASYNC and "threading.Lock()" in value
            locks.record_lock(program, item.value, place, inside, frame, bool(held))


def _try(program: Program, node: ir.Try, frame: Frame) -> None:
    env, paths = dict(frame.env), dict(frame.paths)
    polls, frame.polls = frame.polls, frame.polls or any(map(shapes.hears_of_blocking, node.handlers))
    probes_loop = shapes.probes_running_loop(program, node.body, frame)
    frame.probed = frame.probed or any(probes_loop and shapes.catches(h, "RuntimeError") for h in node.handlers)
    harmless = shapes.only_makes_coroutine(program, node.body, frame)
    guarded, frame.guarded = frame.guarded, True
    block(program, node.body, frame)
    frame.polls, frame.guarded = polls, guarded
    after, after_paths, died = frame.env, frame.paths, frame.dead

    def through() -> None:
        frame.env, frame.paths, frame.dead = after, after_paths, died
        if not died:
            block(program, node.orelse, frame)

    def handle(handler: ir.Handler) -> Callable[[], None]:
        def way() -> None:
            frame.env = branches.merge(dict(env), after)
            frame.paths = branches.common(paths, after_paths)
            caught = EMPTY if handler.type is None else expressions.evaluate(program, handler.type, frame)
            if handler.name:
                classes = (*caught, *iterate.plain_elements(program, caught))
                made = tuple([cls.of(False) for cls in classes if cls.__class__ is ClassScope])
                assign.store_name(program, handler.name, made, frame)
            before, branch = frame.memo, frame.branch
            frame.memo = before or shapes.ends_program(handler.body)
            frame.branch = (*branch, (handler, 0))
            block(program, handler.body, frame)
            frame.memo, frame.branch = before, branch

        return way

    ways: list[Callable[[], None]] = [through]
    for handler in () if harmless else node.handlers:
        if probes_loop and shapes.catches(handler, "RuntimeError"):
            continue  # no loop runs in this thread there
        ways.append(handle(handler))
    branches.fork(program, frame, ways)
    if node.final:
        dead, frame.dead = frame.dead, False
        block(program, node.final, frame)
        frame.dead = frame.dead or dead


# simple statements -----------------------------------------------------------------------------------------


def _expression(program: Program, node: ir.ExprStmt, frame: Frame) -> None:
    value = expressions.evaluate(program, node.value, frame)
    operators.dropped(program, node, value, frame)
    if isinstance(node.value, ir.Bin) and isinstance(node.value.left, ir.Name):
        frame.given.pop(node.value.left.id, None)  # `count += 1`


def _assign(program: Program, node: ir.Assign, frame: Frame) -> None:
    if frame.context is None and assign.only_names(node.targets):
        return assign.demand_names(program, node.targets, frame)
    awaited = node.awaited and not calls.runs_tasks(program, node.value, frame)
    value = expressions.evaluate(program, node.value, frame, awaited)
    if isinstance(node.targets[0], ir.Seq):
        value = fields.taken_apart(program, value, expressions.place(node.value), frame)
    for target in node.targets:
        assign.store(program, target, value, frame)
    return None


def _annotated(program: Program, node: ir.AnnAssign, frame: Frame) -> None:
    if frame.context is None and assign.only_names([node.target]):
        return assign.demand_names(program, [node.target], frame)
    value = EMPTY if node.value is None else expressions.evaluate(program, node.value, frame)
    declared = hints.typed(program, node.annotation, frame)
    if node.value is None and isinstance(node.target, ir.Attr):
        return None
    assign.store(program, node.target, hints.refine(program, value, declared), frame)
    return None


def _return(program: Program, node: ir.Return, frame: Frame) -> None:
    value = expressions.evaluate(program, node.value, frame)
    frame.dead = True
    context = frame.context
    if context is None:
        return
    if isinstance(node.value, ir.Nothing):
        return
    if frame.probed and node.value.__class__ is ir.Const and node.value.value.__class__ is bool:
        value = (program.make(Wrapped, "certain", EMPTY, node.value.value),)
    program.grow(context, value)


def _function(program: Program, node: ir.FuncDef, frame: Frame) -> None:
    name = node.function.name
    if frame.context is None:
        return assign.demand_names(program, [ir.Name(name)], frame)
    definitions.defaults(program, node.function, frame)
    value = assign.function_value(program, node.function, frame)
    assign.store_name(program, name, value, frame)
    if node.function.flags & ir.ASYNC:
        chosen.defined(program, assign.raw_function(program, node.function, frame), frame)
    return None


def _class(program: Program, node: ir.ClassDef, frame: Frame) -> None:
    if frame.context is None:
        return assign.demand_names(program, [ir.Name(node.name)], frame)
    definitions.class_body(program, node, frame)
    value = assign.class_value(program, node, frame)
    assign.store_name(program, node.name, value, frame)
    assign.evaluate_class(program, program.class_scope(node, frame))
    return None


def _import(program: Program, node: ir.Import, frame: Frame) -> None:
    if frame.context is not None:
        assign.store_name(program, node.name, assign.bound_by(program, node, node.name, frame), frame)


def _import_from(program: Program, node: ir.ImportFrom, frame: Frame) -> None:
    if frame.context is not None:
        for _, name in node.names:
            if name != "*":
                assign.store_name(program, name, assign.bound_by(program, node, name, frame), frame)


def _jump(program: Program, node: ir.Jump, frame: Frame) -> None:
    expressions.evaluate(program, node.value, frame)
    if node.leaves_loop:
        frame.breaks.append((frame.env, frame.paths))
    frame.dead = True


def _delete(program: Program, node: ir.Delete, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ir.Sub):
            operators.subscript_effect(program, target, frame, "__delitem__", ())


_HANDLERS: dict[type[Any], Callable[[Any, Any, Frame], None]] = {
    ir.FuncDef: _function, ir.ClassDef: _class, ir.ExprStmt: _expression, ir.Assign: _assign, ir.AnnAssign: _annotated,
    ir.Return: _return, ir.If: _if, ir.While: _while, ir.For: _for, ir.With: _with, ir.Try: _try, ir.Import: _import,
    ir.ImportFrom: _import_from, ir.Jump: _jump, ir.Delete: _delete,
}  # fmt: skip
