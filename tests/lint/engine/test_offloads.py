"""Code that is handed to a thread or process does not block the loop; what is evaluated before does."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

THREADS = [
    case(
        "executor-left-when-all-is-awaited",
        """
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

async def awaited(data):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as pool:
        return await loop.run_in_executor(pool, time.sleep, 1)

async def gathered(items):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as pool:
        return await asyncio.gather(*[loop.run_in_executor(pool, time.sleep, n) for n in items])

async def submitted(items):
    with ThreadPoolExecutor() as pool:  # FSA108
        pool.submit(time.sleep, 1)
        await asyncio.sleep(0)

async def not_awaited(items):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as pool:  # FSA108
        futures = [loop.run_in_executor(pool, time.sleep, n) for n in items]
    return await asyncio.gather(*futures)
""",
    ),
    case(
        "to-thread",
        """
import asyncio
import requests

async def handler(url):
    return await asyncio.to_thread(requests.get, url, timeout=3)
""",
    ),
    case(
        "to-thread-from-import",
        """
from asyncio import to_thread as offload
import requests

async def handler(url):
    return await offload(requests.get, url)
""",
    ),
    case(
        "to-thread-own-function",
        """
import asyncio
import subprocess

def build():
    subprocess.run(["make"])

async def handler():
    await asyncio.to_thread(build)
""",
    ),
    case(
        "to-thread-lambda",
        """
import asyncio
import requests

async def handler(url):
    return await asyncio.to_thread(lambda: requests.get(url).json())
""",
    ),
    case(
        "to-thread-partial",
        """
import asyncio
import functools
import redis

client = redis.Redis()

async def handler(key):
    return await asyncio.to_thread(functools.partial(client.set, key, 1, ex=60))
""",
    ),
    case(
        "to-thread-bound-method",
        """
import asyncio
import redis

class Cache:
    def __init__(self):
        self.client = redis.Redis()

    def load(self, key):
        return self.client.get(key)

    async def get(self, key):
        return await asyncio.to_thread(self.load, key)

    async def raw(self, key):
        return await asyncio.to_thread(self.client.get, key)
""",
    ),
    case(
        "to-thread-nested-function",
        """
import asyncio
import shutil

async def handler(src, dst):
    def copy():
        shutil.copytree(src, dst)

    await asyncio.to_thread(copy)
""",
    ),
    case(
        "to-thread-constructor",
        """
import asyncio
import requests

class Config:
    def __init__(self, url):
        self.data = requests.get(url).json()

async def handler(url):
    config = await asyncio.to_thread(Config, url)
    return config.data
""",
    ),
    case(
        "to-thread-callable-instance",
        """
import asyncio
import requests

class Fetch:
    def __call__(self, url):
        return requests.get(url)

async def handler(url):
    return await asyncio.to_thread(Fetch(), url)
""",
    ),
    case(
        "to-thread-eager",
        """
import asyncio
import requests

async def handler(url):
    return await asyncio.to_thread(requests.get(url))  # FSA102
""",
    ),
    case(
        "to-thread-eager-own",
        """
import asyncio
import time

def slow():
    time.sleep(1)

async def handler():
    await asyncio.to_thread(slow())  # FSA101
""",
    ),
    case(
        "to-thread-eager-argument",
        """
import asyncio
import requests

def store(text):
    open("/tmp/x", "w").write(text)

async def handler(url):
    await asyncio.to_thread(store, requests.get(url).text)  # FSA102
""",
    ),
    case(
        "to-thread-eager-argument-helper",
        """
import asyncio
import subprocess

def version():
    return subprocess.check_output(["git", "describe"])

def store(text):
    return text

async def handler():
    await asyncio.to_thread(store, version())  # FSA105
""",
    ),
    case(
        "to-thread-in-gather",
        """
import asyncio
import requests

async def handler(urls):
    return await asyncio.gather(*(asyncio.to_thread(requests.get, u) for u in urls))

