"""Finished analyses kept between runs, by all that they depend on: every file's content, settings, and this code.

No time of a file counts, so one is found again after a fresh checkout, on a branch that was left, for other options and
for any part of the project; and for files that since differ in comments, docstrings or layout alone. What cannot be
read is as good as none: it is data of known types behind a checksum, and reading it runs nothing.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from . import cachedir
from .discover import Project, deployments
from .facts.cache import Cache, code, digest, opened, sealed
from .facts.ir import FileFacts
from .model import Analysis, Hit
from .places import absolute, relative
from .settings import Settings

MOST = 8
"""Analyses kept for a project."""
MOST_CHANGED = 32
"""Files whose old and new facts are compared. Each takes as long as to parse it."""


class Whole(msgspec.Struct, array_like=True):
    """What was found in all files of a project, which are named from its root.

    `blocking` is by `places.PlainPlaces`; `structural` is what `structure` found, where rows and columns are final,
    and `looked_at` are the files that it read for that.
    """

    files: dict[str, bytes]
    blocking: Analysis
    structural: list[Hit]
    looked_at: set[str]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Whole).decode

Moved = Mapping[str, Mapping[int, int]]
"""By file, which places have become which."""


class Analyses:
    """The analyses in the cache of the folder `home`, for a project whose unsaved files are in `overlay`."""

    def __init__(self, home: str, project: Project, settings: Settings, overlay: Mapping[str, bytes]) -> None:
        self._home = home
        self._folder = os.path.join(cachedir.path(home), "analyses")
        self._project = project
        self._overlay = overlay
        # Modules can be imported by the name of the folder that they are in.
        own = (sys.version, os.path.basename(project.root), sorted(settings.blocking), sorted(settings.offload))
        servers = self._contents(deployments(project.root, project.files))
        self._surroundings = digest(repr((own, _tool(), servers)).encode()).hex()
        self._files = self._contents(project.files)
        self._parsed: dict[str, FileFacts] = {}

    def load(self) -> tuple[Whole, Moved] | None:
        """What was found in these files, or in such that mean the same, and what has moved since then."""
        if not self._files:
            return None
        exact = self._read(self._name())
        if exact is not None and exact.files == self._files:
            return exact, {}
        facts: Cache | None = None
        for name in self._newest():
            whole = self._read(name)
            if whole is None or whole.files.keys() != self._files.keys():
                continue
            changed = [file for file, content in self._files.items() if content != whole.files[file]]
            if len(changed) <= MOST_CHANGED:
                facts = facts or Cache(self._home)
                if (moved := self._moved(changed, whole, facts)) is not None:
                    return whole, moved
        return None

    def save(self, blocking: Analysis, structural: Sequence[Hit], looked_at: Iterable[str]) -> None:
        """Keep what was found, unless a file has changed meanwhile."""
        if not self._files or self._contents(self._project.files) != self._files:
            return
        below = functools.partial(relative, self._project.root)
        whole = Whole(self._files, blocking, renamed(structural, below), set(map(below, looked_at)))
        if cachedir.write(self._home, os.path.join(self._folder, self._name()), sealed(_encode(whole))):
            cachedir.prune(self._folder, MOST)

    def _name(self) -> str:
        return f"{self._surroundings}-{digest(_encode(self._files)).hex()}"

    def _newest(self) -> list[str]:
        """The analyses of other contents by the same settings and code, the one used last first."""
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            found = [(entry.stat().st_mtime_ns, entry.name) for entry in entries]
            return [name for _, name in sorted(found, reverse=True) if name.startswith(self._surroundings)]
        return []

    def _read(self, name: str) -> Whole | None:
        path = os.path.join(self._folder, name)
        try:
            with open(path, "rb") as file:
                whole = _decode(opened(file.read()))
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # those that nobody asks for are the first to go
        return whole

    def _moved(self, changed: Iterable[str], whole: Whole, facts: Cache) -> Moved | None:
        """Where everything in the files changed has moved to; None if that is not all that has changed."""
        from .facts import moved, parse

        found: dict[str, Mapping[int, int]] = {}
        for name in changed:
            old = facts.former(name, whole.files[name])
            if old is None:
                return None
            if name not in self._parsed:
                self._parsed[name] = parse.facts(self._data(absolute(self._project.root, name)) or b"")
            places = moved.places(old, self._parsed[name])
            if places is None:
                return None
            found[name] = places
        return found

    def _contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """A digest of each file by its name below the root; nothing where one cannot be read."""
        found: dict[str, bytes] = {}
        for path in paths:
            data = self._data(path)
            if data is None:
                return {}
            found[relative(self._project.root, path)] = digest(data)
        return found

    def _data(self, path: str) -> bytes | None:
        data = self._overlay.get(path)
        if data is not None:
            return data
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError:
            return None


def renamed(hits: Iterable[Hit], rename: Callable[[str], str]) -> list[Hit]:
    """Hits without a chain, with other names of their files."""
    return [msgspec.structs.replace(hit, filename=rename(hit.filename)) for hit in hits]


@functools.cache
def _tool() -> bytes:
    return code(os.path.dirname(__file__))
