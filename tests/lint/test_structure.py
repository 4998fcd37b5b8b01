"""The rules on structure: what is reported, on which line, and what is not."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from fastasync_lint import processes, structure
from fastasync_lint.model import Severity
from fastasync_lint.pipeline import Request, check
from fastasync_lint.settings import Settings

from .projects import write

APP = "from fastapi import Depends, FastAPI\napp = FastAPI()\n"
LIFESPAN = """\
from contextlib import asynccontextmanager
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
def make(): return create_async_engine(URL)
@asynccontextmanager
async def lifespan(app):
"""
SESSION = """\
async def session():
    async with make() as s:
        yield s
        await s.commit()
"""


def reported(tmp_path: Path, files: dict[str, str], *, codes: str = "FSA") -> list[str]:
    """`file:row CODE` of every finding whose code starts so."""
    write(tmp_path, {"pyproject.toml": "", **files})
    settings = Settings(min_severity=Severity.INFO, folder=str(tmp_path))
    report = check(Request(paths=(str(tmp_path),), settings=settings, details="all", cache=False))
    assert not report.problems
    found = [finding for finding in report.findings if finding.code.startswith(codes)]
    names = [Path(finding.filename).relative_to(tmp_path).as_posix() for finding in found]
    return [f"{name}:{finding.location.row} {finding.code}" for name, finding in zip(names, found, strict=True)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("    await asyncio.to_thread(work(1))", ["a.py:6 FSA202"], id="argument"),
        pytest.param("    await asyncio.to_thread(\n        work(1)\n    )", ["a.py:7 FSA202"], id="wrapped"),
        pytest.param("    await loop.run_in_executor(None, work(1))", ["a.py:6 FSA202"], id="executor"),
        pytest.param("    await asyncio.to_thread(print, work(1))", ["a.py:6 FSA101"], id="argument of the function"),
        pytest.param("    await asyncio.to_thread(work, 1)", [], id="handed over"),
    ],
)
def test_eager_arguments(tmp_path: Path, source: str, found: list[str]) -> None:
    head = "import asyncio, time\ndef work(n):\n    time.sleep(n)\n\nasync def f(loop):\n"
    assert reported(tmp_path, {"a.py": head + source + "\n"}) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("@app.get('/')\ndef a():\n    return httpx.Client()\n", ["a.py:6 FSA301"], id="endpoint"),
        pytest.param("def d():\n    return httpx.Client()\nx = Depends(d)\n", ["a.py:5 FSA301"], id="dependency"),
        pytest.param("@lru_cache\ndef d():\n    return httpx.Client()\nx = Depends(d)\n", [], id="remembered"),
        pytest.param("def d():\n    return httpx.Client()\n", [], id="no one's dependency"),
        pytest.param("@app.get('/')\ndef a(c: httpx.Client):\n    return c\n", [], id="given"),
        pytest.param("@app.get('/')\ndef a():\n    return other.Client()\n", [], id="unknown"),
        pytest.param("@app.get('/')\ndef a(url: str):\n    return httpx.Client(base_url=url)\n", [], id="sent"),
        pytest.param(
            "@app.get('/')\nasync def a(user):\n    c = await find(user)\n    return httpx.Client(base_url=c.url)\n",
            [],
            id="looked up",
        ),
        pytest.param(
            "@app.get('/')\ndef a(token: str):\n    return httpx.Client(headers={'a': token}, base_url='x')\n",
            ["a.py:6 FSA301"],
            id="sent with each call",
        ),
        pytest.param(
            "@app.get('/')\ndef a(s: Settings, n: int = Depends(f)):\n    return httpx.Client(base_url=s.url, x=n)\n",
            ["a.py:6 FSA301"],
            id="may be a dependency",
        ),
        pytest.param(
            "@app.get('/')\ndef a(user: str):\n    return httpx.Client(base_url=URL)\n", ["a.py:6 FSA301"], id="fixed"
        ),
    ],
)
def test_resources_per_request(tmp_path: Path, source: str, found: list[str]) -> None:
    head = f"import httpx\n{APP}"
    assert reported(tmp_path, {"a.py": head + source}, codes="FSA301") == found


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        pytest.param("    c = httpx.Client()\n    return c.get('/')\n", "warning", id="left open"),
        pytest.param("    with httpx.Client() as c:\n        return c.get('/')\n", "info", id="block"),
        pytest.param("    c = httpx.Client()\n    with c:\n        return c.get('/')\n", "info", id="block of a name"),
        pytest.param(
            "    c = httpx.Client()\n    try:\n        return c.get('/')\n    finally:\n        c.close()\n",
            "info",
            id="finally",
        ),
        pytest.param("    c = httpx.Client()\n    other.close()\n    return c.get('/')\n", "warning", id="another one"),
    ],
)
def test_what_a_request_closes_again_is_a_note(tmp_path: Path, body: str, severity: str) -> None:
    (tmp_path / "a.py").write_text(f"import httpx\n{APP}@app.get('/')\ndef a():\n{body}")
    report = check(Request(paths=(str(tmp_path),), settings=Settings(min_severity=Severity.INFO)))
    assert [f.severity for f in report.findings if f.code == "FSA301"] == [severity]


def test_what_is_bound_to_its_thread_is_no_resource_to_share(tmp_path: Path) -> None:
    source = "def d():\n    c = sqlite3.connect('x.db')\n    yield c\n    c.close()\nx = Depends(d)\n"
    assert reported(tmp_path, {"a.py": f"import sqlite3\n{APP}{source}"}, codes="FSA3") == []


@pytest.mark.parametrize(
    ("dependency", "use", "found"),
    [
        pytest.param(SESSION, "Depends(session)", ["db.py:4 FSA302"], id="after the yield"),
        pytest.param(SESSION, "Depends(session, scope='function')", [], id="scope"),
        pytest.param(SESSION, "Depends(other)", [], id="not a dependency"),
        pytest.param(
            "def session():\n    s = make()\n    try:\n        yield s\n    finally:\n        s.commit()\n",
            "Depends(session)",
            ["db.py:6 FSA302"],
            id="finally",
        ),
        pytest.param(
            "async def session():\n    async with make().begin() as s:\n        yield s\n",
            "Depends(session)",
            ["db.py:2 FSA302"],
            id="begin block",
        ),
        pytest.param(
            "async def session():\n    async with make().begin() as s:\n        load(s)\n    yield s\n",
            "Depends(session)",
            [],
            id="begin block before",
        ),
        pytest.param(
            "def session():\n    s = make()\n    s.commit()\n    yield s\n",
            "Depends(session)",
            [],
            id="before the yield",
        ),
        pytest.param(
            "def session():\n    s = make()\n    s.commit()\n    return s\n", "Depends(session)", [], id="return"
        ),
    ],
)
def test_commits_after_the_response(tmp_path: Path, dependency: str, use: str, found: list[str]) -> None:
    routes = f"from fastapi import Depends\nfrom .db import session\nX = {use}\n"
    files = {"app/__init__.py": "", "app/db.py": dependency, "app/routes.py": routes}
    assert reported(tmp_path, files, codes="FSA302") == [f"app/{place}" for place in found]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("    engine = create_async_engine(URL)\n    yield\n", ["a.py:7 FSA303"], id="never"),
        pytest.param(
            "    app.state.e: object = create_async_engine(URL)\n    yield\n", ["a.py:7 FSA303"], id="attribute"
        ),
        pytest.param("    engine = create_async_engine(URL)\n    yield\n    await engine.dispose()\n", [], id="closed"),
        pytest.param(
            "    e = create_async_engine(URL)\n    app.state.e = e\n    yield\n    await app.state.e.dispose()\n",
            [],
            id="closed by another name",
        ),
        pytest.param(
            "    e = create_async_engine(URL)\n    stack.push_async_callback(e.dispose)\n    yield\n",
            [],
            id="registered",
        ),
        pytest.param("    e = create_async_engine(URL)\n    yield\n    await close(e)\n", [], id="given away"),
        pytest.param("    c = httpx.AsyncClient()\n    async with c:\n        yield\n", [], id="entered"),
        pytest.param("    async with httpx.AsyncClient() as c:\n        yield\n", [], id="with"),
        pytest.param(
            "    e = create_async_engine(URL)\n    d = Database(engine=e)\n    yield\n    await d.close()\n",
            [],
            id="closed by what holds it",
        ),
        pytest.param(
            "    e = create_async_engine(URL)\n    app.state.sessions = async_sessionmaker(e)\n    yield\n",
            ["a.py:7 FSA303"],
            id="held and never closed",
        ),
        pytest.param(
            "    p = futures.ThreadPoolExecutor()\n    loop.set_default_executor(p)\n    yield\n",
            [],
            id="the executor of the loop",
        ),
        pytest.param("    p = futures.ThreadPoolExecutor()\n    yield\n", ["a.py:7 FSA303"], id="another executor"),
        pytest.param("    e = unknown.Engine()\n    yield\n", [], id="unknown"),
        pytest.param("    e = create_async_engine(URL)\n    return\n", [], id="no yield"),
    ],
)
def test_missing_cleanup(tmp_path: Path, body: str, found: list[str]) -> None:
    assert (
        reported(tmp_path, {"a.py": f"{LIFESPAN}{body}import httpx\nfrom concurrent import futures\n"}, codes="FSA303")
        == found
    )


def test_a_lifespan_by_any_name(tmp_path: Path) -> None:
    text = LIFESPAN.replace("def lifespan", "def life") + "    e = create_async_engine(URL)\n    yield\n"
    assert reported(tmp_path, {"a.py": text}, codes="FSA303") == []
    assert reported(tmp_path, {"a.py": f"{text}app = FastAPI(lifespan=life)\n"}, codes="FSA303") == ["a.py:7 FSA303"]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("@app.on_event('startup')\ndef a(): ...\n", [3]),
        ("app.add_event_handler('shutdown', print)\n", [3]),
        ("other = FastAPI(\n    on_startup=[print],\n    on_shutdown=[print],\n)\n", [4, 5]),
        ("@app.on_event('message')\ndef a(): ...\n", []),
        ("other = Thing(on_startup=[print])\n", []),
    ],
)
def test_event_handlers(tmp_path: Path, source: str, rows: list[int]) -> None:
    assert reported(tmp_path, {"a.py": APP + source}, codes="FSA304") == [f"a.py:{row} FSA304" for row in rows]


def test_event_handlers_of_other_libraries(tmp_path: Path) -> None:
    assert reported(tmp_path, {"a.py": "# like fastapi\n@bot.on_event('startup')\ndef a(): ...\n"}) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("async def a():\n    return 1\n", True, id="computes"),
        pytest.param("async def a():\n    return await f()\n", False, id="awaits"),
        pytest.param("async def a():\n    async with f():\n        pass\n", False, id="async with"),
        pytest.param("async def a():\n    return [x async for x in f()]\n", False, id="async comprehension"),
        pytest.param("async def a():\n    yield 1\n", False, id="generator"),
        pytest.param("async def a():\n    asyncio.create_task(f())\n", False, id="needs the loop"),
        pytest.param('async def a():\n    """Later."""\n    ...\n', False, id="stub"),
        pytest.param(
            "async def a():\n    async def b():\n        await f()\n    return b\n", True, id="inner function"
        ),
        pytest.param("def a():\n    return 1\n", False, id="plain"),
    ],
)
def test_endpoints_that_await_nothing(tmp_path: Path, source: str, found: bool) -> None:
    files = {"a.py": f"import asyncio\n{APP}@app.get('/')\n{source}"}
    assert reported(tmp_path, files, codes="FSA305") == (["a.py:5 FSA305"] if found else [])


def test_a_websocket_is_no_such_endpoint(tmp_path: Path) -> None:
    assert (
        reported(tmp_path, {"a.py": f"{APP}@app.websocket('/')\nasync def a():\n    return 1\n"}, codes="FSA305") == []
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("uvicorn.run(app, workers=4)", "FSA401"),
        ("uvicorn.run(FastAPI(), workers=2)", "FSA401"),
        ("uvicorn.run(app, reload=True)", "FSA401"),
        ("uvicorn.run(app=app, workers=4)", "FSA401"),
        ("uvicorn.run(app)", ""),
        ("uvicorn.run(app, workers=1)", ""),
        ("uvicorn.run(app, workers=count())", ""),
        ("uvicorn.run('a:app', workers=4)", ""),
        ("uvicorn.run(NAME, workers=4)", ""),
        ("uvicorn.run(given, workers=4)", ""),
        ("uvicorn.run('a:app', host='0.0.0.0', reload=True)", "FSA404"),
        ("uvicorn.run('a:app', host='127.0.0.1', reload=True)", ""),
        ("uvicorn.run('a:app', reload=True)", ""),
        ("uvicorn.run('a:app', host='0.0.0.0', reload=DEBUG)", ""),
        ("other.run(app, workers=4)", ""),
    ],
)
def test_servers(tmp_path: Path, call: str, code: str) -> None:
    files = {"a.py": f"import uvicorn\n{APP}NAME = 'a:app'\ndef main(given):\n    {call}\n"}
    assert reported(tmp_path, files, codes="FSA4") == ([f"a.py:6 {code}"] if code else [])


@pytest.mark.parametrize(
    ("address", "bad"),
    [
        ("'postgresql://db/app'", True),
        ("f'mysql+pymysql://{HOST}/app'", True),
        ("URL", True),
        ("url='sqlite:///app.db'", True),
        ("'postgresql+asyncpg://db/app'", False),
        ("'postgresql+psycopg://db/app'", False),
        ("'sqlite+aiosqlite:///app.db'", False),
        ("f'{SCHEME}://db/app'", False),
        ("settings.url", False),
        ("OTHER", False),
        ("", False),
    ],
)
def test_addresses(tmp_path: Path, address: str, bad: bool) -> None:
    head = "from sqlalchemy.ext.asyncio import create_async_engine as make\nURL = 'mysql://db'\n"
    text = f"{head}engine = make({address})\n"
    assert reported(tmp_path, {"a.py": text}, codes="FSA402") == (["a.py:3 FSA402"] if bad else [])


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("Dockerfile", 'CMD ["uvicorn", "a:app"]', "FSA403"),
        ("Dockerfile", "CMD uvicorn a:app --host 0.0.0.0", "FSA403"),
        ("Dockerfile", "ENTRYPOINT fastapi run a.py", "FSA403"),
        ("api.Dockerfile", 'CMD ["gunicorn", "a:app"]', "FSA403"),
        ("Dockerfile.prod", 'CMD ["gunicorn", "-w", "4", "a:app"]', ""),
        ("Dockerfile", 'CMD ["uvicorn", "a:app", "--workers=4"]', ""),
        ("Dockerfile", 'CMD ["uvicorn", "a:app", "--reload"]', "FSA404"),
        ("Dockerfile", 'CMD ["fastapi", "dev", "a.py"]', "FSA404"),
        ("Dockerfile", 'CMD ["python", "a.py"]', ""),
        ("Dockerfile", 'CMD ["uvicorn", ', ""),
        ("Dockerfile", "RUN pip install uvicorn", ""),
        ("Procfile", "web: uvicorn a:app", "FSA403"),
        ("compose.yaml", "    command: granian a:app", "FSA403"),
        ("docker-compose.dev.yml", "    command: uvicorn a:app --reload", "FSA404"),
        ("notes.yml", "    command: uvicorn a:app --reload", ""),
    ],
)
def test_deployments(tmp_path: Path, name: str, line: str, code: str) -> None:
    files = {"a.py": "", name: f"# start\n{line}\n"}
    assert reported(tmp_path, files) == ([f"{name}:2 {code}"] if code else [])


def test_workers_from_the_environment_are_workers(tmp_path: Path) -> None:
    assert reported(tmp_path, {"Dockerfile": 'ENV WEB_CONCURRENCY=4\nCMD ["uvicorn", "a:app"]\n', "a.py": ""}) == []


def test_a_comment_in_a_dockerfile_suppresses(tmp_path: Path) -> None:
    text = '# fastasync: ignore-file[FSA403] -- one process per container\nFROM "x\nCMD ["uvicorn", "a:app"]\n'
    assert reported(tmp_path, {"Dockerfile": text, "a.py": ""}) == []


def test_one_file_alone_gives_what_the_full_run_gives(tmp_path: Path) -> None:
    routes = "from fastapi import Depends\nfrom app.db import session\nX = Depends(session)\n"
    write(tmp_path, {"pyproject.toml": "", "app/db.py": SESSION, "app/routes.py": routes})
    alone = check(Request(paths=(str(tmp_path / "app/db.py"),), details="none", cache=False))
    assert [finding.code for finding in alone.findings] == ["FSA302"]


@pytest.mark.parametrize(
    ("use", "importing"),
    [
        ("session", "from .db import session"),
        ("session", "from app import session"),
        ("made", "from app.db import session as made"),
        ("db.session", "from app import db"),
        ("app.db.session", "import app.db"),
        ("session", "from src.app.db import session"),
    ],
)
def test_dependencies_are_found_where_they_are_defined(tmp_path: Path, use: str, importing: str) -> None:
    files = {
        "src/app/__init__.py": "from .db import session\n",
        "src/app/db.py": SESSION,
        "src/app/routes.py": f"from fastapi import Depends\n{importing}\nX = Depends({use})\n",
    }
    assert reported(tmp_path, files, codes="FSA302") == ["src/app/db.py:4 FSA302"]


@pytest.mark.parametrize("importing", ["from other import session", "from .db import commit as session", "session = 1"])
def test_other_dependencies_are_not_taken_for_it(tmp_path: Path, importing: str) -> None:
    routes = f"from fastapi import Depends\n{importing}\nX = Depends(session)\n"
    assert reported(tmp_path, {"app/db.py": SESSION, "app/routes.py": routes}, codes="FSA302") == []


def test_columns_count_characters(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": f"{APP}@app.get('/')\nasync def größe(): return 'ß'\n"})
    report = check(
        Request(paths=(str(tmp_path),), settings=Settings(min_severity=Severity.INFO), details="all", cache=False)
    )
    (finding,) = report.findings
    assert (finding.location.column, finding.end_location.column) == (1, 16)
    assert finding.fix is not None


def test_a_broken_file_is_the_engines_to_name(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import fastapi\ndef", "b.py": f"{APP}uvicorn.run(app, workers=4)\nimport uvicorn\n"})
    report = check(Request(paths=(str(tmp_path),), details="none", cache=False))
    assert [finding.code for finding in report.findings] == ["FSA401"]
    assert len(report.problems) == 1


@pytest.mark.parametrize("dies", [False, True])
def test_a_copy_of_the_process_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool) -> None:
    monkeypatch.setattr(processes, "LEAST", 1)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    here, look, seen = os.getpid(), structure._structural, []

    def looked(*arguments: Any) -> object:
        seen.append(os.getpid())
        if dies and os.getpid() != here:
            os._exit(9)
        return look(*arguments)

    monkeypatch.setattr(structure, "_structural", looked)
    files = {"app.py": APP + "@app.get('/')\nasync def a():\n    return 1\n"}
    assert reported(tmp_path, files) == ["app.py:4 FSA305"]
    assert seen == ([here] if dies else [])
