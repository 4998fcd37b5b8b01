"""What type an object has, found out without running anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .programs import case, check

ANNOTATIONS = [
    case(
        "parameter",
        """
import redis

async def handler(client: redis.Redis, key: str):
    return client.get(key)  # FSA103
""",
    ),
    case(
        "parameter-of-from-import",
        """
from pymongo.collection import Collection

async def handler(users: Collection, uid: str):
    return users.find_one({"_id": uid})  # FSA103
""",
    ),
    case(
        "string",
        """
import requests

async def handler(session: "requests.Session", url: str):
    return session.get(url, timeout=3)  # FSA102
""",
    ),
    case(
        "future-annotations",
        """
from __future__ import annotations
import sqlite3

async def handler(db: sqlite3.Connection):
    return db.execute("select 1")  # FSA103
""",
    ),
    case(
        "type-checking-import",
        """
from __future__ import annotations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

async def handler(db: Session):
    return db.execute("select 1")  # FSA103
""",
    ),
    case(
        "type-checking-import-in-string",
        """
import typing

if typing.TYPE_CHECKING:
    import redis

async def handler(client: "redis.Redis"):
    client.ping()  # FSA103
""",
    ),
    case(
        "optional",
        """
from typing import Optional
import requests

async def handler(url: str, session: Optional[requests.Session] = None):
    if session is None:
        return None
    return session.get(url)  # FSA102
""",
    ),
    case(
        "optional-bar",
        """
import requests

async def handler(url: str, session: requests.Session | None = None):
    session = session or requests.Session()
    return session.get(url)  # FSA102
""",
    ),
    case(
        "union-in-string",
        """
import httpx

async def handler(client: "httpx.Client | None", url: str):
    assert client is not None
    return client.post(url)  # FSA102
""",
    ),
    case(
        "union-of-two-sync-clients",
        """
from typing import Union
import httpx
import requests

async def handler(client: Union[httpx.Client, requests.Session], url: str):
    return client.get(url)  # FSA102
""",
    ),
    case(
        "annotated",
        """
from typing import Annotated
import httpx

async def handler(client: Annotated[httpx.Client, "shared"], url: str):
    return client.get(url)  # FSA102
""",
    ),
    case(
        "type-alias",
        """
import sqlite3

Db = sqlite3.Connection

async def handler(db: Db):
    return db.execute("select 1")  # FSA103
""",
    ),
    case(
        "type-alias-annotated",
        """
from typing import TypeAlias
import sqlite3

Db: TypeAlias = "sqlite3.Connection"

async def handler(db: Db):
    db.commit()  # FSA103
""",
    ),
    case(
        "new-style-type-alias",
        """
import sqlite3
from typing import TypeAliasType

Db = TypeAliasType("Db", sqlite3.Connection)

async def handler(db: Db):
    db.commit()  # FSA103
""",
    ),
    case(
        "typevar-bound",
        """
from typing import TypeVar
from sqlalchemy.orm import Session

S = TypeVar("S", bound=Session)

async def handler(db: S) -> S:
    db.commit()  # FSA103
    return db
""",
    ),
    case(
        "variable-annotation",
        """
import redis

def connect(url):
    return make(url)

async def handler(url: str, make):
    client: redis.Redis = make(url)
    client.set("a", "b")  # FSA103
""",
    ),
    case(
        "keyword-only-parameter",
        """
from psycopg import Connection

async def handler(*, conn: Connection):
    conn.execute("select 1")  # FSA103
""",
    ),
    case(
        "list-of-annotated-element",
        """
import requests

async def handler(sessions: list[requests.Session], url: str):
    for session in sessions:
        session.get(url)  # FSA102
    return sessions[0].get(url)  # FSA102
""",
    ),
    case(
        "dict-value",
        """
import redis

async def handler(shards: dict[str, redis.Redis], name: str):
    shards[name].get("x")  # FSA103
    for shard in shards.values():
        shard.flushdb()  # FSA103
    client = shards.get(name)
    if client:
        client.ping()  # FSA103
""",
    ),
    case(
        "dict-items",
        """
import threading

async def handler(workers: dict[str, threading.Thread]):
    for name, worker in workers.items():
        worker.join()  # FSA108
""",
    ),
    case(
        "tuple-elements",
        """
import sqlite3
import requests

async def handler(pair: tuple[sqlite3.Connection, requests.Session], nothing: tuple[()]):
    db, http = pair
    db.commit()  # FSA103
    http.get("https://x.example")  # FSA102
""",
    ),
    case(
        "tuple-that-is-returned",
        """
import sqlite3
import requests

def parts(ctx) -> tuple[sqlite3.Connection, str, requests.Session]:
    kept = ctx.request_context.kept
    return kept["db"], kept["name"], requests.Session()

