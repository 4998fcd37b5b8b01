"""A task that nothing refers to.

## What it does

Reports `asyncio.create_task(...)` and `ensure_future(...)` whose result is dropped.

## Why is this bad?

The loop keeps only weak references to tasks: one that nobody refers to can be collected in the middle of its work.
Its exception is seen by nobody either, until the interpreter complains at the end.

## Example

```python
import asyncio


async def notify() -> None:
    await asyncio.sleep(1)


async def handler() -> None:
    asyncio.create_task(notify())
```

Use instead:

```python
import asyncio

tasks: set[asyncio.Task[None]] = set()


async def notify() -> None:
    await asyncio.sleep(1)


async def handler() -> None:
    task = asyncio.create_task(notify())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
```

`asyncio.TaskGroup` keeps its tasks and raises what they raise; in FastAPI, `BackgroundTasks` runs work after the
response."""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import plain

CODE = "FSA203"
NAME = "lost-task"
SEVERITY = Severity.INFO
FIXABLE = False


def message(hit: Hit) -> str:
    task = f"the task of `{plain(hit.sink)}`" if hit.sink else "this task"
    return f"{task} is kept nowhere: it can vanish before it is done, and its errors with it"
