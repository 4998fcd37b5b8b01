"""An endpoint or dependency that is `async def` and awaits nothing.

## What it does

Reports endpoints and dependencies declared with `async def` that contain no `await`, `async for` or `async with`. The
severity is info: hidden unless `--min-severity info` is given.

## Why is this bad?

It is not wrong while the body only computes a little. But the first blocking call that is added to it stops the event
loop, where in a `def` endpoint FastAPI would run it in a thread.

## Example

```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
async def version() -> str:
    return "1.0"
```

Use instead:

```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
def version() -> str:
    return "1.0"
```

A thread costs some microseconds per request, so a very hot endpoint that only computes may well stay `async def`.
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA305"
NAME = "async-without-await-endpoint"
SEVERITY = Severity.INFO
FIXABLE = True


def message(hit: Hit) -> str:
    return "nothing is awaited here; with `def`, FastAPI would run it in a thread"
