"""Which function a call means: dispatchers, providers, what a base leaves to subclasses, and what a caller chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "singledispatch",
        """
import functools
import time

class A: ...
class B: ...

@functools.singledispatch
def show(x):
    return x

@show.register
def _(x: A):
    time.sleep(1)

@show.register(B)
def show_b(x: B):
    return x

class Api:
    @functools.singledispatchmethod
    def load(self, source):
        return source

    @load.register
    def _(self, source: int):
        time.sleep(1)

async def handler(a: A, b: B, api: Api):
    show(a)  # FSA101
    show(b)
    api.load(1)  # FSA101
""",
    ),
    case(
        "method-caller",
        """
import operator
import redis

async def handler(cache: redis.Redis):
    operator.methodcaller("ping")(cache)  # FSA103
    list(map(operator.methodcaller("ping"), [cache]))  # FSA103
    operator.attrgetter("get")(cache)("k")  # FSA103
    operator.methodcaller("upper")("x")
""",
    ),
    case(
        "model-validate",
        """
import requests
from pydantic import BaseModel, field_validator

class Order(BaseModel):
    url: str

    @field_validator("url")
    @classmethod
    def check(cls, value: str) -> str:
        requests.head(value)
        return value

    def fetch(self):
        return requests.get(self.url)

class Plain(BaseModel):
    url: str

async def handler(data):
    Order.model_validate(data)  # FSA102
    Plain.model_validate(data)
""",
    ),
    case(
        "model-post-init",
        """
import requests
from pydantic import BaseModel

class Post(BaseModel):
    url: str

    def model_post_init(self, context) -> None:
        requests.get(self.url)

async def handler(url):
    Post(url=url)  # FSA102
""",
    ),
    case(
        "private-attributes",
        """
import requests
from pydantic import BaseModel, PrivateAttr, computed_field

class Client(BaseModel):
    host: str
    _made = PrivateAttr(default_factory=requests.Session)
    _given = PrivateAttr(default=requests.Session())

    @computed_field
    def title(self) -> str:
        return requests.get(self.host).text

    @computed_field
    @property
    def other(self) -> str:
        return requests.get(self.host).text

async def handler(client: Client):
    client._made.get("x")  # FSA102
    client._given.get("x")  # FSA102
    client.title  # FSA102
    client.other  # FSA102
""",
    ),
    case(
        "view-with-a-dependency",
        """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv
from sqlalchemy.orm import Session

router = APIRouter()

def get_db():
    yield Session()

@cbv(router)
class Items:
    db: Session = Depends(get_db)

    @router.get("/a")
    async def read(self):
        return self.db.query(int).all()  # FSA103
""",
    ),
    case(
        "registered-tool-gets-what-clients-send",
        """
import requests
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("x")

@mcp.tool()
def move(document: str, collection: str | None = None) -> str:
    if collection is None:
        return "no"
    return requests.post("http://x/move", timeout=5).text  # FSA102

@mcp.tool()
def delete(document: str, permanent: bool = False) -> str:
    if permanent:
        return requests.post("http://x/delete", timeout=5).text  # FSA102
    return "kept"
""",
    ),
    case(
        "declared-or-none",
        """
from typing import Any
import requests

class Agent:
    def __init__(self, tools: list[Any] | None = None, named: dict[str, Any] | None = None):
        self.tools = tools
        self.named = named

    async def run(self, name):
        for tool in self.tools:
            tool("a")  # FSA102
        self.named[name]("a")  # FSA102

def search(query):
    return requests.get(query).text

agent = Agent([search], {"search": search})
""",
    ),
    case(
        "tasks-with-arguments",
        """
import anyio
import time
import requests
import trio

def slow():
    time.sleep(1)

async def run(function):
    function()  # FSA101

async def use(session):
    session.get("x")  # FSA102

async def handler():
    async with anyio.create_task_group() as group:
        group.start_soon(run, slow)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(use, requests.Session())
""",
    ),
    case(
        "overridden-template",
        """
