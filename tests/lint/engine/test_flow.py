"""What a name holds at a call: the order of statements, and the branches that lead there."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

FLOW = [
    case(
        "rebound-from-async-to-sync",
        """
import httpx

async def handler(url):
    client = httpx.AsyncClient()
    await client.get(url)
    client = httpx.Client()
    return client.get(url)  # FSA102
""",
    ),
    case(
        "rebound-from-sync-to-async",
        """
import httpx

async def handler(url):
    client = httpx.Client()
    client.get(url)  # FSA102
    client = httpx.AsyncClient()
    return await client.get(url)
""",
    ),
    case(
        "rebound-parameter",
        """
import redis

async def handler(client: redis.Redis, key):
    client = {}
    return client.get(key)
""",
    ),
    case(
        "branches-join",
        """
import httpx
import requests

async def handler(url, old):
    if old:
        client = requests.Session()
    else:
        client = httpx.Client()
    return client.get(url)  # FSA102
""",
    ),
    case(
        "branch-binds-one",
        """
import redis

async def handler(key, live):
    client = None
    if live:
        client = redis.Redis()
    if client:
        return client.get(key)  # FSA103
""",
    ),
    case(
        "branches-of-sync-and-async",
        """
import redis
import redis.asyncio as aredis

async def handler(key, new):
    if new:
        client = aredis.Redis()
        value = await client.get(key)
    else:
        client = redis.Redis()
        value = client.get(key)  # FSA103
    return value
""",
    ),
    case(
        "early-return-keeps-rest",
        """
import time

async def handler(flag):
    if flag:
        return 1
    time.sleep(1)  # FSA101
""",
    ),
    case(
        "loop-carried",
        """
import sqlite3

async def handler(paths):
    db = None
    for path in paths:
        if db is not None:
            db.execute("select 1")  # FSA103
        db = sqlite3.connect(path)  # FSA103
""",
    ),
    case(
        "while-true-with-break",
        """
import requests

async def handler(url):
    while True:
        session = requests.Session()
        if session.headers:
            break
    return session.get(url)  # FSA102
""",
    ),
    case(
        "try-except-rebinding",
        """
import redis

async def handler(key):
    try:
        client = redis.Redis()
    except ValueError:
        client = None
    return client.get(key)  # FSA103
""",
    ),
    case(
        "try-finally",
        """
import psycopg2

async def handler(dsn):
    conn = None
    try:
        conn = psycopg2.connect(dsn)  # FSA103
    finally:
        if conn:
            conn.rollback()  # FSA103
""",
    ),
    case(
        "with-suppress",
        """
from contextlib import suppress
import time

