"""Expressions of `ast` to the pruned program."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir, later
from fastasync_lint.facts.ir import NOTHING, Expr
from fastasync_lint.facts.scope import ORDER
from fastasync_lint.facts.texts import with_prefix

if TYPE_CHECKING:
    from fastasync_lint.facts.lower import Lowerer

LONGEST_TEXT = 80
"""Longer texts are prose or SQL, not keys or names."""
MOST_OPTIONS = 4
"""A dictionary of more constants is a table, not the keywords of a call."""

_DUNDERS = {
    ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__", ast.Mod: "__mod__",
    ast.FloorDiv: "__floordiv__", ast.Pow: "__pow__", ast.LShift: "__lshift__", ast.RShift: "__rshift__",
    ast.BitOr: "__or__", ast.BitXor: "__xor__", ast.BitAnd: "__and__", ast.MatMult: "__matmul__",
}  # fmt: skip
IN_PLACE = {op: f"__i{dunder[2:]}" for op, dunder in _DUNDERS.items()}
"""The methods that `x op= y` calls first."""
PLAIN = {method: _DUNDERS[op] for op, method in IN_PLACE.items()}
"""And what it calls where there is none."""
_COMPARISONS = {
    ast.Is: "is", ast.IsNot: "is not", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_UNARY = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
_CONVERSIONS = {ord("r"): "__repr__", ord("a"): "__repr__", ord("s"): "__str__"}
_PURE = (ir.Nothing, ir.Name, ir.Const)


def lower(low: Lowerer, node: ast.expr) -> Expr:
    handler = _HANDLERS.get(node.__class__)
    return handler(low, node) if handler is not None else NOTHING


def group(low: Lowerer, nodes: list[Any]) -> Expr:
    """The calls among `nodes`; their values are of no interest."""
    items = []
    for node in nodes:
        item = lower(low, node)
        if item.__class__ not in _PURE:
            items.append(item)
    return _grouped(items)


def _grouped(items: list[Expr]) -> Expr:
    return ir.Group(items) if items else NOTHING


def _name(low: Lowerer, node: ast.Name) -> Expr:
    low.scope.reads.add(node.id)
    return ir.Name(node.id)


def _constant(low: Lowerer, node: ast.Constant) -> Expr:
    value: Any = node.value
    kind = value.__class__
    if value is None or kind is bool:
        return ir.Const(value)
    if (kind is int and -1 << 31 < value < 1 << 31) or (kind is str and len(value) <= LONGEST_TEXT):
        if kind is str and not value.isascii():  # lone surrogates cannot be encoded
            return NOTHING
        return ir.Const(value)
    if value is ...:
        return ir.Const("...")
    if kind is float:
        return ir.Const(value or 0)
    return NOTHING


def _attribute(low: Lowerer, node: ast.Attribute) -> Expr:
    value = lower(low, node.value)
    if node.attr == "__dict__":
        low.stored.add("*")
    pos = node.lineno << 16 | node.col_offset
    end = (node.end_lineno or node.lineno) << 16 | (node.end_col_offset or 0)
    return ir.Attr(value, node.attr, pos, end)


def _call(low: Lowerer, node: ast.Call) -> Expr:
    low.calls += 1
    func = lower(low, node.func)
    args = [lower(low, arg) for arg in node.args]
    called = func.id if func.__class__ is ir.Name else func.name if func.__class__ is ir.Attr else ""
    if called == "getattr" and len(args) > 1:
        args[1] = with_prefix(node.args[1], args[1])
    elif called == "import_module" and args:
        args[0] = with_prefix(node.args[0], args[0], dotted=True)
    keywords = [(kw.arg or "", lower(low, kw.value)) for kw in node.keywords]
    low.scope.note_asked(func, args)
    if called == "get" and args and func.__class__ is ir.Attr:
        _note_key(low, func.value, args[0])
    if func.__class__ is ir.Name and func.id == "setattr" and len(args) > 1:
        named = args[1]
        low.stored.add(named.value if named.__class__ is ir.Const and named.value.__class__ is str else "*")
    elif func.__class__ is ir.Name and func.id == "vars":
        low.stored.add("*")
    for arg in args:
        if arg.__class__ is ir.Name:
            low.scope.handed.add(arg.id)
        low.scope.note_answer(arg)
    for name, given in keywords:
        if not name and given.__class__ is ir.Name:
            low.scope.unpacked.add(given.id)
        if given.__class__ is ir.Name:
            low.scope.tested.add(given.id)
        low.scope.note_answer(given)
    pos = node.lineno << 16 | node.col_offset
    end = (node.end_lineno or node.lineno) << 16 | (node.end_col_offset or 0)
    return ir.Call(func, args, keywords, pos, end)


def _subscript(low: Lowerer, node: ast.Subscript) -> Expr:
    value = lower(low, node.value)
    index = lower(low, node.slice)
    if value is NOTHING and (index.__class__ in _PURE or (index.__class__ is ir.Slice and index.bounds is NOTHING)):
        return NOTHING
    _note_key(low, value, index)
    return ir.Sub(value, index, *span(node))


def _note_key(low: Lowerer, table: Expr, key: Expr) -> None:
    """`{"s3": S3, "local": Local}[kind]`, `BACKENDS[kind]`, `BACKENDS.get(kind)`: the name decides what comes."""
    if key.__class__ is ir.Name and (table.__class__ is ir.Map or (table.__class__ is ir.Name and table.id.isupper())):
        low.scope.note_condition(key)


def _slice(low: Lowerer, node: ast.Slice) -> Expr:
    bounds = group(low, [part for part in (node.lower, node.upper, node.step) if part is not None])
    return ir.Slice(bounds)


def _await(low: Lowerer, node: ast.Await) -> Expr:
    low.awaits += 1
    value = lower(low, node.value)
    low.scope.awaited.update(later.awaited_names(value))
    return ir.Await(value)


def _lambda(low: Lowerer, node: ast.Lambda) -> Expr:
    return ir.Lambda(low.function(node, "<lambda>"))


def _sequence(low: Lowerer, node: ast.List | ast.Set | ast.Tuple) -> Expr:
    return ir.Seq([lower(low, item) for item in node.elts], node.__class__ is ast.Tuple)


def _dict(low: Lowerer, node: ast.Dict) -> Expr:
    keys = [NOTHING if key is None else lower(low, key) for key in node.keys]
    values = [lower(low, value) for value in node.values]
    if all(v.__class__ in _PURE and v.__class__ is not ir.Name for v in values) and not _are_told_apart(keys, values):
        return group(low, [key for key in node.keys if key is not None])
    return ir.Map(keys, values)


def _are_told_apart(keys: list[Expr], values: list[Expr]) -> bool:
    return _are_options(keys, values) or any(v.__class__ is ir.Const and _is_dotted(v.value) for v in values)


def _is_dotted(value: object) -> bool:
    """`"app.stores.redis:Redis"`, by which something is imported."""
    return value.__class__ is str and "." in value and re.sub("[.:]", "", value).isidentifier()


def _are_options(keys: list[Expr], values: list[Expr]) -> bool:
    """`{"block": False}`, which a call may be given as its keywords."""
    return (
        0 < len(keys) <= MOST_OPTIONS
        and all(key.__class__ is ir.Const and key.value.__class__ is str and key.value.isidentifier() for key in keys)
        and all(v.__class__ is ir.Const and v.value.__class__ is not str for v in values)
    )


def _if(low: Lowerer, node: ast.IfExp) -> Expr:
    return ir.IfExp(test(low, node.test), lower(low, node.body), lower(low, node.orelse))


def _bool(low: Lowerer, node: ast.BoolOp) -> Expr:
    return ir.BoolOp(node.op.__class__ is ast.Or, [lower(low, value) for value in node.values])


def _unary(low: Lowerer, node: ast.UnaryOp) -> Expr:
    if node.op.__class__ is ast.Not:
        return ir.Not(lower(low, node.operand))
    return _special(lower(low, node.operand), _UNARY[node.op.__class__], node)


def _special(value: Expr, dunder: str, node: ast.expr) -> Expr:
    """An operation on one value, which its class may define."""
    if value.__class__ in (ir.Nothing, ir.Const):
        return NOTHING
    return value if value.__class__ is ir.Group else ir.Bin(value, NOTHING, dunder, *span(node))


def _compare(low: Lowerer, node: ast.Compare) -> Expr:
    if len(node.ops) > 1:
        return group(low, [node.left, *node.comparators])
    op = _COMPARISONS[node.ops[0].__class__]
    left, right = lower(low, node.left), lower(low, node.comparators[0])
    if op in ORDER and left.__class__ in (ir.Nothing, ir.Const) and right.__class__ in (ir.Nothing, ir.Const):
        return NOTHING
    return ir.Compare(op, left, right, *span(node))


def _binary(low: Lowerer, node: ast.BinOp) -> Expr:
    left, right = lower(low, node.left), lower(low, node.right)
    carried = left.__class__ not in (ir.Nothing, ir.Const, ir.Group)
    if carried or right.__class__ not in (ir.Nothing, ir.Const, ir.Group):
        return ir.Bin(left, right, _DUNDERS[node.op.__class__], *span(node))
    items: list[Expr] = [item for item in (left, right) if item.__class__ is ir.Group]
    return _grouped(items)


def _joined(low: Lowerer, node: ast.JoinedStr) -> Expr:
    items = []
    for part in node.values:
        if part.__class__ is ast.FormattedValue:
            dunder = _CONVERSIONS.get(part.conversion, "__format__")
            item = _special(lower(low, part.value), dunder, part.value)
            if item is not NOTHING:
                items.append(item)
    return _grouped(items)


def _comprehension(low: Lowerer, node: Any) -> Expr:
    loops = []
    for part in node.generators:
        iterable = lower(low, part.iter)
        target = lower(low, part.target)
        low.bind(part.target)
        tests = [test(low, condition) for condition in part.ifs]
        loops.append(ir.Loop(target, iterable, tests, bool(part.is_async), *span(part.iter)))
    kind = "list"
    if node.__class__ is ast.DictComp:
        kind = "dict"
        element: Expr = ir.Seq([lower(low, node.key), lower(low, node.value)], True)
    else:
        element = lower(low, node.elt)
        if node.__class__ is ast.GeneratorExp:
            kind = "generator"
    return ir.Comp(kind, element, loops)


def _named(low: Lowerer, node: ast.NamedExpr) -> Expr:
    low.bind(node.target)
    return ir.Named(node.target.id, lower(low, node.value))


def _yield(low: Lowerer, node: ast.Yield | ast.YieldFrom) -> Expr:
    low.scope.yields = True
    low.awaits += 1
    value = NOTHING if node.value is None else lower(low, node.value)
    return ir.Yield(value, node.__class__ is ast.YieldFrom, *span(node))


def _starred(low: Lowerer, node: ast.Starred) -> Expr:
    return ir.Star(lower(low, node.value), *span(node))


def test(low: Lowerer, node: ast.expr) -> Expr:
    """A condition: the plain names in it are what a context may depend on."""
    lowered = lower(low, node)
    low.scope.note_condition(lowered)
    return lowered


def span(node: ast.expr | ast.stmt) -> tuple[int, int]:
    end_row, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return node.lineno << 16 | min(node.col_offset, 0xFFFF), end_row << 16 | min(end_column, 0xFFFF)


_HANDLERS: dict[type[ast.AST], Callable[[Lowerer, Any], Expr]] = {
    ast.Name: _name, ast.Constant: _constant, ast.Attribute: _attribute, ast.Call: _call, ast.Subscript: _subscript,
    ast.Slice: _slice, ast.Await: _await, ast.Lambda: _lambda, ast.List: _sequence, ast.Set: _sequence,
    ast.Tuple: _sequence, ast.Dict: _dict, ast.IfExp: _if, ast.BoolOp: _bool, ast.UnaryOp: _unary,
    ast.Compare: _compare, ast.BinOp: _binary, ast.JoinedStr: _joined, ast.ListComp: _comprehension,
    ast.SetComp: _comprehension, ast.DictComp: _comprehension, ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _named, ast.Yield: _yield, ast.YieldFrom: _yield, ast.Starred: _starred,
}  # fmt: skip
