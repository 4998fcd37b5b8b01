"""Which code runs on the loop, and which in a thread."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Severity
from fastasync_lint.settings import Settings

from .programs import case, check, write

FASTAPI = [
    case(
        "attribute-of-the-app",
        """
import requests
from fastapi import APIRouter, FastAPI, Request

router = APIRouter()

class Uploads:
    def send(self, image):
        return requests.post("https://x.example", data=image)

def create() -> FastAPI:
    app = FastAPI()
    app.include_router(router)
    app.uploads = Uploads()
    return app

@router.post("/images")
async def upload(request: Request):
    request.app.uploads.send(b"")  # FSA102
""",
    ),
    case(
        "sync-endpoint",
        """
import requests
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
def read():
    return requests.get("https://x.example").json()
""",
    ),
    case(
        "async-endpoint",
        """
import requests
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
async def read():
    return requests.get("https://x.example").json()  # FSA102
""",
    ),
    case(
        "router-endpoint",
        """
import psycopg2
from fastapi import APIRouter

router = APIRouter(prefix="/items")

@router.post("/", status_code=201)
async def create(dsn: str):
    psycopg2.connect(dsn)  # FSA103

@router.get("/")
def read(dsn: str):
    psycopg2.connect(dsn)
""",
    ),
    case(
        "sync-endpoint-calls-async-nothing",
        """
import time
from fastapi import FastAPI

app = FastAPI()

def helper():
    time.sleep(1)

@app.get("/sync")
def sync():
    helper()

@app.get("/async")
async def asynchronous():
    helper()  # FSA101
""",
    ),
    case(
        "sync-dependency",
        """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()
client = redis.Redis()

def limit():
    client.incr("n")

@app.get("/", dependencies=[Depends(limit)])
async def read():
    return 1
""",
    ),
    case(
        "sync-generator-dependency",
        """
import psycopg2
from fastapi import Depends, FastAPI

app = FastAPI()

def connection():
    conn = psycopg2.connect("")
    try:
        yield conn
    finally:
        conn.close()

@app.get("/")
async def read(conn=Depends(connection)):
    return 1
""",
    ),
    case(
        "sync-callable-class-dependency",
        """
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

class Auth:
    def __init__(self, url):
        self.url = url

    def __call__(self):
        return requests.get(self.url)

@app.get("/")
async def read(user=Depends(Auth("https://auth.example"))):
    return user
""",
    ),
    case(
        "class-dependency-constructor-in-thread",
        """
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

class User:
    def __init__(self, token: str):
        self.data = requests.get("https://auth.example/" + token).json()

@app.get("/")
async def read(user: User = Depends()):
    return user.data
""",
    ),
    case(
        "async-callable-class-dependency",
        """
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

class Auth:
    async def __call__(self):
        return requests.get("https://auth.example")  # FSA102

@app.get("/")
async def read(user=Depends(Auth())):
    return user
""",
    ),
    case(
        "async-generator-dependency",
        """
import psycopg
from fastapi import Depends, FastAPI

app = FastAPI()

async def connection():
    conn = psycopg.connect("")  # FSA103
    yield conn

@app.get("/")
async def read(conn=Depends(connection)):
    return 1
""",
    ),
    case(
        "sync-background-task",
        """
import smtplib
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()

def send(to):
    smtplib.SMTP("mail.example").sendmail("a", to, "b")

@app.post("/")
async def create(tasks: BackgroundTasks):
    tasks.add_task(send, "a@b.example")
""",
    ),
    case(
        "async-background-task",
        """
import smtplib
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()

async def send(to):
    smtplib.SMTP("mail.example")  # FSA106

@app.post("/")
async def create(tasks: BackgroundTasks):
    tasks.add_task(send, "a@b.example")
""",
    ),
    case(
        "background-task-called-by-mistake",
        """
import time
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()

def send(to):
    time.sleep(1)

@app.post("/")
async def create(tasks: BackgroundTasks):
    tasks.add_task(send("a@b.example"))  # FSA101
""",
    ),
    case(
        "background-lambda-and-partial",
        """
