"""Arguments and branches that keep a call from blocking."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Severity
from fastasync_lint.settings import Settings

from .programs import case, check, write

ARGUMENTS = [
    case(
        "descriptors-that-do-not-block",
        """
import asyncio
import socket
import ssl
import time

async def receive(sock: socket.socket, tls: ssl.SSLSocket):
    loop = asyncio.get_running_loop()
    while True:
        try:
            return sock.recv(4096)
        except (BlockingIOError, InterruptedError):
            await asyncio.sleep(0)
        try:
            tls.recv(10)
        except ssl.SSLWantReadError:
            pass
        try:
            sock.send(b"")
            time.sleep(1)  # FSA101
        except BlockingIOError:
            sock.recv(1)  # FSA106
        try:
            sock.recv(1)  # FSA106
        except OSError:
            pass
""",
    ),
    case(
        "which-thread-asks",
        """
import asyncio
import threading
class App:
    def __init__(self):
        self.main_thread_id = threading.get_ident()
        self.loop = asyncio.get_event_loop()
    def by_local_name(self, coro):
        in_main = self.main_thread_id == threading.current_thread().ident
        if in_main:
            return asyncio.create_task(coro)
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()
    def otherwise(self, coro):
        if threading.get_ident() != self._loop_thread_id:
            return asyncio.run_coroutine_threadsafe(coro, self.loop).result()
        return asyncio.ensure_future(coro)
    def main_thread(self, coro):
        if threading.current_thread() is threading.main_thread():
            return asyncio.ensure_future(coro)
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()
    def running_loop(self, coro):
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self.loop:
            return asyncio.ensure_future(coro)
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()
    def worker(self, coro):
        if threading.current_thread() is self.worker_thread:
            return None
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()
async def work(): ...
async def handler(app: App):
    app.by_local_name(work())
    app.otherwise(work())
    app.main_thread(work())
    app.running_loop(work())
    app.worker(work())  # FSA108
""",
    ),
    case(
        "found-ready-by-a-selector",
        """
import select
import socket
class Connection:
    def __init__(self):
        self.sock = socket.create_connection(("a", 1))
    def receive(self):
        return self.sock.recv(10)
class Proxy:
    def __init__(self, upstream: Connection):
        self.upstream = upstream
    def log(self):
        self.other.recv(1)
    async def work(self, readable, writable):
        if self.upstream.sock.fileno() in readable:
            self.upstream.receive()
            self.upstream.sock.recv(1)
        self.upstream.receive()  # FSA106
        if self.upstream.sock in writable and self.keen:
            self.upstream.sock.send(b"")
async def wait(sock: socket.socket):
    readable, _, _ = select.select([sock], [], [], 0)
    if sock in readable:
        sock.recv(10)
    sock.recv(10)  # FSA106
""",
    ),
    case(
        "coroutine-functions-told-apart",
        """
import asyncio
import inspect
import time
class Plugin:
    def stop(self): ...
class Waits(Plugin):
    async def stop(self): await asyncio.sleep(1)
class Sleeps(Plugin):
    def stop(self): time.sleep(1)
class SleepsToo(Plugin):
    def stop(self): time.sleep(1)
async def handler(plugin: Plugin):
    stop = plugin.stop
    if inspect.iscoroutinefunction(stop):
        await stop()
    else:
        stop()  # FSA101
    if asyncio.iscoroutinefunction(plugin.stop):
        await plugin.stop()
    else:
        plugin.stop()  # FSA101
""",
    ),
    case(
        "switches-of-a-function-with-many-callers",
        """
import asyncio
import requests
def execute(first, second=None, quiet=False):
    if not quiet:
        requests.get("https://x.example")
