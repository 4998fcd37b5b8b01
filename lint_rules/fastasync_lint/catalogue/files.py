"""The TOML files of the catalogue: which ones describe what a project imports, and reading them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from fastasync_lint.catalogue.rows import Library

FOLDER = Path(__file__).parent
_MODULES = re.compile(rb"^modules\s*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_TEXT = re.compile(r'"([^"]+)"')
ALWAYS = ("builtins", "asyncio", "functools", "contextlib", "typing")


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
