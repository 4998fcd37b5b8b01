"""`match`: a chain of `if`s, and the names that patterns bind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fastasync_lint.facts import expressions, ir
from fastasync_lint.facts.ir import NOTHING, Expr, Stmt

if TYPE_CHECKING:
    from fastasync_lint.facts.lower import Lowerer


def statement(low: Lowerer, node: ast.Match, out: list[Stmt]) -> None:
    """Class patterns narrow the subject as isinstance does."""
    subject = expressions.lower(low, node.subject)
    chain: list[Stmt] = []
    for case in reversed(node.cases):
        chain = _case(low, subject, case, chain)
    out.extend(chain)


def _case(low: Lowerer, subject: Expr, case: ast.match_case, rest: list[Stmt]) -> list[Stmt]:
    captures: list[Stmt] = []
    _capture(low, case.pattern, subject, captures)
    pattern = case.pattern
    while pattern.__class__ is ast.MatchAs and pattern.pattern is not None:
        pattern = pattern.pattern
    body = captures + low.block(case.body)
    if pattern.__class__ is ast.MatchAs and case.guard is None:
        return body
    asked = _question(low, pattern, subject)
    parts: list[Expr] = []
    if asked is not None:
        low.scope.note_condition(asked)
        parts.append(asked)
    if pattern.__class__ is not ast.MatchAs and (asked is None or not _says_all(pattern)):
        parts.append(NOTHING)  # not all that it asks is known
    if case.guard is not None:
        parts += [*_bound(captures), expressions.test(low, case.guard)]
    test = ir.BoolOp(False, parts) if len(parts) > 1 else parts[0]
    place = expressions.span(case.pattern if case.guard is None else case.guard)  # type: ignore[arg-type]
    return [ir.If(test, body, rest, *place)]


def _bound(captures: list[Stmt]) -> list[Expr]:
    """What a pattern has bound when its guard looks at it."""
    return [
        ir.Group([ir.Named(target.id, node.value)])
        for node in captures if isinstance(node, ir.Assign)
        for target in node.targets if isinstance(target, ir.Name)
    ]  # fmt: skip


def _question(low: Lowerer, pattern: ast.pattern, subject: Expr) -> Expr | None:
    """What a pattern asks of the subject, as an expression; None if there is none for it."""
    place = expressions.span(pattern)  # type: ignore[arg-type]
    if isinstance(pattern, ast.MatchValue):
        return ir.Compare("==", subject, expressions.lower(low, pattern.value), *place)
    if isinstance(pattern, ast.MatchSingleton):
        return ir.Compare("is", subject, ir.Const(pattern.value), *place)
    classes = [expressions.lower(low, part.cls) for part in _classes(pattern)]
    if not classes:
        return None
    func, args = ir.Name("isinstance"), [subject, classes[0] if len(classes) == 1 else ir.Seq(classes, True)]
    low.scope.note_asked(func, args)
    return ir.Call(func, args, [], *place)


def _classes(pattern: ast.pattern) -> list[ast.MatchClass]:
    """The class patterns of which one must fit; none if other patterns may, too."""
    parts = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    found = [part for part in parts if isinstance(part, ast.MatchClass)]
    return found if len(found) == len(parts) else []


def _says_all(pattern: ast.pattern) -> bool:
    """Whether a pattern fits whatever is of its class, or the one value."""
    inner = (part for cls in _classes(pattern) for part in (*cls.patterns, *cls.kwd_patterns))
    return all(isinstance(part, ast.MatchAs) and part.pattern is None for part in inner)


def _capture(low: Lowerer, pattern: ast.pattern, subject: Expr, out: list[Stmt]) -> None:
    """The names that a pattern binds, each to the part of the subject that it stands for."""
    place = expressions.span(pattern)  # type: ignore[arg-type]
    parts: list[tuple[ast.pattern, Expr]] = []
    name: str | None = None
    if isinstance(pattern, ast.MatchAs):
        name = pattern.name
        parts = [(pattern.pattern, subject)] if pattern.pattern is not None else []
    elif isinstance(pattern, ast.MatchStar):
        name, subject = pattern.name, NOTHING
    elif isinstance(pattern, ast.MatchMapping):
        name = pattern.rest
        keys = [expressions.lower(low, key) for key in pattern.keys]
        parts = [(p, _part(subject, key, place)) for key, p in zip(keys, pattern.patterns, strict=True)]
    elif isinstance(pattern, ast.MatchSequence):
        stars = [i for i, p in enumerate(pattern.patterns) if isinstance(p, ast.MatchStar)]
        after = stars[0] if stars else len(pattern.patterns)
        for number, part in enumerate(pattern.patterns):
            index = number if number < after else number - len(pattern.patterns)
            parts.append((part, _part(subject, ir.Const(index), place)))
    elif isinstance(pattern, ast.MatchClass):
        parts = [(p, NOTHING) for p in pattern.patterns]
        for attribute, p in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            parts.append((p, NOTHING if subject is NOTHING else ir.Attr(subject, attribute, *place)))
    elif isinstance(pattern, ast.MatchOr):
        parts = [(p, subject) for p in pattern.patterns]
    if name is not None:
        low.scope.bound.add(name)
        out.append(ir.Assign([ir.Name(name)], subject))
        if isinstance(pattern, ast.MatchAs) and isinstance(pattern.pattern, ast.MatchClass):
            kind = ir.Call(
                ir.Name("isinstance"), [ir.Name(name), expressions.lower(low, pattern.pattern.cls)], [], *place
            )
            out.append(ir.If(kind, [], [ir.Jump(NOTHING, False)], *place))
    for part, value in parts:
        _capture(low, part, value, out)


def _part(subject: Expr, key: Expr, place: tuple[int, int]) -> Expr:
    return NOTHING if subject is NOTHING else ir.Sub(subject, key, *place)
