"""Where things stand in the files that were analysed: from places of facts to rows and columns of characters."""

from __future__ import annotations

import functools
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from .model import Analysis, Hit, Location, Step


class Places(Protocol):
    """Where things stand in files."""

    def location(self, path: str, place: int) -> Location:
        """The row, and the column from 1."""

    def name(self, path: str) -> str:
        """What the file is called."""


class SourcePlaces:
    """Places as people count, by the texts that were analysed, and files by their absolute names."""

    def __init__(self, root: str, overlay: Mapping[Path, bytes]) -> None:
        self._overlay = overlay
        self._lines: dict[str, list[bytes]] = {}
        self._named = functools.cache(functools.partial(absolute, root))

    def location(self, path: str, place: int) -> Location:
        """UTF-8 columns to characters, which only lines beyond ASCII need."""
        row, column = place >> 16, place & 0xFFFF
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = self._text(path).splitlines()
        if row <= len(lines) and not lines[row - 1].isascii():
            column = len(lines[row - 1][:column].decode("utf-8", "replace"))
        return Location(row, column + 1)

    def _text(self, path: str) -> bytes:
        file = Path(self.name(path))
        if file in self._overlay:
            return self._overlay[file]
        try:
            return file.read_bytes()
        except OSError:  # gone since it was parsed
            return b""

    def name(self, path: str) -> str:
        return self._named(path)


def absolute(root: str, path: str) -> str:
    """The name of a file that is known by its path below the root, with POSIX separators."""
    return os.path.join(root, *path.split("/"))


def relative(root: str, name: str) -> str:
    """The path of a file below the root, with POSIX separators."""
    path = name[len(root) + 1 :] if name.startswith(root + os.sep) else os.path.relpath(name, root)
    return path.replace(os.sep, "/")


class PlainPlaces:
    """Places as facts have them, columns in bytes from 0, and files by their names below the root."""

    def location(self, path: str, place: int) -> Location:
        return Location(place >> 16, place & 0xFFFF)

    def name(self, path: str) -> str:
        return path


def placed(
    analysis: Analysis, places: Places, moved: Mapping[str, Mapping[int, int]], wanted: Collection[str] | None
) -> Analysis:
    """An analysis by `PlainPlaces` in other terms, of the files wanted by these (of all when None).

    `moved`: by file, the places that have become others since.
    """

    def location(path: str, place: int) -> Location:
        return places.location(path, moved[path][place] if path in moved else place)

    def step(found: Step) -> Step:
        at = location(found.filename, found.row << 16 | found.column)
        return Step(places.name(found.filename), at.row, at.column, found.function, found.call)

    def hit(found: Hit) -> Hit:
        return msgspec.structs.replace(
            found,
            filename=places.name(found.filename),
            location=location(found.filename, _place(found.location)),
            end_location=location(found.filename, _place(found.end_location)),
            chain=tuple([step(each) for each in found.chain]),
        )

    def is_wanted(path: str) -> bool:
        return wanted is None or places.name(path) in wanted

    return msgspec.structs.replace(
        analysis,
        hits=[hit(found) for found in analysis.hits if is_wanted(found.filename)],
        problems=[
            msgspec.structs.replace(found, filename=places.name(found.filename))
            for found in analysis.problems
            if is_wanted(found.filename)
        ],
        unknown=sorted((places.name(path), location(path, _place(at))) for path, at in analysis.unknown),
    )


def _place(location: Location) -> int:
    return location.row << 16 | location.column
