"""Kinds of code met in released packages that the engine judged wrongly at first."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.settings import Settings

from .programs import case, check, files, write

PROGRAMS = [
    case(
        "class-attribute-set-from-outside-in-an-enum",
        """
import enum
import time

class Colour(enum.Enum):
    RED = 1

def register() -> None:
    Colour.lookup = {"red": Colour.RED}

async def main() -> None:
    register()
    Colour.lookup["red"]
    time.sleep(1)  # FSA101
""",
    ),
    case(
        "dropped-call-that-is-a-coroutine-only-sometimes",
        """
import asyncio

def traced(keep):
    def decorator(func):
        if asyncio.iscoroutinefunction(func):
            async def wrapper(*args):
                return await func(*args)
            return wrapper
        def plain(*args):
            return func(*args)
        return plain
    return decorator

async def pause() -> None:
    await asyncio.sleep(1)

def note() -> None:
    print("note")

async def main(flag, unknown) -> None:
    run = traced(flag)(unknown)
    run()
    pause()  # FSA204
""",
    ),
    case(
        "asynchronous-generators-told-from-plain-functions",
        """
import inspect
import requests

def wrap(fn):
    if inspect.isasyncgenfunction(fn):
        async def stream(*args):
            iterator = fn(*args)
            yield await iterator.__anext__()
        return stream
    if inspect.isgeneratorfunction(fn):
        async def collect(*args):
            return [item for item in fn(*args)]  # FSA102
        return collect
    return fn

def load(url):
    return requests.get(url).text

def lines(url):
    yield requests.get(url).text

plain = wrap(load)
listed = wrap(lines)
""",
    ),
    case(
        "awaited-function-that-promises-a-plain-value",
        """
import asyncio
import requests

class Chat:
    def __init__(self, fn, is_async: bool) -> None:
        self.fn = fn
        self.is_async = is_async

    async def submit(self, message: str):
        if self.is_async:
            return await self.fn(message)
        return await asyncio.to_thread(self.fn, message)

def ask(message: str) -> str | None:
    return requests.get(message).text

def start(message: str):
    requests.get(message)
    return asyncio.sleep(1)

chat = Chat(ask, False)

async def direct(message: str):
    await start(message)  # FSA102
""",
    ),
    case(
        "base-method-that-works-by-a-method-of-the-subclass",
        """
import requests
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool

class Given(BaseRetriever):
    pages: list

    def _get_relevant_documents(self, query, *, run_manager=None):
        return list(self.pages)

class Remote(BaseRetriever):
    def _get_relevant_documents(self, query, *, run_manager=None):
        return requests.get(query).json()

class Lookup(BaseTool):
    def _run(self, query: str):
        return requests.get(query).text

async def main(query: str) -> None:
    Given(pages=[]).invoke(query)
    Remote().invoke(query)  # FSA102
    Lookup().invoke(query)  # FSA102
""",
    ),
    case(
        "attribute-that-an-unknown-base-may-set",
        """
import requests
from elsewhere import Reference

class Actor(Reference):
    def __getattr__(self, name):
        return requests.get(name)

class Proxy:
    def __getattr__(self, name):
        return requests.get(name)

async def main(actor: Actor, proxy: Proxy) -> None:
    actor.key
    proxy.key  # FSA102
""",
    ),
    case(
        "asserted-attribute",
        """
import redis

class Store:
    def __init__(self) -> None:
        self.client = None

    def open(self) -> None:
        self.client = redis.Redis()

    async def get(self, key: str):
        assert self.client is not None
        return self.client.get(key)  # FSA103

    async def raised(self, key: str):
        if self.client is None:
            raise RuntimeError
        return self.client.get(key)  # FSA103
""",
    ),
    case(
        "own-methods-with-the-names-of-checks",
        """
import queue
import requests
from multiprocessing.connection import Connection

class Store:
    def empty(self) -> bool:
        return False

    def done(self) -> bool:
        return requests.get("https://example.org").ok

    def is_running(self) -> bool:
        return requests.get("https://example.org").ok

    def load(self):
        return requests.get("https://example.org").text