from functools import partial
import time
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()

def send(to):
    time.sleep(1)

@app.post("/")
async def create(tasks: BackgroundTasks):
    tasks.add_task(lambda: send("a"))
    tasks.add_task(partial(send, "b"))
""",
    ),
    case(
        "response-background-task",
        """
import time
from starlette.background import BackgroundTask
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()

def send(to):
    time.sleep(1)

@app.post("/")
async def create():
    return JSONResponse({}, background=BackgroundTask(send, "a"))
""",
    ),
    case(
        "exception-handlers",
        """
import requests
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()

@app.exception_handler(ValueError)
async def on_value(request, exc):
    requests.post("https://log.example")  # FSA102
    return JSONResponse({})

@app.exception_handler(KeyError)
def on_key(request, exc):
    requests.post("https://log.example")
    return JSONResponse({})
""",
    ),
    case(
        "exception-handlers-added",
        """
import requests
from fastapi import FastAPI

def on_value(request, exc):
    requests.post("https://log.example")

async def on_key(request, exc):
    requests.post("https://log.example")  # FSA102

app = FastAPI(exception_handlers={KeyError: on_key})
app.add_exception_handler(ValueError, on_value)
""",
    ),
    case(
        "websocket",
        """
import time
from fastapi import FastAPI, WebSocket

app = FastAPI()

@app.websocket("/ws")
async def socket(ws: WebSocket):
    await ws.accept()
    while True:
        data = await ws.receive_text()
        time.sleep(0.1)  # FSA101
        await ws.send_text(data)
""",
    ),
    case(
        "http-middleware-function",
        """
import redis
from fastapi import FastAPI

app = FastAPI()
client = redis.Redis()

@app.middleware("http")
async def limit(request, call_next):
    client.incr("n")  # FSA103
    return await call_next(request)
""",
    ),
    case(
        "base-http-middleware",
        """
import sqlite3
from starlette.middleware.base import BaseHTTPMiddleware

