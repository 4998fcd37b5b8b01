"""Objects that block where they are iterated, read or executed, not where they are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

LAZY = [
    case(
        "kept-on-the-function",
        """
import requests

def fetch(url):
    if not hasattr(fetch, "session"):
        fetch.session = requests.Session()
    return fetch.session.get(url)

def seen(url):
    seen.urls.add(url)
    return seen.urls.copy()

seen.urls = set()

def session():
    session.made = getattr(session, "made", None) or requests.Session()
    return session.made

async def handler(url):
    fetch(url)  # FSA102
    session().get(url)  # FSA102
    return seen(url)
""",
    ),
    case(
        "leaving-what-the-block-hands-on-and-awaits",
        """
import tempfile
from concurrent.futures import ThreadPoolExecutor
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

Session = sessionmaker(create_engine("postgresql://x"))

async def handler(work, loop):
    with tempfile.TemporaryDirectory() as folder:  # FSA104
        await work(folder)
    with Session.begin() as session:  # FSA103
        await work(session)
    with ThreadPoolExecutor() as pool:
        await loop.run_in_executor(pool, work)
""",
    ),
    case(
        "iter-lines",
        """
import asyncio
import requests

async def handler(url):
    response = await asyncio.to_thread(requests.get, url, stream=True)
    for line in response.iter_lines():  # FSA102
        print(line)
""",
    ),
    case(
        "iter-content-in-comprehension",
        """
import asyncio
import requests

async def handler(url):
    response = await asyncio.to_thread(requests.get, url, stream=True)
    return [chunk for chunk in response.iter_content(1024)]  # FSA102
""",
    ),
    case(
        "iter-content-joined",
        """
import asyncio
import requests

async def handler(url):
    response = await asyncio.to_thread(requests.get, url, stream=True)
    return b"".join(response.iter_content(1024))  # FSA102
""",
    ),
    case(
        "streamed-response-content",
        """
import asyncio
import requests

async def handler(url):
    response = await asyncio.to_thread(requests.get, url, stream=True)
    return response.content  # FSA102
""",
    ),
    case(
        "full-response-content-is-clean",
        """
import asyncio
import requests

async def handler(url):
    response = await asyncio.to_thread(requests.get, url)
    response.raise_for_status()
    return response.content, response.text, response.json(), list(response.iter_lines())
""",
    ),
    case(
        "session-streamed",
        """
import asyncio
import requests

session = requests.Session()

async def handler(url):
    response = await asyncio.to_thread(session.get, url, stream=True)
    for line in response.iter_lines():  # FSA102
        print(line)
""",
    ),
    case(
        "httpx-stream",
        """
import httpx

async def handler(url):
    with httpx.stream("GET", url) as response:  # FSA102
        for chunk in response.iter_bytes():  # FSA102
            print(chunk)
""",
    ),
    case(
        "httpx-client-stream",
        """
import httpx

async def handler(client: httpx.Client, url):
    with client.stream("GET", url) as response:  # FSA102
        return response.read()  # FSA102
""",
    ),
    case(
        "sql-cursor-iterated",
        """
import asyncio
import sqlite3

async def handler(db: sqlite3.Connection):
    cursor = await asyncio.to_thread(db.execute, "select 1")
    for row in cursor:  # FSA103
        print(row)
""",
    ),
    case(
        "cursor-fetched",
        """
import asyncio
import psycopg2

async def handler(dsn):
    conn = await asyncio.to_thread(psycopg2.connect, dsn)
    cur = conn.cursor()
    await asyncio.to_thread(cur.execute, "select 1")
    return cur.fetchone()
""",
    ),
    case(
        "pymongo-find-not-iterated",
        """
from pymongo import MongoClient

users = MongoClient().shop.users

async def handler():
    return users.find({})
""",
    ),
    case(
        "pymongo-find-iterated",
        """
from pymongo import MongoClient

users = MongoClient().shop.users

async def handler():
    for user in users.find({}).sort("name").limit(3):  # FSA103
        print(user)
""",
    ),
    case(
        "pymongo-find-listed",
        """
from pymongo import MongoClient

users = MongoClient().shop.users

