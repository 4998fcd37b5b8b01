"""Coroutine functions that have a loop for themselves: a command, a job, the synchronous face of a client.

`asyncio.run(main())` with nothing beside it that the loop could do meanwhile. What blocks there holds up nobody else.
Nor does what blocks before the first task, server or callback is started, where that is not started, or after all of a
group have ended. In a function the order of the source tells that, but in loops, which begin again.
"""

from __future__ import annotations

import functools
from collections.abc import Container

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import endings, onwards
from fastasync_lint.program.beside import FOREVER
from fastasync_lint.program.contexts import Context, Span
from fastasync_lint.reach import Reach
from fastasync_lint.startup import may_be_called_by_others


class Alone:
    """The functions that have a loop for themselves, and the parts of them in which something else runs."""

    def __init__(self, beside: dict[ir.Function, set[Span]]) -> None:
        self.functions: set[ir.Function] = set()
        self._beside = beside

    def at(self, node: ir.Function, place: int) -> bool:
        """Whether nothing else runs on the loop there."""
        return node in self.functions and self.is_quiet(node, place)

    def throughout(self, node: ir.Function) -> bool:
        """Whether nothing else runs on the loop as long as the function does."""
        return node in self.functions and not self._beside.get(node)

    def is_quiet(self, node: ir.Function, place: int) -> bool:
        """Whether the function itself has started nothing that runs there."""
        return not any(first <= place <= last for first, last in self._beside.get(node, ()))

    def has_waited(self, context: Context, place: int) -> bool:
        """Whether the function has waited for all of some tasks since it last started any: it begins again."""
        spans = self._beside.get(context.node, ())
        latest = max([first for first, last in spans if first < place <= last], default=0)
        return any(latest < waited < place for waited in context.waits)


def moments(
    reach: Reach, routed: Container[ir.Function], hidden: Container[ir.Function], asked: Container[ir.Function],
    starting: Container[ir.Function],
) -> Alone:  # fmt: skip
    """What is run by `asyncio.run` and awaited by nobody else, and what only that awaits, down to the last: as long as
    none of them has made a task, serves or goes on without end, however deep. Nothing, if none of that is asked for.

    `starting`: what an application does as it starts may await the same.
    """
    contexts = reach.contexts
    own = _below_runs(reach)
    if not any(node in asked for node in own):
        return Alone({})
    alone = Alone(_beside(reach, own))
    apart = {context.node for context in contexts if None in context.runners}
    awaiting: dict[ir.Function, set[tuple[ir.Function, int]]] = {}
    awaited: dict[ir.Function, set[ir.Function]] = {}
    others: set[ir.Function] = set()
    for context in contexts:
        if context.module.is_test:
            continue  # its loop serves nobody, whatever it awaits
        node = context.node
        if may_be_called_by_others(context, routed, hidden, apart):
            others.add(node)
        for coroutine, places in context.awaits.items():
            if node.flags & ir.ASYNC and coroutine.node is not node:
                awaited.setdefault(node, set()).add(coroutine.node)
                awaiting.setdefault(coroutine.node, set()).update([(node, place) for place in places])
            elif not node.flags & ir.ASYNC and context not in coroutine.runners:
                others.add(coroutine.node)  # given to a loop together with more
            elif node not in starting and not all(
                alone.is_quiet(node, place) or (coroutine.node is node and alone.has_waited(context, place))
                for place in places
            ):
                others.add(coroutine.node)
    left: list[ir.Function] = [context.node for context in contexts if _is_run(context)]
    while left:
        node = left.pop()
        if (
            node not in alone.functions
            and node not in others
            and all(caller in starting or alone.at(caller, place) for caller, place in awaiting.get(node, ()))
        ):
            alone.functions.add(node)
            left += awaited.get(node, ())
    return alone


def _is_run(context: Context) -> bool:
    """Whether a loop of its own runs it, and not only to test it."""
    return any(runner is None or not runner.module.is_test for runner in context.runners)