class Audit(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        sqlite3.connect("audit.db")  # FSA103
        return await call_next(request)
""",
    ),
    case(
        "pure-asgi-middleware",
        """
import time

class Slow:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        time.sleep(0.1)  # FSA101
        await self.app(scope, receive, send)
""",
    ),
    case(
        "pure-asgi-send-wrapper",
        """
import requests

class Report:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def wrapped(message):
            requests.post("https://log.example")  # FSA102
            await send(message)

        await self.app(scope, receive, wrapped)
""",
    ),
    case(
        "lifespan",
        """
from contextlib import asynccontextmanager
import requests
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    requests.get("https://cfg.example")  # FSA102
    yield
    requests.post("https://cfg.example")  # FSA102

app = FastAPI(lifespan=lifespan)
""",
    ),
    case(
        "on-event-sync",
        """
import requests
from fastapi import FastAPI

app = FastAPI()

@app.on_event("startup")
def warm():
    requests.get("https://cfg.example")  # FSA102

@app.on_event("shutdown")
async def stop():
    requests.post("https://cfg.example")  # FSA102
""",
    ),
    case(
        "on-event-router",
        """
import time
from fastapi import APIRouter

router = APIRouter()

@router.on_event("startup")
def warm():
    time.sleep(1)  # FSA101
""",
    ),
    case(
        "add-event-handler",
        """
import requests
from fastapi import FastAPI

app = FastAPI()

def warm():
    requests.get("https://cfg.example")  # FSA102

app.add_event_handler("startup", warm)
""",
    ),
    case(
        "on-startup-argument",
        """
import requests
from fastapi import FastAPI

def warm():
    requests.get("https://cfg.example")  # FSA102

def stop():
    requests.post("https://cfg.example")  # FSA102

app = FastAPI(on_startup=[warm], on_shutdown=[stop])
""",
    ),
    case(
        "validator-of-request-body",
        """
import socket
from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()

class Host(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def resolves(cls, value):
        socket.getaddrinfo(value, 443)  # FSA106
        return value

@app.post("/")
def create(host: Host):
    return host
""",
    ),
    case(
        "model-validator-of-request-body",
        """
import requests
from fastapi import FastAPI
from pydantic import BaseModel, model_validator

app = FastAPI()

class Order(BaseModel):
    sku: str

    @model_validator(mode="after")
    def known(self):
        requests.get("https://stock.example/" + self.sku)  # FSA102
        return self

@app.post("/")
async def create(order: Order):
    return order
""",
    ),
    case(
        "old-validator-of-request-body",
        """
import requests
from fastapi import FastAPI
from pydantic import BaseModel, validator

app = FastAPI()

class Order(BaseModel):
    sku: str

    @validator("sku")
    def known(cls, value):
        requests.get("https://stock.example/" + value)  # FSA102
        return value

@app.post("/")
async def create(order: Order):
    return order
""",
    ),
    case(
        "validator-of-nested-body",
        """
import requests
from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()

class Line(BaseModel):
    sku: str

    @field_validator("sku")
    def known(cls, value):
        requests.get("https://stock.example/" + value)  # FSA102
        return value

class Order(BaseModel):
    lines: list[Line]

@app.post("/")
def create(order: Order):
    return order
""",
    ),
    case(
        "validator-of-other-model-is-clean",
        """
import requests
from pydantic import BaseModel, field_validator

class Config(BaseModel):
    url: str

    @field_validator("url")
    @classmethod
    def reachable(cls, value):
        requests.get(value)
        return value

config = Config(url="https://x.example")
""",
    ),
    case(
        "model-constructed-in-coroutine",
        """
import requests
from pydantic import BaseModel, field_validator

class Config(BaseModel):
    url: str

    @field_validator("url")
    @classmethod
    def reachable(cls, value):
        requests.get(value)
        return value

async def handler(url):
    return Config(url=url)  # FSA102
""",
    ),
    case(
        "streaming-sync-generator",
        """
import time
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()

def body():
    time.sleep(1)
    yield "x"

@app.get("/")
async def stream():
    return StreamingResponse(body(), media_type="text/plain")

@app.get("/keyword")
async def keyword():
    return StreamingResponse(content=body())
""",
    ),
    case(
        "streaming-async-generator",
        """
import requests
from fastapi.responses import StreamingResponse

async def body(url):
    for chunk in requests.get(url, stream=True).iter_content():  # FSA102
        yield chunk

async def stream(url):
    return StreamingResponse(body(url))
""",
    ),
    case(
        "streaming-requests-body",
        """
import asyncio
import requests
from fastapi.responses import StreamingResponse

async def stream(url):
    response = await asyncio.to_thread(requests.get, url, stream=True)
    return StreamingResponse(response.iter_content(1024))
""",
    ),
    case(
        "nested-async-generator-in-endpoint",
        """
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import OpenAI

app = FastAPI()
client = OpenAI()

@app.post("/")
async def chat(question: str):
    async def events():
        for chunk in client.chat.completions.create(model="m", messages=[], stream=True):  # FSA107
            yield str(chunk)

    return StreamingResponse(events(), media_type="text/event-stream")
""",
    ),
    case(
        "upload-file",
        """
import shutil
from fastapi import FastAPI, File, UploadFile

app = FastAPI()

@app.post("/")
async def upload(file: UploadFile = File(...)):
    with open("/tmp/x", "wb") as out:  # FSA104
        shutil.copyfileobj(file.file, out)  # FSA104

@app.post("/sync")
def sync(file: UploadFile):
    return file.file.read()
""",
    ),
    case(
        "upload-files",
        """
from fastapi import FastAPI, UploadFile

app = FastAPI()

@app.post("/")
async def upload(files: list[UploadFile]):
    for file in files:
        file.file.read()  # FSA104
        await file.read()
""",
    ),
    case(
        "add-api-route",
        """
import time
from fastapi import APIRouter

async def slow():
    time.sleep(1)  # FSA101

def threaded():
    time.sleep(1)

router = APIRouter()
router.add_api_route("/slow", slow)
router.add_api_route("/threaded", threaded, methods=["POST"])
""",
    ),
    case(
        "class-based-endpoint-methods",
        """
import requests
from fastapi import APIRouter

class Api:
    def __init__(self):
        self.router = APIRouter()
        self.router.add_api_route("/a", self.slow)
        self.router.add_api_route("/b", self.threaded)

    def load(self):
        return requests.get("https://x.example")

    async def slow(self):
        return self.load()  # FSA102

    def threaded(self):
        return self.load()
""",
    ),
    case(
        "starlette-routes",
        """
import time
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

def threaded(request):
    time.sleep(1)
    return JSONResponse({})

async def slow(request):
    time.sleep(1)  # FSA101
    return JSONResponse({})

app = Starlette(routes=[Route("/a", threaded), Route("/b", slow)])
""",
    ),
    case(
        "starlette-http-endpoint",
        """
import time
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint

class Page(HTTPEndpoint):
    def get(self, request):
        time.sleep(1)

    async def post(self, request):
        time.sleep(1)  # FSA101

class Echo(WebSocketEndpoint):
    async def on_receive(self, websocket, data):
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "starlette-on-startup",
        """
import time
from starlette.applications import Starlette

def warm():
    time.sleep(1)  # FSA101

app = Starlette(on_startup=[warm])
""",
    ),
    case(
        "starlette-auth-backend",
        """
import requests
from starlette.authentication import AuthenticationBackend

class Auth(AuthenticationBackend):
    async def authenticate(self, conn):
        requests.get("https://auth.example")  # FSA102
""",
    ),
    case(
        "sync-function-run-in-script",
        """
import asyncio
import requests

def prepare():
    return requests.get("https://x.example")

async def main(data):
    return data

def run():
    asyncio.run(main(prepare()))

if __name__ == "__main__":
    run()
""",
    ),
    case(
        "module-level-code",
        """
import requests

CONFIG = requests.get("https://cfg.example").json()

async def handler():
    return CONFIG
""",
    ),
    case(
        "main-guard-in-coroutine-file",
        """
import time

async def handler():
    return 1

if __name__ == "__main__":
    time.sleep(1)
    input()
""",
    ),
    case(
        "local-import-runs-module",
        """
import requests

async def handler():
    import json
    return json.loads("{}")
""",
    ),
    case(
        "other-frameworks-coroutines",
        """
import requests
from aiohttp import web

async def index(request):
    return web.Response(text=requests.get("https://x.example").text)  # FSA102

app = web.Application()
app.add_routes([web.get("/", index)])
""",
    ),
    case(
        "discord-command",
        """
import requests
from discord.ext import commands

bot = commands.Bot("!")

@bot.command()
async def cat(ctx):
    await ctx.send(requests.get("https://cat.example").text)  # FSA102
""",
    ),
    case(
        "taskiq-and-plain-coroutine",
        """
import time

class Consumer:
    async def run(self):
        while True:
            self.step()  # FSA101

    def step(self):
        time.sleep(1)
""",
    ),
    case(
        "async-endpoint-awaits-sync-result",
        """
import httpx
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
async def read():
    async with httpx.AsyncClient() as client:
        response = await client.get("https://x.example")
    return response.json()
""",
    ),
    case(
        "lifespan-of-an-unannotated-application",
        """
from contextlib import asynccontextmanager
from fastapi import FastAPI, Request
import redis

@asynccontextmanager
async def lifespan(app):
    app.state.cache = redis.Redis()
    yield

app = FastAPI(lifespan=lifespan)

@app.get("/")
async def read(request: Request):
    return request.app.state.cache.get("x")  # FSA103
""",
    ),
]

