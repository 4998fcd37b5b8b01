"""Where in a function the way leads on to from a place: not to the other side of a condition, nor past a `return`.

`if serves: await serve()`, `else: report()`: what is served does not run beside the report. In a loop it does.
"""

from __future__ import annotations

from typing import Any

from fastasync_lint.facts import ir, walk
from fastasync_lint.program.beside import FOREVER, extent
from fastasync_lint.program.contexts import Span


class Extents:
    """From the first to the last place of parts of functions, looked for once in each statement."""

    def __init__(self) -> None:
        self._known: dict[int, Span] = {}

    def of(self, part: Any) -> Span:
        """Zeros for what has no place."""
        if part.__class__ is not list:
            found = self._known.get(id(part))
            if found is None:
                found = self._known[id(part)] = extent(part)
            return found
        spans = [span for span in map(self.of, part) if span[1]]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else (0, 0)


def ahead(function: ir.Function, place: int, extents: Extents) -> list[Span]:
    """The parts of a function that may run when what stands at a place has run, in the order of the source."""
    way = _Way(place, extents)
    end = way.through(function.body)
    parts: list[Span] = []
    first = way.first
    for hole in sorted(hole for hole in way.holes if hole[1] > first):
        if hole[0] > end:
            break
        parts.append((first, hole[0] - 1))
        first = hole[1] + 1
    return [*parts, (first, end)] if first <= end else parts


class _Way:
    """From a place on. `first`: where it begins, before the place in loops, which begin again."""

    def __init__(self, place: int, extents: Extents) -> None:
        self.place = place
        self.first = place
        self._extents = extents
        self.holes: list[Span] = []

    def through(self, body: list[Any]) -> int:
        """Up to which place it leads in a block that holds the place; FOREVER if it leads on behind the block."""
        for index, statement in enumerate(body):
            if not self._is_in(statement):
                continue
            end = self._statement(statement)
            for later, other in enumerate(body[index + 1 :], index + 2):
                if end == FOREVER and isinstance(other, ir.Return):
                    return self._extents.of(body[index:later])[1]
            return end
        return FOREVER

    def _is_in(self, part: Any) -> bool:
        first, last = self._extents.of(part)
        return first <= self.place <= last

    def _statement(self, node: Any) -> int:
        for comp in walk.nodes(node) if not hasattr(node, "body") else ():
            if isinstance(comp, ir.Comp) and self._is_in(comp):
                self._begin_again(comp)
        if isinstance(node, ir.Return):
            return self._extents.of(node)[1]
        if isinstance(node, ir.Try):
            return self._try(node)
        if isinstance(node, ir.If):
            return self._if(node)
        if isinstance(node, ir.For | ir.While):
            return self._loop(node)
        return self.through(node.body) if isinstance(node, ir.With) else FOREVER

    def _if(self, node: ir.If) -> int:
        if self._is_in(node.body):
            if node.orelse:
                self.holes.append(self._extents.of(node.orelse))
            return self.through(node.body)
        return self.through(node.orelse)

    def _loop(self, node: ir.For | ir.While) -> int:
        before = len(self.holes)
        end = self.through(node.body if self._is_in(node.body) else node.orelse)
        if end == FOREVER:
            del self.holes[before:]
            self._begin_again(node)
        return end

    def _begin_again(self, loop: Any) -> None:
        self.first = min(self.first, self._extents.of(loop)[0] - 1)

    def _try(self, node: ir.Try) -> int:
        """What fails goes on in a handler; the end is for every way."""
        bodies = [node.body, *(handler.body for handler in node.handlers), node.orelse, node.final]
        held = next((body for body in bodies if self._is_in(body)), [])
        end = self.through(held)
        if end == FOREVER or held is node.final:
            return end
        rest = [*(node.handlers if held is node.body else ()), *node.final]
        if rest:
            self.holes.append((end + 1, self._extents.of(rest)[0] - 1))
            return FOREVER if held is node.body and node.handlers else self._extents.of(rest)[1]
        return end
