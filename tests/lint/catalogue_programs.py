"""A module of coroutines for one file of the catalogue: each uses one name as its row says that it blocks.

A name `a.b` is called, of `X().m` the method is called on a parameter annotated with `X`; `on` makes it an iteration, a
`with` or a read. What a row's guards ask for is given. Beside each call stands the same one in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fastasync_lint.catalogue import Guard, Library, Row

VARIANT = re.compile(r"[^#]*#[^()]*\(\)")
TOKEN = re.compile(r"\(\)|\[\]|\.[^.()\[\]]+")
SEVERITIES = {"FSA104": "warning", "FSA112": "info"}
FILLER = "anything"

Makers = dict[str, tuple[str, Row | None]]
"""What makes a value: the callable, with the row of guards that decides for it, the container (`[]`), or a
class derived from it (`X()`)."""


class Uses:
    """The module's text, and what has to be reported on which of its lines."""

    def __init__(self, makers: Makers) -> None:
        self.lines: list[str] = []
        self.expected: dict[int, str] = {}
        self.roots = {"asyncio"}
        self.unmade: list[str] = []
        self._makers = makers

    def add(self, row: Row, name: str) -> None:
        """Append the coroutines of one name of a row."""
        use = _Use(self._makers)
        subject = use.value(name)
        given = use.arguments(row)
        if subject is None:
            self.unmade.append(name)
            return
        self.roots |= use.roots
        self._coroutine(use, name, _statement(row.on, subject, given), True)
        if row.on == "call":
            handed = ", ".join(filter(None, (subject, given)))
            self._coroutine(use, name, f"await asyncio.to_thread({handed})", False)

    def _coroutine(self, use: _Use, name: str, statement: str, reported: bool) -> None:
        parameters = ", ".join([*use.parameters, FILLER])
        self.lines += [f"async def use_{len(self.lines)}({parameters}):", *(f"    {line}" for line in use.setup)]
        self.lines.append(f"    {statement}")
        if reported:
            self.expected[len(self.lines)] = name

    def text(self) -> str:
        """The module; its imports take one line, which `expected` does not count."""
        return "\n".join([f"import {', '.join(sorted(self.roots))}", *self.lines, ""])


class _Use:
    """One name's receiver and arguments: the parameters and statements that make them."""

    def __init__(self, makers: Makers) -> None:
        self.parameters: list[str] = []
        self.setup: list[str] = []
        self.roots: set[str] = set()
        self._makers = makers

    def value(self, name: str, deep: int = 3) -> str | None:
        """An expression for a name of the catalogue; None when nothing is known to make it."""
        name = name.replace("**", "some.thing").replace("*", "something")
        head, mark, rest = name.partition("()")
        if variant := VARIANT.match(name):
            made = self._variant(variant[0], deep)
            rest = name[variant.end() :]
            if made is None:
                return None
        elif mark:
            made = self._parameter(head)
        else:
            self.roots.add(head.partition(".")[0])
            return head
        for token in TOKEN.findall(rest):
            made = self._bind(f"{made}[0]" if token == "[]" else f"{made}()") if token[0] != "." else made + token
        return made

    def _variant(self, value: str, deep: int) -> str | None:
        maker = self._makers.get(value)
        if maker is None or not deep:
            return None
        source, row = maker
        if source.endswith("()"):
            return self.value(source, deep - 1)
        subject = self.value(source.removesuffix("[]"), deep - 1)
        if subject is None:
            return None
        return self._bind(f"{subject}[0]" if source.endswith("[]") else f"{subject}({self.arguments(row)})")

    def _parameter(self, cls: str) -> str:
        self.roots.add(cls.partition(".")[0])
        name = f"p{len(self.parameters)}"
        self.parameters.append(f'{name}: "{cls}"')
        return name

    def _bind(self, expression: str) -> str:
        name = f"v{len(self.setup)}"
        self.setup.append(f"{name} = {expression}")
        return name

    def arguments(self, row: Row | None) -> str:
        """Arguments that satisfy the first guard of `when` and none of `unless`."""
        if row is None:
            return ""
        wanted = [*row.when[:1], *(guard for guard in row.unless if guard.given is False)]
        positional: dict[int, str] = {}
        keywords: dict[str, str] = {}
        for guard in wanted:
            if guard.given is False and guard in row.when:
                continue
            text = self._argument(guard)
            if guard.arg:
                keywords[guard.arg] = text
            else:
                positional[guard.index or 0] = text
        filled = [positional.get(index, FILLER) for index in range(max(positional, default=-1) + 1)]
        return ", ".join([*filled, *(f"{name}={text}" for name, text in keywords.items())])

    def _argument(self, guard: Guard) -> str:
        if guard.type.endswith("()"):
            return self._parameter(guard.type.removesuffix("()"))
        if guard.type:
            self.roots.add(guard.type.partition(".")[0])
            return guard.type
        if guard.first:
            return repr([guard.first])
        if guard.starts:
            return repr(guard.starts + "x")
        if guard.contains:
            return repr(guard.contains)
        if guard.positive:
            return "0.5"
        if guard.most is not None:
            return repr(guard.most)
        return FILLER if guard.given is not None else repr(guard.is_)


def _statement(on: str, subject: str, given: str) -> str:
    if on == "call":
        return f"{subject}({given})"
    if on == "iterate":
        return f"for _ in {subject}: pass"
    return f"_ = {subject}" if on == "get" else f"with {subject}: pass"


def values_made(libraries: Iterable[Library]) -> Makers:
    """What the catalogue says makes each value."""
    found: Makers = {}
    for library in libraries:
        for row in library.returns_when:
            found.setdefault(row.value, (row.names[0], row))
        for name, value in library.returns.items():
            found.setdefault(value, (name, None))
        for name, value in library.elements.items():
            found.setdefault(value, (f"{name}[]", None))
        for cls, bases in library.bases.items():
            for base in bases:
                found.setdefault(f"{base}()", (f"{cls}()", None))
    return found


def severity(row: Row) -> str:
    """A row's severity where no endpoint leads to it, or its rule's."""
    return "warning" if row.severity == "routed" else row.severity or SEVERITIES.get(row.rule, "error")
