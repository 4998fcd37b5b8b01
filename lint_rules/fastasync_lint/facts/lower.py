"""Statements, functions and classes of `ast` to the pruned program."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any

from fastasync_lint.facts import expressions, form, ir, later, match, options, parameters, progress
from fastasync_lint.facts.ir import NOTHING, Expr, Stmt
from fastasync_lint.facts.scope import Scope


class Lowerer:
    """The state of one file's walk."""

    def __init__(self, markers: dict[int, int]) -> None:
        self.scope = Scope(None, "", "")
        self.calls = 0
        self.awaits = 0
        self.markers = markers
        self.roots: set[str] = set()
        self.declared: set[str] = set()
        self.stored: set[str] = set()

    def bind(self, target: ast.expr) -> None:
        """Note every name that `target` binds, and attributes set on the first parameter."""
        if target.__class__ is ast.Name:
            (self.scope.again if target.id in self.scope.bound else self.scope.bound).add(target.id)
        elif target.__class__ in (ast.Tuple, ast.List):
            for item in target.elts:
                self.bind(item)
        elif target.__class__ is ast.Starred:
            self.bind(target.value)
        elif target.__class__ is ast.Attribute:
            value = target.value
            self.stored.add(target.attr)
            if value.__class__ is ast.Name and value.id == self.scope.first:
                self.scope.stores.add(target.attr)

    def target(self, node: ast.expr) -> Expr:
        self.bind(node)
        return expressions.lower(self, node)

    def block(self, nodes: list[ast.stmt]) -> list[Stmt]:
        out: list[Stmt] = []
        for node in nodes:
            handler = _HANDLERS.get(node.__class__)
            if handler is not None:
                handler(self, node, out)
        return out

    def qualified(self, name: str) -> str:
        return f"{self.scope.name}.{name}" if self.scope.name else name

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str) -> ir.Function:
        is_lambda = node.__class__ is ast.Lambda
        outer, awaits = self.scope, self.awaits
        decorators = [] if is_lambda else [expressions.lower(self, d) for d in node.decorator_list]  # type: ignore[union-attr]
        params = parameters.lower(self, node.args)
        returns = None if is_lambda else self.optional(node.returns)  # type: ignore[union-attr]
        qualname = self.qualified(name)
        self.scope = scope = Scope(outer, qualname, params[0].name if params else "")
        scope.bound.update(p.name for p in params)
        if is_lambda:
            body: list[Stmt] = [ir.Return(expressions.lower(self, node.body))]  # type: ignore[arg-type]
            flags = ir.LAMBDA
        else:
            body = self.block(node.body)  # type: ignore[arg-type]
            flags = form.body_flags(node.body) | self._marks(node)  # type: ignore[arg-type]
        if scope.awaited:
            later.mark(body, scope.awaited)
        if scope.yields:
            flags |= ir.GENERATOR
        if node.__class__ is ast.AsyncFunctionDef:
            flags |= ir.ASYNC
        if any(form.last_name(d) == "overload" for d in decorators):
            flags |= ir.OVERLOAD
        self.scope, self.awaits = outer, awaits
        names = {p.name for p in params}
        scope.tested |= scope.handed & {p.name for p in params if form.is_switch(p.default)}
        free = (scope.reads | scope.nested_reads) - (scope.bound - scope.declared)
        outer.nested_reads |= free
        pos, end = expressions.span(node)
        return ir.Function(
            name, qualname, flags, params, returns, decorators, body, pos, end,
            sorted(scope.nested_reads & scope.bound), sorted(scope.tested & names), sorted(scope.stores),
            sorted(scope.declared), self.type_parameters(node), scope.fixed(), scope.asked_of(names), scope.made_once(),
            {} if is_lambda else options.known_keys(node.body, scope, params), scope.plain(params),  # type: ignore[arg-type]
        )  # fmt: skip

    def optional(self, node: ast.expr | None) -> Expr | None:
        return None if node is None else expressions.lower(self, node)

    def type_parameters(self, node: ast.AST) -> list[tuple[str, Expr | None]]:
        """`[T: Base]` of a function or class, from Python 3.12 on."""
        return [(each.name, self.optional(getattr(each, "bound", None))) for each in getattr(node, "type_params", ())]

    def _marks(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        if not self.markers:
            return 0
        first = node.body[0].lineno
        return next((self.markers[row] for row in range(node.lineno, first + 1) if row in self.markers), 0)


def _function_def(low: Lowerer, node: Any, out: list[Stmt]) -> None:
    low.scope.bound.add(node.name)
    out.append(ir.FuncDef(low.function(node, node.name)))


def _class_def(low: Lowerer, node: ast.ClassDef, out: list[Stmt]) -> None:
    low.scope.bound.add(node.name)
    bases = [expressions.lower(low, base) for base in node.bases]
    keywords = [(kw.arg or "", expressions.lower(low, kw.value)) for kw in node.keywords]
    decorators = [expressions.lower(low, d) for d in node.decorator_list]
    outer = low.scope
    low.scope = inner = Scope(outer, low.qualified(node.name), "")
    body = low.block(node.body)
    low.scope = outer
    # a class body is no closure: what its methods read is looked for further out
    outer.nested_reads |= inner.nested_reads | inner.reads
    pos = expressions.span(node)[0]
    out.append(ir.ClassDef(node.name, inner.name, bases, keywords, decorators, body, pos, low.type_parameters(node)))


def _expr(low: Lowerer, node: ast.Expr, out: list[Stmt]) -> None:
    stored = form.set_by_name(node.value, low.scope.first)
    if stored is not None:
        _assign(low, stored, out)
        return
    value = expressions.lower(low, node.value)
    if value.__class__ is ir.Call and form.is_exit(value.func):
        out.append(ir.Jump(value, False, True))
    elif value.__class__ not in (ir.Nothing, ir.Name, ir.Const):
        out.append(ir.ExprStmt(value, *expressions.span(node)))


def _assign(low: Lowerer, node: ast.Assign, out: list[Stmt]) -> None:
    value = expressions.lower(low, node.value)
    targets = [low.target(target) for target in node.targets]
    if targets[0].__class__ is ir.Seq and value.__class__ in (ir.Name, ir.Comp):
        value = ir.Star(value, *expressions.span(node.value))
    low.scope.note_answer(value, targets)
    low.scope.note_made(targets, value)
    place = expressions.span(node.value.test) if isinstance(node.value, ast.IfExp) and low.scope.outer else None
    out.append(form.assigned(targets, value, place))


def _ann_assign(low: Lowerer, node: ast.AnnAssign, out: list[Stmt]) -> None:
    annotation = expressions.lower(low, node.annotation)
    target, value = low.target(node.target), low.optional(node.value)
    if value is not None:
        low.scope.note_answer(value, [target])
    out.append(ir.AnnAssign(target, annotation, value))


def _type_alias(low: Lowerer, node: Any, out: list[Stmt]) -> None:
    """`type Name = …` is `Name: TypeAlias = …`."""
    out.append(ir.AnnAssign(low.target(node.name), ir.Name("TypeAlias"), expressions.lower(low, node.value)))


def _aug_assign(low: Lowerer, node: ast.AugAssign, out: list[Stmt]) -> None:
    value = expressions.lower(low, node.value)
    current = expressions.lower(low, node.target)
    changed = ir.Bin(current, value, expressions.IN_PLACE[node.op.__class__], *expressions.span(node))
    if current.__class__ is ir.Attr:
        low.stored.add(current.name)
    if value.__class__ in (ir.Nothing, ir.Const) and current.__class__ is not ir.Sub:
        out.append(ir.ExprStmt(changed, changed.pos, changed.end))  # what it holds stays of the same kind
        return
    low.bind(node.target)
    out.append(ir.Assign([current], changed))


def _return(low: Lowerer, node: ast.Return, out: list[Stmt]) -> None:
    out.append(ir.Return(NOTHING if node.value is None else expressions.lower(low, node.value)))


def _if(low: Lowerer, node: ast.If, out: list[Stmt]) -> None:
    newer = form.is_newer(node.test)
    if newer is not None:
        out += low.block(node.body if newer else node.orelse)
        return
    test = expressions.test(low, node.test)
    out.append(ir.If(test, low.block(node.body), low.block(node.orelse), *expressions.span(node.test)))


def _while(low: Lowerer, node: ast.While, out: list[Stmt]) -> None:
    awaits = low.awaits
    test = expressions.test(low, node.test)
    body = low.block(node.body)
    idle = low.awaits == awaits and all(s.__class__ in form.IDLE or form.is_text(s) for s in node.body)
    watched = test
    if test.__class__ is ir.Const or test.__class__ is ir.Nothing:
        watched = form.way_out(body)
    inner = watched.value if watched.__class__ is ir.Not else watched
    busy = low.awaits == awaits and (
        inner.__class__ in form.WATCHED or (idle and inner.__class__ in (ir.Name, ir.Attr))
    )
    busy = busy and not progress.ends(node)
    pos = node.lineno << 16 | node.col_offset
    end = expressions.span(node.test)[1]
    out.append(ir.While(test, body, low.block(node.orelse), watched if busy else None, pos, end))


def _for(low: Lowerer, node: Any, out: list[Stmt]) -> None:
    is_async = node.__class__ is ast.AsyncFor
    low.awaits += is_async
    iterable = expressions.lower(low, node.iter)
    target = low.target(node.target)
    body, orelse = low.block(node.body), low.block(node.orelse)
    out.append(ir.For(target, iterable, body, orelse, is_async, *expressions.span(node.iter)))


def _with(low: Lowerer, node: Any, out: list[Stmt]) -> None:
    is_async = node.__class__ is ast.AsyncWith
    low.awaits += is_async
    items = []
    for item in node.items:
        value = expressions.lower(low, item.context_expr)
        target = None if item.optional_vars is None else low.target(item.optional_vars)
        items.append(ir.WithItem(value, target, False, *expressions.span(item.context_expr)))
    awaits = low.awaits
    body = low.block(node.body)
    if low.awaits > awaits and not is_async:
        for entered in items:
            entered.handed = entered.target.__class__ is ir.Name and form.is_handed(entered.target.id, node.body)
    out.append(ir.With(items, body, is_async, low.awaits > awaits))


def _try(low: Lowerer, node: Any, out: list[Stmt]) -> None:
    body = low.block(node.body)
    handlers = []
    for handler in node.handlers:
        kind = None if handler.type is None else expressions.lower(low, handler.type)
        if handler.name:
            low.scope.bound.add(handler.name)
        handlers.append(ir.Handler(kind, handler.name or "", low.block(handler.body)))
    out.append(ir.Try(body, handlers, low.block(node.orelse), low.block(node.finalbody)))


def _import(low: Lowerer, node: ast.Import, out: list[Stmt]) -> None:
    for alias in node.names:
        first = alias.name.partition(".")[0]
        name, module = (alias.asname, alias.name) if alias.asname else (first, first)
        low.scope.bound.add(name)
        out.append(ir.Import(module, name, alias.name))
        low.roots.add(alias.name.partition(".")[0])


def _import_from(low: Lowerer, node: ast.ImportFrom, out: list[Stmt]) -> None:
    names = [(alias.name, alias.asname or alias.name) for alias in node.names]
    low.scope.bound.update(name for _, name in names)
    out.append(ir.ImportFrom(node.module or "", node.level, names))
    if node.module and not node.level:
        low.roots.add(node.module.partition(".")[0])


def _raise(low: Lowerer, node: ast.Raise, out: list[Stmt]) -> None:
    out.append(ir.Jump(expressions.group(low, [v for v in (node.exc, node.cause) if v is not None]), False))


def _assert(low: Lowerer, node: ast.Assert, out: list[Stmt]) -> None:
    place = expressions.span(node.test)
    out.append(ir.If(expressions.test(low, node.test), [], [ir.Jump(NOTHING, False)], *place))


def _leave(low: Lowerer, node: ast.stmt, out: list[Stmt]) -> None:
    out.append(ir.Jump(NOTHING, node.__class__ is ast.Break))


def _declare(low: Lowerer, node: ast.Global | ast.Nonlocal, out: list[Stmt]) -> None:
    low.scope.declared.update(node.names)
    low.declared.update(node.names)


def _delete(low: Lowerer, node: ast.Delete, out: list[Stmt]) -> None:
    targets = [expressions.lower(low, target) for target in node.targets]
    out.append(ir.Delete(targets))


_HANDLERS: dict[type[ast.AST], Callable[[Lowerer, Any, list[Stmt]], None]] = {
    ast.FunctionDef: _function_def, ast.AsyncFunctionDef: _function_def, ast.ClassDef: _class_def, ast.Expr: _expr,
    ast.Assign: _assign, ast.AnnAssign: _ann_assign, ast.AugAssign: _aug_assign, ast.Return: _return, ast.If: _if,
    ast.While: _while, ast.For: _for, ast.AsyncFor: _for, ast.With: _with, ast.AsyncWith: _with, ast.Try: _try,
    ast.TryStar: _try, ast.Import: _import, ast.ImportFrom: _import_from, ast.Raise: _raise, ast.Assert: _assert,
    ast.Break: _leave, ast.Continue: _leave, ast.Global: _declare, ast.Nonlocal: _declare, ast.Delete: _delete,
    ast.Match: match.statement,
}  # fmt: skip
if sys.version_info >= (3, 12):
    _HANDLERS[ast.TypeAlias] = _type_alias
