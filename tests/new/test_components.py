"""`fastasync add component`: a project that gets a component later is the one that had it from the beginning."""

import shutil
from pathlib import Path
from typing import get_args

import pytest
from fastasync.add import Component
from fastasync.cli import app
from fastasync.new import Request, generate
from fastasync.options import as_text, load_questions
from fastasync.project import template_path
from fastasync.updating import components
from typer.testing import CliRunner, Result

from .releases import SOMEONE, commit, git, replace
from .test_update import contents, status

GENERATED = {
    "cache": {"cache": "redis"},
    "queue": {"queue": "taskiq"},
    "auth": {"auth": "jwt"},
    "prometheus": {"observability": "prometheus"},
    "opentelemetry": {"observability": "opentelemetry"},
    "websocket": {"realtime": "websocket"},
    "sse": {"realtime": "sse"},
    "docker": {"deploy": "docker"},
    "kubernetes": {"deploy": "docker,kubernetes", "database": "postgresql"},
    "ci": {"ci": "github"},
}
"""The flags of `new` that give the same; pods cannot share SQLite."""
WITH_IT = {"kubernetes": ["--data", "database=postgresql"]}
CONSTANT = '\nGREETING = "Hello"\n'


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SOMEONE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal project, not yet in a repository."""
    folder = tmp_path_factory.mktemp("minimal")
    generate(Request("service", folder, {}, "minimal", git=False))
    return folder / "service"


@pytest.fixture
def project(minimal: Path, tmp_path: Path) -> Path:
    """A committed copy of it, in which the user has been at work."""
    folder = shutil.copytree(minimal, tmp_path / "later" / "service")
    edit(folder)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def edit(folder: Path) -> None:
    """What a user does: a file of their own, and something more in a file that components change, too."""
    (folder / "src/service/mine.py").write_text("MINE = 1\n", "utf-8")
    replace(folder / "README.md", {"# service\n": "# service\n\nIt is ours.\n"})
    main = folder / "src/service/main.py"
    main.write_text(main.read_text("utf-8") + CONSTANT, "utf-8")


def generated(parent: Path, flags: dict[str, str]) -> dict[str, bytes]:
    """The files of a project that had it all from the beginning, edited by its user."""
    parent.mkdir()
    generate(Request("service", parent, flags, "minimal", git=False))
    edit(parent / "service")
    return contents(parent / "service")


def add(folder: Path, name: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["add", "component", name, str(folder), *arguments])


def settings(environment: bytes) -> list[bytes]:
    """The names in an environment file: secrets are different in each project."""
    return sorted(line.partition(b"=")[0] for line in environment.splitlines() if not line.startswith(b"#"))


def assert_same(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert settings(found.pop(".env")) == settings(expected.pop(".env"))
    assert sorted(found) == sorted(expected)
    assert [path for path in found if found[path] != expected[path]] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", GENERATED)
def test_the_result_is_what_new_generates(project: Path, tmp_path: Path, name: str) -> None:
    before = contents(project)
    result = add(project, name, *WITH_IT.get(name, []))
    assert result.exit_code == 0, result.output
    found = contents(project)
    assert found != before
    assert {code for path, code in status(project).items()} <= {"M ", "A ", "D "}
    assert_same(found, generated(tmp_path / "at once", GENERATED[name]))
    assert f"service has {name} already." in add(project, name).output


@pytest.mark.slow
def test_one_after_the_other_gives_the_same_as_all_at_once(project: Path, tmp_path: Path) -> None:
    for name in ("opentelemetry", "websocket", "auth", "queue", "prometheus"):
        result = add(project, name)
        assert result.exit_code == 0, result.output
        commit(project)
    flags = {
        "queue": "taskiq", "auth": "jwt", "observability": "prometheus,opentelemetry", "realtime": "websocket",
    }  # fmt: skip
    assert_same(contents(project), generated(tmp_path / "at once", flags))


@pytest.mark.slow
def test_a_file_of_the_user_in_its_place_is_a_conflict(project: Path) -> None:
    (project / "src/service/cache.py").write_text("MINE = 1\n", "utf-8")
    commit(project)
    result = add(project, "cache")
    assert result.exit_code == 1, result.output
    assert status(project)["src/service/cache.py"] == "AA"
    text = (project / "src/service/cache.py").read_text("utf-8")
    assert text.startswith("<<<<<<< HEAD\nMINE = 1\n=======\n")
    assert text.endswith(">>>>>>> cache\n")


@pytest.mark.slow
def test_what_still_imports_a_removed_module_is_named(tmp_path: Path) -> None:
    generate(Request("service", tmp_path, {"realtime": "sse"}, "minimal", git=False))
    project = tmp_path / "service"
    git(project, "init", "--quiet")
    (project / "src/service/mine.py").write_text(
        "from service import (\n    broadcast,\n)\nfrom . import events\n", "utf-8"
    )
    commit(project)
    result = CliRunner().invoke(app, ["update", str(project), "--data", "realtime=none", "--dry-run"])
    for gone in ("src/service/broadcast.py", "src/service/events/__init__.py"):
        assert f"src/service/mine.py imports {gone}, which is gone: change it." in result.output
    assert result.output.count("which is gone") == 2


def test_settings_that_are_there_stay(project: Path) -> None:
    with open(project / ".env", "a") as file:
        file.write('AUTH_KEYS=["mine"]\n# REDIS_URL=redis://mine')
    before = (project / ".env").read_bytes()
    result = add(project, "auth")
    assert result.exit_code == 0, result.output
    assert (project / ".env").read_bytes() == before
    assert "Set AUTH_KEYS where the service runs; `.env.example` shows its form." in result.output
    assert "alembic upgrade head" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["kubernetes"], "--data deploy=kubernetes runs several pods, which cannot share a SQLite file"),
        (["queue", "--data", "broker=kafka"], "--data broker does not know 'kafka'"),
        (["auth", "--data", "database=none"], "--data auth=jwt keeps users in a database"),
    ],
)
def test_what_does_not_fit_is_one_line(project: Path, arguments: list[str], message: str) -> None:
    before = contents(project)
    result = add(project, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert contents(project) == before


def test_another_one_in_its_place_is_not_replaced() -> None:
    questions = load_questions(template_path("project"))
    with pytest.raises(Exception, match="`fastasync update --data realtime=sse` puts sse in its place"):
        components.switch_on(questions, {"realtime": "websocket"}, "sse", [])


def test_every_component_is_a_choice() -> None:
    questions = load_questions(template_path("project"))
    assert set(components.COMPONENTS) == set(get_args(Component)) == set(GENERATED)
    for key, answer in components.COMPONENTS.values():
        assert questions[key].parse(as_text(answer)) == answer
