"""Fixes wider than a call: opened files, plain endpoints, misuse of the event loop."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from fastasync_lint import fixes
from fastasync_lint.settings import Settings

from .fix_tools import OPEN, fixed, make_hit, unmark

OPENED = {
    "read": (
        "with «open(p)» as f:\n        x = f.read()",
        "async with await anyio.open_file(p) as f:\n        x = await f.read()",
    ),
    "written": (
        "with «open(p, 'w', encoding='utf-8')» as f:\n        f.write(x); f.flush()",
        "async with await anyio.open_file(p, 'w', encoding='utf-8') as f:\n        await f.write(x); await f.flush()",
    ),
    "chained": (
        "with «open(p)» as f:\n        return f.read().strip()",
        "async with await anyio.open_file(p) as f:\n        return (await f.read()).strip()",
    ),
    "iterated": (
        "with «open(p)» as f:\n        for line in f:\n            g(line)",
        "async with await anyio.open_file(p) as f:\n        async for line in f:\n            g(line)",
    ),
    "seen from its use": (
        "with open(p) as f:\n        x = «f.read()»",
        "async with await anyio.open_file(p) as f:\n        x = await f.read()",
    ),
    "path": (
        "with «p.open('rb')» as f:\n        x = f.read()",
        "async with await anyio.open_file(p, 'rb') as f:\n        x = await f.read()",
    ),
    "seen from its use, another way": (
        "import io\n    with io.open(p) as f:\n        x = «f.read()»",
        "import io\n    async with await anyio.open_file(p) as f:\n        x = await f.read()",
    ),
    "builtins": (
        "with «builtins.open(p)» as f:\n        x = f.read()",
        "async with await anyio.open_file(p) as f:\n        x = await f.read()",
    ),
}

# Used in a way that an asynchronous file has no answer to: the calls go to a thread one by one instead.
KEPT = {
    "handed on": "with «open(p)» as f:\n        x = json.load(f)",
    "stored": "with «open(p)» as f:\n        self.f = f\n        f.read()",
    "other method": "with «open(p)» as f:\n        x = f.fileno()",
    "nested function": "with «open(p)» as f:\n        def g(): return f.read()",
    "generator": "with «open(p)» as f:\n        x = sum(f.readline() for _ in a)",
    "two files": "with «open(p)» as f, open(q) as g:\n        f.read()",
    "no name": "with «open(p)»:\n        pass",
    "bare": "f = «open(p)»",
    "inside another block": "with lock:\n        «open(p)»",
}


def coroutine(body: str) -> str:
    return f"import anyio\nimport asyncio\n\nasync def handler(p):\n    {body}\n"


@pytest.mark.parametrize(("before", "after"), OPENED.values(), ids=OPENED)
def test_opened_file(before: str, after: str) -> None:
    sink = "pathlib.Path.open" if "p.open" in before else "open"
    fields = {**OPEN, "sink": "io.TextIOWrapper.read" if "«f." in before else sink}
    result, labels = fixed(coroutine(before), **fields)
    assert result == coroutine(after)
    assert labels == {"unsafe"}


@pytest.mark.parametrize("before", KEPT.values(), ids=KEPT)
def test_file_that_stays_synchronous(before: str) -> None:
    result, _ = fixed(coroutine(before), **OPEN)
    assert result == coroutine(before.replace("«open(p)»", "await asyncio.to_thread(open, p)"))


ELSEWHERE = {
    "archive": "with zf.open(p) as f:\n        x = «f.read()»",
    "compressed": "import gzip\n    with gzip.open(p, 'rt') as f:\n        x = «f.read()»",
    "other open": "from codecs import open\n    with open(p) as f:\n        x = «f.read()»",
    "own open": "open = q\n    with open(p) as f:\n        x = «f.read()»",
    "no call": "with p as f:\n        x = «f.read()»",
    "made elsewhere": "with g().open(p) as f:\n        x = «f.read()»",
}


@pytest.mark.parametrize("before", ELSEWHERE.values(), ids=ELSEWHERE)
def test_file_opened_by_something_else(before: str) -> None:
    result, _ = fixed(coroutine(before), **{**OPEN, "sink": "io.TextIOWrapper.read"})
    assert result == coroutine(before.replace("«f.read()»", "await asyncio.to_thread(f.read)"))


def test_path_opened_through_a_name() -> None:
    before = coroutine("opener = p.open\n    with «opener()» as f:\n        f.read()")
    result, _ = fixed(before, **{**OPEN, "sink": "pathlib.Path.open"})
    assert result == before.replace("«opener()»", "await asyncio.to_thread(opener)")


def test_file_in_another_function_than_its_use() -> None:
    before = "import anyio\nasync def a(p):\n    with open(p) as f:\n        async def b():\n            «f.read()»\n"
    assert "anyio.open_file" not in fixed(before, **{**OPEN, "sink": "io.TextIOWrapper.read"})[0]


def test_file_without_anyio() -> None:
    source = "import asyncio\nasync def handler(p):\n    with «open(p)» as f:\n        x = «f.read()»\n"
    assert fixed(source, **OPEN)[0] == dedent("""\
        import asyncio
        async def handler(p):
            with await asyncio.to_thread(open, p) as f:
                x = await asyncio.to_thread(f.read)
        """)


def test_uses_of_one_file_share_a_fix() -> None:
    before = coroutine("with «open(p)» as f:\n        x = «f.readline()» + «f.read()»")
    after = coroutine("async with await anyio.open_file(p) as f:\n        x = await f.readline() + await f.read()")
    assert fixed(before, **OPEN)[0] == after


ROUTES = {
    "route": ('@app.get("/")\nasync def read():\n    return «load()».x\n', True),
    "two routes": ('@app.get("/")\n@app.post("/")\nasync def read():\n    return «load()»\n', True),
    "exception handler": ("@app.exception_handler(E)\nasync def on(r, e):\n    return «load()»\n", True),
    "dependency": ("async def user():\n    return «load()»\ndef read(u=Depends(user)): ...\n", True),
    "yielding dependency": ("async def db():\n    yield «load()»\ndef read(d=Depends(db)): ...\n", True),
    "background task": ("async def send():\n    «load()»\ndef read(tasks): tasks.add_task(send)\n", True),
    "in a nested scope": ('def build(app):\n    @app.get("/")\n    async def read():\n        return «load()»\n', True),
    "wide keyword": ('@app.get("/")\nasync   def read():\n    return «load()»\n', True),
    "awaits": ('@app.get("/")\nasync def read():\n    await g()\n    return «load()»\n', False),
    "async for": ('@app.get("/")\nasync def read():\n    async for x in g(): «load()»\n', False),
    "async with": ('@app.get("/")\nasync def read():\n    async with g(): «load()»\n', False),
    "async comprehension": ('@app.get("/")\nasync def read():\n    return [«load()» async for x in g()]\n', False),
    "uses the loop": (
        'import asyncio\n@app.get("/")\nasync def read():\n    asyncio.current_task()\n    «load()»\n',
        False,
    ),
    "uses the loop by name": (
        'from asyncio import create_task as go\n@app.get("/")\nasync def read():\n    go(x); «load()»\n',
        False,
    ),
    "called elsewhere": ('@app.get("/")\nasync def read():\n    «load()»\nasync def g():\n    await read()\n', False),
    "method called elsewhere": (
        'class A:\n    @app.get("/")\n    async def read(self):\n        «load()»\n'
        "    async def g(self):\n        await self.read()\n",
        False,
    ),
    "websocket": ('@app.websocket("/")\nasync def read(ws):\n    «load()»\n', False),
    "middleware": ('@app.middleware("http")\nasync def read(request, call_next):\n    «load()»\n', False),
    "other decorator": ('@app.get("/")\n@cached\nasync def read():\n    «load()»\n', False),
    "streaming route": ('@app.get("/")\nasync def read():\n    yield «load()»\n', False),
    "plain coroutine": ("async def read():\n    return «load()»\n", False),
    "nested coroutine": ('@app.get("/")\nasync def read():\n    async def g(): «load()»\n    return g\n', False),
}


@pytest.mark.parametrize(("before", "converted"), ROUTES.values(), ids=ROUTES)
def test_endpoint_becomes_plain(before: str, converted: bool) -> None:
    result, labels = fixed(before, depth=2, sink="redis.Redis.get")
    plain = before.replace("«", "").replace("»", "").replace("async def", "def", 1).replace("async   def", "def")
    assert (result == plain) is converted
    assert labels == {"unsafe"}


def test_safe_fix_of_the_call_comes_before_the_endpoint() -> None:
    before = 'import asyncio\n@app.get("/")\nasync def read():\n    return «load()»\n'
    result, labels = fixed(before)
    assert result == before.replace("«load()»", "await asyncio.to_thread(load)")
    assert labels == {"safe"}


def test_plain_endpoint_and_await_exclude_each_other() -> None:
    """Both apply to this endpoint, each to another call; together they would not be Python."""
    marked = unmark('import asyncio\n@app.get("/")\nasync def read():\n    «requests.get(1)»\n    «load(2)»\n')
    extents = zip(marked.extents, (1, 2), strict=True)
    settings = Settings(fix_style="to-thread")
    found = [fixes.suggest(make_hit(at, depth=depth), marked.source, settings)[1] for at, depth in extents]
    first, second = [fix for fix in found if fix is not None]
    awaited = marked.source.replace("requests.get(1)", "await asyncio.to_thread(requests.get, 1)")
    assert fixes.apply(marked.source.encode(), [first, second]) == (awaited.encode(), 1)
    plain = marked.source.replace("async def", "def")
    assert fixes.apply(marked.source.encode(), [second, first]) == (plain.encode(), 1)


def test_endpoint_is_the_way_out_where_no_thread_may_be_changed() -> None:
    before = '@app.get("/")\nasync def read(db):\n    return «db.execute(q)».all()\n'
    result, _ = fixed(before, sink="sqlalchemy.orm.Session.execute", code="FSA103")
    assert result == '@app.get("/")\ndef read(db):\n    return db.execute(q).all()\n'


@pytest.mark.parametrize(
    ("kind", "call", "body", "after"),
    [
        ("enter", "Lock.__enter__", "with «Lock()»: pass", ""),
        ("call", "Lock.__enter__", "with «Lock()»: pass", ""),
        ("call", "Lock.__enter__", "«lock.__enter__()»", "await asyncio.to_thread(lock.__enter__)"),
        ("call", "Client.__init__", "x = «Client(1)»", "x = await asyncio.to_thread(Client, 1)"),
        ("iterate", "rows", "for x in «rows()»: pass", ""),
        ("iterate", "rows", "for x in «make()»: pass", ""),
        ("iterate", "rows", "[x for x in «make()»]", ""),
        ("iterate", "rows", "a, b = «rows()»", ""),
        ("iterate", "rows", "x = «list(rows())»", "x = await asyncio.to_thread(list, rows())"),
        (
            "iterate",
            "requests.Response().iter_lines",
            "x = «b''.join(it)»",
            "x = await asyncio.to_thread(b''.join, it)",
        ),
        ("get", "Config.data", "x = «config.data»", ""),
    ],
)
def test_what_runs_behind_the_syntax(kind: str, call: str, body: str, after: str) -> None:
    source = "import asyncio\nasync def read():\n    {}\n"
    result, labels = fixed(source.format(body), kind=kind, depth=2, call=call)
    assert result == source.format(after or body.replace("«", "").replace("»", ""))
    assert labels == ({"unsafe"} if after else set())


def test_eager_argument_that_blocks() -> None:
    before = "import asyncio\nasync def read(u):\n    await asyncio.to_thread(«requests.get(u, timeout=5)»)\n"
    after = "import asyncio\nasync def read(u):\n    await asyncio.to_thread(requests.get, u, timeout=5)\n"
    assert fixed(before) == (after, {"safe"})
    assert fixed(before, depth=2) == (after, {"unsafe"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('@app.get("/")\nasync def «read»():\n    return 1\n', '@app.get("/")\ndef read():\n    return 1\n'),
        ('@app.get("/")\n«async def read():\n    return 1»\n', '@app.get("/")\ndef read():\n    return 1\n'),
        ('«@app.get("/")\nasync def read():\n    return 1»\n', '@app.get("/")\ndef read():\n    return 1\n'),
    ],
)
def test_endpoint_without_await(before: str, after: str) -> None:
    assert fixed(before, code="FSA305") == (after, {"unsafe"})


MISUSE: dict[str, tuple[str, str, str, str]] = {
    "eager": ("FSA202", "await «asyncio.to_thread(f(x, k=1))»", "await asyncio.to_thread(f, x, k=1)", "safe"),
    "eager, seen from inside": ("FSA202", "await asyncio.to_thread(«f(x)»)", "await asyncio.to_thread(f, x)", "safe"),
    "eager, no argument": ("FSA202", "await «asyncio.to_thread(f())»", "await asyncio.to_thread(f)", "safe"),
    "eager in an executor": (
        "FSA202",
        "await loop.run_in_executor(None, «f(x, k=1)»)",
        "await loop.run_in_executor(None, functools.partial(f, x, k=1))",
        "safe",
    ),
    "eager with options": (
        "FSA202",
        "await «anyio.to_thread.run_sync(f(x,), limiter=l,)»",
        "await anyio.to_thread.run_sync(f, x, limiter=l)",
        "safe",
    ),
    "callable made on purpose": ("FSA202", "await «asyncio.to_thread(make(x), y)»", "", ""),
    "not an offloader": ("FSA202", "await «g(f(x))»", "", ""),
    "nested loop": ("FSA201", "x = «asyncio.run(main())»", "x = await main()", "unsafe"),
    "nested loop of an expression": (
        "FSA201",
        "x = «loop.run_until_complete(a or b)».c",
        "x = (await (a or b)).c",
        "unsafe",
    ),
    "nested loop with options": ("FSA201", "«asyncio.run(main(), debug=True)»", "", ""),
    "nested loop of many": ("FSA201", "«asyncio.run(*a)»", "", ""),
    "not awaited": ("FSA204", "«save(x)»", "await save(x)", "unsafe"),
    "not awaited, but kept": ("FSA204", "x = «save(x)»", "", ""),
    "lost task": ("FSA203", "«asyncio.create_task(f())»", "", ""),
}


@pytest.mark.parametrize(("code", "before", "after", "label"), MISUSE.values(), ids=MISUSE)
def test_misuse(code: str, before: str, after: str, label: str) -> None:
    source = "import asyncio\nimport functools\n\nasync def handler(x, loop):\n    {}\n"
    result, labels = fixed(source.format(before), code=code)
    assert result == source.format(after or before.replace("«", "").replace("»", ""))
    assert labels == ({label} if label else set())


STEPPED = {
    "for": (
        "iterate",
        "for row in «rows(x)»:\n        g(row)\n    else: pass",
        "async for row in iterate_in_threadpool(rows(x)):\n        g(row)\n    else: pass",
    ),
    "with": (
        "enter",
        "with «made(x)» as y:\n        g(y)",
        "async with contextmanager_in_threadpool(made(x)) as y:\n        g(y)",
    ),
    "with, leaving": (
        "exit",
        "with «x.made»:\n        g()",
        "async with contextmanager_in_threadpool(x.made):\n        g()",
    ),
    "two items": ("enter", "with «made(x)», b: pass", ""),
    "comprehension": ("iterate", "y = [g(row) for row in «rows(x)»]", ""),
    "nested function": ("iterate", "def g():\n        for row in «rows(x)»: pass", ""),
    "unpacking": ("iterate", "a, b = «rows(x)»", ""),
}


@pytest.mark.parametrize(("kind", "before", "after"), STEPPED.values(), ids=STEPPED)
def test_steps_in_a_thread(kind: str, before: str, after: str) -> None:
    source = "import fastapi\nfrom fastapi.concurrency import contextmanager_in_threadpool\n"
    source += "from starlette.concurrency import iterate_in_threadpool\n\nasync def handler(x):\n    {}\n"
    result, labels = fixed(source.format(before), "auto", kind=kind, depth=2, call="rows")
    assert result == source.format(after or before.replace("«", "").replace("»", ""))
    assert labels == ({"unsafe"} if after else set())


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("import starlette", {"kind": "enter"}),
        ("import asyncio", {"kind": "iterate"}),
        ("import fastapi", {"kind": "enter", "code": "FSA108"}),
        ("import fastapi", {"kind": "enter", "sink": "sqlalchemy.orm.Session.__exit__"}),
        ("import fastapi", {"kind": "iterate", "sink": "sqlite3.Cursor"}),
    ],
)
def test_steps_that_stay(head: str, fields: dict[str, str]) -> None:
    statement = "with «made()»: pass" if fields["kind"] == "enter" else "for x in «made()»: pass"
    assert fixed(f"{head}\nasync def handler():\n    {statement}\n", "auto", **fields)[1] == set()


@pytest.mark.parametrize(
    ("manifest", "content", "offload"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["fastapi[standard]>=0.1"]\n', "run_in_threadpool"),
        ("requirements.txt", "# web\nStarlette==1.0\n", "run_in_threadpool"),
        ("requirements.txt", "starlette-testing==1.0\n", "asyncio.to_thread"),
    ],
)
def test_framework_among_the_dependencies(tmp_path: Path, manifest: str, content: str, offload: str) -> None:
    (tmp_path / manifest).write_text(content)
    marked = unmark("async def handler():\n    «f()»\n")
    _, fix = fixes.suggest(make_hit(marked.extents[0]), marked.source, Settings(folder=str(tmp_path)))
    assert fix is not None
    assert fix.edits[0].content == f"await {offload}(f)"


DEPENDENCY = """\
async def session():
    yield 1
    «s.commit()»