class A: ...
class B: ...
class C: ...
class D: ...
async def many(a: A, b: B, c: C, d: D):
    for one in (A(), B()):
        execute(A(), B(), quiet=True)
    execute(A(), C(), quiet=True)
    execute(A(), D(), quiet=True)
    execute(B(), A(), quiet=True)
    execute(B(), C(), quiet=True)
    execute(B(), D(), quiet=True)
    execute(C(), A(), quiet=True)
    execute(C(), B(), quiet=True)
    execute(C(), D(), quiet=True)
    execute(D(), A(), quiet=True)
    execute(D(), B(), quiet=True)
    execute(D(), C(), quiet=True)
    execute(D(), D(), quiet=True)
    execute(C(), C(), quiet=True)
    execute(B(), B(), quiet=True)
    execute(B(), B())  # FSA102
""",
    ),
    case(
        "queue",
        """
import queue

jobs = queue.Queue()

async def handler():
    jobs.get()  # FSA108
    jobs.get(True)  # FSA108
    jobs.get(timeout=5)  # FSA108
    jobs.get(block=True)  # FSA108
    jobs.get(block=False)
    jobs.get(False)
    jobs.get(timeout=0)
    jobs.get(True, 0)
    jobs.get_nowait()
    jobs.put(1)
    jobs.put_nowait(1)
    jobs.join()  # FSA108
""",
    ),
    case(
        "bounded-queue",
        """
import queue

jobs = queue.Queue(maxsize=10)

async def handler():
    jobs.put(1)  # FSA108
    jobs.put(1, block=False)
    jobs.put(1, False)
    jobs.put(1, timeout=0)
    jobs.put_nowait(1)
""",
    ),
    case(
        "lock-acquire",
        """
import threading

lock = threading.Lock()

async def handler():
    lock.acquire()  # FSA108
    lock.acquire(timeout=3)  # FSA108
    lock.acquire(blocking=False)
    lock.acquire(False)
    lock.acquire(timeout=0)
    lock.release()
""",
    ),
    case(
        "event-and-condition",
        """
import threading

event = threading.Event()
condition = threading.Condition()

async def handler():
    event.wait()  # FSA108
    event.wait(3)  # FSA108
    event.wait(0)
    event.wait(timeout=0)
    event.is_set()
    event.set()
    condition.wait()  # FSA108
    condition.wait(timeout=0)
    condition.notify_all()
""",
    ),
    case(
        "join-and-result",
        """
import threading
from concurrent.futures import Future

async def handler(thread: threading.Thread, future: Future):
    thread.join()  # FSA108
    thread.join(3)  # FSA108
    thread.join(0)
    thread.join(timeout=0)
    future.result()  # FSA108
    future.result(timeout=3)  # FSA108
    future.result(0)
    future.result(timeout=0)
    future.done()
""",
    ),
    case(
        "result-after-done",
        """
from concurrent.futures import Future

async def handler(future: Future):
    if future.done():
        return future.result()
    return None
""",
    ),
    case(
        "sleep-zero",
        """
import time

async def handler():
    time.sleep(0)
    time.sleep(0.1)  # FSA101
""",
    ),
    case(
        "select",
        """
import select

async def handler(fds):
    select.select(fds, [], [])  # FSA106
    select.select(fds, [], [], 0)
""",
    ),
    case(
        "in-memory-database",
        """
import sqlite3

async def handler():
    db = sqlite3.connect(":memory:")
    return db.execute("select 1").fetchall()
""",
    ),
    case(
        "in-memory-zip",
        """
import io
import zipfile

async def handler(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("a.txt"), archive.namelist()
""",
    ),
    case(
        "zip-on-disk",
        """
import zipfile

async def handler(path):
    with zipfile.ZipFile(path) as archive:  # FSA104
        archive.extractall("/tmp")  # FSA104
""",
    ),
    case(
        "in-memory-zip-named",
        """
import zipfile
from io import BytesIO

async def handler(data):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, mode="w") as archive:
        archive.writestr("a.txt", data)
    return buffer.getvalue()
""",
    ),
    case(
        "in-memory-zip-through-helper",
        """
import io
import zipfile

def pack(target, data):
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", data)

async def memory(data):
    buffer = io.BytesIO()
    pack(buffer, data)
    return buffer.getvalue()

async def disk(data):
    pack("/tmp/a.zip", data)  # FSA104
