"""`fastasync update` between two releases that are built and unpacked, and what it refuses."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastasync.cli import app
from typer.testing import CliRunner

from .releases import HEALTH, HEALTH_NOW, NEW, OLD, SOMEONE, Release, commit, git, make_releases, replace

MINE = {"The process answers.": "This process answers."}
Releases = tuple[Release, Release]


@pytest.fixture(scope="session")
def releases(checkout_to_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return make_releases(checkout_to_release, tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def generated(releases: Releases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the old release."""
    folder = tmp_path_factory.mktemp("generated")
    releases[0].run(folder, "new", "service", "--preset", "minimal")
    return folder / "service"


@pytest.fixture
def service(generated: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(generated, tmp_path / "service")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but those of git."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def status(folder: Path) -> dict[str, str]:
    """The two letters of `git status`, by path."""
    return {line[3:]: line[:2] for line in git(folder, "status", "--porcelain", "--untracked-files=all").splitlines()}


@pytest.mark.slow
def test_an_update_keeps_what_the_user_did_and_brings_what_is_new(releases: Releases, service: Path) -> None:
    replace(service / "src/service/health.py", MINE)
    (service / "tests/test_limits.py").unlink()
    (service / "src/service/mine.py").write_text("MINE = 1\n", "utf-8")
    commit(service)

    before = contents(service.parent)
    dry = releases[1].run(service.parent, "update", "service", "--data", "cache=redis", "--dry-run")
    assert contents(service.parent) == before

    told = releases[1].run(service, "update", "--data", "cache=redis")

    assert dry.splitlines() == [*told.splitlines()[:-2], "Nothing was written."]
    health = (service / "src/service/health.py").read_text("utf-8")
    assert health.startswith(HEALTH_NOW)
    assert "This process answers." in health
    assert not (service / "tests/test_limits.py").exists()
    assert (service / "src/service/mine.py").read_text("utf-8") == "MINE = 1\n"
    assert not (service / "AGENTS.md").exists()
    assert (service / "src/service/greeting.py").is_file()
    assert (service / "src/service/cache.py").is_file()
    recorded = (service / ".copier-answers.yml").read_text("utf-8")
    assert f"_commit: v{NEW}\n" in recorded
    assert 'cache: "redis"\n' in recorded
    assert set(status(service).values()) == {"M ", "A ", "D "}, "everything is staged"
    assert f"service from {OLD} to {NEW}: 7 changed, 5 added, 1 removed." in told
    for step in (
        "See whether you still do without tests/test_limits.py",
        "Install the dependencies",
        "Set GREETING where the service runs",
        "Set REDIS_URL where the service runs, unless redis://127.0.0.1:6379/0 is right there.",
        "alembic upgrade head",
    ):
        assert told.count(step) == 1, step
    commit(service)
    assert "is up to date" in releases[1].run(service, "update")
    assert status(service) == {}


@pytest.mark.slow
def test_the_result_is_what_the_new_release_generates(releases: Releases, service: Path, tmp_path: Path) -> None:
    releases[1].run(service, "update", "--data", "database=postgresql", "--data", "queue=taskiq")
    (tmp_path / "fresh").mkdir()
    flags = ["--preset", "minimal", "--database", "postgresql", "--queue", "taskiq", "--no-git"]
    releases[1].run(tmp_path / "fresh", "new", "service", *flags)
    assert contents(service) == contents(tmp_path / "fresh" / "service")


@pytest.mark.slow
def test_a_conflict_is_resolved_and_the_next_update_goes_on(releases: Releases, service: Path) -> None:
    replace(service / "src/service/health.py", {HEALTH: '"""Mine."""'})
    commit(service)
    told = releases[1].run(service, "update", status=1)
    assert "1 in conflict" in told
    assert "Resolve the conflicts in src/service/health.py, then `git add` it." in told
    health = service / "src/service/health.py"
    lines = health.read_text("utf-8").splitlines()
    assert lines[:5] == ["<<<<<<< HEAD", '"""Mine."""', "=======", HEALTH_NOW, f">>>>>>> v{NEW}"]
    assert status(service)["src/service/health.py"] == "UU"
    assert git(service, "show", ":1:src/service/health.py").startswith(HEALTH)
    assert git(service, "show", ":2:src/service/health.py").startswith('"""Mine."""')
    assert git(service, "show", ":3:src/service/health.py").startswith(HEALTH_NOW)

    refused = releases[1].run(service, "update", status=2)
    assert "(src/service/health.py): resolve and commit them first." in refused
    health.write_text("\n".join(['"""Mine, for all."""', *lines[5:]]) + "\n", "utf-8")
    git(service, "add", "src/service/health.py")
    git(service, "commit", "--quiet", "--message", "Updated")
    assert "is up to date" in releases[1].run(service, "update")
    releases[1].run(service, "add", "component", "cache")
    assert health.read_text("utf-8").startswith('"""Mine, for all."""')


@pytest.mark.slow
def test_the_undoing_that_it_names_undoes_it(releases: Releases, service: Path) -> None:
    replace(service / "src/service/health.py", {HEALTH: '"""Mine."""'})
    commit(service)
    before = contents(service)
    told = releases[1].run(service, "update", status=1)
    assert "`git restore --source=HEAD --staged --worktree .`" in told
    git(service, "restore", "--source=HEAD", "--staged", "--worktree", ".")
    assert status(service) == {}
    assert contents(service) == before


@pytest.mark.slow
def test_conflicts_as_patches(releases: Releases, service: Path) -> None:
    replace(service / "src/service/health.py", {HEALTH: '"""Mine."""'})
    commit(service)
    mine = (service / "src/service/health.py").read_bytes()
    told = releases[1].run(service, "update", "--conflict", "rej", status=1)
    assert "Work src/service/health.py.rej into src/service/health.py" in told
    assert (service / "src/service/health.py").read_bytes() == mine
    assert status(service)["src/service/health.py.rej"] == "??"
    assert told.endswith("in the project's folder, and delete the `.rej` files.\n")
    git(service, "apply", "src/service/health.py.rej")
    assert (service / "src/service/health.py").read_text("utf-8").startswith(HEALTH_NOW)


@pytest.mark.slow
def test_a_new_migration_follows_those_of_the_user(releases: Releases, service: Path) -> None:
    mine = service / "migrations/versions/2026_mine.py"
    mine.write_text('revision = "mine"\ndown_revision = "0001"\n', "utf-8")
    commit(service)
    releases[1].run(service, "update")
    text = (service / "migrations/versions/0002_greetings.py").read_text("utf-8")
    assert 'down_revision: str | Sequence[str] | None = "mine"\n' in text
    assert "\nRevises: mine\n" in text


@pytest.mark.slow
def test_a_project_within_a_larger_repository(releases: Releases, generated: Path, tmp_path: Path) -> None:
    """Only its folder counts and changes, whatever goes on elsewhere; its ends of lines stay."""
    service = shutil.copytree(generated, tmp_path / "of us" / "service", ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitattributes").write_text("*.md text eol=crlf\n", "utf-8")
    replace(service / "src/service/health.py", {HEALTH: '"""Mine."""'})
    commit(tmp_path)
    (tmp_path / "notes").write_text("not committed\n", "utf-8")
    git(tmp_path, "add", "notes")
    releases[1].run(service, "update", "--data", "cache=redis", status=1)
    found = status(tmp_path)
    assert found.pop("notes") == "A "
    # Git quotes names with a space.
    assert all(path.strip('"').startswith("of us/service/") for path in found)
    assert found['"of us/service/src/service/health.py"'] == "UU"
    assert found['"of us/service/README.md"'] == "M "
    assert b"`cache.py`" in (service / "README.md").read_bytes()
    assert b"\r\n" in (service / "README.md").read_bytes()


@pytest.mark.slow
def test_copier_updates_the_same_project(releases: Releases, service: Path, tmp_path: Path) -> None:
    replace(service / "src/service/health.py", MINE)
    commit(service)
    cache = str(tmp_path / "cache")
    arguments = ["update", "--defaults", "--data", "cache=redis"]
    told = releases[1].run(service, *arguments, program="copier", COPIER_CACHE_DIR=cache)
    assert "ruff check --select I --fix-only && ruff format" in told
    subprocess.run("ruff check -q --select I --fix-only && ruff format -q", shell=True, cwd=service, check=True)
    health = (service / "src/service/health.py").read_text("utf-8")
    assert health.startswith(HEALTH_NOW)
    assert "This process answers." in health
    assert (service / "src/service/cache.py").is_file()
    recorded = (service / ".copier-answers.yml").read_text("utf-8")
    assert f"_commit: v{NEW}\n" in recorded
    commit(service)
    told = releases[1].run(service, "update", "--data", "cache=none")
    assert "removed   src/service/cache.py" in told


@pytest.mark.slow
def test_an_older_installation_refuses_a_newer_project(releases: Releases, service: Path) -> None:
    replace(service / ".copier-answers.yml", {f"_commit: v{OLD}": f"_commit: v{NEW}"})
    commit(service)
    told = releases[0].run(service, "update", status=2)
    assert told == f"error: The project was made by fastasync {NEW}, and this is {OLD}: install {NEW} or newer.\n"


@pytest.mark.slow
def test_an_unknown_release_is_refused(releases: Releases, service: Path) -> None:
    replace(service / ".copier-answers.yml", {f"_commit: v{OLD}": "_commit: v0.0.7"})
    commit(service)
    told = releases[1].run(service, "update", status=2)
    assert "made by release 0.0.7, which this installation does not know: it has 0.1.0, 0.2.0." in told


@pytest.mark.slow
def test_what_git_does_not_know_is_not_written_over(releases: Releases, service: Path) -> None:
    (service / ".git/info/exclude").write_text("greeting.py\n", "utf-8")
    (service / "src/service/greeting.py").write_text("MINE = 1\n", "utf-8")
    before = contents(service)
    told = releases[1].run(service, "update", status=2)
    assert told.startswith("error: src/service/greeting.py would be written over")
    assert contents(service) == before


@pytest.fixture(scope="session")
def current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of this release."""
    folder = tmp_path_factory.mktemp("current")
    told = subprocess.run(
        [sys.executable, "-m", "fastasync", "new", "service", "--preset", "minimal"],
        cwd=folder, env={**os.environ, **SOMEONE}, check=True, capture_output=True,
    )  # fmt: skip
    assert told.stdout
    return folder / "service"


@pytest.fixture
def project(current: Path, tmp_path: Path) -> Path:
    return shutil.copytree(current, tmp_path / "service")


def update(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status of `fastasync update`, and what it prints."""
    result = CliRunner().invoke(app, ["update", str(folder), *arguments])
    return result.exit_code, result.output


def test_a_current_project_is_up_to_date(project: Path) -> None:
    before = contents(project)
    assert update(project) == (0, f"service is up to date with fastasync {OLD}.\n")
    assert contents(project) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "database"], "write KEY=VALUE"),
        (["--data", "databse=none"], "there is no choice named 'databse'. Did you mean database?"),
        (["--data", "database=oracle"], "--data database does not know 'oracle'"),
        (["--data", "driver=asyncmy"], "--data driver=asyncmy does not fit --data database=sqlite"),
        (["--data", "workers=0"], "--data workers takes a number from 1 to 512"),
        (["--data", "deploy=compose"], "use --data deploy=docker,compose"),
        (["--data", "name=other"], "a project keeps its name"),
    ],
)
def test_wrong_answers_are_one_line(project: Path, arguments: list[str], message: str) -> None:
    before = contents(project)
    status, told = update(project, *arguments)
    assert status == 2
    assert message in told
    assert told.count("\n") == 1
    assert contents(project) == before


