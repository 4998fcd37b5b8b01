"""A second event loop started inside a coroutine.

## What it does

Reports `asyncio.run`, `loop.run_until_complete` and their like where they run on an event loop, directly or through
any number of calls.

## Why is this bad?

`asyncio.run` raises `RuntimeError` where a loop runs already. Libraries that patch this away run the inner loop to
its end first, and the outer one stands still meanwhile.

## Example

```python
import asyncio


async def load() -> int:
    return 1


async def handler() -> int:
    return asyncio.run(load())
```

Use instead:

```python
async def load() -> int:
    return 1


async def handler() -> int:
    return await load()
```

To call a coroutine from a thread that the loop has started, use `asyncio.run_coroutine_threadsafe(...)` or
`anyio.from_thread.run(...)`."""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import blocks

CODE = "FSA201"
NAME = "nested-event-loop"
SEVERITY = Severity.ERROR
FIXABLE = True


def message(hit: Hit) -> str:
    return blocks(hit, "starts an event loop where one runs already")
