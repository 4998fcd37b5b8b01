"""A flag that decides twice: of which class something is, and what is done with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

CLIENTS = """
import asyncio
import time

class Quick:
    def start(self): ...

class Slow:
    def start(self):
        time.sleep(1)
"""

PROGRAMS = [
    case(
        "flag-kept-in-an-attribute",
        CLIENTS
        + """
class Store:
    def __init__(self, is_async=False):
        self.is_async = is_async
        self.client = Quick() if is_async else Slow()

    async def get(self):
        if self.is_async:
            self.client.start()
            return
        await asyncio.to_thread(self.client.start)

    async def careless(self):
        if not self.is_async:
            self.client.start()  # FSA101

    async def whichever(self):
        self.client.start()  # FSA101

class Branched:
    def __init__(self, is_async):
        self.is_async = is_async
        if not self.is_async:
            self.client = Slow()
        else:
            self.client = Quick()

    async def get(self):
        if not self.is_async:
            return await asyncio.to_thread(self.client.start)
        self.client.start()
""",
    ),
    case(
        "flag-that-may-have-changed",
        CLIENTS
        + """
class Switched:
    def __init__(self, is_async):
        self.is_async = is_async
        self.client = Quick() if is_async else Slow()

    def switch(self):
        self.is_async = True

    async def get(self):
        if self.is_async:
            self.client.start()  # FSA101

class Replaced:
    def __init__(self, is_async, other):
        self.is_async = is_async
        self.client = Quick() if is_async else Slow()

    def replace(self, client: Slow):
        self.client = client

    async def get(self):
        if self.is_async:
            self.client.start()  # FSA101

async def turned(is_async):
    client = Quick() if is_async else Slow()
    is_async = not is_async
    if is_async:
        client.start()  # FSA101

async def bound_again(is_async):
    client = Quick() if is_async else Slow()
    client = Slow()
    if is_async:
        client.start()  # FSA101
""",
    ),
    case(
        "flag-of-a-function",
        CLIENTS
        + """
async def either(is_async):
    client = Quick() if is_async else Slow()
    if is_async:
        client.start()
    else:
        await asyncio.to_thread(client.start)

async def branched(is_async):
    if is_async:
        client = Quick()
    else:
        client = Slow()
    if not is_async:
        return await asyncio.to_thread(client.start)
    client.start()

async def careless(is_async):
    client = Quick() if is_async else Slow()
    if not is_async:
        client.start()  # FSA101

def prepare(holder, other, is_async):
    if is_async:
        holder.client = Quick()
        other.client = Quick()
    else:
        holder.client = Slow()
        other.client = Slow()

async def another(is_async, is_quick):
    client = Quick() if is_async else Slow()
    if is_quick:
        client.start()  # FSA101
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