def several(ctx) -> list[requests.Session]:
    return [item for item in ctx.sessions]

def by_name(ctx) -> dict[str, requests.Session]:
    return {name: item for name, item in ctx.sessions}

async def handler(ctx):
    db, name, http = parts(ctx)
    db.commit()  # FSA103
    name.commit()
    http.get("https://x.example")  # FSA102
    for session in several(ctx):
        session.get("https://x.example")  # FSA102
    by_name(ctx)["one"].get("https://x.example")  # FSA102
""",
    ),
    case(
        "tuple-that-is-returned-known-without-annotation",
        """
import httpx
import requests

def parts(ctx) -> tuple[requests.Session, str]:
    return httpx.AsyncClient(), ctx.name

async def handler(ctx):
    client, _ = parts(ctx)
    await client.get("https://x.example")
""",
    ),
    case(
        "callable-annotation",
        """
from typing import Callable
from sqlalchemy.orm import Session

async def handler(make: Callable[[], Session]):
    make().commit()  # FSA103
""",
    ),
    case(
        "class-object",
        """
import requests

async def handler(kind: type[requests.Session], url: str):
    return kind().get(url)  # FSA102
""",
    ),
    case(
        "star-args",
        """
import threading

async def handler(*threads: threading.Thread):
    for thread in threads:
        thread.join()  # FSA108
""",
    ),
    case(
        "star-kwargs",
        """
import redis

async def handler(**clients: redis.Redis):
    clients["a"].ping()  # FSA103
""",
    ),
    case(
        "sequence-of-paths",
        """
from collections.abc import Iterable, Sequence
import sys
from pathlib import Path

async def handler(paths: Sequence[Path], more: Iterable[Path]):
    for path in paths:
        path.read_text()  # FSA104
    return [p.read_bytes() for p in more]  # FSA104
""",
    ),
    case(
        "class-of-the-project",
        """
import requests

class Api:
    def fetch(self, url):
        return requests.get(url)

async def handler(api: Api, url: str):
    return api.fetch(url)  # FSA102
""",
    ),
    case(
        "class-defined-below",
        """
import requests

async def handler(api: "Api", url: str):
    return api.fetch(url)  # FSA102

class Api:
    def fetch(self, url):
        return requests.get(url)
""",
    ),
    case(
        "self-type",
        """
from typing import Self
import requests

class Api:
    def with_token(self, token: str) -> Self:
        self.token = token
        return self

    def fetch(self):
        return requests.get("https://x.example")

async def handler():
    return Api().with_token("x").fetch()  # FSA102
""",
    ),
    case(
        "newtype",
        """
from typing import NewType
import sys
from pathlib import Path

Inbox = NewType("Inbox", Path)

async def handler(box: Inbox):
    return box.read_text()  # FSA104
""",
    ),
    case(
        "classvar",
        """
from typing import ClassVar
import redis

class Cache:
    client: ClassVar[redis.Redis]

    async def get(self, key):
        return self.client.get(key)  # FSA103
""",
    ),
    case(
        "final-attribute",
        """
from typing import Final
import redis

CLIENT: Final = redis.Redis()

async def handler(key):
    return CLIENT.get(key)  # FSA103
""",
    ),
    case(
        "attribute-declared-in-class",
        """
from sqlalchemy.orm import Session

class Repo:
    db: Session

    def __init__(self, db):
        self.db = db

    async def save(self):
        self.db.commit()  # FSA103
""",
    ),
    case(
        "parametrised-generic-client",
        """
from pymongo.mongo_client import MongoClient

async def handler(client: "MongoClient[dict[str, object]]"):
    client.admin.command("ping")  # FSA103
""",
    ),
    case(
        "functions-that-annotations-name",
        """
import asyncio
import multiprocessing as mp

async def handler(jobs: mp.Queue, done: "mp.Event", others: asyncio.Queue):
    jobs.get()  # FSA108
    done.wait()  # FSA108
    jobs.get(block=False)
    await others.get()
""",
    ),
    case(
        "field-with-a-factory",
        """
import attrs
import requests

@attrs.define
class Client:
    session = attrs.field(factory=requests.Session)

async def handler(client: Client):
    client.session.get("x")  # FSA102
    client.session.headers.update({})
""",
    ),
]

DEPENDS = [
    case(
        "provider-that-returns",
        """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()

def cache():
    return redis.Redis()

@app.get("/")
async def read(client=Depends(cache)):
    return client.get("a")  # FSA103
""",
    ),
    case(
        "provider-with-return-annotation",
        """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()

def cache(request) -> redis.Redis:
    return request.app.state.cache

@app.get("/")
async def read(client=Depends(cache)):
    return client.get("a")  # FSA103