def test_what_is_not_committed_is_refused(project: Path) -> None:
    (project / "src/service/mine.py").touch()
    status, told = update(project)
    assert (status, "(src/service/mine.py): commit or stash them first." in told) == (2, True)


def test_outside_of_a_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")
    status, told = update(project)
    assert status == 2
    assert "is not in a git repository" in told


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (None, "not the folder of a project that `fastasync new` made"),
        ("_src_path: gh:someone/else\n_commit: v1.0\nname: x\n", "is of another template"),
        ("_commit: v1.0\n", "is of another template"),
        ("- 1\n", "is of another template"),
        ("a: [\n", "cannot be read"),
        ("_commit: main\nname: x\n", "names no release (_commit: main)"),
    ],
)
def test_a_project_of_somebody_else(project: Path, answers: str | None, message: str) -> None:
    (project / ".copier-answers.yml").unlink()
    if answers is not None:
        (project / ".copier-answers.yml").write_text(answers, "utf-8")
    for command in (["update", str(project)], ["add", "component", "cache", str(project)]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interruption_leaves_everything_as_it_was(project: Path, tmp_path: Path, number: signal.Signals) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    hanging, reached = tools / "git", tmp_path / "reached"
    script = f'#!/bin/sh\n[ "$1" = cat-file ] && touch {reached} && exec sleep 20\nexec {shutil.which("git")} "$@"\n'
    hanging.write_text(script, "utf-8")
    hanging.chmod(0o755)
    before = contents(project)
    with open(tmp_path / "errors", "w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "fastasync", "add", "component", "auth"],
            cwd=project,
            env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    deadline = time.monotonic() + 60
    while not reached.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reached.exists()
    process.send_signal(number)
    process.wait(timeout=90)
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert "Traceback" not in (tmp_path / "errors").read_text("utf-8")
    reached.unlink()
    assert contents(project) == before
    assert status(project) == {}


KILLED = """
import os, signal, sys
from fastasync.updating import journal

real, last = os.replace, sys.argv.pop(1)

def replace(source, target):
    real(source, target)
    if os.path.basename(target) == last:
        os.kill(os.getpid(), signal.SIGKILL)

journal.os.replace = replace
from fastasync.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.slow
@pytest.mark.parametrize("last", ["pyproject.toml", "index"])
def test_a_kill_between_two_writes_is_undone_by_the_next_command(project: Path, last: str) -> None:
    """Also when a prompt or an editor has asked git for the status since."""
    before, head = contents(project), git(project, "rev-parse", "HEAD")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, last, "add", "component", "auth"],
        cwd=project, check=False, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert status(project) != {}
    code, told = update(project)
    assert told.splitlines()[0] == "An interrupted command was undone first."
    assert code == 0
    assert contents(project) == before
    assert status(project) == {}
    assert git(project, "rev-parse", "HEAD") == head
