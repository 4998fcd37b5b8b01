"""Looking up, listing and renaming files.

## What it does

Reports `stat`, `exists`, `glob`, `listdir`, `mkdir`, `unlink` and their like where they run on the event loop,
directly or through any number of calls. The severity is info: hidden unless `--min-severity info` is given.

## Why is this bad?

On a local disk these take microseconds, and a thread costs more. On a network share or a slow volume each is a round
trip, and listing a large folder is long anywhere.

## Example

```python
import os


async def known(name: str) -> bool:
    return os.path.exists(name)
```

Use instead:

```python
import asyncio
import os


async def known(name: str) -> bool:
    return await asyncio.to_thread(os.path.exists, name)
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA112"
NAME = "file-metadata"
SEVERITY = Severity.INFO
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
