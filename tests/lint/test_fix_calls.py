"""Fixes of single calls: what each becomes, and where there is none."""

from __future__ import annotations

import ast
from textwrap import dedent

import msgspec
import pytest
from fastasync_lint import fixes
from fastasync_lint.settings import Settings

from .fix_tools import SLEEP, fixed, make_hit, unmark

# name -> a call in a coroutine, the same after the fix, its label
POSITIONS = {
    "statement": ("«f(a)»", "await asyncio.to_thread(f, a)", "safe"),
    "no argument": ("«f()»", "await asyncio.to_thread(f)", "safe"),
    "value": ("x = «f(a)»", "x = await asyncio.to_thread(f, a)", "safe"),
    "keywords": ("x = «f(a, *b, c=1, **d)»", "x = await asyncio.to_thread(f, a, *b, c=1, **d)", "safe"),
    "annotated value": ("x: int = «f(a)»", "x: int = await asyncio.to_thread(f, a)", "safe"),
    "return": ("return «f(a)»", "return await asyncio.to_thread(f, a)", "safe"),
    "condition": ("if «f(a)»: pass", "if await asyncio.to_thread(f, a): pass", "safe"),
    "negation": ("x = not «f(a)»", "x = not await asyncio.to_thread(f, a)", "safe"),
    "conditional": ("x = «f(a)» if b else c", "x = await asyncio.to_thread(f, a) if b else c", "safe"),
    "operand": ("x = 1 + «f(a)» ** 2", "x = 1 + await asyncio.to_thread(f, a) ** 2", "safe"),
    "argument": ("g(«f(a)», k=b)", "g(await asyncio.to_thread(f, a), k=b)", "safe"),
    "awaited argument": ("«f(await a)»", "await asyncio.to_thread(f, await a)", "safe"),
    "attribute": ("x = «f(a)».json()", "x = (await asyncio.to_thread(f, a)).json()", "safe"),
    "parenthesised attribute": ("x = («f(a)»).y", "x = (await asyncio.to_thread(f, a)).y", "safe"),
    "subscript": ("x = «f(a)»[0]", "x = (await asyncio.to_thread(f, a))[0]", "safe"),
    "index": ("x = a[«f(b)»]", "x = a[await asyncio.to_thread(f, b)]", "safe"),
    "called": ("«f(a)»(b)", "(await asyncio.to_thread(f, a))(b)", "safe"),
    "method": ("«a.b(c).d(e)»", "await asyncio.to_thread(a.b(c).d, e)", "safe"),
    "list": ("x = [«f(b)» for b in a]", "x = [await asyncio.to_thread(f, b) for b in a]", "safe"),
    "filter": ("x = {b for b in a if «f(b)»}", "x = {b for b in a if await asyncio.to_thread(f, b)}", "safe"),
    "dict": ("x = {b: «f(b)» for b in a}", "x = {b: await asyncio.to_thread(f, b) for b in a}", "safe"),
    "nested list": (
        "x = [[«f(c)» for c in b] for b in a]",
        "x = [[await asyncio.to_thread(f, c) for c in b] for b in a]",
        "unsafe",
    ),
    "first iterable": ("x = sum(b for b in «f(a)»)", "x = sum(b for b in await asyncio.to_thread(f, a))", "safe"),
    "loop": ("for x in «f(a)»: pass", "for x in await asyncio.to_thread(f, a): pass", "safe"),
    "with item": ("with «f(a)» as x: pass", "with await asyncio.to_thread(f, a) as x: pass", "safe"),
    "async with item": ("async with «f(a)»: pass", "async with await asyncio.to_thread(f, a): pass", "unsafe"),
    "f-string": ('x = f"{«f(a)».b!r:>9}"', 'x = f"{(await asyncio.to_thread(f, a)).b!r:>9}"', "safe"),
    "walrus": ("if (x := «f(a)»): pass", "if (x := await asyncio.to_thread(f, a)): pass", "safe"),
    "starred": ("g(*«f(a)»)", "g(*await asyncio.to_thread(f, a))", "safe"),
    "match": (
        "match «f(a)»:\n        case _: pass",
        "match await asyncio.to_thread(f, a):\n        case _: pass",
        "safe",
    ),
    "finally": ("try: pass\n    finally: «f(a)»", "try: pass\n    finally: await asyncio.to_thread(f, a)", "unsafe"),
    "except": ("try: pass\n    except E: «f(a)»", "try: pass\n    except E: await asyncio.to_thread(f, a)", "safe"),
    "lock held": ("with lock: «f(a)»", "with lock: await asyncio.to_thread(f, a)", "unsafe"),
    "lock made": ("with get_lock(b): «f(a)»", "with get_lock(b): await asyncio.to_thread(f, a)", "unsafe"),
    "file held": ("with open(b) as x: «f(a)»", "with open(b) as x: await asyncio.to_thread(f, a)", "safe"),
    "shared sum": ("a.n += «f(b)»", "a.n += await asyncio.to_thread(f, b)", "unsafe"),
    "own sum": ("x = 0; x += «f(b)»", "x = 0; x += await asyncio.to_thread(f, b)", "safe"),
    "global sum": ("global n; n += «f(b)»", "global n; n += await asyncio.to_thread(f, b)", "unsafe"),
    "generator argument": (
        "x = «f(b for b in a)»",
        "x = await asyncio.to_thread(f, (b for b in a))",
        "unsafe",
    ),
    "lambda argument": ("«f(lambda: a)»", "await asyncio.to_thread(f, lambda: a)", "unsafe"),
    "lambda called": ("«(lambda: a)()»", "await asyncio.to_thread((lambda: a))", "safe"),
    "trailing comma": ("«f(a,)»", "await asyncio.to_thread(f, a,)", "safe"),
    "not ASCII": ("x = 'é', «f('ü')»", "x = 'é', await asyncio.to_thread(f, 'ü')", "safe"),
}

