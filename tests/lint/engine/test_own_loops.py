"""Where a loop has nothing else to do: what blocks there is a warning. Each line that blocks says what it must be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.settings import Settings

from .programs import case, write

SAID = re.compile(r"# (error|warning)$")

ROOTS = [
    case(
        "tornado",
        """
import functools
import requests
from tornado.ioloop import IOLoop

class Hub:
    async def init(self):
        requests.get("x")  # warning

    async def launch(self, argv=()):
        await self.init()

async def main():
    requests.get("x")  # warning

async def third():
    requests.get("x")  # warning

def command():
    IOLoop.current().run_sync(main)
    IOLoop.current().run_sync(lambda: third())
    IOLoop(make_current=False).run_sync(functools.partial(Hub().launch, []))

def other():
    IOLoop.current().run_sync(Hub().launch)
""",
    ),
    case(
        "tornado-that-listens-already",
        """
import requests
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import Application

async def main():
    requests.get("x")  # error

async def setup():
    requests.get("x")  # warning
    server = HTTPServer(Application([]))
    server.listen(80)
    requests.get("x")  # error

def command():
    Application([]).listen(80)
    IOLoop.current().run_sync(main)

def other():
    loop = IOLoop.current()
    loop.run_sync(setup)
    loop.start()
""",
    ),
    case(
        "anyio-and-trio",
        """
import anyio
import requests
import trio

async def one(url):
    requests.get(url)  # warning

async def two():
    requests.get("x")  # warning
    async with trio.open_nursery() as nursery:
        nursery.start_soon(three)
        requests.get("x")  # error
    requests.get("x")  # warning

async def three():
    requests.get("x")  # error

def command(url):
    anyio.run(one, url, backend="trio")
    trio.run(two)
""",
    ),
    case(
        "commands-of-cyclopts",
        """
import asyncio
import cyclopts
import requests

app = cyclopts.App()
more = cyclopts.App(name="more")
app.command(more)

@app.command
async def one():
    requests.get("x")  # warning

@more.command(name="second")
async def two():
    requests.get("x")  # warning

@app.default
async def three():
    await helper()

@app.meta.default
async def four():
    requests.get("x")  # warning
    asyncio.create_task(tick())
    requests.get("x")  # error

async def helper():
    requests.get("x")  # warning

async def tick():
    requests.get("x")  # error

async def five():
    requests.get("x")  # warning

app.command(five, name="fifth")

@app.command
def plain():
    requests.get("x")
""",
    ),
    case(
        "commands-of-asyncclick",
        """
import asyncclick
import requests

@asyncclick.group()
@asyncclick.pass_context
async def cli(context):
    requests.get("x")  # warning

@cli.command("first")
@asyncclick.option("--url", default="x")
async def one(url):
    requests.get(url)  # warning
""",
    ),
    case(
        "commands-that-are-registered-elsewhere-too",
        """
import cyclopts
import requests
from somewhere import bus

app = cyclopts.App()

@bus.handler
@app.command
async def one():
    requests.get("x")  # error

@app.command
@bus.handler
async def two():
    requests.get("x")  # error

@app.command
async def three():
    requests.get("x")  # error

async def handler():
    await three()
""",
    ),
    case(
        "a-decorator-that-has-a-loop-run-it",
        """
import asyncio
import functools
import click
import requests