""",
    ),
    case(
        "async-provider-that-yields",
        """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()
Local = sessionmaker(bind=create_engine("postgresql://x"))

async def session():
    db = Local()
    try:
        yield db
    finally:
        db.close()

@app.get("/")
async def read(db=Depends(session)):
    db.commit()  # FSA103
""",
    ),
    case(
        "generator-annotation",
        """
from collections.abc import Generator
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()

def session() -> Generator[Session, None, None]:
    yield make()

@app.get("/")
async def read(db=Depends(session)):
    db.commit()  # FSA103
""",
    ),
    case(
        "iterator-annotation",
        """
from typing import Iterator
from fastapi import Depends, FastAPI
from sqlmodel import Session

app = FastAPI()

def session() -> Iterator[Session]:
    yield from make()

@app.get("/")
async def read(db=Depends(session)):
    db.exec("select 1")  # FSA103
""",
    ),
    case(
        "annotated-without-type",
        """
from typing import Annotated, Any
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

def http():
    with requests.Session() as session:
        yield session

@app.get("/")
async def read(client: Annotated[Any, Depends(http)]):
    return client.get("https://x.example").json()  # FSA102
""",
    ),
    case(
        "class-as-dependency",
        """
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

class Users:
    def __init__(self):
        self.http = requests.Session()

    def find(self, name):
        return self.http.get("https://x.example/" + name)

@app.get("/{name}")
async def read(name: str, users: Users = Depends()):
    return users.find(name)  # FSA102
""",
    ),
    case(
        "annotation-of-another-library-beside-depends",
        """
from typing import Annotated
import httpx
from fastapi import Depends, FastAPI
from requests import Session
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import sessionmaker

app = FastAPI()
Local = sessionmaker(bind=create_engine("postgresql://host/shop"))

def get_db():
    db = Local()
    try:
        yield db
    finally:
        db.close()

async def get_client():
    async with httpx.AsyncClient() as client:
        yield client

def unknown():
    return loaded()

@app.get("/")
async def handler(db: Session = Depends(get_db)):
    return db.query("rows").all()  # FSA103

@app.get("/annotated")
async def annotated(db: Annotated[Session, Depends(get_db)]):
    db.commit()  # FSA103

@app.get("/client")
async def client(session: Session = Depends(get_client)):
    await session.get("https://example.org")

@app.get("/unknown")
async def told(session: Session = Depends(unknown)):
    session.get("https://example.org")  # FSA102

@app.get("/same")
async def same(db: AsyncSession = Depends(get_db)):
    await db.commit()
""",
    ),
    case(
        "class-given-to-depends",
        """
import requests
from fastapi import Depends, FastAPI

app = FastAPI()

class Users:
    def find(self, name):
        return requests.get("https://x.example/" + name)

@app.get("/{name}")
async def read(name: str, users=Depends(Users)):
    return users.find(name)  # FSA102
""",
    ),
    case(
        "provider-in-a-chain",
        """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite:///app.db")

def session():
    with Session(engine) as db:
        yield db

class Repo:
    def __init__(self, db):
        self.db = db

    def all(self):
        return self.db.query(object).all()

def repo(db=Depends(session)):
    return Repo(db)

@app.get("/")
async def read(repo=Depends(repo)):
    return repo.all()  # FSA103
""",
    ),
    case(
        "callable-instance",
        """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()

class Provider:
    def __call__(self) -> redis.Redis:
        return redis.Redis()

provide = Provider()

@app.get("/")
async def read(client=Depends(provide)):
    return client.get("a")  # FSA103
""",
    ),
    case(
        "lambda-provider",
        """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()
client = redis.Redis()

@app.get("/")
async def read(cache=Depends(lambda: client)):
    return cache.get("a")  # FSA103
""",
    ),
    case(
        "bound-method-provider",
        """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()

class Database:
    def __init__(self, url):
        self.local = sessionmaker(create_engine(url))

    def session(self):
        db = self.local()
        try:
            yield db
        finally:
            db.close()

database = Database("postgresql://x")

@app.get("/")
async def read(db=Depends(database.session)):
    return db.execute("select 1")  # FSA103
""",
    ),
    case(
        "contextmanager-inside-provider",
        """
from contextlib import contextmanager
from fastapi import Depends, FastAPI
import psycopg2

app = FastAPI()

@contextmanager
def connection():
    conn = psycopg2.connect("")
    try:
        yield conn
    finally:
        conn.close()

def get_connection():
    with connection() as conn:
        yield conn

@app.get("/")
async def read(conn=Depends(get_connection)):
    cursor = conn.cursor()
    cursor.execute("select 1")  # FSA103
""",
    ),
    case(
        "security-provider",
        """
