"""The rows of a file of the catalogue, checked when they are read."""

from __future__ import annotations

import msgspec

MEMORY = "#memory()"
"""How the names of objects end that lie in memory."""


class Argument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One argument of a call, by its keyword or its position."""

    arg: str = ""
    index: int | None = None


class Guard(Argument, frozen=True, forbid_unknown_fields=True):
    """A condition on one argument of a call; see docs/catalogue.md."""

    is_: bool | int | str | msgspec.UnsetType | None = msgspec.field(name="is", default=msgspec.UNSET)
    type: str = ""
    given: bool | None = None
    positive: bool = False
    most: float | None = None
    starts: str = ""
    contains: str = ""
    first: str = ""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any array-of-tables row but `example`. Which keys mean something depends on the table."""

    names: tuple[str, ...]
    rule: str = ""
    on: str = "call"
    twin: str = ""
    severity: str = ""
    unless: tuple[Guard, ...] = ()
    wait: Argument | None = None
    polled: bool = False
    unless_inside: tuple[str, ...] = msgspec.field(name="unless-inside", default=())
    when: tuple[Guard, ...] = ()
    except_: tuple[str, ...] = msgspec.field(name="except", default=())
    value: str = ""
    callable: int | str = 0
    many: bool = False
    result: str = ""
    argument: int | str = 0
    key: int | None = None
    close: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    startup: bool = False
    state: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    default: bool = False


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
    about: tuple[Row, ...] = ()
    passive: tuple[Row, ...] = ()
    single: tuple[Row, ...] = ()
    settle: tuple[Row, ...] = ()
    selectable: tuple[Row, ...] = ()
    intrinsic: tuple[Row, ...] = ()
    example: tuple[Example, ...] = ()


TABLES = (
    "block", "returns_when", "offload", "loop_callback", "run_here", "schedule", "memoise", "consume", "resource",
    "route", "depends", "hook", "own", "about", "passive", "single", "settle", "selectable", "intrinsic",
)  # fmt: skip
