"""Settings: strict decoding, selection as Ruff does it, globs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.errors import UserError
from fastasync_lint.model import Severity
from fastasync_lint.settings import Selection, Settings, enabled, ignored_in_file, load

CODES = ("FSA101", "FSA102", "FSA201", "FSA301", "FSA302")


def read(folder: Path, table: str) -> Settings:
    (folder / "pyproject.toml").write_text(f"[tool.fastasync.lint]\n{table}")
    return load(str(folder))


def test_every_key(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        select = ["FSA1"]
        ignore = ["FSA112"]
        exclude = ["a"]
        extend-exclude = ["b/*.py"]
        per-file-ignores = { "tests/*" = ["FSA101"] }
        blocking = ["app.slow"]
        offload = ["app.threads.run"]
        fix-style = "anyio"
        min-severity = "info"
        baseline = "known.json"
        """,
    )
    assert settings == Settings(
        select=("FSA1",),
        ignore=("FSA112",),
        exclude=("a",),
        extend_exclude=("b/*.py",),
        per_file_ignores={"tests/*": ("FSA101",)},
        blocking=("app.slow",),
        offload=("app.threads.run",),
        fix_style="anyio",
        min_severity=Severity.INFO,
        baseline="known.json",
        folder=str(tmp_path),
    )
    assert settings.excluded == ("a", "b/*.py")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("selct = []", "unknown key `selct` in [tool.fastasync.lint] (did you mean `select`?); allowed: baseline,"),
        ("folder = '/'", "unknown key `folder`"),
        ("command-line = {}", "unknown key `command-line`"),
        ("select = 'FSA1'", "`select` in [tool.fastasync.lint] is 'FSA1'; it must be a list of rule codes"),
        ("select = [1]", "it must be a list of rule codes"),
        ("min-severity = 'fatal'", "it must be one of info, warning, error"),
        ("fix-style = 'thread'", "it must be one of auto, run-in-executor, to-thread, anyio, run-in-threadpool"),
        ("select = ['FSA999']", "select: no rule has the code or prefix `FSA999`"),
        ("ignore = ['FSA1O1']", "ignore: no rule has the code or prefix `FSA1O1` (did you mean `FSA1"),
        ("per-file-ignores = { 'a' = ['E501'] }", "no rule has the code or prefix `E501`"),
        ("select = [", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        read(tmp_path, table)
    assert str(raised.value).startswith(str(tmp_path / "pyproject.toml"))
    assert said in str(raised.value)


@pytest.mark.parametrize("document", ["[tool]\nfastasync = 3", "[tool.fastasync]\nlint = []"])
def test_what_is_no_table_is_refused(tmp_path: Path, document: str) -> None:
    (tmp_path / "pyproject.toml").write_text(document)
    with pytest.raises(UserError, match="must be a table"):
        load(str(tmp_path))


def test_the_nearest_file_with_the_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "services" / "api"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[project]\nname = 'api'\n")
    (tmp_path / "pyproject.toml").write_text("[tool.fastasync.lint]\nselect = ['FSA2']\n")
    assert load(str(inner)).select == ("FSA2",)
    (inner / "pyproject.toml").write_text("[tool.fastasync.lint]\n")
    assert load(str(inner)).select == ("FSA",)


def test_without_a_table_settings_are_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'fastasync-user'\n")
    inner = tmp_path / "src"
    inner.mkdir()
    assert load(str(inner)) == Settings(folder=str(tmp_path))


@pytest.mark.parametrize(
    ("select", "ignore", "over", "on"),
    [
        pytest.param(("FSA",), (), Selection(), CODES, id="all"),
        pytest.param(("ALL",), ("FSA3",), Selection(), CODES[:3], id="ignored prefix"),
        pytest.param(("FSA3", "FSA101"), (), Selection(), ("FSA101", "FSA301", "FSA302"), id="several"),
        pytest.param(("FSA301",), ("FSA3",), Selection(), ("FSA301",), id="longer select wins"),
        pytest.param(("FSA301",), ("FSA301",), Selection(), (), id="ignore wins a tie"),
        pytest.param((), (), Selection(), (), id="none"),
        pytest.param(("FSA1",), ("FSA2",), Selection(("FSA2",)), ("FSA201",), id="command line replaces"),
        pytest.param(("FSA",), (), Selection(None, ("FSA1", "FSA3")), ("FSA201",), id="command line takes away"),
        pytest.param(("FSA101",), (), Selection(None, ("FSA1",)), (), id="upper layer wins over a longer prefix"),
        pytest.param(("FSA",), (), Selection(("FSA1",), ("FSA102",)), ("FSA101",), id="both on the command line"),
    ],
)
def test_selection(select: tuple[str, ...], ignore: tuple[str, ...], over: Selection, on: tuple[str, ...]) -> None:
    settings = Settings(select=select, ignore=ignore, command_line=over)
    assert enabled(settings, CODES) == frozenset(on)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("tests/*", "/p/tests/a/b.py", True),
        ("test_*.py", "/p/app/test_a.py", True),
        ("app/a.py", "/p/app/a.py", True),
        ("app/a.py", "/p/other/app/a.py", False),
        ("!app/*", "/p/app/a.py", False),
        ("!app/*", "/p/tests/a.py", True),
    ],
)
def test_per_file_ignores(pattern: str, path: str, matches: bool) -> None:
    settings = Settings(per_file_ignores={pattern: ("FSA1",)}, folder="/p")
    assert ignored_in_file(settings, path) == (("FSA1",) if matches else ())
