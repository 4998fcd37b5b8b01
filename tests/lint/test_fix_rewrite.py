"""The `--fix` loop and what it does to files."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastasync_lint import fixes
from fastasync_lint.fixes import files
from fastasync_lint.model import Applicability, Edit, Finding, Fix, Location, Severity
from fastasync_lint.settings import Settings

from .fix_tools import SLEEP, make_hit

SOURCE = b"import time\n\n\nasync def h() -> None:\n    time.sleep(1)\n    time.sleep(2)\n"
FIXED = b"import asyncio\n\n\nasync def h() -> None:\n    await asyncio.sleep(1)\n    await asyncio.sleep(2)\n"


class Checker:
    """A checker that knows one rule: no sleep. Nested sleeps overlap, so they need several rounds."""

    def __init__(self, *paths: Path, depth: int = 1) -> None:
        self.paths = paths
        self.depth = depth
        self.rounds = 0

    def __call__(self, contents: Mapping[str, bytes]) -> list[Finding]:
        self.rounds += 1
        return [found for path in self.paths for found in self._findings(str(path), contents.get(str(path)))]

    def _findings(self, name: str, content: bytes | None) -> list[Finding]:
        text = (Path(name).read_bytes() if content is None else content).decode("utf-8-sig", "replace")
        lines = re.split("\r\n|\r|\n", text)
        return [
            self._finding(name, text, row, match)
            for row, line in enumerate(lines, 1)
            for match in re.finditer(r"time\.sleep\((?:[^()]|\([^()]*\))*\)", line)
        ]

    def _finding(self, name: str, text: str, row: int, match: re.Match[str]) -> Finding:
        extent = (Location(row, match.start() + 1), Location(row, match.end() + 1))
        _, fix = fixes.suggest(make_hit(extent, depth=self.depth, **SLEEP), text, Settings(fix_style="to-thread"))
        return finding(name, fix)


def finding(name: str, fix: Fix | None) -> Finding:
    place = Location(1, 1)
    return Finding("FSA101", "", "", Severity.ERROR, name, place, place, "", (), "", (), (), fix, "", "")


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_bytes(SOURCE)
    return path


def test_files_are_fixed_once(module: Path) -> None:
    outcome = fixes.rewrite(Checker(module), unsafe=False, write=True)
    assert module.read_bytes() == FIXED
    assert (outcome.fixes, outcome.findings, outcome.problems) == (2, [], [])
    again = fixes.rewrite(Checker(module), unsafe=True, write=True)
    assert (again.fixes, again.changes) == (0, [])
    assert [path.name for path in module.parent.iterdir()] == ["app.py"]


def test_unsafe_fixes_wait_to_be_asked_for(module: Path) -> None:
    outcome = fixes.rewrite(Checker(module, depth=2), unsafe=False, write=True)
    assert module.read_bytes() == SOURCE
    assert (outcome.fixes, len(outcome.findings)) == (0, 2)
    assert fixes.rewrite(Checker(module, depth=2), unsafe=True, write=True).fixes == 2
    assert b"await asyncio.to_thread(time.sleep, 1)" in module.read_bytes()


def test_overlapping_fixes_take_turns(module: Path) -> None:
    module.write_bytes(b"import time\nasync def h():\n    time.sleep(time.sleep(1))\n")
    checker = Checker(module, depth=2)
    outer = Location(3, 5), Location(3, 30)
    inner = Location(3, 16), Location(3, 29)

    def check(contents: Mapping[str, bytes]) -> list[Finding]:
        text = contents.get(str(module), module.read_bytes()).decode()
        extents = [outer, inner] if not contents else []
        nested = [make_hit(extent, depth=2, **SLEEP) for extent in extents]
        first = [finding(str(module), fixes.suggest(hit, text, Settings(fix_style="to-thread"))[1]) for hit in nested]
        return first or checker(contents)

    outcome = fixes.rewrite(check, unsafe=True, write=True)
    assert outcome.fixes == 2
    assert module.read_text().endswith("await asyncio.to_thread(time.sleep, await asyncio.to_thread(time.sleep, 1))\n")


def test_diff_writes_nothing(module: Path) -> None:
    outcome = fixes.rewrite(Checker(module), unsafe=False, write=False)
    assert module.read_bytes() == SOURCE
    patch = outcome.diff.replace(f"a/{module}", "a/app.py").replace(f"b/{module}", "b/app.py")
    subprocess.run(["git", "apply", "-"], cwd=module.parent, input=patch.encode(), check=True)
    assert module.read_bytes() == FIXED


def test_diff_of_a_file_without_a_last_line_end(module: Path) -> None:
    module.write_bytes(SOURCE.rstrip(b"\n"))
    diff = fixes.rewrite(Checker(module), unsafe=False, write=False).diff
    mark = "\n\\ No newline at end of file\n"
    assert f"-    time.sleep(2){mark}+" in diff
    assert diff.endswith(f"+    await asyncio.sleep(2){mark}")


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"# -*- coding: utf-8 -*-\n", b"# coding: ascii\n"])
def test_line_ends_mark_and_cookie_survive(module: Path, end: bytes, mark: bytes) -> None:
    module.write_bytes((mark + SOURCE).replace(b"\n", end))
    fixes.rewrite(Checker(module), unsafe=False, write=True)
    assert module.read_bytes() == (mark + FIXED).replace(b"\n", end)


def test_mode_survives(module: Path) -> None:
    module.chmod(0o755)
    fixes.rewrite(Checker(module), unsafe=False, write=True)
    assert stat.S_IMODE(module.stat().st_mode) == 0o755


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_stays_a_link(module: Path) -> None:
    link = module.with_name("link.py")
    link.symlink_to(module)
    fixes.rewrite(Checker(link), unsafe=False, write=True)
    assert link.is_symlink()
    assert module.read_bytes() == FIXED


def test_read_only_file_is_left_alone(module: Path) -> None:
    other = module.with_name("other.py")
    other.write_bytes(SOURCE)
    module.chmod(0o444)
    outcome = fixes.rewrite(Checker(module, other), unsafe=False, write=True)
    assert module.read_bytes() == SOURCE
    assert other.read_bytes() == FIXED
    assert [(problem.filename, problem.message) for problem in outcome.problems] == [
        (str(module), "read-only; left alone")
    ]
    assert len(outcome.findings) == 2


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"# coding: latin-1\n# \xe9\n", "its encoding is iso-8859-1, not UTF-8; left alone"),
        (b"# coding: none-such\n", "not UTF-8; left alone"),
        (b"# \xe9\n", "not UTF-8; left alone"),
    ],
)
def test_other_encodings_are_left_alone(module: Path, head: bytes, message: str) -> None:
    module.write_bytes(head + SOURCE)
    outcome = fixes.rewrite(Checker(module), unsafe=False, write=True)
    assert module.read_bytes() == head + SOURCE
    assert [problem.message for problem in outcome.problems] == [message]


def test_file_changed_during_the_check_is_left_alone(module: Path) -> None:
    checker = Checker(module)

    def check(contents: Mapping[str, bytes]) -> list[Finding]:
        found = checker(contents)
        if checker.rounds == 1:
            module.write_bytes(SOURCE + b"# mine\n")
            later = time.time_ns() + 1_000_000_000
            os.utime(module, ns=(later, later))
        return found

    outcome = fixes.rewrite(check, unsafe=False, write=True)
    assert module.read_bytes() == SOURCE + b"# mine\n"
    assert [problem.message for problem in outcome.problems] == ["changed during the check; left alone"]


def test_file_changed_during_the_fix_is_left_alone(module: Path) -> None:
    checker = Checker(module)

    def check(contents: Mapping[str, bytes]) -> list[Finding]:
        if checker.rounds == 1:
            module.write_bytes(b"# mine\n")
        return checker(contents)

    outcome = fixes.rewrite(check, unsafe=False, write=True)
    assert module.read_bytes() == b"# mine\n"
    assert outcome.changes == []
    assert [problem.message for problem in outcome.problems] == ["changed during the fix; left alone"]


def test_vanished_file_is_named(module: Path) -> None:
    checker = Checker(module)

    def check(contents: Mapping[str, bytes]) -> list[Finding]:
        if checker.rounds == 0:
            found = checker(contents)
            module.unlink()
            return found
        return []

    outcome = fixes.rewrite(check, unsafe=False, write=True)
    assert [problem.message for problem in outcome.problems] == [
        "cannot be read (No such file or directory); left alone"
    ]


def test_failed_replacement_leaves_no_trace(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    outcome = fixes.rewrite(Checker(module), unsafe=False, write=True)
    assert [problem.message for problem in outcome.problems] == [
        "cannot be written (No space left on device); left alone"
    ]
    assert [path.name for path in module.parent.iterdir()] == ["app.py"]
    assert module.read_bytes() == SOURCE


def test_invalid_result_is_not_kept(module: Path) -> None:
    broken = Fix(Applicability.SAFE, "", (Edit("await x(", Location(5, 5), Location(5, 18)),))
    outcome = fixes.rewrite(lambda contents: [finding(str(module), broken)], unsafe=False, write=True)
    assert module.read_bytes() == SOURCE
    assert [problem.message for problem in outcome.problems] == ["the fixes would not give valid Python; left alone"]


def test_endless_fixes_end(module: Path) -> None:
    grow = Fix(Applicability.SAFE, "", (Edit("#\n", Location(1, 1), Location(1, 1)),))
    outcome = fixes.rewrite(lambda contents: [finding(str(module), grow)], unsafe=False, write=True)
    assert outcome.fixes < 100


def test_fix_that_changes_nothing_ends(module: Path) -> None:
    same = Fix(Applicability.SAFE, "", (Edit("import", Location(1, 1), Location(1, 7)),))
    outcome = fixes.rewrite(lambda contents: [finding(str(module), same)], unsafe=False, write=True)
    assert (outcome.changes, len(outcome.findings)) == ([], 1)


def test_tool_without_owner_rights(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "chown", raising=False)
    assert files.replace(str(module), SOURCE, FIXED) == ""
    assert module.read_bytes() == FIXED