import requests
from fastapi import FastAPI, Security

app = FastAPI()

class Auth:
    def check(self):
        return requests.get("https://auth.example")

def auth():
    return Auth()

@app.get("/")
async def read(auth=Security(auth, scopes=["me"])):
    return auth.check()  # FSA102
""",
    ),
    case(
        "async-session-provider-is-clean",
        """
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
Local = async_sessionmaker(create_async_engine("postgresql+asyncpg://x"))

async def session():
    async with Local() as db:
        yield db

@app.get("/")
async def read(db=Depends(session)):
    await db.execute("select 1")
    await db.commit()
""",
    ),
    case(
        "app-state",
        """
import redis
from fastapi import FastAPI, Request

app = FastAPI()
app.state.cache = redis.Redis()

@app.get("/")
async def read(request: Request):
    return request.app.state.cache.get("a")  # FSA103
""",
    ),
]

CONSTRUCTION = [
    case(
        "what-is-copied-or-made-unchecked",
        """
import dataclasses
import pydantic
import requests

class Client:
    def get(self):
        return requests.get("/")

    def name(self):
        return "client"

class Model(pydantic.BaseModel):
    def fetch(self):
        return requests.get("/")

    def label(self):
        return "model"

@dataclasses.dataclass
class Settings:
    client: Client

async def handler(data, settings: Settings):
    Model.model_construct(**data).fetch()  # FSA102
    Model().model_copy(update=data).fetch()  # FSA102
    Model().copy().label()
    dataclasses.replace(settings, name=1).client.get()  # FSA102
    dataclasses.replace(settings).client.name()
""",
    ),
    case(
        "entered-by-an-asynchronous-stack",
        """
import contextlib
import requests

class Client:
    def get(self):
        return requests.get("/")

    def name(self):
        return "client"

@contextlib.asynccontextmanager
async def opened():
    yield Client()

class Managed:
    async def __aenter__(self) -> Client:
        return Client()

    async def __aexit__(self, *error): ...

async def handler():
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(opened())
        client.get()  # FSA102
        client.name()
        managed = await stack.enter_async_context(Managed())
        managed.get()  # FSA102
""",
    ),
    case(
        "elements-that-reduce-hands-over",
        """
import functools
import requests

class Client:
    def get(self):
        return requests.get("/")

    def name(self):
        return "client"

async def handler():
    functools.reduce(lambda before, client: client.get(), [Client()], None)  # FSA102
    functools.reduce(lambda before, client: client.name(), [Client()], None)
""",
    ),
    case(
        "variable-with-a-bound-from-outside",
        """
from typing import TypeVar
import pydantic
import requests

T = TypeVar("T", bound=pydantic.BaseModel)

class User(pydantic.BaseModel):
    def fetch(self):
        return requests.get("/")

    def label(self):
        return "user"

def load(model: type[T], key) -> T:
    return model.model_validate(rows(key)) if key else unknown(key)

def many(model: type[T]) -> list[T]:
    return unknown(model)

async def handler():
    load(User, 1).fetch()  # FSA102
    load(User, 1).label()
    for user in many(User):
        user.fetch()  # FSA102
""",
    ),
    case(
        "query-of-a-model-with-a-base-that-is-not-known",
        """
from mixins import Timestamped
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session

class Base(DeclarativeBase):
    pass

class Item(Timestamped, Base):
    def label(self):
        return "item"

async def handler(session: Session):
    query = session.query(Item).filter(Item.id == 1)
    return query.first()  # FSA103

async def walked(session: Session):
    for item in session.query(Item):  # FSA103
        item.label()
""",
    ),
    case(
        "manager-of-a-django-model-with-a-base-that-is-not-known",
        """
from django.db import models
from mixins import Thing

class Book(Thing, models.Model):
    def label(self):
        return "book"

async def handler():
    found = Book.objects.filter(pk=1)
    (await found.afirst()).label()
    return Book.objects.get(pk=1)  # FSA103
""",
    ),
    case(
        "constructor",
        """
import redis

async def handler(key):
    client = redis.StrictRedis(host="x")
    return client.get(key)  # FSA103
""",
    ),
    case(
        "constructor-chained",
        """
import requests

async def handler(url):
    return requests.Session().get(url)  # FSA102
""",
    ),
    case(
        "factory-of-library",
        """
import redis

client = redis.from_url("redis://x")

async def handler(key):
    return client.get(key)  # FSA103
""",
    ),
    case(
        "classmethod-of-library",
        """
import redis

client = redis.Redis.from_url("redis://x")

async def handler(key):
    return client.get(key)  # FSA103
""",
    ),
    case(
        "own-classmethod",
        """
import requests

