"""The folder `.fastasync_cache/` at a project's root. Losing it, or being unable to write it, only costs time."""

from __future__ import annotations

import contextlib
import os


def path(root: str) -> str:
    """Where the project's cache is."""
    return os.path.join(root, ".fastasync_cache")


def write(root: str, target: str, content: bytes) -> bool:
    """Write a file of the cache whole or not at all, beside other runs that do the same; whether that was possible."""
    scratch = f"{target}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _hide_from_git(path(root))
        with open(scratch, "wb") as file:
            file.write(content)
        os.replace(scratch, target)
    except OSError:
        return False
    return True


def prune(folder: str, most: int) -> None:
    """Remove the files of a folder that were not used for longest, but for so many."""
    with contextlib.suppress(OSError):
        with os.scandir(folder) as entries:
            ages = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
        for _, path in ages[:-most]:
            os.unlink(path)


def _hide_from_git(folder: str) -> None:
    marker = os.path.join(folder, ".gitignore")
    if not os.path.exists(marker):
        with open(marker, "w", encoding="utf-8") as file:
            file.write("*\n")
