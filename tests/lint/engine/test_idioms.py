"""Idioms of real code, whole: several of the engine's abilities at once, and what looks like blocking beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

BLOCKING = [
    case(
        "defaults-and-class-bodies-run-where-they-stand",
        """
import time
def now():
    time.sleep(1)
    return 1
async def handler(session):
    def inner(at=now()):  # FSA101
        return at
    def later(at=None):
        return at or now()
    class Options:
        first = now()  # FSA101
        plain = 3
        def at(self, value=now()):  # FSA101
            return now()
    quick = lambda at=now(): at  # FSA101
    return inner, later, Options, quick
async def not_run(at=now()):
    return lambda: now()
""",
    ),
    case(
        "dependency-that-a-factory-of-routers-is-given",
        """
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
Local = sessionmaker(create_engine("postgresql://host/db"))
def get_db():
    with Local() as db:
        yield db
async def get_name():
    return {}
def make(provider, other):
    router = APIRouter()
    @router.get("/")
    async def rows(db=Depends(provider), name=Depends(other)):
        name.get("x")
        return db.query(object).all()  # FSA103
    @router.get("/sync")
    def more(db=Depends(provider)):
        return db.query(object).all()
    return router
router = make(get_db, get_name)
""",
    ),
    case(
        "annotated-queue-with-a-bound",
        """
import queue
jobs: "queue.Queue[int]" = queue.Queue(maxsize=1)
free: "queue.Queue[int]" = queue.Queue()
async def handler():
    free.put(1)
    jobs.put_nowait(1)
    jobs.put(1)  # FSA108
""",
    ),
    case(
        "tenacity-retrying-loop",
        """
import requests
from tenacity import Retrying, stop_after_attempt
async def handler(url):
    for attempt in Retrying(stop=stop_after_attempt(3)):
        with attempt:
            return requests.get(url)  # FSA102
""",
    ),
    case(
        "tenacity-retrying-call",
        """
import requests
from tenacity import Retrying, stop_after_attempt
async def handler(url):
    return Retrying(stop=stop_after_attempt(3))(requests.get, url)  # FSA102
""",
    ),
    case(
        "tenacity-sleeps",
        """
from tenacity import retry, wait_fixed
@retry(wait=wait_fixed(2))
def compute():
    return 1
async def handler():
    return compute()
""",
    ),
    case(
        "singledispatchmethod",
        """
from functools import singledispatchmethod
import requests
class Api:
    @singledispatchmethod
    def load(self, source):
        return requests.get(source)
async def handler(api: Api, url):
    return api.load(url)  # FSA102
""",
    ),
    case(
        "lock-async-with-sqlite",
        """
import asyncio
import sqlite3
class Store:
    def __init__(self, path):
        self._conn = sqlite3.connect(path)
        self._lock = asyncio.Lock()
    async def put(self, k, v):
        async with self._lock:
            self._conn.execute("insert", (k, v))  # FSA103
            self._conn.commit()  # FSA103
""",
    ),
    case(
        "with-conn-as-transaction",
        """
import sqlite3
async def handler(path):
    with sqlite3.connect(path) as conn:  # FSA103
        conn.execute("x")  # FSA103
""",
    ),
    case(
        "engine-from-settings",
        """
from functools import lru_cache
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
@lru_cache
def get_engine():
    return create_engine("x")
def get_sessionmaker():
    return sessionmaker(bind=get_engine())
def get_db():
    session_factory = get_sessionmaker()
    session = session_factory()
    try:
        yield session
    finally:
        session.close()
from fastapi import Depends, APIRouter
router = APIRouter()
@router.get("/")
async def read(db = Depends(get_db)):
    return db.execute("x").all()  # FSA103
""",
    ),
    case(
        "crud-class",
        """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session
app = FastAPI()
class CRUDBase:
    def __init__(self, model):
        self.model = model
    def get(self, db: Session, id):
        return db.query(self.model).filter(self.model.id == id).first()
class CRUDUser(CRUDBase):
    pass
user = CRUDUser(object)
def get_db():
    raise NotImplementedError
@app.get("/")
async def read(db: Session = Depends(get_db)):
    return user.get(db, 1)  # FSA103
""",
    ),
    case(
        "service-injected-by-depends-class",
        """
from typing import Annotated
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session
app = FastAPI()
def get_db() -> Session:
    return Session(None)
class Repo:
    def __init__(self, db: Annotated[Session, Depends(get_db)]):
        self.db = db
    def all(self):
        return self.db.query(object).all()
class Service:
    def __init__(self, repo: Annotated[Repo, Depends()]):
        self.repo = repo
    def list(self):
        return self.repo.all()
@app.get("/")
async def read(service: Annotated[Service, Depends(Service)]):
    return service.list()  # FSA103
""",
    ),
    case(
        "get-service-provider",
        """
from fastapi import Depends, FastAPI
import requests
app = FastAPI()
class Service:
    def __init__(self, http):
        self.http = http
    def load(self):
        return self.http.get("x")
def get_http():
    return requests.Session()
def get_service(http=Depends(get_http)):
    return Service(http)
@app.get("/")
async def read(service: Service = Depends(get_service)):
    return service.load()  # FSA102
""",
    ),
    case(
        "state-on-lifespan",
        """
from contextlib import asynccontextmanager
import redis
from fastapi import FastAPI, Request
@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.redis = redis.Redis()
    yield
app = FastAPI(lifespan=lifespan)
@app.get("/")
async def read(request: Request):
    return request.app.state.redis.get("x")  # FSA103
""",
    ),
    case(
        "state-yielded-by-lifespan",
        """
from contextlib import asynccontextmanager
import redis
from fastapi import FastAPI, Request
@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"cache": redis.Redis()}
app = FastAPI(lifespan=lifespan)
@app.get("/")
async def read(request: Request):
    return request.state.cache.get("x")  # FSA103
""",
    ),
    case(
        "provider-from-state",
        """
import redis
from fastapi import Depends, FastAPI, Request
app = FastAPI()
def get_cache(request: Request) -> redis.Redis:
    return request.app.state.cache
@app.get("/")
async def read(cache: redis.Redis = Depends(get_cache)):
    return cache.get("x")  # FSA103
""",
    ),
    case(
        "http-exception-raise-in-sync",
        """
import time
from fastapi import FastAPI, HTTPException
app = FastAPI()
def check(x):
    if x:
        raise HTTPException(404)
    time.sleep(1)
@app.get("/")
async def read(x: int):
    check(x)  # FSA101
""",
    ),
    case(
        "router-dependencies",
        """
import requests
from fastapi import APIRouter, Depends
async def verify(token: str):
    requests.get("x")  # FSA102
def sync_verify(token: str):
    requests.get("x")
router = APIRouter(dependencies=[Depends(verify), Depends(sync_verify)])
""",
    ),
    case(
        "asyncio-to-thread-partialed-later",
        """
import asyncio
import requests
class Client:
    def __init__(self):
        self._session = requests.Session()
    def _get(self, path):
        return self._session.get(path)
    async def get(self, path):
        func = self._get
        return await asyncio.to_thread(func, path)
