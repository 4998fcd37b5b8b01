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
    test: Expr = NOTHING
    if pattern.__class__ is ast.MatchClass:
        kind = expressions.lower(low, pattern.cls)
        test = ir.Call(ir.Name("isinstance"), [subject, kind], [], *expressions.span(pattern))  # type: ignore[arg-type]
    elif pattern.__class__ is ast.MatchValue:
        value = expressions.lower(low, pattern.value)
        test = ir.Compare("==", subject, value, *expressions.span(pattern))  # type: ignore[arg-type]
    place = expressions.span(case.pattern if case.guard is None else case.guard)  # type: ignore[arg-type]
    if case.guard is not None:
        test = _guarded(test, captures, expressions.test(low, case.guard))
    return [ir.If(test, body, rest, *place)]


def _guarded(test: Expr, captures: list[Stmt], guard: Expr) -> Expr:
    """A pattern with its guard, which sees what the pattern has bound."""
    bound = [
        ir.Group([ir.Named(target.id, node.value)])
        for node in captures if isinstance(node, ir.Assign)
        for target in node.targets if isinstance(target, ir.Name)
    ]  # fmt: skip
    parts = [part for part in (test, *bound, guard) if part is not NOTHING]
    return ir.BoolOp(False, parts) if len(parts) > 1 else guard


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
