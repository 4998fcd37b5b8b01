"""Fixes for misuse of the event loop: eager arguments, nested loops, coroutines that nobody awaits."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from ..model import Applicability, Edit, Fix
from .names import spell
from .offload import parse
from .place import Place, last_name

# Where each offloader takes its callable, and whether it passes keyword arguments on.
_OFFLOADERS = {
    "run_in_executor": (1, False),
    "run_in_threadpool": (0, True),
    "run_sync": (0, False),
    "submit": (0, True),
    "to_thread": (0, True),
}
_TIGHT = ast.Call | ast.Name | ast.Attribute | ast.Subscript


def eager_argument(place: Place, *, sure: bool = True) -> Fix | None:
    """`asyncio.to_thread(f(x))` becomes `asyncio.to_thread(f, x)`.

    `place` is the offloading call, or the call that is evaluated too early; unless `sure`, that one may return the
    callable.
    """
    outer = next((node for node in (place.node, place.parent) if _offloader(node)), None)
    if not isinstance(outer, ast.Call):
        return None
    index, keywords = _OFFLOADERS[last_name(outer.func)]
    if not _calls_early(outer):
        return None
    whole = parse(place.document.source_of(outer))
    inner = parse(place.document.source_of(outer.args[index]))
    if whole is None or inner is None:
        return None
    passed, edits = _passed(place, inner, keywords)
    if not passed:
        return None
    arguments = _separated([*whole.args[:index], *passed, *whole.args[index + 1 :]])
    text = cst.Module([]).code_for_node(whole.with_changes(args=arguments))
    message = "Pass the function, so that it is called in the thread"
    label = Applicability.SAFE if sure else Applicability.UNSAFE
    return Fix(label, message, (place.document.replace(outer, text), *edits))


def is_eager(place: Place) -> bool:
    """Whether the call stands where an offloader expects a function."""
    outer = place.parent
    return _offloader(outer) and isinstance(outer, ast.Call) and place.node in outer.args and _calls_early(outer)


def nested_loop(place: Place) -> Fix | None:
    """`asyncio.run(main())` inside a coroutine, which can only raise, becomes `await main()`."""
    call = place.node
    if not isinstance(call, ast.Call) or not place.can_await() or len(call.args) != 1 or call.keywords:
        return None
    argument = place.document.source_of(call.args[0])
    text = f"await {argument}" if isinstance(call.args[0], _TIGHT) else f"await ({argument})"
    if isinstance(call.args[0], ast.Starred):
        return None
    text = f"({text})" if place.needs_parentheses() else text
    return Fix(Applicability.UNSAFE, "Await the coroutine", (place.document.replace(call, text),))


def missing_await(place: Place) -> Fix | None:
    """`save()` as a statement, `save` being a coroutine function, becomes `await save()`."""
    if not isinstance(place.parent, ast.Expr) or not place.can_await():
        return None
    start = place.document.start_of(place.node)
    return Fix(Applicability.UNSAFE, "Await the coroutine", (place.document.insert(start, "await "),))


def _passed(place: Place, inner: cst.Call, keywords: bool) -> tuple[list[cst.Arg], tuple[Edit, ...]]:
    """The arguments that stand for the inner call, with the import they need; none when there is no name for it."""
    arguments = [cst.Arg(inner.func), *inner.args]
    if keywords or not any(argument.keyword or argument.star == "**" for argument in inner.args):
        return arguments, ()
    partial = spell(place, "functools.partial")
    if partial is None:
        return [], ()
    call = cst.Call(cst.parse_expression(partial.text), _separated(arguments))
    return [cst.Arg(call)], partial.edits


def _separated(arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
    """The arguments with a comma after each but the last, which gets none."""
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    *head, last = arguments
    spaced = [argument if _laid_out(argument) else argument.with_changes(comma=space) for argument in head]
    return [*spaced, last.with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _laid_out(argument: cst.Arg) -> bool:
    """Whether a comma and some space follow the argument already."""
    comma = argument.comma
    return isinstance(comma, cst.Comma) and not comma.whitespace_after.empty


def _offloader(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _OFFLOADERS


def _calls_early(outer: ast.Call) -> bool:
    """Whether the callable's place holds a call. With further arguments that may really return the callable."""
    index, _ = _OFFLOADERS[last_name(outer.func)]
    return len(outer.args) == index + 1 and isinstance(outer.args[index], ast.Call)