def in_loop(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return asyncio.run(func(*args, **kwargs))
    return wrapper

@click.command()
@click.option("--url")
@in_loop
async def one(url):
    requests.get(url)  # warning
    await helper()
    asyncio.create_task(tick())
    requests.get(url)  # error

async def helper():
    requests.get("x")  # warning

async def tick():
    requests.get("x")  # error
""",
    ),
    case(
        "decorators-of-the-language",
        """
import asyncio
import requests
from contextlib import asynccontextmanager
from typing import final, override

class Base:
    async def setup(self): ...

class Hub(Base):
    @staticmethod
    async def one():
        requests.get("x")  # warning

    @classmethod
    async def two(cls):
        requests.get("x")  # warning

    @override
    async def setup(self):
        requests.get("x")  # warning

    @final
    async def three(self):
        async with self.held():
            requests.get("x")  # warning

    @asynccontextmanager
    async def held(self):
        requests.get("x")  # warning
        yield
        requests.get("x")  # warning

    @classmethod
    async def four(cls):
        requests.get("x")  # error

async def all_of_them():
    await Hub.one()
    await Hub.two()
    await Hub().setup()
    await Hub().three()

async def handler():
    await Hub.four()

def main():
    asyncio.run(all_of_them())
    asyncio.run(Hub.four())
""",
    ),
    case(
        "a-module-that-is-run",
        """
import asyncio
import requests
import sys
from asyncio import run

async def one():
    requests.get("x")  # warning

async def two(args):
    requests.get("x")  # warning

async def three():
    requests.get("x")  # warning

async def four():
    requests.get("x")  # warning

async def handler():
    requests.get("x")  # error

if __name__ == "__main__":
    args = sys.argv
    try:
        code = run(two(args))
    except KeyboardInterrupt:
        print(asyncio.new_event_loop().run_until_complete(three()))
    if args:
        asyncio.run(four())
    sys.exit(asyncio.run(one()))
""",
    ),
    case(
        "a-module-that-is-run-and-starts-more",
        """
import asyncio
import requests

async def one():
    requests.get("x")  # error

async def two():
    while True:
        await asyncio.sleep(1)

if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    loop.create_task(two())
    loop.run_until_complete(one())
""",
    ),
    case(
        "decorators-of-libraries-that-keep-the-function",
        """
import asyncio
import requests
import tenacity
import torch
from somewhere import bus

@torch.inference_mode()
async def train():
    requests.get("x")  # warning

@tenacity.retry(stop=tenacity.stop_after_attempt(3))
async def upload():
    requests.get("x")  # warning

@bus.handler("uploads")
@tenacity.retry(stop=tenacity.stop_after_attempt(3))
async def again():
    requests.get("x")  # error

@torch.no_grad()
async def main():
    await train()
    await upload()
    await again()

asyncio.run(main())
""",
    ),
    case(
        "decorators-of-the-project's-own",
        """
import asyncio
import functools
import requests
from somewhere import bus

CHECKS = []
NAMED = {}
def check(func):
    CHECKS.append(func)
    return func
def named(name):
    def register(func):
        NAMED[name] = func
        return func
    return register
def elsewhere(func):
    bus.add(func)
    return func
def timed(func):
    @functools.wraps(func)
    def wrapper(*args):
        result = func(*args)
        print(func.__name__)
        return result
    return wrapper
def logged(func):
    @functools.wraps(func)
    async def wrapper(*args):
        return await func(*args)
    return wrapper

@check
async def one():
    requests.get("x")  # warning
@named("two")
async def two():
    requests.get("x")  # warning
@elsewhere
async def three():
    requests.get("x")  # error
@timed
async def four():
    requests.get("x")  # warning
@logged
async def five():
    requests.get("x")  # warning
@bus.handler
@timed
async def six():
    requests.get("x")  # error
async def main():
    for run in CHECKS:
        await run()
    await NAMED["two"]()
    await three()
    await four()
    await five()
    await six()
asyncio.run(main())
""",
    ),
    case(
        "a-decorator-that-may-give-the-coroutine-away",
        """
import asyncio
import functools
import click
import requests
from somewhere import bus

def in_loop(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        if kwargs.pop("later", False):
            return func(*args, **kwargs)
        return asyncio.run(func(*args, **kwargs))
    return wrapper

def logged(func):
    @functools.wraps(func)
    async def wrapper(*args, **kwargs):
        return await func(*args, **kwargs)
    return wrapper

@click.command()
@in_loop
async def one(url):
    requests.get(url)  # error

@bus.handler
@logged
async def two(url):
    requests.get(url)  # error

asyncio.run(two("x"))
""",
    ),
    case(
        "worker-in-a-thread",
        """
import time
from textual import work
from textual.app import App

class Session:
    async def send(self):
        time.sleep(3)  # warning

    async def receive(self):
        time.sleep(3)  # error

class Reader(App):
    @work(thread=True)
    async def load(self, force=False):
        time.sleep(3)  # warning
        await self.look()
        await Session().send()

    async def look(self):
        time.sleep(3)  # warning

    @work
    async def save(self):
        time.sleep(3)  # error
        await Session().receive()

    async def action_load(self):
        self.load(True)
        time.sleep(3)  # error

    @work(thread=True)
    async def press(self):
        await self.action_press()

    async def action_press(self):
        time.sleep(3)  # error
""",
    ),
    case(
        "static-method-in-a-thread",
        """
import asyncio
import threading
import time
from tornado.websocket import WebSocketHandler

class Handler(WebSocketHandler):
    def run(self, work, name):
        try:
            asyncio.run(work)
        except ValueError:
            print(name)

    def on_message(self, message):
        work = Handler.complete(message)
        threading.Thread(target=self.run, args=(work, "work")).start()
        threading.Thread(target=asyncio.run, args=(self.open(),)).start()
        threading.Thread(target=self.run, args=(Handler.answer(message), "answer")).start()

    @staticmethod
    async def complete(message):
        time.sleep(3)  # warning

    async def answer(message):
        time.sleep(3)  # warning

    async def open(self):
        time.sleep(3)  # error
""",
    ),
    case(
        "run-by-a-function-as-a-program",
        """
import asyncio
import time

def run(work, args=()):
    asyncio.new_event_loop().run_until_complete(work(*args))

def finish(work):
    asyncio.run(work)

def keep(work):
    return work

async def named():
    time.sleep(3)  # warning

async def made():
    time.sleep(3)  # warning

async def kept():
    time.sleep(3)  # error

if __name__ == "__main__":
    run(named)
    finish(made())
    keep(kept)
""",
    ),
    case(
        "given-to-a-loop-as-a-program",
        """
import asyncio
import time

def start(loop, work):
    loop.create_task(work())

async def served():
    time.sleep(3)  # error

if __name__ == "__main__":
    start(asyncio.new_event_loop(), served)
""",
    ),
]

MOMENTS = [
    case(
        "a-command-and-the-start-of-an-application",
        """
import asyncio
import requests
from contextlib import asynccontextmanager
from fastapi import FastAPI

async def tick():
    await asyncio.sleep(1)

async def seed():
    requests.get("x")  # warning
    await fill()

async def fill():
    requests.get("x")  # warning

async def both():
    requests.get("x")  # error

@asynccontextmanager
async def lifespan(app):
    asyncio.create_task(tick())
    await seed()
    yield

app = FastAPI(lifespan=lifespan)

@app.post("/")
async def endpoint():
    await both()

async def command():
    await seed()
    await both()

asyncio.run(command())
""",
    ),
    case(
        "what-is-closed-before-it-is-waited-for",
        """
import asyncio
import requests

async def probe():
    _, writer = await asyncio.open_connection("host", 80)
    writer.close()
    await writer.wait_closed()

async def one():
    await probe()
    requests.get("x")  # warning

async def two(server):
    await server.wait_closed()
    requests.get("x")  # error

asyncio.run(one())
asyncio.run(two(make()))
""",
    ),
    case(
        "before-the-first-task",
        """
import asyncio
import requests

async def tick():
    while True:
        await asyncio.sleep(1)

async def setup():
    return requests.get("x").json()  # warning

async def late():
    requests.get("x")  # error

def start():
    asyncio.create_task(tick())

async def main():
    await setup()
    requests.get("x")  # warning
    start()
    requests.get("x")  # error
    await late()

asyncio.run(main())
""",
    ),
    case(
        "where-nothing-was-started",
        """
import asyncio
import requests

async def serve(app):
    return await asyncio.start_server(app, port=80)

async def command(name, app):
    if name == "serve":
        return await serve(app)
    elif name == "report":
        return report()  # warning
    if name == "work":
        asyncio.create_task(app())
    else:
        report()  # warning
    report()  # error

async def main(name, app):
    try:
        if name == "serve":
            return await serve(app)
        report()  # warning
    except ValueError:
        report()  # error
    report()  # error

async def at_last(app):
    try:
        return await serve(app)
    finally:
        report()  # error

async def again(names, app):
    for name in names:
        if name == "serve":
            await serve(app)
        else:
            report()  # error

async def until(names, app):
    for name in names:
        if name == "serve":
            return await serve(app)
        report()  # warning

async def behind(app):
    async with app:
        tasks = [asyncio.create_task(one()) for one in app]
        if not tasks:
            return report()  # error
        report()  # error

def report():
    requests.get("x")

asyncio.run(command("serve", print))
asyncio.run(main("serve", print))
asyncio.run(at_last(print))
asyncio.run(again(["serve"], print))
asyncio.run(until(["serve"], print))
asyncio.run(behind(print))
""",
    ),
    case(
        "a-signal-handler-that-makes-a-task",
        """
import asyncio
import requests
import signal

async def stop():
    requests.get("x")  # error

async def main():
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: asyncio.create_task(stop()))
    requests.get("x")  # warning

async def other():
    loop = asyncio.get_running_loop()
    loop.add_reader(0, print)
    requests.get("x")  # error

asyncio.run(main())
asyncio.run(other())
""",
    ),
    case(
        "before-and-after",
        """
import asyncio
import requests

async def tick(): ...

async def setup():
    return requests.get("x").json()  # error

async def main():
    await setup()
    asyncio.create_task(tick())
    await setup()

def command():
    asyncio.run(main())
""",
    ),
    case(
        "made-before-awaited-after",
        """
import asyncio
import requests

async def tick(): ...

async def work():
    requests.get("x")  # error

async def main():
    made = work()
    asyncio.create_task(tick())
    await made

def command():
    asyncio.run(main())
""",
    ),
    case(
        "before-a-server",
        """
import asyncio
import requests

class Daemon:
    async def setup(self):
        self.config = requests.get("x").json()  # warning

    async def serve(self):
        self.server = await asyncio.start_server(self.handle, "localhost", 8000)

    async def handle(self, reader, writer):
        requests.get("x")  # error

    async def start(self):
        await self.setup()
        await self.serve()
        requests.get("x")  # error

def main():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(Daemon().start())
    loop.run_forever()
""",
    ),
    case(
        "a-task-made-before-the-loop-runs",
        """
import asyncio
import requests

async def tick(): ...

async def work():
    requests.get("x")  # error

def command():
    loop = asyncio.new_event_loop()
    loop.create_task(tick())
    loop.run_until_complete(work())
""",
    ),
    case(
        "loops-begin-again",
        """
import asyncio
import requests

async def tick(): ...

async def fetch():
    requests.get("x")  # error

async def main():
    requests.get("x")  # warning
    for _ in range(3):
        requests.get("x")  # error
        while True:
            await fetch()
            asyncio.create_task(tick())

def command():
    asyncio.run(main())
""",
    ),
    case(
        "a-helper-that-blocks-before-it-starts-any",
        """
import asyncio
import redis
import requests

async def listen():
    await asyncio.sleep(1)

class Store:
    def __init__(self):
        self.client = redis.Redis()

    async def start(self):
        self.subscribe()  # warning
        self.client.ping()  # error

    def subscribe(self):
        self.connect()
        self.task = asyncio.get_running_loop().create_task(listen())

    def connect(self):
        self.client.ping()

    async def resume(self):
        self.renew()  # error

    def renew(self):
        self.task = asyncio.get_running_loop().create_task(listen())
        self.client.ping()

    async def open(self):
        self.deeper()  # warning

    def deeper(self):
        self.subscribe()

    async def reopen(self):
        self.twice()  # error

    def twice(self):
        self.subscribe()
        self.client.ping()

    async def begin(self):
        for _ in range(3):
            self.subscribe()  # error

    async def go_on(self):
        while True:
            self.subscribe()  # error

    async def chain(self):
        self.begun().check()  # error

    def begun(self):
        self.client.ping()
        self.task = asyncio.get_running_loop().create_task(listen())
        return self

    def check(self):
        requests.get("x")

async def starts():
    await Store().start()

async def resumes():
    await Store().resume()

async def opens():
    await Store().open()

async def reopens():
    await Store().reopen()

async def begins():
    await Store().begin()

async def goes_on():
    await Store().go_on()

async def chains():
    await Store().chain()

asyncio.run(starts())
asyncio.run(resumes())
asyncio.run(opens())
asyncio.run(reopens())
asyncio.run(begins())
asyncio.run(goes_on())
asyncio.run(chains())
""",
    ),
    case(
        "what-starts-them-before-it-does",
        """
import asyncio
import requests

async def tick(): ...

async def load():
    requests.get("x")  # warning

async def begin():
    requests.get("x")  # warning
    await load()
    asyncio.create_task(tick())
    requests.get("x")  # error

async def then():
    requests.get("x")  # error

async def again():
    requests.get("x")  # error
    asyncio.create_task(tick())

async def main():
    made, more = begin(), then()
    await made
    await more
    for _ in range(3):
        await again()

def command():
    asyncio.run(main())
""",
    ),
    case(
        "recursion-begins-again",
        """
import asyncio
import requests

async def tick(): ...

async def walk(depth):
    requests.get("x")  # error
    asyncio.create_task(tick())
    await walk(depth - 1)

async def main():
    await walk(3)

def command():
    asyncio.run(main())
""",
    ),
    case(
        "a-context-manager-goes-on-after-its-block",
        """
import asyncio
import requests
from contextlib import asynccontextmanager

async def tick(): ...

@asynccontextmanager
async def session():
    yield
    requests.get("x")  # error

async def main():
    requests.get("x")  # warning
    async with session():
        asyncio.create_task(tick())

def command():
    asyncio.run(main())
""",
    ),
    case(
        "a-stream",
        """
import asyncio
import requests

async def main(messages):
    requests.get("x")  # warning
    async for message in messages:
        requests.get(message)  # error

def command(messages):
    asyncio.run(main(messages))
""",
    ),
    case(
        "after-all-of-them",
        """
import asyncio
import requests

async def one(url):
    requests.get(url)  # error

async def crawl(urls):
    return await asyncio.gather(*(one(u) for u in urls))

async def main():
    for page in range(10):
        urls = requests.get(page).json()  # warning
        await crawl(urls)
    async with asyncio.TaskGroup() as group:
        group.create_task(one("x"))
        requests.get("x")  # error
    requests.get("x")  # warning

def command():
    asyncio.run(main())
""",
    ),
    case(
        "not-all-of-them-may-have-ended",
        """
import asyncio
import requests

async def one(url): ...

async def careless(urls):
    try:
        await asyncio.gather(one(1), one(2))
    except ValueError:
        requests.get("x")  # error

async def careful(urls):
    try:
        await asyncio.gather(one(1), one(2), return_exceptions=True)
    except ValueError:
        requests.get("x")  # warning

async def later():
    waiting = asyncio.gather(one(1), one(2))
    requests.get("x")  # error
    await waiting

async def shielded():
    waiting = asyncio.shield(asyncio.gather(one(1), one(2)))
    requests.get("x")  # error
    await waiting

async def first():
    await asyncio.wait([one(1), one(2)], return_when=asyncio.FIRST_COMPLETED)
    requests.get("x")  # error

async def into(group):
    group.create_task(one(1))

async def handed_on():
    async with asyncio.TaskGroup() as group:
        await into(group)
        requests.get("x")  # error

def command(urls):
    asyncio.run(careless(urls))
    asyncio.run(careful(urls))
    asyncio.run(later())
    asyncio.run(shielded())
    asyncio.run(first())
    asyncio.run(handed_on())
""",
    ),
    case(
        "gathered-in-a-plain-function",
        """
import asyncio
import requests

async def one():
    requests.get("x")  # error

def both():
    return asyncio.gather(one(), one())

async def main():
    requests.get("x")  # warning
    await one()
    await both()

def command():
    asyncio.run(main())
""",
    ),
]

LIFESPANS = [
    case(
        "what-is-called-at-an-end",
        """
import asyncio
import requests

async def main():
    started = asyncio.Future()
    started.add_done_callback(lambda _: requests.get("x"))  # error
    asyncio.get_running_loop().set_exception_handler(print)
    requests.get("x")  # warning
    asyncio.create_task(asyncio.sleep(1)).add_done_callback(print)
    requests.get("x")  # error

def command():
    asyncio.run(main())
""",
    ),
    case(
        "assigned",
        """
import requests
from contextlib import asynccontextmanager
from fastapi import FastAPI

async def stop():
    requests.get("x")  # warning

def run_with(app: FastAPI) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def wrapper(app):
        async with inner(app) as state:
            yield state
        await stop()

    app.router.lifespan_context = wrapper
""",
    ),
    case(
        "called-by-an-endpoint-too",
        """
import requests
from contextlib import asynccontextmanager
from fastapi import FastAPI

app = FastAPI()

async def stop():
    requests.get("x")  # error

@asynccontextmanager
async def wrapper(app):
    yield
    await stop()

app.router.lifespan_context = wrapper

@app.post("/stop")
async def endpoint():
    await stop()
""",
    ),
]


@pytest.mark.parametrize("program", ROOTS + MOMENTS + LIFESPANS)
def test_severities(program: str, tmp_path: Path) -> None:
    hits = analyse(tmp_path, write(tmp_path, {"a.py": program}), None, Settings(), cache=False).hits
    said = {row: found[1] for row, line in enumerate(program.splitlines(), 1) if (found := SAID.search(line))}
    assert {hit.location.row: hit.severity.value for hit in hits if hit.code != "FSA203"} == said


IN_PLACE = """
import asyncio
import requests
from contextlib import asynccontextmanager
from fastapi import FastAPI

async def setup():
    requests.get("x")  # warning

async def connect():
    requests.get("x")  # warning

async def work():
    requests.get("x")  # error

def command():
    asyncio.run(setup())

@asynccontextmanager
async def lifespan(app):
    await connect()
    yield

app = FastAPI(lifespan=lifespan)
"""
TEST = """
import asyncio
from a import connect, setup, work

async def test_setup():
    await setup()
    await connect()

def test_work():
    asyncio.run(work())
"""


def test_what_a_test_runs_says_nothing_of_the_program(tmp_path: Path) -> None:
    paths = write(tmp_path, {"a.py": IN_PLACE, "test_a.py": TEST})
    hits = analyse(tmp_path, paths, None, Settings(), cache=False).hits
    said = {row: found[1] for row, line in enumerate(IN_PLACE.splitlines(), 1) if (found := SAID.search(line))}
    assert {hit.location.row: hit.severity.value for hit in hits if hit.filename.endswith("/a.py")} == said
