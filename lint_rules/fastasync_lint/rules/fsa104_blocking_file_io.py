"""Reading and writing of files.

## What it does

Reports `open` with what is read and written, `Path.read_text` and its like, copies of files and trees, archives,
where they run on the event loop, directly or through any number of calls.

## Why is this bad?

There is no asynchronous file access on most systems. A small read from a warm cache is short, hence a warning; the
same call on a network share, a full disk or a large file stops the worker for as long as it takes.

## Example

```python
from pathlib import Path


async def motto() -> str:
    return Path("motto.txt").read_text()
```

Use instead:

```python
import asyncio
from pathlib import Path


async def motto() -> str:
    return await asyncio.to_thread(Path("motto.txt").read_text)
```

`anyio.open_file` and `anyio.Path` read the same way and run each operation in a thread.
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA104"
NAME = "blocking-file-io"
SEVERITY = Severity.WARNING
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
