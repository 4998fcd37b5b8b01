"""An engine, client or pool that is opened at start-up and never closed.

## What it does

Reports resources that a lifespan opens and nothing closes after its `yield`.

## Why is this bad?

At shutdown the connections are cut instead of closed: requests in flight lose theirs, servers keep dead sessions
until they time out, buffered data is lost, and each test that starts the application leaks.

## Example

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.engine = create_async_engine("sqlite+aiosqlite:///app.db")
    yield


app = FastAPI(lifespan=lifespan)
```

Use instead:

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine("sqlite+aiosqlite:///app.db")
    app.state.engine = engine
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import plain

CODE = "FSA303"
NAME = "missing-cleanup"
SEVERITY = Severity.WARNING
FIXABLE = False


def message(hit: Hit) -> str:
    return f"`{plain(hit.sink)}` is opened in the lifespan and never closed"
