"""A function that is called where it should be handed over.

## What it does

Reports `asyncio.to_thread(f(x))`, `run_in_executor(None, f(x))` and their like: the result of a call where the
function itself is expected.

## Why is this bad?

Arguments are evaluated first, on the loop. `f` runs there and blocks it, and the thread gets `f`'s result, which it
then tries to call.

## Example

```python
import asyncio
import time


def work(seconds: float) -> None:
    time.sleep(seconds)


async def handler() -> None:
    await asyncio.to_thread(work(1))
```

Use instead:

```python
import asyncio
import time


def work(seconds: float) -> None:
    time.sleep(seconds)


async def handler() -> None:
    await asyncio.to_thread(work, 1)
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA202"
NAME = "eager-offload-argument"
SEVERITY = Severity.ERROR
FIXABLE = True


def message(hit: Hit) -> str:
    taker = hit.data.get("offloader", "to_thread")
    return f"`{taker}` gets the result of a call that blocks the event loop here; hand over the function itself"
