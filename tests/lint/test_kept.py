"""Analyses kept between runs: for which files one is found again, and that results never depend on it."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from fastasync_lint import background, cachedir, engine, kept
from fastasync_lint.background import Checker, Document, Documents, Result
from fastasync_lint.facts.cache import digest
from fastasync_lint.pipeline import Outcome, Request, check
from fastasync_lint.settings import Settings

APP = '''\
"""An app."""

import uvicorn
from fastapi import Depends, FastAPI

from helpers import fetch, session

app = FastAPI()


@app.get("/")
async def view(db=Depends(session)):
    """Answers."""
    print("äöü", fetch(1, quick=False))
    return db


uvicorn.run(app, workers=4)
'''
HELPERS = '''\
"""Helpers."""

import time


def fetch(number, quick):
    """Waits."""
    if not quick:
        time.sleep(1)
    return number


def session():
    yield 1
'''
PLAIN = "VALUE = 1\n\n\nasync def tick():\n    open('a').read()\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "here" / "project"
    root.mkdir(parents=True)
    files = {"pyproject.toml": "", "app.py": APP, "helpers.py": HELPERS, "plain.py": PLAIN, "Dockerfile": "FROM x\n"}
    for name, text in files.items():
        (root / name).write_text(text)
    return root


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each evaluation."""
    found: list[int] = []
    evaluate = engine.evaluate

    def counted(*arguments: Any) -> Any:
        found.append(1)
        return evaluate(*arguments)

    monkeypatch.setattr(engine, "evaluate", counted)
    return found


def run(root: Path, *names: str, cache: bool = True, **more: Any) -> Outcome:
    paths = tuple(str(root / name) for name in names) or (str(root),)
    return check(Request(paths=paths, cache=cache, workers=1, **more))


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text()
    assert old in text
    (root / name).write_text(text.replace(old, new, 1))


def analyses(root: Path) -> list[Path]:
    return list((Path(cachedir.path(str(root))) / "analyses").iterdir())


def test_the_sample_has_findings_of_all_kinds(project: Path) -> None:
    found = {(os.path.basename(finding.filename), finding.code) for finding in run(project).findings}
    assert found == {("app.py", "FSA101"), ("app.py", "FSA401"), ("plain.py", "FSA104")}


SAME = {
    "a comment above": ("helpers.py", "import time", "# about time\nimport time"),
    "a comment in a function": ("helpers.py", "    if not", "    # in haste?\n    if not"),
    "a docstring": ("helpers.py", "Waits.", "Waits for a second, or more.\n\n    Or so."),
    "a call on two lines": ("helpers.py", "time.sleep(1)", "time.sleep(\n            1\n        )"),
    "a blank line": ("plain.py", "VALUE", "\n\nVALUE"),
    "spaces": ("plain.py", "open('a').read()", "open( 'a' ) . read()"),
    "what the structure looks at": ("app.py", "@app.get", "# the root\n@app.get"),
    "behind letters of two bytes": ("app.py", 'print("äöü", f', 'print( "äöü",  f'),
    "a comment that suppresses": ("plain.py", ".read()", ".read()  # fastasync: ignore[FSA104]"),
    "words that the structure looks for": ("plain.py", "VALUE", "# import uvicorn, Depends(x)\nVALUE"),
}


@pytest.mark.parametrize(("name", "old", "new"), SAME.values(), ids=SAME)
def test_what_means_the_same_is_found_again(project: Path, evaluated: list[int], name: str, old: str, new: str) -> None:
    run(project)
    edit(project, name, old, new)
    found = run(project)
    assert len(evaluated) == 1
    assert found.findings == run(project, cache=False).findings


DIFFERENT = {
    "an argument": ("app.py", "quick=False", "quick=True"),
    "a call more": ("plain.py", "open('a')", "print()\n    open('a')"),
    "another name": ("plain.py", "VALUE", "OTHER"),
    "a marker": ("helpers.py", "def fetch(number, quick):", "def fetch(number, quick):  # fastasync: non-blocking"),
    "another order": ("app.py", "fetch, session", "session, fetch"),
    "two that are no more than one": ("plain.py", "1\n", "1; OTHER = 1\n"),
    "no longer Python": ("plain.py", "VALUE", "def"),
    "a function behind": ("plain.py", ".read()", ".read()\n\n\nasync def more():\n    open('b').read()"),
    "another file that starts servers": ("Dockerfile", "x", "x\nCMD uvicorn app:app --workers 4 --reload"),
}


