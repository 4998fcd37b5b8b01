"""Settings of `fastasync lint`: `[tool.fastasync.lint]` of pyproject.toml, and what the command line adds.

Decoding is strict, so a typing error in a key never passes silently: a wrong key, type or value is a `UserError` that
names the file, the key and what is allowed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from .errors import UserError
from .model import Severity

FixStyle = Literal["auto", "run-in-executor", "to-thread", "anyio", "run-in-threadpool"]

# Ruff's defaults, so that both tools read the same files, and our cache.
DEFAULT_EXCLUDE = (
    ".bzr", ".direnv", ".eggs", ".fastasync_cache", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints",
    ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv",
    ".vscode", "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules",
    "site-packages", "venv",
)  # fmt: skip


class Selection(msgspec.Struct, frozen=True):
    """One layer of rule choices; `select` None leaves the choice of the layer below as it is."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """All settings of one run.

    `folder` is where the pyproject.toml stands (globs are relative to it); `command_line` is the layer of rule choices
    above the file's; neither can be set in the file.
    """

    select: tuple[str, ...] = ("FSA",)
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    blocking: tuple[str, ...] = ()
    offload: tuple[str, ...] = ()
    fix_style: FixStyle = "auto"
    min_severity: Severity = Severity.WARNING
    baseline: str | None = None
    folder: str = ""
    command_line: Selection = Selection()

    @property
    def excluded(self) -> tuple[str, ...]:
        """Every exclusion pattern, the defaults or their replacement first."""
        return self.exclude + self.extend_exclude


_EXPECTED = {
    "select": 'a list of rule codes or prefixes, such as ["FSA1", "FSA302"]',
    "ignore": 'a list of rule codes or prefixes, such as ["FSA112"]',
    "exclude": 'a list of globs, such as ["migrations"]',
    "extend-exclude": 'a list of globs, such as ["migrations"]',
    "per-file-ignores": 'a table of glob = codes, such as { "tests/*" = ["FSA101"] }',
    "blocking": 'a list of dotted names, such as ["myapp.legacy.fetch"]',
    "offload": 'a list of dotted names, such as ["myapp.threads.run"]',
    "fix-style": "one of auto, run-in-executor, to-thread, anyio, run-in-threadpool",
    "min-severity": "one of info, warning, error",
    "baseline": "the path of a file, relative to pyproject.toml",
}


def load(start: str) -> Settings:
    """The settings for code in folder `start`: the nearest pyproject.toml, at or above it, that has `[tool.fastasync]`.

    Without one these are the defaults, relative to the nearest pyproject.toml or to `start` itself.
    """
    nearest = ""
    for folder in _upwards(start):
        path = os.path.join(folder, "pyproject.toml")
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            continue
        # Most files have no such table; the parser is imported and run for those that do.
        if b"fastasync" in content:
            table = _table(path, content)
            if table is not None:
                return decode(table, path)
        nearest = nearest or folder
    return Settings(folder=nearest or start)


def decode(table: Mapping[str, object], path: str) -> Settings:
    """The table `[tool.fastasync.lint]` of the file `path`, checked."""
    for key in table:
        if key not in _EXPECTED:
            allowed = ", ".join(sorted(_EXPECTED))
            raise UserError(
                f"{path}: unknown key `{key}` in [tool.fastasync.lint]{near(key, _EXPECTED)}; allowed: {allowed}"
            )
    for key, value in table.items():
        try:
            msgspec.convert({key: value}, Settings)
        except msgspec.ValidationError:
            raise UserError(
                f"{path}: `{key}` in [tool.fastasync.lint] is {value!r}; it must be {_EXPECTED[key]}"
            ) from None
    settings = msgspec.convert(table, Settings)
    settings = msgspec.structs.replace(settings, folder=os.path.dirname(path))
    for place, selectors in [
        ("select", settings.select),
        ("ignore", settings.ignore),
        *settings.per_file_ignores.items(),
    ]:
        check_selectors(selectors, f"{path}: [tool.fastasync.lint] {place}")
    return settings


def check_selectors(selectors: Iterable[str], where: str) -> None:
    """Raise `UserError` for a selector that matches no rule."""
    from .rules import codes

    known = codes()
    for selector in selectors:
        if selector != "ALL" and not (selector and any(code.startswith(selector) for code in known)):
            raise UserError(f"{where}: no rule has the code or prefix `{selector}`{near(selector, known)}")


def enabled(settings: Settings, codes: Iterable[str]) -> frozenset[str]:
    """The codes that are on.

    As in Ruff: the longer prefix wins, `ignore` wins over an equally long `select`, and `--select` replaces what the
    file says.
    """
    known = tuple(codes)
    chosen: set[str] = set()
    for layer in (Selection(settings.select, settings.ignore), settings.command_line):
        verdict = _verdict(layer, known)
        if layer.select is not None:
            chosen = {code for code in known if verdict.get(code)}
        else:
            chosen = {code for code in chosen if verdict.get(code, True)}
    return frozenset(chosen)


def ignored_in_file(settings: Settings, path: str) -> tuple[str, ...]:
    """The selectors that `per-file-ignores` turns off in the file `path` (absolute)."""
    if not settings.per_file_ignores:
        return ()
    off: list[str] = []
    for pattern, selectors in settings.per_file_ignores.items():
        negated = pattern.startswith("!")
        if matches_glob(path, pattern.removeprefix("!"), settings.folder) is not negated:
            off += selectors
    return tuple(off)


def matches_glob(path: str, pattern: str, folder: str) -> bool:
    """Whether the absolute `path` or its last part matches; `*` also matches slashes, as in Ruff's globs."""
    import fnmatch

    if fnmatch.fnmatchcase(os.path.basename(path), pattern):
        return True
    return fnmatch.fnmatchcase(path.replace(os.sep, "/"), f"{folder}/{pattern}".replace(os.sep, "/"))


def covers(selectors: Iterable[str], code: str) -> bool:
    """Whether one of the selectors names the code."""
    return any(selector == "ALL" or code.startswith(selector) for selector in selectors)


def near(word: str, known: Iterable[str]) -> str:
    """` (did you mean ...?)` for the closest known word, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(known), 1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _verdict(layer: Selection, codes: Iterable[str]) -> dict[str, bool]:
    choices = [(selector, True) for selector in layer.select or ()] + [(selector, False) for selector in layer.ignore]
    verdict: dict[str, bool] = {}
    # Stable sort: among equally long selectors `ignore`, listed last, wins.
    for selector, on in sorted(choices, key=lambda choice: 0 if choice[0] == "ALL" else len(choice[0])):
        for code in codes:
            if covers((selector,), code):
                verdict[code] = on
    return verdict


def _table(path: str, content: bytes) -> Mapping[str, object] | None:
    import tomllib

    try:
        document: dict[str, Any] = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid TOML: {error}") from None
    tool = document.get("tool")
    own = tool.get("fastasync") if isinstance(tool, dict) else None
    if own is None:
        return None
    table = own.get("lint", {}) if isinstance(own, dict) else own
    if not isinstance(table, dict):
        raise UserError(f"{path}: [tool.fastasync.lint] must be a table")
    return table


def _upwards(start: str) -> Iterable[str]:
    folder = os.path.abspath(start)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