import asyncio
from abc import ABC, abstractmethod
import requests

class Tool(ABC):
    @abstractmethod
    def run(self, x): ...

    async def arun(self, x):
        return self.run(x)

class Http(Tool):
    def run(self, x):
        return requests.get(x)

    async def arun(self, x):
        return await asyncio.to_thread(self.run, x)

async def execute(tool: Tool, x):
    return await tool.arun(x)
""",
    ),
    case(
        "inherited-template",
        """
from abc import ABC, abstractmethod
import requests

class Tool(ABC):
    @abstractmethod
    def run(self, x): ...

    async def arun(self, x):
        return self.run(x)  # FSA102

class Http(Tool):
    def run(self, x):
        return requests.get(x)

    async def arun(self, x):
        return await super().arun(x)
""",
    ),
    case(
        "text-that-chooses",
        """
import time

def act(mode="fast"):
    if mode == "slow":
        time.sleep(1)

async def handler(mode):
    act("fast")
    act()
    act("slow")  # FSA101
    act(mode)  # FSA101

def name_of(x):
    if x:
        return "fast"
    return x.mode

async def named(x):
    act(name_of(x))  # FSA101
""",
    ),
    case(
        "running-loop-probe-in-a-helper",
        """
import asyncio
import requests

def in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True

def on_loop() -> bool:
    try:
        asyncio.get_running_loop()
        return True
    except RuntimeError:
        return False

def report(x):
    if not in_loop():
        requests.post("http://x", json=x)

def report_early(x):
    if on_loop():
        return
    requests.post("http://x", json=x)

async def handler():
    report(1)
    report_early(1)
""",
    ),
    case(
        "told-apart-by-a-variable",
        """
import inspect
from typing import BinaryIO, Union

class AsyncFile:
    async def write(self, data: bytes) -> int: ...

async def flat(file: Union[AsyncFile, BinaryIO], data: bytes):
    is_async = inspect.iscoroutinefunction(file.write)
    if is_async:
        await file.write(data)
    else:
        file.write(data)
""",
    ),
    case(
        "result-of-an-awaited-call",
        """
import asyncio
import lark_oapi as lark
from sendgrid import SendGridAPIClient

async def send(client: lark.Client, request) -> str:
    response = await client.im.v1.message.aget(request)
    client.im.v1.message.get(request)  # FSA107
    return response.raw.headers.get("content-type")

async def mail(client: SendGridAPIClient, message) -> str:
    response = await asyncio.to_thread(client.client.mail.send.post, request_body=message)
    client.client.mail.send.post(request_body=message)  # FSA107
    return response.headers.get("X-Message-Id")
""",
    ),
    case(
        "handler-of-log-records",
        """
import logging
import requests
from fastapi import FastAPI

app = FastAPI()

class Alarm(logging.Handler):
    def emit(self, record):
        requests.post("https://alarm.example.org")  # FSA102

class Kept(logging.Handler):
    def emit(self, record):
        self.records.append(record)
""",
    ),
    case(
        "switch-through-a-wrapper",
        """
import functools
import time

def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@logged
def act(block=False):
    if block:
        time.sleep(1)

def forward(**options):
    act(**options)

def some(other=None, **options):
    act(**options)

async def handler(x):
    some(None, block=x)  # FSA101
    act()
    act(False)
    act(block=False)
    forward(block=False)
    act(True)  # FSA101
    act(block=True)  # FSA101
    act(x)  # FSA101
    forward(block=True)  # FSA101
""",
    ),
    case(
        "over-before-it-is-waited-for",
        """
import asyncio
import multiprocessing
import subprocess
import threading

async def process(child: subprocess.Popen):
    while child.poll() is None:
        await asyncio.sleep(0.1)
    return child.wait()

async def still_there(child: subprocess.Popen):
    if child.poll() is None:
        child.wait()  # FSA105

async def thread(worker: threading.Thread):
    while worker.is_alive():
        await asyncio.sleep(0.1)
    worker.join()