""",
    ),
    case(
        "executor-on-class-attr",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import bcrypt
class Hasher:
    _pool = ThreadPoolExecutor(max_workers=2)
    @classmethod
    async def hash(cls, pw):
        loop = asyncio.get_event_loop()
        return await loop.run_in_executor(cls._pool, bcrypt.hashpw, pw, bcrypt.gensalt())
""",
    ),
    case(
        "gather-executor-comprehension",
        """
import asyncio
import requests
async def handler(urls):
    loop = asyncio.get_running_loop()
    tasks = [loop.run_in_executor(None, requests.get, u) for u in urls]
    for r in await asyncio.gather(*tasks):
        print(r.status_code)
    for f in asyncio.as_completed(tasks):
        print(await f)
""",
    ),
    case(
        "thread-executor-with-loop",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import requests
async def handler(url):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as pool:
        return await loop.run_in_executor(pool, requests.get, url)
""",
    ),
    case(
        "async-timeout",
        """
import asyncio
import time
async def handler():
    async with asyncio.timeout(3):
        time.sleep(5)  # FSA101
""",
    ),
    case(
        "nested-async-def-in-sync",
        """
import time
def factory():
    async def inner():
        time.sleep(1)  # FSA101
    return inner
""",
    ),
    case(
        "async-lambda-in-dict",
        """
import time
JOBS = {"a": lambda: time.sleep(1)}
async def handler():
    JOBS["a"]()  # FSA101
""",
    ),
    case(
        "class-registry-decorator",
        """
import time
REGISTRY = {}
def register(cls):
    REGISTRY[cls.__name__] = cls
    return cls
@register
class Slow:
    def run(self):
        time.sleep(1)
async def handler(name):
    REGISTRY[name]().run()  # FSA101
""",
    ),
    case(
        "subclass-registry-init-subclass",
        """
import time
class Base:
    kinds = {}
    def __init_subclass__(cls, **kwargs):
        Base.kinds[cls.__name__] = cls
    def run(self):
        raise NotImplementedError
class Slow(Base):
    def run(self):
        time.sleep(1)
async def handler(name):
    Base.kinds[name]().run()  # FSA101
""",
    ),
    case(
        "factory-if-else",
        """
import requests
class A:
    def go(self):
        return requests.get("x")
class B:
    def go(self):
        return requests.post("x")
def make(kind):
    if kind == "a":
        return A()
    elif kind == "b":
        return B()
    raise ValueError(kind)
async def handler(kind):
    return make(kind).go()  # FSA102
""",
    ),
    case(
        "factory-match",
        """
import requests
class A:
    def go(self):
        return requests.get("x")
def make(kind):
    match kind:
        case "a":
            return A()
        case _:
            raise ValueError
async def handler(kind):
    return make(kind).go()  # FSA102
""",
    ),
    case(
        "events-emitter",
        """
import time
class Bus:
    def __init__(self):
        self.handlers = []
    def on(self, fn):
        self.handlers.append(fn)
    def emit(self, value):
        for fn in self.handlers:
            fn(value)
bus = Bus()
def slow(value):
    time.sleep(1)
bus.on(slow)
async def handler():
    bus.emit(1)  # FSA101
""",
    ),
    case(
        "listeners-by-name",
        """
import time
class Bus:
    def __init__(self):
        self.handlers = {}
        self.late: dict[str, list] = {}
    def on(self, name, fn):
        self.handlers.setdefault(name, []).append(fn)
    def at(self, name):
        def decorate(fn):
            if name not in self.late:
                self.late[name] = []
            self.late[name].append(fn)
            return fn
        return decorate
    def emit(self, name):
        for fn in self.handlers.get(name, []):
            fn()
    def emit_late(self, name):
        for fn in self.late[name]:
            fn()
bus = Bus()
def slow():
    time.sleep(1)
bus.on("x", slow)
@bus.at("x")
def slower():
    time.sleep(2)
async def handler():
    bus.emit("x")  # FSA101
    bus.emit_late("x")  # FSA101
""",
    ),
    case(
        "names-bound-by-patterns",
        """
import requests
class Deps:
    def __init__(self):
        self.session = requests.Session()
async def handler(deps: Deps, pair: tuple[int, requests.Session], named: dict[str, requests.Session], other):
    match deps:
        case Deps(session=session):
            session.get("")  # FSA102
    match pair:
        case (0, session) | (1, session):
            session.get("")  # FSA102
        case [_, *_]:
            pass
    match named:
        case {"a": session, **rest}:
            session.get("")  # FSA102
    match other:
        case {"s": requests.Session() as session}:
            session.get("")  # FSA102
        case [str(), *_, requests.Session() as session]:
            session.get("")  # FSA102
        case {"text": session}:
            session.get("")
""",
    ),
    case(
        "events-emitter-dict",
        """
from collections import defaultdict
import time
class Bus:
    def __init__(self):
        self.handlers = defaultdict(list)
    def on(self, name, fn):
        self.handlers[name].append(fn)
    def emit(self, name):
        for fn in self.handlers[name]:
            fn()
bus = Bus()
def slow():
    time.sleep(1)
bus.on("x", slow)
async def handler():
    bus.emit("x")  # FSA101
""",
    ),
    case(
        "emitter-decorator",
        """
import time
class Bus:
    def __init__(self):
        self.handlers = {}
    def on(self, name):
        def add(fn):
            self.handlers[name] = fn
            return fn
        return add
    def emit(self, name):
        self.handlers[name]()
bus = Bus()
@bus.on("x")
def slow():
    time.sleep(1)
async def handler():
    bus.emit("x")  # FSA101
""",
    ),
    case(
        "middleware-chain",
        """
import time
def first(x):
    return x
def second(x):
    time.sleep(1)
    return x
PIPELINE = [first, second]
def run(x):
    for step in PIPELINE:
        x = step(x)
    return x
async def handler(x):
    return run(x)  # FSA101
""",
    ),
    case(
        "property-chain",
        """
import redis
class A:
    @property
    def b(self):
        return B()
class B:
    @property
    def client(self):
        return redis.Redis()
async def handler(a: A):
    return a.b.client.get("x")  # FSA103
""",
    ),
    case(
        "walrus-comprehension",
        """
import requests
async def handler(urls):
    return [y for u in urls if (y := requests.get(u)).ok]  # FSA102
""",
    ),
    case(
        "async-for-with-sync-body",
        """
import requests
async def handler(stream):
    async for item in stream:
        requests.post("x", json=item)  # FSA102
""",
    ),
    case(
        "try-star-and-else",
        """
import requests
async def handler(url):
    try:
        pass
    except* ValueError:
        requests.get(url)  # FSA102
    else:
        requests.get(url)  # FSA102
""",
    ),
    case(
        "conditional-lambda",
        """
import requests
async def handler(url, fetch=None):
    fetch = fetch or (lambda u: requests.get(u))
    return fetch(url)  # FSA102
""",
    ),
    case(
        "default-factory-param",
        """
import requests
class Api:
    def __init__(self, factory=requests.Session):
        self.session = factory()
    async def go(self):
        return self.session.get("x")  # FSA102
""",
    ),
    case(
        "param-class-injected",
        """
import requests
class Api:
    session_class = requests.Session
    def __init__(self):
        self.session = self.session_class()
    async def go(self):
        return self.session.get("x")  # FSA102
""",
    ),
    case(
        "type-self-class",
        """
import requests
class Api:
    def clone(self):
        return type(self)()
    def get(self):
        return requests.get("x")
    async def go(self):
        return self.clone().get()  # FSA102
""",
    ),
    case(
        "dunder-class",
        """
import requests
class Api:
    def clone(self):
        return self.__class__()
    def get(self):
        return requests.get("x")
    async def go(self):
        return self.clone().get()  # FSA102
""",
    ),
    case(
        "weakref-and-copy",
        """
import copy
import requests
session = requests.Session()
async def handler():
    return copy.copy(session).get("x")  # FSA102
""",
    ),
    case(
        "namedtuple-field",
        """
from collections import namedtuple
import redis
Deps = namedtuple("Deps", "cache url")
deps = Deps(redis.Redis(), "x")
async def handler():
    return deps.cache.get("x")  # FSA103
""",
    ),
    case(
        "dict-unpack-call",
        """
import requests
def go(url, session):
    return session.get(url)
async def handler():
    kwargs = {"url": "x", "session": requests.Session()}
    return go(**kwargs)  # FSA102
""",
    ),
    case(
        "list-unpack-call",
        """
import requests
def go(url, session):
    return session.get(url)
async def handler():
    args = ["x", requests.Session()]
    return go(*args)  # FSA102
""",
    ),
    case(
        "global-in-class-method",
        """
import boto3
class S3:
    _client = None
    @classmethod
    def client(cls):
        if cls._client is None:
            cls._client = boto3.client("s3")
        return cls._client
    @classmethod
    def put(cls, k):
        cls.client().put_object(Key=k)
async def handler():
    S3.put("x")  # FSA107
""",
    ),
    case(
        "thread-local",
        """
import threading
import sqlite3
local = threading.local()
def conn():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect("x")
    return local.db
async def handler():
    conn().execute("x")  # FSA103
""",
    ),
    case(
        "asynccontextmanager-around-sync",
        """
from contextlib import asynccontextmanager
from sqlalchemy.orm import sessionmaker
Local = sessionmaker()
@asynccontextmanager
async def session():
    db = Local()
    try:
        yield db
        db.commit()  # FSA103
    except Exception:
        db.rollback()  # FSA103
        raise
async def handler():
    async with session() as db:
        db.execute("x")  # FSA103
""",
    ),
    case(
        "contextmanager-commits",
        """
from contextlib import contextmanager
from sqlalchemy.orm import sessionmaker
Local = sessionmaker()
@contextmanager
def session():
    db = Local()
    yield db
    db.commit()
async def handler():
    with session() as db:  # FSA103
        db.add(1)
""",
    ),
    case(
        "uow-class",
        """
from sqlalchemy.orm import sessionmaker
Local = sessionmaker()
class Uow:
    def __enter__(self):
        self.session = Local()
        return self
    def __exit__(self, *a):
        self.session.rollback()
    def commit(self):
        self.session.commit()
async def handler():
    with Uow() as uow:  # FSA103
        uow.session.add(1)
        uow.commit()  # FSA103
""",
    ),
    case(
        "abstract-repo-uow",
        """
import abc
from sqlalchemy.orm import Session
class AbstractRepo(abc.ABC):
    @abc.abstractmethod
    def get(self, ref): ...
class SqlRepo(AbstractRepo):
    def __init__(self, session: Session):
        self.session = session
    def get(self, ref):
        return self.session.query(object).first()
async def handler(repo: AbstractRepo):
    return repo.get("x")  # FSA103
""",
    ),
    case(
        "stream-sse",
        """
import time
from sse_starlette.sse import EventSourceResponse
async def handler():
    async def gen():
        while True:
            time.sleep(1)  # FSA101
            yield "x"
    return EventSourceResponse(gen())
""",
    ),
    case(
        "file-response-clean",
        """
from fastapi.responses import FileResponse, StreamingResponse
async def handler(path):
    return FileResponse(path)
async def stream(path):
    return StreamingResponse(open(path, "rb"))  # FSA104
""",
    ),
    case(
        "upload-copy-chunks",
        """
from fastapi import UploadFile
import aiofiles
async def handler(file: UploadFile):
    async with aiofiles.open("x", "wb") as out:
        while chunk := await file.read(1024):
            await out.write(chunk)
""",
    ),
    case(
        "requests-in-thread-json-after",
        """
import asyncio
import requests
async def handler(url):
    r = await asyncio.to_thread(requests.get, url)
    r.raise_for_status()
    return r.json()
""",
    ),
    case(
        "logging-config",
        """
import logging
log = logging.getLogger("x")
async def handler():
    log.exception("x")
    logging.info("y")
    log.addHandler(logging.StreamHandler())
""",
    ),
    case(
        "env-and-json",
        """
import os, json
async def handler():
    os.getenv("x"); os.environ["y"]; os.cpu_count(); os.urandom(8)
    return json.dumps({})
""",
    ),
    case(
        "subprocess-popen-poll-loop",
        """
import asyncio, subprocess
async def handler():
    p = await asyncio.to_thread(subprocess.Popen, ["x"])
    while p.poll() is None:
        await asyncio.sleep(1)
""",
    ),
    case(
        "multiprocessing-start",
        """
import multiprocessing
async def handler():
    p = multiprocessing.Process(target=print)
    p.start()
""",
    ),
    case(
        "unittest-async",
        """
import unittest
import requests
class T(unittest.IsolatedAsyncioTestCase):
    async def test_x(self):
        requests.get("x")  # FSA102
""",
    ),
    case(
        "asyncio-streams-callback",
        """
import asyncio, time
async def on_client(reader, writer):
    time.sleep(1)  # FSA101
async def main():
    server = await asyncio.start_server(on_client, "x", 1)
    await server.serve_forever()
""",
    ),
    case(
        "aiohttp-web-sync-middleware",
        """
from aiohttp import web
import time
@web.middleware
async def mw(request, handler):
    time.sleep(1)  # FSA101
    return await handler(request)
""",
    ),
    case(
        "strawberry-resolver",
        """
import requests
import strawberry
@strawberry.type
class Query:
    @strawberry.field
    async def user(self) -> str:
        return requests.get("x").text  # FSA102
""",
    ),
    case(
        "mcp-tool",
        """
import requests
from mcp.server.fastmcp import FastMCP
mcp = FastMCP("x")
@mcp.tool()
async def fetch(url: str) -> str:
    return requests.get(url).text  # FSA102
""",
    ),
    case(
        "taskiq",
        """
import requests
from taskiq import InMemoryBroker
broker = InMemoryBroker()
@broker.task
async def job():
    requests.get("x")  # FSA102
async def handler():
    await job.kiq()
""",
    ),
    case(
        "celery-delay-clean",
        """
from celery import Celery
app = Celery("x")
@app.task
def work(n):
    import time
    time.sleep(n)
async def handler():
    work.apply_async(args=[1])  # FSA107
""",
    ),
    case(
        "celery-called-directly",
        """
from celery import Celery
app = Celery("x")
@app.task
def work(n):
    import time
    time.sleep(n)
async def handler():
    work(1)  # FSA101
""",
    ),
    case(
        "sync-endpoint-helper-async-endpoint-shared",
        """
import requests
from fastapi import FastAPI
app = FastAPI()
class Weather:
    def __init__(self, key):
        self.key = key
        self.session = requests.Session()
    def current(self, city):
        return self._call("current", city)
    def _call(self, what, city):
        return self.session.get(what, params={"q": city}).json()
weather = Weather("k")
@app.get("/a")
def a():
    return weather.current("x")
@app.get("/b")
async def b():
    return weather.current("x")  # FSA102
""",
    ),
    case(
        "email-background-inline",
        """
import smtplib
from email.message import EmailMessage
from fastapi import FastAPI
app = FastAPI()
def send_email(to, body):
    msg = EmailMessage()
    msg.set_content(body)
    with smtplib.SMTP("x", 587) as server:
        server.starttls()
        server.login("a", "b")
        server.send_message(msg)
@app.post("/")
async def signup(to: str):
    send_email(to, "hi")  # FSA106
""",
    ),
    case(
        "token-verification",
        """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from passlib.context import CryptContext
app = FastAPI()
pwd = CryptContext(schemes=["bcrypt"])
oauth2 = OAuth2PasswordBearer(tokenUrl="t")
def verify(a, b):
    return pwd.verify(a, b)
def authenticate(db, name, password):
    user = db.get(name)
    if not verify(password, user["p"]):
        return False
    return user
@app.post("/token")
async def login(name: str, password: str):
    return authenticate({}, name, password)  # FSA110
""",
    ),
    case(
        "file-upload-save-helper",
        """
import shutil
from pathlib import Path
from fastapi import FastAPI, UploadFile
app = FastAPI()
def save(upload: UploadFile, dest: Path):
    with dest.open("wb") as out:
        shutil.copyfileobj(upload.file, out)
@app.post("/")
async def up(f: UploadFile):
    save(f, Path("x"))  # FSA104
""",
    ),
    case(
        "db-class-with-context",
        """
import psycopg2
from psycopg2.extras import RealDictCursor
class Database:
    def __init__(self, dsn):
        self.dsn = dsn
    def __enter__(self):
        self.conn = psycopg2.connect(self.dsn, cursor_factory=RealDictCursor)
        self.cur = self.conn.cursor()
        return self.cur
    def __exit__(self, *exc):
        self.conn.commit()
        self.conn.close()
async def handler():
    with Database("x") as cur:  # FSA103
        cur.execute("x")  # FSA103
        return cur.fetchall()
""",
    ),
    case(
        "pool-getconn",
        """
from psycopg2.pool import ThreadedConnectionPool
pool = ThreadedConnectionPool(1, 5, "x")
async def handler():
    conn = pool.getconn()  # FSA103
    try:
        with conn.cursor() as cur:
            cur.execute("x")  # FSA103
        conn.commit()  # FSA103
    finally:
        pool.putconn(conn)
""",
    ),
    case(
        "mysql-pool",
        """
import pymysql
def conn():
    return pymysql.connect(host="x", cursorclass=pymysql.cursors.DictCursor)
async def handler():
    with conn() as c:  # FSA103
        with c.cursor() as cur:
            cur.execute("x")  # FSA103
""",
    ),
    case(
        "mongo-repository",
        """
from pymongo import MongoClient
from pymongo.database import Database
def get_db() -> Database:
    return MongoClient("x")["a"]
class Repo:
    collection_name = "users"
    def __init__(self, db: Database):
        self.coll = db[self.collection_name]
    def find(self, q):
        return list(self.coll.find(q))
async def handler():
    return Repo(get_db()).find({})  # FSA103
""",
    ),
    case(
        "rag-chain",
        """
from langchain_openai import OpenAIEmbeddings, ChatOpenAI
from langchain_community.vectorstores import Chroma
class Rag:
    def __init__(self):
        self.store = Chroma(embedding_function=OpenAIEmbeddings())
        self.llm = ChatOpenAI()
    def ask(self, q):
        docs = self.store.similarity_search(q)
        return self.llm.invoke(str(docs))
rag = Rag()
async def handler(q):
    return rag.ask(q)  # FSA107
""",
    ),
    case(
        "openai-client-getter",
        """
import os
from functools import cache
from openai import OpenAI
@cache
def client() -> OpenAI:
    return OpenAI(api_key=os.environ["K"])
async def handler(q):
    r = client().chat.completions.create(model="m", messages=[])  # FSA107
    return r.choices[0].message.content
""",
    ),
    case(
        "s3-service",
        """
import boto3
from botocore.exceptions import ClientError
class S3Service:
    def __init__(self, bucket, region=None):
        self.bucket = bucket
        self.s3 = boto3.client("s3", region_name=region)
    def exists(self, key):
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
            return True
        except ClientError:
            return False
    async def put(self, key, body):
        if self.exists(key):  # FSA107
            return
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)  # FSA107
""",
    ),
    case(
        "celery-result-wait",
        """
