"""A dependency that commits when the client already has its answer.

## What it does

Reports dependencies that commit after their `yield` and are used without `scope="function"`.

## Why is this bad?

The code after the `yield` of a dependency runs after the response has been sent. A commit that fails there fails
unseen: on FastAPI 0.165 the client got 201 although the commit had raised, and the row did not exist.

## Example

```python
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
sessions = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///app.db"))


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened
        await opened.commit()


@app.post("/items", status_code=201)
async def create(database: AsyncSession = Depends(session)) -> None: ...
```

Use instead:

```python
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
sessions = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///app.db"))


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened
        await opened.commit()


@app.post("/items", status_code=201)
async def create(database: AsyncSession = Depends(session, scope="function")) -> None: ...
```

With `scope="function"` the dependency ends when the endpoint returns, before the response is sent; committing in the
endpoint or in a service does as well."""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA302"
NAME = "commit-after-response"
SEVERITY = Severity.WARNING
FIXABLE = True


def message(hit: Hit) -> str:
    return (
        'this commit runs after the response is sent, so the client never learns that it failed; use scope="function"'
    )
