"""An engine, client or pool that is built for every request.

## What it does

Reports constructors of database engines, HTTP and SDK clients and connection pools inside endpoints and dependencies.

## Why is this bad?

Such objects hold the connections that are meant to be shared. Built per request, each request pays for connecting
(and for TLS), nothing limits how many are open, and what is not closed stays open.

## Example

```python
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/rate")
async def rate() -> str:
    client = httpx.AsyncClient()
    response = await client.get("https://rates.example/")
    return response.text
```

Use instead:

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/rate")
async def rate(request: Request) -> str:
    response = await request.app.state.client.get("https://rates.example/")
    return response.text
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._wording import plain

CODE = "FSA301"
NAME = "resource-per-request"
SEVERITY = Severity.WARNING
FIXABLE = False


def message(hit: Hit) -> str:
    return f"`{plain(hit.sink)}` is built for every request; open it once, in the lifespan, and share it"
