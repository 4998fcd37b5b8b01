"""Baselines and the fingerprints they are made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastasync.cli import app
from fastasync_lint import baseline
from fastasync_lint.errors import UserError
from fastasync_lint.fingerprint import local_name, normalised
from fastasync_lint.pipeline import Request, check
from typer.testing import CliRunner, Result

from .projects import API, CLEAN, sample, write


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lint", "--output-format", "concise", *arguments])


def marks(root: Path) -> list[str]:
    report = check(Request(paths=(str(root),), details="none", cache=False))
    return sorted(finding.fingerprint for finding in report.findings)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return sample(tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("app = FastAPI()", "app = FastAPI()\n\n\n\n# more\n", id="moved down"),
        pytest.param("    return profile(name)", "    if name:\n        return profile(name)", id="re-indented"),
        pytest.param("profile(name)", "profile(\n        name,\n    )", id="wrapped"),
        pytest.param('"https://home.example/"', "'https://home.example/'", id="other quotes"),
        pytest.param("async def pause", "async def other() -> None: ...\n\n\nasync def pause", id="after another"),
    ],
)
def test_a_fingerprint_survives_what_changes_nothing(project: Path, before: str, after: str) -> None:
    old = marks(project)
    assert before in API
    (project / "app/api.py").write_text(API.replace(before, after))
    assert marks(project) == old


def test_a_fingerprint_survives_a_renamed_file(project: Path) -> None:
    old = marks(project)
    (project / "app/api.py").rename(project / "app/views.py")
    helpers = project / "app/helpers.py"
    helpers.rename(project / "app/lib.py")
    (project / "app/views.py").write_text(API.replace("app.helpers", "app.lib"))
    assert marks(project) == old


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("async def pause", "async def rest", id="another function"),
        pytest.param("time.sleep(1)", "time.sleep(2)", id="another call"),
        pytest.param("    time.sleep(1)", "    time.sleep(1)\n    time.sleep(1)", id="one more"),
    ],
)
def test_a_fingerprint_changes_with_what_counts(project: Path, before: str, after: str) -> None:
    old = marks(project)
    (project / "app/api.py").write_text(API.replace(before, after))
    assert set(marks(project)) - set(old)


@pytest.mark.parametrize(
    ("function", "filename", "local"),
    [
        ("app.api.user", "/p/app/api.py", "user"),
        ("app.api.Users.get", "/p/src/app/api.py", "Users.get"),
        ("app.main", "/p/app/__init__.py", "main"),
        ("user", "/p/app/api.py", "user"),
        ("apiary.user", "/p/app/api.py", "apiary.user"),
    ],
)
def test_functions_are_named_without_their_module(function: str, filename: str, local: str) -> None:
    assert local_name(function, filename) == local


def test_layout_is_not_part_of_a_text() -> None:
    assert normalised("f(\n  'a',\n  [1, 2,],\n)") == normalised('f("a", [1, 2])')


def test_known_findings_are_hidden(project: Path) -> None:
    made = run("--baseline", "known.json", "--update-baseline")
    assert made.exit_code == 0
    assert made.stderr == "known.json: 3 findings recorded, 0 before.\n"
    hidden = run("--baseline", "known.json")
    assert hidden.exit_code == 0
    assert "; 3 already known" in hidden.stdout
    write(project, {"app/more.py": "import time\n\n\nasync def more() -> None:\n    time.sleep(1)\n"})
    fresh = run("--baseline", "known.json", "--quiet")
    assert fresh.exit_code == 1
    assert fresh.stdout.splitlines() == ["app/more.py:5:5: FSA101 `time.sleep` blocks the event loop"]


def test_the_setting_is_relative_to_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "pyproject.toml").write_text("[tool.fastasync.lint]\nbaseline = 'known.json'\n")
    monkeypatch.chdir(project / "app")
    assert run("..", "--update-baseline").exit_code == 0
    assert (project / "known.json").exists()
    assert run("..").exit_code == 0
    assert run("api.py").exit_code == 0


def test_an_update_only_removes(project: Path) -> None:
    run("--baseline", "known.json", "--update-baseline")
    text = API.replace("    time.sleep(1)\n", "    time.sleep(2)\n")
    (project / "app/api.py").write_text(text)
    updated = run("--baseline", "known.json", "--update-baseline", "--quiet")
    assert updated.exit_code == 1
    assert "FSA101" in updated.stdout
    entries = json.loads((project / "known.json").read_text())["findings"]
    assert [entry["code"] for entry in entries] == ["FSA102", "FSA102"]


def test_growing_records_what_is_new(project: Path) -> None:
    run("--baseline", "known.json", "--update-baseline")
    (project / "app/api.py").write_text(API.replace("time.sleep(1)", "time.sleep(2)"))
    grown = run("--baseline", "known.json", "--grow-baseline")
    assert grown.exit_code == 0
    assert grown.stderr == "known.json: 3 findings recorded, 3 before.\n"
    assert run("--baseline", "known.json").exit_code == 0


def test_an_update_of_one_file_keeps_the_entries_of_others(project: Path) -> None:
    write(project, {"app/more.py": API})
    run("--baseline", "known.json", "--update-baseline")
    (project / "app/api.py").write_text(CLEAN)
    assert run("app/more.py", "--baseline", "known.json", "--update-baseline").exit_code == 0
    assert len(baseline.load("known.json").findings) == 6
    run("app/api.py", "--baseline", "known.json", "--update-baseline")
    assert {entry.filename for entry in baseline.load("known.json").findings} == {"app/more.py"}


def test_an_update_keeps_entries_of_rules_that_are_off_and_of_broken_files(project: Path) -> None:
    run("--baseline", "known.json", "--update-baseline")
    run("--baseline", "known.json", "--update-baseline", "--select", "FSA2")
    assert len(baseline.load("known.json").findings) == 3
    (project / "app/api.py").write_text("def")
    run("--baseline", "known.json", "--update-baseline")
    assert len(baseline.load("known.json").findings) == 3
    (project / "app/api.py").unlink()
    run("--baseline", "known.json", "--update-baseline")
    assert baseline.load("known.json").findings == ()


def test_equal_findings_in_two_files_are_counted(project: Path) -> None:
    write(project, {"app/more.py": API})
    run("--baseline", "known.json", "--update-baseline")
    assert run("--baseline", "known.json").exit_code == 0
    (project / "app/more.py").unlink()
    run("--baseline", "known.json", "--update-baseline")
    write(project, {"app/again.py": API})
    assert len(run("--baseline", "known.json", "--quiet").stdout.splitlines()) == 3


def test_a_baseline_reads_well_in_a_diff(project: Path) -> None:
    run("--baseline", "known.json", "--update-baseline")
    lines = (project / "known.json").read_text().splitlines()
    assert lines[:3] == ["{", '  "version": 1,', '  "findings": [']
    assert all(line.startswith('    {"filename":"app/api.py",') for line in lines[3:6])
    assert (project / "known.json").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "not a baseline of fastasync"),
        ("{", "not a baseline of fastasync"),
        ('{"version": 9, "findings": []}', "a baseline of version 9; this release reads 1"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "known.json").write_text(content)
    with pytest.raises(UserError, match=said):
        baseline.load(str(tmp_path / "known.json"))


def test_a_baseline_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        baseline.save(str(tmp_path / "no" / "such.json"), baseline.Baseline())