async def main(store: Store, waiting: queue.Queue, pipe: Connection) -> None:
    if not store.empty():
        store.load()  # FSA102
    if store.done():  # FSA102
        store.load()  # FSA102
    if not store.is_running():  # FSA102
        store.load()  # FSA102
    if not waiting.empty():
        waiting.get()
    waiting.get()  # FSA108
    jobs: queue.Queue[Store] = queue.Queue()
    jobs.put(store)
    while not jobs.empty():
        jobs.get().load()  # FSA102
    jobs.get()  # FSA108
    while pipe.poll():
        pipe.recv()
    pipe.recv()  # FSA108
""",
    ),
    case(
        "awaited-function-that-was-handed-over",
        """
import asyncio
import functools
import subprocess
import time

def guarded(func):
    @functools.wraps(func)
    async def async_wrapper(*args):
        return await func(*args)

    @functools.wraps(func)
    def sync_wrapper(*args):
        return func(*args)

    return async_wrapper if asyncio.iscoroutinefunction(func) else sync_wrapper

@guarded
def install(command):
    return subprocess.run(command)

class Tool:
    def __call__(self, command):
        return subprocess.run(command)

async def run(tool: Tool, command, is_async):
    if is_async:
        return await tool(command)
    return tool(command)  # FSA105

async def pause():
    await asyncio.sleep(1)

def factory():
    time.sleep(1)
    return pause()

async def start(make):
    await make()  # FSA101

async def main(command) -> None:
    install(command)  # FSA105
    await start(factory)
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def severities(root: Path, program: str) -> dict[int, str]:
    """Severity by row of what is found in one file."""
    sources = files(program)
    analysis = analyse(root, write(root, sources), None, Settings(), cache=False)
    return {hit.location.row: hit.severity.name for hit in analysis.hits}


def test_lock_of_a_singleton_is_taken_once(tmp_path: Path) -> None:
    program = """import threading
import time

_client = None
_lock = threading.Lock()

def client():
    global _client
    if _client is not None:
        return _client
    with _lock:
        time.sleep(1)
        _client = object()
        return _client

def always():
    with _lock:
        return 1

def worker():
    client()
    with _lock:
        time.sleep(1)

threading.Thread(target=worker).start()

async def first():
    client()

async def second():
    always()
"""
    assert severities(tmp_path, program) == {28: "WARNING", 31: "ERROR"}


def test_what_is_called_may_make_the_singleton_that_is_handed_out(tmp_path: Path) -> None:
    program = """import queue
import time

class Client:
    shared = None

    @classmethod
    def connect(cls):
        time.sleep(1)
        cls.shared = cls()

    @classmethod
    def get(cls):
        if cls.shared is not None:
            return cls.shared
        cls.connect()
        return cls.shared

    @classmethod
    def again(cls):
        if cls.shared is not None:
            return None
        cls.connect()
        return None

async def handler():
    Client.get()
    Client.again()

async def coroutine():
    if Client.shared is None:
        Client.connect()
    return Client.shared
"""
    assert severities(tmp_path, program) == {27: "WARNING", 28: "ERROR", 32: "WARNING"}


def test_terminal_application_that_is_mounted_shows_nothing_yet(tmp_path: Path) -> None:
    program = """import time
from textual.app import App
from textual.widget import Widget

class Reader(App):
    def on_mount(self):
        time.sleep(1)

class News(Widget):
    def on_mount(self):
        time.sleep(1)
"""
    assert severities(tmp_path, program) == {7: "WARNING", 11: "ERROR"}


def test_validator_of_a_model_built_here_is_one_lower(tmp_path: Path) -> None:
    program = """import requests
from pydantic import BaseModel, field_validator

class Page(BaseModel):
    url: str

    @field_validator("url")
    @classmethod
    def reachable(cls, url):
        requests.head(url)
        return url

async def build(url: str):
    return Page(url=url)
"""
    assert severities(tmp_path, program) == {14: "WARNING"}