UNFIXABLE = {
    "awaited": "await «f(a)»",
    "lambda": "x = lambda: «f(a)»",
    "generator": "x = sum(«f(b)» for b in a)",
    "nested function": "def g():\n        «f(a)»",
    "decorator": "@«f(a)»\n    def g(): pass",
    "default": "def g(x=«f(a)»): pass",
    "class body": "class A:\n        x = «f(a)»",
    "base class": "class A(«f(a)»): pass",
    "annotation": "x: «f(a)» = 1",
    "debug text": "x = f'{«f(a)»=}'",
    "attribute": "x = «a.b»",
    "operator": "x = «a + b»",
    "walrus argument": "«f(x := a)»",
    "yield argument": "«f((yield))»",
    "name taken": "asyncio = to_thread = 1; «f(a)»",
}


def coroutine(body: str) -> str:
    return f"import asyncio\n\nasync def handler(a, b, c, d):\n    {body}\n"


@pytest.mark.parametrize(("before", "after", "label"), POSITIONS.values(), ids=POSITIONS)
def test_position(before: str, after: str, label: str) -> None:
    result, labels = fixed(coroutine(before))
    assert result == coroutine(after)
    assert labels == {label}
    compile(result, "fixed", "exec")


@pytest.mark.parametrize("body", UNFIXABLE.values(), ids=UNFIXABLE)
def test_no_fix(body: str) -> None:
    result, labels = fixed(coroutine(body))
    assert labels == set()
    assert result == coroutine(body).replace("«", "").replace("»", "")


