"""Small programs that say themselves what the engine has to find in them.

A program is one text: Python files one after another, each but the first opened by a line `# file: NAME`. A line on
which the engine must report something ends in a comment with the codes: `requests.get(url)  # FSA102`. Everything else
must stay silent; findings of severity "info" do not count.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Severity
from fastasync_lint.settings import Settings

FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)
EXPECTED = re.compile(r"#((?: FSA\d{3})+)$")

PENDING: dict[str, str] = {
    "global-function-by-name": "globals() is not read",
    "list-unpack-call": "a list's elements are not told apart",
}
"""Programs that the engine does not get right yet, by name, and why."""

Places = set[tuple[str, int, str]]
"""(file, row, code)"""


def case(name: str, program: str) -> Any:
    """A parameter of a test. What is pending must fail, so that a mark does not outlive its reason."""
    marks = [pytest.mark.xfail(strict=True, reason=PENDING[name])] if name in PENDING else []
    return pytest.param(program, id=name, marks=marks)


def files(program: str) -> dict[str, str]:
    """The program's files by name."""
    first, *rest = FILE.split(program)
    found = dict(zip(rest[::2], rest[1::2], strict=True))
    return found if not first.strip() else {"main.py": first, **found}


def expected(sources: dict[str, str]) -> Places:
    """What the comments say."""
    return {
        (name, row, code)
        for name, text in sources.items()
        for row, line in enumerate(text.splitlines(), 1)
        if (match := EXPECTED.search(line))
        for code in match[1].split()
    }


def write(root: Path, sources: dict[str, str]) -> list[Path]:
    """Write the files below a folder; their paths."""
    for name, text in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return [root / name for name in sources if name.endswith(".py")]


def found(root: Path, paths: list[Path], settings: Settings | None = None) -> Places:
    """What the engine reports, of severity warning and above."""
    analysis = analyse(root, paths, None, settings or Settings(), cache=False)
    assert analysis.problems == []
    return {
        (Path(hit.filename).relative_to(root).as_posix(), hit.location.row, hit.code)
        for hit in analysis.hits
        if hit.severity is not Severity.INFO
    }


def check(root: Path, program: str) -> None:
    """Assert that the engine reports what the program's comments say, and nothing else."""
    sources = files(program)
    got, wanted = found(root, write(root, sources)), expected(sources)
    assert got == wanted, f"missed {sorted(wanted - got)}, reported wrongly {sorted(got - wanted)}"


SEVERE = re.compile(r"# (error|warning)$")


def check_severities(root: Path, program: str) -> None:
    """Assert that exactly the lines that end in `# error` or `# warning` are reported, at that severity."""
    sources = files(program)
    analysis = analyse(root, write(root, sources), None, Settings(), cache=False)
    assert analysis.problems == []
    got: dict[tuple[str, int], str] = {}
    for hit in sorted(analysis.hits, key=lambda hit: hit.severity is Severity.ERROR):
        if hit.severity is not Severity.INFO:
            got[(Path(hit.filename).relative_to(root).as_posix(), hit.location.row)] = hit.severity.name.lower()
    wanted = {
        (name, row): match[1]
        for name, text in sources.items()
        for row, line in enumerate(text.splitlines(), 1)
        if (match := SEVERE.search(line))
    }
    assert got == wanted, f"wanted {wanted.items() - got.items()}, got {got.items() - wanted.items()}"
