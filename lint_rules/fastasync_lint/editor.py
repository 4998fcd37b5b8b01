"""Findings in the language server's terms: diagnostics, and code actions that mend or suppress.

Rows and columns of findings count characters from 1; an editor counts from 0, in the units that it has agreed on with
the server (UTF-16 unless it asked for others).
"""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from . import suppress
from .model import Applicability, Edit, Finding, Location, Problem, Severity

SOURCE = "fastasync"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_PROBLEM_ROW = re.compile(r" \(line (\d+)\)$")
_CHECKOUT = Path(__file__).parents[2]

LinesOf = Callable[[str], Sequence[str]]
"""The lines of a file by absolute path, unsaved text first."""


def encoded(text: str) -> bytes:
    """The editor's text as the bytes of a file that is decoded to the same text, whatever its cookie says."""
    data = text.encode("utf-8", "replace")
    if b"coding" not in data[:400]:
        return data
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return text.encode(encoding, "replace")
    except (SyntaxError, LookupError):
        return data


class Places:
    """Locations turned into the editor's positions."""

    def __init__(self, codec: PositionCodec, lines: LinesOf) -> None:
        self._codec = codec
        self._lines = lines

    def position(self, path: str, location: Location) -> types.Position:
        """The position of a location in a file; a column behind the end of its line is the line's end."""
        lines = self._lines(path)
        line = lines[location.row - 1] if location.row <= len(lines) else ""
        return types.Position(location.row - 1, self._codec.client_num_units(line[: location.column - 1]))

    def range(self, path: str, start: Location, end: Location) -> types.Range:
        return types.Range(self.position(path, start), self.position(path, end))

    def edits(self, path: str, edits: Iterable[Edit]) -> list[types.TextEdit]:
        """The edits of a fix."""
        return [types.TextEdit(self.range(path, edit.location, edit.end_location), edit.content) for edit in edits]


def diagnostic(finding: Finding, path: str, places: Places) -> types.Diagnostic:
    """What the editor shows: the message with the first advice, and each step of the chain as related information."""
    advice = f"\nhelp: {finding.help[0]}" if finding.help else ""
    page = page_uri(finding.url)
    return types.Diagnostic(
        range=places.range(path, finding.location, finding.end_location),
        message=finding.message + advice,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.code == suppress.UNUSED else None,
        related_information=_chain(finding, places) if len(finding.chain) > 1 else None,
    )


def problem(found: Problem, path: str, places: Places) -> types.Diagnostic:
    """Why the file is not analysed, on the line that is to blame, if one is."""
    match = _PROBLEM_ROW.search(found.message)
    row = int(match[1]) if match else 1
    return types.Diagnostic(
        range=places.range(path, Location(row, 1), Location(row, 1 << 16)),
        message=f"not checked: {_PROBLEM_ROW.sub('', found.message)}",
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def page_uri(url: str) -> str:
    """The address of a rule's page; a page of this checkout when the project has no public home; else nothing."""
    if "://" in url:
        return url
    page = _CHECKOUT / url
    return page.as_uri() if page.is_file() else ""


def suppression(finding: Finding, text: str) -> Edit:
    """The edit that adds a comment for the finding, or its code to the comment that is there.

    The comment goes to the end of the first line of the call that can hold one: not inside a string, nor before a line
    joined by a backslash. It covers the whole statement.
    """
    row = finding.location.row
    for comment in suppress.comments(text):
        if comment.kind == "ignore" and comment.codes and comment.first <= row <= comment.last:
            place = Location(comment.row, comment.start + comment.text.index("]") + 1)
            return Edit(f", {finding.code}", place, place)
    lines = text.split("\n")
    row = _row_for_comment(text, row)
    line = lines[row - 1].rstrip("\r")
    end = Location(row, len(line) + 1)
    return Edit(f"  # fastasync: ignore[{finding.code}]", Location(row, len(line.rstrip()) + 1), end)


def title(finding: Finding) -> str:
    """What the action that applies the fix is called."""
    assert finding.fix is not None
    if is_safe(finding):
        return finding.fix.message
    return f"{finding.fix.message} (may change behaviour)"


def is_safe(finding: Finding) -> bool:
    """Whether the fix keeps behaviour."""
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


def touches(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges share a position, ends included."""

    def key(position: types.Position) -> tuple[int, int]:
        return position.line, position.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)


def _row_for_comment(text: str, first: int) -> int:
    """The first row from `first` on whose end is neither in a string nor joined to the next line."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.NL, tokenize.NEWLINE) and token.start[0] >= first:
                return token.start[0]
    except (tokenize.TokenError, SyntaxError):
        pass  # no finding is in a text that cannot be tokenised
    return first


def _chain(finding: Finding, places: Places) -> list[types.DiagnosticRelatedInformation]:
    found = []
    for step in finding.chain:
        path = os.path.abspath(step.filename)
        place = places.position(path, Location(step.row, step.column))
        uri = from_fs_path(path) or ""
        location = types.Location(uri, types.Range(place, place))
        found.append(types.DiagnosticRelatedInformation(location, f"{step.function} calls {step.call}"))
    return found
