"""Every pair of choices and every preset, each generated, checked, tested and run against real servers."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from .combinations import (
    PARAMETERS,
    QUESTIONS,
    Flags,
    accepted,
    answers_of,
    combinations,
    describe,
    pairs,
    presets,
)
from .readmes import commands_of, run_command
from .servers import address_of, needed_by
from .service import Service, free_port

MOST_BYTES = 1_048_576
# Words that must not remain in a project without the choice.
WORDS = {
    "aiosqlite": {"driver": "aiosqlite"},
    "asyncpg": {"driver": "asyncpg"},
    "psycopg": {"driver": "psycopg"},
    "asyncmy": {"driver": "asyncmy"},
    "aiomysql": {"driver": "aiomysql"},
    "sqlmodel": {"models": "sqlmodel"},
    "hypercorn": {"server": "hypercorn"},
    "granian": {"server": "granian"},
    "gunicorn": {"server": "gunicorn"},
    "taskiq": {"queue": "taskiq"},
    "rabbitmq": {"broker": "rabbitmq"},
    "nats": {"broker": "nats"},
    "jwt": {"auth": "jwt"},
    "pwdlib": {"auth": "jwt"},
    "structlog": {"observability": "logs"},
    "opentelemetry": {"observability": "opentelemetry"},
    "prometheus": {"observability": "prometheus"},
    "sse": {"realtime": "sse"},
    "websockets": {"realtime": "websocket"},
    "kubernetes": {"deploy": "kubernetes"},
    "compose": {"deploy": "compose"},
    "gitlab": {"ci": "gitlab"},
    "alembic": {"models": "sqlalchemy sqlmodel"},
    "sqlite": {"database": "sqlite"},
    "postgresql": {"database": "postgresql"},
    "postgres": {"database": "postgresql"},
    "mysql": {"database": "mysql"},
    "mariadb": {"database": "mysql"},
    "redis": {"cache": "redis", "broker": "redis"},
    "websocket": {"realtime": "websocket"},
    "dockerfile": {"deploy": "docker"},
    "github": {"ci": "github"},
    "uvicorn": {"server": "uvicorn gunicorn"},
    "argon2": {"auth": "jwt"},
}


def test_every_pair_of_values_is_covered_or_refused() -> None:
    rows = combinations()
    assert len(rows) <= 40
    assert all(accepted(row) for row in rows)
    refused = [pair for pair in pairs() if not any(pair.items() <= row.items() for row in rows)]
    assert refused
    assert not any(accepted(pair) for pair in refused)


def test_every_value_of_every_question_is_in_the_matrix() -> None:
    seen = {
        (name, part)
        for values, names in ((values, names) for names, values in PARAMETERS.items())
        for value in values
        for name, text in as_row(names, value).items()
        for part in text.split(",")
    }
    for name, question in QUESTIONS.items():
        for choice in question.choices:
            assert (name, choice) in seen


def as_row(names: tuple[str, ...], value: tuple[str, ...]) -> Flags:
    return dict(zip(names, value, strict=True))


CASES = [
    *(pytest.param(None, flags, id=describe(flags)) for flags in combinations()),
    *(pytest.param(preset, {}, id=preset) for preset in presets()),
]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matrix")


@pytest.mark.matrix
@pytest.mark.parametrize(("preset", "flags"), CASES)
def test_a_combination_is_right(parent: Path, preset: str | None, flags: Flags) -> None:
    answers = answers_of(preset, flags)
    for name in needed_by(answers):
        require(name)
    service = Service.generate(parent, flags, preset)
    nothing_else_remains(service.folder, answers)
    deployment_files_are_valid(service.folder)
    service.passes_its_checks()
    lint_finds_nothing(service.folder)
    assert " passed" in service.run("pytest", "-q", "-p", "no:cacheprovider")
    with resources_of(service, answers):
        if answers["database"] != "none":
            service.migrates()
        runs_and_stops(service, answers)
        if preset is not None:
            follows_its_readme(service)


def require(name: str) -> None:
    """Fail in CI when a server is missing; elsewhere skip, and name it."""
    host, port = address_of(name)
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        message = f"{name} does not answer on {host}:{port}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def nothing_else_remains(folder: Path, answers: Flags) -> None:
    """No file, line or dependency speaks of a choice that was not made."""
    text = ""
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        made = path.is_file() and not {".venv", ".mypy_cache", ".git"} & set(relative.parts)
        # The answers file names every question.
        if made and path.name not in {".copier-answers.yml", "uv.lock"}:
            text += f"{relative}\n{path.read_text('utf-8')}\n"
    for word, choice in WORDS.items():
        chosen = any(set(value.split()) & set(answers[name].split()) for name, value in choice.items())
        found = re.search(rf"(?<![a-z]){word}(?![a-z])", text, re.IGNORECASE)
        assert bool(found) == chosen, f"{word}: {text[max(0, found.start() - 200) : found.end()] if found else ''}"
    requirements = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    redis = "redis" in {answers["cache"], answers["broker"]}
    assert any(requirement.startswith("redis") for requirement in requirements) == redis


def deployment_files_are_valid(folder: Path) -> None:
    """The files for containers and CI fit their published schemas."""
    kinds = {
        "compose.yaml": "vendor.compose-spec",
        ".gitlab-ci.yml": "vendor.gitlab-ci",
        "renovate.json": "vendor.renovate",
        ".github/workflows/ci.yml": "vendor.github-workflows",
        ".github/dependabot.yml": "vendor.dependabot",
    }
    for name, schema in kinds.items():
        if (folder / name).is_file():
            check(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(folder / name))
    manifests = [path for path in folder.glob("kubernetes/*.yaml") if path.name != "kustomization.yaml"]
    for path in manifests:
        check(sys.executable, "-m", "kubernetes_validate", "--strict", str(path))


def lint_finds_nothing(folder: Path) -> None:
    """The service does what this project's own checker asks for."""
    check(sys.executable, "-m", "fastasync", "lint", str(folder / "src"))