from celery.result import AsyncResult
from tasks import app
async def handler(tid):
    r = AsyncResult(tid, app=app)
    return r.get(timeout=3)  # FSA107
""",
    ),
    case(
        "telegram-handler",
        """
import requests
from aiogram import Router
router = Router()
@router.message()
async def on_message(m):
    data = requests.get("x").json()  # FSA102
    await m.answer(data)
""",
    ),
    case(
        "async-class-method-and-static",
        """
import time
class A:
    @classmethod
    async def a(cls):
        cls.b()  # FSA101
    @staticmethod
    async def c():
        A.b()  # FSA101
    @classmethod
    def b(cls):
        time.sleep(1)
""",
    ),
    case(
        "dunder-call-on-self",
        """
import time
class A:
    def __call__(self):
        time.sleep(1)
    async def run(self):
        self()  # FSA101
""",
    ),
    case(
        "closure-counter",
        """
import time
def limiter(rate):
    last = [0]
    def wait():
        time.sleep(rate)
        last[0] = 1
    return wait
throttle = limiter(1)
async def handler():
    throttle()  # FSA101
""",
    ),
    case(
        "rate-limit-decorator-class-arg",
        """
import functools, time
class RateLimit:
    def __init__(self, n):
        self.n = n
    def __call__(self, fn):
        @functools.wraps(fn)
        def inner(*a, **k):
            time.sleep(1 / self.n)
            return fn(*a, **k)
        return inner
