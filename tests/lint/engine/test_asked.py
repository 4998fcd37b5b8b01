"""What a callable is: asked in the condition, or before, with the answer in a name, an attribute or a property."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "partials-are-what-they-call",
        """
import asyncio
import functools
import inspect
import requests

def ask(url, text):
    return requests.post(url, json={"q": text}).text

async def separate(fn, *args):
    if inspect.iscoroutinefunction(fn):
        coro = fn(*args)
        return await coro
    return await asyncio.to_thread(fn, *args)

async def awaited(fn, *args):
    if asyncio.iscoroutinefunction(fn):
        return await fn(*args)
    return await asyncio.to_thread(fn, *args)

async def wrong_way(fn, *args):
    if not inspect.iscoroutinefunction(fn):
        return fn(*args)  # FSA102
    return await fn(*args)

class Later:
    def __init__(self, fn):
        self.fn = fn

    async def run(self):
        if asyncio.iscoroutinefunction(self.fn):
            await self.fn()
        else:
            await asyncio.to_thread(self.fn)

async def handler():
    await separate(functools.partial(ask, "https://example.org"), "hi")
    await awaited(functools.partial(ask, "https://example.org"), "hi")
    await wrong_way(functools.partial(ask, "https://example.org"), "hi")
    await Later(functools.partial(ask, "https://example.org", "hi")).run()
""",
    ),
    case(
        "partial-of-a-coroutine-function",
        """
import asyncio
import functools
import inspect
import time

async def refresh(n):
    time.sleep(n)  # FSA101

def execute(callback):
    if inspect.iscoroutinefunction(callback):
        asyncio.ensure_future(callback())
    else:
        callback()

async def handler():
    execute(functools.partial(refresh, 3))
""",
    ),
    case(
        "partial-of-one-of-several",
        """
import functools
import inspect
import random
import time

async def waits(n): ...

def sleeps(n):
    time.sleep(n)

async def handler():
    fn = functools.partial(waits if random.random() else sleeps, 1)
    if inspect.iscoroutinefunction(fn):
        coro = fn()
        await coro
    else:
        fn()  # FSA101
""",
    ),
    case(
        "library-function-that-blocks",
        """
import asyncio
import functools
import inspect
import anthropic
import requests

client = anthropic.Anthropic()
REGISTRY = {"create": {"func": client.messages.create}}

async def run(func, *args):
    if inspect.iscoroutinefunction(func):
        coro = func(*args)
        return await asyncio.wait_for(coro, timeout=10)
    return await asyncio.to_thread(func, *args)

async def wrong_way(func, *args):
    if inspect.iscoroutinefunction(func):
        return await func(*args)
    return func(*args)  # FSA102

async def handler(name: str):
    await run(requests.get, "https://example.org")
    await run(functools.partial(requests.get, "https://example.org"))
    await wrong_way(requests.get, "https://example.org")
    func = REGISTRY[name]["func"]
    if inspect.iscoroutinefunction(func):
        coro = func()
        await asyncio.wait_for(coro, timeout=10)
    else:
        func()  # FSA107
""",
    ),
    case(
        "answer-in-a-local-variable",
        """
import asyncio
import inspect
import requests

def ask(text):
    return requests.post("https://example.org", json={"q": text}).text

async def other(text): ...

async def plain(fn, text):
    is_async = inspect.iscoroutinefunction(fn)
    if is_async:
        coro = fn(text)
        return await coro
    return await asyncio.to_thread(fn, text)

async def either(fn, text):
    is_async = inspect.iscoroutinefunction(fn) or inspect.isasyncgenfunction(fn)
    if is_async:
        coro = fn(text)
        return await coro
    return await asyncio.to_thread(fn, text)

async def inverted(fn, text):
    in_thread = not inspect.iscoroutinefunction(fn)
    if not in_thread:
        coro = fn(text)
        return await coro
    return await asyncio.to_thread(fn, text)

async def nested(fn, text):
    is_async = inspect.iscoroutinefunction(fn)

    async def inner():
        if is_async:
            coro = fn(text)
            return await coro
        return await asyncio.to_thread(fn, text)

    return await inner()

