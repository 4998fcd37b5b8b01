"""HTTP requests made with a synchronous client.

## What it does

Reports calls of requests, `httpx.get` and `httpx.Client`, urllib, urllib3 and similar clients where they run on the
event loop, directly or through any number of calls; reading a streamed body counts too.

## Why is this bad?

The worker stands still until the other side has answered, or until the time-out, which many clients do not have. One
slow service upstream makes every endpoint slow, the health check included.

## Example

```python
import requests


async def rate(currency: str) -> float:
    response = requests.get("https://rates.example/" + currency, timeout=5)
    return float(response.json()["rate"])
```

Use instead:

```python
import asyncio

import requests


async def rate(currency: str) -> float:
    response = await asyncio.to_thread(requests.get, "https://rates.example/" + currency, timeout=5)
    return float(response.json()["rate"])
```

Better where it can be had is an async client, opened once for the whole application:

```python
import httpx


async def rate(client: httpx.AsyncClient, currency: str) -> float:
    response = await client.get("https://rates.example/" + currency, timeout=5)
    return float(response.json()["rate"])
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA102"
NAME = "blocking-http-call"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
