"""The language server, driven over stdin and stdout by a client of the protocol."""

import asyncio
import json
import queue
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastasync_lint import background
from fastasync_lint import editor as editor_module
from fastasync_lint.editor import page_uri
from fastasync_lint.home import rule_url
from fastasync_lint.pipeline import Outcome, Request, check
from lsprotocol import types

from .editors import PATIENCE, Editor, editing
from .projects import API, HELPERS, write

SLEEPS = "import time\n\n\nasync def pause() -> None:\n    time.sleep(1)\n"
AWAITS = "import asyncio\n\n\nasync def pause() -> None:\n    await asyncio.sleep(1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"app/__init__.py": "", "app/api.py": API, "app/helpers.py": HELPERS, "app/sleeps.py": SLEEPS}
    return write(tmp_path, {**files, "pyproject.toml": ""})


def drive(folder: Path, steps: Callable[[Editor], Awaitable[None]]) -> None:
    async def session() -> None:
        async with editing(folder) as editor:
            await steps(editor)

    asyncio.run(session())


def test_a_fix_makes_the_document_clean(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/sleeps.py")
        (found,) = await editor.diagnostics("app/sleeps.py")
        actions = await editor.actions("app/sleeps.py", found)
        assert list(actions) == ["Await `asyncio.sleep`", "Suppress FSA101 with a comment"]
        assert [action.is_preferred for action in actions.values()] == [True, None]
        editor.apply("app/sleeps.py", actions["Await `asyncio.sleep`"])
        assert "    await asyncio.sleep(1)" in editor.texts["app/sleeps.py"]
        assert await editor.diagnostics("app/sleeps.py") == []

    drive(project, steps)
    assert (project / "app/sleeps.py").read_text() == SLEEPS


def test_a_comment_suppresses(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/sleeps.py")
        (found,) = await editor.diagnostics("app/sleeps.py")
        actions = await editor.actions("app/sleeps.py", found)
        editor.apply("app/sleeps.py", actions["Suppress FSA101 with a comment"])
        assert editor.texts["app/sleeps.py"] == SLEEPS.replace("(1)", "(1)  # fastasync: ignore[FSA101]")
        assert await editor.diagnostics("app/sleeps.py") == []

    drive(project, steps)


def test_a_diagnostic_tells_all_of_a_finding(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/api.py")
        user, home, pause = await editor.diagnostics("app/api.py")
        assert user.range == types.Range(types.Position(11, 11), types.Position(11, 24))
        assert (user.code, user.source, user.severity) == ("FSA102", "fastasync", types.DiagnosticSeverity.Error)
        assert user.message.startswith(
            "`profile` blocks the event loop: it reaches `requests.get` through `fetch`\nhelp: "
        )
        # An installed tool has no page to point at as long as the project has no public home.
        page = page_uri(rule_url("blocking-http-call"))
        assert (user.code_description.href if user.code_description else "") == page
        steps_of_chain = [
            (one.location.uri, one.location.range.start.line, one.message) for one in user.related_information or []
        ]
        assert steps_of_chain == [
            (editor.uri("app/api.py"), 11, "user calls profile"),
            (editor.uri("app/helpers.py"), 8, "profile calls fetch"),
            (editor.uri("app/helpers.py"), 4, "fetch calls requests.get"),
        ]
        assert (home.code, pause.code, pause.related_information) == ("FSA102", "FSA101", None)

    drive(project, steps)


def test_a_rule_page_is_an_address_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/sleep.md").touch()
    monkeypatch.setattr(editor_module, "_CHECKOUT", tmp_path)
    assert page_uri("docs/sleep.md") == (tmp_path / "docs/sleep.md").as_uri()
    assert page_uri("docs/absent.md") == ""
    assert page_uri("https://example.org/sleep.md") == "https://example.org/sleep.md"


def test_unsaved_text_is_checked_in_every_document_that_is_open(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/helpers.py")
        assert await editor.diagnostics("app/helpers.py") == []
        editor.open("app/api.py")
        assert [one.code for one in await editor.diagnostics("app/api.py")] == ["FSA102", "FSA102", "FSA101"]
        editor.type("app/helpers.py", "def fetch(url): return url\ndef profile(name): return name\n")
        assert [one.code for one in await editor.diagnostics("app/api.py")] == ["FSA101"]

    drive(project, steps)


def test_saving_checks_what_changed_on_disk(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/api.py")
        assert len(await editor.diagnostics("app/api.py")) == 3
        (project / "app/helpers.py").write_text("def fetch(url): ...\ndef profile(name): ...\n")
        editor.save("app/api.py")
        assert [one.code for one in await editor.diagnostics("app/api.py")] == ["FSA101"]

    drive(project, steps)


@pytest.mark.parametrize(
    ("encodings", "column"),
    [(None, 16), ([types.PositionEncodingKind.Utf8], 20), ([types.PositionEncodingKind.Utf32], 14)],
    ids=["utf-16", "utf-8", "utf-32"],
)
def test_positions_count_in_the_units_of_the_client(
    tmp_path: Path, encodings: list[types.PositionEncodingKind] | None, column: int
) -> None:
    text = "import time\nasync def pause():\n    x = '\U0001f40d\U0001f40d'; time.sleep(1)\n"
    write(tmp_path, {"app.py": text, "pyproject.toml": ""})

    async def session() -> None:
        async with editing(tmp_path, encodings) as editor:
            editor.open("app.py")
            (found,) = await editor.diagnostics("app.py")
            assert (found.range.start.line, found.range.start.character) == (2, column)
            assert found.range.end.character - found.range.start.character == len("time.sleep(1)")

    asyncio.run(session())


def test_edits_are_right_behind_wide_characters(tmp_path: Path) -> None:
    text = "import time\nasync def pause():\n    x = '\U0001f40d\U0001f40d'; time.sleep(1)\n"
    write(tmp_path, {"app.py": text, "pyproject.toml": ""})

    async def session() -> None:
        async with editing(tmp_path, versioned=False) as editor:
            editor.open("app.py")
            (found,) = await editor.diagnostics("app.py")
            actions = await editor.actions("app.py", found)
            editor.apply("app.py", actions["Await `asyncio.sleep`"])
            assert "x = '\U0001f40d\U0001f40d'; await asyncio.sleep(1)\n" in editor.texts["app.py"]

    asyncio.run(session())


def test_text_that_cannot_be_parsed(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/sleeps.py", "import time\nasync def pause(:\n")
        (found,) = await editor.diagnostics("app/sleeps.py")
        assert found.message.startswith("not checked: syntax error")
        assert (found.range.start.line, found.severity) == (1, types.DiagnosticSeverity.Error)
        assert await editor.actions("app/sleeps.py", found) == {}
        editor.type("app/sleeps.py", SLEEPS)
        assert [one.code for one in await editor.diagnostics("app/sleeps.py")] == ["FSA101"]

    drive(project, steps)


def test_closing_takes_the_diagnostics_away(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        editor.open("app/sleeps.py")
        assert len(await editor.diagnostics("app/sleeps.py")) == 1
        editor.close("app/sleeps.py")
        assert await editor.diagnostics("app/sleeps.py") == []

    drive(project, steps)


def test_settings_that_cannot_be_used_are_a_message(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.fastasync.lint]\nselct = []\n")

    async def steps(editor: Editor) -> None:
        editor.open("app/sleeps.py")
        assert "selct" in await asyncio.wait_for(editor.messages.get(), 60)
        (project / "pyproject.toml").write_text("[tool.fastasync.lint]\nignore = ['FSA101']\n")
        editor.save("app/sleeps.py")
        assert await editor.diagnostics("app/sleeps.py") == []

    drive(project, steps)


def test_a_failure_of_the_check_is_told_and_takes_no_diagnostics_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered: queue.Queue[tuple[list[background.Result], str]] = queue.Queue()
    (tmp_path / "a.py").touch()
    path = str(tmp_path / "a.py")
    checker = background.Checker(lambda results, documents, why: delivered.put((results, why)))
    try:
        with monkeypatch.context() as patch:
            patch.setattr(background, "check", lambda request: 1 // 0)
            checker.ask({path: background.Document(1, b"")}, [path])
            assert delivered.get(timeout=60) == (
                [],
                "internal error: ZeroDivisionError('integer division or modulo by zero')",
            )
        checker.ask({path: background.Document(2, b"")}, [path])
        assert delivered.get(timeout=60) == ([background.Result(path, 2, [], [])], "")
    finally:
        checker.stop()


def test_edits_in_a_row_are_answered_before_everything_is_checked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered: queue.Queue[list[background.Result]] = queue.Queue()
    whole: list[Request] = []

    def noted(request: Request) -> Outcome:
        whole.append(request)
        return check(request)

    monkeypatch.setattr(background, "check", noted)
    write(tmp_path, {"sleeps.py": SLEEPS, "pyproject.toml": ""})
    path = str(tmp_path / "sleeps.py")

    def edit(version: int, text: str) -> list[str]:
        checker.ask({path: background.Document(version, text.encode())}, [path])
        [result] = delivered.get(timeout=PATIENCE)
        assert result.version == version
        return [finding.code for finding in result.findings]

    checker = background.Checker(lambda results, documents, why: delivered.put(results))
    try:
        assert edit(1, SLEEPS) == ["FSA101"]
        monkeypatch.setattr(background, "REST", PATIENCE)
        assert [edit(2, AWAITS), edit(3, SLEEPS), edit(4, AWAITS)] == [[], ["FSA101"], []]
        assert len(whole) == 1
        monkeypatch.setattr(background, "REST", 0)
        assert edit(5, SLEEPS + "\n") == ["FSA101"]
        assert [finding.code for finding in delivered.get(timeout=PATIENCE)[0].findings] == ["FSA101"]
        assert len(whole) == 2
    finally:
        checker.stop()


@pytest.mark.parametrize(
    ("said", "status"),
    [([], 0), (["shutdown", "exit"], 0), (["exit"], 1)],
    ids=["the editor went away", "as announced", "without an announcement"],
)
def test_the_server_ends_at_once(project: Path, said: list[str], status: int) -> None:
    messages = [{"id": 1, "method": "initialize", "params": {"rootUri": project.as_uri(), "capabilities": {}}}]
    document = {"uri": (project / "app/api.py").as_uri(), "languageId": "python", "version": 1, "text": API}
    messages.append({"method": "textDocument/didOpen", "params": {"textDocument": document}})  # a check is under way
    messages += [{"id": 2, "method": "shutdown"} if one == "shutdown" else {"method": one} for one in said]
    texts = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    data = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(text), text) for text in texts)
    command = [sys.executable, "-m", "fastasync", "server"]
    assert subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE).returncode == status
