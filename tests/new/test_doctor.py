"""`fastasync doctor`: each check on small projects that fail it and that pass it; generated services are clean."""

import json
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastasync.cli import app
from fastasync.new import Request, generate
from typer.testing import CliRunner

MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
ENGINE = """
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine("postgresql+asyncpg://db/app", pool_size=20, max_overflow=10)
"""
READY = """
    from fastapi import FastAPI

    from app.db import engine

    app = FastAPI()


    @app.get("/health/ready")
    async def ready():
        async with engine.connect() as connection:
            await connection.scalar("SELECT 1")
"""
UVICORN = "uvicorn main:app --workers 4"
BOUND = f"{UVICORN} --timeout-graceful-shutdown 20"
WEB = "services:\n  web:\n    build: .\n"
DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: REPLICAS
      template:
        spec:
          terminationGracePeriodSeconds: GRACE
          containers:
            - name: web
              image: web
              args: ARGS
              lifecycle: { preStop: { exec: { command: [sleep, "5"] } } }
"""


def project(folder: Path, files: Mapping[str, str]) -> Path:
    """A project with an application and these files."""
    for name, text in {"main.py": MAIN, "pyproject.toml": '[project]\nname = "app"\n', **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
    return folder


def doctor(folder: Path, *options: str) -> tuple[int, str, str]:
    """The exit status, and what is printed on stdout and stderr."""
    done = CliRunner().invoke(app, ["doctor", str(folder), *options])
    return done.exit_code, done.stdout, done.stderr


def advice(folder: Path, check: str) -> list[str]:
    """The place and the message of each advice of one check."""
    _, printed, _ = doctor(folder, "--output-format", "json")
    root = folder.as_posix().lstrip("/")
    found = [one for one in json.loads(printed)["findings"] if one["check"] == check]
    return [f"{one['filename'].lstrip('/').removeprefix(root)[1:]}:{one['row']} {one['message']}" for one in found]


def manifest(*requirements: str) -> str:
    """A pyproject.toml; the first requirement stands in its fourth row."""
    listed = "".join(f"  {requirement!r},\n" for requirement in requirements)
    return f'[project]\nname = "app"\ndependencies = [\n{listed}]\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": manifest("psycopg2-binary>=2.9")}, ["pyproject.toml:4 `psycopg2-binary` is synchronous"]),
        ({"pyproject.toml": manifest("Passlib[bcrypt]")}, ["pyproject.toml:4 `passlib` should be replaced"]),
        (
            {"pyproject.toml": manifest("fastapi", "redis<4")},
            ["pyproject.toml:5 `redis` before 4.2 should be replaced"],
        ),
        (
            {"requirements.txt": "fastapi\nmotor==3.7.1 ; python_version > '3.8'\n"},
            ["requirements.txt:2 `motor` should be replaced"],
        ),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"\naioredis = "^2.0"\n'},
            ["pyproject.toml:3 `aioredis` should be replaced"],
        ),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\nredis = { version = "^3.5", extras = ["hiredis"] }\n'},
            ["pyproject.toml:2 `redis` before 4.2 should be replaced"],
        ),
        ({"Pipfile": '[packages]\ndatabases = "*"\n'}, ["Pipfile:2 `databases` should be replaced"]),
        (
            {"app-1.dist-info/METADATA": "Name: app\nRequires-Dist: python-jose>=3.3\n\nrequests\n"},
            ["app-1.dist-info/METADATA:2 `python-jose` should be replaced"],
        ),
        (
            {"pyproject.toml": manifest("requests"), "fetch.py": "import requests\n"},
            ["pyproject.toml:4 `requests` is synchronous"],
        ),
        (
            {"pyproject.toml": manifest("pymongo"), "db.py": "from pymongo import MongoClient\n"},
            ["pyproject.toml:4 `pymongo` is synchronous"],
        ),
        (
            {"pyproject.toml": manifest("asyncpg", "psycopg2"), "db.py": "import psycopg2\n"},
            ["pyproject.toml:5 `psycopg2` is synchronous"],
        ),
        (
            {"db.py": "from sqlmodel import create_engine as make\n\na = make('sqlite://')\nb = make('sqlite://')\n"},
            ["db.py:3 `create_engine` makes a synchronous engine, here and in 1 more place"],
        ),
        (
            {
                "db.py": "from sqlalchemy.ext.asyncio import create_async_engine as make\n\na = make('postgresql://db/a')\n"
            },
            [
                "db.py:3 this address names no async driver, so the engine cannot be made; name one, as in "
                "postgresql+asyncpg://"
            ],
        ),
    ],
)
def test_libraries(files: Mapping[str, str], expected: list[str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, files), "libraries") == expected


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": manifest("asyncpg", "psycopg2")},  # for migrations
        {"pyproject.toml": manifest("asyncpg", "psycopg2"), "migrations/env.py": "import psycopg2\n"},
        {"pyproject.toml": manifest("redis>=3")},
        {"pyproject.toml": manifest("redis>=4.1,<5")},
        {"pyproject.toml": manifest("redis~=4.2")},
        {"pyproject.toml": manifest("requests"), "tests/test_app.py": "import requests\n"},
        {"pyproject.toml": manifest("pymongo"), "db.py": "from pymongo import AsyncMongoClient\n"},
        {"pyproject.toml": '[dependency-groups]\ndev = ["passlib"]\n'},
        {"requirements-dev.txt": "passlib\n"},
        {"examples/requirements.txt": "passlib\n"},
        {"requirements.txt": "# passlib\n-r base.txt\ngit+https://example.com/passlib.git\n"},
        {"migrations/env.py": "from sqlalchemy import create_engine\n\nengine = create_engine('sqlite://')\n"},
    ],
)
def test_libraries_that_are_right(files: Mapping[str, str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, files), "libraries") == []


@pytest.mark.parametrize(
    ("library", "call", "code"),
    [
        ("requests", "requests.get('https://example.com')", "FSA102"),
        ("boto3", "boto3.client('s3').list_buckets()", "FSA107"),
    ],
)
def test_a_library_tells_how_often_it_blocks(library: str, call: str, code: str, tmp_path: Path) -> None:
    text = f"import {library}\n\n\nasync def rates():\n    return {call}\n"
    status, printed, _ = doctor(project(tmp_path, {"pyproject.toml": manifest(library), "fetch.py": text}))
    assert status == 1
    assert "1 call of it on an event loop" in printed
    assert "fastasync lint: Found 1 error" in printed
    assert f"by:  {code} 1" in printed


def test_a_library_that_runs_in_threads_alone_is_said_to(tmp_path: Path) -> None:
    text = (
        f"{MAIN}import requests\n\n\n@app.get('/rates')\ndef rates():\n    return requests.get('https://example.com')\n"
    )
    _, printed, _ = doctor(project(tmp_path, {"pyproject.toml": manifest("requests"), "fetch.py": text}))
    assert "No call of it was found on the event loop" in printed


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"Procfile": f"web: {BOUND}\n"},
            "4 workers x (20 + 10) connections are 120, and PostgreSQL accepts 97 by default",
        ),
        (
            {"Dockerfile": f"FROM a\nENV WEB_CONCURRENCY=5\nCMD {BOUND.replace('--workers 4', '')}\n"},
            "5 workers x (20 + 10) connections are 150, and PostgreSQL accepts 97 by default",
        ),
        (
            {"Dockerfile": 'FROM a\nCMD ["sh", "-c", "gunicorn main:app -w ${COUNT:-8}"]\n'},
            "8 workers x (20 + 10) connections are 240, and PostgreSQL accepts 97 by default",
        ),
        (
            {
                "Dockerfile": f"FROM a\nCMD {BOUND}\n",
                "compose.yaml": f"{WEB}    stop_grace_period: 30s\n"
                "  db:\n    image: postgres:18\n    command: postgres -c max_connections=110\n",
            },
            "4 workers x (20 + 10) connections are 120, and PostgreSQL accepts 107 as it is configured",
        ),
        (
            {
                "Dockerfile": "FROM a\nCMD uvicorn main:app --timeout-graceful-shutdown 5\n",
                "compose.yaml": f"{WEB}    deploy: {{ replicas: 4 }}\n",
            },
            "4 replicas x 1 worker x (20 + 10) connections are 120, and PostgreSQL accepts 97 by default",
        ),
        (
            {
                "app/db.py": """
                    from sqlalchemy.ext.asyncio import create_async_engine

                    from app.settings import settings

                    engine = create_async_engine(settings.url, pool_size=settings.pool_size, max_overflow=0)
                """,
                "app/settings.py": """
                    from pydantic_settings import BaseSettings

                    class Settings(BaseSettings):
                        url: str
                        pool_size: int = 10

                    settings = Settings()
                """,
                ".env": "URL=mysql+asyncmy://db/app\nPOOL_SIZE=40\n",
                "Procfile": f"web: {BOUND}\n",
            },
            "4 workers x (40 + 0) connections are 160, and MySQL accepts 151 by default",
        ),
        (
            {
                "app/db.py": """
                    import os

                    import asyncpg

                    SIZE = int(os.getenv("POOL", "30"))

                    async def connect():
                        return await asyncpg.create_pool("postgresql://db", max_size=SIZE)
                """,
                "Procfile": f"web: {BOUND}\n",
            },
            "4 workers x 30 connections are 120, and PostgreSQL accepts 97 by default",
        ),
    ],
)
def test_a_pool_that_is_too_large(files: Mapping[str, str], expected: str, tmp_path: Path) -> None:
    (found,) = advice(project(tmp_path, {"app/db.py": ENGINE, **files}), "pool")
    assert re.fullmatch(rf"app/db\.py:\d+ {re.escape(expected)}", found)


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: uvicorn main:app --workers 3 --timeout-graceful-shutdown 20\n"},
        {"Procfile": f"web: {BOUND}\n", ".env": "DATABASE_HOST=pgbouncer\n"},
        {"Procfile": f"web: {BOUND}\n", "app/db.py": ENGINE.replace("pool_size=20", "pool_size=size()")},
        {"Procfile": f"web: {BOUND}\n", "app/db.py": ENGINE.replace("pool_size=20", "poolclass=NullPool")},
        {"Procfile": f"web: {BOUND}\n", "app/db.py": ENGINE.replace("postgresql+asyncpg://db", "sqlite+aiosqlite://")},
        {
            "Dockerfile": f"FROM a\nCMD {BOUND}\n",
            "compose.yaml": f"{WEB}  db:\n    image: postgres\n    command: [postgres, -c, max_connections=300]\n",
        },
    ],
)
def test_a_pool_that_fits_or_cannot_be_counted(files: Mapping[str, str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, {"app/db.py": ENGINE, **files}), "pool") == []


def test_what_a_lifespan_leaves_open(tmp_path: Path) -> None:
    code = """
        from contextlib import asynccontextmanager

        import httpx
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app):
            app.state.client = httpx.AsyncClient()
            yield
            CLOSE

        app = FastAPI(lifespan=lifespan)
    """
    (found,) = advice(project(tmp_path, {"main.py": code.replace("CLOSE", "")}), "lifespan")
    assert found.startswith("main.py:8 ")
    assert (
        advice(project(tmp_path, {"main.py": code.replace("CLOSE", "await app.state.client.aclose()")}), "lifespan")
        == []
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Dockerfile": "FROM a\nCMD uvicorn main:app\n"}, ["Dockerfile:2"]),
        ({"Dockerfile": f"FROM a\nCMD {BOUND}\n"}, []),
        ({"Dockerfile": "FROM a\n# fastasync: ignore-file[FSA403] -- one per pod\nCMD uvicorn main:app\n"}, []),
        ({"Dockerfile": "FROM a\nCMD uvicorn main:app\n", "compose.yaml": f"{WEB}    scale: 3\n"}, []),
        ({"Dockerfile.dev": "FROM a\nCMD uvicorn main:app --reload\n"}, []),
        ({"serve.py": f"{MAIN}\nimport uvicorn\n\nuvicorn.run(app, workers=4)\n"}, ["serve.py:7"]),
        ({"serve.py": "import uvicorn\n\nuvicorn.run('main:app', workers=4)\n"}, []),
    ],
)
def test_workers(files: Mapping[str, str], expected: list[str], tmp_path: Path) -> None:
    assert [one.partition(" ")[0] for one in advice(project(tmp_path, files), "workers")] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Dockerfile": f"FROM a\nCMD {UVICORN}\n"}, ["Dockerfile:2 uvicorn has no limit for stopping"]),
        ({"Procfile": f"web: {UVICORN}\nworker: taskiq worker\n"}, ["Procfile:1 uvicorn has no limit for stopping"]),
        (
            {"Dockerfile": 'FROM a\nENTRYPOINT ["fastapi", "run"]\nCMD ["--workers", "2"]\n'},
            ["Dockerfile:3 `fastapi run` has no limit for stopping"],
        ),
        (
            {
                "Dockerfile": 'FROM a\nCMD ["./start.sh"]\n',
                "scripts/start.sh": "set -e\nexec granian --workers 2 main:app\n",
            },
            ["scripts/start.sh:2 granian has no limit for stopping"],
        ),
        (
            {
                "Dockerfile": 'FROM a\nCMD ["python", "main.py"]\n',
                "main.py": "import uvicorn\n\nuvicorn.run('main:app')\n",
            },
            ["main.py:3 uvicorn has no limit for stopping"],
        ),
        (
            {"main.py": "import uvicorn\n\nuvicorn.run('main:app', reload=settings.debug)\n"},
            ["main.py:3 uvicorn has no limit for stopping"],
        ),
        (
            {"Dockerfile": f"FROM a\nCMD {BOUND}\n", "compose.yaml": WEB},
            ["Dockerfile:2 uvicorn takes up to 20 s to stop, and compose kills it after 10 s, its default"],
        ),
        (
            {"compose.yaml": f"{WEB}    command: gunicorn -w 4 main:app\n    stop_grace_period: 20s\n"},
            ["compose.yaml:3 gunicorn takes up to 30 s to stop, and compose kills it after 20 s"],
        ),
        (
            {
                "web.yaml": DEPLOYMENT.replace("REPLICAS", "2")
                .replace("GRACE", "25")
                .replace("ARGS", "[uvicorn, app, --timeout-graceful-shutdown=20]"),
            },
            ["web.yaml:10 uvicorn takes up to 20 s to stop, and Kubernetes kills it after 20 s"],
        ),
        (
            {
                "Dockerfile": "FROM a\nCMD gunicorn -w 4 -c gunicorn_conf.py main:app\n",
                "gunicorn_conf.py": "import os\n\ngraceful_timeout = int(os.getenv('GRACE', '120'))\n",
                "compose.yaml": f"{WEB}    stop_grace_period: 1m30s\n    environment: [GRACE=100]\n",
            },
            ["Dockerfile:2 gunicorn takes up to 100 s to stop, and compose kills it after 90 s"],
        ),
        (
            {
                "Dockerfile": 'FROM a\nCMD ["app"]\n',
                "pyproject.toml": '[project]\nname = "app"\n\n[project.scripts]\napp = "main:run"\n',
                "main.py": """
                    import subprocess

                    from settings import settings

                    GRACE = str(settings.grace)

                    def run():
                        subprocess.run(["uvicorn", "app", *("--timeout-graceful-shutdown", GRACE)])
                """,
                "settings.py": "class Settings(BaseSettings):\n    grace: int = 20\n\nsettings = Settings()\n",
                "compose.yaml": f"{WEB}    environment:\n      GRACE: ${{GRACE:-15}}\n",
            },
            ["main.py:8 uvicorn takes up to 15 s to stop, and compose kills it after 10 s, its default"],
        ),
    ],
)
def test_a_shutdown_that_is_cut_off(files: Mapping[str, str], expected: list[str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, files), "shutdown") == expected


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": f"FROM a\nCMD {BOUND}\n"},
        {"Dockerfile": f"FROM a\nCMD {BOUND}\n", "compose.yaml": f"{WEB}    stop_grace_period: 30s\n"},
        {"Dockerfile": f"FROM a\nENV UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN=5\nCMD {UVICORN}\n", "compose.yaml": WEB},
        {"Dockerfile": "FROM a\nCMD hypercorn main:app\n", "compose.yaml": WEB},
        {"Dockerfile": "FROM a\nCMD uvicorn main:app --reload\n"},
        {"Dockerfile": f"FROM a\nCMD {UVICORN}\nFROM b\nCMD {BOUND}\n"},
        {"Dockerfile": "FROM a\nCMD uvicorn main:app --timeout-graceful-shutdown $UNKNOWN\n", "compose.yaml": WEB},
        {"main.py": "import uvicorn\n\nuvicorn.run('main:app', reload=True)\n"},
        {"main.py": "import uvicorn\n\nuvicorn.run('main:app', **options)\n"},
        {
            "web.yaml": DEPLOYMENT.replace("REPLICAS", "2")
            .replace("GRACE", "30")
            .replace("ARGS", "[uvicorn, app, --timeout-graceful-shutdown, '20']"),
        },
        {"chart/web.yaml": "kind: Deployment\nspec: {{ .Values.spec }}\n"},
    ],
)
def test_a_shutdown_that_has_its_time(files: Mapping[str, str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, files), "shutdown") == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            '@app.get("/health")\nasync def health():\n    return {"status": "ok"}\n',
            "main.py:6 `/health` checks nothing",
        ),
        ('@app.get("/healthz/")\ndef health():\n    return Response(now())\n', "main.py:6 `/healthz/` checks nothing"),
        (
            'router = Router(prefix="/a/health")\n@router.get("/ready")\nasync def ready():\n    log.info("?")\n',
            "main.py:7 `/a/health/ready` checks nothing",
        ),
        (
            '@app.get("/health")\ndef up():\n    return 1\n\n@app.get("/ready")\nasync def ready():\n    return 1\n',
            "main.py:10 `/ready` checks nothing",
        ),
        (
            'async def ok(request: Request):\n    return 1\n\napp.add_api_route("/readyz", ok)\n',
            "main.py:5 `/readyz` checks nothing",
        ),
        (
            'NAMES = ["already_there", "USER_ALREADY_EXISTS"]\n',
            "main.py:3 no route tells whether it is ready",
        ),
        ('@app.get("/livez")\nasync def live():\n    return 1\n', "main.py:3 no route tells whether it is ready"),
        ("", "main.py:3 no route tells whether it is ready"),
    ],
)
def test_readiness_that_checks_nothing(code: str, expected: str, tmp_path: Path) -> None:
    files = {"app/db.py": ENGINE, "main.py": f"{MAIN}\n{code}"}
    assert advice(project(tmp_path, files), "readiness") == [expected]


def test_a_route_whose_path_is_a_constant_elsewhere(tmp_path: Path) -> None:
    route = 'from app.paths import READY\n\n@app.get(READY)\nasync def up():\n    return "OK"\n'
    files = {"app/db.py": ENGINE, "app/paths.py": 'READY = "/ready"\n', "main.py": f"{MAIN}\n{route}"}
    assert advice(project(tmp_path, files), "readiness") == ["main.py:8 `/ready` checks nothing"]


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": READY},
        {"main.py": textwrap.dedent(READY) + '\n\n@app.get("/health")\nasync def health():\n    return 1\n'},
        {"main.py": MAIN + '\n\n@app.get("/ready")\ndef ready(session: Session):\n    return session.execute(ONE)\n'},
        {"main.py": MAIN + '\n\n@app.get("/ready")\ndef ready(_: None = Depends(check)):\n    return 1\n'},
        {"main.py": MAIN + '\n\napp.add_api_route("/health", health([is_database_online]))\n'},
        {"main.py": MAIN + '\n\n@app.get("/ready")\nasync def ready():\n    return 1\n', "app/db.py": ""},
    ],
)
def test_readiness_that_checks(files: Mapping[str, str], tmp_path: Path) -> None:
    assert advice(project(tmp_path, {"app/db.py": ENGINE, **files}), "readiness") == []


def test_the_report_for_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import time\n\n\nasync def wait():\n    time.sleep(1)\n"
    project(tmp_path, {"pyproject.toml": manifest("passlib"), "wait.py": code})
    monkeypatch.chdir(tmp_path)
    status, printed, remarks = doctor(Path())
    assert (status, remarks) == (1, "")
    assert printed == textwrap.dedent("""\
        Libraries
          pyproject.toml:4: `passlib` should be replaced
            why: No release since 2020: it breaks with bcrypt 5, and it uses `crypt`, which Python 3.13 removed.
            do:  Use pwdlib with Argon2; its `verify_and_update` takes over old bcrypt hashes.

        Event loop
          fastasync lint: Found 1 error with 1 cause in 1 of 2 files; 0% of 2 calls could not be resolved.
            by:  FSA101 1
            do:  `fastasync lint .` shows each, `--fix` mends some.

        1 thing to mend before production (libraries 1) and 1 finding of fastasync lint.
    """)


def test_the_report_for_programs(tmp_path: Path) -> None:
    status, printed, _ = doctor(project(tmp_path, {"requirements.txt": "passlib\n"}), "--output-format", "json")
    content: dict[str, Any] = json.loads(printed)
    assert status == 1
    assert set(content) == {"findings", "lint", "problems"}
    assert set(content["findings"][0]) == {"check", "filename", "row", "message", "reason", "help"}
    assert set(content["lint"]) == {"errors", "warnings", "notes", "causes", "files", "rules", "text"}


def test_a_clean_project(tmp_path: Path) -> None:
    assert doctor(project(tmp_path, {})) == (
        0,
        "Nothing stands in the way: 1 file of Python, and what deploys them.\n",
        "",
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"pyproject.toml": "[project"}, "pyproject.toml: not valid TOML"),
        ({"compose.yaml": "services: [\n"}, "compose.yaml: not valid YAML"),
        ({"broken.py": "def (\n"}, "broken.py: "),
    ],
)
def test_a_file_that_cannot_be_read(files: Mapping[str, str], message: str, tmp_path: Path) -> None:
    status, printed, remarks = doctor(project(tmp_path, files))
    assert status == 2
    assert "in what could be read" in printed
    assert len(remarks.splitlines()) == 1
    assert message in remarks


@pytest.mark.parametrize(
    ("name", "message"), [("none", "no such folder"), ("main.py", "is a file"), ("empty", "no Python")]
)
def test_wrong_usage(name: str, message: str, tmp_path: Path) -> None:
    project(tmp_path, {"empty/notes.txt": ""})
    status, printed, remarks = doctor(tmp_path / name)
    assert (status, printed) == (2, "")
    assert message in remarks
    assert len(remarks.splitlines()) == 1


def test_what_deploys_a_part_of_a_repository_stands_above_it(tmp_path: Path) -> None:
    compose = "services:\n  api:\n    build: { context: ., dockerfile: backend/Dockerfile }\n"
    files = {"compose.yml": compose, "backend/Dockerfile": f"FROM a\nCMD {BOUND}\n", "backend/main.py": MAIN}
    project(tmp_path, files)
    (tmp_path / ".git").mkdir()
    (found,) = advice(tmp_path / "backend", "shutdown")
    assert found == "Dockerfile:2 uvicorn takes up to 20 s to stop, and compose kills it after 10 s, its default"


@pytest.mark.parametrize("preset", ["minimal", "standard", "production"])
def test_a_generated_service_is_clean(preset: str, tmp_path: Path) -> None:
    generate(Request("myapi", tmp_path, {}, preset, git=False))
    status, printed, remarks = doctor(tmp_path / "myapi")
    assert (status, remarks) == (0, "")
    assert printed.startswith("Nothing stands in the way")


def test_a_generated_service_that_was_changed_is_not(tmp_path: Path) -> None:
    """The settings are followed: a longer shutdown, larger pools."""
    generate(Request("myapi", tmp_path, {}, "production", git=False))
    path = tmp_path / "myapi" / "kubernetes" / "web.yaml"
    text = path.read_text("utf-8")
    extra = '\n            - { name: DATABASE_POOL_SIZE, value: "50" }'
    path.write_text(text.replace('value: "20" }', f'value: "60" }}{extra}'), "utf-8")
    assert [one.partition(" ")[2] for one in advice(tmp_path / "myapi", "shutdown")] == [
        "uvicorn takes up to 60 s to stop, and Kubernetes kills it after 30 s"
    ]
    assert [one.partition(" ")[2] for one in advice(tmp_path / "myapi", "pool")] == [
        "8 replicas x 1 worker x (50 + 0) connections are 400, and PostgreSQL accepts 97 by default"
    ]
