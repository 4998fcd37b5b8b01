"""Start-up and shutdown handlers where a lifespan belongs.

## What it does

Reports `@app.on_event("startup")`, `@app.on_event("shutdown")`, `add_event_handler` and the `on_startup` and
`on_shutdown` arguments.

## Why is this bad?

They are deprecated, and ignored without a word as soon as the application has a `lifespan`. Opening and closing stand
far apart, so what was opened is not closed when a later handler fails.

## Example

```python
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def open_pool() -> None: ...
```

Use instead:

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def open_pool() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    await open_pool()
    yield


app = FastAPI(lifespan=lifespan)
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA304"
NAME = "deprecated-event-handlers"
SEVERITY = Severity.INFO
FIXABLE = False


def message(hit: Hit) -> str:
    return "event handlers are deprecated, and ignored beside a lifespan; open and close in the lifespan"
