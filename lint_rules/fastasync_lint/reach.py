"""Which functions block, by the shortest way, and what that means for the code on the loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from fastasync_lint.certain import Certain, covers
from fastasync_lint.facts import ir
from fastasync_lint.program import signals
from fastasync_lint.program.contexts import Branch, Context, Edge, Place, Sink, reached
from fastasync_lint.program.engine import Program
from fastasync_lint.program.index import Index
from fastasync_lint.program.record import CONSTRUCTORS, LOCK_SINK, UNSURE_LOCK

LOCKS = (LOCK_SINK, UNSURE_LOCK)


class Way:
    """How a context blocks: the sink, and the next call on the way to it. `sure`: it does so each time."""

    __slots__ = ("distance", "next", "place", "rank", "severity", "sink", "sure")

    def __init__(
        self, severity: int, distance: int, place: Place, sink: Sink, following: Context | None, sure: bool = True
    ) -> None:
        self.severity = severity
        self.sure = sure or severity < 2
        self.distance = distance
        self.place = place
        self.sink = sink
        self.next = following
        self.rank: tuple[Any, ...] = (-severity, not self.sure, distance, sink in LOCKS, place, sink[0], sink[1])
        """Smaller is better: severe, sure, near, early, then by name so that ties never depend on order."""


def on_loop(context: Context) -> bool:
    return bool(context.node.flags & ir.ASYNC or context.root)


class Reach:
    """Blocking ways of every context, by breadth-first search backwards from the sinks."""

    def __init__(self, program: Program) -> None:
        self.ways: dict[Context, Way] = {}
        self._without_locks: dict[Context, Way] = {}
        self.contexts = sorted(program.contexts.values(), key=_order)
        self.index = Index()
        self._number = {context: number for number, context in enumerate(self.contexts)}
        self._callers: dict[Context, list[tuple[Context, Place, Edge]]] = {}
        self._spared: tuple[str, ...] = ()
        self._sparing: dict[Context, Way] = {}
        """The ways to all but what is spared, for calls that spare it."""
        self._certain = Certain(self._running)
        self.routes: object = None
        """What `hits` found out about the endpoints that lead to each context."""
        self._register(self.contexts)
        signals.soften(self.index)
        self._search(self.contexts)
        if self._contend(program):
            self._without_locks, self.ways = self.ways, {}
            self._search(self.contexts)

    def extend(self, program: Program, contexts: Sequence[Context]) -> None:
        """Add contexts that nothing known so far calls."""
        more = sorted(contexts, key=_order)
        self._number.update((context, len(self.contexts) + number) for number, context in enumerate(more))
        self.contexts += more
        self._register(more)
        signals.soften(self.index)
        self._search(more)
        self._without_locks.update((context, self.ways[context]) for context in more if context in self.ways)
        if self._contend(program):
            self._search(more)

    def _register(self, contexts: Sequence[Context]) -> None:
        self.index.add(contexts)
        for context in contexts:
            for place, edges in context.edges.items():
                for edge in edges:
                    if edge.spared and edge.spared[0] not in self._spared:
                        self._spared += edge.spared
                    for target in edge.targets:
                        if not target.node.flags & ir.ASYNC:
                            self._callers.setdefault(target, []).append((context, place, edge))

    def _search(self, contexts: Sequence[Context]) -> None:
        if self._spared != self._certain.spared:
            self._certain = Certain(self._running, self._spared)
            self._certain.add(self.contexts)
        else:
            self._certain.add(contexts)
        if self._spared:
            ways, certain = self.ways, self._certain
            self.ways, self._certain = self._sparing, certain.sparing or certain
            self._spread(self._called_sparing(contexts), self._spared)
            self.ways, self._certain = ways, certain
        self._spread(contexts, ())

    def _called_sparing(self, contexts: Sequence[Context]) -> Sequence[Context]:
        """Those of the contexts that calls which spare something lead to."""
        spared = (e for context in contexts for edges in context.edges.values() for e in edges if e.spared)
        seen = reached(target for edge in spared for target in edge.targets)
        return [context for context in contexts if context in seen]

    def _running(self, context: Context) -> Iterator[Context]:
        return (caller for caller, _, _ in self._callers.get(context, ()))

    def _spread(self, contexts: Sequence[Context], spared: tuple[str, ...]) -> None:
        sinking = [context for context in contexts if context.sinks]
        for level in ((2, True), (2, False), (1, True), (0, True)):
            queue: deque[Context] = deque()
            for context in sorted(self._calling(contexts).union(sinking), key=self._number.__getitem__):
                if level == (2, True) and context not in self._certain:
                    continue
                best = self._start(context, level, spared)
                if best is not None:
                    self._improve(context, best, queue)
            while queue:
                context = queue.popleft()
                for caller, place, edge in self._callers.get(context, ()):
                    way = self.through(edge, place, caller)
                    if way is not None and (way.severity, way.sure) == level:
                        self._improve(caller, way, queue)

    def _calling(self, contexts: Sequence[Context]) -> set[Context]:
        """Those of the contexts that call what is known to block."""
        ways = self.ways
        if len(contexts) == len(self.contexts):
            return {caller for held in ways for caller, _, _ in self._callers.get(held, ())}
        return {
            context
            for context in contexts
            if any(target in ways for edges in context.edges.values() for edge in edges for target in edge.targets)
        }

    def _start(self, context: Context, level: tuple[int, bool], spared: tuple[str, ...]) -> Way | None:
        best: Way | None = None
        for place, held in context.sinks.items():
            for sink, memo, branch in held:
                severity = max(sink[2] - memo, 0)
                if severity == level[0] and not (spared and sink[0].startswith(spared)):
                    way = Way(severity, 0, place, sink, None, self._certain.on_the_way(context, branch))
                    best = _better(best, way) if way.sure is level[1] else best
        for place, edges in context.edges.items():
            for edge in edges:
                found = self.through(edge, place, context)
                if found is not None and (found.severity, found.sure) == level:
                    best = _better(best, found)
        return best

    def _improve(self, context: Context, way: Way, queue: deque[Context]) -> None:
        held = self.ways.get(context)
        if held is None or way.rank < held.rank:
            self.ways[context] = way
            if held is None or held.severity < way.severity or held.distance > way.distance:
                queue.append(context)

    def callers(self, context: Context) -> Iterator[tuple[Context, int]]:
        """Who runs a plain function, and where, once for each call."""
        return ((caller, place[0]) for caller, place, _ in self._callers.get(context, ()))

    def after(self, way: Way) -> Way | None:
        """The next way of a chain; where it led past a lock that nobody else has yet, the one without locks."""
        if way.next is None:
            return None
        held = self.ways.get(way.next)
        if held is not None and held.sink in LOCKS and way.sink not in LOCKS:
            return self._without_locks.get(way.next, held)
        if held is not None and self._spared and held.sink != way.sink:
            other = self._sparing.get(way.next)
            return other if other is not None and other.sink == way.sink else held
        return held

    def all_ways(self, context: Context) -> Iterator[Way]:
        """Every way from a context to something that blocks."""
        for place, held in context.sinks.items():
            for sink, memo, _ in held:
                yield Way(max(sink[2] - memo, 0), 0, place, sink, None)
        for place, edges in context.edges.items():
            for edge in edges:
                way = self.through(edge, place)
                if way is not None:
                    yield way

    def through(self, edge: Edge, place: Place, caller: Context | None = None) -> Way | None:
        """The way that one call opens; an overridden method needs enough of its versions to block.

        It is sure once the call is made, and with `caller` only if that makes the call each time.
        """
        found = self._sparing if edge.spared else self.ways
        if len(edge.targets) == 1:
            target = edge.targets[0]
            held = found.get(target)
            if held is not None and edge.fresh and held.sink in LOCKS:
                held = self._without_locks.get(target)
            if held is None or target.node.flags & ir.ASYNC:
                return None
            severity = max(held.severity - edge.memo, 0)
            sure = severity < 2 or self._is_sure(edge, caller)
            return Way(severity, held.distance + 1, place, held.sink, target, sure)
        ways = [(found[t], t) for t in edge.targets if t in found and not t.node.flags & ir.ASYNC]
        if not ways or len(ways) < edge.needed:
            return None
        if edge.needed > 1:
            ways.sort(key=lambda item: -item[0].severity)
            floor = ways[edge.needed - 1][0].severity
            ways = [item for item in ways if item[0].severity == floor] or ways
        way, target = min(ways, key=lambda item: (item[0].rank, self._number[item[1]]))
        severity = max(way.severity - edge.memo, 0)
        if severity == 2 and not all(t in found and found[t].severity == 2 for t in edge.targets):
            severity = 1  # which version is meant decides
        sure = severity < 2 or self._is_sure(edge, caller)
        return Way(severity, way.distance + 1, place, way.sink, target, sure)

    def _is_sure(self, edge: Edge, caller: Context | None) -> bool:
        return self._certain.always(edge) and (caller is None or self._certain.on_the_way(caller, edge.branch))

    def _contend(self, program: Program) -> bool:
        """A lock blocks the loop where some thread's function holds it while it blocks itself.

        Where nothing shows that it is a thread that runs the function, or it holds it while it blocks on some of its
        ways only, or only the first time, that is less than certain.
        """
        found = False
        for identity, regions in program.lock_regions.items():
            holders: dict[Context, bool] = {}
            for context, places, branch in regions:
                if on_loop(context):
                    continue
                held = [inner for place in places for inner in self._blocks_at(context, place)]
                if held:
                    sure = [inner[len(branch) :] for inner in held if inner is not None]
                    holders[context] = holders.get(context, False) or covers(sure)
            where = {(self._runs(program, context), sure) for context, sure in holders.items()}
            if all(runs == "loop" for runs, _ in where):
                continue
            lock = LOCK_SINK if ("thread", True) in where else UNSURE_LOCK
            taken = {
                (context, place, once)
                for context, *_ in regions
                for taken_here, place, once in context.locks
                if taken_here == identity and context.node.name not in CONSTRUCTORS
            }
            for context, place, once in taken:
                sinks = context.sinks.setdefault(place, [])
                if (lock, once, ()) not in sinks:
                    sinks.append((lock, once, ()))
                    found = True
        return found

    def _runs(self, program: Program, context: Context) -> str:
        """Where a function runs: in a "thread", on the "loop" alone, which never finds its own lock taken, or ""."""
        seen = {context}
        queue = deque(seen)
        found = "loop"
        while queue:
            current = queue.popleft()
            if current.threaded or current in program.routes:
                return "thread"
            callers = {caller for caller, _, _ in self._callers.get(current, ())}
            if not callers:
                found = ""
            more = {caller for caller in callers if not on_loop(caller)} - seen
            seen |= more
            queue.extend(more)
        return found

    def _blocks_at(self, context: Context, place: Place) -> Iterator[Branch | None]:
        """Of each call that can block there for long, on which branch it does so; None if not each time."""
        for sink, memo, branch in context.sinks.get(place, ()):
            if sink[2] == 2:
                yield None if memo else branch
        for edge in context.edges.get(place, ()):
            way = self.through(edge, place)
            if way is not None and way.severity == 2:
                yield edge.branch if way.sure else None


def _order(context: Context) -> tuple[Any, ...]:
    return (context.module.path, context.node.pos, context.index)


def _better(one: Way | None, two: Way) -> Way:
    return two if one is None or two.rank < one.rank else one
