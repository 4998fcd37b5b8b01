"""What does wait, but not for long: a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROGRAMS = [
    case(
        "killed-process",
        """
import contextlib
import multiprocessing
import subprocess

class Browser:
    def __init__(self):
        self.process = subprocess.Popen(["node"])

    def end(self):
        self.process.kill()
        return self.process.wait()

    async def stop(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
            self.process.wait()  # warning

    async def stop_gently(self):
        self.process.terminate()
        self.process.wait(timeout=3)  # error

    async def at_times(self, now):
        if now:
            self.process.kill()
        self.process.wait()  # error

async def by_name(process: subprocess.Popen, other: subprocess.Popen):
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    with contextlib.suppress(Exception):
        process.wait(timeout=2)  # warning
    other.wait()  # error
    process = other
    process.wait()  # error

async def both_ways(process: subprocess.Popen):
    try:
        process.wait(timeout=5)  # error
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()  # warning

async def by_a_helper(browser: Browser):
    browser.end()  # warning

async def worker(process: multiprocessing.Process):
    process.terminate()
    process.join()  # error
    process.kill()
    process.join()  # warning
""",
    ),
    case(
        "told-to-end",
        """
import asyncio
import threading
import time
import requests

class Polls:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.stopping.is_set():
            self.report()
            self.stopping.wait(10)

    def report(self):
        print("there")

    async def stop(self):
        self.stopping.set()
        self.thread.join()  # warning

    async def wait(self):
        self.thread.join()  # error
        self.stopping.set()

class Loops:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        asyncio.run(self.poll())

    async def poll(self):
        while not self.stopping.is_set():
            await asyncio.sleep(1)

    async def stop(self):
        self.close()  # warning

    def close(self):
        self.stopping.set()
        self.thread.join(timeout=5)

class Asks:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.stopping.wait(10):
            requests.get("x")

    async def stop(self):
        self.stopping.set()
        self.thread.join()  # error

class Sleeps:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.stopping.is_set():
            time.sleep(10)

    async def stop(self):
        self.stopping.set()
        self.thread.join()  # error

class Ignores:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        print("there")

    async def stop(self):
        self.stopping.set()
        self.thread.join()  # error
""",
    ),
    case(
        "told-to-go-on-no-longer",
        """
import threading
import requests

class Runs:
    def __init__(self):
        self.running = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while self.running.is_set():
            print("there")

    async def start(self):
        self.running.set()
        self.thread.start()
        self.thread.join()  # error

    async def stop(self):
        self.running.clear()
        self.thread.join()  # warning

    async def again(self):
        self.running.clear()
        self.running.set()
        self.thread.join()  # error

class Leaves:
    def __init__(self):
        self.running = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while True:
            if not self.running.is_set():
                return
            print("there")

    async def stop(self):
        self.running.clear()
        self.thread.join()  # warning

class Breaks:
    def __init__(self):
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while True:
            if self.stopping.is_set():
                break
            print("there")

    async def stop(self):
        self.stopping.set()
        self.thread.join()  # warning

    async def begin(self):
        self.stopping.clear()
        self.thread.start()
        self.thread.join()  # error

class Listens:
    def __init__(self):
        self.wanted = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while self.wanted.wait():
            print("there")

    async def stop(self):
        self.wanted.clear()
        self.thread.join()  # error

class Fetches:
    def __init__(self):
        self.running = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while self.running.is_set():
            requests.get("x")

    async def stop(self):
        self.running.clear()
        self.thread.join()  # error
""",
    ),
    case(
        "stopped-observer",
        """
import threading
from watchdog.observers import Observer

async def watch(observer: Observer):
    observer.stop()
    observer.join()  # warning

async def forever(observer: Observer):
    observer.join()  # error

async def other(observer: Observer, worker: threading.Thread):
    observer.stop()
    worker.join()  # error
""",
    ),
    case(
        "thread-that-says-it-has-started",
        """
import asyncio
import threading
import time

class Runtime:
    def __init__(self):
        self.ready = threading.Event()
        self.thread = None

    def prepare(self):
        self.loop = asyncio.new_event_loop()

    def start(self):
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.ready.wait()

    def again(self):
        self.ready.wait()

    def run(self):
        self.prepare()
        self.ready.set()
        self.loop.run_forever()

class Model:
    def __init__(self):
        self.ready = threading.Event()

    def start(self):
        threading.Thread(target=self.run).start()
        self.ready.wait()

    def load(self):
        time.sleep(30)

    def run(self):
        self.load()
        self.ready.set()

class Late:
    def __init__(self):
        self.ready = threading.Event()

    def start(self):
        threading.Thread(target=self.run).start()
        self.ready.wait()

    def run(self):
        time.sleep(30)

    def answer(self):
        self.ready.set()

async def local():
    ready = threading.Event()

    def run():
        ready.set()
        time.sleep(30)

    threading.Thread(target=run).start()
    ready.wait()  # warning

async def runtime():
    Runtime().start()  # warning
    Runtime().again()  # error

async def model():
    Model().start()  # error

async def late():
    Late().start()  # error

async def by_its_loop():
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def run():
        loop.call_soon(ready.set)
        loop.run_forever()

    threading.Thread(target=run).start()
    ready.wait()  # warning

async def by_its_loop_later():
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def run():
        time.sleep(30)
        loop.call_soon(ready.set)
        loop.run_forever()

    threading.Thread(target=run).start()
    ready.wait()  # error

async def given(ready: threading.Event):
    threading.Thread(target=ready.set).start()
    ready.wait()  # error
""",
    ),
    case(
        "opened-before-it-is-asked",
        """
import socket
import sqlite3

import pexpect

async def rows(path):
    connection = sqlite3.connect(path)  # warning
    return connection.execute("SELECT 1")  # error

async def open_it(path):
    return sqlite3.connect(path)  # warning

async def shell(command):
    child = pexpect.spawn(command)  # warning
    child.expect("$")  # error

def ask(path):
    with sqlite3.connect(path) as connection:
        connection.execute("SELECT 1")

async def asked(path):
    ask(path)  # error

async def message(connection: socket.socket, data):
    connection.send(b"ping")  # warning
    connection.sendall(data)  # error
""",
    ),
    case(
        "a-future-that-calls-back",
        """
import threading
from concurrent.futures import Future, ThreadPoolExecutor

class Waiting:
    def __init__(self):
        self.lock = threading.Lock()
        self.pool = ThreadPoolExecutor()

    def start(self, work):
        with self.lock:
            future = self.pool.submit(work)
        future.add_done_callback(self.done)

    def done(self, future):
        with self.lock:
            future.result()

class Asking:
    def __init__(self):
        self.lock = threading.Lock()
        self.pool = ThreadPoolExecutor()

    def ask(self, future: Future):
        with self.lock:
            future.result()

    def start(self, work):
        threading.Thread(target=self.ask, args=(self.pool.submit(work),)).start()
        with self.lock:
            pass

waiting = Waiting()
asking = Asking()

async def start():
    waiting.start(print)
    asking.start(print)  # error
""",
    ),
    case(
        "pixels-of-a-new-picture",
        """
from PIL import Image

async def draw(size, path):
    picture = Image.new("RGB", size)
    picture.load()
    picture.resize(size)  # error
    Image.open(path).load()  # error

async def given(picture: Image.Image):
    picture.load()  # error
""",
    ),
    case(
        "kept-in-place-of-what-stands-for-nothing",
        """
import subprocess

_UNSET = object()
_name = _UNSET

def name():
    global _name
    if _name is not _UNSET:
        return _name
    _name = subprocess.check_output(["name"])
    return _name

def other(kept):
    global _name
    if _name is not kept:
        return _name
    _name = subprocess.check_output(["name"])
    return _name

async def handler(kept):
    name()  # warning
    other(kept)  # error
""",
    ),
    case(
        "a-function-that-ends-the-program",
        """
import os
import time

def reset():
    time.sleep(1)
    os._exit(0)

def pause(ends):
    time.sleep(1)
    if ends:
        os._exit(0)

async def handler(ends):
    reset()  # warning
    pause(ends)  # error
""",
    ),
    case(
        "the-machine's-own-name",
        """
import socket

async def own(name):
    socket.gethostbyname(socket.gethostname())  # warning
    host = socket.gethostname()
    socket.getaddrinfo(host, None)  # warning
    socket.getfqdn()  # warning
    socket.getfqdn(name)  # error
    socket.gethostbyname(name)  # error
""",
    ),
    case(
        "programs-that-hand-over",
        """
import subprocess

async def show(url, program):
    subprocess.run(["open", "-a", "Safari", url], check=False)  # warning
    subprocess.check_call(args=("xdg-open", url))  # warning
    subprocess.run(["/usr/bin/open", url])  # warning
    subprocess.run(["make", "open"])  # error
    subprocess.run([program, "open"])  # error
    subprocess.run([])  # error
    subprocess.run("open", shell=True)  # error
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_short_wait_is_a_warning(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
