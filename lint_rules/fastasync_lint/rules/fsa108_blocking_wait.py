"""Waits for threads, processes, locks, queues and futures.

## What it does

Reports waits of `threading`, `queue`, `concurrent.futures` and `multiprocessing` where they run on the event loop,
directly or through any number of calls: `Thread.join`, `Queue.get`, `Future.result`, `Event.wait`, entering a lock
that a thread holds, or that a coroutine holds over an `await`, leaving an executor's `with` block.

## Why is this bad?

The worker stands still until another thread acts, without bound. Where that thread needs the loop to go on, as after
`run_coroutine_threadsafe(...).result()`, it never does. Nor does a coroutine that waits with such a lock,
once the next one has tried to take it.

## Example

```python
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()


async def total(numbers: list[int]) -> int:
    return pool.submit(sum, numbers).result()
```

Use instead:

```python
import asyncio
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()


async def total(numbers: list[int]) -> int:
    return await asyncio.get_running_loop().run_in_executor(pool, sum, numbers)
```

`asyncio` has its own `Lock`, `Event`, `Condition`, `Semaphore` and `Queue` for tasks of one loop;
`asyncio.wrap_future` makes a thread's future awaitable."""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import blocks

CODE = "FSA108"
NAME = "blocking-wait"
SEVERITY = Severity.ERROR
FIXABLE = False


def message(hit: Hit) -> str:
    return blocks(hit)