async def handler():
    with suppress(ValueError):
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "tuple-unpacking",
        """
import redis
import requests

async def handler(key):
    cache, http = redis.Redis(), requests.Session()
    cache.get(key)  # FSA103
    http.get("https://x.example")  # FSA102
""",
    ),
    case(
        "starred-unpacking",
        """
import threading

async def handler(work):
    first, *rest = threading.Thread(target=work), threading.Thread(target=work)
    first.join()  # FSA108
    rest[0].join()  # FSA108
""",
    ),
    case(
        "swapped",
        """
import httpx

async def handler(url):
    a, b = httpx.Client(), httpx.AsyncClient()
    a, b = b, a
    await a.get(url)
    return b.get(url)  # FSA102
""",
    ),
    case(
        "chained-assignment",
        """
import redis

async def handler(key):
    one = two = redis.Redis()
    return two.get(key)  # FSA103
""",
    ),
    case(
        "attribute-rebound-in-function",
        """
import httpx

class Api:
    def __init__(self):
        self.client = httpx.AsyncClient()

    async def run(self, url):
        await self.client.get(url)
""",
    ),
    case(
        "shadowed-module-name",
        """
import requests

async def handler(requests):
    return requests.get("a")
""",
    ),
    case(
        "shadowed-by-local",
        """
import time

async def handler():
    time = make()
    time.sleep(1)

def make():
    return None
""",
    ),
    case(
        "shadowed-builtin-open",
        """
def open(path):
    return path

async def handler(path):
    return open(path)
""",
    ),
    case(
        "shadowed-by-comprehension",
        """
import requests

async def handler(items):
    return [requests.get("a") for requests in items]
""",
    ),
    case(
        "loop-variable-shadows",
        """
import requests

async def handler(items):
    for requests in items:
        requests.get("a")
""",
    ),
    case(
        "exception-name-shadows",
        """
import time

async def handler(work):
    try:
        await work()
    except ValueError as time:
        time.sleep(1)
""",
    ),
    case(
        "del-then-import",
        """
import time

async def handler():
    from time import sleep as pause
    pause(1)  # FSA101
""",
    ),
    case(
        "conditional-import",
        """
import sys

if sys.version_info >= (3, 11):
    from time import sleep
else:
    from old import sleep

async def handler():
    sleep(1)  # FSA101
""",
    ),
    case(
        "nonlocal",
        """
import redis

async def handler(key):
    client = None

    def connect():
        nonlocal client
        client = redis.Redis()

    connect()
    return client.get(key)  # FSA103
""",
    ),
    case(
        "closure-over-later-assignment",
        """
import requests

async def handler(url):
    def load():
        return session.get(url)

    session = requests.Session()
    return load()  # FSA102
""",
    ),
    case(
        "closure-parameter",
        """
import requests

def build(session: requests.Session):
    async def handler(url):
        return session.get(url)  # FSA102
    return handler
""",
    ),
    case(
        "walrus-in-while",
        """
import requests

async def handler(response: requests.Response):
    session = requests.Session()
    while (page := session.get("https://x.example")).ok:  # FSA102
        print(page)
""",
    ),
    case(
        "global-rebound",
        """
import httpx

client = None

async def open_client():
    global client
    client = httpx.Client()

async def handler(url):
    return client.get(url)  # FSA102
""",
    ),
    case(
        "module-name-bound-twice",
        """
import httpx

client = httpx.Client()
client = httpx.AsyncClient()

async def handler(url):
    return await client.get(url)
""",
    ),
    case(
        "augmented-path",
        """
from pathlib import Path

async def handler(folder: Path):
    path = folder / "a"
    path /= "b"
    return path.read_text()  # FSA104
""",
    ),
    case(
        "parent-and-joinpath",
        """
from pathlib import Path

async def handler(folder: Path):
    folder.parent.joinpath("a").resolve().write_text("x")  # FSA104
    (Path.home() / ".cfg").expanduser().read_text()  # FSA104
    Path(__file__).with_name("x").open().read()  # FSA104
""",
    ),
    case(
        "match-value",
        """
import httpx
import requests

async def handler(kind, url):
    match kind:
        case "old":
            client = requests.Session()
        case _:
            client = httpx.Client()
    return client.get(url)  # FSA102
""",
    ),
    case(
        "conditional-call-in-boolean",
        """
import subprocess

async def handler(flag):
    flag and subprocess.run(["ls"])  # FSA105
""",
    ),
    case(
        "lambda-parameter-shadows",
        """
import requests

async def handler(items):
    return sorted(items, key=lambda requests: requests.get("n"))
""",
    ),
    case(
        "class-scope-is-not-function-scope",
        """
import time

class Clock:
    def sleep(self, n):
        return n

    async def run(self):
        self.sleep(1)
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "match-guard",
        """
import requests
from pathlib import Path

async def blocking(thing):
    match thing:
        case str() if requests.get(thing):  # FSA102
            return 1
        case Path() as path if path.read_text():  # FSA104
            return 2
        case {"url": url} if requests.get(url):  # FSA102
            return 3

def load(url, wanted=False):
    match url:
        case str() if wanted:
            return requests.get(url)

async def clean(url):
    load(url)
    match url:
        case str() if url:
            return 1
""",
    ),
]


@pytest.mark.parametrize("program", FLOW)
def test_flow(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
