"""Writing to the terminal, to pipes and to files."""

from __future__ import annotations

import os
import sys

from fastasync_lint.errors import UserError


def show(text: str, remarks: str = "") -> None:
    """Print the text, and the remarks on stderr. A reader that stops reading, such as `head`, is no error."""
    encoding = sys.stdout.encoding or "ascii"
    if not encoding.lower().startswith("utf"):
        text = text.replace("└─", "`-")
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python would flush at its end goes nowhere, and the exit status stays that of the findings.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stderr.write(remarks.encode("utf-8", "backslashreplace").decode())


def write(path: str, text: str) -> None:
    """Write the text to a file; `UserError` when that cannot be done."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None


def has_colour() -> bool:
    """Colour on a terminal, unless NO_COLOR says no; FORCE_COLOR says yes elsewhere."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
