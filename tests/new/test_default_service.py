"""The default service, as a newcomer gets it: installed, checked, tested, started and stopped."""

import sys
from pathlib import Path

import pytest

from .readmes import commands_of, run_command
from .service import Service, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service.generate(tmp_path_factory.mktemp("default"), {})


def test_every_command_of_its_readme_runs(service: Service) -> None:
    """Its checks and its tests among them."""
    commands = commands_of(service)
    assert {"uv sync", "uv run service", "uv run pytest", "uv run mypy", "uv run alembic check"} <= set(commands)
    service.variables |= {"UV_PYTHON": sys.executable, "PORT": str(free_port())}
    for command in commands:
        run_command(service, command)


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
    service.run("alembic", "revision", "--autogenerate", "-m", "what went away")
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