@pytest.mark.parametrize(("name", "old", "new"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_means_something_else_is_analysed(
    project: Path, evaluated: list[int], name: str, old: str, new: str
) -> None:
    run(project)
    edit(project, name, old, new)
    found = run(project)
    assert len(evaluated) == 2
    fresh = run(project, cache=False)
    assert (found.findings, found.problems) == (fresh.findings, fresh.problems)


def test_one_change_after_another(project: Path, evaluated: list[int]) -> None:
    run(project)
    for number in range(3):
        edit(project, "helpers.py", "import time", f"# {number}\nimport time")
        edit(project, "plain.py", "VALUE", "\nVALUE")
        assert run(project).findings == run(project, cache=False).findings
    assert len(evaluated) == 1 + 3


def test_times_and_options_do_not_count(project: Path, evaluated: list[int]) -> None:
    whole = run(project)
    os.utime(project / "app.py", (1, 1))
    assert run(project, details="none").calls == whole.calls
    assert run(project, settings=Settings(ignore=("FSA1",))).findings
    alone = run(project, "plain.py")
    assert len(evaluated) == 1
    assert alone.findings == [finding for finding in whole.findings if finding.filename.endswith("plain.py")]


def test_one_file_asked_for_makes_the_analysis_of_all(project: Path, evaluated: list[int]) -> None:
    run(project, "plain.py")
    assert run(project).findings == run(project, cache=False).findings
    assert len(evaluated) == 2


def test_a_checkout_elsewhere(project: Path, evaluated: list[int]) -> None:
    run(project)
    there = project.parent.parent / "there" / "project"
    shutil.copytree(project, there)
    assert run(there).findings == run(there, cache=False).findings
    assert len(evaluated) == 2
    other = there.rename(there.with_name("other"))  # modules may be imported by the folder's name
    run(other)
    assert len(evaluated) == 3


def test_unsaved_text_counts(project: Path, evaluated: list[int]) -> None:
    run(project)
    name = str(project / "plain.py")
    quiet = run(project, overlay={name: PLAIN.replace("open('a')", "None").encode()})
    assert len(evaluated) == 2
    assert not any(finding.filename.endswith("plain.py") for finding in quiet.findings)
    moved = run(project, overlay={name: b"# unsaved\n" + PLAIN.encode()})
    assert len(evaluated) == 2
    assert {finding.location.row for finding in moved.findings if finding.filename.endswith("plain.py")} == {6}


@pytest.mark.parametrize(
    "settings",
    [Settings(blocking=("helpers.session",)), Settings(offload=("helpers.fetch",))],
    ids=["blocking", "offload"],
)
def test_what_the_settings_say_of_functions_counts(project: Path, evaluated: list[int], settings: Settings) -> None:
    run(project)
    run(project, settings=settings)
    assert len(evaluated) == 2


@pytest.mark.parametrize("what", ["nothing", "garbage", "half", "another", "one bit"])
def test_what_cannot_be_read_is_made_again(project: Path, evaluated: list[int], what: str) -> None:
    right = run(project).findings
    (path,) = analyses(project)
    data = path.read_bytes()
    broken = {
        "nothing": b"",
        "garbage": os.urandom(500),
        "half": data[: len(data) // 2],
        "another": digest(b"\xc0") + b"\xc0",
        "one bit": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    }
    path.write_bytes(broken[what])
    assert run(project).findings == right
    assert len(evaluated) == 2
    assert path.read_bytes() == data


def test_a_file_that_changes_meanwhile(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate = engine.evaluate

    def edited(*arguments: Any) -> Any:
        edit(project, "plain.py", "VALUE", "OTHER")
        return evaluate(*arguments)

    monkeypatch.setattr(engine, "evaluate", edited)
    run(project)
    assert not (Path(cachedir.path(str(project))) / "analyses").exists()


def test_only_so_many_are_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for number in range(4):
        (project / "plain.py").write_text(f"VALUE_{number} = 1\n")
        run(project)
    assert len(analyses(project)) == 2


def test_without_a_cache_nothing_is_kept(project: Path) -> None:
    run(project, cache=False)
    assert not Path(cachedir.path(str(project))).exists()


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    Path(cachedir.path(str(project))).write_text("no folder")
    assert run(project).findings == run(project, cache=False).findings


def test_an_editor_shows_at_once_what_a_run_has_found(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [finding for finding in run(project).findings if finding.filename.endswith("app.py")]
    expected = [(finding.code, finding.location) for finding in found]
    answers: list[tuple[list[Result], str]] = []
    ended = threading.Event()

    def deliver(results: list[Result], documents: Documents, failure: str) -> None:
        answers.append((results, failure))
        if failure:
            ended.set()

    def fail(request: Request) -> Outcome:
        raise RuntimeError("no whole check")

    monkeypatch.setattr(background, "check", fail)
    path = str(project / "app.py")
    checker = Checker(deliver)
    checker.ask({path: Document(1, (project / "app.py").read_bytes())}, [path])
    assert ended.wait(20)
    checker.stop()
    (results, _), (_, failure) = answers
    assert [(finding.code, finding.location) for finding in results[0].findings] == expected
    assert "no whole check" in failure
