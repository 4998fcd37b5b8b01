"""Database calls made with a synchronous driver or session.

## What it does

Reports queries, commits, connections and other calls that wait for a database (SQL, Redis, MongoDB, search engines
and others) where they run on the event loop, directly or through any number of calls. Lazy results count where they
are iterated; commands that are only queued do not count.

## Why is this bad?

Each query stops every request of the worker for a round trip, and for as long as a lock in the database is held.
Under load the waits add up: the requests run one after the other.

## Example

```python
import sqlite3


async def names(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name FROM users")
    return [name for (name,) in rows]
```

Use instead:

```python
import aiosqlite


async def names(database: aiosqlite.Connection) -> list[str]:
    async with database.execute("SELECT name FROM users") as rows:
        return [name async for (name,) in rows]
```

Drivers with an async interface: asyncpg and psycopg 3 (PostgreSQL), asyncmy (MySQL), aiosqlite,
`sqlalchemy.ext.asyncio` over any of them, `redis.asyncio`, `pymongo.AsyncMongoClient`. An endpoint whose every call
is synchronous is best written with `def`."""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA103"
NAME = "blocking-database-call"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
