"""What flows between the stages: hits of the analysis, findings of the rules, edits of the fixes.

The JSON report is these structures encoded as they stand, so a field's name here is a contract.
Rows and columns count from 1, columns in characters (Unicode code points), as Ruff's do; `end_location` is exclusive.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How long the loop can stand still: metadata, short and local, long or without bound."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Applicability(StrEnum):
    """Whether a fix keeps behaviour (safe) or needs a look (unsafe)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Location(msgspec.Struct, frozen=True, order=True):
    row: int
    column: int


class Step(msgspec.Struct, frozen=True):
    """One call on the way from the coroutine to the sink; the first is the finding's own place."""

    filename: str
    row: int
    column: int
    function: str
    call: str


class Edit(msgspec.Struct, frozen=True):
    """Replace the text from `location` to `end_location` (exclusive) by `content`."""

    content: str
    location: Location
    end_location: Location


class Fix(msgspec.Struct, frozen=True):
    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


class Hit(msgspec.Struct, frozen=True):
    """What the analysis found, before a rule words it.

    `kind` tells how the place blocks: "call" (also constructor and property), "iterate", "enter" (with), "loop".
    `twin` is the async alternative of the sink, from the catalogue ("" if none).
    `startup` is set for code that runs only while the application starts or stops, `alone` for code that has a loop for
    itself, and `sure` unless a helper blocks on some of its ways only.
    `data` carries what a structural rule (FSA2xx and up) needs, as name -> text.
    """

    code: str
    severity: Severity
    filename: str
    location: Location
    end_location: Location
    function: str
    sink: str
    chain: tuple[Step, ...]
    kind: str = "call"
    twin: str = ""
    routes: tuple[str, ...] = ()
    startup: bool = False
    alone: bool = False
    sure: bool = True
    data: dict[str, str] = {}


class Finding(msgspec.Struct, frozen=True):
    code: str
    name: str
    message: str
    severity: Severity
    filename: str
    location: Location
    end_location: Location
    function: str
    routes: tuple[str, ...]
    sink: str
    chain: tuple[Step, ...]
    help: tuple[str, ...]
    fix: Fix | None
    fingerprint: str
    url: str


class Problem(msgspec.Struct, frozen=True, order=True):
    """A file that could not be analysed, and why."""

    filename: str
    message: str


class Analysis(msgspec.Struct):
    """Everything the engine says of the files asked for. `calls` and `unresolved` count call expressions.

    `unknown` are the calls of the files asked for that were not resolved, where they were asked for.
    """

    hits: list[Hit]
    problems: list[Problem]
    calls: int = 0
    unresolved: int = 0
    files: int = 0
    unknown: list[tuple[str, Location]] = []


class Report(msgspec.Struct):
    """The end of the pipeline: findings after suppression, sorted by file and place."""

    findings: list[Finding]
    problems: list[Problem]
    calls: int = 0
    unresolved: int = 0
    files: int = 0


class Candidate(msgspec.Struct, frozen=True):
    """A hit with its identity; findings about comments bring their message and fix with them."""

    hit: Hit
    fingerprint: str
    message: str = ""
    fix: Fix | None = None
