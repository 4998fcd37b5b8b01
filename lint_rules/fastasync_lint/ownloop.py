"""Coroutine functions that have a loop for themselves: a command, a job, the synchronous face of a client.

`asyncio.run(main())` with nothing beside it that the loop could do meanwhile. What blocks there holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Container

from fastasync_lint.facts import ir
from fastasync_lint.program.contexts import Context
from fastasync_lint.reach import Reach
from fastasync_lint.startup import may_be_called_by_others


def functions(reach: Reach, routed: Container[ir.Function]) -> set[ir.Function]:
    """What is run by `asyncio.run` and awaited by nobody else, and what only that awaits, down to the last.

    None of them makes tasks, serves or goes on without end, however deep.
    """
    contexts = reach.contexts
    if not any(context.ran for context in contexts):
        return set()
    awaiting: dict[ir.Function, set[ir.Function]] = {}
    awaited: dict[ir.Function, set[ir.Function]] = {}
    others = _busy(reach)
    for context in contexts:
        node = context.node
        if may_be_called_by_others(context, routed):
            others.add(node)
        for coroutine in context.awaits:
            if node.flags & ir.ASYNC and coroutine.node is not node:
                awaited.setdefault(node, set()).add(coroutine.node)
                awaiting.setdefault(coroutine.node, set()).add(node)
    found: set[ir.Function] = set()
    left: list[ir.Function] = [context.node for context in contexts if context.ran]
    while left:
        node = left.pop()
        if node not in found and node not in others and awaiting.get(node, set()) <= found:
            found.add(node)
            left += awaited.get(node, ())
    return found


def _busy(reach: Reach) -> set[ir.Function]:
    """The functions that give their loop more to do than themselves, and all that call or await them."""
    awaiting: dict[Context, list[Context]] = {}
    left = []
    for context in reach.contexts:
        if context.busy:
            left.append(context)
        for coroutine in context.awaits:
            awaiting.setdefault(coroutine, []).append(context)
    seen = set(left)
    while left:
        context = left.pop()
        for caller in (*awaiting.get(context, ()), *reach.callers(context)):
            if caller not in seen:
                seen.add(caller)
                left.append(caller)
    return {context.node for context in seen}