async def one_branch(worker: threading.Thread):
    if not worker.is_alive():
        worker.join()
    worker.join()  # FSA108

async def event(done: threading.Event):
    while not done.is_set():
        await asyncio.sleep(0.1)
    done.wait()

async def made():
    child = multiprocessing.Process(target=print)
    child.start()
    while child.is_alive():
        await asyncio.sleep(1)
    child.join()
""",
    ),
    case(
        "what-a-query-gives",
        """
import bcrypt
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session, declarative_base

class Base(DeclarativeBase): ...

class User(Base):
    def check(self, password):
        return bcrypt.checkpw(password, self.password)

class Member(declarative_base()):
    def check(self, password):
        return bcrypt.checkpw(password, self.password)

async def loaded(db: AsyncSession, password):
    user = await db.get(User, 1)
    user.check(password)  # FSA110
    user = (await db.execute(select(User).where(User.id == 1))).scalar_one_or_none()
    user.check(password)  # FSA110
    for user in (await db.scalars(select(User))).all():
        user.check(password)  # FSA110
    found = await db.execute(select(Member).limit(1))
    member = found.scalars().first()
    if not member:
        return
    member.check(password)  # FSA110
    number = await db.scalar(select(User.id))
    number.check(password)

async def blocking(db: Session, password):
    user = db.query(User).first()  # FSA103
    user.check(password)  # FSA110
""",
    ),
    case(
        "what-an-async-query-gives",
        """
import bcrypt
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

class Hero(SQLModel, table=True):
    def check(self, password):
        return bcrypt.checkpw(password, self.password)

async def handler(db: AsyncSession, password):
    hero = (await db.exec(select(Hero))).first()
    hero.check(password)  # FSA110
""",
    ),
    case(
        "decorated-class-of-coroutine-functions",
        """
from dataclasses import dataclass
import synchronicity

synchronizer = synchronicity.Synchronizer()

def convert(cls):
    return cls

@convert
class Converted:
    async def connect(self): ...

@synchronizer.wrap
class Wrapped:
    async def connect(self): ...

@dataclass(slots=True)
class Plain:
    async def connect(self): ...

def use():
    Converted().connect()
    Wrapped().connect()
    Plain().connect()  # FSA204
""",
    ),
    case(
        "database-in-memory-perhaps",
        """
import sqlite3
from pathlib import Path

MEMORY = ":memory:"

class A:
    def __init__(self, p: Path | None):
        self.db = sqlite3.connect(database=p or MEMORY)

    def ask(self):
        self.db.execute("select 1")

class B:
    def __init__(self, p: str | None):
        self.db = sqlite3.connect(p if p else ":memory:")

    def ask(self):
        self.db.execute("select 1")

class C:
    def __init__(self, p: str | None = None):
        if p is None:
            p = ":memory:"
        self.db = sqlite3.connect(p)

    def ask(self):
        self.db.execute("select 1")

class D:
    def __init__(self):
        self.db = sqlite3.connect(MEMORY)

    def ask(self):
        self.db.execute("select 1")

async def handler(a: A, b: B, c: C, d: D):
    a.ask()  # FSA103
    b.ask()  # FSA103
    c.ask()  # FSA103
    d.ask()
""",
    ),
    case(
        "constant-by-name",
        """
import queue
import threading
import time
from typing import Final

WAIT = False
NOWAIT: Final = False
DELAY = 0
LATE = 0
lock = threading.Lock()
items = queue.Queue()

def set_late(seconds):
    global LATE
    LATE = seconds

async def handler(flag):
    wait = False
    items.get(block=wait)
    items.get(WAIT)
    items.get(**{"block": False})
    options = {"block": False}
    items.get(**options)
    time.sleep(DELAY)
    time.sleep(LATE)  # FSA101
    lock.acquire(NOWAIT)
    block = False
    if flag:
        block = True
    items.get(block=block)  # FSA108