CALLBACKS = [
    case(
        "call-soon",
        """
import asyncio
import time

def tick():
    time.sleep(1)  # FSA101

async def handler():
    asyncio.get_running_loop().call_soon(tick)
""",
    ),
    case(
        "call-later-with-arguments",
        """
import asyncio
import requests

def ping(url):
    requests.get(url)  # FSA102

async def handler():
    loop = asyncio.get_event_loop()
    loop.call_later(5, ping, "https://x.example")
""",
    ),
    case(
        "call-at-lambda",
        """
import asyncio
import time

async def handler(loop: asyncio.AbstractEventLoop):
    loop.call_at(5, lambda: time.sleep(1))  # FSA101
""",
    ),
    case(
        "call-soon-threadsafe",
        """
import asyncio
import time

def tick():
    time.sleep(1)  # FSA101

def from_thread(loop: asyncio.AbstractEventLoop):
    loop.call_soon_threadsafe(tick)
""",
    ),
    case(
        "call-later-library-function",
        """
import asyncio
import time

async def handler():
    asyncio.get_running_loop().call_later(1, time.sleep, 5)  # FSA101
""",
    ),
    case(
        "call-later-method",
        """
import asyncio
import redis

class Beat:
    def __init__(self):
        self.client = redis.Redis()

    def beat(self):
        self.client.set("beat", 1)  # FSA103
        asyncio.get_running_loop().call_later(5, self.beat)

    async def start(self):
        asyncio.get_running_loop().call_later(5, self.beat)
""",
    ),
    case(
        "done-callback",
        """
import asyncio
import requests

def report(task):
    requests.post("https://log.example")  # FSA102

async def handler(work):
    task = asyncio.create_task(work())
    task.add_done_callback(report)
    await task
""",
    ),
    case(
        "done-callback-lambda",
        """
import asyncio
import requests

async def handler(work):
    task = asyncio.ensure_future(work())
    task.add_done_callback(lambda t: requests.post("https://log.example"))  # FSA102
    await task
""",
    ),
    case(
        "done-callback-partial",
        """
import asyncio
import functools
import requests

def report(name, task):
    requests.post("https://log.example/" + name)  # FSA102

async def work():
    await asyncio.sleep(1)

async def handler():
    task = asyncio.create_task(work())
    task.add_done_callback(functools.partial(report, "x"))
    await task
""",
    ),
    case(
        "done-callback-in-task-group",
        """
import asyncio
import time

def report(task):
    time.sleep(1)  # FSA101

async def work():
    await asyncio.sleep(1)

async def handler():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work())
        task.add_done_callback(report)
""",
    ),
    case(
        "done-callback-of-thread-future-is-clean",
        """
from concurrent.futures import ThreadPoolExecutor
import time

pool = ThreadPoolExecutor()

def work():
    return 1

def report(future):
    time.sleep(1)

async def handler():
    pool.submit(work).add_done_callback(report)
""",
    ),
    case(
        "future-that-has-ended-whatever-its-annotation",
        """
import asyncio
import concurrent.futures
from functools import partial
from typing import TypeVar

F = TypeVar("F", bound=concurrent.futures.Future | asyncio.Future)

def report(name, future: concurrent.futures.Future):
    print(name, future.exception())

class Runner:
    def watch(self, future: F):
        future.add_done_callback(partial(self.ended, "x"))
    def ended(self, name, future: F):
        if not future.cancelled() and future.exception() is not None:
            print(name)

def wait(future: concurrent.futures.Future):
    return future.result()

async def main(pool, work):
    asyncio.create_task(work()).add_done_callback(partial(report, "x"))
    Runner().watch(asyncio.create_task(work()))
    wait(pool)  # FSA108
""",
    ),
    case(
        "signal-handler",
        """
import asyncio
import signal
import time

def stop():
    time.sleep(1)  # FSA101

async def handler():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
""",
    ),
    case(
        "reader",
        """
import asyncio
import time

def readable():
    time.sleep(1)  # FSA101

async def handler(fd):
    asyncio.get_running_loop().add_reader(fd, readable)
""",
    ),
    case(
        "protocol",
        """
import asyncio
import time

class Echo(asyncio.Protocol):
    def data_received(self, data):
        time.sleep(1)  # FSA101
""",
    ),
    case(
        "exception-handler-of-loop",
        """
import asyncio
import requests

def report(loop, context):
    requests.post("https://log.example")  # FSA102

async def handler():
    asyncio.get_running_loop().set_exception_handler(report)
""",
    ),
    case(
        "callback-not-registered",
        """
import time

def tick():
    time.sleep(1)

async def handler():
    return tick
""",
    ),
]


