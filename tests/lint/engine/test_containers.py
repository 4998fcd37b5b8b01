"""What is put into a collection, a queue or a record, and taken out of it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "queue-of-a-type",
        """
import asyncio
import queue
import requests

class Job:
    def run(self):
        return requests.get("x")

async def work(jobs: asyncio.Queue[Job], others: "queue.Queue[Job]"):
    job = await jobs.get()
    job.run()  # FSA102
    jobs.get_nowait().run()  # FSA102
    others.get_nowait().run()  # FSA102
""",
    ),
    case(
        "queue-that-is-filled",
        """
import asyncio
import requests

class Worker:
    def __init__(self):
        self.jobs = asyncio.Queue()

    async def put(self, url):
        await self.jobs.put((requests.get, url))
        self.jobs.put_nowait((print, url))

    async def work(self):
        while True:
            job, url = await self.jobs.get()
            job(url)  # FSA102
""",
    ),
    case(
        "queue-declared-and-made",
        """
import asyncio
import requests

class Pool:
    def __init__(self) -> None:
        self.free: asyncio.Queue[requests.Session] = asyncio.Queue(maxsize=4)

    async def fetch(self, url):
        session = await self.free.get()
        session.get(url)  # FSA102
        await self.free.put(session)
""",
    ),
    case(
        "queue-of-coroutine-functions",
        """
import asyncio

async def run(jobs: asyncio.Queue):
    await jobs.put(asyncio.sleep)
    job = await jobs.get()
    await job(1)
""",
    ),
    case(
        "heap",
        """
import heapq
import requests

class Job:
    def run(self):
        requests.get("x")

async def step(heap: list[Job]):
    heapq.heappop(heap).run()  # FSA102

async def pushed():
    heap = []
    heapq.heappush(heap, (1, Job()))
    _, job = heapq.heappop(heap)
    job.run()  # FSA102
""",
    ),
    case(
        "named-tuple",
        """
from typing import NamedTuple
import redis

class Deps(NamedTuple):
    size: int
    cache: redis.Redis

def made() -> Deps:
    return Deps(1, redis.Redis())

async def handler(deps: Deps):
    size, cache = deps
    cache.get("x")  # FSA103
    deps[1].get("x")  # FSA103
    _, other = made()
    other.get("x")  # FSA103
    size.get("x")
""",
    ),
    case(
        "slices",
        """
from requests import Session

async def handler(sessions: list[Session]):
    for start in range(0, len(sessions), 10):
        for session in sessions[start : start + 10]:
            session.get("x")  # FSA102
    sessions[1:][0].get("x")  # FSA102
""",
    ),
    case(
        "itertools",
        """
import itertools
from requests import Session

async def handler(sessions: list[Session], nested: list[list[Session]]):
    for session in itertools.chain.from_iterable(nested):
        session.get("x")  # FSA102
    for _, group in itertools.groupby(sessions, key=id):
        for session in group:
            session.get("x")  # FSA102
    for before, after in itertools.pairwise(sessions):
        after.get("x")  # FSA102
    for session, _ in itertools.product(sessions, [1]):
        session.get("x")  # FSA102
""",
    ),
    case(
        "random-choice",
        """
import random
import requests

POOL = [requests.Session() for _ in range(4)]
BY_NAME = {name: requests.Session() for name in "ab"}

async def handler():
    random.choice(POOL).get("x")  # FSA102
    random.sample(POOL, 1)[0].get("x")  # FSA102
    _, session = BY_NAME.popitem()
    session.get("x")  # FSA102
""",
    ),
    case(
        "enumeration",
        """
import enum
import requests

class Kind(enum.Enum):
    A = "a"

    def fetch(self):
        return requests.get(self.value)

async def handler():
    for kind in Kind:
        kind.fetch()  # FSA102
""",
    ),
    case(
        "missing-and-default",
        """
import time
from collections import defaultdict
import requests

class Cache(dict):
    def __missing__(self, key):
        return requests.get(key)

def make():
    time.sleep(1)
    return 1

counts = defaultdict(make)
plain = defaultdict(list)

async def handler(cache: Cache):
    cache["x"]  # FSA102
    counts["a"]  # FSA101
    plain["a"]
""",
    ),
    case(
        "weak-reference",
        """
import weakref
import requests

class Api:
    def go(self):
        return requests.get("x")

class Child:
    def __init__(self, parent: Api):
        self._parent = weakref.ref(parent)

    async def run(self):
        self._parent().go()  # FSA102
""",
    ),
    case(
        "sort-key",
        """
import requests

def size(url):
    return len(requests.get(url).content)

async def handler(urls: list[str], pages: list[requests.Session]):
    urls.sort(key=size)  # FSA102
    urls.sort()
    pages.sort(key=lambda session: session.get("x"))  # FSA102
""",
    ),
    case(
        "extending-drains",
        """
import requests

def pages(urls):
    for url in urls:
        yield requests.get(url)

async def handler(urls, given: list):
    found = []
    found.extend(pages(urls))  # FSA102
    given.extend(requests.get(url) for url in urls)  # FSA102
    given.extend(urls)
    later = pages(urls)
    return later
""",
    ),
    case(
        "iter-with-a-sentinel",
        """
import socket

async def handler(connection: socket.socket):
    for chunk in iter(lambda: connection.recv(10), b""):  # FSA106
        print(chunk)

async def clean(connection: socket.socket):
    return iter(lambda: connection.recv(10), b"")
""",
    ),
    case(
        "lazy-until-drained",
        """
import asyncio
import requests

def pages(urls):
    for url in urls:
        yield requests.get(url)

def texts(urls):
    return (page.text for page in pages(urls))

async def in_thread(urls):
    await asyncio.to_thread(list, texts(urls))
    await asyncio.to_thread(list, enumerate(pages(urls)))
    await asyncio.to_thread(list, zip(urls, pages(urls)))

async def on_loop(urls):
    list(enumerate(pages(urls)))  # FSA102
    for page in (page for page in pages(urls)):  # FSA102
        print(page)
    for text in texts(urls):  # FSA102
        print(text)
""",
    ),
    case(
        "memoised-outside-function",
        """
import functools
import socket

resolve = functools.lru_cache(maxsize=128)(socket.gethostbyname)

async def handler(path):
    resolve(path)  # FSA106
""",
    ),
    case(
        "querysets",
        """
from django.db import models

class Book(models.Model):
    title = models.CharField()

async def handler():
    books = Book.objects.filter(title="x")
    len(books)  # FSA103
    if books:  # FSA103
        pass
    first = books[0]  # FSA103
    part = books[:3]
    return list(part)  # FSA103
""",
    ),
    case(
        "default-that-is-set",
        """
import requests

class Clients:
    def __init__(self):
        self.held = {}

    def of(self, host):
        return self.held.setdefault(host, requests.Session())

    async def get(self, host):
        return self.of(host).get("x")  # FSA102

    async def again(self, host):
        return self.held[host].get("x")  # FSA102

    async def texts(self, host, found):
        return found.setdefault(host, "x").strip()
""",
    ),
    case(
        "next-of-an-asynchronous-generator",
        """
import requests

async def sessions():
    yield requests.Session()

async def handler():
    session = await anext(sessions())
    session.headers.update({})
    return session.get("x")  # FSA102
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_containers(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
