"""The short ways of `fastasync lint`: plain command lines without Typer, and runs that repeat an earlier one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastasync import linting, replay
from fastasync.choices import Choices, read
from fastasync.cli import app
from fastasync_lint import analysis, pipeline
from fastasync_lint.discover import Project
from fastasync_lint.model import Analysis
from typer.testing import CliRunner

from .projects import API, CLEAN, sample, write

PLAIN = [
    [],
    ["."],
    ["app", "tests"],
    ["-", "--stdin-filename", "a.py"],
    ["--select", "FSA1,FSA2", "--select", "FSA3", "--ignore", "FSA101"],
    ["--select", ""],
    ["--min-severity", "info", "--output-format", "json", "--output-file", "out.json"],
    ["--statistics", "--quiet", "--strict", "--exit-zero", "--force-exclude"],
    ["--fix", "--unsafe-fixes"],
    ["app", "--diff", "more"],
    ["--since", "main", "--baseline", "a.json", "--update-baseline", "--grow-baseline"],
    ["--no-cache", "--watch"],
    ["-q", "-o", "x"],
    ["--select=FSA1,FSA2", "--output-format=json", "--since=a=b", "--baseline="],
    ["--report", "sarif=a,b.sarif", "--report", "markdown=c.md"],
]
OTHERS = [["--help"], ["-qo", "x"], ["-ox"], ["--quiet=1"], ["--select"], ["--output-format", "xml"], ["--nonsense"],
          ["--", "-x"], ["--since", "--fix"], ["--output-format=xml"]]  # fmt: skip


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_plain_command_lines_are_read_as_typer_reads_them(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Choices] = []

    class Seen:
        def __init__(self, choices: Choices) -> None:
            seen.append(choices)

        def run(self) -> int:
            return 0

    monkeypatch.setattr(linting, "Run", Seen)
    monkeypatch.setattr(replay, "repeat", lambda choices: None)
    assert CliRunner().invoke(app, ["lint", *arguments]).exit_code == 0
    assert read(arguments) == seen[0]


@pytest.mark.parametrize("arguments", OTHERS, ids=" ".join)
def test_other_command_lines_are_left_to_typer(arguments: list[str]) -> None:
    assert read(arguments) is None


def test_every_option_is_known_to_both() -> None:
    result = CliRunner().invoke(app, ["lint", "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    for field in Choices._fields[1:]:
        assert f"--{field.replace('_', '-')}" in result.stdout


class Done(NamedTuple):
    """A run: whether it analysed anything, and what came of it."""

    analysed: bool
    stdout: str
    stderr: str
    status: int


def lint(*arguments: str) -> Done:
    """What the program does with a plain command line, in this process."""
    choices = read(arguments)
    assert choices is not None
    engine, ran = analysis.analyse, []

    def analyse(project: Project, *rest: Any) -> Analysis:
        ran.append(project)
        return engine(project, *rest)

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(pipeline, "analyse", analyse)
        status = replay.run(choices)
    return Done(bool(ran), out.getvalue(), err.getvalue(), status)


def age(root: Path, seconds: int = 10) -> None:
    """Make every file of a project older: times are too coarse to trust the newest ones."""
    then = time.time_ns() - seconds * 10**9
    for path in root.rglob("*"):
        if ".fastasync_cache" not in path.parts:
            os.utime(path, ns=(then, then))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that has been checked once."""
    monkeypatch.chdir(sample(tmp_path))
    age(tmp_path)
    assert lint().analysed
    return tmp_path


def test_an_unchanged_project_is_not_analysed_again(project: Path) -> None:
    first, again = lint("--no-cache"), lint()
    assert first.analysed
    assert again == first._replace(analysed=False)
    assert "3 errors" in again.stdout


def test_repeating_imports_next_to_nothing(project: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "fastasync", "lint"]
    first, again = [subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(2)]
    assert "fastasync_lint.pipeline" in first.stderr
    assert (again.stdout, again.returncode) == (first.stdout, 1)
    imported = {line.rsplit("|", 1)[1].strip() for line in again.stderr.splitlines() if "|" in line}
    assert "fastasync.replay" in imported
    assert not imported & {"typer", "msgspec", "tomllib", "libcst", "rich", "pathspec", "fastasync_lint.pipeline"}