@pytest.mark.parametrize("program", FASTAPI)
def test_what_frameworks_run_on_the_loop(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", CALLBACKS)
def test_callbacks_of_the_loop(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def test_tasks_that_nobody_keeps(tmp_path: Path) -> None:
    text = """\
import asyncio

tasks = set()

async def work(): ...

class Service:
    async def run(self): ...

    def start(self):
        task = asyncio.create_task(self.run())
        tasks.add(task)
        return task

async def handler(service: Service, given, *more):
    asyncio.create_task(work())
    asyncio.ensure_future(service.run())
    asyncio.get_running_loop().create_task(given)
    asyncio.create_task(*[work()])
    service.start()
    kept = asyncio.create_task(work())
    running, several = {"a": asyncio.create_task(work())}, [asyncio.create_task(work())]
    running.pop("a", None)
    running.get("a")
    several.pop()
"""
    analysis = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False)
    lost = [(hit.location.row, hit.sink) for hit in analysis.hits if hit.code == "FSA203"]
    assert lost == [(16, "work"), (17, "Service.run"), (18, ""), (19, "")]


@pytest.mark.parametrize(
    "start",
    [
        '@app.on_event("startup")\nasync def warm():\n    fetch()\n',
        "@asynccontextmanager\nasync def lifespan(app):\n    fetch()\n    yield\n\napp = FastAPI(lifespan=lifespan)\n",
        "@asynccontextmanager\nasync def cached(app: FastAPI):\n    fetch()\n    yield\n\napp = make_app([cached])\n",
        '@app.on_event("startup")\nasync def warm():\n    await load()\n\nasync def load():\n    fetch()\n',
    ],
    ids=["on-event", "lifespan", "lifespan-in-a-list", "awaited-by-start-up"],
)
def test_start_up_is_one_severity_lower(tmp_path: Path, start: str) -> None:
    source = tmp_path / "main.py"
    source.write_text(
        "import requests\nfrom contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n\n"
        f'app = FastAPI()\n\ndef fetch():\n    requests.get("https://x.example")\n\n{start}'
    )
    (hit,) = analyse(tmp_path, [source], None, Settings(), cache=False).hits
    assert (hit.sink, hit.severity) == ("requests.get", Severity.WARNING)


@pytest.mark.parametrize(
    "other",
    [
        '@app.get("/")\nasync def read():\n    await load()\n',
        "async def later():\n    asyncio.create_task(load())\n",
        "async def other():\n    await load()\n",
    ],
    ids=["endpoint", "task", "coroutine"],
)
def test_what_runs_later_too_is_no_start_up(tmp_path: Path, other: str) -> None:
    source = tmp_path / "main.py"
    source.write_text(
        "import asyncio\nimport time\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n"
        '@app.on_event("startup")\nasync def warm():\n    await load()\n\n'
        f"async def load():\n    time.sleep(1)\n\n{other}"
    )
    hits = analyse(tmp_path, [source], None, Settings(), cache=False).hits
    (hit,) = [hit for hit in hits if hit.code == "FSA101"]
    assert (hit.sink, hit.severity, hit.startup) == ("time.sleep", Severity.ERROR, False)


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("tests/helpers.py", Severity.WARNING),
        ("shop/test/data.py", Severity.WARNING),
        ("shop/_tests/data.py", Severity.WARNING),
        ("shop/test_orders.py", Severity.WARNING),
        ("orders_test.py", Severity.WARNING),
        ("shop/orders_tests.py", Severity.WARNING),
        ("shop/tests.py", Severity.WARNING),
        ("conftest.py", Severity.WARNING),
        ("contests/orders.py", Severity.ERROR),
        ("latest.py", Severity.ERROR),
        ("test.py", Severity.ERROR),
        ("shop/protests.py", Severity.ERROR),
        ("shop/attests.py", Severity.ERROR),
    ],
)
def test_code_of_tests_is_one_severity_lower(tmp_path: Path, name: str, severity: Severity) -> None:
    text = "import time\n\n\nasync def work():\n    time.sleep(1)\n    open('x')\n"
    hits = analyse(tmp_path, write(tmp_path, {name: text}), None, Settings(), cache=False).hits
    assert [(hit.code, hit.severity) for hit in hits] == [("FSA101", severity), ("FSA104", Severity.WARNING)]


