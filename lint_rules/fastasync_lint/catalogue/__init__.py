"""What libraries block, offload and return: the rows of the TOML files beside this module, ready for look-up.

The notation is described in docs/catalogue.md. Only files that describe a module the project imports are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fastasync_lint.catalogue.files import described, files, load
from fastasync_lint.catalogue.rows import TABLES, Guard, Library, Row

__all__ = ["Catalogue", "Entry", "Guard", "Library", "Row", "described", "files", "load"]

_ASYNC_NAME = re.compile(r".*\.(?:a_|async_)\w+|.*_async")
"""How SDKs name the coroutine function beside the one that waits: no wildcard means it."""
_PUBLIC = r"(?!_(?!_))"
"""No wildcard of what blocks is about private names: most of those are helpers that work in memory."""

LANGUAGE = frozenset({
    "builtins", "typing", "typing_extensions", "collections", "contextlib", "contextvars", "enum", "dataclasses",
})  # fmt: skip
"""Modules whose names annotations and class bodies are made of; always followed."""


class Entry:
    """All that is known of one name, by table; `block` rows by what they block on."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}

    def get(self, table: str) -> list[Row]:
        return self.rows.get(table, [])


_NONE = Entry()


class Wildcard(NamedTuple):
    """A name with stars, below the name `key`, which ends with a dot."""

    pattern: re.Pattern[str]
    table: str
    row: Row | str
    key: str
    rest: str

    def reaches(self, name: str) -> bool:
        """Whether it can be about this name or what hangs on it: a star is no call, and only two stars have dots."""
        if "**." in self.rest:
            return True
        below = name[len(self.key) :]
        return below.count("(") + below.count("[") <= self.rest.count("(") + self.rest.count("[") and (
            "**" in self.rest or below.count(".") <= self.rest.count(".")
        )


def _is_of_result(name: str, row: Row) -> bool:
    """Whether a name goes through the result of what the row is about: `client.messages.get().headers.get`."""
    ends = {end.rpartition(".")[2] for end in row.names}
    called = [part.rpartition(".")[2] for part in name.split("()")[1:-1]]
    return any(part in ends or (part[:1] == "a" and part[1:] in ends) for part in called)