async def a(x=Depends(session)): ...
async def b(x: Annotated[int, Depends(session, use_cache=False)], y=Depends(other)): ...
async def c(x=Depends(session, scope="request")): ...
"""


def test_commit_comes_before_the_response() -> None:
    result, labels = fixed(DEPENDENCY, code="FSA302")
    after = DEPENDENCY.replace("«", "").replace("»", "")
    after = after.replace("Depends(session)", 'Depends(session, scope="function")')
    after = after.replace("Depends(session, use", 'Depends(session, scope="function", use')
    assert (result, labels) == (after, {"unsafe"})


def test_dependency_used_elsewhere_has_no_fix() -> None:
    assert fixed("async def session():\n    yield 1\n    «s.commit()»\n", code="FSA302")[1] == set()


ADDRESSES = {
    "usual driver": ("postgresql", '"postgresql://h/d"', '"postgresql+asyncpg://h/d"'),
    "old name": ("postgres", "r'postgres://h'", "r'postgresql+asyncpg://h'"),
    "synchronous driver": ("mysql+pymysql", "'mysql+pymysql://h'", "'mysql+aiomysql://h'"),
    "f-string": ("sqlite", "f'sqlite:///{p}'", "f'sqlite+aiosqlite:///{p}'"),
    "parts": ("sqlite", "('sqlite:'\n    '///a')", ""),
    "variable": ("sqlite", "url", ""),
    "unknown dialect": ("db2", "'db2://h'", ""),
}


@pytest.mark.parametrize(("scheme", "address", "after"), ADDRESSES.values(), ids=ADDRESSES)
def test_driver_of_an_address(scheme: str, address: str, after: str) -> None:
    source = "import aiomysql\nengine = create_async_engine({}, echo=True)\n"
    marked = source.format(f"(«{address[1:-1]}»)" if address.startswith("(") else f"«{address}»")
    result, labels = fixed(marked, code="FSA402", sink=scheme)
    assert result == source.format(after or address)
    assert labels == ({"unsafe"} if after else set())
