"""The command, from bad input to the files it writes."""

import os
import pty
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastasync import project
from fastasync.cli import app
from typer.testing import CliRunner, Result

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["new", *arguments])

    return run


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_the_default_service_has_its_files(run: Run, tmp_path: Path) -> None:
    result = run("my-api", "--defaults")
    assert result.exit_code == 0, result.output
    made = files(tmp_path / "my-api")
    assert {
        "pyproject.toml",
        "README.md",
        "AGENTS.md",
        ".env",
        ".gitignore",
        ".pre-commit-config.yaml",
        ".github/workflows/ci.yml",
        "Dockerfile",
        "alembic.ini",
        "src/my_api/main.py",
        "src/my_api/items/routes.py",
        "src/my_api/py.typed",
        "tests/test_items.py",
    } <= made
    assert not [name for name in made if name.endswith(".jinja") or "__pycache__" in name or "{" in name]
    for name in made:
        text = (tmp_path / "my-api" / name).read_text("utf-8")
        assert "{%" not in text, name
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), name


def test_the_project_is_a_clean_repository_with_one_commit(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "someone@example.com")
    assert run("myapi", "--defaults").exit_code == 0

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=tmp_path / "myapi", check=True, capture_output=True, text=True
        ).stdout

    assert git("status", "--porcelain") == ""
    assert len(git("log", "--format=%s").splitlines()) == 1
    assert ".env" not in git("ls-files").splitlines()


def test_without_git_there_is_no_repository(run: Run, tmp_path: Path) -> None:
    assert run("myapi", "--defaults", "--no-git").exit_code == 0
    assert not (tmp_path / "myapi" / ".git").exists()


def test_a_project_inside_a_repository_gets_none_of_its_own(run: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    result = run("myapi", "--defaults")
    assert "inside another repository" in result.output
    assert not (tmp_path / "myapi" / ".git").exists()


def test_the_next_steps_name_what_exists(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("myapi", "--defaults", "--no-git")
    assert "uv run alembic upgrade head" in result.output
    assert "uv run myapi" in result.output
    monkeypatch.setenv("PATH", "")
    result = run("other", "--defaults")
    assert "pip install --editable . --group dev" in result.output
    assert "git is not installed" in result.output


def test_a_dry_run_prints_the_tree_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("myapi", "--defaults", "--dry-run", "--save-config", "choices.toml")
    assert result.exit_code == 0
    assert "pyproject.toml" in result.output
    assert "src/" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_flag_wins_over_the_file_and_the_file_over_the_preset(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.toml").write_text('workers = "3"\ndeploy = ["docker"]\n', "utf-8")
    arguments = ["--preset", "minimal", "--config", "in.toml", "--workers", "5", "--save-config", "out.toml"]
    result = run("myapi", "--no-git", *arguments)
    assert result.exit_code == 0, result.output
    saved = (tmp_path / "out.toml").read_text("utf-8")
    assert 'workers = "5"' in saved
    assert 'deploy = ["docker"]' in saved
    assert 'ci = "none"' in saved


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["asyncio"], "standard library"),
        (["taken"], "taken exists and is not empty"),
        (["file"], "file exists and is not a folder"),
        (["myapi", "--database", "oracle"], "--database does not know 'oracle'"),
        (["myapi", "--preset", "huge"], "--preset does not know 'huge'"),
        (["myapi", "--directory", "nowhere"], "nowhere is not a folder"),
        (["myapi", "--workers", "none"], "--workers takes a number"),
        (["myapi", "--save-config", "nowhere/choices.toml"], "nowhere/choices.toml cannot be written"),
    ],
)
def test_bad_input_is_one_line_and_leaves_everything_as_it_was(
    run: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "main.py").touch()
    (tmp_path / "file").touch()
    before = files(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert files(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]


def test_every_project_has_secrets_of_its_own_outside_of_version_control(run: Run, tmp_path: Path) -> None:
    arguments = ["--defaults", "--database", "postgresql", "--auth", "jwt", "--deploy", "docker,compose"]
    for name in ("one", "other"):
        assert run(name, *arguments).exit_code == 0
    one, other = (dict(settings_of(tmp_path / name / ".env")) for name in ("one", "other"))
    assert one.keys() == other.keys()
    differing = {name for name in one if one[name] != other[name]}
    assert differing == {"AUTH_KEYS", "DATABASE_PASSWORD"}
    assert all(len(one[name]) >= 32 for name in differing)
    example = dict(settings_of(tmp_path / "one" / ".env.example"))
    assert {name for name, value in example.items() if "change-me" in value} >= differing
    assert ".env" in (tmp_path / "one" / ".gitignore").read_text("utf-8").splitlines()


def settings_of(path: Path) -> list[list[str]]:
    """The names and values in an environment file."""
    return [line.split("=", 1) for line in path.read_text("utf-8").splitlines() if "=" in line and line[0] != "#"]


def test_an_empty_folder_is_filled_and_is_as_open_as_any(run: Run, tmp_path: Path) -> None:
    (tmp_path / "myapi").mkdir()
    assert run("myapi", "--defaults").exit_code == 0
    (tmp_path / "plain").mkdir()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("myapi", "plain")}
    assert len(modes) == 1


def test_a_failure_half_way_removes_what_was_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        assert files(folder)
        raise RuntimeError("half-way")

    monkeypatch.setattr(project, "format_code", fail)
    assert isinstance(run("myapi", "--defaults").exception, RuntimeError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_removes_what_was_written(tmp_path: Path, number: signal.Signals) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    hanging = tools / "git"
    waiting = tmp_path / "waiting"
    hanging.write_text(
        f'#!/bin/sh\n[ "$1" = add ] && : > "{waiting}" && exec sleep 60\nexec {shutil.which("git")} "$@"\n', "utf-8"
    )
    hanging.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "fastasync", "new", "myapi", "--defaults"],
        cwd=work,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not waiting.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(work.glob("*/pyproject.toml"))
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert b"Traceback" not in errors
    assert list(work.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_on_a_terminal_the_choices_are_asked_for(tmp_path: Path) -> None:
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fastasync", "new", "myapi", "--no-git", "--database", "sqlite"],
        cwd=tmp_path,
        env={**os.environ, "TERM": "dumb"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    seen = b""
    # A terminal answers questions about the cursor; Enter takes the default of each question.
    while process.poll() is None or b"Next:" not in seen:
        try:
            part = os.read(main, 4096)
        except OSError:
            break
        seen += part
        if b"\x1b[6n" in part:
            os.write(main, b"\x1b[1;1R")
        if b"?" in part:
            os.write(main, b"\r")
    os.close(main)
    assert process.wait(timeout=30) == 0, seen.decode(errors="replace")
    assert b"Which server" in seen
    assert b"Which database" not in seen, "a flag had answered this question"
    assert b"asyncpg (for postgresql)" in seen, "what does not fit the answers before cannot be chosen"
    assert (tmp_path / "myapi" / "pyproject.toml").is_file()


def test_libcst_is_not_imported() -> None:
    code = "import sys, fastasync.cli, fastasync.options, fastasync.project, copier; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_removes_what_was_begun_unless_it_is_ignored(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_DFL)  # it may be ignored from outside, as `nohup` has it
    try:
        with pytest.raises(SystemExit) as end, project.staging_folder(tmp_path):
            signal.raise_signal(number)
        assert end.value.code == 128 + number
        signal.signal(number, signal.SIG_IGN)
        with project.staging_folder(tmp_path) as folder:
            signal.raise_signal(number)
            assert folder.is_dir()
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)
    assert not any(tmp_path.iterdir())
