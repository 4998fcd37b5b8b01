"""What a context keeps of its calls: the sinks and the edges of its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.program import outside
from fastasync_lint.program.contexts import Arguments, Context, Edge, Frame, Place, Sink
from fastasync_lint.program.values import Constant, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


SEVERITIES = {"info": 0, "warning": 1, "error": 2}
CONSTRUCTORS = ("__init__", "__post_init__")
SHORT = 0.1
"""Seconds: so long a wait ends soon, whatever it is for."""
RULE_SEVERITIES = {"FSA104": 1, "FSA112": 0}


LOCK_SINK: Sink = ("threading.Lock", "FSA108", 2, "enter", "asyncio.Lock")


def sink(program: Program, frame: Frame, place: Place | None, sink: Sink) -> None:
    context = frame.context
    if context is None or frame.off_loop or place is None:
        return
    held = context.sinks.setdefault(place, [])
    entry = (sink, frame.memo)
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
        if severity == 2 and row.wait is not None and _is_short(args.at(row.wait.index, row.wait.arg)):
            severity = 1
        sink(program, frame, place, (name, row.rule, severity, kind, row.twin))
        return


def special(program: Program, item: Any, name: str, place: Place | None, frame: Frame) -> None:
    """`len(query)`, `query[0]`, `if query:` ask an object from outside by a special method."""
    if name not in program.catalogue.special:
        return
    text = item.extra if item.__class__ is Wrapped and item.kind == "owned" else item
    if place is None or text.__class__ is not str or not text.endswith("()"):
        return
    rows = program.catalogue.entry(f"{text}.{name}").rows.get("block call", ())
    rows = [row for row in rows if any(known.endswith(name) for known in row.names)]  # no wildcard means these
    if rows:
        catalogue_sink(program, frame, place, f"{text}.{name}", rows, Arguments([]), "call")


def _is_short(time: Value | None) -> bool:
    """Whether all that a time may be is a moment. Below zero a time means no end, for most."""
    return bool(time) and all(
        item.__class__ is Constant and item.value.__class__ in (int, float) and 0 <= item.value <= SHORT
        for item in time or ()
    )


def edge(
    frame: Frame, place: Place | None, targets: tuple[Context, ...], kind: str, memo: bool, needed: int = 1
) -> None:
    context = frame.context
    if context is None or frame.off_loop or place is None or not targets:
        return
    held = context.edges.setdefault(place, [])
    memo = memo or frame.memo
    for edge in held:
        if edge.targets == targets and edge.kind == kind:
            edge.memo = edge.memo and memo
            return
    fresh = context.node.name in CONSTRUCTORS and all(target.receiver is context.receiver for target in targets)
    held.append(Edge(targets, kind, targets[0].node.qualname, memo, needed, fresh))
