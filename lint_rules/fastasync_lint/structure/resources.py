"""The objects to open once and close, from the catalogue."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from ..catalogue import files


@functools.lru_cache(maxsize=64)
def resources(roots: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """What makes a resource, under every name it has, with the methods that release it; for some import roots."""
    found: dict[str, tuple[str, ...]] = {}
    for path in files(roots):
        found |= _described(path)
    return found


@functools.cache
def _described(path: Path) -> dict[str, tuple[str, ...]]:
    """The resources of one file of the catalogue."""
    text = path.read_text("utf-8")
    if "[[resource]]" not in text:
        return {}
    tables = _tables(text)
    own = {name: tuple(row.get("close", ())) for row in tables.get("resource", ()) for name in row["names"]}
    return own | {alias: own[name] for alias, name in tables.get("aliases", {}).items() if name in own}


def _tables(text: str) -> dict[str, Any]:
    """The two tables that matter, alone: reading a whole file takes ten times as long."""
    parts = ("\n" + text).split("\n[")
    kept = [part for part in parts[1:] if part.startswith(("[resource]]", "aliases]"))]
    return tomllib.loads("".join(f"\n[{part}" for part in kept))
