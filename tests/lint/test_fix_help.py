"""The help texts: the async alternative first, then the thread in both spellings, as code for the very call."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from .fix_tools import OPEN, SLEEP, suggestions


def texts(source: str, style: str = "to-thread", **fields: Any) -> tuple[str, ...]:
    return suggestions(source, style, **fields)[1][0][0]


def test_direct_call() -> None:
    assert texts("async def h():\n    «requests.get(url, timeout = 5)»\n", twin="httpx.AsyncClient") == (
        "use the async alternative: `async with httpx.AsyncClient() as client: await client.get(url, timeout=5)`",
        "or run it in a thread: `await asyncio.to_thread(requests.get, url, timeout=5)`",
        "the same without the shorthand: "
        "`await loop.run_in_executor(None, functools.partial(requests.get, url, timeout=5))` "
        "with `loop = asyncio.get_running_loop()`",
    )


def test_framework_adds_its_own_threads() -> None:
    assert texts("import fastapi\nasync def h():\n    «f(x)»\n", "auto")[-1] == (
        "the same on the framework's threads: `await run_in_threadpool(f, x)`"
    )


def test_anyio_adds_its_own_threads() -> None:
    assert texts("async def h():\n    «f(x, k=1)»\n", "anyio")[-1] == (
        "the same on AnyIO's threads: `await anyio.to_thread.run_sync(functools.partial(f, x, k=1))`"
    )


def test_transitive_call_names_where_the_alternative_belongs() -> None:
    help_texts = texts("async def h():\n    «load(x)»\n", twin="httpx.AsyncClient", depth=2)
    assert help_texts[0] == "use the async alternative in `handler`: `httpx.AsyncClient`"
    assert help_texts[1] == "or run it in a thread: `await asyncio.to_thread(load, x)`"


def test_plain_function_does_not_await() -> None:
    assert texts("async def h():\n    def tick():\n        «f(x)»\n")[0] == (
        "or run it in a thread: `asyncio.to_thread(f, x)`"
    )


@pytest.mark.parametrize(
    ("fields", "call", "first"),
    [
        (SLEEP, "time.sleep(0.5)", "use the async alternative: `await asyncio.sleep(0.5)`"),
        (SLEEP, "gevent.sleep()", "use the async alternative: `asyncio.sleep`"),
        (OPEN, "open(p, 'w')", "use the async alternative: `async with await anyio.open_file(p, 'w') as file: ...`"),
        (
            {"twin": "ainvoke", "sink": "llm.Model.invoke"},
            "self.m.invoke(q)",
            "use the async alternative: `await self.m.ainvoke(q)`",
        ),
        ({"twin": "asyncio.to_thread"}, "f()", "or run it in a thread: `await asyncio.to_thread(f)`"),
        ({"twin": "await", "code": "FSA201"}, "asyncio.run(f())", "await the coroutine itself"),
        ({"twin": "anyio.Path().glob", "kind": "iterate"}, "p.glob(k)", "use the async alternative: `anyio.Path.glob`"),
        ({"twin": "redis.asyncio.Redis"}, "r.get(k)", "use the async alternative: `redis.asyncio.Redis`"),
        (
            {"twin": "an async driver such as asyncpg"},
            "f()",
            "use the async alternative: an async driver such as asyncpg",
        ),
    ],
)
def test_alternative(fields: dict[str, Any], call: str, first: str) -> None:
    assert texts(f"async def h():\n    «{call}»\n", **fields)[0] == first


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"code": "FSA108", "sink": "queue.Queue.get", "twin": "asyncio.Queue"}, 1),
        ({"code": "FSA111", "sink": "busy loop"}, 0),
        ({"kind": "iterate", "call": "f"}, 0),
        ({"kind": "iterate", "call": "rows"}, 2),
        ({"sink": "sqlalchemy.orm.Session.execute", "twin": "sqlalchemy.ext.asyncio.AsyncSession"}, 1),
        ({"sink": "sqlite3.Connection.execute", "twin": "aiosqlite.connect"}, 1),
    ],
)
def test_no_thread_where_it_would_not_help(fields: dict[str, Any], count: int) -> None:
    assert len(texts("async def h():\n    «f(x)»\n", **fields)) == count


def test_long_and_broken_calls_are_shortened() -> None:
    source = f"""\
        async def h():
            «(a.b(c)
              .post)(url, json={{
                1: 2}}, data="{"x" * 200}", *more, **rest)»
        """
    assert (
        texts(source)[0]
        == "or run it in a thread: `await asyncio.to_thread(....post, url, json=..., data=..., *..., **...)`"
    )


def test_operator_gets_the_alternative_only() -> None:
    assert texts("async def h():\n    «kv['a']»\n", twin="httpx.AsyncClient", depth=2) == (
        "use the async alternative in `handler`: `httpx.AsyncClient`",
    )


def test_libcst_is_imported_only_when_needed() -> None:
    code = "import sys, fastasync_lint.fixes; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
