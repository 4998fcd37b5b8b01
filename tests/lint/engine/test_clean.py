"""Code that looks as if it blocked, and does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

CLEAN = [
    case(
        "queue-that-a-selector-found-ready",
        """
import asyncio
import multiprocessing
import select

class Worker:
    def __init__(self):
        self.jobs = multiprocessing.Queue()
        self.stops = multiprocessing.Queue()

    def wait(self):
        return select.select([self.jobs._reader, self.stops._reader], [], [])[0]

    async def run(self):
        for ready in await asyncio.to_thread(self.wait):
            if ready is self.jobs._reader:
                print(self.jobs.get())
            elif ready == self.stops._reader:
                return self.stops.get()
""",
    ),
    case(
        "asynchronous-iteration-of-an-sdk",
        """
from mistralai import Mistral
from vllm import LLM

class Speech:
    def __init__(self, client: Mistral, model: LLM):
        self.client = client
        self.model = model

    def request(self, text):
        return self.client.audio.speech.complete_async(input=text)

    async def read(self, frames):
        await self.request("x")
        print(self.client.audio.speech.a_complete(input="x"))
        async for event in self.client.audio.speech.follow(frames):
            print(event)
        async for output in self.model.encode("x"):
            print(output)
        return [event async for event in self.client.audio.speech.follow(frames)]
""",
    ),
    case(
        "database-in-memory",
        """
import sqlite3

class Index:
    connection: sqlite3.Connection

    def __init__(self):
        self.connection = sqlite3.connect(":memory:")

    def find(self, key):
        with self.connection:
            return self.connection.execute("SELECT 1").fetchone()

def count(connection: sqlite3.Connection):
    return connection.execute("SELECT 1").fetchone()

async def handler(index: Index):
    index.find("a")
    scratch: sqlite3.Connection = sqlite3.connect(":memory:")
    scratch.cursor().execute("SELECT 1")
    count(scratch)
""",
    ),
    case(
        "retry-around-the-making-of-a-coroutine",
        """
import functools
import time
import requests

def retried(func):
    @functools.wraps(func)
    def wrapper(*args):
        for _ in range(3):
            try:
                return func(*args)
            except Exception:
                time.sleep(1)
    return wrapper

@retried
async def visit(page):
    return page

@retried
def fetch(page):
    requests.get(page)

async def handler(page):
    await visit(page)
    fetch(page)  # FSA102
""",
    ),
    case(
        "async-clients",
        """
import aiohttp
import asyncpg
import httpx
import redis.asyncio as redis
from motor.motor_asyncio import AsyncIOMotorClient
from openai import AsyncOpenAI
from pymongo import AsyncMongoClient

motor = AsyncIOMotorClient()
mongo = AsyncMongoClient()
ai = AsyncOpenAI()
cache = redis.from_url("redis://x")

async def handler(url, dsn):
    async with httpx.AsyncClient() as client:
        await client.get(url)
        async with client.stream("GET", url) as response:
            async for line in response.aiter_lines():
                print(line)
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        await response.json()
    conn = await asyncpg.connect(dsn)
    await conn.fetch("select 1")
    await motor.shop.users.find_one({})
    await mongo.shop.users.find_one({})
    async for user in mongo.shop.users.find({}):
        print(user)
    await ai.chat.completions.create(model="m", messages=[])
    await cache.get("a")
""",
    ),
    case(
        "async-sqlalchemy",
        """
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://x")
Session = async_sessionmaker(engine, expire_on_commit=False)

async def handler(model):
    async with Session() as db:
        result = await db.execute(select(model))
        rows = result.scalars().all()
        first = result.scalar_one_or_none()
        db.add(model())
        await db.flush()
        await db.commit()
        result = await db.stream(select(model))
        async for row in result:
            print(row)
    async with engine.begin() as conn:
        await conn.execute(select(model))
    return rows, first
""",
    ),
    case(
        "async-psycopg",
        """
import psycopg
from psycopg_pool import AsyncConnectionPool

pool = AsyncConnectionPool("")