""",
    ),
    case(
        "in-memory-tar-and-gzip",
        """
import gzip
import io
import tarfile

async def handler(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.getnames()
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as handle:
        return handle.read()
""",
    ),
    case(
        "in-memory-files",
        """
import io

async def handler(data):
    handle = io.BytesIO(data)
    text = io.StringIO()
    text.write("x")
    return handle.read(), text.getvalue()
""",
    ),
    case(
        "file-parameter-memory-and-disk",
        """
import io

def read(handle):
    return handle.read()

async def memory(data):
    return read(io.BytesIO(data))

async def disk(path):
    with open(path) as handle:  # FSA104
        return read(handle)  # FSA104
""",
    ),
    case(
        "pandas-in-memory",
        """
import io
import pandas as pd

async def memory(text):
    return pd.read_csv(io.StringIO(text))  # FSA110

async def disk(path):
    return pd.read_csv(path)  # FSA104
""",
    ),
    case(
        "image-in-memory",
        """
import io
from PIL import Image

async def disk(path):
    return Image.open(path)  # FSA104
""",
    ),
    case(
        "popen-poll",
        """
import subprocess

async def handler(process: subprocess.Popen):
    process.poll()
    process.terminate()
    process.wait()  # FSA105
    process.communicate()  # FSA105
""",
    ),
    case(
        "udp-connect",
        """
import socket

async def handler():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("10.0.0.1", 1))
    return sock.getsockname()

async def stream(host):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, 1))  # FSA106
""",
    ),
    case(
        "non-blocking-socket",
        """
import asyncio
import socket

async def handler(host):
    sock = socket.socket()
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, (host, 1))
    await asyncio.get_running_loop().sock_sendall(sock, b"x")
""",
    ),
    case(
        "default-of-own-parameter",
        """
import threading

lock = threading.Lock()

def take(wait=True):
    if wait:
        lock.acquire()

async def waits():
    take()  # FSA108

async def tries():
    take(wait=False)
""",
    ),
    case(
        "flag-forwarded",
        """
import time

def pause(real=False):
    if not real:
        return
    time.sleep(1)

async def harmless():
    pause()

async def blocking():
    pause(real=True)  # FSA101
""",
    ),
    case(
        "optional-session-given-or-not",
        """
import requests

def load(url, session=None):
    if session is not None:
        return session.get(url)
    return None

async def nothing(url):
    return load(url)

async def given(url):
    return load(url, requests.Session())  # FSA102
""",
    ),
    case(
        "flag-taken-back-is-no-singleton",
        """
class Store:
    def __init__(self, path):
        self.path = path
        self.stale = False
        self.index = None

    def read(self):
        with open(self.path) as file:
            return file.read()

    async def save(self):
        if self.stale:
            self.index = None
            self.stale = False
            return
        self.read()  # FSA104
        self.stale = False

    async def load(self):
        if self.index is not None:
            return self.index
        self.index = self.read()
        return self.index
""",
    ),
]

BRANCHES = [
    case(
        "version-of-python-in-use",
        """
import sys
import time
if sys.version_info >= (3, 8):
    def wait(): ...
else:
    def wait():
        time.sleep(1)
if sys.version_info[:2] < (3, 9):
    from time import sleep as pause
else:
    from asyncio import sleep as pause