@RateLimit(3)
def work():
    return 1
async def handler():
    work()  # FSA101
""",
    ),
    case(
        "retry-helper-function",
        """
import time
def retry(fn, n=3):
    for i in range(n):
        try:
            return fn()
        except Exception:
            time.sleep(i)
async def handler():
    return retry(lambda: 1)  # FSA101
""",
    ),
    case(
        "command-pattern",
        """
import abc, subprocess
class Command(abc.ABC):
    @abc.abstractmethod
    def execute(self): ...
class Build(Command):
    def execute(self):
        subprocess.check_call(["make"])
class Test(Command):
    def execute(self):
        subprocess.check_call(["pytest"])
async def handler(commands: list[Command]):
    for c in commands:
        c.execute()  # FSA105
""",
    ),
    case(
        "strategy-dict-of-instances",
        """
import requests
class Json:
    def load(self, u):
        return requests.get(u).json()
class Text:
    def load(self, u):
        return requests.get(u).text
LOADERS = {"json": Json(), "text": Text()}
async def handler(kind, u):
    return LOADERS[kind].load(u)  # FSA102
""",
    ),
    case(
        "optional-chaining-none-attr",
        """
import redis
class C:
    def __init__(self, url=None):
        self.r = redis.from_url(url) if url else None
    async def get(self, k):
        if self.r is not None:
            return self.r.get(k)  # FSA103
""",
    ),
    case(
        "async-with-sync-lock-inside",
        """
import threading, requests
lock = threading.Lock()
def refresh():
    with lock:
        requests.get("x")
async def handler():
    refresh()  # FSA102
""",
    ),
    case(
        "tenacity-method",
        """
import requests
from tenacity import retry, stop_after_attempt, wait_exponential
class Api:
    @retry(stop=stop_after_attempt(3), wait=wait_exponential(multiplier=1))
    def load(self, p):
        r = requests.get(p)
        r.raise_for_status()
        return r.json()
    async def go(self):
        return self.load("x")  # FSA102
""",
    ),
    case(
        "cached-property-client",
        """
from functools import cached_property
import boto3
class A:
    @cached_property
    def table(self):
        return boto3.resource("dynamodb").Table("x")
    async def put(self):
        self.table.put_item(Item={})  # FSA107
""",
    ),
    case(
        "cachetools",
        """
from cachetools import cached, TTLCache
import requests
@cached(TTLCache(1, 2))
def load(u):
    return requests.get(u)
async def handler(u):
    return load(u)  # FSA102
""",
    ),
    case(
        "two-contexts-client-param",
        """
import httpx, requests
def fetch(client, url):
    return client.get(url)
async def a(url):
    return await fetch(httpx.AsyncClient(), url)
async def b(url):
    return fetch(requests.Session(), url)  # FSA102
""",
    ),
    case(
        "sync-iterator-over-async-results",
        """
import requests
def paginate(url):
    while url:
        data = requests.get(url).json()
        yield from data["items"]
        url = data.get("next")
async def handler():
    async def gen():
        for item in paginate("x"):  # FSA102
            yield item
    return [i async for i in gen()]
""",
    ),
    case(
        "itemgetter-sorted-key",
        """
import os
async def handler(paths):
    return sorted(paths, key=lambda p: open(p).read())  # FSA104
""",
    ),
    case(
        "max-key-method",
        """
