"""Which version of an overridden method is meant, where that is for callers to say."""

from __future__ import annotations

from collections.abc import Iterator

from fastasync_lint.facts import ir
from fastasync_lint.program.contexts import Context
from fastasync_lint.program.engine import Program
from fastasync_lint.reach import Reach, Way


class Callers:
    """What is only known of a function by its annotations, beside what its callers give it."""

    def __init__(self, program: Program, reach: Reach) -> None:
        self._program = program
        self._reach = reach
        self._told: set[ir.Function] | None = None

    def decide(self, context: Context, way: Way) -> bool:
        """Whether a way hangs on a version that callers choose: the function blocks where they choose one that does."""
        if way.severity != 1 or not _is_plain(context) or context in self._program.routes:
            return False
        return self._is_open(context, way) and context.node in self._decided()

    def _is_open(self, context: Context, way: Way) -> bool:
        """Whether one of several versions is on the way, and not all of them block."""
        current: Context | None = context
        step: Way | None = way
        while current is not None and step is not None and step.next is not None:
            for edge in current.edges.get(step.place, ()):
                if step.next in edge.targets and not all(target in self._reach.ways for target in edge.targets):
                    return True
            current, step = step.next, self._reach.after(step)
        return False

    def _decided(self) -> set[ir.Function]:
        """The functions whose callers all tell something of the arguments, or are told themselves. Those of tests do
        not count."""
        if self._told is None:
            contexts = [context for context in self._reach.contexts if not context.module.is_test]
            told = {target.node for context in contexts for target in _called(context) if not _is_plain(target)}
            left = [context for context in contexts if not _is_plain(context) or context.node not in told]
            while left:  # who is told nothing tells nothing
                for target in _called(left.pop()):
                    if target.node in told and _is_plain(target):
                        told.remove(target.node)
                        left.append(target)
            self._told = told
        return self._told


def _called(context: Context) -> Iterator[Context]:
    yield from context.awaits
    yield from (target for edges in context.edges.values() for edge in edges for target in edge.targets)


def _is_plain(context: Context) -> bool:
    """Whether nothing is known of the arguments but the receiver."""
    first = context.node.params[0].name if context.function.owner is not None and context.node.params else ""
    return not context.env.keys() - {first}