async def wrong_way(fn, text):
    is_async = inspect.iscoroutinefunction(fn)
    if is_async:
        return await fn(text)
    return fn(text)  # FSA102

async def replaced(fn, text):
    is_async = inspect.iscoroutinefunction(fn)
    fn = wrapped(fn)
    if is_async:
        coro = fn(text)
        return await coro
    return await asyncio.to_thread(fn, text)

def wrapped(fn):
    def wrapper(*args):
        return fn(*args)
    return wrapper

async def replaced_whatever_it_was(fn, text):
    is_async = inspect.iscoroutinefunction(fn)
    fn = requests.get
    if is_async:
        fn(text)  # FSA102

async def also_something_else(fn, text, wanted):
    is_async = inspect.iscoroutinefunction(fn) or wanted.now
    if is_async:
        fn(text)  # FSA102

async def handler():
    await plain(ask, "1")
    await either(ask, "2")
    await inverted(ask, "3")
    await nested(ask, "4")
    await wrong_way(ask, "5")
    await replaced(ask, "6")
    await replaced_whatever_it_was(other, "6")
    await also_something_else(ask, "7", object())
""",
    ),
    case(
        "answer-in-an-attribute",
        """
import asyncio
import inspect
import requests

def ask(text):
    return requests.post("https://example.org", json={"q": text}).text

async def other(text): ...

class Plain:
    is_async = False

    def __init__(self, fn):
        self.fn = fn
        self.is_async = inspect.iscoroutinefunction(fn)
        self.is_stream = inspect.isasyncgenfunction(self.fn)

    async def run(self, text):
        if self.is_async:
            coro = self.fn(text)
            return await coro
        elif self.is_stream:
            stream = self.fn(text)
            return [item async for item in stream]
        return await asyncio.to_thread(self.fn, text)

    async def wrong_way(self, text):
        if not self.is_async:
            return self.fn(text)  # FSA102
        return await self.fn(text)

class Below(Plain):
    async def more(self, text):
        return self.fn(text) if self.is_async else None

class Property:
    def __init__(self, fn):
        self.fn = fn

    @property
    def is_async(self):
        return inspect.iscoroutinefunction(self.fn)

    def is_stream(self):
        return inspect.isasyncgenfunction(self.fn)

    async def run(self, text):
        if self.is_async:
            coro = self.fn(text)
            return await coro
        if self.is_stream():
            stream = self.fn(text)
            return [item async for item in stream]
        return await asyncio.to_thread(self.fn, text)

    async def wrong_way(self, text):
        if self.is_async:
            return await self.fn(text)
        return self.fn(text)  # FSA102

class Another:
    def __init__(self, fn, default):
        self.fn = fn
        self.default = default
        self.is_async = inspect.iscoroutinefunction(default)

    async def run(self, text):
        if self.is_async:
            self.fn(text)  # FSA102

async def handler(a: Plain, b: Property):
    await Plain(ask).run("1")
    await Plain(other).run("1")
    await Plain(ask).wrong_way("2")
    await Below(ask).more("3")
    await Property(ask).run("4")
    await Property(ask).wrong_way("5")
    await Another(ask, other).run("6")
    await Another(other, ask).run("6")
""",
    ),
    case(
        "answer-of-a-function",
        """
import asyncio
import inspect
import requests

def ask(text):
    return requests.post("https://example.org", json={"q": text}).text

def waits(fn) -> bool:
    return inspect.iscoroutinefunction(fn)

async def run(fn, text):
    if waits(fn):
        coro = fn(text)
        return await coro
    return await asyncio.to_thread(fn, text)

async def wrong_way(fn, text):
    if waits(fn):
        return await fn(text)
    return fn(text)  # FSA102

async def handler():
    await run(ask, "1")
    await wrong_way(ask, "2")
""",
    ),
    case(
        "process-that-has-ended",
        """
import asyncio
import subprocess

