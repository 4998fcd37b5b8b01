"""Computing that takes long enough to be felt.

## What it does

Reports calls that cost ten milliseconds and more by their nature, where they run on the event loop, directly or
through any number of calls: password hashing, image and document processing, data-frame reads, model inference,
compression of whole files.

## Why is this bad?

Password hashes are slow on purpose. In four generated services that hash on the loop, the health check's latency rose
to 0.3 to 1.6 s under 5 to 20 logins at a time. `async` does not help here: there is nothing to wait for.

## Example

```python
import bcrypt


async def verify(password: bytes, stored: bytes) -> bool:
    return bcrypt.checkpw(password, stored)
```

Use instead:

```python
import asyncio

import bcrypt


async def verify(password: bytes, stored: bytes) -> bool:
    return await asyncio.to_thread(bcrypt.checkpw, password, stored)
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import COMPUTING, OFFLOADING
from ._wording import blocks

CODE = "FSA110"
NAME = "cpu-bound-call"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = f"{COMPUTING}\n{OFFLOADING}"


def message(hit: Hit) -> str:
    return blocks(hit, "keeps the event loop busy")