async def fixed(a, b):
    return await asyncio.gather(asyncio.to_thread(requests.get, a), asyncio.to_thread(requests.get, b))
""",
    ),
    case(
        "to-thread-in-wait-for",
        """
import asyncio
import requests

async def handler(url):
    return await asyncio.wait_for(asyncio.to_thread(requests.get, url), timeout=3)
""",
    ),
    case(
        "to-thread-in-task",
        """
import asyncio
import time

async def handler():
    task = asyncio.create_task(asyncio.to_thread(time.sleep, 1))
    await task
""",
    ),
    case(
        "to-thread-of-coroutine-function-still-loopless",
        """
import asyncio
import time

async def work():
    time.sleep(1)  # FSA101

async def handler():
    await asyncio.to_thread(asyncio.run, work())
""",
    ),
    case(
        "run-in-executor",
        """
import asyncio
import requests

async def handler(url):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, requests.get, url)
""",
    ),
    case(
        "run-in-executor-lambda",
        """
import asyncio
import requests

async def handler(url):
    return await asyncio.get_event_loop().run_in_executor(None, lambda: requests.get(url))
""",
    ),
    case(
        "run-in-executor-loop-of-parameter",
        """
import asyncio
import requests

async def handler(url, loop: asyncio.AbstractEventLoop):
    return await loop.run_in_executor(None, requests.get, url)
