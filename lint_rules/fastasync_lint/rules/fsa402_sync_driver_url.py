"""A synchronous driver in the address of an asynchronous engine.

## What it does

Reports `create_async_engine("postgresql://…")` and other addresses that name no driver, or one without an async
interface.

## Why is this bad?

SQLAlchemy picks the default driver, which is synchronous, and raises `InvalidRequestError` when the engine is made.

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql://localhost/app")
```

Use instead:

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/app")
```

Async drivers: `postgresql+asyncpg`, `postgresql+psycopg`, `mysql+asyncmy`, `mysql+aiomysql`, `sqlite+aiosqlite`,
`oracle+oracledb_async`, `mssql+aioodbc`."""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA402"
NAME = "sync-driver-url"
SEVERITY = Severity.ERROR
FIXABLE = True


def message(hit: Hit) -> str:
    return "this address names no async driver, so the engine cannot be made; name one, as in postgresql+asyncpg://"
