"""One file's text, addressed by the rows and columns that findings use."""

from __future__ import annotations

import ast
import gc
import re
import warnings
from bisect import bisect_right
from functools import cached_property, lru_cache

from ..model import Edit, Location

# Only these end a line for Python; `str.splitlines` also splits on form feeds and Unicode separators.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Document:
    """The text of a file. Rows and columns count from 1, offsets from 0, all in characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return self.text.splitlines(keepends=True) if self.text.isascii() and _plain(self.text) else _lines(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts, and the end of the text."""
        offsets = [0]
        for line in self.lines:
            offsets.append(offsets[-1] + len(line))
        return offsets

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None when this Python cannot parse the text."""
        collecting = gc.isenabled()
        # The analysis holds millions of objects, which each collection during the parse would look through.
        gc.disable()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError):
            return None
        finally:
            if collecting:
                gc.enable()

    @cached_property
    def newline(self) -> str:
        """The line end that most lines use."""
        ends = [line[len(line.rstrip("\r\n")) :] for line in self.lines]
        return max(("\n", "\r\n", "\r"), key=ends.count)

    def offset(self, location: Location) -> int:
        """Where the location is in the text; the end of the text for one behind it."""
        row = min(location.row, len(self.starts))
        return min(self.starts[row - 1] + location.column - 1, len(self.text))

    def location(self, offset: int) -> Location:
        """The row and column of an offset."""
        row = bisect_right(self.starts, offset)
        return Location(row, offset - self.starts[row - 1] + 1)

    def slice(self, start: Location, end: Location) -> str:
        """The text from `start` to `end`, exclusive."""
        return self.text[self.offset(start) : self.offset(end)]

    def start_of(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Location:
        """Where an `ast` node starts."""
        return Location(node.lineno, self._column(node.lineno, node.col_offset))

    def end_of(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Location:
        """Where an `ast` node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Location(node.end_lineno, self._column(node.end_lineno, node.end_col_offset))

    def source_of(self, node: ast.expr | ast.stmt) -> str:
        """The text of an `ast` node."""
        return self.slice(self.start_of(node), self.end_of(node))

    def insert(self, location: Location, content: str) -> Edit:
        """The edit that puts `content` at `location`."""
        return Edit(content, location, location)

    def replace(self, node: ast.expr | ast.stmt, content: str) -> Edit:
        """The edit that puts `content` in the place of a node."""
        return Edit(content, self.start_of(node), self.end_of(node))

    def _column(self, row: int, offset: int) -> int:
        """`ast` counts columns in UTF-8 bytes."""
        line = self.lines[row - 1] if row <= len(self.lines) else ""
        return (offset if line.isascii() else len(line.encode()[:offset].decode(errors="ignore"))) + 1


@lru_cache(maxsize=8)
def read(text: str) -> Document:
    """The document of a text. The findings of a file come one after the other, so a few are kept."""
    return Document(text)


def _plain(text: str) -> bool:
    return not any(mark in text for mark in "\x0b\x0c\x1c\x1d\x1e")


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)
