"""Sockets, name resolution, mail, FTP and SSH.

## What it does

Reports blocking network calls below HTTP where they run on the event loop, directly or through any number of calls:
`socket` operations, `socket.getaddrinfo`, `smtplib`, `ftplib`, `imaplib`, paramiko and others.

## Why is this bad?

A name server or mail server that does not answer stops the whole worker: five seconds for each attempt to resolve a
name is a common default, and many sockets have no time-out at all.

## Example

```python
import socket


async def address(host: str) -> str:
    return socket.gethostbyname(host)
```

Use instead:

```python
import asyncio


async def address(host: str) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, None)
    return str(found[0][4][0])
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA106"
NAME = "blocking-network"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