async def handler():
    cursor = users.find({})
    return list(cursor)  # FSA103
""",
    ),
    case(
        "pymongo-find-listed-in-thread",
        """
import asyncio
from pymongo import MongoClient

users = MongoClient().shop.users

async def handler():
    return await asyncio.to_thread(list, users.find({}))
""",
    ),
    case(
        "path-glob-iterated",
        """
from pathlib import Path

async def handler(folder: Path):
    for path in folder.glob("*.json"):
        path.read_text()  # FSA104
""",
    ),
    case(
        "path-glob-not-iterated",
        """
from pathlib import Path

async def handler(folder: Path):
    return folder.rglob("*.json")
""",
    ),
    case(
        "file-iterated",
        """
import asyncio

async def handler(path):
    handle = await asyncio.to_thread(open, path)
    for line in handle:  # FSA104
        print(line)
""",
    ),
    case(
        "csv-reader-over-file",
        """
import asyncio
import csv

async def handler(path):
    with open(path) as handle:  # FSA104
        for row in csv.reader(handle):  # FSA104
            print(row)
""",
    ),
    case(
        "csv-reader-over-memory",
        """
import csv
import io

async def handler(text):
    for row in csv.DictReader(io.StringIO(text)):
        print(row)
""",
    ),
    case(
        "sqlalchemy-query-built-only",
        """
from sqlalchemy.orm import Session

async def handler(db: Session, model):
    query = db.query(model).filter_by(id=1).limit(3)
    return query
""",
    ),
    case(
        "sqlalchemy-query-iterated",
        """
from sqlalchemy.orm import Session

async def handler(db: Session, model):
    query = db.query(model).filter_by(id=1)
    for row in query:  # FSA103
        print(row)
""",
    ),
    case(
        "sqlalchemy-query-helper-returns-query",
        """
from sqlalchemy.orm import Session

def active(db: Session, model):
    return db.query(model).filter(model.active)

async def handler(db: Session, model):
    return active(db, model).count()  # FSA103
""",
    ),
    case(
        "django-queryset",
        """
from django.contrib.auth.models import User

async def lazy():
    return User.objects.filter(active=True)

async def listed():
    return list(User.objects.filter(active=True))  # FSA103

async def got():
    return User.objects.get(pk=1)  # FSA103

async def iterated():
    async for user in User.objects.all():
        print(user)

async def awaited():
    return await User.objects.aget(pk=1)
""",
    ),
    case(
        "closing",
        """
import requests
import sqlite3
from contextlib import closing

class Slow:
    def close(self):
        requests.get("https://x.example")

async def handler(path):
    with closing(sqlite3.connect(path)) as connection:  # FSA103
        connection.execute("SELECT 1")  # FSA103
    with closing(Slow()):  # FSA102
        pass
    with closing(requests.Session()) as session:
        session.get("https://x.example")  # FSA102
""",
    ),
    case(
        "committed-in-the-block",
        """
import sqlite3

def connect() -> sqlite3.Connection: ...

async def handler():
    connection = connect()
    with connection:  # FSA103
        connection.execute("SELECT 1")  # FSA103
    with connection:
        connection.execute("SELECT 1")  # FSA103
        connection.commit()  # FSA103
""",
    ),
    case(
        "django-own-model",
        """
from django.db import models

class Book(models.Model):
    title = models.CharField(max_length=9)

async def handler():
    Book.objects.create(title="x")  # FSA103
    for book in Book.objects.filter(title="x").order_by("title"):  # FSA103
        book.save()  # FSA103
""",
    ),
    case(
        "django-own-methods",
        """
from django.db import models

class Shelf(models.QuerySet):
    def tidy(self):
        return self.update(tidy=True)

class Book(models.Model):
    title = models.CharField(max_length=9)
    shelf = Shelf.as_manager()

    def publish(self):
        self.save()

    async def apublish(self):
        await self.asave()

async def handler(pk):
    book = Book.objects.get(pk=pk)  # FSA103
    book.publish()  # FSA103
    other = await Book.objects.aget(pk=pk)
    other.publish()  # FSA103
    await other.apublish()
    found = await Book.objects.filter(title="x").afirst()
    found.publish()  # FSA103
    async for each in Book.objects.filter(title="x"):
        each.publish()  # FSA103
        await each.apublish()
    Book.shelf.tidy()  # FSA103