def test_what_fails_in_a_test_stays_an_error(tmp_path: Path) -> None:
    text = "import asyncio\n\nasync def one(): ...\n\nasync def test_one():\n    one()\n    asyncio.run(one())\n"
    hits = analyse(tmp_path, write(tmp_path, {"test_one.py": text}), None, Settings(), cache=False).hits
    assert [(hit.code, hit.severity) for hit in hits] == [("FSA204", Severity.ERROR), ("FSA201", Severity.ERROR)]


REGISTERED = """
import functools
import time
from asyncio import to_thread
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("x")

def in_thread(func):
    @functools.wraps(func)
    async def wrapper(*args):
        return await to_thread(func, *args)
    return wrapper

def logged(func):
    @functools.wraps(func)
    def wrapper(*args):
        return func(*args)
    return wrapper

@mcp.tool()
{decorator}
def slow():
    time.sleep(1)
"""


@pytest.mark.parametrize(
    ("decorator", "functions"), [("", ["slow"]), ("@in_thread", []), ("@logged", ["logged.wrapper"])]
)
def test_a_framework_calls_what_the_decorators_below_made(decorator: str, functions: list[str], tmp_path: Path) -> None:
    text = REGISTERED.format(decorator=decorator)
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.function for hit in hits] == functions


def test_a_class_body_reads_the_module_before_its_own_name(tmp_path: Path) -> None:
    text = """
import time
def client():
    time.sleep(1)
class Holder:
    client = staticmethod(client)
async def handler():
    Holder.client()
"""
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.function for hit in hits] == ["handler"]


