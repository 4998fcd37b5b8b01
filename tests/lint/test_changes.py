"""`--since`: what is new against a revision, on both trees."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from fastasync.cli import app
from fastasync_lint import analysis, changes, engine, processes
from fastasync_lint.facts import parse, spread
from typer.testing import CliRunner, Result

from .projects import API, HELPERS, sample, write

BLOCKING = "import requests\n\n\ndef fetch(url: str) -> str:\n    return requests.get(url, timeout=3).text\n"
HARMLESS = "def fetch(url: str) -> str:\n    return url\n"
ENDPOINT = """\
from fastapi import FastAPI

from service.helpers import fetch

app = FastAPI()


@app.get("/home")
async def home() -> str:
    return fetch("https://home.example/")
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lint", "--output-format", "json", *arguments])


def places(result: Result) -> list[tuple[str, str]]:
    return [(finding["filename"], finding["function"]) for finding in json.loads(result.stdout)]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose branch `work` makes a helper block; the endpoint that calls it is as on `main`."""
    root = tmp_path / "repository"
    files = {
        "pyproject.toml": "",
        "service/api.py": ENDPOINT,
        "service/helpers.py": HARMLESS,
        "service/__init__.py": "",
    }
    write(root, files)
    git(root, "init", "-q", "-b", "main")
    commit(root, "harmless")
    git(root, "switch", "-q", "-c", "work")
    write(root, {"service/helpers.py": BLOCKING})
    commit(root, "now it blocks")
    monkeypatch.chdir(root)
    return root


def test_a_changed_helper_is_reported_at_its_unchanged_caller(repository: Path) -> None:
    result = run("--since", "main")
    assert result.exit_code == 1
    assert places(result) == [("service/api.py", "home")]
    assert run("--since", "HEAD").exit_code == 0


def test_what_was_there_is_not_new(repository: Path) -> None:
    write(repository, {"service/more.py": ENDPOINT})
    assert places(run("--since", "HEAD")) == [("service/more.py", "home")]
    git(repository, "mv", "service/api.py", "service/views.py")
    (repository / "service/more.py").unlink()
    assert run("--since", "HEAD").exit_code == 0


def test_changes_that_are_not_committed_count(repository: Path) -> None:
    write(repository, {"service/late.py": "import time\n\n\nasync def late() -> None:\n    time.sleep(1)\n"})
    assert places(run("--since", "HEAD")) == [("service/late.py", "late")]


def test_a_comment_that_is_taken_away_makes_a_finding_new(repository: Path) -> None:
    text = ENDPOINT.replace('example/")', 'example/")  # fastasync: ignore[FSA102]')
    write(repository, {"service/api.py": text})
    commit(repository, "suppressed")
    write(repository, {"service/api.py": ENDPOINT})
    assert places(run("--since", "HEAD")) == [("service/api.py", "home")]


def test_three_dots_stand_for_where_the_branch_left(repository: Path) -> None:
    git(repository, "switch", "-q", "main")
    write(repository, {"service/other.py": ""})
    commit(repository, "meanwhile")
    git(repository, "switch", "-q", "work")
    assert places(run("--since", "main...")) == [("service/api.py", "home")]


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(tmp_path / "backend")
    git(tmp_path, "init", "-q")
    commit(tmp_path, "all there")
    monkeypatch.chdir(tmp_path / "backend")
    assert run("--since", "HEAD").exit_code == 0
    write(tmp_path, {"backend/app/more.py": API})
    assert len(places(run("--since", "HEAD"))) == 3


def test_a_project_that_is_new_is_all_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"README": ""})
    git(tmp_path, "init", "-q")
    commit(tmp_path, "empty")
    monkeypatch.chdir(sample(tmp_path / "backend"))
    assert len(places(run("--since", "HEAD"))) == 3


def test_files_that_archives_leave_out_are_compared(repository: Path) -> None:
    write(repository, {".gitattributes": "*.py export-ignore\n"})
    commit(repository, "attributes")
    assert run("--since", "HEAD").exit_code == 0


def test_one_file_and_settings_hold_on_both_sides(repository: Path) -> None:
    assert run("--since", "main", "service/helpers.py").exit_code == 0
    assert places(run("--since", "main", "service/api.py")) == [("service/api.py", "home")]
    write(repository, {"pyproject.toml": "[tool.fastasync.lint]\nextend-exclude = ['service/api.py']\n"})
    assert run("--since", "main").exit_code == 0


def test_a_shallow_clone_works_or_says_what_to_fetch(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=work", f"file://{repository}", str(clone))
    result = CliRunner().invoke(app, ["lint", str(clone), "--since", "main"])
    assert result.exit_code == 2
    assert result.stderr == (
        "error: --since main: no such revision here; the clone is shallow, so run: git fetch --depth=1 origin main\n"
    )
    git(clone, "fetch", "-q", "--depth=1", "origin", "main")
    found = CliRunner().invoke(app, ["lint", str(clone), "--since", "FETCH_HEAD", "--output-format", "json"])
    assert [finding["function"] for finding in json.loads(found.stdout)] == ["home"]


@pytest.mark.parametrize("revision", ["no-such", "no-such...", "HEAD~99"])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    result = run("--since", revision)
    assert result.exit_code == 2
    assert result.stderr == f"error: --since {revision}: no such revision here\n"


def test_a_folder_without_a_repository_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.py": HELPERS})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = run("--since", "HEAD")
    assert result.exit_code == 2
    assert "--since needs a git repository" in result.stderr
    monkeypatch.setenv("PATH", "")
    assert "git, which is not installed" in run("--since", "HEAD").stderr


def test_what_starts_servers_is_compared(repository: Path) -> None:
    write(repository, {"Dockerfile": 'FROM python\nCMD ["uvicorn", "service.api:app", "--reload"]\n'})
    assert places(run("--since", "HEAD")) == [("Dockerfile", "")]
    commit(repository, "a server")
    assert run("--since", "HEAD").exit_code == 0


def test_the_revision_is_analysed_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analysed = []
    analyse = engine.analyse

    def counted(root: Path, *arguments: Any, **more: Any) -> Any:
        analysed.append(root == repository)
        return analyse(root, *arguments, **more)

    monkeypatch.setattr(engine, "analyse", counted)
    first = run("--since", "main")
    assert analysed == [True, False]
    write(repository, {"service/more.py": ENDPOINT})
    assert len(places(run("--since", "main"))) == 2
    assert analysed == [True, False, True]
    (repository / "service/more.py").unlink()
    git(repository, "switch", "-q", "main")  # nothing differs from what was analysed as the revision
    assert run("--since", "work").exit_code == 0
    assert analysed == [True, False, True]
    git(repository, "switch", "-q", "work")
    assert run("--since", "main").stdout == first.stdout
    assert analysed == [True, False, True]
    run("--since", "main", "--no-cache")
    assert analysed == [True, False, True, True, False]


@pytest.mark.parametrize("dies", [False, True])
def test_a_copy_of_the_process_analyses_the_revision(
    repository: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    monkeypatch.setattr(processes, "LEAST", 1)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    here, analyse, seen = os.getpid(), analysis.analyse, []

    def counted(*arguments: Any, **more: Any) -> Any:
        seen.append(os.getpid())
        if dies and os.getpid() != here:
            os._exit(9)
        return analyse(*arguments, **more)

    monkeypatch.setattr(changes, "analyse", counted)
    assert places(run("--since", "main", "--no-cache")) == [("service/api.py", "home")]
    assert seen == ([here] if dies else [])


def test_files_that_are_the_same_are_parsed_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    texts: list[bytes] = []

    def recorded(source: bytes) -> Any:
        texts.append(source)
        return parse.facts(source)

    monkeypatch.setattr(spread, "facts", recorded)
    facts = (repository / ".fastasync_cache" / "facts").read_bytes()
    assert places(run("--since", "main")) == [("service/api.py", "home")]
    assert texts == [HARMLESS.encode()]
    assert (repository / ".fastasync_cache" / "facts").read_bytes() == facts