async def clean(pk):
    book = await Book.objects.aget(pk=pk)
    await book.asave()
    return Book.objects.filter(title=book.title).order_by("title")
""",
    ),
    case(
        "django-own-queries",
        """
from asgiref.sync import sync_to_async
from django.db import models
from django.db.models import prefetch_related_objects

class Query(models.QuerySet):
    def touch(self):
        return self.update(seen=True)

    def live(self):
        return self.filter(sold=False)

class Kept(models.Manager):
    def keep(self, books):
        return super().bulk_create(books)

class Book(models.Model):
    objects = Kept.from_queryset(Query)()

class Author(models.Model):
    objects = Query.as_manager()

async def blocking(books, query: Query):
    Book.objects.keep(books)  # FSA103
    Book.objects.get(pk=1)  # FSA103
    Book.objects.filter(pk=1).only("seen").touch()  # FSA103
    Author.objects.live().touch()  # FSA103
    query.live().touch()  # FSA103
    for book in query.live():  # FSA103
        print(book)
    prefetch_related_objects(books, "author")  # FSA103

async def clean(query: Query):
    await sync_to_async(query.live().touch)()
    await Book.objects.filter(pk=1).aget()
    async for author in Author.objects.live().order_by("name"):
        print(author)
    return query.live().exclude(pk=1)
""",
    ),
    case(
        "django-model-of-another-package",
        """
from polymorphic.models import PolymorphicModel

class Base(PolymorphicModel):
    def touch(self):
        self.save()

class Book(Base):
    pass

async def handler(pk):
    book = Book.objects.get(pk=pk)  # FSA103
    book.touch()  # FSA103
""",
    ),
    case(
        "peewee-query",
        """
import peewee

class Book(peewee.Model):
    title = peewee.CharField()

async def lazy():
    return Book.select().where(Book.title == "x")

async def iterated():
    for book in Book.select():  # FSA103
        print(book)
""",
    ),
    case(
        "async-redis-pipeline-queues",
        """
import redis.asyncio as redis

client = redis.Redis()

async def handler(key):
    pipe = client.pipeline()
    pipe.set(key, 1)
    pipe.expire(key, 60)
    await pipe.execute()

async def with_block(key):
    async with client.pipeline(transaction=True) as pipe:
        pipe.incr(key)
        pipe.get(key)
        return await pipe.execute()
""",
    ),
    case(
        "sync-redis-pipeline",
        """
import redis

client = redis.Redis()

async def handler(key):
    pipe = client.pipeline()
    pipe.set(key, 1)
    pipe.expire(key, 60)
    pipe.execute()  # FSA103
""",
    ),
    case(
        "sync-redis-pipeline-with",
        """
import redis

client = redis.Redis()

async def handler(key):
    with client.pipeline() as pipe:
        pipe.set(key, 1)
        pipe.execute()  # FSA103
""",
    ),
    case(
        "redis-scan-iter",
        """
import redis

client = redis.Redis()

async def handler():
    for key in client.scan_iter("x:*"):  # FSA103
        print(key)
""",
    ),
    case(
        "redis-pubsub-listen",
        """
import redis

client = redis.Redis()

async def handler():
    pubsub = client.pubsub()
    for message in pubsub.listen():  # FSA103
        print(message)
""",
    ),
    case(
        "openai-stream",
        """
import asyncio
from openai import OpenAI

client = OpenAI()

async def handler(messages):
    stream = await asyncio.to_thread(client.chat.completions.create, model="m", messages=messages, stream=True)
    for chunk in stream:  # FSA107
        print(chunk)
""",
    ),
    case(
        "async-openai-stream-is-clean",
        """
from openai import AsyncOpenAI

client = AsyncOpenAI()

async def handler(messages):
    stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
    async for chunk in stream:
        print(chunk)
""",
    ),
    case(
        "boto3-paginator",
        """
import boto3

s3 = boto3.client("s3")