async def handler(dsn):
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        async with conn.cursor() as cur:
            await cur.execute("select 1")
            await cur.fetchall()
    async with pool.connection() as conn:
        await conn.execute("select 1")
""",
    ),
    case(
        "aioboto-and-async-sdks",
        """
import aioboto3
from anthropic import AsyncAnthropic
from google.cloud import storage
from slack_sdk.web.async_client import AsyncWebClient

session = aioboto3.Session()
claude = AsyncAnthropic()
slack = AsyncWebClient()

async def handler(key):
    async with session.client("s3") as s3:
        await s3.get_object(Bucket="b", Key=key)
    await claude.messages.create(model="m", max_tokens=1, messages=[])
    await slack.chat_postMessage(channel="c", text="x")
""",
    ),
    case(
        "aiosqlite-and-databases",
        """
import aiosqlite

async def handler(path):
    async with aiosqlite.connect(path) as db:
        async with db.execute("select 1") as cursor:
            return await cursor.fetchall()
""",
    ),
    case(
        "asyncio-subprocess-and-sleep",
        """
import asyncio
import asyncio.subprocess as sp
from asyncio import sleep

async def handler():
    await sleep(1)
    process = await asyncio.create_subprocess_shell("ls", stdout=sp.PIPE)
    await process.communicate()
    async for line in process.stdout:
        print(line)
    await process.wait()
    process.kill()
""",
    ),
    case(
        "asyncio-primitives",
        """
import asyncio

queue = asyncio.Queue()
event = asyncio.Event()
condition = asyncio.Condition()
semaphore = asyncio.Semaphore(3)

async def handler():
    await queue.get()
    await queue.put(1)
    await queue.join()
    await event.wait()
    async with condition:
        await condition.wait()
    async with semaphore:
        pass
    queue.get_nowait()
    reader, writer = await asyncio.open_connection("x", 1)
    await reader.read()
    writer.write(b"x")
    await writer.drain()
""",
    ),
    case(
        "anyio-and-trio",
        """
import anyio
import trio

async def handler(path):
    await anyio.sleep(1)
    await anyio.run_process(["ls"])
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 1)
    await trio.sleep(1)
    await trio.Path(path).read_text()
""",
    ),
    case(
        "names-like-libraries",
        """
async def handler(requests: dict[str, int], time, redis: list, session, subprocess):
    requests.get("a")
    redis.append(1)
    time.sleep(1)
    session.execute("x")
    subprocess.run(["x"])
    return requests
""",
    ),
    case(
        "own-classes-with-library-names",
        """
class Session:
    def get(self, url):
        return url

class Redis:
    def get(self, key):
        return key

async def handler(session: Session, redis: Redis):
    session.get("a")
    return redis.get("b")
""",
    ),
    case(
        "loop-that-takes-until-nothing-is-left",
        """
import time
from collections import deque

idle = deque()

async def acquire():
    try:
        while True:
            released, connection = idle.pop()
            if time.monotonic() - released < 60:
                return connection
            connection.abandon()
    except IndexError:
        return None
""",
    ),
    case(
        "dict-and-list-methods",
        """
import collections

async def handler(data: dict[str, str], items: list[int]):
    data.get("a")
    data.pop("a", None)
    items.sort()
    counter = collections.Counter(items)
    queue = collections.deque(items)
    queue.popleft()
    " ".join(str(i) for i in items)
    return counter.most_common(3)
""",
    ),
    case(
        "pure-standard-library",
        """
import base64
import datetime
import hashlib
import itertools
import json
import logging
import math
import os
import random
import re
import time
import urllib.parse
import uuid

logger = logging.getLogger(__name__)

async def handler(text: str):
    logger.info("got %s", text)
    os.path.join("a", "b")
    os.environ.get("HOME")
    os.getpid()
    time.time()
    time.perf_counter()
    time.monotonic()
    time.strftime("%Y")
    datetime.datetime.now()
    urllib.parse.urlparse(text)
    urllib.parse.quote(text)
    uuid.uuid4()
    re.sub("a", "b", text)
    json.loads(text)
    base64.b64encode(text.encode())
    hashlib.md5(text.encode()).hexdigest()
    random.random()
    math.sqrt(2)
    return list(itertools.chain([1], [2]))
