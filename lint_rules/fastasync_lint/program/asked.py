"""What a callable is, asked where it is used or before: `is_async = iscoroutinefunction(func)` … `if is_async:`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions, hints
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Outcome
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Check,
    Constant,
    FunctionValue,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

Kinds = frozenset[int]
"""Of functions, by their flags."""
ENDED = "ended"
_COROUTINE: Kinds = frozenset({ir.ASYNC})
_SYNCHRONOUS: Kinds = frozenset({0, ir.GENERATOR})
_ALL: Kinds = _SYNCHRONOUS | {ir.ASYNC, ir.ASYNC | ir.GENERATOR}


# what is of a kind -----------------------------------------------------------------------------------------


def answer(program: Program, value: Value, asks: Kinds) -> bool | None:
    """The one answer of all alternatives; None where they differ, or something is unknown."""
    answers = {_fits(program, item, asks) for item in value}
    return answers.pop() if len(answers) == 1 else None


def _fits(program: Program, item: Any, asks: Kinds) -> bool | None:
    kind = item.__class__
    if kind is Bound:
        return _fits(program, item.function, asks)
    if kind is FunctionValue:
        return item.node.flags & (ir.ASYNC | ir.GENERATOR) in asks
    if kind is Partial:  # `inspect` looks through it
        return answer(program, item.callee, asks)
    if kind is Wrapped and item.kind == "offloaded":
        return ir.ASYNC in asks
    if kind is str and item is not FOREIGN and "block call" in program.catalogue.entry(item).rows:
        if asks.isdisjoint(_SYNCHRONOUS):  # what blocks when it is called is not asynchronous
            return False
        return True if asks >= _SYNCHRONOUS else None
    return None


def _split(program: Program, value: Value, asks: Kinds, wanted: bool) -> Value:
    """The alternatives that are of the kinds, or those that are not; what is unknown is both."""
    kept: Value = EMPTY
    for item in value:
        if item.__class__ is Wrapped and item.kind == "choice":
            options, *rest = item.extra
            left = tuple([option for option in (_split(program, o, asks, wanted) for o in options) if option])
            if left:
                kept = union(kept, (program.make(Wrapped, "choice", EMPTY, (left, *rest)),))
        elif item.__class__ is Partial:
            callee = _split(program, item.callee, asks, wanted)
            if callee:
                kept = union(kept, (program.make(Partial, callee, item.args, item.keywords),))
        elif _fits(program, item, asks) is not (not wanted):
            kept = union(kept, (item,))
    return kept


def note_coroutine_functions(program: Program, subject: ir.Expr, frame: Frame, out: Outcome) -> None:
    """`if iscoroutinefunction(func):` one branch has the coroutine functions, the other one the rest."""
    held = expressions.evaluate(program, subject, frame)
    out.when_true = ((subject, _split(program, held, _COROUTINE, True)),)
    out.when_false = ((subject, _split(program, held, _COROUTINE, False)),)


# answers -----------------------------------------------------------------------------------------------------


def check(program: Program, asks: Kinds | str, subject: ir.Expr, held: Value, frame: Frame) -> Value:
    """The answer of a test, to be kept."""
    context = frame.context
    function, owner = (None, None) if context is None else (context.node, context.function.owner)
    return (program.make(Check, asks, subject, function, owner, held, None),)


def opposite(program: Program, value: Value) -> Value:
    """`not is_async`."""
    if len(value) != 1 or value[0].asks == ENDED:
        return EMPTY
    one = value[0]
    sure = None if one.sure is None else not one.sure
    return (program.make(Check, _ALL - one.asks, one.subject, one.function, one.owner, one.held, sure),)


def joined(program: Program, is_or: bool, checks: list[Any], unknown: int) -> Value:
    """`iscoroutinefunction(func) or isasyncgenfunction(func)`; `unknown`: how many parts more are no such tests."""
    first = checks[0]
    path = expressions.path(first.subject)
    if first.asks == ENDED or first.sure is not None:
        return EMPTY
    asks, held = first.asks, first.held
    for other in checks[1:]:
        if other.asks == ENDED or other.sure is not None or other.function is not first.function:
            return EMPTY
        if expressions.path(other.subject) != path:
            unknown += 1
            continue
        asks = asks | other.asks if is_or else asks & other.asks
        held = None if held is None or other.held is None else union(held, other.held)
    sure = None if not unknown else not is_or
    return (program.make(Check, asks, first.subject, first.function, first.owner, held, sure),)


def note(program: Program, value: Value, node: ir.Expr, frame: Frame, out: Outcome) -> None:
    """`if is_async:` says of the function what the test said that was kept."""
    found = _asked(program, value, node, frame)
    if found is None or found[0].asks == ENDED:
        return
    one, subject, held, is_same = found
    others = [item for item in value if item.__class__ is not Check]
    if not all(item.__class__ is Constant for item in others):
        return
    truths = {bool(item.value) for item in others}
    if len(truths) == 2:
        return
    # `is_async = False` somewhere else: only a yes is an answer of the test
    says = {True, False} - truths if one.sure is None else {one.sure} - truths
    if not is_same:
        says = set()
    if True in says:
        out.when_true = ((subject, _split(program, held, one.asks, True)),)
    if False in says:
        out.when_false = ((subject, _split(program, held, one.asks, False)),)
    given = answer(program, held, one.asks)
    if given is not None and one.sure is not given and truths <= {given}:
        out.verdict = given


def process(program: Program, value: Value, node: ir.Expr, frame: Frame) -> ir.Expr | None:
    """Of `status = process.poll()`, the process."""
    found = _asked(program, value, node, frame)
    if found is None or found[0].asks != ENDED or len(value) > 1 or not found[3]:
        return None
    return found[1]


def _asked(program: Program, value: Value, node: ir.Expr, frame: Frame) -> tuple[Any, ir.Expr, Value, bool] | None:
    """The one test whose answers a value has; what it asked about, as that is called here; what that is; and whether it
    still is: if not, what it was then decides the answer."""
    checks = [item for item in value if item.__class__ is Check]
    last = checks[-1]
    subject: ir.Expr | None = None
    for one in checks:
        seen = one.subject if _is_own(one, frame) else _seen_from(one, node)
        path = "" if seen is None else expressions.path(seen)
        if not path or one.asks != last.asks or one.sure is not last.sure:
            return None
        if subject is not None and expressions.path(subject) != path:
            return None
        subject = seen
    if subject is None:
        return None
    held = expressions.evaluate(program, subject, frame)
    if not _is_own(last, frame) or any(one.held is None or set(held) <= set(one.held) for one in checks):
        return last, subject, held, True
    then: Value = EMPTY
    for one in checks:
        then = union(then, one.held or EMPTY)
    return last, subject, then, False


def _is_own(one: Any, frame: Frame) -> bool:
    """Whether the test stands in the function under evaluation, or in one around it."""
    context = frame.context
    if context is None:
        return one.function is None
    while context is not None:
        if context.node is one.function:
            return True
        context = context.function.closure
    return False


# from elsewhere ----------------------------------------------------------------------------------------------


def _seen_from(one: Any, node: ir.Expr) -> ir.Expr | None:
    """What another function's test asked about, in terms of whoever has the answer by `object.is_async`,
    `object.is_async()` or `is_async(func)`."""
    if one.function is None:
        return None
    root = one.subject
    while root.__class__ is ir.Attr:
        root = root.value
    names = [param.name for param in one.function.params]
    if root.id not in names:
        return None
    index = names.index(root.id)
    if node.__class__ is ir.Attr and one.owner is not None:
        if index == 0:
            return _rooted(one.subject, node.value)
        kept = kept_as(one.function.body, names[0], root.id)
        return _rooted(one.subject, ir.Attr(node.value, kept, node.pos, node.end)) if kept else None
    if node.__class__ is not ir.Call or node.keywords or any(arg.__class__ is ir.Star for arg in node.args):
        return None
    given = node.args
    if one.owner is not None:
        if one.function.decorators or node.func.__class__ is not ir.Attr:
            return None
        given = [node.func.value, *given]
    return _rooted(one.subject, given[index]) if index < len(given) else None


def _rooted(subject: ir.Expr, root: ir.Expr) -> ir.Expr:
    """The same attribute of something else."""
    if isinstance(subject, ir.Attr):
        return ir.Attr(_rooted(subject.value, root), subject.name, subject.pos, subject.end)
    return root


def kept_as(body: list[ir.Stmt], this: str, name: str) -> str:
    """The attribute in which a constructor keeps a parameter, if it keeps nothing else there."""
    stores = list(_stores(body))
    if any(isinstance(target, ir.Name) and target.id == name for target, _ in stores):
        return ""
    attributes: dict[str, list[ir.Expr | None]] = {}
    for target, value in stores:
        if isinstance(target, ir.Attr) and isinstance(target.value, ir.Name) and target.value.id == this:
            attributes.setdefault(target.name, []).append(value)
    for attribute, values in attributes.items():
        if all(isinstance(value, ir.Name) and value.id == name for value in values):
            return attribute
    return ""


def _stores(body: list[ir.Stmt]) -> Iterator[tuple[ir.Expr, ir.Expr | None]]:
    """What assignments of a body, in whatever branch, bind, and to what."""
    for node in body:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                yield target, node.value
        elif isinstance(node, ir.AnnAssign):
            yield node.target, node.value
        elif not isinstance(node, ir.ClassDef):
            for inner in ("body", "orelse", "final"):
                nested = getattr(node, inner, None)
                if isinstance(nested, list):
                    yield from _stores(nested)


def note_guard(program: Program, node: ir.Call, frame: Frame, out: Outcome) -> None:
    """A function of ours that returns `TypeGuard[X]`: its first argument is one where it says so."""
    target = node.args[0]
    if not expressions.path(target) or expressions.evaluate(program, target, frame):
        return
    for item in expressions.evaluate(program, node.func, frame):
        returns = item.node.returns if item.__class__ is FunctionValue else None
        if isinstance(returns, ir.Sub) and expressions.path(returns.value).rpartition(".")[2] in _GUARDS:
            promised = hints.typed(program, returns.index, program.definition_frame(item))
            out.when_true = (*out.when_true, (target, promised))


_GUARDS = frozenset({"TypeGuard", "TypeIs"})