async def handler():
    paginator = s3.get_paginator("list_objects_v2")
    for page in paginator.paginate(Bucket="b"):  # FSA107
        print(page)
""",
    ),
    case(
        "boto3-presigned-url-is-clean",
        """
import boto3

s3 = boto3.client("s3")

async def handler():
    return s3.generate_presigned_url("get_object", Params={})
""",
    ),
    case(
        "os-walk",
        """
import os

async def handler(top):
    for folder, _, names in os.walk(top):  # FSA104
        print(folder, names)
""",
    ),
    case(
        "subprocess-popen",
        """
import subprocess

async def handler():
    process = subprocess.Popen(["ls"], stdout=subprocess.PIPE)  # FSA105
    for line in process.stdout:  # FSA105
        print(line)
    process.wait()  # FSA105
""",
    ),
    case(
        "executor-map",
        """
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()

def work(n):
    return n

async def handler():
    for value in pool.map(work, range(3)):  # FSA108
        print(value)
""",
    ),
    case(
        "as-completed",
        """
from concurrent.futures import ThreadPoolExecutor, as_completed

pool = ThreadPoolExecutor()

def work(n):
    return n

async def handler():
    futures = [pool.submit(work, n) for n in range(3)]
    for future in as_completed(futures):  # FSA108
        print(future)
""",
    ),
    case(
        "generator-helper-in-thread",
        """
import asyncio
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    gen = rows()
    return await asyncio.to_thread(list, gen)

async def stepped():
    gen = rows()
    return await asyncio.to_thread(next, gen, None)
""",
    ),
    case(
        "generator-expression-in-thread",
        """
import asyncio
import requests

async def handler(urls):
    return await asyncio.to_thread(list, (requests.get(u) for u in urls))
""",
    ),
    case(
        "map-not-consumed",
        """
import asyncio
import requests

async def handler(urls):
    lazy = map(requests.get, urls)
    return await asyncio.to_thread(list, lazy)
""",
    ),
    case(
        "filter-consumed",
        """
import os
import subprocess

def alive(host):
    return subprocess.call(["ping", host]) == 0

async def handler(hosts):
    return list(filter(alive, hosts))  # FSA105
""",
    ),
    case(
        "google-genai-stream",
        """
from google import genai

client = genai.Client()

async def handler(prompt):
    for chunk in client.models.generate_content_stream(model="m", contents=prompt):  # FSA107
        print(chunk)

async def clean(prompt):
    return await client.aio.models.generate_content(model="m", contents=prompt)
""",
    ),
    case(
        "elasticsearch-scan",
        """
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

es = Elasticsearch()

async def handler():
    for hit in scan(es, index="x"):  # FSA103
        print(hit)
""",
    ),
    case(
        "kafka-consumer",
        """
from kafka import KafkaConsumer

consumer = KafkaConsumer("topic")

async def handler():
    for message in consumer:  # FSA107
        print(message)
""",
    ),
    case(
        "bigquery-result",
        """
from google.cloud import bigquery

client = bigquery.Client()

async def handler():
    return list(client.query("select 1").result())  # FSA103
""",
    ),
    case(
        "taken-apart",
        """
import asyncio
from typing import NamedTuple

import requests
from sqlalchemy.orm import Session

class Pages:
    def __iter__(self):
        yield requests.get("http://x")

class Pair(NamedTuple):
    first: int
    second: Pages

async def names(urls):
    pages = (requests.get(url) for url in urls)  # FSA102
    first, *rest = pages
    return first, rest

async def written(urls):
    first, second = (requests.get(url) for url in urls)  # FSA102

async def stars(urls):
    pages = (requests.get(url) for url in urls)  # FSA102
    return [*pages]

async def objects(pair: Pair, session: Session):
    made = Pages()
    first, second = made  # FSA102
    (row,) = session.query(Pair)  # FSA103
    page, pages = pair
    return [*pages]  # FSA102

async def clean(urls, pair: Pair):
    pages = (requests.get(url) for url in urls)
    first, second = await asyncio.to_thread(list, pages)
    number, made = pair
""",
    ),
]


@pytest.mark.parametrize("program", LAZY)
def test_lazy_objects_block_where_they_are_used(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
