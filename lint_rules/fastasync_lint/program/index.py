"""The contexts of an evaluation by what is asked of them: their file, their function, who awaits them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from fastasync_lint.facts import ir
from fastasync_lint.program.contexts import Context


class Index:
    """Grows with what an editor's edits add."""

    def __init__(self) -> None:
        self.by_path: dict[str, list[Context]] = {}
        self.by_function: dict[ir.Function, list[Context]] = {}
        self.starting: dict[ir.Function, None] = {}
        """What runs as an application starts or stops."""
        self.signalling: list[Context] = []
        self.awaiting: dict[ir.Function, set[ir.Function]] = {}
        """The other functions that await a coroutine function, but for those of tests: their loop serves nobody."""

    def add(self, contexts: Sequence[Context]) -> None:
        """One more part, in the order in which results are looked for."""
        for context in contexts:
            node = context.node
            self.by_path.setdefault(context.module.path, []).append(context)
            self.by_function.setdefault(node, []).append(context)
            if context.startup:
                self.starting[node] = None
            if context.signals:
                self.signalling.append(context)
            if not context.module.is_test:
                for coroutine in context.awaits:
                    if coroutine.node is not node:
                        self.awaiting.setdefault(coroutine.node, set()).add(node)

    def awaited(self, node: ir.Function) -> Iterable[ir.Function]:
        """The coroutine functions that a function awaits, outside tests."""
        contexts = [context for context in self.by_function.get(node, ()) if not context.module.is_test]
        return dict.fromkeys([c.node for context in contexts for c in context.awaits if c.node is not node])

    def of(self, paths: Container[str] | None) -> Iterable[Context]:
        """The contexts of some files, of all when None."""
        wanted = self.by_path if paths is None else [path for path in self.by_path if path in paths]
        return [context for path in wanted for context in self.by_path[path]]
