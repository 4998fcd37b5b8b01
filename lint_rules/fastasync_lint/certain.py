"""Which functions hold up whoever calls them each time, and not on some of their ways only.

A branch counts where every other one of its `if` blocks, too, or raises. What stands after `if known: return known` is
the function's straight way; what stands under `if`, `except`, `and` or `or` is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from fastasync_lint.facts import ir
from fastasync_lint.program import shapes
from fastasync_lint.program.contexts import Branch, Context, Edge


class Certain:
    """The functions that certainly block at the highest severity, found from what they call upwards."""

    def __init__(
        self, callers: Callable[[Context], Iterable[Context]], spared: tuple[str, ...] = (), is_sparing: bool = False
    ) -> None:
        """`callers`: the functions that run a function. `spared`: what some calls spare, by the beginnings of names;
        `is_sparing` leaves that out everywhere."""
        self.spared = spared
        self.sparing = Certain(callers, spared, True) if spared and not is_sparing else None
        self._left_out = spared if is_sparing else ()
        self._callers = callers
        self._straight: dict[Context, bool] = {}

    def __contains__(self, context: Context) -> bool:
        return context in self._straight

    def add(self, contexts: Sequence[Context]) -> None:
        """Look at functions, and at those that run them."""
        if self.sparing is not None:
            self.sparing.add(contexts)
        left = [context for context in contexts if self._begins(context)]
        while left:
            context = left.pop()
            if context in self._straight:
                continue
            found = list(self._branches(context))
            if found and covers(found):
                self._straight[context] = () in found
                left += self._callers(context)

    def _begins(self, context: Context) -> bool:
        """Whether it blocks by itself, or calls what is known to."""
        if context.sinks and any(sink[2] == 2 for held in context.sinks.values() for sink, *_ in held):
            return True
        return bool(self._straight) and any(self.always(edge) for edges in context.edges.values() for edge in edges)

    def always(self, edge: Edge) -> bool:
        """Whether a call blocks each time that it is made, whichever version of it is meant."""
        known = self.sparing._straight if edge.spared and self.sparing is not None else self._straight
        return not edge.memo and all(target in known for target in edge.targets)

    def on_the_way(self, context: Context, branch: Branch) -> bool:
        """Whether a function that certainly blocks does so by what stands on this branch."""
        straight = self._straight.get(context)
        return straight is not None and (not branch or not straight)

    def _branches(self, context: Context) -> Iterator[Branch]:
        for held in context.sinks.values():
            for sink, memo, branch in held:
                if sink[2] == 2 and not memo and not (self._left_out and sink[0].startswith(self._left_out)):
                    yield branch
        for edges in context.edges.values():
            for edge in edges:
                if self.always(edge):
                    yield edge.branch


def covers(branches: list[Branch], depth: int = 0) -> bool:
    """Whether one of the branches is taken, whatever the conditions say."""
    sides: dict[Any, dict[int, list[Branch]]] = {}
    for branch in branches:
        if len(branch) == depth:
            return True
        node, side = branch[depth]
        sides.setdefault(node, {}).setdefault(side, []).append(branch)
    return any(
        isinstance(node, ir.If | ir.IfExp)
        and all(covers(found[side], depth + 1) if side in found else _leaves(node, side) for side in (0, 1))
        for node, found in sides.items()
    )


def _leaves(node: ir.If | ir.IfExp, side: int) -> bool:
    """Whether this side of an `if` ends the way: it raises, or it is a special case that returns at once."""
    body = (node.orelse if side else node.body) if isinstance(node, ir.If) else []
    if isinstance(node, ir.If) and not side and shapes.is_way_of_its_own(node):
        return False
    last = body[-1] if body else None
    return isinstance(last, ir.Jump) or (not side and isinstance(last, ir.Return))
