"""Reading and replacing the files that fixes change."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import stat
import tempfile
import tokenize

from .edits import BOM


class LeftAloneError(Exception):
    """Why a file is not rewritten."""


def load(filename: str, since: int) -> bytes:
    """The bytes of a UTF-8 file that has not changed after `since` (nanoseconds since the epoch).

    Raises `LeftAloneError` for any other.
    """
    try:
        with open(filename, "rb") as file:
            status = os.fstat(file.fileno())
            content = file.read()
    except OSError as error:
        raise LeftAloneError(f"cannot be read ({error.strerror}); left alone") from None
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise LeftAloneError("read-only; left alone")
    if status.st_mtime_ns > since:
        raise LeftAloneError("changed during the check; left alone")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if encoding not in ("utf-8", "utf-8-sig", "ascii"):
            raise LeftAloneError(f"its encoding is {encoding}, not UTF-8; left alone")
        content.decode()
    except (SyntaxError, UnicodeDecodeError):
        raise LeftAloneError("not UTF-8; left alone") from None
    return content


def replace(filename: str, before: bytes, after: bytes) -> str:
    """Put `after` in the place of a file in one step; what prevented it, or "" when it is done.

    The file keeps its mode and owner, and a link keeps pointing to it. A reader sees the old content or the new.
    """
    path = os.path.realpath(filename)
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if file.read() != before:
                return "changed during the fix; left alone"
        _swap(path, after, status)
    except OSError as error:
        return f"cannot be written ({error.strerror}); left alone"
    return ""


def _swap(path: str, content: bytes, status: os.stat_result) -> None:
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        if hasattr(os, "chown"):
            # Only root may give a file away; for anyone else it is theirs already.
            with contextlib.suppress(OSError):
                os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def tidy(filename: str, before: bytes, after: bytes) -> bytes:
    """`after` without imports that became unused; an `__init__.py` keeps them, since others import them from it."""
    if os.path.basename(filename) == "__init__.py":
        return after
    from .unused import remove

    text = after.decode()
    mark = BOM if text.startswith(BOM) else ""
    return (mark + remove(before.decode().removeprefix(BOM), text.removeprefix(BOM))).encode()


def unified(filename: str, before: bytes, after: bytes) -> str:
    """The change as a unified diff that `git apply` and `patch` take."""
    old, new = (_diff_lines(content.decode()) for content in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{filename}", f"b/{filename}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _diff_lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])