def check(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@contextmanager
def resources_of(service: Service, answers: Flags) -> Generator[None]:
    """A database and a queue for the running service: its tests have their own."""

    def run(code: str, *arguments: str) -> str:
        return service.run("python", "-c", f"import asyncio, sys; {code}", *arguments).strip()

    def execute(statement: str) -> None:
        run("from tests.databases import execute; asyncio.run(execute(sys.argv[1]))", statement)

    name = f"service_{uuid4().hex}"
    service.variables |= {"QUEUE_NAME": name, "REDIS_PREFIX": f"{name}:"}
    with ExitStack() as stack:
        if answers["database"] in {"postgresql", "mysql"}:
            execute(f"CREATE DATABASE {name}")
            stack.callback(execute, f"DROP DATABASE {name}")
            url = run("from service.components import Settings; print(Settings().database_url)")
            service.variables["DATABASE_URL"] = url.replace("/service", f"/{name}")
            stack.callback(service.variables.pop, "DATABASE_URL")
        if answers["queue"] != "none":
            url = run("from service.components import Settings; print(Settings().broker_url)")
            code = "from tests.queues import remove; asyncio.run(remove(*sys.argv[1:]))"
            stack.callback(run, code, url, name)
        yield


def follows_its_readme(service: Service) -> None:
    """Every command of its README runs; its tests did before."""
    service.variables |= {"UV_PYTHON": sys.executable, "PORT": str(free_port())}
    for command in commands_of(service):
        if command != "uv run pytest":
            run_command(service, command)


def runs_and_stops(service: Service, answers: Flags) -> None:
    """It answers every documented route, and ends on SIGTERM although a stream or a socket is open."""
    sizes = {"SHUTDOWN_TIMEOUT": "5", "DATABASE_POOL_SIZE": "2", "DATABASE_MAX_OVERFLOW": "2"}
    with service.started(**sizes) as running, ExitStack() as stack:
        skipped = set()
        if answers["auth"] == "jwt":
            running.log_in()
            skipped = {"/auth/token", "/auth/refresh"}
        if answers["realtime"] == "sse":
            skipped.add("/events")
            assert running.request("POST", "/events", {"message": "hello"})[0] == 202
            stack.enter_context(running.held("/events"))
        if answers["realtime"] == "websocket":
            stack.enter_context(running.held("/ws", upgrade=True))
        statuses = running.request_every_route(frozenset(skipped))
        assert all(200 <= status < 300 for status in statuses.values()), statuses
        assert running.upload("/", MOST_BYTES) == 413
        if answers["database"] != "none":
            uploads = {size: running.upload("/items", size, chunked=True) for size in (10, 500, 2 * MOST_BYTES)}
            assert uploads == {10: 201, 500: 422, 2 * MOST_BYTES: 413}
        if "prometheus" in answers["observability"]:
            status, content = running.request("GET", "/metrics")
            assert status == 200
            assert b"event_loop_lag_seconds_bucket" in content
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(15)