import requests
class A:
    def score(self, u):
        return len(requests.get(u).text)
    async def best(self, us):
        return max(us, key=self.score)  # FSA102
""",
    ),
    case(
        "any-genexp-helper",
        """
import socket
def alive(h):
    socket.create_connection((h, 1))
    return True
async def handler(hs):
    return any(alive(h) for h in hs)  # FSA106
""",
    ),
    case(
        "assign-in-loop-dict-comp-clients",
        """
import redis
CLIENTS = {n: redis.Redis(db=n) for n in range(3)}
async def handler(n):
    return CLIENTS[n].get("x")  # FSA103
""",
    ),
    case(
        "from-time-star",
        """
from time import *
async def handler():
    sleep(1)  # FSA101
""",
    ),
    case(
        "os-star",
        """
from os import *
async def handler():
    system("x")  # FSA105
""",
    ),
    case(
        "import-submodule-as",
        """
import concurrent.futures as cf
import os.path as osp
import urllib.request as ur
async def handler(u):
    with cf.ThreadPoolExecutor() as p:  # FSA108
        p.submit(print)
    osp.join("a", "b")
    return ur.urlopen(u)  # FSA102
""",
    ),
    case(
        "type-hint-only-in-docstring-unknown",
        """
async def handler(db):
    db.execute("x")
    return db.commit()
""",
    ),
    case(
        "pytest-asyncio-fixture",
        """
import pytest, requests
@pytest.fixture
def session():
    return requests.Session()
@pytest.mark.asyncio
async def test_x(session):
    session.get("x")
""",
    ),
    case(
        "dependency-override",
        """
import time
from fastapi import FastAPI
app = FastAPI()
def slow():
    time.sleep(1)
def fake():
    time.sleep(1)
app.dependency_overrides[slow] = fake
""",
    ),
    case(
        "annotated-dependency-no-type-call-param",
        """
from typing import Annotated
from fastapi import Depends, FastAPI
import requests
app = FastAPI()
class Pagination:
    def __init__(self, skip: int = 0):
        self.skip = skip
async def user(token: str):
    return requests.get(token)  # FSA102
CurrentUser = Annotated[dict, Depends(user)]
@app.get("/")
async def read(u: CurrentUser, p: Annotated[Pagination, Depends()]):
    return u, p.skip
""",
    ),
    case(
        "partial-in-depends",
        """
from functools import partial
import requests
from fastapi import Depends, FastAPI
app = FastAPI()
def load(url):
    return requests.get(url)
@app.get("/")
async def read(x=Depends(partial(load, "u"))):
    return x
""",
    ),
    case(
        "async-init-classmethod",
        """
import sqlite3
class Db:
    def __init__(self, conn):
        self.conn = conn
    @classmethod
    async def create(cls, path):
        conn = sqlite3.connect(path)  # FSA103
        return cls(conn)
    async def all(self):
        return self.conn.execute("x").fetchall()  # FSA103
""",
    ),
    case(
        "await-in-fstring-sync-in-kwargs",
        """
import requests
async def handler(f, u):
    return await f(data=requests.get(u).json(), *[1])  # FSA102
""",
    ),
    case(
        "starlette-sync-middleware-dispatch-func",
        """
from starlette.middleware.base import BaseHTTPMiddleware
from fastapi import FastAPI
import time
app = FastAPI()
async def dispatch(request, call_next):
    time.sleep(1)  # FSA101
    return await call_next(request)
app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
""",
    ),
    case(
        "after-validator-annotated",
        """
from typing import Annotated
import socket
from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel
app = FastAPI()
def resolves(v: str) -> str:
    socket.gethostbyname(v)  # FSA106
    return v
class Host(BaseModel):
    name: Annotated[str, AfterValidator(resolves)]
@app.post("/")
def create(h: Host):
    return h
""",
    ),
    case(
        "computed-field-in-response",
        """
import requests
from pydantic import BaseModel, computed_field
class Item(BaseModel):
    sku: str
    @computed_field
    @property
    def stock(self) -> int:
        return requests.get(self.sku).json()
async def handler(item: Item):
    return item.stock  # FSA102
""",
    ),
    case(
        "mixed-inheritance-attr-annotation",
        """
import redis
class Base:
    cache: redis.Redis
class Child(Base):
    async def get(self, k):
        return self.cache.get(k)  # FSA103
""",
    ),
    case(
        "module-level-conditional-client",
        """
import os
import redis
if os.environ.get("X"):
    client = redis.Redis()
else:
    client = None
async def handler(k):
    return client.get(k)  # FSA103
""",
    ),
    case(
        "client-from-dict-config",
        """
import redis
CONFIG = {"host": "x"}
client = redis.Redis(**CONFIG)
async def handler(k):
    return client.get(k)  # FSA103
""",
    ),
    case(
        "exception-handler-class-method",
        """
import requests
from fastapi import FastAPI
class Handlers:
    async def on(self, request, exc):
        requests.post("x")  # FSA102
    def sync(self, request, exc):
        requests.post("x")
app = FastAPI()
h = Handlers()
app.add_exception_handler(ValueError, h.on)
app.add_exception_handler(KeyError, h.sync)
""",
    ),
    case(
        "fastapi-include-lifespan-router",
        """
from contextlib import asynccontextmanager
import psycopg2
from fastapi import FastAPI
class Db:
    conn = None
    def connect(self):
        self.conn = psycopg2.connect("x")
    def close(self):
        self.conn.close()
db = Db()
@asynccontextmanager
async def lifespan(app):
    db.connect()  # FSA103
    yield
    db.close()
app = FastAPI(lifespan=lifespan)
@app.get("/")
async def read():
    with db.conn.cursor() as cur:
        cur.execute("x")  # FSA103
        return cur.fetchall()
""",
    ),
    case(
        "lifespan-plain-asyncgen",
        """
import requests
from fastapi import FastAPI
async def lifespan(app):
    requests.get("x")  # FSA102
    yield
app = FastAPI(lifespan=lifespan)
""",
    ),
    case(
        "sync-lifespan-helper-in-thread",
        """
import asyncio, requests
from contextlib import asynccontextmanager
@asynccontextmanager
async def lifespan(app):
    await asyncio.to_thread(requests.get, "x")
    yield
""",
    ),
    case(
        "contextmanager-object-held",
        """
import time
from contextlib import contextmanager
@contextmanager
def slow():
    time.sleep(1)
    yield
async def handler():
    cm = slow()
    with cm:  # FSA101
        pass
""",
    ),
    case(
        "class-with-only-exit-blocking",
        """
import time
class T:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        time.sleep(1)
async def handler():
    t = T()
    with t as x:  # FSA101
        print(x)
""",
    ),
    case(
        "contextdecorator",
        """
import time
from contextlib import ContextDecorator
class Slow(ContextDecorator):
    def __enter__(self):
        time.sleep(1)
        return self
    def __exit__(self, *a):
        return False
@Slow()
def work():
    return 1
async def handler():
    work()  # FSA101
""",
    ),
    case(
        "exitstack-enter-own",
        """
import time
from contextlib import ExitStack, contextmanager
@contextmanager
def slow():
    time.sleep(1)
    yield
async def handler():
    with ExitStack() as s:
        s.enter_context(slow())  # FSA101
""",
    ),
    case(
        "async-exitstack",
        """
import time
from contextlib import AsyncExitStack, contextmanager
@contextmanager
def slow():
    time.sleep(1)
    yield
async def handler():
    async with AsyncExitStack() as s:
        s.enter_context(slow())  # FSA101
""",
    ),
    case(
        "nullcontext",
        """
from contextlib import nullcontext
import requests
async def handler(flag):
    with nullcontext(requests.Session()) as s:
        s.get("x")  # FSA102
""",
    ),
    case(
        "redirect-stdout",
        """
import contextlib, io, os
async def handler():
    with contextlib.redirect_stdout(io.StringIO()):
        os.system("x")  # FSA105
