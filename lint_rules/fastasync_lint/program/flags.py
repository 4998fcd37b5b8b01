"""Flags that decide twice: what a name or attribute holds, and later what is done with it.

self.client = AsyncClient() if is_async else Client()
self.is_async = is_async
...
if self.is_async: await self.client.get(...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Instance, Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

Names = dict[str, Value]


class Flag(NamedTuple):
    """A name, or an attribute of a name, and whether the condition says that it is not true."""

    path: str
    inverted: bool


class Ends:
    """What names and attributes hold at the end of each of two ways; None where it is not reached."""

    def __init__(self, flag: Flag) -> None:
        self.flag = flag
        self.ways: list[tuple[Names, Names] | None] = []

    def note(self, frame: Frame) -> None:
        self.ways.append(None if frame.dead else (dict(frame.env), dict(frame.paths)))


def of_condition(node: ir.Expr, frame: Frame) -> Ends | None:
    """What is to be noted of the ways behind a condition; None where it asks for more than a flag."""
    inverted = isinstance(node, ir.Not)
    path = "" if frame.context is None else expressions.path(node.value if isinstance(node, ir.Not) else node)
    return Ends(Flag(path, inverted)) if path and path.count(".") < 2 else None


def remember(ends: Ends, frame: Frame) -> None:
    """Keep what the flag has decided, after both ways."""
    reached = [way for way in ends.ways if way is not None]
    if len(reached) < 2:
        return
    (then, then_paths), (other, other_paths) = reached
    for name, value in then.items():
        if name in other and other[name] is not value and name != ends.flag.path:
            _keep(frame, ends.flag, name, value, other[name], frame.env.get(name))
    for path, value in then_paths.items():
        if path in other_paths and other_paths[path] is not value:
            _keep(frame, ends.flag, path, value, other_paths[path], frame.paths.get(path))
            _keep_for_class(ends.flag, path, value, other_paths[path], frame)


def _keep(frame: Frame, flag: Flag, path: str, then: Value, other: Value, merged: Value | None) -> None:
    if merged is not None and then and other:
        decided = (other, then, merged) if flag.inverted else (then, other, merged)
        frame.flags.setdefault(flag.path, {})[path] = decided


def _keep_for_class(flag: Flag, path: str, then: Value, other: Value, frame: Frame) -> None:
    """In a method that keeps the flag in an attribute, for all other methods."""
    context = frame.context
    owner, _, name = path.partition(".")
    if context is None or not context.node.params or owner != context.node.params[0].name or not then or not other:
        return
    cls = context.receiver.cls if context.receiver.__class__ is Instance else context.function.owner
    if cls is None:
        return
    if flag.inverted:
        then, other = other, then
    for kept in _kept_in(flag.path, owner, context.node):
        before = cls.flags.setdefault(kept, {}).get(name, (EMPTY, EMPTY))
        cls.flags[kept][name] = (union(before[0], then), union(before[1], other))


def _kept_in(path: str, owner: str, node: ir.Function) -> list[str]:
    """The attributes that hold the flag."""
    if path.startswith(f"{owner}."):
        return [path.partition(".")[2]]
    return [
        target.name
        for statement in node.body
        if isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Name) and statement.value.id == path
        for target in statement.targets
        if isinstance(target, ir.Attr) and expressions.path(target.value) == owner
    ]


def recall(program: Program, ends: Ends, frame: Frame, out: Outcome) -> None:
    """Narrow what the same flag has decided before."""
    flag = ends.flag
    owner, _, name = flag.path.partition(".")
    classes = [item.cls for item in frame.env.get(owner, EMPTY) if item.__class__ is Instance] if name else []
    if not all(_is_set_once(cls, name) for cls in classes):
        return
    for path, (then, other, merged) in frame.flags.get(flag.path, {}).items():
        if (frame.paths if "." in path else frame.env).get(path) is merged:
            _narrow(out, _node(path), then, other, flag)
    for cls in classes:
        for attribute, (then, other) in cls.flags.get(name, {}).items():
            node = _node(f"{owner}.{attribute}")
            if _is_set_once(cls, attribute) and set(expressions.evaluate(program, node, frame)) == {*then, *other}:
                _narrow(out, node, then, other, flag)


def _is_set_once(cls: ClassScope, name: str) -> bool:
    return sum(len(scope.storing(name)) for scope in cls.mro) == 1


def _node(path: str) -> ir.Expr:
    owner, _, name = path.partition(".")
    return ir.Attr(ir.Name(owner), name, 0, 0) if name else ir.Name(owner)


def _narrow(out: Outcome, node: ir.Expr, then: Value, other: Value, flag: Flag) -> None:
    if flag.inverted:
        then, other = other, then
    out.when_true = (*out.when_true, (node, then))
    out.when_false = (*out.when_false, (node, other))


def forget(frame: Frame, path: str) -> None:
    """The flag holds something else from here on."""
    for held in [held for held in frame.flags if held == path or held.startswith(f"{path}.")]:
        del frame.flags[held]
