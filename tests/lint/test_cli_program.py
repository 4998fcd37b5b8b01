"""The program's entry: which way a command line goes, and how it ends."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from fastasync import __main__, terminal, watching
from fastasync.choices import Choices
from fastasync.failures import guard
from fastasync.linting import Run
from fastasync_lint import baseline
from fastasync_lint.errors import UserError

from .projects import CLEAN, sample


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(sample(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["lint", "--output-format", "concise"], 1, "app/api.py:21:5: FSA101"),
        (["lint", "-q", "--output-format=concise"], 1, "app/api.py:21:5: FSA101"),
        (["lint", "no-such"], 2, "error: no-such: no such file or folder"),
        (["explain", "FSA101"], 0, "# blocking-sleep"),
        (["explain", "FSA999"], 2, "error: no rule is called `FSA999`"),
    ],
)
def test_both_ways_end_alike(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["fastasync", *arguments])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    printed = capsys.readouterr()
    assert ended.value.code == status
    assert said in (printed.err if status == 2 else printed.out)


def test_an_interruption_is_status_130() -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        guard(interrupted)
    assert ended.value.code == 130


def test_watching_looks_again_when_something_changed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = itertools.count()

    def sleep(seconds: float) -> None:
        look = next(looks)
        if look == 1:
            (project / "app/api.py").write_text(CLEAN)
        if look == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(watching, "time", type("Time", (), {"sleep": staticmethod(sleep)}))
    with pytest.raises(KeyboardInterrupt):
        Run(Choices(watch=True, output_format="concise")).run()
    printed = capsys.readouterr()
    assert printed.out.count("Found 3 errors") == 1
    assert printed.out.count("No findings") == 1
    assert printed.err.count("Watching for changes") == 2


def test_a_folder_that_may_not_be_read_is_passed_over(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastasync_lint import discover
    from fastasync_lint.settings import Settings

    scan = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("app"):
            raise PermissionError(path)
        return scan(path)

    monkeypatch.setattr("fastasync_lint.discover.os.scandir", refusing)
    assert discover.walk(str(project), Settings()) == []


def test_a_baseline_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        baseline.load(str(tmp_path))


def test_a_reader_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        terminal.show("x" * 100_000)
        terminal.show("more")