""",
    ),
    case(
        "semaphores-with",
        """
import threading
s = threading.BoundedSemaphore(3)
async def handler():
    with s:  # FSA108
        return 1
""",
    ),
    case(
        "lock-acquire-blocking-var",
        """
import threading
lock = threading.Lock()
async def handler(wait: bool):
    lock.acquire(blocking=wait)  # FSA108
""",
    ),
    case(
        "queue-shutdown",
        """
import queue
q = queue.Queue()
def worker():
    while (item := q.get()) is not None:
        print(item)
async def handler():
    q.put(None)
    q.join()  # FSA108
""",
    ),
    case(
        "event-in-class",
        """
import threading
class Task:
    def __init__(self):
        self.done = threading.Event()
    def wait(self, timeout=None):
        return self.done.wait(timeout)
async def handler(t: Task):
    t.wait()  # FSA108
    if t.done.is_set():
        return 1
""",
    ),
    case(
        "future-wait-helper",
        """
from concurrent.futures import Future
class Job:
    def __init__(self):
        self.f = Future()
    def result(self):
        return self.f.result()
async def handler(j: Job):
    return j.result()  # FSA108
""",
    ),
    case(
        "process-pool-map",
        """
from multiprocessing import Pool
def f(n): return n
async def handler():
    with Pool(3) as p:
        return p.map(f, [1])  # FSA108
""",
    ),
    case(
        "joblib-parallel",
        """
from joblib import Parallel, delayed
async def handler(xs):
    return Parallel(n_jobs=2)(delayed(print)(x) for x in xs)  # FSA110
""",
    ),
    case(
        "barrier",
        """
import threading
b = threading.Barrier(2)
async def handler():
    b.wait()  # FSA108
""",
    ),
    case(
        "thread-join-list",
        """
import threading
class Pool:
    def __init__(self):
        self.threads = []
    def start(self):
        t = threading.Thread(target=print)
        t.start()
        self.threads.append(t)
    def stop(self):
        for t in self.threads:
            t.join()
async def handler(p: Pool):
    p.stop()  # FSA108
""",
    ),
    case(
        "hashing-loop",
        """
import hashlib
async def handler(data, salt):
    for _ in range(100000):
        data = hashlib.sha256(data + salt).digest()
    return data
""",
    ),
    case(
        "zlib-big",
        """
import zlib
async def handler(data: bytes):
    return zlib.crc32(data)
""",
    ),
    case(
        "pandas-chain",
        """
import pandas as pd
async def handler(path):
    df = pd.read_excel(path)  # FSA104
    return df.head().to_dict()
""",
    ),
    case(
        "pil-chain",
        """
from PIL import Image
async def handler(path):
    with Image.open(path) as im:  # FSA104
        im.thumbnail((1, 1))  # FSA110
        return im.size
""",
    ),
    case(
        "sklearn-model-predict",
        """
import joblib
from fastapi import FastAPI
from sklearn.linear_model import LogisticRegression
app = FastAPI()
model = LogisticRegression()
@app.post("/")
async def predict(x: list[float]):
    return model.predict([x]).tolist()  # FSA110
""",
    ),
    case(
        "transformers-pipeline",
        """
from transformers import pipeline
pipe = pipeline("sentiment-analysis")
async def handler(t):
    return pipe(t)  # FSA110
""",
    ),
    case(
        "jinja-env",
        """
from jinja2 import Environment, PackageLoader
env = Environment(loader=PackageLoader("x"))
async def handler():
    return env.get_template("x").render()  # FSA104
""",
    ),
    case(
        "fastapi-templates-clean",
        """
from fastapi import Request
from fastapi.templating import Jinja2Templates
templates = Jinja2Templates(directory="x")
""",
    ),
    case(
        "smtp-with",
        """
import smtplib
async def handler(m):
    with smtplib.SMTP_SSL("x") as s:  # FSA106
        s.send_message(m)  # FSA106
""",
    ),
    case(
        "socket-with",
        """
import socket
async def handler():
    with socket.socket() as s:
        s.connect(("x", 1))  # FSA106
        return s.recv(10)  # FSA106
""",
    ),
    case(
        "ftplib",
        """
from ftplib import FTP
async def handler():
    with FTP("x") as f:  # FSA106
        f.login()  # FSA106
""",
    ),
    case(
        "paramiko-helper",
        """
import paramiko
def connect(h):
    c = paramiko.SSHClient()
    c.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    c.connect(h)
    return c
async def handler(h):
    c = connect(h)  # FSA106
    _, out, _ = c.exec_command("x")  # FSA106
""",
    ),
    case(
        "ldap",
        """
import ldap3
async def handler():
    c = ldap3.Connection(ldap3.Server("x"))
    c.bind()  # FSA106
""",
    ),
    case(
        "subprocess-helper-run",
        """
import subprocess
def run(*args, **kw):
    return subprocess.run(args, capture_output=True, **kw).stdout
async def handler():
    return run("git", "status")  # FSA105
""",
    ),
    case(
        "open-modes",
        """
async def handler(p):
    open(p, "a").write("x")  # FSA104
    with open(p, mode="rb") as f:  # FSA104
        f.read()  # FSA104
""",
    ),
    case(
        "path-open-write-helper",
        """
from pathlib import Path
def save(p: Path, t):
    p.parent.mkdir(parents=True, exist_ok=True)
    p.write_text(t)
async def handler(p: str, t):
    save(Path(p), t)  # FSA104
""",
    ),
    case(
        "path-env-join",
        """
import os
from pathlib import Path
BASE = Path(__file__).resolve().parent
async def handler(n):
    return (BASE / "data" / n).read_text()  # FSA104
""",
    ),
    case(
        "glob-module",
        """
import glob
async def handler():
    return [open(p).read() for p in glob.glob("*")]  # FSA104
""",
    ),
    case(
        "tempfile-with",
        """
import tempfile
async def handler(d):
    with tempfile.NamedTemporaryFile() as f:  # FSA104
        f.write(d)  # FSA104
""",
    ),
    case(
        "tempdir",
        """
import tempfile, shutil
async def handler():
    with tempfile.TemporaryDirectory() as d:  # FSA104
        shutil.copy("a", d)  # FSA104
""",
    ),
    case(
        "sqlite-row-factory",
        """
import sqlite3
def get():
    c = sqlite3.connect("x")
    c.row_factory = sqlite3.Row
    return c
async def handler():
    with get() as c:  # FSA103
        for r in c.execute("x"):  # FSA103
            print(r)
""",
    ),
    case(
        "input-helper",
        """
def ask():
    return input("x")
async def handler():
    return ask()  # FSA109
""",
    ),
    case(
        "urlopen-with",
        """
from urllib.request import Request, urlopen
async def handler(u):
    with urlopen(Request(u)) as r:  # FSA102
        return r.read()  # FSA102
""",
    ),
    case(
        "http-client",
        """
from http.client import HTTPSConnection
async def handler():
    c = HTTPSConnection("x")
    c.request("GET", "/")  # FSA102
    return c.getresponse().read()  # FSA102
""",
    ),
    case(
        "append-attr-nonempty",
        """
import threading
class Pool:
    def __init__(self):
        self.threads = [None]
    def start(self):
        self.threads.append(threading.Thread(target=print))
    async def stop(self):
        for t in self.threads:
            t.join()  # FSA108
""",
    ),
    case(
        "append-attr-empty",
        """
import threading
class Pool:
    def __init__(self):
        self.threads = []
    def start(self):
        self.threads.append(threading.Thread(target=print))
    async def stop(self):
        for t in self.threads:
            t.join()  # FSA108
""",
    ),
    case(
        "app-state-same-app",
        """
import redis
from fastapi import FastAPI
app = FastAPI()
app.state.cache = redis.Redis()
async def read():
    return app.state.cache.get("a")  # FSA103