""",
    ),
    case(
        "run-in-executor-loop-on-self",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import boto3

class Store:
    def __init__(self, loop=None):
        self.loop = loop or asyncio.get_event_loop()
        self.pool = ThreadPoolExecutor(4)
        self.s3 = boto3.client("s3")

    async def get(self, key):
        return await self.loop.run_in_executor(self.pool, lambda: self.s3.get_object(Bucket="b", Key=key))
""",
    ),
    case(
        "run-in-executor-unknown-loop",
        """
import requests

async def handler(loop, url):
    return await loop.run_in_executor(None, requests.get, url)
""",
    ),
    case(
        "run-in-executor-eager",
        """
import asyncio
import requests

async def handler(url):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, requests.get(url))  # FSA102
""",
    ),
    case(
        "process-pool",
        """
import asyncio
from concurrent.futures import ProcessPoolExecutor
import bcrypt

pool = ProcessPoolExecutor()

async def handler(password):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, bcrypt.hashpw, password, b"salt")
""",
    ),
    case(
        "submit-wrapped",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import requests

pool = ThreadPoolExecutor()

async def handler(url):
    future = pool.submit(requests.get, url)
    return await asyncio.wrap_future(future)
""",
    ),
    case(
        "submit-forgotten",
        """
from concurrent.futures import ThreadPoolExecutor
import requests

pool = ThreadPoolExecutor()

async def handler(url):
    pool.submit(requests.get, url)
""",
    ),
    case(
        "submit-result",
        """
from concurrent.futures import ThreadPoolExecutor
import requests

pool = ThreadPoolExecutor()

async def handler(url):
    return pool.submit(requests.get, url).result()  # FSA108
""",
    ),
    case(
        "submit-result-of-comprehension",
        """
from concurrent.futures import ThreadPoolExecutor
import requests

async def handler(urls):
    pool = ThreadPoolExecutor()
    futures = [pool.submit(requests.get, u) for u in urls]
    return [f.result() for f in futures]  # FSA108
""",
    ),
    case(
        "executor-with",
        """
from concurrent.futures import ThreadPoolExecutor
import requests

async def handler(url):
    with ThreadPoolExecutor() as pool:  # FSA108
        pool.submit(requests.get, url)
""",
    ),
    case(
        "executor-shutdown",
        """
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()

async def stop():
    pool.shutdown()  # FSA108

async def leave():
    pool.shutdown(wait=False)
""",
    ),
    case(
        "anyio-run-sync",
        """
import anyio
import anyio.to_thread
import requests

async def handler(url):
    return await anyio.to_thread.run_sync(requests.get, url)

async def with_lambda(url):
    return await anyio.to_thread.run_sync(lambda: requests.get(url).json())
""",
    ),
    case(
        "anyio-run-sync-eager",
        """
from anyio import to_thread
import time

async def handler():
    await to_thread.run_sync(time.sleep(1))  # FSA101
""",
    ),
    case(
        "anyio-from-thread",
        """
from anyio import from_thread, to_thread
import time

async def notify():
    return 1

def work():
    time.sleep(1)
    from_thread.run(notify)

async def handler():
    await to_thread.run_sync(work)
""",
    ),
    case(
        "run-in-threadpool",
        """
from fastapi.concurrency import run_in_threadpool
from starlette.concurrency import run_in_threadpool as other
import requests

async def handler(url):
    await run_in_threadpool(requests.get, url)
    return await other(requests.get, url, timeout=3)
""",
    ),
    case(
        "iterate-in-threadpool",
        """
import time
from starlette.concurrency import iterate_in_threadpool

def rows():
    time.sleep(1)
    yield 1

async def handler():
    async for row in iterate_in_threadpool(rows()):
        print(row)
""",
    ),
    case(
        "sync-to-async-call",
        """
from asgiref.sync import sync_to_async
import requests

def fetch(url):
    return requests.get(url)

async def handler(url):
    await sync_to_async(fetch)(url)
    await sync_to_async(fetch, thread_sensitive=False)(url)

fetch_async = sync_to_async(fetch)

async def other(url):
    return await fetch_async(url)
""",
    ),
    case(
        "sync-to-async-decorator",
        """
from asgiref.sync import sync_to_async
import requests

@sync_to_async(thread_sensitive=False)
def fetch(url):
    return requests.get(url)

async def handler(url):
    return await fetch(url)
""",
    ),
    case(
        "sync-to-async-method",
        """
from asgiref.sync import sync_to_async
import requests

class Api:
    @sync_to_async
    def fetch(self, url):
        return requests.get(url)

    async def run(self, url):
        return await self.fetch(url)
""",
    ),
    case(
        "database-sync-to-async",
        """
from channels.db import database_sync_to_async
from django.contrib.auth.models import User

@database_sync_to_async
def load(pk):
    return User.objects.get(pk=pk)

async def handler(pk):
    return await load(pk)
""",
    ),
    case(
        "asyncer-asyncify",
        """
from asyncer import asyncify
import requests

async def handler(url):
    return await asyncify(requests.get)(url)
""",
    ),
    case(
        "thread-started",
        """
import threading
import time

def work():
    time.sleep(1)

async def handler():
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    threading.Timer(5, work).start()
""",
    ),
    case(
        "thread-subclass",
        """
import threading
import time

class Worker(threading.Thread):
    def run(self):
        time.sleep(1)

async def handler():
    worker = Worker()
    worker.start()
    worker.join()  # FSA108
""",
    ),
    case(
        "process-started",
        """
import multiprocessing
import time

async def handler():
    process = multiprocessing.Process(target=time.sleep, args=(1,))
    process.start()
    process.join()  # FSA108
""",
    ),
    case(
        "trio-to-thread",
        """
import trio
import requests

async def handler(url):
    return await trio.to_thread.run_sync(requests.get, url)
""",
    ),
    case(
        "helper-in-thread-and-on-loop",
        """
import asyncio
import requests

def load(url):
    return requests.get(url)

async def good(url):
    return await asyncio.to_thread(load, url)

async def bad(url):
    return load(url)  # FSA102
""",
    ),
    case(
        "coroutine-threadsafe-from-thread",
        """
import asyncio

async def work():
    return 1

def in_thread(loop):
    return asyncio.run_coroutine_threadsafe(work(), loop).result()

async def handler():
    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(in_thread, loop)
""",
    ),
    case(
        "thread-runs-own-loop",
        """
import asyncio
import threading

async def serve():
    await asyncio.sleep(1)

def run():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(serve())

async def handler():
    threading.Thread(target=run).start()
""",
    ),
    case(
        "greenlet-run-sync",
        """
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session

def work(db: Session):
    return db.execute("select 1")

async def session(db: AsyncSession):
    return await db.run_sync(work)

async def connection(conn: AsyncConnection, metadata):
    await conn.run_sync(metadata.create_all)
    await conn.run_sync(lambda c: c.execute("select 1"))
""",
    ),
    case(
        "pool-of-which-the-loop-gets-each-future",
        """
import asyncio
import requests
from concurrent.futures import ThreadPoolExecutor

async def all_at_once(urls):
    with ThreadPoolExecutor() as pool:
        return await asyncio.gather(*[asyncio.wrap_future(pool.submit(requests.get, url)) for url in urls])

async def one(url):
    with ThreadPoolExecutor() as pool:
        future = pool.submit(requests.get, url)
        return await asyncio.wrap_future(future)

async def some(urls):
    with ThreadPoolExecutor() as pool:  # FSA108
        pool.submit(requests.get, urls[1])
        return await asyncio.wrap_future(pool.submit(requests.get, urls[0]))

async def none(url):
    with ThreadPoolExecutor() as pool:  # FSA108
        pool.submit(requests.get, url)
        await asyncio.sleep(0)
""",
    ),
]

OWN = [
    case(
        "own-helper",
        """
import asyncio
import functools
import requests

async def run_sync(fn, *args, **kwargs):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, functools.partial(fn, *args, **kwargs))

