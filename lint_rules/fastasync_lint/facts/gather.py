"""The facts of all files: from the cache, from unsaved text, or made, by two processes where that is quicker."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from fastasync_lint.errors import go_on
from fastasync_lint.facts import spread
from fastasync_lint.facts.cache import Cache
from fastasync_lint.facts.ir import FileFacts
from fastasync_lint.facts.parse import facts
from fastasync_lint.places import relative


class _Read(NamedTuple):
    """A file that has to be parsed."""

    name: str
    status: os.stat_result
    data: bytes


def gather(
    root: str,
    files: Sequence[Path],
    overlay: Mapping[Path, bytes],
    *,
    cache: bool,
    workers: int | None,
    lender: str = "",
    superseded: Callable[[], bool] | None = None,
) -> dict[str, FileFacts]:
    """Facts by path relative to `root`, with POSIX separators, in the order of paths.

    `lender`: another version of the project, whose cache is read instead, and left as it is. Raises `SupersededError`
    once `superseded` says that nobody wants them any more.
    """
    held = Cache(lender or (root if cache else None))
    found: dict[str, FileFacts | None] = {}
    missing: list[_Read] = []
    for path in sorted(files):
        go_on(superseded)
        name = relative(root, os.fspath(path))
        unsaved = overlay.get(path)
        if unsaved is None:
            found[name] = _known(name, path, held, missing)
        else:
            found[name] = facts(unsaved)
            held.spare(name)
    made = spread.all_facts([read.data for read in missing], workers)
    for read, (parsed, encoded) in zip(missing, made, strict=True):
        found[read.name] = parsed
        held.keep(read.name, read.status, read.data, parsed, encoded)
    if not lender:
        held.save()
    return {name: parsed for name, parsed in found.items() if parsed is not None}


def _known(name: str, path: Path, held: Cache, missing: list[_Read]) -> FileFacts | None:
    """Facts that need no parsing; otherwise the file joins those that are `missing`."""
    try:
        status = os.stat(path)
        stored = held.stored(name, status)
        if stored is not None:
            return stored
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        return FileFacts([], 0, f"cannot be read: {error.strerror}", 0)
    same = held.same(name, status, data)
    if same is None:
        missing.append(_Read(name, status, data))
    return same
