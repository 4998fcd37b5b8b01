"""Fixed code does what the code did: both are run, with functions that note what they were given, when and where."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from .fix_tools import SLEEP, fixed

Events = list[tuple[Any, ...]]


class Work:
    """Blocking functions that note their calls."""

    def __init__(self) -> None:
        self.events: Events = []
        self.threads: set[bool] = set()

    def block(self, *args: Any, **kwargs: Any) -> Work:
        """Something slow."""
        self.threads.add(threading.current_thread() is threading.main_thread())
        self.events.append(("block", args, kwargs))
        if "error" in kwargs:
            raise ValueError(kwargs["error"])
        return self

    def note(self, value: Any) -> Any:
        """Something quick, to see the order of evaluation."""
        self.events.append(("note", value))
        return value

    def outer(self) -> Any:
        return functools.partial(self.block, "outer")

    def __repr__(self) -> str:
        return "work"


HELPERS = """
import asyncio, functools, time

class Base:
    def load(self, work, *args, **kwargs):
        return work.block(*args, **kwargs)

class Child(Base):
    async def run(self, work):
        return {call}
"""

BODIES = {
    "arguments": "return repr(«work.block(work.note(1), *work.note([2, 3]), a=work.note(4), **work.note({'b': 5}))»)",
    "chain": "return repr(«work.block(1)».block(2).note(3))",
    "receiver": "return repr(«work.outer()(1)»)",
    "condition": "return 'yes' if work.note(0) or «work.block(1)» and work.note(2) else 'no'",
    "short circuit": "return work.note(0) and «work.block(1)»",
    "comprehension": "return [repr(«work.block(x)») for x in [1, 2] if work.note(x)]",
    "first iterable": "return [x for x in «work.note([1, 2])»]",
    "generator's first iterable": "return sum(x for x in «work.note([1, 2])»)",
    "f-string": "return f'{«work.block(1)»!r:>8}{work.note(2)}'",
    "exception": "try:\n        «work.block(error='no')»\n    except ValueError as error:\n        return str(error)",
    "exception passes": "«work.block(error='no')»",
    "loop": "n = 0\n    while n < 2:\n        «work.block(n)»\n        n += 1\n    else:\n        return n",
    "early return": "for x in [1, 2]:\n        return repr(«work.block(x)»)",
    "walrus": "if (y := «work.note(3)»):\n        return y",
    "comparison": "return 1 < «work.note(2)» < work.note(3)",
    "slice": "return [1, 2, 3][«work.note(1)»:]",
    "generator argument": "return repr(«work.block(*(work.note(x) for x in [1, 2]))»)",
}


def run(source: str, style: str, name: str = "handler") -> tuple[Any, Events, set[bool]]:
    module: dict[str, Any] = {}
    exec(compile(source, "case", "exec"), module)
    work = Work()
    function: Callable[[Work], Coroutine[Any, Any, Any]] = module[name]
    try:
        result = asyncio.run(function(work))
    except ValueError as error:
        result = ("raised", str(error))
    return result, work.events, work.threads


@pytest.mark.parametrize("style", ["to-thread", "run-in-executor", "anyio", "run-in-threadpool"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_same_behaviour(body: str, style: str) -> None:
    before = f"async def handler(work):\n    {body}\n"
    after, labels = fixed(before, style)
    assert labels == {"safe"}
    was, had, there = run(before.replace("«", "").replace("»", ""), style)
    now, has, here = run(after, style)
    assert (now, has) == (was, had)
    assert there <= {True}
    if there and "«work.block" in body:
        assert False in here


@pytest.mark.parametrize("call", ["super().load(work, 1, a=2)", "self.load(work, 1)", "type(self)().load(work)"])
def test_methods(call: str) -> None:
    text = HELPERS.format(call=f"«{call}»") + "\nasync def handler(work):\n    return repr(await Child().run(work))\n"
    after, _ = fixed(text)
    assert f"await asyncio.to_thread({call.partition('(work')[0]}, work" in after
    was, had, _ = run(text.replace("«", "").replace("»", ""), "")
    now, has, here = run(after, "")
    assert (now, has, here) == (was, had, {False})


def test_loop_turns_while_the_call_runs() -> None:
    """The point of it all: another task runs meanwhile, in the same time."""
    before = "import time\nasync def handler(work):\n    «time.sleep(0.2)»\n"
    for source, alive in ((before.replace("«", "").replace("»", ""), False), (fixed(before, **SLEEP)[0], True)):
        module: dict[str, Any] = {}
        exec(compile(source, "case", "exec"), module)
        assert asyncio.run(_ticks(module["handler"])) is alive


async def _ticks(handler: Callable[[Any], Coroutine[Any, Any, None]]) -> bool:
    task = asyncio.create_task(handler(None))
    await asyncio.sleep(0)
    started = time.monotonic()
    await asyncio.sleep(0.02)
    late = time.monotonic() - started
    finished = task.done()
    await task
    return not finished and late < 0.15


def test_eager_argument_runs_in_the_thread() -> None:
    before = (
        "import asyncio\nasync def handler(work):\n    return repr(await «asyncio.to_thread(work.block(1, a=2))»)\n"
    )
    after, _ = fixed(before, code="FSA202")
    result, events, here = run(after, "")
    assert (result, events, here) == ("work", [("block", (1,), {"a": 2})], {False})


def test_awaited_coroutine_replaces_a_nested_loop() -> None:
    helper = "import asyncio\nasync def f(work): return work.note(1)\n"
    before = f"{helper}async def handler(work):\n    return «asyncio.run(f(work))»\n"
    assert run(fixed(before, code="FSA201")[0], "")[:2] == (1, [("note", 1)])


def test_asynchronous_file_reads_and_writes_the_same(tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    before = f"""\
import anyio
async def handler(work):
    with «open({str(path)!r}, "w")» as f:
        f.write("a\\nb\\n")
        work.note(f.tell())
    with «open({str(path)!r})» as f:
        work.note(f.readline().strip())
        for line in f:
            work.note(line)
        f.seek(0)
        return [line for line in f.readlines()]
"""
    after, labels = fixed(before, code="FSA104", sink="open")
    assert labels == {"unsafe"}
    assert "async with await anyio.open_file" in after
    assert run(after, "")[:2] == run(before.replace("«", "").replace("»", ""), "")[:2]
