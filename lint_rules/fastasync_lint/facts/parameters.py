"""The parameters of a function or lambda."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fastasync_lint.facts import ir

if TYPE_CHECKING:
    from fastasync_lint.facts.lower import Lowerer


def lower(low: Lowerer, args: ast.arguments) -> list[ir.Param]:
    """Names in defaults are asked for again from the inside: `db=Depends(get_db)` of an endpoint in a function."""
    around = low.scope
    if around.outer is None or not (args.defaults or args.kw_defaults):
        return _all(low, args)
    reads, around.reads = around.reads, set()
    params = _all(low, args)
    around.nested_reads |= around.reads
    around.reads |= reads
    return params


def _all(low: Lowerer, args: ast.arguments) -> list[ir.Param]:
    positional = args.posonlyargs + args.args
    gap = len(positional) - len(args.defaults)
    defaults: list[ast.expr | None] = [None] * gap + list(args.defaults)
    out = [_one(low, a, d, ir.POSITIONAL) for a, d in zip(positional, defaults, strict=True)]
    if args.vararg is not None:
        out.append(_one(low, args.vararg, None, ir.VARARG))
    out += [_one(low, a, d, ir.KEYWORD_ONLY) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    if args.kwarg is not None:
        out.append(_one(low, args.kwarg, None, ir.KWARG))
    return out


def _one(low: Lowerer, arg: ast.arg, default: ast.expr | None, kind: int) -> ir.Param:
    return ir.Param(arg.arg, kind, low.optional(arg.annotation), low.optional(default))
