"""Branches joined: what names hold after any of several ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import shapes, statements
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def fork(program: Program, frame: Frame, ways: list[Callable[[], None]]) -> None:
    """Run each way from the same start and join those that come through."""
    env, paths = frame.env, frame.paths
    joined: dict[str, Value] | None = None
    joined_paths: dict[str, Value] = {}
    for number, way in enumerate(ways):
        last = number == len(ways) - 1
        frame.env = env if last else dict(env)
        frame.paths = paths if last else dict(paths)
        frame.dead = False
        way()
        if frame.dead:
            continue
        if joined is None:
            joined, joined_paths = frame.env, frame.paths
        else:
            merge(joined, frame.env)
            joined_paths = common(joined_paths, frame.paths)
    frame.dead = joined is None
    frame.env = env if joined is None else joined
    frame.paths = joined_paths


def loop(program: Program, frame: Frame, body: Callable[[], None], orelse: list[ir.Stmt]) -> None:
    outer, frame.breaks = frame.breaks, []

    def once() -> None:
        body()
        frame.dead = False

    before = dict(frame.env)
    fork(program, frame, [once, lambda: None])
    if any(before.get(name) is not None and value is not before[name] for name, value in frame.env.items()):
        fork(program, frame, [once, lambda: None])  # what one turn leaves, the next one finds
    for env, paths in frame.breaks:
        merge(frame.env, env)
        frame.paths = common(frame.paths, paths)
    frame.breaks = outer
    if orelse:
        fork(program, frame, [lambda: statements.block(program, orelse, frame), lambda: None])


def turn(program: Program, body: list[ir.Stmt], frame: Frame) -> None:
    """One turn of a loop. What stands behind a `try` that leaves the loop is for when that fails."""
    branch = frame.branch
    for index, node in enumerate(body):
        if shapes.leaves_if_it_works(node):
            statements.block(program, body[: index + 1], frame)
            frame.branch = (*branch, (node, 0))
            body = body[index + 1 :] if not frame.dead else []
            break
    statements.block(program, body, frame)
    frame.branch = branch


def merge(into: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """Join two branches' names; `into` is changed and given back."""
    held = into.get
    for name in [name for name, value in other.items() if held(name) is not value]:
        mine = held(name)
        into[name] = other[name] if mine is None else _either(mine, other[name])
    return into


def _either(one: Value, two: Value) -> Value:
    """What a name holds after either. Beside something unknown, what it holds is not what its function was given."""
    if one and two:
        return union(one, two)
    known = one or two
    return (*known,)  # another object, as `narrow.is_given` compares them


def common(one: dict[str, Value], two: dict[str, Value]) -> dict[str, Value]:
    """Attribute paths hold after a join only where both branches know them."""
    if not one or not two:
        return {}
    return {key: union(value, two[key]) for key, value in one.items() if key in two}
