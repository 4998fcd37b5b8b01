"""What there is to read: the project's Python, its manifests, and the files that deploy it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property

from fastasync_lint import gitignore
from fastasync_lint.model import Problem
from fastasync_lint.settings import DEFAULT_EXCLUDE
from fastasync_lint.sources import Sources

from fastasync.doctor.code import Code

# What does not run in production.
_ASIDE = frozenset(
    (
        "test", "tests", "testing", "doc", "docs", "docs_src", "example", "examples", "benchmark", "benchmarks",
        "sample", "samples", "script", "scripts", "migration", "migrations", "alembic", "dev", "tutorials",
    )
)  # fmt: skip
_ASIDE_FILE = re.compile(r"test_.*|.*_test|conftest|setup|noxfile|.*migrat.*")


class Project:
    """The files at or below a folder. `problems` are the ones that had to be read, and could not be."""

    def __init__(self, root: str, python: list[str]) -> None:
        self.root = root
        self.python = [path for path in python if not self.is_aside(path)]
        self.sources = Sources()
        self.problems: list[Problem] = []
        self._code: dict[str, Code | None] = {}

    def is_aside(self, path: str) -> bool:
        """Whether a file belongs to tests, documentation, migrations and the like."""
        folder, name = os.path.split(os.path.relpath(path, self.root))
        if any(part.lower() in _ASIDE for part in folder.split(os.sep)):
            return True
        return name.endswith(".py") and _ASIDE_FILE.fullmatch(name.removesuffix(".py")) is not None

    def code(self, pattern: str) -> Iterator[Code]:
        """The parsed files whose text has the pattern; the others are not worth parsing."""
        wanted = re.compile(pattern.encode())
        for path in self.python:
            if wanted.search(self.sources.data(path)) and (parsed := self._parsed(path)) is not None:
                yield parsed

    def named(self, pattern: str, *, aside: bool = False) -> list[str]:
        """The files with such a name that are not Python; with `aside`, in any folder."""
        wanted = re.compile(pattern, re.IGNORECASE)
        found = (path for path in self.others if wanted.fullmatch(os.path.basename(path)))
        return [path for path in found if aside or not self.is_aside(path)]

    @cached_property
    def others(self) -> list[str]:
        """What is not Python, below the folder and directly in the folders above it, up to the repository's."""
        return [*_below(self.root), *_above(self.root)]

    def problem(self, path: str, message: str) -> None:
        """Record a file that cannot be read."""
        self.problems.append(Problem(path, message))

    def _parsed(self, path: str) -> Code | None:
        if path not in self._code:
            self._code[path] = Code.parse(path, self.sources.data(path))
        return self._code[path]


def _below(root: str) -> list[str]:
    found: list[str] = []
    rules = gitignore.above(root)
    for folder, folders, names in os.walk(root):
        own = gitignore.read(folder)
        rules = [*rules, own] if own is not None else rules
        folders[:] = sorted(name for name in folders if _is_open(name, os.path.join(folder, name), rules))
        found += [os.path.join(folder, name) for name in sorted(names) if not name.endswith(".py")]
    return found


def _is_open(name: str, path: str, rules: list[gitignore.IgnoreFile]) -> bool:
    if name in DEFAULT_EXCLUDE and name not in ("build", "dist"):
        return False
    verdicts = (rule.verdict(name, path, True) for rule in reversed(rules) if path.startswith(rule.folder + os.sep))
    return not next((verdict for verdict in verdicts if verdict is not None), False)


def _above(root: str) -> list[str]:
    """The files of the folders above that belong to the same repository."""
    found: list[str] = []
    folder = root
    while not os.path.exists(os.path.join(folder, ".git")):
        folder = os.path.dirname(folder)
        if folder == os.path.dirname(folder):
            return []
        found += [path for name in sorted(os.listdir(folder)) if os.path.isfile(path := os.path.join(folder, name))]
    return [path for path in found if not path.endswith(".py")]