""",
    ),
    case(
        "default-factories",
        """
import socket
from dataclasses import dataclass, field
import attrs
import requests
from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()

def token():
    return requests.get("x")

def rate():
    return requests.get("x")  # FSA102

@dataclass
class Node:
    address: str = field(default_factory=lambda: socket.gethostbyname("db"))
    names: list[str] = field(default_factory=list)

@attrs.define
class Context:
    token: str = attrs.field(factory=token)

class Item(BaseModel):
    token: str = Field(default_factory=token)

class Order(BaseModel):
    rate: float = Field(default_factory=rate)

@app.post("/")
async def order(body: Order): ...

async def handler():
    Node()  # FSA106
    Node("10.0.0.1")
    Node(address="10.0.0.1")
    Context()  # FSA102
    Item()  # FSA102
    Item(token="x")
""",
    ),
    case(
        "callback-is-a-partial-of-a-library",
        """
import asyncio
import functools
import requests
import time

async def handler(work):
    asyncio.get_running_loop().call_soon(functools.partial(time.sleep, 2))  # FSA101
    asyncio.get_running_loop().call_soon(functools.partial(time.sleep, 0))
    task = asyncio.create_task(work)
    task.add_done_callback(functools.partial(requests.post, "x"))  # FSA102
    await task
""",
    ),
    case(
        "future-that-was-awaited",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()

def work(): ...

async def handler():
    one = pool.submit(work)
    await asyncio.wrap_future(one)
    one.result()
    two = pool.submit(work)
    await asyncio.wait_for(asyncio.wrap_future(two), 3)
    two.result()
    three = pool.submit(work)
    three.result()  # FSA108
""",
    ),
    case(
        "declared-where-a-registry-is-known-in-part",
        """
import socket
from typing import Any, Dict, Optional

class Auth:
    def check(self, host):
        return socket.getfqdn(host)

class Remote(Auth):
    def check(self, host):
        return host

class App:
    def run(self): ...

class Server:
    def __init__(self):
        self.parts: Dict[str, Any] = {}
        self.parts["app"] = App()

    def find(self, name, default=None):
        return self.parts.get(name, default)

async def handler(server: Server):
    auth: Auth = server.find("auth")
    auth.check("x")  # FSA106
    maybe: Optional[Auth] = server.find("auth", None)
    if maybe is not None:
        maybe.check("x")  # FSA106
    known: Auth = Remote()
    known.check("x")
""",
    ),
    case(
        "lock-held-over-an-await",
        """
import asyncio
import threading

LOCK = threading.Lock()
AGAIN = threading.RLock()

class Session:
    def __init__(self):
        self.lock = threading.Lock()

    async def refresh(self):
        with self.lock:  # FSA108
            await asyncio.sleep(1)

    async def short(self):
        with self.lock:
            self.count = 1

async def stream(source):
    with LOCK:  # FSA108
        async for part in source:
            yield part

async def nested():
    with LOCK:
        async def later():
            await asyncio.sleep(1)
    with AGAIN:
        await asyncio.sleep(1)
    own = threading.Lock()
    with own:
        await asyncio.sleep(1)
    return later
""",
    ),
    case(
        "special-methods-that-are-not-written",
        """
import time

class Job:
    def __str__(self):
        time.sleep(1)
        return "job"

    def __lt__(self, other):
        time.sleep(1)
        return True

class Remote:
    def __setattr__(self, name, value):
        time.sleep(1)

async def handler(job: Job, jobs: list[Job], remote: Remote):
    print("now", job)  # FSA101
    sorted(jobs)  # FSA101
    sorted(jobs, key=id)
    remote.name = "x"  # FSA101
    job.name = "x"
""",
    ),
    case(
        "patched-by-a-test",
        """
class Adapter:
    def drop(self): ...

async def delete(adapter: Adapter):
    adapter.drop()
# file: tests/test_adapter.py
import time
from main import Adapter

def slow(self):
    time.sleep(1)

def test_delete():
    Adapter.drop = slow
""",
    ),
    case(
        "what-writes-a-model",
        """
import requests
import time
from fastapi import FastAPI
from pydantic import BaseModel, computed_field, field_serializer, model_serializer

app = FastAPI()

class Item(BaseModel):
    url: str

    @computed_field
    @property
    def size(self) -> int:
        return len(requests.get(self.url).content)

class Order(BaseModel):
    url: str

    @field_serializer("url")
    def text(self, value):
        time.sleep(1)

class Plain(BaseModel):
    @model_serializer
    def all(self):
        return {}

class Answer(BaseModel):
    @model_serializer
    def all(self):
        time.sleep(1)  # FSA101
        return {}

class Shown(BaseModel):
    @computed_field
    @property
    def size(self) -> int:
        return len(requests.get("http://x").content)  # FSA102

@app.get("/")
def answer() -> list[Answer]: ...

@app.get("/shown", response_model=list[Shown])
async def shown() -> list[Plain]:
    return []

async def handler(item: Item, order: Order, plain: Plain):
    item.model_dump()  # FSA102
    order.model_dump_json(indent=1)  # FSA101
    plain.model_dump()
""",
    ),
    case(
        "type-guard",
        """
from typing import Any, TypeGuard
import redis

def is_redis(x: Any) -> TypeGuard[redis.Redis]:
    return hasattr(x, "ping")

async def handler(app):
    client = app.plugins["cache"]
    client.get("x")
    if not is_redis(client):
        return client.get("x")
    return client.get("x")  # FSA103
""",
    ),
    case(
        "class-that-is-another-one",
        """
import time

class Base:
    def __new__(cls, *args):
        if cls is not Base:
            return super().__new__(cls)
        time.sleep(1)
        return super().__new__(cls)

class Sub(Base): ...

async def handler():
    Sub()
    Base()  # FSA101
""",
    ),
    case(
        "member-of-a-constant",
        """
import time

FACTORIES = frozenset({"pipeline", "pubsub"})

class Proxy:
    def __init__(self, client):
        self.client = client

    def __getattr__(self, name):
        if name in FACTORIES:
            return getattr(self.client, name)
        return self.wrap(name)

    def wrap(self, name):
        def wrapper(*args):
            time.sleep(1)
        return wrapper

async def handler(proxy: Proxy, name):
    proxy.pipeline()
    proxy.get("x")  # FSA101
""",
    ),
    case(
        "one-of-several-classes",
        """
import time
import requests

class Memory:
    def load(self):
        return 1

class Web:
    def load(self):
        time.sleep(1)

class Far:
    def load(self):
        requests.get("x")

class Holder:
    def __init__(self, source):
        self.source = source

class Remote:
    def __init__(self, source):
        self.source = source

holders = [Holder(Memory()), Holder(Web())]
remotes = [Remote(Web()), Remote(Far())]

async def handler(holder: Holder, remote: Remote):
    holder.source.load()  # FSA101
    remote.source.load()  # FSA101
""",
    ),
    case(
        "descriptor-as-decorator",
        """
import functools
import time

class lazy:
    def __init__(self, function):
        self.function = function

    def __get__(self, target, owner=None):
        return self.function(target)

class method:
    def __init__(self, function):
        self.function = function

    def __get__(self, target, owner=None):
        return functools.partial(self.function, target)

class Settings:
    @lazy
    def rates(self):
        time.sleep(1)

    @lazy
    def name(self):
        return "x"

    @method
    def load(self):
        time.sleep(1)

async def handler(settings: Settings):
    settings.rates  # FSA101
    settings.name
    settings.load
""",
    ),
    case(
        "typed-dictionary",
        """
from typing import TypedDict
import redis

class Clients(TypedDict, total=False):
    cache: redis.Redis
    name: str

async def handler(clients: Clients):
    clients["cache"].get("x")  # FSA103
    clients.get("cache").get("x")  # FSA103
    clients.get("name").upper()
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_choosing(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