class Spawner:
    def start(self):
        self.proc = subprocess.Popen(["sleep", "100"])

    async def entered(self):
        status = self.proc.poll()
        if status is not None:
            with self.proc:
                pass
        return status

    async def waited(self):
        status = self.proc.poll()
        if status is None:
            self.proc.wait()  # FSA105
            return
        self.proc.wait()

    async def polled(self):
        while (status := self.proc.poll()) is None:
            await asyncio.sleep(1)
        self.proc.wait()

    def ended(self):
        return self.proc.poll()

    async def asked(self):
        if self.ended() is not None:
            self.proc.wait()
        if self.ended() == 3:
            self.proc.wait()  # FSA105

    async def started_again(self):
        status = self.proc.poll()
        self.start()  # FSA105
        if status is None:
            self.proc.wait()  # FSA105

async def another(one: subprocess.Popen, two: subprocess.Popen):
    status = one.poll()
    one = two
    if status is None:
        return
    two.wait()  # FSA105
""",
    ),
    case(
        "one-of-two-wrappers",
        """
import asyncio
import functools
import inspect
import requests

def returned(fn):
    def sync_wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    async def async_wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        return await result

    if inspect.iscoroutinefunction(fn):
        return async_wrapper
    return sync_wrapper

def inverted(fn):
    def sync_wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    async def async_wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        return await result

    if not inspect.iscoroutinefunction(fn):
        return sync_wrapper
    return async_wrapper

def wrapped(fn):
    @functools.wraps(fn)
    def sync_wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    @functools.wraps(fn)
    async def async_wrapper(*args, **kwargs):
        return await asyncio.wait_for(fn(*args, **kwargs), timeout=3)

    is_async = inspect.iscoroutinefunction(fn)
    return async_wrapper if is_async else sync_wrapper

def streamed(fn):
    def sync_wrapper(*args, **kwargs):
        yield from fn(*args, **kwargs)

    async def async_wrapper(*args, **kwargs):
        iterator = fn(*args, **kwargs)
        async for item in iterator:
            yield item

    return async_wrapper if inspect.isasyncgenfunction(fn) else sync_wrapper

def always(fn):
    async def async_wrapper(*args, **kwargs):
        return fn(*args, **kwargs)  # FSA102

    if inspect.iscoroutinefunction(fn):
        return fn
    return async_wrapper

def registered(fn):
    async def async_wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)  # FSA102
        return await result if inspect.isawaitable(result) else result

    HANDLERS.append(async_wrapper)
    if inspect.iscoroutinefunction(fn):
        return async_wrapper
    return fn

HANDLERS = []

@returned
def ask1():
    return requests.get("https://example.org/1").text

@inverted
def ask2():
    return requests.get("https://example.org/2").text

@wrapped
def ask3():
    return requests.get("https://example.org/3").text

@streamed
def ask4():
    yield requests.get("https://example.org/4").text

@always
def ask5():
    return requests.get("https://example.org/5").text

@registered
def ask6():
    return requests.get("https://example.org/6").text

@wrapped
async def ask7():
    return requests.get("https://example.org/7").text  # FSA102

async def handler():
    ask1()  # FSA102
    ask3()  # FSA102
    await ask7()
""",
    ),
    case(
        "patched-by-one-of-two-wrappers",
        """
import inspect

def patch(destination, name, patch_function):
    original = getattr(destination, name)
    is_async = inspect.iscoroutinefunction(patch_function)

    def sync_patch(*args, **kwargs):
        def call_original(*a, **k):
            return original(*a, **k)

        return patch_function(call_original, *args, **kwargs)

    async def async_patch(*args, **kwargs):
        async def call_original(*a, **k):
            return await original(*a, **k)

        return await patch_function(call_original, *args, **kwargs)

    setattr(destination, name, async_patch if is_async else sync_patch)

class Agent:
    def register(self, names):
        self.names = names

def patched(original, self, names):
    original(self, names)
    self.count = len(names)

patch(Agent, "register", patched)
""",
    ),
    case(
        "registered-by-a-decorator",
        """
import time
from fastapi import FastAPI

def create(debug=False):
    app = FastAPI()

    @app.get("/")
    async def root():
        time.sleep(1)  # FSA101

    async def shown():
        time.sleep(1)  # FSA101

    async def others_may_ask_for_it():
        time.sleep(1)  # FSA101

    if debug:
        app.add_api_route("/more", others_may_ask_for_it)
    else:
        app.add_api_route("/shown", shown)
    return app

app = create(debug=False)
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_asked(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
