"""On a loop of its own: what was started runs beside until it has ended, and what never runs here does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROGRAMS = [
    case(
        "awaited-tasks",
        """
import asyncio
import requests
from contextlib import suppress

async def work(name="a"):
    await asyncio.sleep(1)

async def one():
    task = asyncio.create_task(work())
    requests.get("x")  # error
    await task
    requests.get("x")  # warning

async def one_with_a_result():
    task = asyncio.create_task(work())
    requests.get("x")  # error
    found = await task
    requests.get("x")  # warning

async def cancelled():
    task = asyncio.create_task(work())
    try:
        await asyncio.sleep(1)
        requests.get("x")  # error
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    requests.get("x")  # warning

async def several():
    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    requests.get("x")  # error
    await asyncio.wait(tasks)
    requests.get("x")  # warning

async def both():
    first = asyncio.create_task(work())
    second = asyncio.ensure_future(work())
    await first
    requests.get("x")  # error
    await asyncio.gather(first, second)
    requests.get("x")  # warning

async def listed():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    done = await asyncio.gather(*tasks, return_exceptions=True)
    requests.get("x")  # warning

async def each_turn():
    for name in "ab":
        requests.get("x")  # warning
        task = asyncio.create_task(work(name))
        requests.get("x")  # error
        await task
        requests.get("x")  # warning

def command():
    for main in (one, one_with_a_result, cancelled, several, both, listed, each_turn):
        asyncio.run(main())
""",
    ),
    case(
        "tasks-that-go-on",
        """
import asyncio
import requests

async def work(name="a"):
    await asyncio.sleep(1)

async def starter():
    asyncio.create_task(work())

async def first():
    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    requests.get("x")  # error

async def at_times(often):
    task = asyncio.create_task(work())
    if often:
        await task
    requests.get("x")  # error

async def another():
    task = asyncio.create_task(work())
    task = asyncio.create_task(work())
    await task
    requests.get("x")  # error

async def elsewhere():
    tasks = []
    tasks.append(asyncio.create_task(work()))
    await asyncio.wait(tasks)
    requests.get("x")  # error

async def wrapped():
    task = print(asyncio.create_task(work()))
    await task
    requests.get("x")  # error

async def started_by_the_task():
    task = asyncio.create_task(starter())
    await task
    requests.get("x")  # error

async def one_raises():
    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    try:
        await asyncio.gather(*tasks)
    except ValueError:
        pass
    requests.get("x")  # error

async def in_a_loop():
    for name in "ab":
        requests.get("x")  # error
        task = asyncio.create_task(work(name))
    await task

def command():
    for main in (first, another, elsewhere, wrapped, started_by_the_task, one_raises, in_a_loop):
        asyncio.run(main())
    asyncio.run(at_times(True))
""",
    ),
    case(
        "a-helper-that-waits-for-its-tasks",
        """
import asyncio
import requests

async def work(name="a"):
    await asyncio.sleep(1)

async def all_of_them():
    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    await asyncio.wait(tasks)

async def left_alone():
    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    await asyncio.sleep(1)

async def main():
    await all_of_them()
    requests.get("x")  # warning
    await left_alone()
    requests.get("x")  # error

def command():
    asyncio.run(main())
""",
    ),
    case(
        "begins-again",
        """
import asyncio
import requests

async def work():
    await asyncio.sleep(1)

async def watch():
    requests.get("x")  # error

async def again(config):
    requests.get("x")  # warning
    tasks = [asyncio.create_task(work()) for name in "ab"]
    await watch()
    await asyncio.gather(*tasks, return_exceptions=True)
    await again(config)

def spawned():
    return [asyncio.create_task(work())]

async def by_a_helper(config):
    requests.get("x")  # warning
    tasks = spawned()
    requests.get("x")  # error
    await asyncio.gather(*tasks, return_exceptions=True)
    await by_a_helper(config)

async def before_it_has_ended(config):
    requests.get("x")  # error
    await asyncio.gather(watch(), watch())
    tasks = spawned()
    await before_it_has_ended(config)

async def task_of_itself():
    requests.get("x")  # error
    asyncio.create_task(task_of_itself())
    await asyncio.sleep(1)

def command():
    asyncio.run(again("x"))
    asyncio.run(by_a_helper("x"))
    asyncio.run(before_it_has_ended("x"))
    asyncio.run(task_of_itself())
""",
    ),
    case(
        "on-the-loop-of-another-thread",
        """
import asyncio
import requests

class Client:
    def __init__(self):
        self.loop = asyncio.new_event_loop()

    def cancel(self):
        requests.get("x")  # error

    def close(self):
        self.loop.call_soon_threadsafe(self.cancel)
        self.loop.call_soon_threadsafe(callback=self.cancel)

    def tick(self):
        asyncio.get_running_loop().call_soon(print)

async def step():
    Client().close()
    requests.get("x")  # warning

async def ticking():
    Client().tick()
    requests.get("x")  # error

def command():
    asyncio.run(step())
    asyncio.run(ticking())
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_runs_beside_ends(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