ALONE = {
    "command": """
import asyncio
import requests
async def main():
    requests.get("x")
def command():
    asyncio.run(main())
""",
    "what-the-command-awaits": """
import asyncio
import requests
async def fetch():
    requests.get("x")
async def main():
    loop = asyncio.get_running_loop()
    if not loop.is_running():
        loop.run_until_complete(fetch())
    await asyncio.wait_for(fetch(), 1)
def command():
    asyncio.get_event_loop().run_until_complete(main())
""",
    "at-the-end-of-a-module": """
import uvloop
import requests
async def main():
    requests.get("x")
if __name__ == "__main__":
    uvloop.run(main())
""",
}
BESIDE_OTHERS = {
    "nobody-runs-it": "import requests\nasync def main():\n    requests.get('x')\n",
    "awaited-elsewhere-too": ALONE["command"] + "async def other():\n    await main()\n",
    "with-others": """
import asyncio
import requests
async def main():
    requests.get("x")
async def all_of_them():
    await asyncio.gather(main(), main())
def command():
    asyncio.run(all_of_them())
""",
    "after-a-task-was-made": """
import asyncio
import requests
async def beat(): ...
def start():
    return asyncio.create_task(beat())
async def main():
    start()
    requests.get("x")
def command():
    asyncio.run(main())
""",
    "a-server": """
import asyncio
import requests
import uvicorn
async def main(config):
    await uvicorn.Server(config).serve()
    requests.get("x")
def command(config):
    asyncio.run(main(config))
""",
    "a-stream": """
import asyncio
import requests
async def main(messages):
    async for message in messages:
        requests.get(message)
def command(messages):
    asyncio.run(main(messages))
""",
    "decorated": """
import asyncio
import requests
from somewhere import app
@app.handler
async def main():
    requests.get("x")
def command():
    asyncio.run(main())
""",
}


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        *[pytest.param(text, True, id=name) for name, text in ALONE.items()],
        *[pytest.param(text, False, id=name) for name, text in BESIDE_OTHERS.items()],
    ],
)
def test_a_loop_on_which_nothing_else_runs(text: str, alone: bool, tmp_path: Path) -> None:
    [hit] = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert (hit.alone, hit.severity) == (alone, Severity.WARNING if alone else Severity.ERROR)
