"""The default service, as a newcomer gets it: installed, checked, tested, started and stopped."""

import tomllib
from pathlib import Path

import pytest

from .service import Service

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service.generate(tmp_path_factory.mktemp("default"), {})


def test_it_passes_its_own_checks(service: Service) -> None:
    service.passes_its_checks()


def test_it_passes_its_own_tests(service: Service) -> None:
    assert " passed" in service.run("pytest", "-q")


def test_its_tests_run_side_by_side(service: Service) -> None:
    assert " passed" in service.run("pytest", "-q", "-n", "2", "--deselect", "tests/test_server.py")


def test_it_migrates_and_answers_every_route(service: Service) -> None:
    service.migrates()
    with service.started() as running:
        statuses = running.request_every_route()
    assert statuses == {
        "POST /items": 201,
        "GET /": 200,
        "GET /health/live": 200,
        "GET /health/ready": 200,
        "GET /items": 200,
        "GET /items/{item_id}": 200,
        "PATCH /items/{item_id}": 200,
        "DELETE /items/{item_id}": 204,
    }


def test_a_new_migration_passes_the_checks(service: Service) -> None:
    """A table that the models do not have is dropped by the migration that Alembic writes."""
    service.migrates()
    before = set((service.folder / "migrations" / "versions").iterdir())
    code = "import sqlite3; sqlite3.connect('service.db').execute('CREATE TABLE extra (id INTEGER PRIMARY KEY)')"
    service.run("python", "-c", code)
    service.run("alembic", "revision", "--autogenerate", "-m", "what changed")
    [made] = set((service.folder / "migrations" / "versions").iterdir()) - before - {made_by_python(service)}
    assert "drop_table" in made.read_text("utf-8")
    service.passes_its_checks()
    service.migrates()


def made_by_python(service: Service) -> Path:
    """The folder of compiled files."""
    return service.folder / "migrations" / "versions" / "__pycache__"


def test_two_workers_answer_and_stop(service: Service) -> None:
    service.migrates()
    with service.started(WEB_CONCURRENCY="2") as running:
        assert {running.request("GET", "/items")[0] for _ in range(8)} == {200}


def test_the_wheel_installs_what_the_image_needs(service: Service, tmp_path: Path) -> None:
    service.uv("build", "--quiet", "--wheel", "--out-dir", str(tmp_path))
    assert [path.name for path in tmp_path.glob("*.whl")] == ["service-0.1.0-py3-none-any.whl"]


def test_its_readme_names_commands_that_exist(service: Service) -> None:
    """Every command of the README's shell blocks is one of the project's scripts or tools."""
    blocks = (service.folder / "README.md").read_text("utf-8").split("```sh\n")[1:]
    commands = [line.removeprefix("uv run ") for block in blocks for line in block.split("```")[0].splitlines()]
    assert len(commands) >= 9
    scripts = tomllib.loads((service.folder / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    for command in commands:
        program = command.split()[0]
        assert program == "uv" or program in scripts or (service.folder / ".venv" / "bin" / program).exists(), command