class Api:
    def __init__(self, base):
        self.http = requests.Session()

    @classmethod
    def from_env(cls):
        return cls("https://x.example")

    def fetch(self):
        return self.http.get("/")

async def handler():
    return Api.from_env().fetch()  # FSA102
""",
    ),
    case(
        "own-staticmethod",
        """
import requests

class Api:
    @staticmethod
    def make():
        return Api()

    def fetch(self):
        return requests.get("https://x.example")

async def handler():
    Api.make().fetch()  # FSA102
""",
    ),
    case(
        "inferred-return",
        """
import boto3

def s3():
    session = boto3.Session(profile_name="x")
    return session.client("s3")

async def handler(key):
    return s3().get_object(Bucket="b", Key=key)  # FSA107
""",
    ),
    case(
        "inferred-return-two-hops",
        """
import requests

def make():
    return requests.Session()

def configured():
    session = make()
    session.headers["x"] = "y"
    return session

async def handler(url):
    http = configured()
    return http.post(url, json={})  # FSA102
""",
    ),
    case(
        "awaited-provider",
        """
import redis

async def connect():
    return redis.Redis()

async def handler(key):
    client = await connect()
    return client.get(key)  # FSA103
""",
    ),
    case(
        "returned-tuple",
        """
import psycopg2

def connect(dsn):
    conn = psycopg2.connect(dsn)
    return conn, conn.cursor()

async def handler(dsn):
    conn, cur = connect(dsn)  # FSA103
    cur.execute("select 1")  # FSA103
    conn.commit()  # FSA103
""",
    ),
    case(
        "offloaded-constructor",
        """
import asyncio
import sqlite3

async def handler(path):
    db = await asyncio.to_thread(sqlite3.connect, path, check_same_thread=False)
    return db.execute("select 1").fetchall()  # FSA103
""",
    ),
    case(
        "singleton-getter",
        """
import redis

_client = None

def client():
    global _client
    if _client is None:
        _client = redis.Redis()
    return _client

async def handler(key):
    return client().get(key)  # FSA103
""",
    ),
    case(
        "lru-cache-factory",
        """
from functools import lru_cache
import boto3

@lru_cache
def table():
    return boto3.resource("dynamodb").Table("users")

async def handler(uid):
    return table().get_item(Key={"id": uid})  # FSA107
""",
    ),
    case(
        "new-singleton",
        """
import redis

class Cache:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.client = redis.Redis()
        return cls._instance

    def get(self, key):
        return self.client.get(key)

async def handler(key):
    return Cache().get(key)  # FSA103
""",
    ),
    case(
        "instance-classmethod-singleton",
        """
import requests

class Api:
    _instance = None

    @classmethod
    def instance(cls) -> "Api":
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    def fetch(self):
        return requests.get("https://x.example")

async def handler():
    return Api.instance().fetch()  # FSA102
""",
    ),
    case(
        "dict-of-clients",
        """
import redis
import requests

clients = {"cache": redis.Redis(), "http": requests.Session()}

async def handler(key):
    clients["http"].get("https://x.example")  # FSA102
    return clients["cache"].get(key)  # FSA103
""",
    ),
    case(
        "dict-filled-later",
        """
import redis

clients = {}

def client(name):
    if name not in clients:
        clients[name] = redis.Redis()
    return clients[name]

async def handler(key):
    return client("a").get(key)  # FSA103
""",
    ),
    case(
        "list-filled-by-append",
        """
import threading

async def handler(work):
    threads = []
    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()  # FSA108
""",
    ),
    case(
        "list-comprehension-of-clients",
        """
import threading

async def handler(work):
    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()  # FSA108
""",
    ),
    case(
        "conditional-expression",
        """
import redis
import valkey

async def handler(key, new: bool):
    client = valkey.Valkey() if new else redis.Redis()
    return client.get(key)  # FSA103
""",
    ),
    case(
        "walrus",
        """
import redis

def find():
    return redis.Redis()

async def handler(key):
    if client := find():
        return client.get(key)  # FSA103
""",
    ),
    case(
        "default-argument",
        """
import requests

http = requests.Session()

async def handler(url, client=http):
    return client.get(url)  # FSA102
""",
    ),
    case(
        "mock-like-stub-is-unknown",
        """
async def handler(client, key):
    return client.get(key)
""",
    ),
    case(
        "import-alias-chain",
        """
import requests as r

S = r.Session
make = S

async def handler(url):
    s = make()
    return s.get(url)  # FSA102
""",
    ),
    case(
        "contextvar",
        """
from contextvars import ContextVar
from sqlalchemy.orm import Session

current: ContextVar[Session] = ContextVar("current")

async def handler():
    current.get().commit()  # FSA103
""",
    ),
    case(
        "chain-query",
        """
from sqlalchemy.orm import Session