""",
    ),
    case(
        "pure-path-operations",
        """
import os.path
from pathlib import Path, PurePosixPath

async def handler(folder: Path, name: str):
    path = folder / name
    path.suffix
    path.with_name("x").parent.parts
    path.relative_to(folder)
    path.as_posix()
    os.path.basename(name)
    os.path.splitext(name)
    return PurePosixPath(name).stem, str(path), path.name
""",
    ),
    case(
        "constructors-without-connection",
        """
import boto3
import httpx
import openai
import redis
import requests
import sqlalchemy

async def handler():
    redis.Redis()
    requests.Session()
    httpx.Client()
    openai.OpenAI()
    sqlalchemy.create_engine("postgresql://x")
    return requests.Request("GET", "https://x.example").prepare()
""",
    ),
    case(
        "sqlalchemy-expressions",
        """
from sqlalchemy import and_, func, insert, select, text, update
from sqlalchemy.orm import Session, joinedload

async def handler(model):
    query = select(model).where(and_(model.a == 1, model.b == 2)).order_by(model.c)
    query = query.options(joinedload(model.children)).limit(3)
    insert(model).values(a=1)
    update(model).where(model.a == 1)
    text("select 1")
    return query, func.count(model.a)

async def adds(db: Session, item):
    db.add(item)
    db.expunge(item)
    return db.new
""",
    ),
    case(
        "response-objects",
        """
import httpx
import requests

def summary(response: requests.Response):
    return response.status_code, response.headers["x"], response.ok