def change(project: Path, what: str) -> None:
    if what == "edited":
        (project / "app/helpers.py").write_text("def fetch(url): return url\ndef profile(name): return name\n")
    elif what == "edited, same size":
        (project / "app/api.py").write_text(API.replace("sleep(1)", "sleep(2)"))
    elif what == "new file":
        write(project, {"app/more.py": API})
    elif what == "removed":
        (project / "app/helpers.py").unlink()
    elif what == "renamed":
        (project / "app/helpers.py").rename(project / "app/helper.py")
    elif what == "settings":
        (project / "pyproject.toml").write_text("[tool.fastasync.lint]\nselect = ['FSA101']\n")
    elif what == "ignored":
        (project / ".gitignore").write_text("api.py\n")
    elif what == "deployment":
        (project / "Dockerfile").write_text('CMD ["uvicorn", "app.api:app", "--reload"]\n')
    elif what == "dependency":
        (project / "requirements.txt").write_text("fastapi\n")


@pytest.mark.parametrize(
    "what",
    [
        "edited",
        "edited, same size",
        "new file",
        "removed",
        "renamed",
        "settings",
        "ignored",
        "dependency",
        "deployment",
    ],
)
def test_any_change_is_seen(project: Path, what: str) -> None:
    assert not lint().analysed
    change(project, what)
    done = lint()
    assert done.analysed
    assert done.stdout == lint("--no-cache").stdout
    age(project)
    assert lint().analysed
    assert not lint().analysed


def test_other_options_and_surroundings_are_other_runs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not lint().analysed
    assert lint("--output-format", "json").analysed
    assert not lint("--output-format", "json").analysed
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert lint().analysed
    monkeypatch.chdir(project / "app")
    assert lint("..").analysed


def test_a_baseline_that_changes_is_seen(project: Path) -> None:
    lint("--baseline", "known.json", "--update-baseline")
    age(project)
    assert lint("--baseline", "known.json").status == 0
    assert not lint("--baseline", "known.json").analysed
    (project / "known.json").write_text('{"version": 1, "findings": []}')
    assert lint("--baseline", "known.json").status == 1


def test_a_file_that_changed_just_before_the_run_is_not_trusted(project: Path) -> None:
    (project / "app/api.py").write_text(CLEAN)
    future = time.time_ns() + 60 * 10**9
    os.utime(project / "app/api.py", ns=(future, future))
    assert lint().analysed
    assert lint().analysed


def records(project: Path) -> list[Path]:
    return list((project / ".fastasync_cache" / "runs").iterdir())


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\x00", b"{}", b'{"key": 1}'],
)
def test_a_broken_record_is_rebuilt(project: Path, content: bytes) -> None:
    (record,) = records(project)
    record.write_bytes(content)
    assert lint().analysed
    assert not lint().analysed


@pytest.mark.parametrize("field", ["tool", "rows", "printed", "excluded", "root", "extra"])
def test_a_record_that_lacks_or_garbles_a_part_is_rebuilt(project: Path, field: str) -> None:
    (record,) = records(project)
    whole: dict[str, Any] = json.loads(record.read_bytes())
    parts: list[dict[str, Any]] = [{}, {field: None}, {field: []}]
    for part in parts:
        record.write_text(json.dumps({key: value for key, value in whole.items() if key != field} | part))
        done = lint()
        assert done.status == 1
        assert "3 errors" in done.stdout
        assert "Traceback" not in done.stderr


def test_the_cache_hides_from_git_and_is_bounded(project: Path) -> None:
    assert (project / ".fastasync_cache" / ".gitignore").read_text() == "*\n"
    for number in range(20):
        (project / ".fastasync_cache" / "runs" / f"{number}.json").write_text("{}")
    lint("--quiet")
    assert len(records(project)) == 16


def test_a_project_that_cannot_be_written_to_is_checked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample(tmp_path))
    (tmp_path / ".fastasync_cache").write_text("in the way")
    age(tmp_path)
    for _ in range(2):
        done = lint()
        assert done.status == 1
        assert "Traceback" not in done.stderr


def test_runs_that_act_are_never_repeated(project: Path) -> None:
    for arguments in (["--no-cache"], ["--diff"], ["--statistics", "--output-file", "x.txt"]):
        assert lint(*arguments).analysed
        assert lint(*arguments).analysed