async def handler():
    wait()
    await pause(1)
    if sys.version_info < (3, 7, 2):
        time.sleep(1)
    if sys.version_info < (3, 14):
        time.sleep(1)  # FSA101
    if sys.version_info >= (3,):
        time.sleep(1)  # FSA101
    if sys.version_info >= "3" or sys.version_info == (3, 8):
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "running-loop-probe",
        """
import asyncio
import requests

def load(url):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return requests.get(url)
    return None

async def handler(url):
    return load(url)
""",
    ),
    case(
        "running-loop-probe-run",
        """
import asyncio

async def work():
    return 1

def run():
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    return loop.create_task(work())

async def handler():
    return await run()
""",
    ),
    case(
        "running-loop-probe-none",
        """
import asyncio
import time

def pause():
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        time.sleep(1)

async def handler():
    pause()
""",
    ),
    case(
        "running-loop-is-running",
        """
import asyncio
import time

def pause():
    loop = asyncio.get_event_loop()
    if not loop.is_running():
        time.sleep(1)

async def handler():
    pause()
""",
    ),
    case(
        "type-checking-branch",
        """
from typing import TYPE_CHECKING
import requests

async def handler(url):
    if TYPE_CHECKING:
        requests.get(url)
""",
    ),
    case(
        "main-guard",
        """
import time

async def handler():
    return 1

def main():
    time.sleep(1)

if __name__ == "__main__":
    main()
""",
    ),
    case(
        "if-false",
        """
import time

async def handler():
    if False:
        time.sleep(1)
    while False:
        time.sleep(1)
""",
    ),
    case(
        "unreachable-after-return",
        """
import time

async def handler():
    return 1
    time.sleep(1)
""",
    ),
    case(
        "unreachable-after-raise",
        """
import time

async def handler():
    raise NotImplementedError
    time.sleep(1)
""",
    ),
    case(
        "constant-debug-flag-unknown",
        """
import os
import time

DEBUG = os.environ.get("DEBUG")

async def handler():
    if DEBUG:
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "constant-flags",
        """
import time
import config
from config import VERBOSE

TESTING = False
MODE = "production"
CLIENT = None
STARTED = False
try:
    import orjson
    FAST = True
except ImportError:
    FAST = False

def start():
    global STARTED
    STARTED = True

class Service:
    is_slow = False
    is_open = False
    def open(self):
        self.is_open = True
    async def run(self):
        if self.is_slow:
            time.sleep(1)
        if self.is_open:
            time.sleep(1)  # FSA101

async def clean():
    if TESTING:
        time.sleep(1)
    if VERBOSE or config.VERBOSE:
        time.sleep(1)
    if MODE == "development":
        time.sleep(1)

async def blocking():
    if not TESTING:
        time.sleep(1)  # FSA101
    if MODE == "production":
        time.sleep(1)  # FSA101
    if CLIENT is None:
        time.sleep(1)  # FSA101
    if CLIENT:
        time.sleep(1)  # FSA101
    if STARTED:
        time.sleep(1)  # FSA101
    if FAST:
        time.sleep(1)  # FSA101
    if config.QUIET:
        time.sleep(1)  # FSA101
# file: config.py
VERBOSE = False
QUIET = False
# file: start.py
import config
config.QUIET = True
# file: options.py
import time
class Options:
    is_slow = False
    def __init__(self, **options):
        self.__dict__.update(options)
    async def run(self):
        if self.is_slow:
            time.sleep(1)  # FSA101
""",
    ),
    case(
        "isinstance-narrowing",
        """
import httpx
import requests

async def handler(client: requests.Session | httpx.AsyncClient, url):
    if isinstance(client, httpx.AsyncClient):
        return await client.get(url)
    return client.get(url)  # FSA102
""",
    ),
    case(
        "isinstance-tuple",
        """
import httpx
import requests

async def handler(thing, url):
    if isinstance(thing, (requests.Session, httpx.Client)):
        thing.get(url)  # FSA102
""",
    ),
    case(
        "assert-narrowing",
        """
import requests

async def handler(client, url):
    assert isinstance(client, requests.Session)
    return client.get(url)  # FSA102
""",
    ),
    case(
        "negative-isinstance",
        """
import requests

async def handler(client, url):
    if not isinstance(client, requests.Session):
        raise TypeError
    return client.get(url)  # FSA102
""",
    ),
    case(
        "none-check-early-return",
        """
from typing import Optional
import redis

async def handler(key, client: Optional[redis.Redis]):
    if client is None:
        return None
    return client.get(key)  # FSA103
""",
    ),
    case(
        "none-attribute-check",
        """
import redis

class Cache:
    def __init__(self, client: redis.Redis | None):
        self.client = client

    async def get(self, key):
        if not self.client:
            return None
        return self.client.get(key)  # FSA103
""",
    ),
    case(
        "iscoroutinefunction-narrowing",
        """
import inspect
import time

def slow():
    time.sleep(1)

async def call(fn):
    if not inspect.iscoroutinefunction(fn):
        return None
    return await fn()

async def handler():
    return await call(slow)
""",
    ),
    case(
        "hasattr-is-no-proof",
        """
import redis

async def handler(key, client: redis.Redis):
    if hasattr(client, "aget"):
        return None
    return client.get(key)  # FSA103
""",
    ),
    case(
        "try-import-fallback",
        """
try:
    import ujson as json
except ImportError:
    import json
import time

try:
    from fast import pause
except ImportError:
    def pause():
        time.sleep(1)

async def handler():
    pause()  # FSA101
""",
    ),
    case(
        "contended-lock",
        """
import threading
import time

lock = threading.Lock()

def worker():
    with lock:
        time.sleep(5)

threading.Thread(target=worker).start()

async def handler():
    with lock:  # FSA108
        return 1
""",
    ),
    case(
        "contended-lock-on-self",
        """
import asyncio
import threading
import requests

class Store:
    def __init__(self):
        self._lock = threading.Lock()

    def refresh(self):
        with self._lock:
            requests.get("https://x.example")

    async def start(self):
        await asyncio.to_thread(self.refresh)

    async def get(self):
        with self._lock:  # FSA108
            return 1
""",
    ),
    case(
        "lock-of-a-new-object",
        """
import asyncio
import requests
import threading
import time

class Database:
    def __init__(self):
        self.lock = threading.RLock()
        self.profile = self.find()
        with self.lock:
            self.ready = True
    def find(self):
        with self.lock:
            return self.first()
    def first(self):
        return 1
    def slow(self):
        with self.lock:
            time.sleep(1)

class Remote(Database):
    def __init__(self):
        super().__init__()
        self.connect()
    def connect(self):
        with self.lock:
            self.ask()
    def ask(self):
        requests.get("https://x.example")

async def handler():
    database = Database()
    await asyncio.to_thread(database.slow)
    database.find()  # FSA108
    Remote()  # FSA102
""",
    ),
    case(
        "lock-that-only-the-loop-takes",
        """
import threading
import time

class Monitor:
    def __init__(self):
        self._lock = threading.RLock()

    def count(self):
        with self._lock:
            return 1

    def stop(self):
        with self._lock:
            self._join()

    def _join(self):
        time.sleep(1)

async def handler():
    monitor = Monitor()
    monitor.count()
    monitor.stop()  # FSA101
""",
    ),
    case(
        "short-lock-is-clean",
        """
import threading

lock = threading.Lock()
state = {}

def put(key, value):
    with lock:
        state[key] = value

async def handler(key):
    with lock:
        return state.get(key)
""",
    ),
    case(
        "asyncio-lock-is-clean",
        """
import asyncio
import time

lock = asyncio.Lock()

async def handler():
    async with lock:
        await asyncio.sleep(1)
    await lock.acquire()
    lock.release()
""",
    ),
    case(
        "busy-loops",
        """
import time

async def clock(deadline):
    while time.time() < deadline:  # FSA111
        pass

async def flag(state):
    done = False
    while not done:  # FSA111
        pass

async def clock_and_flag(job, deadline):
    while not job.done and time.monotonic() < deadline:  # FSA111
        pass

async def clock_inside(job, deadline):
    while True:  # FSA111
        if job.done:
            return job
        if time.monotonic() > deadline:
            raise TimeoutError

class Waiter:
    def __init__(self):
        self.ready = False

    async def wait(self):
        while not self.ready:  # FSA111
            pass

async def goes_on_when_empty(queue, deadline):
    while time.time() < deadline:  # FSA111
        try:
            queue.get_nowait()
        except Exception:
            continue

async def sleeps_for_no_time(deadline):
    while time.time() < deadline:  # FSA111
        time.sleep(0)
""",
    ),
    case(
        "loops-that-sleep",
        """
import time

async def here(deadline):
    while time.time() < deadline:
        time.sleep(0.1)  # FSA101

async def in_another(deadline):
    while time.time() < deadline:
        pause()  # FSA101

async def nested(deadline, items):
    while items:
        while time.time() < deadline:
            time.sleep(0.1)  # FSA101

async def sleeps_around(deadline):
    time.sleep(1)  # FSA101
    while time.time() < deadline:  # FSA111
        pass

def pause():
    time.sleep(0.1)

def stop(status):
    start = time.perf_counter()
    while (time.perf_counter() - start) < 8:
        if status():
            return
        time.sleep(0.5)

async def handler():
    stop(lambda: False)  # FSA101
""",
    ),
    case(
        "loops-that-are-not-busy",
        """
import asyncio
import time

async def polls(deadline):
    while time.time() < deadline:
        await asyncio.sleep(0.1)

async def polls_for_ever(job, deadline):
    while True:
        if time.time() > deadline:
            break
        await asyncio.sleep(0.1)

async def drops_old(items, oldest):
    while True:
        if not items or items[0] > oldest:
            break
        items.pop(0)

async def drains(items):
    while items:
        items.pop()

async def counts():
    n = 0
    while n < 10:
        n += 1
    return n

async def searches(node):
    while node is not None:
        node = node.parent

async def reads(queue):
    while not queue.empty():
        queue.get_nowait()

async def reads_for_a_while(queue: asyncio.Queue):
    updates = [await queue.get()]
    deadline = time.time() + 0.05
    while time.time() < deadline and len(updates) < 10:
        try:
            updates.append(queue.get_nowait())
        except asyncio.QueueEmpty:
            break
    return updates

class Buffer:
    def __init__(self):
        self.parts = []
        self.due = []

    async def add(self, part, longest):
        while self.parts and self.parts[0][0] < time.monotonic() - longest:
            self.parts.pop(0)
        while self.parts and self.parts[0][0] < time.monotonic():
            del self.parts[0]
        while True:
            if not self.due or self.due[0] > time.time():
                break
            heapq.heappop(self.due)
""",
    ),
    case(
        "switch-that-is-handed-on",
        """
import requests

def content(image, *, inline=False):
    return [part(image, inline)]

def part(image, inline):
    if not inline:
        return image.url
    return requests.get(image.url)

async def handler(image, settings):
    content(image)
    content(image, inline=True)  # FSA102
    content(image, inline=settings.inline)  # FSA102
""",
    ),
    case(
        "what-has-ended-is-not-waited-for",
        """
import asyncio
import subprocess
from concurrent.futures import Future

class Build:
    def __init__(self, process: subprocess.Popen):
        self.process = process

    async def finish(self):
        self.process.communicate()  # FSA105
        return self.process.wait()

async def run(command, job: Future):
    process = subprocess.Popen(command)  # FSA105
    other = subprocess.Popen(command)  # FSA105
    try:
        process.communicate(timeout=5)  # FSA105
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()  # FSA105
    process.wait()
    other.wait()  # FSA105
    with subprocess.Popen(command) as third:  # FSA105
        third.communicate()  # FSA105
    with subprocess.Popen(command) as fourth:  # FSA105
        print(fourth.pid)
    job.set_exception(ValueError())
    job.exception()
    job.result()

async def join(job: Future, other: Future):
    await asyncio.wrap_future(job)
    later = asyncio.wrap_future(other)
    other.result()  # FSA108
    return job.result(), later
""",
    ),
    case(
        "cpu-bound",
        """
import hashlib
import bcrypt

async def handler(password: bytes, salt: bytes):
    bcrypt.checkpw(password, salt)  # FSA110
    hashlib.pbkdf2_hmac("sha256", password, salt, 600000)  # FSA110
    hashlib.scrypt(password, salt=salt, n=2, r=8, p=1)  # FSA110
    return hashlib.sha256(password).hexdigest()
""",
    ),
    case(
        "cpu-bound-hashers",
        """
from argon2 import PasswordHasher
from passlib.context import CryptContext
from pwdlib import PasswordHash

crypt = CryptContext(schemes=["bcrypt"])
argon = PasswordHasher()
pwd = PasswordHash.recommended()

async def handler(password, digest):
    crypt.verify(password, digest)  # FSA110
    argon.verify(digest, password)  # FSA110
    return pwd.hash(password)  # FSA110
""",
    ),
]


@pytest.mark.parametrize("program", ARGUMENTS)
def test_arguments(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", BRANCHES)
def test_branches(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def test_what_stands_before_the_end_of_the_program_is_one_severity_lower(tmp_path: Path) -> None:
    text = """
import os
import sys
import time

async def main(version: bool, failed: bool):
    if version:
        time.sleep(1)
        sys.exit(0)
        time.sleep(2)
    if failed:
        time.sleep(3)
        return
    else:
        time.sleep(4)
        os._exit(1)
    time.sleep(5)

async def other(work):
    try:
        work()
    except OSError:
        time.sleep(6)
        sys.exit(1)
    except ValueError:
        time.sleep(7)
"""
    analysis = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False)
    found = [(hit.location.row, hit.severity) for hit in analysis.hits]
    ending = [(23, Severity.WARNING), (26, Severity.ERROR)]
    assert found == [(8, Severity.WARNING), (12, Severity.ERROR), (15, Severity.WARNING), *ending]


@pytest.mark.parametrize(
    ("other", "severity"),
    [
        ("threading.Thread(target=slow).start()\n", Severity.ERROR),
        ("def start():\n    threading.Thread(target=outer).start()\n\ndef outer():\n    slow()\n", Severity.ERROR),
        ('@app.get("/slow")\ndef read():\n    slow()\n', Severity.ERROR),
        ("@app.get('/slow')\ndef read(given=Depends(slow)):\n    return given\n", Severity.ERROR),
        ("def main():\n    slow()\n", Severity.WARNING),
        ("", Severity.WARNING),
        ("async def other():\n    slow()\n", None),
    ],
    ids=["thread", "caller-in-a-thread", "def-endpoint", "dependency", "caller-unknown", "nothing-known", "loop"],
)
def test_a_lock_is_an_error_where_a_thread_holds_it(tmp_path: Path, other: str, severity: Severity | None) -> None:
    text = f"""
import threading
import time
from fastapi import Depends, FastAPI

app = FastAPI()
lock = threading.Lock()

def slow():
    with lock:
        time.sleep(1)

{other}
async def handler():
    with lock:
        return 1
"""
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits if hit.sink == "threading.Lock"] == ([severity] if severity else [])


def test_a_connection_to_the_machine_itself_is_a_warning(tmp_path: Path) -> None:
    text = """
import socket

async def is_free(host: str, port: int):
    with socket.socket() as sock:
        sock.connect_ex((host, port))
        sock.connect_ex(("127.0.0.1", port))
        socket.create_connection(("localhost", port))
        socket.create_connection(("example.org", port))
"""
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    found = [hit.severity for hit in hits]
    assert found == [Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.ERROR]


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        ("queue.Queue().get(timeout=0.1)", Severity.WARNING),
        ("queue.Queue().get(timeout=5)", Severity.ERROR),
        ("queue.Queue().get()", Severity.ERROR),
        ("queue.Queue().get(True, 0.05)", Severity.WARNING),
        ("queue.Queue(3).put(1, True, 0.05)", Severity.WARNING),
        ("queue.Queue(3).put(0.05)", Severity.ERROR),
        ("threading.Thread(target=print).join(0.05)", Severity.WARNING),
        ("threading.Event().wait(0.05 if given else 5)", Severity.ERROR),
        ("threading.Event().wait(given)", Severity.ERROR),
        ("threading.Semaphore().acquire(timeout=-1)", Severity.ERROR),
        ("threading.Lock().acquire(True, 0.1)", Severity.WARNING),
        ("concurrent.futures.wait(given, 0.05)", Severity.WARNING),
        ("concurrent.futures.ThreadPoolExecutor().submit(print).result(0.05)", Severity.WARNING),
        ("select.select([given], [], [], 0.01)", Severity.WARNING),
        ("select.select([given], [], [], 1)", Severity.ERROR),
        ("selectors.DefaultSelector().select(0.01)", Severity.WARNING),
        ("select.poll().poll(50)", Severity.ERROR),
        ("multiprocessing.Pipe()[0].poll(0.01)", Severity.WARNING),
        ("multiprocessing.Lock().acquire(True, 0.05)", Severity.WARNING),
        ("psutil.cpu_percent(interval=0.05)", Severity.WARNING),
        ("psutil.cpu_percent(0.5)", Severity.ERROR),
    ],
)
def test_a_wait_of_a_moment_is_a_warning(call: str, severity: Severity, tmp_path: Path) -> None:
    modules = "concurrent.futures, multiprocessing, psutil, queue, select, selectors, threading"
    text = f"import {modules}\n\nasync def take(given):\n    return {call}\n"
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [severity]


def test_what_is_kept_is_one_severity_lower_where_the_caller_does_not_refresh_it(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("""
import requests

KEYS = None

def keys(refresh=False):
    global KEYS
    if KEYS is None or refresh:
        KEYS = requests.get("https://example.org/keys").json()
    return KEYS

async def handler():
    keys(refresh=True)
    keys()
    keys(refresh=False)
""")
    hits = analyse(tmp_path, [tmp_path / "main.py"], None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


KEPT_AS_LONG_AS = """
import requests

KEYS = None

def keys(refresh=False):
    global KEYS
    if {condition}:
        return KEYS
    KEYS = requests.get("https://example.org/keys").json()
    return KEYS

async def handler():
    keys()
"""


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        ("KEYS is not None and not refresh", Severity.WARNING),
        ("KEYS and KEYS.is_open", Severity.WARNING),
        ("KEYS is None and not refresh", Severity.ERROR),
        ("refresh and KEYS is not None", Severity.ERROR),
    ],
)
def test_what_is_kept_as_long_as_something_holds_is_one_severity_lower(
    tmp_path: Path, condition: str, severity: Severity
) -> None:
    text = KEPT_AS_LONG_AS.format(condition=condition)
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [severity]


def test_what_a_metaclass_makes_once_is_one_severity_lower(tmp_path: Path) -> None:
    text = """
import requests

class Once(type):
    made = {}

    def __call__(cls, *args, **kwargs):
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*args, **kwargs)
        return cls.made[cls]

