"""Reading from the terminal.

## What it does

Reports `input`, `getpass.getpass`, reads of `sys.stdin` and prompts of libraries where they run on the event loop,
directly or through any number of calls.

## Why is this bad?

Nothing else runs until somebody has typed a line; on a server nobody does.

## Example

```python
async def ask() -> str:
    return input("Name: ")
```

Use instead:

```python
import asyncio


async def ask() -> str:
    return await asyncio.to_thread(input, "Name: ")
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA109"
NAME = "blocking-input"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
