"""From what blocks to hits: one per call in code that runs on the loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from fastasync_lint import ownloop, startup
from fastasync_lint.facts import ir
from fastasync_lint.model import Hit, Severity, Step
from fastasync_lint.places import Places
from fastasync_lint.program.contexts import Context, Place
from fastasync_lint.program.engine import Program
from fastasync_lint.program.index import Index
from fastasync_lint.program.record import ROUTED
from fastasync_lint.reach import Reach, Way, on_loop
from fastasync_lint.versions import Callers

SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)
EVENT_SEVERITIES = {"FSA203": Severity.INFO, "FSA204": Severity.ERROR}
"""A dropped task mostly works; a coroutine that nobody awaits never does."""
RAISES = "FSA201"
"""The rule of what fails wherever it stands; the others tell how long a loop stands still."""


_Key = tuple[str, Place, str]


class _Held(NamedTuple):
    """The worst way so far of a place, and what makes it milder."""

    way: Way
    context: Context
    at_start: bool
    alone: bool
    sure: bool


def collect(program: Program, reach: Reach, wanted: Collection[str] | None, places: Places) -> list[Hit]:
    """All hits of the files wanted (of all when None), in order of place."""
    best: dict[_Key, _Held] = {}
    wrapped: dict[_Key, dict[ir.Function, _Held]] = {}
    leading: dict[_Key, int] = {}
    routes = Routes.known(program, reach)
    routed = {context.node for context in program.routes}
    hidden = startup.hidden(reach.contexts)
    starting = startup.functions(reach.index, routed, hidden)
    present = [context for context in reach.index.of(wanted) if _is_present(context, program)]
    asked = [context for context in present if on_loop(context)]
    alone = ownloop.moments(reach, routed, hidden, {context.node for context in asked}, starting)
    callers = Callers(program, reach)
    for context in asked:
        at_start = context.node in starting
        in_test = context.module.is_test
        for way in reach.all_ways(context):
            if callers.decide(context, way):
                continue
            leaving = way.sink[3] == "exit"  # stands where the block is entered
            own_loop = alone.throughout(context.node) if leaving else alone.at(context.node, way.place[0])
            milder = at_start or ((in_test or own_loop) and way.sink[1] != RAISES)
            milder = milder or (_is_routed(program, way) and not routes.bits(context))
            severity = 1 if way.severity == 2 and (milder or not way.sure) else way.severity
            ranked = Way(severity, way.distance, way.place, way.sink, way.next)
            key = (context.module.path, way.place, context.node.qualname)
            found = _Held(ranked, context, at_start, own_loop, way.sure)
            _keep(best, key, found)
            leading[key] = leading.get(key, 0) | routes.bits(context)
            if context.function.closure is not None and way.next is not None:
                _keep(wrapped.setdefault(key, {}), way.next.node, found)
    for key, functions in wrapped.items():
        if len({held.context.function for held in functions.values()}) > 1:
            _tell_apart(best, key, functions, program, reach, wanted)
    hits = [
        _hit(key, held, reach, places, routes.named(leading.get(key, 0) | routes.bits(held.context)))
        for key, held in sorted(best.items(), key=lambda item: item[0])
    ]
    hits += _events(present, places, routes)
    return sorted(hits, key=lambda h: (h.filename, h.location, h.end_location, h.code))


def _keep(best: dict[Any, _Held], key: Any, found: _Held) -> None:
    held = best.get(key)
    if held is None or found.way.rank < held.way.rank:
        best[key] = found


def _tell_apart(
    best: dict[_Key, _Held], key: _Key, functions: dict[ir.Function, _Held], program: Program, reach: Reach,
    wanted: Collection[str] | None,
) -> None:  # fmt: skip
    """A wrapper, made for each of several functions, runs them at one place: each is reported where it blocks itself.

    One closure that may mean several at a place is no wrapper: what it calls is one of several versions.
    """
    for found in functions.values():
        inner, way = found.way.next, reach.after(found.way)
        if inner is None or way is None or not _is_present(inner, program):
            continue
        if wanted is not None and inner.module.path not in wanted:
            continue
        best.pop(key, None)
        own = Way(min(way.severity, found.way.severity), way.distance, way.place, way.sink, way.next)
        _keep(best, (inner.module.path, way.place, inner.node.qualname), found._replace(way=own, context=inner))


def _is_routed(program: Program, way: Way) -> bool:
    """Whether a sink is an error in requests alone: who is asked sits in front of the program."""
    if way.severity < 2:
        return False
    rows = program.catalogue.entry(way.sink[0]).get(f"block {way.sink[3]}")
    return any(row.severity == ROUTED for row in rows)


def _is_present(context: Context, program: Program) -> bool:
    """Whether a context is of a file as the file is now."""
    return program.modules.by_path(context.module.path) is context.module


def _hit(key: _Key, held: _Held, reach: Reach, places: Places, routes: tuple[str, ...]) -> Hit:
    way, context = held.way, held.context
    path, (pos, end), _ = key
    sink = way.sink
    steps: list[Step] = []
    kind = sink[3]
    current: Context | None = context
    step: Way | None = way
    while current is not None and step is not None and len(steps) < 40:
        at = places.location(current.module.path, step.place[0])
        following = step.next
        sink = step.sink  # of two ways as short, a helper can have settled for the other one after its callers looked
        label = sink[0] if following is None else following.node.qualname
        steps.append(Step(places.name(current.module.path), at.row, at.column, current.node.qualname, label))
        current = following
        step = reach.after(step)
    if way.next is not None:
        kind = next((e.kind for e in context.edges.get(way.place, ()) if way.next in e.targets), "call")
    return Hit(
        code=sink[1],
        severity=SEVERITIES[way.severity],
        filename=places.name(path),
        location=places.location(path, pos),
        end_location=places.location(path, end),
        kind=kind,
        function=context.node.qualname,
        sink=_shown(sink[0]),
        chain=tuple(steps),
        twin=sink[4],
        routes=routes,
        startup=held.at_start,
        alone=held.alone,
        sure=held.sure,
    )


def _shown(name: str) -> str:
    """A sink as people write it: `redis.Redis.get`, not `redis.Redis().get`."""
    return name.replace("()", "").replace("builtins.", "").partition("#")[0] if "#" not in name else _no_variant(name)


def _no_variant(name: str) -> str:
    before, _, after = name.partition("#")
    rest = after.partition("()")[2]
    return (before + rest).replace("()", "")


class Routes:
    """The endpoints that run each coroutine: its own, and those of the coroutines that await it.

    Sets of routes are kept as bits of one number: in a large service every helper is reached from most of them.
    """

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._found: dict[Context, int] = {}
        self._former: dict[tuple[str, str], int] = {}
        self._seen = 0

    @classmethod
    def known(cls, program: Program, reach: Reach) -> Routes:
        """The routes of all contexts that there are by now."""
        routes = reach.routes
        if not isinstance(routes, Routes):
            routes = reach.routes = cls()
        if routes._seen < len(reach.contexts):
            more = reach.contexts[routes._seen :]
            routes._add(program, more)
            if routes._seen:
                routes._remember(program, reach.index, {context.module.path for context in more})
            routes._seen = len(reach.contexts)
        return routes

    def _add(self, program: Program, contexts: Sequence[Context]) -> None:
        by_node: dict[ir.Function, set[str]] = {}
        for context, texts in program.routes.items():
            by_node.setdefault(context.node, set()).update(texts)
        queue = deque(c for c in contexts if c.node in by_node)
        for context in queue:
            self._found[context] = sum(self._bit(text) for text in by_node[context.node])
        self._spread(queue)

    def _remember(self, program: Program, index: Index, paths: set[str]) -> None:
        """What leads to files as they were before they were edited: to that, others still lead."""
        for context in index.of(paths):
            if not _is_present(context, program):
                key = (context.module.path, context.node.qualname)
                self._former[key] = self._former.get(key, 0) | self._found.get(context, 0)

    def _bit(self, text: str) -> int:
        return self._bits.setdefault(text, 1 << len(self._bits))

    def _spread(self, queue: deque[Context]) -> None:
        found = self._found
        waiting = set(queue)
        while queue:
            context = queue.popleft()
            waiting.remove(context)
            mine = found[context]
            for run in (*context.awaits, *(t for es in context.edges.values() for e in es for t in e.targets)):
                held = found.get(run, 0)
                if mine | held != held:
                    found[run] = mine | held
                    if run not in waiting:
                        waiting.add(run)
                        queue.append(run)

    def of(self, context: Context) -> tuple[str, ...]:
        return self.named(self.bits(context))

    def bits(self, context: Context) -> int:
        """The routes as a number, which others can be joined to."""
        bits = self._found.get(context, 0)
        if self._former:
            bits |= self._former.get((context.module.path, context.node.qualname), 0)
        return bits

    def named(self, bits: int) -> tuple[str, ...]:
        return tuple(sorted([text for text, bit in self._bits.items() if bits & bit])) if bits else ()


def _events(contexts: Sequence[Context], places: Places, routes: Routes) -> list[Hit]:
    """Structural findings that evaluation met on its way: dropped tasks, coroutines never awaited."""
    seen: dict[tuple[Any, ...], Hit] = {}
    for context in contexts:
        path = context.module.path
        for code, (pos, end), data in context.events:
            start = places.location(path, pos)
            callee = data.get("callee", "")
            step = Step(places.name(path), start.row, start.column, context.node.qualname, callee)
            hit = Hit(
                code=code,
                severity=EVENT_SEVERITIES[code],
                filename=places.name(path),
                location=start,
                end_location=places.location(path, end),
                function=context.node.qualname,
                sink=callee,
                chain=(step,),
                routes=routes.of(context),
                data=data,
            )
            seen.setdefault((path, pos, end, code), hit)
    return list(seen.values())
