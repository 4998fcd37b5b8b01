"""Comments that suppress findings, and the ones that suppress nothing.

    # fastasync: ignore[FSA103] -- reason      on the line, or on any line of the statement
    # fastasync: ignore-file[FSA103]           anywhere: the whole file
    # noqa: FSA103   # noqa                    as other linters read them

Without codes a comment covers every rule. Only files that contain the words are tokenised.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from .model import Applicability, Edit, Fix, Hit, Location
from .settings import covers

UNUSED = "FSA001"

_OWN = re.compile(r"#\s*fastasync:\s*(?P<kind>ignore-file|ignore)\b\s*(?:\[(?P<codes>[^\]]*)\])?(?P<rest>[^#]*)")
_NOQA = re.compile(
    r"#\s*(?P<kind>noqa)\b(?:\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?P<rest>[^#]*)", re.I
)
_BARE_NOQA = re.compile(rb"#\s*noqa\b(?!\s*:\s*[A-Z]+[0-9])", re.I)
"""Without a code behind it: those of other linters are no concern of ours."""
_LAYOUT = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


class Comment(msgspec.Struct, frozen=True):
    """One suppressing comment; it covers the rows `first` to `last`, or all when `last` is 0.

    `codes` None stands for all rules. `text` stands on `row` from column `start` (from 0), with `listed` as its codes;
    removing it also removes what is before it from column `lead`.
    """

    kind: str
    codes: tuple[str, ...] | None
    row: int
    first: int
    last: int
    text: str
    listed: str
    lead: int
    start: int
    whole_line: bool

    def matches(self, hit: Hit) -> bool:
        on_line = not self.last or self.first <= hit.location.row <= self.last
        return on_line and (self.codes is None or covers(self.codes, hit.code))


class Unused(msgspec.Struct, frozen=True):
    """A comment with the codes that suppress nothing (empty: the whole comment does)."""

    comment: Comment
    codes: tuple[str, ...]

    @property
    def _spelling(self) -> str:
        return self.comment.text.split("--", 1)[0].strip()

    def message(self, known: Collection[str]) -> str:
        """What FSA001 says."""
        if not self.codes:
            return f"`{self._spelling}` suppresses nothing here"
        unknown = [code for code in self.codes if not any(name.startswith(code) for name in known)]
        if unknown:
            return f"`{self._spelling}` names no rule: {', '.join(unknown)}"
        which = "" if self.codes == self.comment.codes else f": {', '.join(self.codes)}"
        return f"`{self._spelling}` suppresses nothing here{which}"

    def fix(self) -> Fix:
        """Remove the comment, or the codes that are of no use."""
        comment = self.comment
        end = comment.start + len(comment.text)
        kept = [code for code in comment.codes or () if code not in self.codes]
        if self.codes and kept:
            text = comment.text.replace(comment.listed, ", ".join(kept), 1)
            edit = _edit(comment.row, comment.start, end, text)
            return Fix(Applicability.SAFE, f"Remove {', '.join(self.codes)} from the comment", (edit,))
        edit = _edit(comment.row, comment.lead, end, "")
        if comment.whole_line:
            edit = Edit("", Location(comment.row, 1), Location(comment.row + 1, 1))
        return Fix(Applicability.SAFE, "Remove the comment", (edit,))


def might_suppress(data: bytes, has_hits: bool) -> bool:
    """Whether a file's bytes are worth tokenising: `# noqa` without codes matters only where there are findings."""
    if b"fastasync:" in data and b"ignore" in data:
        return True
    if b"FSA" in data and b"noqa" in data.lower():
        return True
    return has_hits and _BARE_NOQA.search(data) is not None


def comments(source: str) -> list[Comment]:
    """The suppressing comments of a file, in order; those before the first error when it cannot be tokenised."""
    found: list[Comment] = []
    pending: list[tokenize.TokenInfo] = []
    lines = source.split("\n")
    first = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                pending.append(token)
            elif token.type == tokenize.NEWLINE:
                found += _read(pending, lines, first, token.start[0])
                pending, first = [], 0
            elif not first and token.type not in _LAYOUT:
                found += _read(pending, lines, 0, 0)
                pending, first = [], token.start[0]
    except (tokenize.TokenError, SyntaxError):
        pass  # the engine names the file as a problem
    return [*found, *_read(pending, lines, 0, 0)]


def apply(
    hits: Sequence[Hit], found: Iterable[Comment], known: Collection[str], on: Collection[str]
) -> tuple[list[bool], list[Unused]]:
    """For each hit of a file whether it stays, and the comments that are of no use.

    `known` are all codes, `on` those that are selected: a comment for a rule that is off is no concern of this run.
    """
    stays = [True] * len(hits)
    unused = []
    for comment in found:
        covered = [index for index, hit in enumerate(hits) if comment.matches(hit)]
        for index in covered:
            stays[index] = False
        if (idle := _idle(comment, [hits[index] for index in covered], known, on)) is not None:
            unused.append(Unused(comment, idle))
    return stays, unused


def _idle(
    comment: Comment, covered: Sequence[Hit], known: Collection[str], on: Collection[str]
) -> tuple[str, ...] | None:
    """The codes of the comment that cover nothing; () when all of it is idle, None when none is."""
    if comment.codes is None:
        return () if comment.kind != "noqa" and not covered else None
    idle = []
    for code in comment.codes:
        named = [name for name in known if name.startswith(code)]
        ours = code.startswith("FSA") and UNUSED not in named
        off = bool(named) and not any(name in on for name in named)
        if ours and not off and not any(hit.code.startswith(code) for hit in covered):
            idle.append(code)
    if not idle:
        return None
    return tuple(idle)


def _read(tokens: Iterable[tokenize.TokenInfo], lines: Sequence[str], first: int, last: int) -> Iterator[Comment]:
    """The comments among the tokens of the statement on the rows `first` to `last` (0: between statements)."""
    for token in tokens:
        row, column = token.start
        for pattern in (_OWN, _NOQA):
            for match in pattern.finditer(token.string):
                if pattern is _NOQA and match["codes"] is None and match["rest"].lstrip().startswith(":"):
                    continue  # words after the colon name no code: nothing is meant
                yield _comment(match, row, column, lines[row - 1].rstrip("\r"), (first or row, last or row))


def _comment(match: re.Match[str], row: int, column: int, line: str, rows: tuple[int, int]) -> Comment:
    start = column + match.start()
    ends_line = column + match.end() >= len(line.rstrip())
    listed = match["codes"]
    return Comment(
        kind=match["kind"].lower(),
        codes=None if listed is None else tuple(code for code in re.split(r"[,\s]+", listed.strip()) if code),
        row=row,
        first=rows[0],
        last=0 if match["kind"] == "ignore-file" else rows[1],
        text=match[0],
        listed=listed or "",
        lead=len(line[:start].rstrip()) if ends_line else start,
        start=start,
        whole_line=ends_line and not line[:start].strip(),
    )


def _edit(row: int, start: int, end: int, content: str) -> Edit:
    return Edit(content, Location(row, start + 1), Location(row, end + 1))