async def handler(url):
    return await run_sync(requests.get, url, timeout=3)
""",
    ),
    case(
        "own-sync-helper-returns-awaitable",
        """
import asyncio
import requests

def offload(fn, *args):
    return asyncio.get_running_loop().run_in_executor(None, fn, *args)

async def handler(url):
    return await offload(requests.get, url)
""",
    ),
    case(
        "own-helper-eager",
        """
import asyncio
import requests

def offload(fn, *args):
    return asyncio.get_running_loop().run_in_executor(None, fn, *args)

async def handler(url):
    return await offload(requests.get(url))  # FSA102
""",
    ),
    case(
        "own-helper-with-result-used",
        """
import asyncio
import requests

async def offload(fn, *args):
    return await asyncio.to_thread(fn, *args)

async def handler(url):
    response = await offload(lambda: requests.get(url, stream=True))
    return response.content  # FSA102
""",
    ),
    case(
        "own-decorator",
        """
import asyncio
import functools
import requests

def in_thread(fn):
    @functools.wraps(fn)
    async def wrapper(*args, **kwargs):
        return await asyncio.to_thread(fn, *args, **kwargs)
    return wrapper

@in_thread
def fetch(url):
    return requests.get(url)

async def handler(url):
    return await fetch(url)
""",
    ),
    case(
        "own-decorator-sync-wrapper",
        """
import asyncio
import functools
import requests

