"""What libraries block, offload and return: the rows of the TOML files beside this module, ready for look-up.

The notation is described in docs/catalogue.md. Only files that describe a module the project imports are read.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

FOLDER = Path(__file__).parent
_MODULES = re.compile(rb"^modules\s*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_TEXT = re.compile(r'"([^"]+)"')
_ASYNC_NAME = re.compile(r".*\.(?:a_|async_)\w+|.*_async")
"""How SDKs name the coroutine function beside the one that waits: no wildcard means it."""
_PUBLIC = r"(?!_(?!_))"
"""No wildcard of what blocks is about private names: most of those are helpers that work in memory."""
ALWAYS = ("builtins", "asyncio", "functools", "contextlib", "typing")

LANGUAGE = frozenset({
    "builtins", "typing", "typing_extensions", "collections", "contextlib", "contextvars", "enum", "dataclasses",
})  # fmt: skip
"""Modules whose names annotations and class bodies are made of; always followed."""


class Guard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition on one argument of a call; see docs/catalogue.md."""

    arg: str = ""
    index: int | None = None
    is_: bool | int | str | msgspec.UnsetType | None = msgspec.field(name="is", default=msgspec.UNSET)
    type: str = ""
    given: bool | None = None
    positive: bool = False
    most: float | None = None
    starts: str = ""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any array-of-tables row but `example`. Which keys mean something depends on the table."""

    names: tuple[str, ...]
    rule: str = ""
    on: str = "call"
    twin: str = ""
    severity: str = ""
    unless: tuple[Guard, ...] = ()
    polled: bool = False
    unless_inside: tuple[str, ...] = msgspec.field(name="unless-inside", default=())
    when: tuple[Guard, ...] = ()
    except_: tuple[str, ...] = msgspec.field(name="except", default=())
    value: str = ""
    callable: int | str = 0
    many: bool = False
    result: str = ""
    argument: int | str = 0
    close: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    startup: bool = False
    state: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    blocking: str = ""
    clean: str = ""


class Library(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """One TOML file."""

    library: str
    modules: tuple[str, ...]
    extra_distributions: tuple[str, ...] = ()
    aliases: dict[str, str] = {}
    bases: dict[str, tuple[str, ...]] = {}
    returns: dict[str, str] = {}
    attributes: dict[str, str] = {}
    elements: dict[str, str] = {}
    block: tuple[Row, ...] = ()
    returns_when: tuple[Row, ...] = ()
    offload: tuple[Row, ...] = ()
    loop_callback: tuple[Row, ...] = ()
    run_here: tuple[Row, ...] = ()
    schedule: tuple[Row, ...] = ()
    memoise: tuple[Row, ...] = ()
    consume: tuple[Row, ...] = ()
    resource: tuple[Row, ...] = ()
    route: tuple[Row, ...] = ()
    depends: tuple[Row, ...] = ()
    hook: tuple[Row, ...] = ()
    own: tuple[Row, ...] = ()
    settle: tuple[Row, ...] = ()
    intrinsic: tuple[Row, ...] = ()
    example: tuple[Example, ...] = ()


TABLES = (
    "block", "returns_when", "offload", "loop_callback", "run_here", "schedule", "memoise", "consume", "resource",
    "route", "depends", "hook", "own", "settle", "intrinsic",
)  # fmt: skip


class Entry:
    """All that is known of one name, by table; `block` rows by what they block on."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}

    def get(self, table: str) -> list[Row]:
        return self.rows.get(table, [])


_NONE = Entry()


@functools.cache
def load(path: Path) -> Library:
    """Read one file, checking its form. Raises msgspec.ValidationError naming the key."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Library)


def files(roots: Iterable[str] | None = None) -> Iterator[Path]:
    """The TOML files that describe one of the import roots (all of them when `roots` is None)."""
    wanted = None if roots is None else {*roots, *ALWAYS}
    for path, described in _described():
        if wanted is None or not described.isdisjoint(wanted):
            yield path


def described() -> frozenset[str]:
    """The import roots that any file describes."""
    return frozenset().union(*(names for _, names in _described()))


@functools.cache
def _described() -> list[tuple[Path, frozenset[str]]]:
    """Every file with the modules it describes and their roots, found without parsing it."""
    out = []
    for path in sorted(FOLDER.glob("*.toml")):
        found = _MODULES.search(path.read_bytes())
        names = _TEXT.findall(found[1].decode()) if found else []
        out.append((path, frozenset([*names, *(name.partition(".")[0] for name in names)])))
    return out


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


class Catalogue:
    """Look-ups by name, each computed once."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self.aliases: dict[str, str] = {}
        self.bases: dict[str, list[str]] = {}
        self.types: set[str] = set()
        """Classes of which anything is known."""
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
                for name in row.names:
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