async def handler(db: Session, model):
    q = db.query(model).filter(model.id == 1).order_by(model.id)
    return q.first()  # FSA103
""",
    ),
    case(
        "chain-boto3-resource",
        """
import boto3

async def handler(name):
    bucket = boto3.resource("s3").Bucket(name)
    bucket.upload_file("a", "b")  # FSA107
    for obj in bucket.objects.all():  # FSA107
        print(obj.key)
""",
    ),
    case(
        "chain-pymongo-subscript",
        """
import pymongo

client = pymongo.MongoClient()
db = client["shop"]
users = db["users"]

async def handler(uid):
    return users.find_one({"_id": uid})  # FSA103
""",
    ),
    case(
        "cast",
        """
from typing import cast
import redis

async def handler(thing):
    client = cast(redis.Redis, thing)
    client.ping()  # FSA103
""",
    ),
    case(
        "cast-string",
        """
from typing import cast
import redis

async def handler(thing):
    cast("redis.Redis", thing).ping()  # FSA103
""",
    ),
    case(
        "openai-instance-in-closure",
        """
from openai import OpenAI

def build():
    client = OpenAI()

    async def ask(q):
        return client.chat.completions.create(model="m", messages=[])  # FSA107

    return ask
""",
    ),
    case(
        "sessionmaker-variants",
        """
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

engine = create_engine("postgresql://x")
factory = sessionmaker(bind=engine, expire_on_commit=False)
Scoped = scoped_session(factory)

async def plain():
    db = factory()
    db.commit()  # FSA103

async def begun():
    with factory.begin() as db:  # FSA103
        db.execute("select 1")  # FSA103

async def scoped():
    Scoped().execute("select 1")  # FSA103

async def proxy():
    Scoped.execute("select 1")  # FSA103

async def core():
    with engine.connect() as conn:  # FSA103
        conn.execute("select 1")  # FSA103
    with engine.begin() as conn:  # FSA103
        conn.execute("select 1")  # FSA103
""",
    ),
]

ATTRIBUTES = [
    case(
        "set-in-init",
        """
import httpx

class Api:
    def __init__(self):
        self._client = httpx.Client(base_url="https://x.example")

    async def fetch(self):
        return self._client.get("/")  # FSA102
""",
    ),
    case(
        "set-in-another-method",
        """
import psycopg

class Store:
    def __init__(self):
        self.conn = None

    def connect(self, dsn):
        self.conn = psycopg.connect(dsn)

    async def load(self):
        return self.conn.execute("select 1")  # FSA103
""",
    ),
    case(
        "set-after-the-use",
        """
import redis

class Store:
    async def load(self):
        return self.client.get("x")  # FSA103

    async def open(self):
        self.client = redis.Redis()
""",
    ),
    case(
        "or-default",
        """
import requests

class Api:
    def __init__(self, session=None):
        self.session = session or requests.Session()

    async def fetch(self, url):
        return self.session.get(url)  # FSA102
""",
    ),
    case(
        "if-none-default",
        """
import requests

class Api:
    def __init__(self, session: "requests.Session | None" = None):
        if session is None:
            session = requests.Session()
        self.session = session

    async def fetch(self, url):
        return self.session.get(url)  # FSA102
""",
    ),
    case(
        "class-level",
        """
import boto3

class Store:
    client = boto3.client("s3")

    async def put(self, key, body):
        self.client.put_object(Bucket="b", Key=key, Body=body)  # FSA107

    @classmethod
    async def drop(cls, key):
        cls.client.delete_object(Bucket="b", Key=key)  # FSA107

    @staticmethod
    async def names():
        return Store.client.list_buckets()  # FSA107
""",
    ),
    case(
        "from-parameter-annotation",
        """
from sqlalchemy.orm import Session

class Repo:
    def __init__(self, db: Session):
        self.db = db

    async def add(self, item):
        self.db.add(item)
        self.db.flush()  # FSA103
""",
    ),
    case(
        "from-constructor-argument",
        """
import redis

class Repo:
    def __init__(self, client):
        self.client = client

    def get(self, key):
        return self.client.get(key)

repo = Repo(redis.Redis())

async def handler(key):
    return repo.get(key)  # FSA103
""",
    ),
    case(
        "nested-attributes",
        """
import redis

class Services:
    def __init__(self):
        self.cache = redis.Redis()

class App:
    def __init__(self):
        self.services = Services()

app = App()

async def handler(key):
    return app.services.cache.get(key)  # FSA103
""",
    ),
    case(
        "attribute-of-attribute-of-library",
        """
import openai

class Llm:
    def __init__(self):
        self.client = openai.OpenAI()
        self.chat = self.client.chat.completions

    async def ask(self):
        return self.chat.create(model="m", messages=[])  # FSA107