class Counted(type):
    def __call__(cls, *args, **kwargs):
        return super().__call__(*args, **kwargs)

class Client(metaclass=Once):
    def __init__(self):
        requests.get("https://example.org")

class Below(Client):
    pass

class Plain(metaclass=Counted):
    def __init__(self):
        requests.get("https://example.org")

async def handler():
    Client()
    Below()
    Plain()
"""
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [Severity.WARNING, Severity.WARNING, Severity.ERROR]


def test_one_of_several_classes_that_blocks_is_a_warning_and_all_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("""
import time

class Memory:
    def load(self):
        return 1

class Near:
    def load(self):
        time.sleep(1)

class Far:
    def load(self):
        time.sleep(2)

class Some:
    def __init__(self, flag):
        self.source = Memory() if flag else Near()

class All:
    def __init__(self, flag):
        self.source = Near() if flag else Far()

async def handler(some: Some, every: All):
    some.source.load()
    every.source.load()
""")
    hits = analyse(tmp_path, [tmp_path / "main.py"], None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [Severity.WARNING, Severity.ERROR]


def test_a_process_is_waited_for_a_moment(tmp_path: Path) -> None:
    text = """
import subprocess

async def stop(process: subprocess.Popen):
    process.wait(0.05)
    process.communicate(None, 0.05)

async def end(process: subprocess.Popen):
    process.wait(timeout=3)
"""
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [Severity.WARNING, Severity.WARNING, Severity.ERROR]
