"""What is collected in one place and used in another, and helpers that many hand something to."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

REGISTRIES = [
    case(
        "declared-empty-list",
        """
import requests

class Feed:
    def load(self):
        return requests.get("https://x.example")

FEEDS: list[Feed] = []

async def handler():
    for feed in FEEDS:
        feed.load()  # FSA102
""",
    ),
    case(
        "declared-empty-dict-of-self",
        """
import requests

class Feed:
    def load(self):
        return requests.get("https://x.example")

class Feeds:
    def __init__(self):
        self.feeds: dict[str, Feed] = {}

    async def refresh(self, name):
        feed = self.feeds.get(name)
        if feed:
            feed.load()  # FSA102
        for other in self.feeds.values():
            other.load()  # FSA102
""",
    ),
    case(
        "declared-list-with-content",
        """
import time

class Feed:
    def load(self):
        time.sleep(1)

class Quick(Feed):
    def load(self):
        return 1

FEEDS: list[Feed] = [Quick()]

async def handler():
    for feed in FEEDS:
        feed.load()
""",
    ),
    case(
        "list-of-another-module",
        """
# file: registry.py
JOBS = []
# file: jobs.py
import time
from registry import JOBS

def slow():
    time.sleep(1)

JOBS.append(slow)
# file: main.py
import jobs
from registry import JOBS

async def handler():
    for job in JOBS:
        job()  # FSA101
""",
    ),
    case(
        "dict-of-another-module-in-a-function",
        """
# file: registry.py
JOBS = {}
# file: jobs.py
import time

def slow():
    time.sleep(1)

def install():
    from registry import JOBS
    JOBS["slow"] = slow
# file: main.py
import registry

async def handler(name):
    registry.JOBS[name]()  # FSA101
""",
    ),
    case(
        "local-name-like-a-registry",
        """
# file: registry.py
JOBS = []
# file: jobs.py
import time

def slow():
    time.sleep(1)

def collect():
    JOBS = []
    JOBS.append(slow)
    return JOBS
# file: main.py
from registry import JOBS

async def handler():
    for job in JOBS:
        job()
""",
    ),
    case(
        "subclasses-register-themselves",
        """
import requests

class Plugin:
    plugins = {}

    def __init_subclass__(cls, **options):
        cls.plugins[cls.__name__] = cls

    def run(self):
        raise NotImplementedError

class Web(Plugin):
    def run(self):
        return requests.get("https://x.example")

async def handler(name):
    return Plugin.plugins[name]().run()  # FSA102
""",
    ),
    case(
        "module-by-name",
        """
import importlib

def client():
    return importlib.import_module("redis").Redis()

async def handler():
    return client().get("x")  # FSA103
""",
    ),
    case(
        "own-package-by-name",
        """
# file: pages/__init__.py
# file: pages/home.py
import time

def render():
    time.sleep(1)
# file: main.py
import importlib

async def handler():
    pages = importlib.import_module("pages")
    pages.home.render()  # FSA101
""",
    ),
    case(
        "compatible-names-of-valkey",
        """
import valkey as redis

store = redis.StrictRedis()

async def handler():
    return store.get("x")  # FSA103
""",
    ),
]


@pytest.mark.parametrize("program", REGISTRIES)
def test_registries(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


METHODS = [
    "get",
    "set",
    "incr",
    "decr",
    "lpush",
    "rpush",
    "lpop",
    "rpop",
    "sadd",
    "spop",
    "hget",
    "hset",
    "hdel",
    "keys",
]


def test_each_of_many_methods_handed_to_one_helper(tmp_path: Path) -> None:
    calls = "\n".join(
        f"    async def {name}(self):\n        return self.retried(self.redis.{name}, 1)  # FSA103" for name in METHODS
    )
    check(
        tmp_path,
        f"""
import redis

class Store:
    def __init__(self, client: redis.Redis):
        self.redis = client

    def retried(self, operation, *args):
        return operation(*args)

    async def nothing(self):
        return self.retried(print, 1)

{calls}
""",
    )


def test_each_of_many_nested_functions_handed_to_one_helper(tmp_path: Path) -> None:
    calls = "\n".join(
        f"""
    async def visit_{number}(self, url):
        def connect():
            return requests.Session()

        session = await self.in_thread(connect)
        session.get(url)  # FSA102

        def fetch():
            return requests.get(url)

        return self.here(fetch)  # FSA102
"""
        for number in range(20)
    )
    check(
        tmp_path,
        f"""
import asyncio
import requests

class Visitor:
    def here(self, work):
        return work()

    async def in_thread(self, work):
        return await asyncio.to_thread(work)
{calls}
""",
    )


def test_one_session_handed_on_with_many_classes(tmp_path: Path) -> None:
    names = [f"Model{number}" for number in range(20)]
    classes = "\n".join(f"class {name}: ..." for name in names)
    handlers = "\n".join(
        f"async def read_{name}(session: Session):\n    return query(session, {name}).all()  # FSA103" for name in names
    )
    check(
        tmp_path,
        f"""
from sqlalchemy.orm import Session

{classes}

def query(session, model, **conditions):
    return session.query(model).filter_by(**conditions)

{handlers}
""",
    )
