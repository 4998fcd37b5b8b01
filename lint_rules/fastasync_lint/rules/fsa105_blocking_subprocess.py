"""Programs that are started and waited for.

## What it does

Reports `subprocess.run`, `os.system`, `Popen.wait`, `Popen.communicate` and their like where they run on the event
loop, directly or through any number of calls.

## Why is this bad?

The worker stands still until the program has ended. A program that waits for input, or for this very server, never
ends.

## Example

```python
import subprocess


async def revision() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    return done.stdout
```

Use instead:

```python
import asyncio


async def revision() -> str:
    process = await asyncio.create_subprocess_exec("git", "rev-parse", "HEAD", stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return output.decode()
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA105"
NAME = "blocking-subprocess"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
