"""A coroutine that is made and never run.

## What it does

Reports calls of the project's own `async def` functions that stand alone as a statement.

## Why is this bad?

Calling such a function runs nothing; it makes a coroutine object. Without `await` the work silently never happens.

## Example

```python
async def save() -> None: ...


async def handler() -> None:
    save()
```

Use instead:

```python
async def save() -> None: ...


async def handler() -> None:
    await save()
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import plain

CODE = "FSA204"
NAME = "coroutine-not-awaited"
SEVERITY = Severity.ERROR
FIXABLE = True


def message(hit: Hit) -> str:
    return f"`{plain(hit.sink)}` is a coroutine function: without `await` this call runs nothing"
