"""`isinstance(x, C)`: what x is in each branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Constant, Instance, Items, Many, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def judge(program: Program, node: ir.Call, frame: Frame) -> Outcome:
    subject = node.args[0]
    value = expressions.evaluate(program, subject, frame)
    classes = _classes(expressions.evaluate(program, node.args[1], frame))
    out = Outcome()
    if isinstance(subject, ir.Named):
        subject = ir.Name(subject.target)
    if not classes or not isinstance(subject, ir.Name | ir.Attr):
        return out
    matching: Value = EMPTY
    rest: Value = EMPTY
    for item in value:
        fits = _fits(program, item, classes)
        if fits is not False:
            matching = union(matching, (item,) if fits else EMPTY)
        if fits is not True:
            rest = union(rest, (item,))
    from fastasync_lint.program import hints

    promised = hints.instances(program, classes)
    out.when_true = ((subject, matching or promised),)
    if len(rest) < len(value):
        out.when_false = ((subject, rest),)
    return out


def _classes(value: Value) -> Value:
    out: Value = EMPTY
    for item in value:
        if item.__class__ is Items:
            for part in item.items:
                out = union(out, _classes(part))
        elif item.__class__ is Many:
            out = union(out, _classes(item.element))
        elif item.__class__ is ClassScope or item.__class__ is str or item.__class__ is Wrapped:
            out = union(out, (item,))
    return out


def _fits(program: Program, item: Any, classes: Value) -> bool | None:
    """True, False, or None when an instance may be of a subclass that fits."""
    if FOREIGN in classes:
        return None
    if item.__class__ is Instance:
        if any(c.__class__ is ClassScope and item.cls.derives_from(c) for c in classes):
            return True
        narrower = any(c.__class__ is ClassScope and c.derives_from(item.cls) for c in classes)
        outside = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(base, c) for c in outside for base in item.cls.outside_bases()):
            return True
        return None if narrower and not item.exact else False
    if item.__class__ is str:
        cls = item.partition("()")[0]
        names = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(cls, name) for name in names):
            return True
        return False if program.known(item) and item.endswith("()") else None
    if item.__class__ is Constant:
        return False if item.value is None else None
    return None