STYLES = {
    "plain executor": (
        "run-in-executor",
        "f(a, *b)",
        "asyncio.get_running_loop().run_in_executor(None, f, a, *b)",
        "import asyncio",
    ),
    "executor keywords": (
        "run-in-executor",
        "f(a, k=b)",
        "asyncio.get_running_loop().run_in_executor(None, functools.partial(f, a, k=b))",
        "import asyncio\nimport functools",
    ),
    "plain anyio": ("anyio", "f(a, b)", "anyio.to_thread.run_sync(f, a, b)", "import anyio.to_thread"),
    "anyio keywords": (
        "anyio",
        "f(a, **b)",
        "anyio.to_thread.run_sync(functools.partial(f, a, **b))",
        "import functools\n\nimport anyio.to_thread",
    ),
    "threadpool": (
        "run-in-threadpool",
        "f(a, k=b)",
        "run_in_threadpool(f, a, k=b)",
        "from starlette.concurrency import run_in_threadpool",
    ),
    "threadpool's own keyword": (
        "run-in-threadpool",
        "f(func=b)",
        "run_in_threadpool(functools.partial(f, func=b))",
        "import functools\n\nfrom starlette.concurrency import run_in_threadpool",
    ),
    "automatic": ("auto", "f(a)", "asyncio.to_thread(f, a)", "import asyncio"),
}


@pytest.mark.parametrize(("style", "call", "offload", "imports"), STYLES.values(), ids=STYLES)
def test_style(style: str, call: str, offload: str, imports: str) -> None:
    body = "async def handler(a, b):\n    return {}\n"
    result, labels = fixed('"""Doc."""\n\n' + body.format(f"«{call}»"), style)
    assert sorted(result.split("async def")[0].split()) == sorted(('"""Doc."""\n' + imports).split())
    assert "async def" + result.split("async def")[1] == body.format(f"await {offload}")
    assert labels == {"safe"}
    compile(result, "fixed", "exec")


def test_automatic_style_of_a_framework() -> None:
    before = """\
        from fastapi import FastAPI

        async def handler(a):
            return «f(a)»
        """
    assert fixed(before, "auto")[0] == dedent("""\
        from fastapi import FastAPI
        from starlette.concurrency import run_in_threadpool

        async def handler(a):
            return await run_in_threadpool(f, a)
        """)


def test_layout_and_comments_stay() -> None:
    before = """\
        import asyncio

        async def handler():
            rows = (
                «db.query(A)  # all of them
                .filter(B)
                .all()»
            )
            return «requests.post(  # send
                url,  # where
                json={
                    "a": 1,
                },
            )»
        """
    assert fixed(before)[0] == dedent("""\
        import asyncio

        async def handler():
            rows = (
                await asyncio.to_thread(db.query(A)  # all of them
                .filter(B)
                .all)
            )
            return await asyncio.to_thread(  # send
                requests.post,
                url,  # where
                json={
                    "a": 1,
                },
            )
        """)


def test_nested_calls_take_turns() -> None:
    before = "import asyncio\nasync def handler():\n    return «f(«g()»)»\n"
    once, _ = fixed(before)
    assert once == "import asyncio\nasync def handler():\n    return await asyncio.to_thread(f, g())\n"
    twice, _ = fixed(once.replace("g()", "«g()»"))
    assert (
        twice
        == "import asyncio\nasync def handler():\n    return await asyncio.to_thread(f, await asyncio.to_thread(g))\n"
    )


def test_transitive_is_unsafe() -> None:
    result, labels = fixed(coroutine("x = «helper(a)».b"), depth=3)
    assert result == coroutine("x = (await asyncio.to_thread(helper, a)).b")
    assert labels == {"unsafe"}


