"""The text of files as Python reads it, unsaved text first."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Mapping

_BOM = codecs.BOM_UTF8


class Sources:
    """Reads each file once; `overlay` holds unsaved content by absolute path."""

    def __init__(self, overlay: Mapping[str, bytes] | None = None) -> None:
        self._overlay = overlay or {}
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}

    def data(self, path: str) -> bytes:
        """The bytes of the file; empty when it cannot be read (the engine names it as a problem)."""
        if path in self._overlay:
            return self._overlay[path]
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError:
            return b""

    def stamp(self, path: str) -> tuple[int, int] | None:
        """Time and size of a file on disk; None for unsaved text and where there is no file."""
        if path in self._overlay:
            return None
        try:
            status = os.stat(path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def text(self, path: str) -> str:
        """The decoded text; line endings are kept."""
        if path not in self._texts:
            self._texts[path] = decode(self.data(path))
        return self._texts[path]

    def lines(self, path: str) -> list[str]:
        """The lines without their ends, numbered from 0."""
        if path not in self._lines:
            self._lines[path] = [line.rstrip("\r") for line in self.text(path).split("\n")]
        return self._lines[path]


def decode(data: bytes) -> str:
    """Source bytes by their encoding cookie; what cannot be decoded is replaced, positions stay true for the rest."""
    if data.startswith(_BOM):
        return data[3:].decode("utf-8", "replace")
    try:
        if b"coding" not in data[:400]:
            return data.decode()
        import tokenize

        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding, "replace")
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return data.decode("utf-8", "replace")
