"""Run a call in a worker thread: `f(a, b=1)` becomes `await asyncio.to_thread(f, a, b=1)`, or another style of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import libcst as cst

from ..model import Applicability, Edit, Fix, Hit
from . import limits
from .names import Spelling, spell
from .place import Place, function_at, last_name, own_nodes
from .style import Style

_MODULE = cst.Module([])


def fix(hit: Hit, place: Place, style: Style) -> Fix | None:
    """The fix that offloads the call at `place`; None where it cannot be, or must not be, run in a thread."""
    if not place.can_await() or not movable(hit, place.node) or _helper_needs_loop(hit, place):
        return None
    call = parse(place.document.source_of(place.node))
    if call is None:
        return None
    edits: list[Edit] = []

    def name(*wanted: str) -> str | None:
        spelling: Spelling | None = spell(place, *wanted)
        edits.extend(spelling.edits if spelling else ())
        return spelling.text if spelling else None

    text = render(call, style, name)
    if text is None:
        return None
    awaited = f"(await {text})" if place.needs_parentheses() else f"await {text}"
    helper = _MODULE.code_for_node(call.func)
    message = f"Run `{' '.join(helper.split())}` in a thread"
    return Fix(_label(hit, place), message, (place.document.replace(place.node, awaited), *edits))


def movable(hit: Hit, node: ast.expr) -> bool:
    """Whether a worker thread may make this call."""
    if not isinstance(node, ast.Call) or hit.code in limits.NEVER_OFFLOADED:
        return False
    direct = len(hit.chain) < 2
    if direct and limits.matches(hit.sink, limits.NOT_DIRECTLY):
        return False
    if limits.matches(hit.sink, limits.BOUND) and not _lifted(hit.sink, node, direct):
        return False
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    return not any(
        isinstance(part, ast.NamedExpr | ast.Yield | ast.YieldFrom)
        for argument in arguments
        for part in ast.walk(argument)
    )


@lru_cache(maxsize=1024)
def parse(source: str) -> cst.Call | None:
    """The text of a call as a LibCST tree, without parentheses around it; None when it is something else."""
    try:
        node = cst.parse_expression(f"({source})")
    except (cst.ParserSyntaxError, RecursionError):
        return None
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1]) if isinstance(node, cst.Call) else None


def render(call: cst.Call, style: Style, name: Callable[..., str | None]) -> str | None:
    """The code that makes the call in a thread, to be awaited. `name` spells a dotted name, None when it cannot."""
    outer = name(*style.targets)
    if outer is None:
        return None
    if style.lead:
        outer += "().run_in_executor"
    function = cst.Arg(call.func)
    arguments = [function, *map(_enclosed, call.args)]
    if any(_needs_partial(argument, style) for argument in call.args):
        partial = name("functools.partial")
        if partial is None:
            return None
        arguments = [cst.Arg(_call(cst.parse_expression(partial), call, arguments))]
        bare = cst.Call(cst.Name("f"), arguments)
        return _MODULE.code_for_node(_call(cst.parse_expression(outer), bare, [*_lead(style), *arguments]))
    return _MODULE.code_for_node(_call(cst.parse_expression(outer), call, [*_lead(style), *arguments]))


def _call(function: cst.BaseExpression, like: cst.Call, arguments: Sequence[cst.Arg]) -> cst.Call:
    """A call of `function` laid out as `like` was: on one line, or one argument to a line."""
    gap = like.whitespace_before_args
    if not like.args:
        # What stands between empty parentheses, a comment perhaps, now follows the last argument.
        last = arguments[-1].with_changes(whitespace_after_arg=gap)
        return cst.Call(function, [*_spaced(arguments[:-1], cst.SimpleWhitespace(" ")), last])
    broken = isinstance(gap, cst.ParenthesizedWhitespace)
    added = len(arguments) - len(like.args)
    head = _spaced(arguments[:added], _own_line(gap) if broken else cst.SimpleWhitespace(" "))
    return cst.Call(function, [*head, *arguments[added:]], whitespace_before_args=gap)


def _spaced(arguments: Sequence[cst.Arg], gap: cst.BaseParenthesizableWhitespace) -> Iterator[cst.Arg]:
    return (argument.with_changes(comma=cst.Comma(whitespace_after=gap)) for argument in arguments)


def _own_line(gap: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """The same indentation without the comments, which stay where they were."""
    assert isinstance(gap, cst.ParenthesizedWhitespace)
    return gap.with_changes(first_line=cst.TrailingWhitespace(newline=gap.first_line.newline), empty_lines=[])


def _lead(style: Style) -> list[cst.Arg]:
    return [cst.Arg(cst.parse_expression(style.lead))] if style.lead else []


def _enclosed(argument: cst.Arg) -> cst.Arg:
    """`f(x for x in y)` may omit the parentheses of its only argument; two arguments may not."""
    value = argument.value
    if isinstance(value, cst.GeneratorExp) and not value.lpar:
        return argument.with_changes(
            value=value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]), comma=cst.MaybeSentinel.DEFAULT
        )
    return argument


def _needs_partial(argument: cst.Arg, style: Style) -> bool:
    if argument.keyword is not None:
        return not style.keywords or argument.keyword.value in style.own
    return argument.star == "**" and not style.keywords


def _helper_needs_loop(hit: Hit, place: Place) -> bool:
    """Whether the helper called, when it stands in this file, starts tasks: it can only do that on the loop."""
    if len(hit.chain) < 2 or hit.chain[1].filename != hit.chain[0].filename:
        return False
    helper = function_at(place.document, hit.chain[1].row)
    return isinstance(helper, ast.FunctionDef) and any(
        isinstance(node, ast.Call) and last_name(node.func) in limits.LOOP_ONLY for node in own_nodes(helper.body)
    )


def _lifted(sink: str, node: ast.Call, direct: bool) -> bool:
    if limits.plain(sink) not in limits.LIFTED:
        return False
    # A helper that opens the connection also uses it, in its own thread.
    keyword, value = limits.LIFTED[limits.plain(sink)]
    return not direct or any(given.arg == keyword and ast.unparse(given.value) == value for given in node.keywords)


def _label(hit: Hit, place: Place) -> Applicability:
    """Safe when the same code runs in the same order with the same exceptions, only in a thread."""
    assert isinstance(place.node, ast.Call)
    arguments = [*place.node.args, *(keyword.value for keyword in place.node.keywords)]
    deferred = any(isinstance(argument, ast.Lambda | ast.GeneratorExp) for argument in arguments)
    indirect = len(hit.chain) > 1 or hit.kind != "call"
    careful = limits.matches(hit.sink, limits.PER_THREAD)
    if deferred or indirect or careful or any(place.hazards()):
        return Applicability.UNSAFE
    return Applicability.SAFE
