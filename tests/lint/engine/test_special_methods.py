"""Special methods that run without being written as a call: texts, order, equality."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "entered-by-hand",
        """
import sqlite3
import paramiko
import aiosqlite

class Kept:
    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path)
        self.client = paramiko.SSHClient()

    def open(self):
        self.files = self.client.open_sftp().__enter__()

    def close(self):
        self.db.__exit__(None, None, None)

    def leave(self):
        self.client.__exit__(None, None, None)

async def handler(kept: Kept, name: str, other: aiosqlite.Connection):
    kept.open()  # FSA106
    kept.files.listdir(name)  # FSA106
    kept.close()  # FSA103
    kept.leave()
    kept.db.__enter__()
    await other.__aenter__()
    await other.__aexit__(None, None, None)
""",
    ),
    case(
        "parts-of-clients",
        """
import boto3
import redis
import redis.asyncio
import shelve

cache = {}

def client(name):
    if name not in cache:
        cache[name] = boto3.client(name)
    return cache[name]

async def handler(name: str, store: redis.Redis, others: redis.asyncio.Redis):
    store[name] = 1  # FSA103
    del store[name]  # FSA103
    store[name]  # FSA103
    if name in store:  # FSA103
        pass
    shelf = shelve.open("cache")  # FSA104
    shelf[name] = 2  # FSA104
    if name in shelf:  # FSA104
        pass
    clients = client(name)
    clients[name] = 3
    if name in clients:
        pass
    del clients[name]
    cache[name] = clients
""",
    ),
    case(
        "made-a-text",
        """
import time

class Shown:
    def __str__(self):
        time.sleep(1)
        return "shown"

class Formatted(Shown):
    def __format__(self, form):
        time.sleep(2)
        return "formatted"

class Represented:
    def __repr__(self):
        time.sleep(1)
        return "represented"

class Plain:
    pass

def numbers(): ...

async def handler(number: int, parts: dict):
    "%s" % Shown()  # FSA101
    "%s %s" % (number, Shown())  # FSA101
    "%(a)s" % {"a": Shown()}  # FSA101
    "{}".format(Formatted())  # FSA101
    "{name}".format(name=Shown())  # FSA101
    f"{Formatted():>10}"  # FSA101
    f"{Shown()}"  # FSA101
    f"{Represented()!r}"  # FSA101
    f"{Represented()}"  # FSA101
    format(Formatted())  # FSA101
    str(Represented())  # FSA101
    "%s" % Plain()
    "%s" % number
    "%s %s" % (time.sleep, numbers)
    "%(a)s" % parts
    "{}".format(Plain())
    f"{Plain()} {number}"
    number % 2
""",
    ),
    case(
        "put-in-order",
        """
import bisect
import heapq
import itertools
import requests
import time

class Slow:
    def __lt__(self, other):
        time.sleep(1)
        return True

class Fast:
    def __lt__(self, other):
        return True

def rank(item):
    return requests.get(item).text

def length(item):
    return len(item)

async def handler(names):
    items = [Slow()]
    heapq.heappush(items, Slow())  # FSA101
    heapq.heapify(items)  # FSA101
    heapq.heappop(items)  # FSA101
    heapq.nlargest(1, items)  # FSA101
    bisect.insort(items, Slow())  # FSA101
    items.sort()  # FSA101
    max(Slow(), Slow())  # FSA101
    heapq.nsmallest(1, names, rank)  # FSA102
    bisect.bisect(names, "a", key=rank)  # FSA102
    names.sort(key=rank)  # FSA102
    list(itertools.groupby(names, rank))  # FSA102
    itertools.groupby(names, rank)

async def quick(names):
    items = [Fast()]
    heapq.heappush(items, Fast())
    heapq.heapify(items)
    items.sort()
    min(items)
    max(Fast(), Fast())
    heapq.nsmallest(1, names, length)
    names.sort(key=length)

async def keyed():
    items = [Slow()]
    items.sort(key=length)
    sorted(items, key=length)
""",
    ),
    case(
        "compared",
        """
import time

class Slow:
    def __eq__(self, other):
        time.sleep(1)
        return True

class Fast:
    def __eq__(self, other):
        return True

class Hashed:
    def __hash__(self):
        time.sleep(1)
        return 1

async def handler(others):
    items = [Slow()]
    3 in items  # FSA101
    Slow() in (1, 2)  # FSA101
    items.index(3)  # FSA101
    items.count(3)  # FSA101
    items.remove(3)  # FSA101
    Slow() != 3  # FSA101
    hash(Hashed())  # FSA101
    quick = [Fast()]
    3 in quick
    Fast() in (1, 2)
    quick.index(3)
    3 in others
    Fast() != 3
""",
    ),
    case(
        "spread-over-the-arguments",
        """
import time

def numbers():
    yield 1
    time.sleep(1)

async def handler(show):
    held = numbers()
    show(*held)  # FSA101
    print(*held)  # FSA101
    rest = [1]
    print(*rest)
""",
    ),
    case(
        "asked-by-number",
        """
import time

class Slow:
    def __getitem__(self, index):
        time.sleep(1)
        return index

class Quick:
    def __getitem__(self, index):
        return index

async def handler():
    for item in Slow():  # FSA101
        print(item)
    list(Slow())  # FSA101
    for item in Quick():
        print(item)
""",
    ),
    case(
        "gone-through-for-one",
        """
import time

class Slow:
    def __iter__(self):
        time.sleep(1)
        return iter([])

class Asked(Slow):
    def __contains__(self, item):
        return True

async def handler(x):
    x in Slow()  # FSA101
    x in Asked()
""",
    ),
    case(
        "numbers",
        """
import time

class Slow:
    def __int__(self):
        time.sleep(1)
        return 1

    def __float__(self):
        time.sleep(1)
        return 1.0

async def handler():
    int(Slow())  # FSA101
    float(Slow())  # FSA101
    int("3")
""",
    ),
    case(
        "set-by-a-descriptor",
        """
import time

class Stored:
    def __get__(self, owner, cls):
        return 1

    def __set__(self, owner, value):
        time.sleep(1)

class Plain:
    def __get__(self, owner, cls):
        return 1

class Record:
    stored = Stored()
    plain = Plain()

async def handler(record: Record):
    record.stored = 1  # FSA101
    record.plain = 1
    return record.stored
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