def _beside(reach: Reach, own: set[ir.Function]) -> dict[ir.Function, set[Span]]:
    """In which parts of which functions the loop has more to do than them: theirs, and what all they call leave."""

    extents = onwards.Extents()

    @functools.cache
    def ahead(node: ir.Function, place: int) -> list[Span]:
        return onwards.ahead(node, place, extents) if node in own else [(place, FOREVER)]

    awaiting: dict[Context, list[tuple[Context, int]]] = {}
    found: dict[Context, set[Span]] = {}
    left: list[Context] = []
    for context in reach.contexts:
        for coroutine, places in context.awaits.items():
            if context.node.flags & ir.ASYNC or context not in coroutine.runners:
                awaiting.setdefault(coroutine, []).extend([(context, place) for place in places])
        if context.starts:
            starts = {_until_awaited(context, span) if context.node in own else span for span in context.starts}
            found[context] = {
                part for span in starts for part in (ahead(context.node, span[0]) if span[1] == FOREVER else [span])
            }
            if any(last == FOREVER for _, last in starts):
                left.append(context)
    called: dict[Context, dict[Span, Context]] = {}
    seen = set(left)
    while left:
        context = left.pop()
        # what is awaited itself starts that: it has the loop for itself until then
        later = [(caller, place, 1) for caller, place in awaiting.get(context, ())]
        for caller, place, gap in (*later, *[(caller, place, 0) for caller, place in reach.callers(context)]):
            held = found.setdefault(caller, set())
            spans = {(first + gap if first == place else first, last) for first, last in ahead(caller.node, place)}
            if not gap and caller.node in own and _only_call(caller, place, context, extents):
                called.setdefault(caller, {}).update((span, context) for span in spans - held if span[0] == place)
            held |= spans
            if caller not in seen:
                seen.add(caller)
                left.append(caller)
    _Helpers(found, called, reach).shorten()
    by_function: dict[ir.Function, set[Span]] = {}
    for context, spans in found.items():
        by_function.setdefault(context.node, set()).update(spans)
    return by_function


def _only_call(caller: Context, place: int, helper: Context, extents: onwards.Extents) -> bool:
    """Whether nothing else stands at a place of a function than one call of a helper, which it makes once."""
    at = [key for key in (*caller.edges, *caller.sinks) if key[0] == place]
    if len(at) != 1 or [target for edge in caller.edges.get(at[0], ()) for target in edge.targets] != [helper]:
        return False
    loops = (part for part in walk.nodes(caller.node.body) if isinstance(part, (ir.While, ir.For, ir.Comp)))
    return not any(first <= place <= last for first, last in map(extents.of, loops))


class _Helpers:
    """Those that block before they start anything: until then the loop has nothing else to do."""

    def __init__(
        self, found: dict[Context, set[Span]], called: dict[Context, dict[Span, Context]], reach: Reach
    ) -> None:
        self._found = found
        self._called = called
        self._reach = reach
        self._known: dict[Context, bool] = {}

    def shorten(self) -> None:
        """Where such a helper is called, what it starts begins behind the call."""
        left = [
            (caller, span)
            for caller, held in self._called.items()
            for span, helper in held.items()
            if self._blocks_first(helper)
        ]
        for caller, (first, last) in left:
            self._found[caller].remove((first, last))
            self._found[caller].add((first + 1, last))

    def _blocks_first(self, helper: Context) -> bool:
        if helper not in self._known:
            self._known[helper] = False  # one that calls itself
            severe = [way.place[0] for way in self._reach.all_ways(helper) if way.severity == 2]
            is_plain = not helper.node.flags & ir.GENERATOR
            self._known[helper] = is_plain and bool(severe) and all(self._is_first(helper, place) for place in severe)
        return self._known[helper]

    def _is_first(self, helper: Context, place: int) -> bool:
        called = self._called.get(helper, {})
        running = [span for span in self._found[helper] if span[0] <= place <= span[1]]
        return all(span[0] == place and span in called and self._blocks_first(called[span]) for span in running)


def _below_runs(reach: Reach) -> set[ir.Function]:
    """What runs a loop of its own, and all that this leads to: of nothing else a moment is asked for."""
    left = [context for context in reach.contexts if context.runners]
    left += [runner for context in left for runner in context.runners if runner is not None]
    seen = set(left)
    while left:
        context = left.pop()
        targets = [target for edges in context.edges.values() for edge in edges for target in edge.targets]
        more = {*context.awaits, *targets} - seen
        seen |= more
        left += more
    return {context.node for context in seen}


def _until_awaited(context: Context, span: Span) -> Span:
    """Until what was started there has ended, where the function waits for that."""
    end = endings.end(context.node, span[0], context.waits) if span[1] == FOREVER else None
    return span if end is None else (span[0], end)
