"""Which paths git ignores, fast for the patterns that people write.

Importing `pathspec` and matching one regular expression per pattern and file costs more than walking the tree. Names,
paths and `*.suffix` are nearly all that ignore files contain, so those are looked up in sets, and a file with more goes
to `pathspec`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_GLOB = frozenset("*?[\\")


class IgnoreFile:
    """The patterns of one ignore file that stands in `folder`."""

    __slots__ = ("_dir_names", "_dir_paths", "_names", "_paths", "_spec", "_suffixes", "folder")

    def __init__(self, folder: str, text: str) -> None:
        self.folder = folder
        self._names: set[str] = set()
        self._dir_names: set[str] = set()
        self._paths: set[str] = set()
        self._dir_paths: set[str] = set()
        self._suffixes: tuple[str, ...] = ()
        self._spec: GitIgnoreSpec | None = None
        lines = [line.rstrip("\r") for line in text.split("\n")]
        lines = [line for line in lines if line.strip() and not line.startswith("#") and not _irrelevant(line)]
        if not all(self._add(line) for line in lines):
            from pathspec import GitIgnoreSpec

            self._spec = GitIgnoreSpec.from_lines(lines)

    def verdict(self, name: str, path: str, is_dir: bool) -> bool | None:
        """Whether the entry `name` at absolute `path` is ignored; None when no pattern speaks of it."""
        if self._spec is not None:
            relative = path[len(self.folder) :].lstrip(os.sep).replace(os.sep, "/")
            return self._spec.check_file(relative + "/" if is_dir else relative).include
        if name in self._names or name.endswith(self._suffixes) or (is_dir and name in self._dir_names):
            return True
        if self._paths or self._dir_paths:
            return (path in self._paths or (is_dir and path in self._dir_paths)) or None
        return None

    def _add(self, line: str) -> bool:
        """File the pattern under the look-up that decides it; False when none does."""
        pattern = line.strip()
        if pattern != line or pattern.startswith("!"):
            return False
        body = pattern.rstrip("/")
        only_dirs = body != pattern
        if body == "*" and not only_dirs:
            self._suffixes += ("",)
        elif "/" not in body and body.startswith("*.") and not _GLOB & set(body[1:]) and not only_dirs:
            self._suffixes += (body[1:],)
        elif _GLOB & set(body):
            return False
        elif "/" in body:
            path = os.path.join(self.folder, *body.strip("/").split("/"))
            (self._dir_paths if only_dirs else self._paths).add(path)
        else:
            (self._dir_names if only_dirs else self._names).add(body)
        return True


def read(folder: str, name: str = ".gitignore") -> IgnoreFile | None:
    """The ignore file of a folder, if it has one that can be read."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except OSError:
        return None
    return IgnoreFile(folder, text)


def above(root: str) -> list[IgnoreFile]:
    """The ignore files that hold for `root` from outside: those of the repository's folders above, its own list."""
    found: list[IgnoreFile] = []
    folder = root
    while True:
        if folder != root and (rules := read(folder)):
            found.append(rules)
        if os.path.exists(os.path.join(folder, ".git")):
            private = read(folder, os.path.join(".git", "info", "exclude"))
            return ([*found, private] if private else found)[::-1]
        parent = os.path.dirname(folder)
        if parent == folder:
            return []  # not in a repository: files above it are of no concern
        folder = parent


def _irrelevant(line: str) -> bool:
    """Whether the pattern can only name files that are not Python: `*.py[cod]`, `!.env.example`, `*.so`."""
    last = line.rstrip().lstrip("!").rsplit("/", 1)[-1]
    stem, dot, suffix = last.rpartition(".")
    if last in ("*.py[cod]", "*.py[co]", "*.py[cdo]", "*$py.class"):
        return True
    return bool(dot) and line.startswith("!") and suffix.isalnum() and suffix != "py" and not _GLOB & set(stem)