BOUND = {
    "connection of its thread": ("sqlite3.Connection.execute", "conn.execute(a)", 1, False),
    "helper with a connection of its thread": ("sqlite3.Connection.execute", "store.get(a)", 2, False),
    "helper that opens its connection": ("sqlite3.connect", "load(a)", 2, True),
    "opened here": ("sqlite3.connect", "sqlite3.connect(a)", 1, False),
    "opened for all threads": ("sqlite3.connect", "sqlite3.connect(a, check_same_thread=False)", 1, True),
    "session": ("sqlalchemy.orm.Session.execute", "db.execute(a)", 1, False),
    "helper with a session": ("sqlalchemy.orm.Session.execute", "users(db)", 2, True),
    "StopIteration": ("next", "next(a)", 1, False),
    "caller's variables": ("eval", "eval(a)", 1, False),
    "window": ("tkinter.Tk.mainloop", "a.mainloop()", 2, False),
    "main thread": ("signal.pause", "signal.pause()", 1, False),
}


@pytest.mark.parametrize(("sink", "call", "depth", "fixable"), BOUND.values(), ids=BOUND)
def test_what_belongs_to_a_thread(sink: str, call: str, depth: int, fixable: bool) -> None:
    _, labels = fixed(coroutine(f"«{call}»"), sink=sink, depth=depth)
    assert bool(labels) is fixable


@pytest.mark.parametrize("code", ["FSA108", "FSA111"])
def test_waits_and_busy_loops_have_no_fix(code: str) -> None:
    assert fixed(coroutine("«q.get()»"), code=code, sink="queue.Queue.get", twin="asyncio.Queue")[1] == set()


SLEEPS = {
    "plain": ("«time.sleep(1)»", "await asyncio.sleep(1)", "safe"),
    "alias": ("«nap( 1 )»", "await asyncio.sleep( 1 )", "safe"),
    "comment": ("«time.sleep(\n        a  # long\n    )»", "await asyncio.sleep(\n        a  # long\n    )", "safe"),
    "value": ("x = «time.sleep(1)».y", "x = (await asyncio.sleep(1)).y", "safe"),
    "lock held": ("with a.lock: «time.sleep(1)»", "with a.lock: await asyncio.sleep(1)", "unsafe"),
    "defaults of another sleep": ("«gevent.sleep()»", "await asyncio.to_thread(gevent.sleep)", "safe"),
    "starred": ("«time.sleep(*a)»", "await asyncio.to_thread(time.sleep, *a)", "safe"),
    "lambda": ("x = lambda: «time.sleep(1)»", "x = lambda: time.sleep(1)", ""),
    "nested function": ("def g(): «time.sleep(1)»", "def g(): time.sleep(1)", ""),
}


@pytest.mark.parametrize(("before", "after", "label"), SLEEPS.values(), ids=SLEEPS)
def test_sleep(before: str, after: str, label: str) -> None:
    result, labels = fixed(coroutine(before), **SLEEP)
    assert result == coroutine(after)
    assert labels == ({label} if label else set())


def test_sleep_in_a_helper_moves_the_helper() -> None:
    assert fixed(coroutine("«helper(1)»"), depth=2, **SLEEP)[0] == coroutine("await asyncio.to_thread(helper, 1)")


def test_unparsable_source_has_no_fix() -> None:
    assert fixed("async def handler(:\n    «f()»\n")[1] == set()


def test_extent_that_is_no_expression_has_no_fix() -> None:
    result, labels = fixed(coroutine("x «= f(a)»"))
    assert labels == set()
    assert ast.parse(result)


@pytest.mark.parametrize(("extra", "fixable"), [("asyncio.create_task(x)", False), ("loop.call_soon(x)", True)])
def test_helper_that_starts_tasks_stays_on_the_loop(extra: str, fixable: bool) -> None:
    source = f"import asyncio\ndef helper(x):\n    {extra}\n    time.sleep(1)\nasync def handler(x):\n    «helper(x)»\n"
    marked = unmark(source)
    hit = make_hit(marked.extents[0], depth=2)
    inside = msgspec.structs.replace(hit.chain[1], row=4)
    hit = msgspec.structs.replace(hit, chain=(hit.chain[0], inside))
    fix = fixes.suggest(hit, marked.source, Settings(fix_style="to-thread"))[1]
    assert (fix is not None) is fixable
