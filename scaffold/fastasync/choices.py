"""The options of `fastasync lint` as one value, and a quick reader of plain command lines.

Typer takes 0.2 s to start, several times what checking an unchanged project takes, and `lint` runs on every commit and
every save. So a command line that is plain is read here; for all others (`--help`, short options joined, mistakes)
Typer's reading is the one that counts, and for plain ones the two agree.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any, Literal, NamedTuple, get_args

Format = Literal["text", "concise", "json", "sarif", "github", "gitlab", "markdown"]
Severity = Literal["info", "warning", "error"]

_WORDS = {"--output-format": get_args(Format), "--min-severity": get_args(Severity)}
_SHORT = {"-q": "--quiet", "-o": "--output-file"}
_LISTS = ("--select", "--ignore", "--report")


class Choices(NamedTuple):
    """The command line's options, named as there."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    min_severity: Severity | None = None
    force_exclude: bool = False
    stdin_filename: str | None = None
    output_format: Format = "text"
    output_file: str | None = None
    report: tuple[str, ...] | None = None
    statistics: bool = False
    quiet: bool = False
    strict: bool = False
    exit_zero: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    since: str | None = None
    baseline: str | None = None
    update_baseline: bool = False
    grow_baseline: bool = False
    no_cache: bool = False
    watch: bool = False


def codes(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """`--select FSA1,FSA302 --select FSA4` as one tuple."""
    if given is None:
        return None
    return tuple(code.strip() for text in given for code in text.split(",") if code.strip())


def read(arguments: Sequence[str]) -> Choices | None:
    """The choices of a plain command line; None for Typer to read it."""
    flags = {_option(name) for name, default in Choices._field_defaults.items() if default is False}
    values = {_option(name) for name in Choices._fields if name != "paths"} - flags
    given: dict[str, object] = {}
    lists: dict[str, list[str]] = {}
    paths: list[str] = []
    rest = _split(arguments, values)
    for argument in rest:
        if argument in flags:
            given[_field(argument)] = True
        elif argument in values:
            value = next(rest, None)
            if value is None or value.startswith("-") or value not in _WORDS.get(argument, (value,)):
                return None
            if argument in _LISTS:
                lists.setdefault(_field(argument), []).append(value)
            else:
                given[_field(argument)] = value
        elif argument.startswith("-") and argument != "-":
            return None
        else:
            paths.append(argument)
    listed = {field: tuple(texts) if field == "report" else codes(texts) for field, texts in lists.items()}
    chosen: dict[str, Any] = {**given, **listed}
    return Choices(tuple(paths))._replace(**chosen)


def _split(arguments: Sequence[str], values: Container[str]) -> Iterator[str]:
    """Each option by its long name, its value by itself."""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and name in values:
            yield from (name, value)
        else:
            yield _SHORT.get(argument, argument)


def _option(field: str) -> str:
    return "--" + field.replace("_", "-")


def _field(option: str) -> str:
    return option[2:].replace("-", "_")
