"""The files that belong to a script where no project tells: its package, and what it imports from beside it.

Without this, a script in a home folder would be a project with everything that lies below.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+(\.|\w+)|import[ \t]+([^#;\n]+))", re.MULTILINE)


def reached(paths: Collection[str], root: str, walk: Callable[[str], Sequence[str]]) -> set[str]:
    """The files named, their packages below the root, and the modules and packages of the root that these import.

    A root that is imported from by its own name, or relatively, is a package without `__init__.py`: all of it counts.
    """
    found: set[str] = set()
    own = {".", os.path.basename(root)}
    seen: set[str] = set()
    pending = list(paths)
    while pending:
        path = pending.pop()
        if path in found:
            continue
        found.add(path)
        first, _, rest = os.path.relpath(path, root).partition(os.sep)
        names = _imported(path)
        if not rest and names & own:
            return {*paths, *walk(root)}
        for name in {first.removesuffix(".py"), *names} - seen:
            seen.add(name)
            folder = os.path.join(root, name)
            if os.path.isdir(folder):
                pending += walk(folder)
            elif os.path.isfile(f"{folder}.py"):
                pending.append(f"{folder}.py")
    return found


def _imported(path: str) -> set[str]:
    """First parts of the modules that a file imports, "." for relative ones."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:  # not saved yet
        return set()
    names: set[str] = set()
    for origin, listed in _IMPORT.findall(text):
        if origin:
            names.add(origin.decode("utf-8", "replace"))
        for part in listed.split(b","):
            names.add(part.strip().partition(b" ")[0].partition(b".")[0].decode("utf-8", "replace"))
    return names - {""}