async def handler(client: httpx.AsyncClient, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json(), response.text, response.content

async def other(response: requests.Response):
    return summary(response)
""",
    ),
    case(
        "exceptions-and-types-of-libraries",
        """
import redis
import requests
import sqlite3

async def handler(work):
    try:
        await work()
    except requests.exceptions.Timeout:
        return requests.codes.ok
    except (redis.RedisError, sqlite3.Error) as error:
        return str(error)
    raise requests.HTTPError("x")
""",
    ),
    case(
        "thread-start-only",
        """
import threading
import time

def work():
    time.sleep(9)

async def handler():
    thread = threading.Thread(target=work)
    thread.start()
    return thread.is_alive(), threading.current_thread().name
""",
    ),
    case(
        "sync-code-beside",
        """
import requests
import time

def command():
    time.sleep(1)
    return requests.get("https://x.example")

class Tool:
    def run(self):
        return command()

async def handler():
    return 1
""",
    ),
    case(
        "same-method-name",
        """
import requests

class Api:
    def load(self):
        return requests.get("https://x.example")

class Cache:
    def load(self):
        return {}

async def handler(cache: Cache, other):
    other.load()
    return cache.load()
""",
    ),
    case(
        "own-submit-and-run",
        """
import asyncio

class Jobs:
    async def submit(self, job):
        await job()

    def run(self, job):
        return job

class Service:
    def __init__(self, executor: Jobs):
        self.executor = executor

    async def go(self, job):
        await self.executor.submit(job)
        self.executor.run(job)
""",
    ),
    case(
        "generator-never-iterated",
        """
import requests

def pages():
    while True:
        yield requests.get("https://x.example")

async def handler():
    gen = pages()
    gen.close()
    return gen
""",
    ),
    case(
        "partial-never-called",
        """
from functools import partial
import requests

async def handler(scheduler, url):
    scheduler.add_job(partial(requests.get, url))
    scheduler.add_job(requests.get, args=[url])
""",
    ),
    case(
        "apscheduler-job-functions",
        """
import time
from apscheduler.schedulers.background import BackgroundScheduler

scheduler = BackgroundScheduler()

def job():
    time.sleep(1)

async def handler():
    scheduler.add_job(job, "interval", seconds=3)
    scheduler.start()
""",
    ),
    case(
        "celery-task-bodies",
        """
import time
from celery import shared_task

@shared_task
def work():
    time.sleep(1)

async def handler():
    return work.s()
""",
    ),
    case(
        "atexit-and-hooks",
        """
import atexit
import time

def bye():
    time.sleep(1)

async def handler():
    atexit.register(bye)
""",
    ),
    case(
        "test-double",
        """
from unittest.mock import AsyncMock, MagicMock, patch

async def handler():
    client = MagicMock()
    client.get("a")
    with patch("requests.get") as get:
        get("a")
    await AsyncMock().get("a")
""",
    ),
    case(
        "string-io-and-print",
        """
import io
import sys

async def handler():
    out = io.StringIO()
    print("x", file=out)
    sys.stdout.write("x")
    print("done", flush=True)
""",
    ),
    case(
        "template-rendered-from-memory",
        """
from jinja2 import Template
from string import Template as Plain

async def handler(name):
    return Plain("$name").substitute(name=name)
""",
    ),
    case(
        "websocket-and-request",
        """
from fastapi import Request, WebSocket

async def handler(request: Request, ws: WebSocket):
    await request.json()
    await request.body()
    request.query_params.get("a")
    request.headers.get("b")
    await ws.send_json({})
    return request.client.host
""",
    ),
    case(
        "upload-awaited",
        """
from fastapi import UploadFile

async def handler(file: UploadFile):
    await file.read()
    await file.seek(0)
    await file.write(b"x")
    await file.close()
    return file.filename, file.content_type
""",
    ),
    case(
        "kafka-and-amqp-async",
        """
import aio_pika
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

async def handler(url):
    producer = AIOKafkaProducer()
    await producer.start()
    await producer.send_and_wait("t", b"x")
    async for message in AIOKafkaConsumer("t"):
        print(message)
    connection = await aio_pika.connect_robust(url)
    async with connection:
        await connection.channel()
""",
    ),
    case(
        "dataframe-small-operations",
        """
import numpy as np

async def handler(values):
    return np.array(values).mean(), np.zeros(3)
""",
    ),
    case(
        "context-variables",
        """
from contextvars import ContextVar

user = ContextVar("user", default=None)

async def handler(name):
    token = user.set(name)
    user.get()
    user.reset(token)
""",
    ),
    case(
        "class-attribute-descriptor",
        """
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    url: str = Field(default="x")

settings = Settings()

class Item(BaseModel):
    name: str

async def handler(item: Item):
    item.model_dump()
    Item.model_validate({"name": "x"})
    return settings.url, item.model_copy(update={"name": "y"})
""",
    ),
    case(
        "structlog-and-metrics",
        """
import structlog
from prometheus_client import Counter, Histogram

log = structlog.get_logger()
requests_total = Counter("requests_total", "all")
seconds = Histogram("seconds", "all")

async def handler():
    log.info("x", a=1)
    requests_total.inc()
    with seconds.time():
        return 1
""",
    ),
    case(
        "future-of-asyncio",
        """
import asyncio

async def handler(loop: asyncio.AbstractEventLoop):
    future = loop.create_future()
    future.set_result(1)
    await future
    return future.result()
""",
    ),
    case(
        "tenacity-async-retrying",
        """
from tenacity import AsyncRetrying, stop_after_attempt

async def handler(work):
    async for attempt in AsyncRetrying(stop=stop_after_attempt(3)):
        with attempt:
            await work()
""",
    ),
    case(
        "thread-lock-around-memory",
        """
import threading

class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.n = 0

    def add(self):
        with self._lock:
            self.n += 1

counter = Counter()

def worker():
    counter.add()

threading.Thread(target=worker).start()

async def handler():
    counter.add()
    with counter._lock:
        return counter.n
""",
    ),
    case(
        "asgi-test-client",
        """
import httpx

async def test_read(app):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/")
    assert response.status_code == 200
""",
    ),
    case(
        "worker-that-a-call-starts",
        """
from textual import work
from textual.app import App

class Reader(App):
    @work
    async def save(self):
        print("saved")

    @work(exclusive=True)
    async def show(self):
        print("shown")

    async def action_save(self):
        self.save()
        self.show()
""",
    ),
]


@pytest.mark.parametrize("program", CLEAN)
def test_clean(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