def in_executor(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return asyncio.get_running_loop().run_in_executor(None, fn, *args)
    return wrapper

@in_executor
def fetch(url):
    return requests.get(url)

async def handler(url):
    return await fetch(url)
""",
    ),
    case(
        "own-decorator-with-arguments",
        """
import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
import requests

pool = ThreadPoolExecutor()

def in_pool(executor=None):
    def decorate(fn):
        @functools.wraps(fn)
        async def wrapper(*args):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(executor, lambda: fn(*args))
        return wrapper
    return decorate

@in_pool(pool)
def fetch(url):
    return requests.get(url)

async def handler(url):
    return await fetch(url)
""",
    ),
    case(
        "own-decorator-on-method",
        """
import asyncio
import functools
import sqlite3

def in_thread(fn):
    @functools.wraps(fn)
    async def wrapper(self, *args):
        return await asyncio.to_thread(fn, self, *args)
    return wrapper

class Store:
    def __init__(self):
        self.db = sqlite3.connect("x.db")

    @in_thread
    def load(self):
        return self.db.execute("select 1").fetchall()

async def handler(store: Store):
    return await store.load()
""",
    ),
    case(
        "own-method-helper",
        """
import asyncio
import boto3

class Store:
    def __init__(self):
        self.s3 = boto3.client("s3")

    async def _run(self, fn, **kwargs):
        return await asyncio.to_thread(fn, **kwargs)

    async def get(self, key):
        return await self._run(self.s3.get_object, Bucket="b", Key=key)
""",
    ),
    case(
        "own-facade",
        """
import asyncio
import redis

class AsyncCache:
    def __init__(self):
        self._client = redis.Redis()

    def _call(self, name, *args):
        return asyncio.to_thread(getattr(self._client, name), *args)

    async def get(self, key):
        return await self._call("get", key)
""",
    ),
    case(
        "dynamic-facade",
        """
import asyncio
import redis

class Facade:
    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        target = getattr(self._inner, name)

        async def call(*args, **kwargs):
            return await asyncio.to_thread(target, *args, **kwargs)

        return call

cache = Facade(redis.Redis())

async def handler(key):
    return await cache.get(key)
""",
    ),
    case(
        "maybe-async-helper",
        """
import asyncio
import inspect
import requests

async def call(fn, *args):
    if inspect.iscoroutinefunction(fn):
        return await fn(*args)
    return await asyncio.to_thread(fn, *args)

async def handler(url):
    return await call(requests.get, url)
""",
    ),
    case(
        "maybe-async-helper-that-blocks",
        """
import asyncio
import time

async def call(fn, *args):
    if asyncio.iscoroutinefunction(fn):
        return await fn(*args)
    return fn(*args)  # FSA101

def slow():
    time.sleep(1)

async def handler():
    return await call(slow)
""",
    ),
    case(
        "maybe-awaitable-result",
        """
import inspect

async def call(fn, *args):
    result = fn(*args)
    if inspect.isawaitable(result):
        result = await result
    return result

async def work():
    return 1

async def handler():
    return await call(work)
""",
    ),
    case(
        "own-executor-class",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import requests

class Runner:
    def __init__(self):
        self._pool = ThreadPoolExecutor(2)

    def submit(self, fn, *args):
        return asyncio.wrap_future(self._pool.submit(fn, *args))

runner = Runner()

async def handler(url):
    return await runner.submit(requests.get, url)
""",
    ),
    case(
        "own-queue-worker",
        """
import queue
import threading
import requests

jobs = queue.Queue()

def worker():
    while True:
        url = jobs.get()
        requests.get(url)

threading.Thread(target=worker, daemon=True).start()

async def handler(url):
    jobs.put(url)
""",
    ),
    case(
        "offload-helper-in-other-argument-order",
        """
import asyncio
import time

async def later(seconds, fn):
    await asyncio.sleep(seconds)
    await asyncio.to_thread(fn)

def slow():
    time.sleep(1)

async def handler():
    await later(3, slow)
    await later(seconds=3, fn=slow)
""",
    ),
    case(
        "settings-do-not-matter-for-wrapped-class",
        """
import asyncio
import requests

class Api:
    def _fetch(self, url):
        return requests.get(url).json()

    async def fetch(self, url):
        return await asyncio.to_thread(self._fetch, url)

async def handler(url):
    return await Api().fetch(url)
""",
    ),
]