""",
    ),
    case(
        "cursor-attribute",
        """
import sqlite3

class Store:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)
        self.cur = self.conn.cursor()

    async def load(self):
        self.cur.execute("select 1")  # FSA103
        return self.cur.fetchall()  # FSA103
""",
    ),
    case(
        "dict-attribute",
        """
import redis

class Pool:
    def __init__(self):
        self.clients = {}

    def open(self, name):
        self.clients[name] = redis.Redis()

    async def get(self, name, key):
        return self.clients[name].get(key)  # FSA103
""",
    ),
    case(
        "dict-attribute-annotated",
        """
import redis

class Pool:
    def __init__(self):
        self.clients: dict[str, redis.Redis] = {}

    async def get(self, name, key):
        client = self.clients.get(name)
        return client.get(key)  # FSA103
""",
    ),
    case(
        "property-typed",
        """
import redis

class Pool:
    @property
    def client(self) -> redis.Redis:
        return self.make()

    async def get(self, key):
        return self.client.get(key)  # FSA103
""",
    ),
    case(
        "property-lazily-made",
        """
import boto3

class Store:
    def __init__(self):
        self._client = None

    @property
    def client(self):
        if self._client is None:
            self._client = boto3.client("s3")
        return self._client

    async def get(self, key):
        return self.client.get_object(Bucket="b", Key=key)  # FSA107
""",
    ),
    case(
        "cached-property",
        """
from functools import cached_property
import pymongo

class Store:
    @cached_property
    def users(self):
        return pymongo.MongoClient().shop.users

    async def count(self):
        return self.users.count_documents({})  # FSA103
""",
    ),
    case(
        "dataclass-field",
        """
from dataclasses import dataclass, field
import requests

@dataclass
class Api:
    base: str
    session: requests.Session = field(default_factory=requests.Session)

    async def fetch(self):
        return self.session.get(self.base)  # FSA102
""",
    ),
    case(
        "dataclass-untyped-by-argument",
        """
from dataclasses import dataclass
from typing import Any
import redis

@dataclass
class Deps:
    cache: Any

deps = Deps(cache=redis.Redis())

async def handler(key):
    return deps.cache.get(key)  # FSA103
""",
    ),
    case(
        "dataclass-default-factory-only",
        """
from dataclasses import dataclass, field
from typing import Any
import redis

@dataclass
class Deps:
    cache: Any = field(default_factory=redis.Redis)

async def handler(key):
    return Deps().cache.get(key)  # FSA103
""",
    ),
    case(
        "dataclass-post-init",
        """
from dataclasses import dataclass
import redis

@dataclass
class Deps:
    url: str

    def __post_init__(self):
        self.cache = redis.from_url(self.url)

    async def get(self, key):
        return self.cache.get(key)  # FSA103
""",
    ),
    case(
        "attrs-class",
        """
import attrs
import requests

@attrs.define
class Api:
    session: requests.Session = attrs.field(factory=requests.Session)

    async def fetch(self, url):
        return self.session.get(url)  # FSA102
""",
    ),
    case(
        "namedtuple-class",
        """
from typing import NamedTuple
import sqlite3

class Deps(NamedTuple):
    db: sqlite3.Connection

async def handler(deps: Deps):
    deps.db.commit()  # FSA103
""",
    ),
    case(
        "typed-dict",
        """
from typing import TypedDict
import sqlite3

class Deps(TypedDict):
    db: sqlite3.Connection

async def handler(deps: Deps):
    deps["db"].commit()  # FSA103
""",
    ),
    case(
        "pydantic-model-field",
        """
import sys
from pathlib import Path
from pydantic import BaseModel

class Settings(BaseModel):
    folder: Path

async def handler(settings: Settings):
    return (settings.folder / "x").read_text()  # FSA104
""",
    ),
    case(
        "set-from-outside",
        """
import redis

class State:
    pass

state = State()
state.cache = redis.Redis()

async def handler(key):
    return state.cache.get(key)  # FSA103
""",
    ),
    case(
        "simple-namespace",
        """
from types import SimpleNamespace
import redis

deps = SimpleNamespace(cache=redis.Redis())

async def handler(key):
    return deps.cache.get(key)  # FSA103
""",
    ),
    case(
        "frozen-class-that-sets-by-name",
        """
from dataclasses import dataclass
import redis

@dataclass(frozen=True)
class Settings:
    url: str
    def __post_init__(self):
        object.__setattr__(self, "client", redis.Redis.from_url(self.url))
        object.__setattr__(self, "seen", {})

async def handler(key):
    settings = Settings("redis://x")
    settings.seen.get(key)
    return settings.client.get(key)  # FSA103