""",
    ),
    case(
        "app-state-in-function",
        """
import redis
from fastapi import FastAPI
app = FastAPI()
async def start():
    app.state.cache = redis.Redis()
async def read():
    return app.state.cache.get("a")  # FSA103
""",
    ),
]

LOOKALIKES = [
    case(
        "request-state-set-in-middleware",
        """
import redis
from fastapi import FastAPI, Request
app = FastAPI()
client = redis.Redis()
@app.middleware("http")
async def mw(request: Request, call_next):
    request.state.cache = client
    return await call_next(request)
@app.get("/")
async def read(request: Request):
    return request.state.cache.get("x")  # FSA103
""",
    ),
    case(
        "httpx-client-on-app-state-async",
        """
import httpx
from fastapi import FastAPI, Request
app = FastAPI()
@app.on_event("startup")
async def start():
    app.state.http = httpx.AsyncClient()
@app.get("/")
async def read(request: Request):
    return await request.app.state.http.get("x")
""",
    ),
    case(
        "aioredis-named-redis",
        """
from redis import asyncio as aioredis
async def handler():
    redis = await aioredis.from_url("x")
    await redis.get("x")
    async with redis.pipeline() as p:
        p.get("x").set("y", 1)
        await p.execute()
    pubsub = redis.pubsub()
    await pubsub.subscribe("x")
    async for m in pubsub.listen():
        print(m)
""",
    ),
    case(
        "loop-in-thread-helper",
        """
import asyncio
import threading
import requests
def runner(loop):
    asyncio.set_event_loop(loop)
    loop.run_forever()
async def handler():
    loop = asyncio.new_event_loop()
    threading.Thread(target=runner, args=(loop,), daemon=True).start()
""",
    ),
    case(
        "executor-via-getattr-loop",
        """
import asyncio
import requests
async def handler(url):
    loop = asyncio.get_event_loop()
    fut = loop.run_in_executor(None, requests.get, url)
    r = await fut
    return r.text
""",
    ),
    case(
        "sync-def-inside-class-nested",
        """
import asyncio
import shutil
class Job:
    async def run(self, a, b):
        def _do():
            self.copy(a, b)
        await asyncio.get_running_loop().run_in_executor(None, _do)
    def copy(self, a, b):
        shutil.copy(a, b)
""",
    ),
    case(
        "result-of-shield",
        """
import asyncio
import redis.asyncio as r
c = r.Redis()
async def handler():
    return await asyncio.shield(c.get("x"))
""",
    ),
    case(
        "ensure-future-list",
        """
import asyncio
import httpx
async def handler(urls):
    async with httpx.AsyncClient() as c:
        tasks = [asyncio.ensure_future(c.get(u)) for u in urls]
        for t in asyncio.as_completed(tasks):
            r = await t
            r.json()
        done, _ = await asyncio.wait(tasks, timeout=1)
        return [d.result().text for d in done]
""",
    ),
    case(
        "task-group-async",
        """
import asyncio
import httpx
async def handler(c: httpx.AsyncClient, urls):
    async with asyncio.TaskGroup() as g:
        ts = [g.create_task(c.get(u)) for u in urls]
    return [t.result() for t in ts]