AWAITED = [
    case(
        "coroutine-factory",
        """
import httpx

client = httpx.AsyncClient()

def load(url):
    return client.get(url)

async def handler(url):
    return (await load(url)).json()
""",
    ),
    case(
        "factory-that-blocks-first",
        """
import time
import httpx

client = httpx.AsyncClient()

def load(url):
    time.sleep(1)
    return client.get(url)

async def handler(url):
    return await load(url)  # FSA101
""",
    ),
    case(
        "wait-for-coroutine",
        """
import asyncio
import requests

async def load(url):
    return requests.get(url)  # FSA102

async def handler(url):
    return await asyncio.wait_for(load(url), 3)
""",
    ),
    case(
        "wait-for-queue-get-is-clean",
        """
import asyncio

async def handler(queue: asyncio.Queue):
    return await asyncio.wait_for(queue.get(), timeout=1)
""",
    ),
    case(
        "gather-of-async-clients",
        """
import asyncio
import redis.asyncio as redis

client = redis.Redis()

async def handler(keys):
    return await asyncio.gather(*[client.get(k) for k in keys])
""",
    ),
    case(
        "create-task-of-async-client",
        """
import asyncio
import redis.asyncio as redis

client = redis.Redis()

async def handler(key):
    task = asyncio.create_task(client.get(key))
    return await task
""",
    ),
    case(
        "task-result-is-clean",
        """
import asyncio

async def work():
    return 1

async def handler():
    done, pending = await asyncio.wait([asyncio.create_task(work())])
    return [task.result() for task in done]
""",
    ),
    case(
        "create-task-of-blocking-coroutine",
        """
import asyncio
import time

async def beat():
    while True:
        time.sleep(1)  # FSA101
        await asyncio.sleep(0)

async def handler():
    task = asyncio.create_task(beat())
    await task
""",
    ),
    case(
        "awaitable-kept",
        """
import httpx

client = httpx.AsyncClient()

async def handler(url):
    pending = client.get(url)
    return await pending
""",
    ),
    case(
        "sync-call-then-awaited-value",
        """
import redis
from redis.asyncio import Redis

async def handler(key, client: Redis):
    return await client.get(key)
""",
    ),
    case(
        "union-of-sync-and-async-client-awaited",
        """
import redis
import redis.asyncio

async def handler(key, client: redis.Redis | redis.asyncio.Redis):
    return await client.get(key)
""",
    ),
    case(
        "run-inside-coroutine",
        """
import asyncio

async def work():
    return 1

async def handler():
    asyncio.run(work())  # FSA201

async def other():
    asyncio.new_event_loop().run_until_complete(work())  # FSA201
""",
    ),
    case(
        "run-inside-helper",
        """
import asyncio

async def work():
    return 1

def sync_work():
    return asyncio.run(work())

async def handler():
    return sync_work()  # FSA201
""",
    ),
    case(
        "threadsafe-result-on-loop",
        """
import asyncio

async def work():
    return 1

async def handler(loop):
    return asyncio.run_coroutine_threadsafe(work(), loop).result()  # FSA108
""",
    ),
    case(
        "awaited-by-mistake",
        """
import asyncio
import time
from requests import get

async def handler(url, urls, wait=time.sleep):
    await time.sleep(1)  # FSA101
    await asyncio.gather(*[get(url) for url in urls])  # FSA102
    await wait(1)
    await get  # nothing is called
""",
    ),
    case(
        "anyio-path-and-aiofiles",
        """
import aiofiles
import anyio

async def handler(path):
    async with aiofiles.open(path) as handle:
        await handle.read()
        async for line in handle:
            print(line)
    await anyio.Path(path).read_text()
    async with await anyio.open_file(path, "w") as out:
        await out.write("x")
""",
    ),
    case(
        "awaited-but-promises-an-object-of-ours",
        """
import sqlite3
from typing import Optional

class Row: ...

class Later:
    def __await__(self):
        yield

class Plain:
    def load(self, key) -> Optional[Row]:
        sqlite3.connect("x").execute("y")
        return Row()

def later() -> Later:
    sqlite3.connect("x").execute("y")
    return Later()

def unsaid():
    sqlite3.connect("x").execute("y")
    return Later()

async def handler(store: Plain):
    await store.load("k")
    await later()  # FSA103
    await unsaid()  # FSA103
    store.load("k")  # FSA103
""",
    ),
]


@pytest.mark.parametrize("program", THREADS)
def test_threads(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", OWN)
def test_own_offloaders(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", AWAITED)
def test_awaitables(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
