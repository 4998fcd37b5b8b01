"""Sleeps that stop the event loop.

## What it does

Reports `time.sleep` and its like where they run on the event loop, directly or through any number of calls.

## Why is this bad?

While the thread sleeps, no other task of the worker runs: no request is accepted, answered or timed out.
`asyncio.sleep` waits just as long and lets the others run.

## Example

```python
import time


async def retry_later() -> None:
    time.sleep(1)
```

Use instead:

```python
import asyncio


async def retry_later() -> None:
    await asyncio.sleep(1)
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA101"
NAME = "blocking-sleep"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