class Catalogue:
    """Look-ups by name, each computed once."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self.aliases: dict[str, str] = {}
        self.bases: dict[str, list[str]] = {}
        self.types: set[str] = set()
        """Classes of which anything is known."""
        self.special: set[str] = set()
        """Special methods of which any of them blocks."""
        self.addresses: set[str] = set()
        """Texts that say of what is built with them that it lies in memory."""
        self._values: dict[str, dict[str, str]] = {"returns": {}, "attributes": {}, "elements": {}}
        self._rows: dict[str, list[tuple[str, Row]]] = {}
        self._wild: dict[str, list[Wildcard]] = {}
        self._entries: dict[str, Entry] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._mentioned: set[str] = set()
        self._useful: dict[str, bool] = {}
        self.extend(libraries)

    def extend(self, libraries: Iterable[Library]) -> None:
        """Know more libraries. Names that were looked up before are looked up again."""
        for library in libraries:
            self._add(library)
        self._entries.clear()
        self._found.clear()
        self._useful.clear()

    def _add(self, library: Library) -> None:
        self.aliases.update(library.aliases)
        for name in library.aliases:
            self._mention(name)
        for name, bases in library.bases.items():
            self.bases.setdefault(name, []).extend(bases)
            self._mention(name)
            self.types.add(name)
        for kind, into in self._values.items():
            for name, value in getattr(library, kind).items():
                if "*" in name:
                    self._add_wild(name, kind, value)
                else:
                    into[name] = value
                self.types.add(_type(name))
                self.types.add(_type(value))
                self._mention(name)
                self._mention(value)
        for table in TABLES:
            for row in getattr(library, table):
                for guard in (*row.unless, *row.when):
                    self._mention(guard.type)
                    if guard.type:
                        self.types.add(_type(guard.type))
                self._mention(row.value)
                if row.default:
                    self.types.add(_type(row.value))
                    self.addresses.update([guard.is_ for guard in row.when if isinstance(guard.is_, str)])
                for name in row.names:
                    if name.endswith("__"):
                        self.special.add(name.rpartition(".")[2])
                    self.types.add(_type(name))
                    self._mention(name)
                    if "*" in name:
                        self._add_wild(name, table, row)
                    else:
                        self._rows.setdefault(name, []).append((table, row))

    def _add_wild(self, name: str, table: str, row: Row | str) -> None:
        prefix = name[: name.index("*")]
        part = rf"{_PUBLIC if table == 'block' else ''}[^.()\[\]]+"
        pattern = re.escape(name).replace(r"\*\*\.", r".+\.").replace(r"\*\*", rf"{part}(?:\.{part})*")
        pattern = pattern.replace(r"\*", part)
        key = prefix[: prefix.rfind(".") + 1]
        self._wild.setdefault(key, []).append(Wildcard(re.compile(pattern), table, row, key, name[len(key) :]))

    def _mention(self, name: str) -> None:
        """Note a name and all it hangs on, up to a wildcard."""
        mentioned = self._mentioned
        name = name.partition("*")[0].rstrip(".")
        while name and name not in mentioned:
            mentioned.add(name)
            name = name[:-2] if name.endswith(("()", "[]")) else name.rpartition(".")[0]

    def useful(self, name: str) -> bool:
        """Whether any row can be about this name or what hangs on it."""
        found = self._useful.get(name)
        if found is None:
            self._useful[name] = False  # ends a cycle of bases
            found = self._useful[name] = (
                name in self._mentioned
                or (name.partition(".")[0] in LANGUAGE and "(" not in name and "[" not in name)
                or any(wild.reaches(name) for wild in self._wildcards(name))
                or any(self.useful(inherited) for inherited in self._inherited(name))
                or (name.endswith("()") and any(self.useful(f"{base}()") for base in self.bases.get(name[:-2], ())))
            )
        return found

    def bases_of(self, item: str) -> list[str]:
        """The bases of an instance's class, as instances: who holds one may know it by them only."""
        return [f"{base}()" for base in self.bases.get(item[:-2], ())] if item.endswith("()") else []

    def variant(self, item: str, mark: str) -> str:
        """An instance of a class of its own, which has all that the instance's class has."""
        made = f"{item[:-2]}{mark}"
        self.bases.setdefault(made, [item[:-2]])
        self.types.add(made)
        return f"{made}()"

    def canonical(self, name: str) -> str:
        seen = 0
        while name in self.aliases and seen < 4:
            name, seen = self.aliases[name], seen + 1
        return name

    def entry(self, name: str) -> Entry:
        """The rows of a name: its own, of wildcards, or of the bases of its type."""
        found = self._entries.get(name)
        if found is None:
            self._entries[name] = _NONE  # ends a cycle of bases
            found = self._entries[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> Entry:
        rows = list(self._rows.get(name, ()))
        for wild in self._wildcards(name):
            if wild.table == "block" and _ASYNC_NAME.fullmatch(name):
                continue
            row = wild.row
            if "**." in wild.rest and isinstance(row, Row) and _is_of_result(name, row):
                continue
            if isinstance(row, Row) and name not in row.except_ and wild.pattern.fullmatch(name):
                rows.append((wild.table, row))
        if not rows:
            for inherited in self._inherited(name):
                entry = self.entry(inherited)
                if entry.rows:
                    return entry
            return _NONE
        entry = Entry()
        for table, row in rows:
            entry.rows.setdefault(f"block {row.on}" if table == "block" else table, []).append(row)
        return entry

    def _wildcards(self, name: str) -> Iterator[Wildcard]:
        cut = name.rfind(".")
        while cut > 0:
            yield from self._wild.get(name[: cut + 1], ())
            cut = name.rfind(".", 0, cut)

    def _inherited(self, name: str) -> Iterator[str]:
        """The same attribute on the bases of the type: `A().x` and `A.x`, for each `A` that is a prefix."""
        mark = name.find("()")
        if mark >= 0:
            for base in self.bases.get(name[:mark], ()):
                yield base + name[mark:]
        else:
            cls, _, attribute = name.rpartition(".")
            for base in self.bases.get(cls, ()):
                yield f"{base}.{attribute}"

    def value(self, kind: str, name: str) -> str | None:
        """What `name` returns, holds or yields, or None where no row says it. "" is a known nothing."""
        key = (kind, name)
        if key not in self._found:
            self._found[key] = None
            self._found[key] = self._find(kind, name)
        return self._found[key]

    def _find(self, kind: str, name: str) -> str | None:
        exact = self._values[kind].get(name)
        if exact is not None:
            return exact
        for wild in self._wildcards(name):
            if wild.table == kind and isinstance(wild.row, str) and wild.pattern.fullmatch(name):
                return wild.row
        for inherited in self._inherited(name):
            found = self.value(kind, inherited)
            if found is not None:
                return found
        return None

    def is_a(self, name: str, wanted: str) -> bool:
        """Whether the class `name` is `wanted` or derives from it, by the bases known."""
        return name == wanted or any(self.is_a(base, wanted) for base in self.bases.get(name, ()) if base != name)


def _type(name: str) -> str:
    """The class a name belongs to: `redis.Redis` of `redis.Redis().get`."""
    return name.partition("()")[0]
