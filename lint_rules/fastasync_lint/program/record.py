"""What a context keeps of its calls: the sinks and the edges of its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.program import defaults, outside
from fastasync_lint.program.contexts import Arguments, Context, Edge, Frame, Held, Place, Sink
from fastasync_lint.program.values import Constant, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


ROUTED = "routed"
"""The severity of what is an error where a request leads there, and a warning everywhere else."""
SEVERITIES = {"info": 0, "warning": 1, "error": 2, ROUTED: 2}
CONSTRUCTORS = ("__init__", "__post_init__")
SHORT = 0.1
"""Seconds: so long a wait ends soon, whatever it is for."""
SLEEP = "FSA101"
"""The rule of what does nothing but wait."""
WAIT = "FSA108"
"""The rule of what waits for a thread, a process, a lock."""
RULE_SEVERITIES = {"FSA104": 1, "FSA112": 0}


LOCK_SINK: Sink = ("threading.Lock", WAIT, 2, "enter", "asyncio.Lock")
UNSURE_LOCK: Sink = ("threading.Lock", WAIT, 1, "enter", "asyncio.Lock")
"""A lock that is held for long, but of which it is not known that a thread takes it."""


def sink(program: Program, frame: Frame, place: Place | None, sink: Sink) -> None:
    context = frame.context
    if context is None or frame.off_loop or place is None:
        return
    held = context.sinks.setdefault(place, [])
    entry = (sink, frame.memo, frame.branch)
    if entry not in held:
        held.append(entry)


def catalogue_sink(
    program: Program, frame: Frame, place: Place, name: str, rows: list[Row], args: Arguments, kind: str
) -> None:
    for row in rows:
        if row.when and not any(outside.holds(program, guard, args) for guard in row.when):
            continue
        if any(outside.holds(program, guard, args) for guard in row.unless):
            continue
        if frame.polls and row.polled:
            return
        severity = SEVERITIES[row.severity] if row.severity else RULE_SEVERITIES.get(row.rule, 2)
        if severity == 2 and (frame.unsure or _is_milder(name, row, args)):
            severity = 1
        sink(program, frame, place, (name, row.rule, severity, kind, row.twin))
        return


def _is_milder(name: str, row: Row, args: Arguments) -> bool:
    """Whether it ends soon, or blocks only if somebody configures another address than memory."""
    if row.wait is not None and _is_short(args.at(row.wait.index, row.wait.arg)):
        return True
    return defaults.is_mild(name) or any(defaults.excuses(guard, args) for guard in row.unless)


def special(program: Program, item: Any, name: str, place: Place | None, frame: Frame, *given: Value) -> bool:
    """`len(query)`, `query[0]`, `key in query`, `if query:` ask an object from outside, `shelf[key] = 1` sets a part of
    it. Whether that holds up the loop."""
    if _asks(program, item, name, place, frame, given):
        return True
    return name == "__bool__" and _asks(program, item, "__len__", place, frame, given)


def _asks(program: Program, item: Any, name: str, place: Place | None, frame: Frame, given: tuple[Value, ...]) -> bool:
    if name not in program.catalogue.special:
        return False
    text = item.extra if item.__class__ is Wrapped and item.kind == "owned" else item
    if place is None or text.__class__ is not str or not text.endswith("()"):
        return False
    rows = program.catalogue.entry(f"{text}.{name}").rows.get("block call", ())
    rows = [row for row in rows if any(known.endswith(name) for known in row.names)]  # no wildcard means these
    if rows:
        catalogue_sink(program, frame, place, f"{text}.{name}", rows, Arguments([*given]), "call")
    return bool(rows)


def _is_short(time: Value | None) -> bool:
    """Whether all that a time may be is a moment. Below zero a time means no end, for most."""
    return bool(time) and all(
        item.__class__ is Constant and item.value.__class__ in (int, float) and 0 <= item.value <= SHORT
        for item in time or ()
    )


def edge(
    frame: Frame, place: Place | None, targets: tuple[Context, ...], kind: str, memo: bool, needed: int = 1,
    spared: tuple[str, ...] = (),
) -> None:  # fmt: skip
    context = frame.context
    if context is None or frame.off_loop or place is None or not targets:
        return
    held = context.edges.setdefault(place, [])
    memo = memo or frame.memo
    if _is_kept(held, targets, kind, memo):
        return
    fresh = context.node.name in CONSTRUCTORS and all(target.receiver is context.receiver for target in targets)
    held.append(Edge(targets, kind, targets[0].node.qualname, memo, needed, fresh, frame.branch, spared))


def _is_kept(held: list[Edge], targets: tuple[Context, ...], kind: str, memo: bool) -> bool:
    """Whether there is such an edge already. It counts once only if it does each time."""
    for edge in held:
        if edge.targets == targets and edge.kind == kind:
            edge.memo = edge.memo and memo
            return True
    return False


Kept = tuple[dict[Place, list[Held]], dict[Place, list[Edge]]]


def apart(context: Context) -> Kept:
    """What a context kept so far, laid aside: what it keeps now is for `together` to look at."""
    before = context.sinks, context.edges
    context.sinks, context.edges = {}, {}
    return before


def together(context: Context, before: Kept) -> bool:
    """Join it again; whether anything sleeps of what was kept in between, here or in a function that is called."""
    sinks, edges = context.sinks, context.edges
    context.sinks, context.edges = before
    sleeps = _sleeps(sinks) or any(
        _sleeps(target.sinks) for held in edges.values() for one in held for target in one.targets
    )
    for place, found in sinks.items():
        held = context.sinks.setdefault(place, [])
        held += [entry for entry in found if entry not in held]
    for place, called in edges.items():
        kept = context.edges.setdefault(place, [])
        kept += [one for one in called if not _is_kept(kept, one.targets, one.kind, one.memo)]
    return sleeps


def _sleeps(sinks: dict[Place, list[Held]]) -> bool:
    return any(sink[1] == SLEEP for held in sinks.values() for sink, *_ in held)
