"""What a context keeps of its calls: the sinks and the edges of its body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.catalogue import Row
from fastasync_lint.program import outside
from fastasync_lint.program.contexts import Arguments, Context, Edge, Frame, Place, Sink

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


SEVERITIES = {"info": 0, "warning": 1, "error": 2}
CONSTRUCTORS = ("__init__", "__post_init__")
RULE_SEVERITIES = {"FSA104": 1, "FSA112": 0}


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
        sink(program, frame, place, (name, row.rule, severity, kind, row.twin))
        return


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
