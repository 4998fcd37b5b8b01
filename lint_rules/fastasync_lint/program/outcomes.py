"""What a condition says: its truth where that is certain, and what to believe in each branch."""

from __future__ import annotations

from collections.abc import Sequence

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.values import EMPTY, FOREIGN, Value

Change = tuple[ir.Expr, Value]
READY: Value = (FOREIGN,)
"""What a selector found ready: neither it nor what holds it waits."""


class Outcome:
    """`verdict`: the condition's truth where it is certain. `when`: what to believe in each branch."""

    __slots__ = ("value", "verdict", "when_false", "when_true")

    def __init__(self, verdict: bool | None = None, value: Value = EMPTY) -> None:
        self.verdict = verdict
        self.value = value
        self.when_true: Sequence[Change] = ()
        self.when_false: Sequence[Change] = ()

    def apply(self, frame: Frame, truth: bool) -> None:
        for node, value in self.when_true if truth else self.when_false:
            frame.ready = frame.ready or value is READY
            if isinstance(node, ir.Name):
                if node.id in frame.env or frame.context is not None:
                    frame.env[node.id] = value
            else:
                path = expressions.path(node)
                if path:
                    frame.paths[path] = value

    def inverted(self) -> Outcome:
        out = Outcome(None if self.verdict is None else not self.verdict)
        out.when_true, out.when_false = self.when_false, self.when_true
        return out