""",
    ),
    case(
        "future-callback-thread",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
import requests
pool = ThreadPoolExecutor()
async def handler(url):
    fut = pool.submit(requests.get, url)
    while not fut.done():
        await asyncio.sleep(0.1)
    return fut.result()
""",
    ),
    case(
        "queue-empty-get-nowait",
        """
import queue
async def handler(q: queue.Queue):
    while not q.empty():
        q.get_nowait()
    if q.full():
        return q.qsize()
""",
    ),
    case(
        "deque-and-dict-queue",
        """
import collections
class Q:
    def __init__(self):
        self.q = collections.deque()
    def get(self):
        return self.q.popleft()
async def handler(q: Q):
    return q.get()
""",
    ),
    case(
        "janus-queue",
        """
import janus
async def handler():
    q = janus.Queue()
    await q.async_q.get()
    q.sync_q.get()  # FSA108
""",
    ),
    case(
        "asyncio-queue-by-annotation-string",
        """
import asyncio
async def handler(q: "asyncio.Queue[int]"):
    await q.get()
    q.put_nowait(1)
    await asyncio.wait_for(q.get(), 3)
""",
    ),
    case(
        "sleep-in-main-guard-func",
        """
import time, asyncio
def main():
    while True:
        asyncio.run(work())
        time.sleep(5)
async def work():
    await asyncio.sleep(1)
if __name__ == "__main__":
    main()
""",
    ),
    case(
        "cli-click",
        """
import click, requests, asyncio
@click.command()
def cli():
    requests.get("x")
    asyncio.run(work())
async def work():
    return 1
""",
    ),
    case(
        "sync-test-client-in-sync-test",
        """
from fastapi.testclient import TestClient
from main2 import app
client = TestClient(app)
def test_x():
    assert client.get("/").status_code == 200
""",
    ),
    case(
        "path-operations-in-sync-endpoint",
        """
from pathlib import Path
from fastapi import APIRouter
router = APIRouter()
@router.get("/")
def read():
    return Path("x").read_text()
""",
    ),
    case(
        "inherited-sync-endpoint-class-cbv",
        """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv
import requests
router = APIRouter()
@cbv(router)
class Api:
    @router.get("/a")
    def a(self):
        return requests.get("x")
    @router.get("/b")
    async def b(self):
        return requests.get("x")  # FSA102
""",
    ),
    case(
        "websocket-manager",
        """
import json
class Manager:
    def __init__(self):
        self.active = []
    async def connect(self, ws):
        await ws.accept()
        self.active.append(ws)
    async def broadcast(self, m):
        for c in self.active:
            await c.send_text(json.dumps(m))
""",
    ),
    case(
        "asyncpg-transaction",
        """
import asyncpg
async def handler(pool: asyncpg.Pool):
    async with pool.acquire() as conn:
        async with conn.transaction():
            await conn.execute("x")
            async for r in conn.cursor("x"):
                print(r)
""",
    ),
    case(
        "tortoise",
        """
from tortoise.models import Model
from tortoise import fields
class User(Model):
    id = fields.IntField()
async def handler():
    await User.all()
    await User.create(id=1)
    u = await User.get(id=1)
    await u.save()
    return await User.filter(id=1).first()
""",
    ),
    case(
        "beanie",
        """
from beanie import Document
class User(Document):
    name: str
async def handler():
    await User.find_one(User.name == "x")
    await User(name="x").insert()
    return await User.find_all().to_list()
""",
    ),
    case(
        "motor-chain",
        """
from motor.motor_asyncio import AsyncIOMotorClient
db = AsyncIOMotorClient("x")["a"]
async def handler():
    cur = db["b"].find({}).sort("x", 1)
    return [d async for d in cur] + await db.b.find().to_list(10)
""",
    ),
    case(
        "elasticsearch-async",
        """
from elasticsearch import AsyncElasticsearch
es = AsyncElasticsearch()
async def handler():
    return await es.search(index="x")
""",
    ),
    case(
        "sqlalchemy-async-legacy-future",
        """
from sqlalchemy.ext.asyncio import create_async_engine, AsyncSession
from sqlalchemy.orm import sessionmaker
engine = create_async_engine("x")
Local = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
async def get_db():
    async with Local() as s:
        yield s
async def handler():
    async with Local() as s:
        await s.execute("x")
        await s.commit()
""",
    ),
    case(
        "sqlmodel-async",
        """
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel import select
async def handler(s: AsyncSession):
    r = await s.exec(select(1))
    return r.all(), r.first()
""",
    ),
    case(
        "result-objects-after-await",
        """
from sqlalchemy.ext.asyncio import AsyncConnection
async def handler(c: AsyncConnection):
    r = await c.execute("x")
    return r.fetchall(), r.first(), r.mappings().all()
""",
    ),
    case(
        "gcloud-async",
        """
from google.cloud import firestore
db = firestore.AsyncClient()
async def handler():
    return await db.collection("x").document("y").get()
""",
    ),
    case(
        "azure-aio",
        """
from azure.storage.blob.aio import BlobServiceClient
async def handler():
    async with BlobServiceClient("x") as s:
        b = s.get_blob_client("a", "b")
        await b.upload_blob(b"x")
        d = await b.download_blob()
        await d.readall()
""",
    ),
    case(
        "langchain-async",
        """
from langchain_openai import ChatOpenAI
llm = ChatOpenAI()
async def handler(q):
    async for c in llm.astream(q):
        print(c)
    return await llm.ainvoke(q)
""",
    ),
    case(
        "litellm-async",
        """
import litellm
async def handler():
    return await litellm.acompletion(model="x")
""",
    ),
    case(
        "sync-redis-in-asyncio-lock",
        """
import asyncio, redis
c = redis.Redis()
async def handler():
    async with asyncio.Lock():
        c.incr("x")  # FSA103
""",
    ),
    case(
        "time-time-loop-with-await",
        """
import time, asyncio
async def handler(t):
    end = time.monotonic() + t
    while True:
        if time.monotonic() > end:
            break
        await asyncio.sleep(0.1)
""",
    ),
    case(
        "while-true-clock-break",
        """
import time
async def handler(t):
    end = time.monotonic() + t
    while True:  # FSA111
        if time.monotonic() > end:
            break
""",
    ),
    case(
        "while-flag-attribute-of-other",
        """
import time
class W:
    def __init__(self):
        self.stop = False
    async def run(self):
        while not self.stop:
            await self.step()
    async def step(self):
        pass
""",
    ),
    case(
        "zip-bytes-helper-class",
        """
import io, zipfile
class Pack:
    def __init__(self):
        self.buf = io.BytesIO()
    async def add(self, n, d):
        with zipfile.ZipFile(self.buf, "a") as z:
            z.writestr(n, d)
""",
    ),
    case(
        "openpyxl-in-memory",
        """
import io
import openpyxl
async def handler():
    out = io.BytesIO()
    print(out.getvalue())
""",
    ),
    case(
        "pil-in-memory-open",
        """
import io
from PIL import Image
async def handler(d):
    im = Image.open(io.BytesIO(d))
    return im.size
""",
    ),
    case(
        "pickle-dumps",
        """
import pickle, zlib, base64
async def handler(d):
    return base64.b64encode(pickle.dumps(d))
""",
    ),
    case(
        "requests-exceptions-only",
        """
import requests
from requests.adapters import HTTPAdapter
async def handler():
    s = requests.Session()
    s.mount("https://", HTTPAdapter())
    s.headers.update({"a": "b"})
    s.auth = ("a", "b")
    s.close()
""",
    ),
    case(
        "thread-lock-try",
        """
import threading
lock = threading.RLock()
async def handler():
    with lock:
        x = 1
    return x
""",
    ),
    case(
        "condition-variable-notify",
        """
import threading
cv = threading.Condition()
async def handler():
    with cv:
        cv.notify()
""",
    ),
    case(
        "subprocess-list-only",
        """
import subprocess
async def handler():
    return subprocess.list2cmdline(["a"]), subprocess.PIPE, subprocess.CompletedProcess([], 0)
""",
    ),
    case(
        "socket-constants-and-helpers",
        """
import socket
async def handler():
    return socket.inet_aton("1.1.1.1"), socket.gethostname(), socket.AF_INET
""",
    ),
    case(
        "shutil-which",
        """
import shutil, os
async def handler():
    return shutil.which("x"), os.path.exists("x"), os.stat("x")
""",
    ),
    case(
        "tempfile-names",
        """
import tempfile
async def handler():
    return tempfile.gettempdir()
""",
    ),
    case(
        "own-awaitable-run",
        """
class Runner:
    async def run(self, cmd):
        return cmd
    async def get(self, url):
        return url
async def handler(subprocess: Runner, requests: Runner):
    await subprocess.run("x")
    await requests.get("x")
""",
    ),
    case(
        "alias-async-as-requests",
        """
import httpx
async def handler():
    requests = httpx.AsyncClient()
    return await requests.get("x")
""",
    ),
    case(
        "os-path-async",
        """
import aiofiles.os
async def handler():
    await aiofiles.os.remove("x")
    return await aiofiles.os.path.exists("x")
""",
    ),
    case(
        "async-popen-wait",
        """
import asyncio
async def handler():
    p = await asyncio.create_subprocess_exec("x")
    try:
        await asyncio.wait_for(p.wait(), 3)
    except TimeoutError:
        p.terminate()
""",
    ),
    case(
        "to-thread-local-lambda-default",
        """
import asyncio, requests
async def handler(urls):
    fs = [lambda u=u: requests.get(u) for u in urls]
    return await asyncio.gather(*[asyncio.to_thread(f) for f in fs])
""",
    ),
    case(
        "own-offload-staticmethod",
        """
import asyncio, requests
class Util:
    @staticmethod
    async def offload(fn, *a, **k):
        return await asyncio.get_running_loop().run_in_executor(None, lambda: fn(*a, **k))
async def handler(u):
    return await Util.offload(requests.get, u)
""",
    ),
    case(
        "own-offload-class-decorator",
        """
import asyncio, functools, requests
class threaded:
    def __init__(self, fn):
        functools.update_wrapper(self, fn)
        self.fn = fn
    async def __call__(self, *a):
        return await asyncio.to_thread(self.fn, *a)
@threaded
def load(u):
    return requests.get(u)
async def handler(u):
    return await load(u)
""",
    ),
    case(
        "wrap-all-methods",
        """
import asyncio, redis
class AsyncRedis:
    def __init__(self):
        self._r = redis.Redis()
    async def get(self, k):
        return await asyncio.to_thread(self._r.get, k)
    async def set(self, k, v):
        return await self._run(self._r.set, k, v)
    async def _run(self, f, *a):
        loop = asyncio.get_event_loop()
        return await loop.run_in_executor(None, f, *a)
r = AsyncRedis()
async def handler():
    await r.set("a", 1)
    return await r.get("x")
""",
    ),
    case(
        "anyio-limiter",
        """
import anyio, requests
from anyio import to_thread, CapacityLimiter
lim = CapacityLimiter(3)
async def handler(u):
    return await to_thread.run_sync(requests.get, u, limiter=lim, abandon_on_cancel=True)
""",
    ),
    case(
        "run-in-threadpool-lambda",
        """
from starlette.concurrency import run_in_threadpool
import boto3
s3 = boto3.client("s3")
async def handler(k):
    r = await run_in_threadpool(lambda: s3.get_object(Bucket="b", Key=k))
    return r["Body"]
""",
    ),
    case(
        "sync-to-async-lambda",
        """
from asgiref.sync import sync_to_async
import requests
async def handler(u):
    return await sync_to_async(lambda: requests.get(u))()
""",
    ),
    case(
        "dask-distributed-future",
        """
from concurrent.futures import ProcessPoolExecutor
import asyncio
def cpu(n): return n
async def handler():
    with ProcessPoolExecutor() as p:
        return await asyncio.get_running_loop().run_in_executor(p, cpu, 1)
""",
    ),
    case(
        "executor-global-with-shutdown-later",
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
ex = ThreadPoolExecutor()
def blocking():
    import time
    time.sleep(1)
async def handler():
    fut = asyncio.get_running_loop().run_in_executor(ex, blocking)
    await fut
""",
    ),
]


@pytest.mark.parametrize("program", BLOCKING)
def test_idioms(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", LOOKALIKES)
def test_idioms_that_look_alike(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
