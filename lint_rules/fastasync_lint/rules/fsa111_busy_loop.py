"""Loops that spin until something happens.

## What it does

Reports `while` loops on the event loop that watch a clock or a plain flag and contain no `await`. Of a loop that
sleeps, the sleep is reported (FSA101).

## Why is this bad?

Nothing else can run while the loop spins. Where it waits for something that a task of the same loop must do, it never
ends.

## Example

```python
import time


async def settle(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pass
```

Use instead:

```python
import asyncio


async def settle(seconds: float) -> None:
    await asyncio.sleep(seconds)
```

To wait for another task, await an `asyncio.Event` that it sets.
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import blocks

CODE = "FSA111"
NAME = "busy-loop"
SEVERITY = Severity.ERROR
FIXABLE = False


def message(hit: Hit) -> str:
    if len(hit.chain) < 2:
        return "this loop spins without an `await` and keeps the event loop from running anything else"
    return blocks(hit, "keeps the event loop busy")