""",
    ),
    case(
        "class-with-a-hook-that-sets-by-name",
        """
import redis
import redis.asyncio

class Settings:
    def __init__(self, url):
        super().__setattr__("client", redis.Redis.from_url(url))
        super().__setattr__("other", redis.asyncio.Redis.from_url(url))
        super().__setattr__("seen", {})
    def __setattr__(self, name, value):
        self.seen[name] = value
    def read(self, key):
        return self.client.get(key)

async def handler(key):
    settings = Settings("redis://x")
    await settings.other.get(key)
    return settings.read(key)  # FSA103
""",
    ),
    case(
        "setattr",
        """
import redis

class State:
    pass

state = State()
setattr(state, "cache", redis.Redis())

async def handler(key):
    return state.cache.get(key)  # FSA103
""",
    ),
    case(
        "wrapped-in-own-class",
        """
import requests

class Retry:
    def __init__(self, inner):
        self.inner = inner

    def get(self, url):
        return self.inner.get(url)

class Api:
    def __init__(self):
        self.http = Retry(requests.Session())

    async def fetch(self, url):
        return self.http.get(url)  # FSA102
""",
    ),
    case(
        "delegation-by-getattr",
        """
import redis

class Proxy:
    def __init__(self):
        self._client = redis.Redis()

    def __getattr__(self, name):
        return getattr(self._client, name)

proxy = Proxy()

async def handler(key):
    return proxy.get(key)  # FSA103
""",
    ),
    case(
        "async-attribute-is-clean",
        """
import httpx

class Api:
    def __init__(self, client: httpx.AsyncClient | None = None):
        self.client = client or httpx.AsyncClient()

    async def fetch(self, url):
        response = await self.client.get(url)
        return response.json()
""",
    ),
    case(
        "setter-of-module-state",
        """
import redis

_cache = None

def init():
    global _cache
    _cache = redis.Redis()

async def handler(key):
    return _cache.get(key)  # FSA103
""",
    ),
    case(
        "exit-stack",
        """
from contextlib import ExitStack
import requests

async def handler(url):
    with ExitStack() as stack:
        http = stack.enter_context(requests.Session())
        return http.get(url)  # FSA102
""",
    ),
    case(
        "closing",
        """
from contextlib import closing
import sqlite3

async def handler(path):
    with closing(sqlite3.connect(path)) as db:  # FSA103
        return db.execute("select 1")  # FSA103
""",
    ),
    case(
        "two-items-in-with",
        """
import psycopg

async def handler(dsn):
    with psycopg.connect(dsn) as conn, conn.cursor() as cur:  # FSA103
        cur.execute("select 1")  # FSA103
""",
    ),
    case(
        "parenthesised-with",
        """
import httpx
import requests

async def handler(url):
    with (
        httpx.Client() as one,
        requests.Session() as two,
    ):
        one.get(url)  # FSA102
        two.get(url)  # FSA102
""",
    ),
    case(
        "own-context-manager-returns-client",
        """
import redis

class Lease:
    def __enter__(self):
        return redis.Redis()

    def __exit__(self, *exc):
        return None

async def handler(key):
    with Lease() as client:
        return client.get(key)  # FSA103
""",
    ),
    case(
        "own-async-context-manager",
        """
import redis

class Lease:
    async def __aenter__(self):
        return redis.Redis()

    async def __aexit__(self, *exc):
        return None

async def handler(key):
    async with Lease() as client:
        return client.get(key)  # FSA103
""",
    ),
    case(
        "asynccontextmanager-yields-sync-client",
        """
from contextlib import asynccontextmanager
import redis

@asynccontextmanager
async def lease():
    yield redis.Redis()

async def handler(key):
    async with lease() as client:
        return client.get(key)  # FSA103
""",
    ),
    case(
        "match-class-pattern",
        """
import redis
import httpx

async def handler(thing):
    match thing:
        case redis.Redis():
            thing.ping()  # FSA103
        case httpx.AsyncClient():
            await thing.get("x")
""",
    ),
    case(
        "match-capture",
        """
import redis

async def handler(thing):
    match thing:
        case redis.Redis() as client:
            client.ping()  # FSA103
""",
    ),
]


@pytest.mark.parametrize("program", ANNOTATIONS)
def test_annotations_give_the_type(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", DEPENDS)
def test_dependencies_give_the_type(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", CONSTRUCTION)
def test_construction_gives_the_type(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", ATTRIBUTES)
def test_attributes_and_managers_keep_the_type(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is of Python 3.12")
def test_a_type_alias_is_its_type(tmp_path: Path) -> None:
    program = """
import requests

type Client = requests.Session

async def handler(client: Client):
    client.get("x")  # FSA102
"""
    check(tmp_path, program)
