"""Which function a call runs, however it is spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

FUNCTIONS = [
    case(
        "module-as-argument",
        """
import asyncio
import functools
import requests
import helper

def fetch(http, url):
    return http.get(url)

def run(module, url):
    return module.load(url)

class Service:
    def __init__(self, http):
        self.http = http

    async def go(self):
        return self.http.get("/")  # FSA102

service = Service(requests)

async def handler(url):
    fetch(requests, url)  # FSA102
    fetch(url=url, http=requests)  # FSA102
    functools.partial(fetch, requests)(url)  # FSA102
    run(helper, url)  # FSA102
    await asyncio.to_thread(fetch, requests, url)

async def clean(client, url):
    fetch(client, url)
    run(asyncio, url)
# file: helper.py
import requests

def load(url):
    return requests.get(url)
""",
    ),
    case(
        "static-method-in-the-body-of-its-class",
        """
import functools
import requests

class Handler:
    @staticmethod
    def retried(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)

        return wrapper

    @staticmethod
    def load(url):
        return requests.get(url)

    @staticmethod
    def strip(url):
        return url.strip()

    table = {"load": load, "strip": strip}
    row = [load]

    @retried
    def get(self, url):
        return requests.get(url)

    async def handler(self, url):
        self.table["load"](url)  # FSA102
        self.table["strip"](url)
        self.get(url)  # FSA102
        return [load(url) for load in self.row]  # FSA102
""",
    ),
    case(
        "what-a-loop-has-run",
        """
import asyncio
import requests

async def session():
    return requests.Session()

client = asyncio.run(session())

async def handler():
    client.get("x")  # FSA102
""",
    ),
    case(
        "keyword-that-the-function-does-not-take",
        """
import time
from functools import partial, wraps

def slow(seconds, /, *, again=False):
    time.sleep(seconds)

def any_keyword(**options):
    time.sleep(1)

def other(function):
    @wraps(function)
    def run(*args, shout, **options):
        return function(*args, **options)
    return run

@other
def decorated(seconds):
    time.sleep(seconds)

class Store:
    def load(self, key):
        time.sleep(1)

async def handler(store: Store, options):
    slow(1, agian=True)
    store.load(name="x")
    slow(1, again=True)  # FSA101
    slow(1, **options)  # FSA101
    any_keyword(again=True)  # FSA101
    decorated(1, shout=True)  # FSA101
    store.load(key="x")  # FSA101
""",
    ),
    case(
        "nested-function",
        """
import time

async def handler():
    def work():
        time.sleep(1)
    work()  # FSA101
""",
    ),
    case(
        "nested-function-not-called",
        """
import time

async def handler():
    def work():
        time.sleep(1)
    return work
""",
    ),
    case(
        "returned-nested-function",
        """
import time

def make():
    def work():
        time.sleep(1)
    return work

async def handler():
    make()()  # FSA101
""",
    ),
    case(
        "lambda-called",
        """
import requests

async def handler(url):
    fetch = lambda: requests.get(url)
    return fetch()  # FSA102
""",
    ),
    case(
        "module-lambda",
        """
import requests

fetch = lambda url: requests.get(url).json()

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "lambda-not-called",
        """
import requests

async def handler(url):
    return lambda: requests.get(url)
""",
    ),
    case(
        "partial-of-library-function",
        """
import functools
import subprocess

run = functools.partial(subprocess.run, check=True)

async def handler(command):
    run(command)  # FSA105
""",
    ),
    case(
        "partial-of-own-function",
        """
from functools import partial
import requests

def fetch(base, path):
    return requests.get(base + path)

async def handler(path):
    load = partial(fetch, "https://x.example")
    return load(path)  # FSA102
""",
    ),
    case(
        "first-of-two-ways-as-short",
        """
import time
import requests

def later():
    requests.get("https://x.example")

def helper():
    first()
    later()

def between():
    helper()

def first():
    time.sleep(1)

async def handler():
    between()  # FSA101
""",
    ),
    case(
        "partial-of-partial-many-times",
        """
from functools import partial
import requests

def fetch(*args):
    requests.get("https://x.example")

async def call(flags):
    step = fetch
"""
        + "".join(f"    if flags[{n}]:\n        step = partial(step, {n})\n" for n in range(24))
        + """
    step()  # FSA102
""",
    ),
    case(
        "partial-of-bound-method",
        """
from functools import partial
import redis

client = redis.Redis()
get = partial(client.get)

async def handler(key):
    return get(key)  # FSA103
""",
    ),
    case(
        "partialmethod",
        """
from functools import partialmethod
import requests

class Api:
    def call(self, verb, path):
        return requests.request(verb, path)

    get = partialmethod(call, "GET")

async def handler(api: Api):
    return api.get("/")  # FSA102
""",
    ),
    case(
        "bound-method-as-value",
        """
import redis

client = redis.Redis()

async def handler(key):
    get = client.get
    return get(key)  # FSA103
""",
    ),
    case(
        "function-as-value",
        """
import os

shell = os.system

async def handler():
    shell("true")  # FSA105
""",
    ),
    case(
        "callback-positional",
        """
import requests

def apply(fn, value):
    return fn(value)

async def handler(url):
    return apply(requests.get, url)  # FSA102
""",
    ),
    case(
        "callback-keyword",
        """
import requests

def apply(value, *, using):
    return using(value)

async def handler(url):
    return apply(url, using=requests.get)  # FSA102
""",
    ),
    case(
        "callback-lambda",
        """
import time

def retry(action):
    for _ in range(3):
        action()

async def handler():
    retry(lambda: time.sleep(1))  # FSA101
""",
    ),
    case(
        "callback-through-two-helpers",
        """
import time

def outer(fn):
    inner(fn)

def inner(fn):
    fn()

def slow():
    time.sleep(1)

async def handler():
    outer(slow)  # FSA101
""",
    ),
    case(
        "callback-only-kept",
        """
import time

registered = []

def register(fn):
    registered.append(fn)

def slow():
    time.sleep(1)

async def handler():
    register(slow)
""",
    ),
    case(
        "callback-kept-on-self",
        """
import requests

class Poller:
    def __init__(self, fetch):
        self.fetch = fetch

    async def poll(self, url):
        return self.fetch(url)  # FSA102

poller = Poller(requests.get)
""",
    ),
    case(
        "callback-harmless-and-blocking-apart",
        """
import time

def twice(fn):
    fn()
    fn()

def slow():
    time.sleep(1)

def fast():
    return 1

async def bad():
    twice(slow)  # FSA101

async def good():
    twice(fast)
""",
    ),
    case(
        "map-consumed",
        """
import requests

async def handler(urls):
    return list(map(requests.get, urls))  # FSA102
""",
    ),
    case(
        "sorted-key",
        """
import os
import subprocess

def size(name):
    return subprocess.check_output(["du", name])

async def handler(names):
    return sorted(names, key=size)  # FSA105
""",
    ),
    case(
        "functools-reduce",
        """
from functools import reduce
import requests

def step(total, url):
    return total + len(requests.get(url).content)

async def handler(urls):
    return reduce(step, urls, 0)  # FSA102
""",
    ),
    case(
        "dict-dispatch-module",
        """
import requests
import time

def ping():
    return requests.get("https://x.example")

def wait():
    time.sleep(1)

ACTIONS = {"ping": ping, "wait": wait}

async def handler(name):
    return ACTIONS["ping"]()  # FSA102
""",
    ),
    case(
        "dict-dispatch-get",
        """
import time

def slow():
    time.sleep(1)

def default():
    return None

async def handler(name):
    actions = {"slow": slow}
    return actions.get(name, default)()  # FSA101
""",
    ),
    case(
        "dict-dispatch-filled-by-decorator",
        """
import time

HANDLERS = {}

def register(name):
    def add(fn):
        HANDLERS[name] = fn
        return fn
    return add

@register("slow")
def slow():
    time.sleep(1)

async def handler(name):
    HANDLERS[name]()  # FSA101
""",
    ),
    case(
        "dict-dispatch-of-classes",
        """
import requests

class Http:
    def send(self, url):
        return requests.post(url)

KINDS = {"http": Http}

async def handler(kind, url):
    KINDS[kind]().send(url)  # FSA102
""",
    ),
    case(
        "list-of-functions",
        """
import time

def one():
    time.sleep(1)

def two():
    return 2

async def handler():
    for step in (one, two):
        step()  # FSA101
""",
    ),
    case(
        "dispatch-of-bound-methods",
        """
import requests

class Worker:
    def __init__(self):
        self.actions = {"load": self.load, "noop": self.noop}

    def load(self):
        return requests.get("https://x.example")

    def noop(self):
        return None

    async def run(self, name):
        return self.actions[name]()  # FSA102
""",
    ),
    case(
        "getattr-literal",
        """
import requests

async def handler(url):
    return getattr(requests, "get")(url)  # FSA102
""",
    ),
    case(
        "getattr-method-of-self",
        """
import time

class Job:
    def step(self):
        time.sleep(1)

    async def run(self):
        getattr(self, "step")()  # FSA101
""",
    ),
    case(
        "operator-methodcaller-is-unknown",
        """
from operator import methodcaller

async def handler(thing):
    return methodcaller("get", "x")(thing)
""",
    ),
    case(
        "recursion",
        """
import time

def down(n):
    if n:
        down(n - 1)
    time.sleep(1)

async def handler():
    down(3)  # FSA101
""",
    ),
    case(
        "mutual-recursion",
        """
import time

def even(n):
    return True if n == 0 else odd(n - 1)

def odd(n):
    time.sleep(1)
    return False if n == 0 else even(n - 1)

async def handler(n):
    return even(n)  # FSA101
""",
    ),
    case(
        "conditional-function",
        """
import requests
import httpx

async def handler(url, new):
    fetch = requests.get if new else httpx.get
    return fetch(url)  # FSA102
""",
    ),
    case(
        "redefined-function",
        """
import time

def step():
    time.sleep(1)

def step():
    return 1

async def handler():
    step()
""",
    ),
    case(
        "global-function-by-name",
        """
import time

def slow():
    time.sleep(1)

async def handler():
    globals()["slow"]()  # FSA101
""",
    ),
    case(
        "method-through-class",
        """
import requests

class Api:
    def fetch(self, url):
        return requests.get(url)

async def handler(api, url):
    return Api.fetch(api, url)  # FSA102
""",
    ),
    case(
        "immediately-invoked-lambda",
        """
import time

async def handler():
    (lambda: time.sleep(1))()  # FSA101
""",
    ),
    case(
        "star-arguments-forwarded",
        """
import time

def call(fn, *args, **kwargs):
    return fn(*args, **kwargs)

async def handler():
    call(time.sleep, 1)  # FSA101
""",
    ),
    case(
        "callable-instance",
        """
import requests

class Fetch:
    def __call__(self, url):
        return requests.get(url)

fetch = Fetch()

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "async-calls-async",
        """
import requests

async def inner(url):
    return requests.get(url)  # FSA102

async def outer(url):
    return await inner(url)
""",
    ),
    case(
        "three-hops",
        """
import smtplib

def connect():
    return smtplib.SMTP("mail.example")

def send(message):
    connect().send_message(message)

def notify(user):
    send("hello " + user)

async def handler(user):
    notify(user)  # FSA106
""",
    ),
    case(
        "default-argument-function",
        """
import time

def run(wait=time.sleep):
    wait(1)

async def handler():
    run()  # FSA101
""",
    ),
    case(
        "blocking-argument-of-awaited-call",
        """
import requests

async def store(data):
    return data

async def handler(url):
    await store(requests.get(url).json())  # FSA102
""",
    ),
    case(
        "blocking-argument-of-gather",
        """
import asyncio
import time

def prepare():
    time.sleep(1)
    return 1

async def work(n):
    return n

async def handler():
    await asyncio.gather(work(prepare()), work(2))  # FSA101
""",
    ),
    case(
        "blocking-argument-of-print",
        """
import subprocess

async def handler():
    print(subprocess.check_output(["date"]))  # FSA105
""",
    ),
    case(
        "f-string",
        """
import requests

async def handler(url):
    return f"got {requests.get(url).text}"  # FSA102
""",
    ),
    case(
        "default-of-get",
        """
import requests

async def handler(cache: dict, url):
    return cache.get(url, requests.get(url))  # FSA102
""",
    ),
    case(
        "short-circuit",
        """
import requests

async def handler(cache, url):
    return cache or requests.get(url)  # FSA102
""",
    ),
    case(
        "assert-statement",
        """
import requests

async def handler(url):
    assert requests.get(url).ok  # FSA102
""",
    ),
    case(
        "raise-argument",
        """
import requests

async def handler(url):
    raise ValueError(requests.get(url).text)  # FSA102
""",
    ),
    case(
        "return-in-lambda-default",
        """
import requests

async def handler(url):
    return (lambda data=requests.get(url): data)  # FSA102
""",
    ),
    case(
        "except-and-finally",
        """
import time

async def handler(work):
    try:
        await work()
    except ValueError:
        time.sleep(1)  # FSA101
    finally:
        time.sleep(2)  # FSA101
""",
    ),
    case(
        "while-else-and-match",
        """
import time

async def handler(n):
    for _ in range(n):
        pass
    else:
        time.sleep(1)  # FSA101
    match n:
        case 1:
            time.sleep(1)  # FSA101
        case _:
            time.sleep(2)  # FSA101
""",
    ),
    case(
        "augmented-assignment",
        """
import requests

async def handler(urls):
    total = ""
    for url in urls:
        total += requests.get(url).text  # FSA102
    return total
""",
    ),
    case(
        "subscript-and-slice",
        """
import requests

async def handler(items, url):
    return items[requests.get(url).json()["n"]]  # FSA102
""",
    ),
    case(
        "multi-line-call",
        """
import requests

async def handler(url):
    return (
        requests  # FSA102
        .get(
            url,
            timeout=3,
        )
        .json()
    )
""",
    ),
]

DECORATORS = [
    case(
        "wraps",
        """
import functools
import requests

def logged(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        print(fn.__name__)
        return fn(*args, **kwargs)
    return inner

@logged
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "decorator-with-arguments",
        """
import functools
import requests

def retried(times):
    def decorate(fn):
        @functools.wraps(fn)
        def inner(*args):
            for _ in range(times):
                return fn(*args)
        return inner
    return decorate

@retried(times=3)
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "decorator-with-optional-arguments",
        """
import functools
import requests

def traced(fn=None, *, name=""):
    if fn is None:
        return functools.partial(traced, name=name)
    @functools.wraps(fn)
    def inner(*args):
        return fn(*args)
    return inner

@traced
def one(url):
    return requests.get(url)

@traced(name="two")
def two(url):
    return requests.get(url)

async def handler(url):
    one(url)  # FSA102
    two(url)  # FSA102
""",
    ),
    case(
        "decorator-that-sleeps",
        """
import functools
import time

def throttled(fn):
    @functools.wraps(fn)
    def inner(*args):
        time.sleep(0.2)
        return fn(*args)
    return inner

@throttled
def cheap(n):
    return n

async def handler():
    return cheap(1)  # FSA101
""",
    ),
    case(
        "nested-endpoint-that-calls-one-of-several",
        """
import time
import requests

def from_files(name):
    time.sleep(1)

def from_remote(name):
    return requests.get(name)

def create(remote):
    async def page(name):
        load = from_remote if remote else from_files
        return load(name)  # FSA102
    return page
""",
    ),
    case(
        "async-wrapper-that-blocks",
        """
import functools
import time

def throttled(fn):
    @functools.wraps(fn)
    async def inner(*args):
        time.sleep(0.2)  # FSA101
        return await fn(*args)
    return inner

@throttled
async def work(n):
    return n
""",
    ),
    case(
        "async-function-below-decorator",
        """
import functools
import requests

def logged(fn):
    @functools.wraps(fn)
    async def inner(*args):
        return await fn(*args)
    return inner

@logged
async def fetch(url):
    return requests.get(url)  # FSA102
""",
    ),
    case(
        "tenacity-bare",
        """
import requests
from tenacity import retry

@retry
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "tenacity-configured",
        """
import requests
import tenacity

@tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_exponential())
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "tenacity-on-async-is-clean",
        """
import httpx
from tenacity import retry, stop_after_attempt

@retry(stop=stop_after_attempt(3))
async def fetch(client: httpx.AsyncClient, url):
    return await client.get(url)

async def handler(client: httpx.AsyncClient, url):
    return await fetch(client, url)
""",
    ),
    case(
        "backoff",
        """
import backoff
import requests

@backoff.on_exception(backoff.expo, requests.RequestException)
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "unknown-decorator-keeps-function",
        """
import requests
from somewhere import traced

@traced
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "unknown-decorator-factory",
        """
import requests
import somewhere

@somewhere.traced("name", sampled=True)
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "class-decorator-object",
        """
import requests

class Traced:
    def __init__(self, fn):
        self.fn = fn

    def __call__(self, *args):
        return self.fn(*args)

@Traced
def fetch(url):
    return requests.get(url)

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "decorated-class",
        """
import requests
from somewhere import register

@register
class Api:
    def fetch(self, url):
        return requests.get(url)

async def handler(url):
    return Api().fetch(url)  # FSA102
""",
    ),
    case(
        "decorated-method",
        """
import functools
import requests

def logged(fn):
    @functools.wraps(fn)
    def inner(self, *args):
        return fn(self, *args)
    return inner

class Api:
    @logged
    def fetch(self, url):
        return requests.get(url)

async def handler(url):
    return Api().fetch(url)  # FSA102
""",
    ),
    case(
        "stacked",
        """
import functools
import requests

def one(fn):
    @functools.wraps(fn)
    def inner(*args):
        return fn(*args)
    return inner

def two(fn):
    def inner(*args):
        return fn(*args)
    return functools.update_wrapper(inner, fn)

@one
@two
@functools.lru_cache(maxsize=None)
def fetch(url):
    return open(url)

@one
@two
def load(url):
    return requests.get(url)

async def handler(url):
    return load(url)  # FSA102
""",
    ),
    case(
        "contextmanager-body",
        """
import time
from contextlib import contextmanager

@contextmanager
def timed():
    yield
    time.sleep(1)

async def handler():
    with timed():  # FSA101
        return 1
""",
    ),
    case(
        "contextmanager-method",
        """
from contextlib import contextmanager
import psycopg2

class Store:
    @contextmanager
    def cursor(self):
        conn = psycopg2.connect("")
        yield conn.cursor()

    async def load(self):
        with self.cursor() as cur:  # FSA103
            cur.execute("select 1")  # FSA103
""",
    ),
    case(
        "contextmanager-as-decorator",
        """
import time
from contextlib import contextmanager

@contextmanager
def slow():
    time.sleep(1)
    yield

@slow()
def work():
    return 1

async def handler():
    work()  # FSA101
""",
    ),
    case(
        "contextmanager-not-entered",
        """
import time
from contextlib import contextmanager

@contextmanager
def slow():
    time.sleep(1)
    yield

async def handler():
    return slow()
""",
    ),
    case(
        "singledispatch",
        """
from functools import singledispatch
import requests

@singledispatch
def load(source):
    return requests.get(source)

async def handler(url):
    return load(url)  # FSA102
""",
    ),
    case(
        "staticmethod-and-classmethod",
        """
import time

class Clock:
    @staticmethod
    def pause():
        time.sleep(1)

    @classmethod
    def twice(cls):
        cls.pause()
        cls.pause()

async def handler():
    Clock.pause()  # FSA101
    Clock.twice()  # FSA101
    Clock().twice()  # FSA101
""",
    ),
    case(
        "endpoint-under-own-decorator",
        """
import functools
import requests
from fastapi import FastAPI

app = FastAPI()

def authorised(fn):
    @functools.wraps(fn)
    async def inner(*args, **kwargs):
        return await fn(*args, **kwargs)
    return inner

@app.get("/")
@authorised
async def read():
    return requests.get("https://x.example")  # FSA102
""",
    ),
]

OBJECTS = [
    case(
        "an-instance-as-call",
        """
import time

class Sleeps:
    def __call__(self):
        time.sleep(1)

class Calls:
    __call__ = Sleeps()

class Itself:
    pass

Itself.__call__ = Itself()

class Itself2:
    pass

Itself2.__call__ = Itself2

class Again:
    def __call__(self):
        return self()

async def handler():
    Calls()()  # FSA101
    Itself()()
    Itself2()()
    Again()()
""",
    ),
    case(
        "constructor",
        """
import sqlite3

class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.execute("pragma journal_mode=wal")

async def handler(path):
    return Store(path)  # FSA103
""",
    ),
    case(
        "constructor-of-base",
        """
import time

class Base:
    def __init__(self):
        time.sleep(1)

class Child(Base):
    pass

async def handler():
    Child()  # FSA101
""",
    ),
    case(
        "constructor-calls-super",
        """
import time

class Base:
    def __init__(self):
        time.sleep(1)

class Child(Base):
    def __init__(self):
        super().__init__()
        self.n = 1

async def handler():
    Child()  # FSA101
""",
    ),
    case(
        "new",
        """
import time

class Slow:
    def __new__(cls):
        time.sleep(1)
        return object.__new__(cls)

async def handler():
    Slow()  # FSA101
""",
    ),
    case(
        "post-init",
        """
from dataclasses import dataclass
import requests

@dataclass
class Config:
    url: str

    def __post_init__(self):
        self.data = requests.get(self.url).json()

async def handler(url):
    return Config(url)  # FSA102
""",
    ),
    case(
        "property",
        """
import requests

class Api:
    @property
    def status(self):
        return requests.get("https://x.example").status_code

async def handler(api: Api):
    return api.status  # FSA102
""",
    ),
    case(
        "property-setter",
        """
import redis

class Flag:
    def __init__(self):
        self.client = redis.Redis()

    @property
    def on(self):
        return True

    @on.setter
    def on(self, value):
        self.client.set("flag", value)

async def handler(flag: Flag):
    flag.on = True  # FSA103
""",
    ),
    case(
        "property-in-base",
        """
import requests

class Base:
    @property
    def token(self):
        return requests.post("https://auth.example").text

class Api(Base):
    async def headers(self):
        return {"Authorization": self.token}  # FSA102
""",
    ),
    case(
        "dunder-getitem-setitem-delitem",
        """
import redis

class Cache:
    def __init__(self):
        self.client = redis.Redis()

    def __getitem__(self, key):
        return self.client.get(key)

    def __setitem__(self, key, value):
        self.client.set(key, value)

    def __delitem__(self, key):
        self.client.delete(key)

cache = Cache()

async def handler(key):
    cache[key] = 1  # FSA103
    value = cache[key]  # FSA103
    del cache[key]  # FSA103
    return value
""",
    ),
    case(
        "dunder-contains",
        """
import redis

class Cache:
    def __init__(self):
        self.client = redis.Redis()

    def __contains__(self, key):
        return bool(self.client.exists(key))

cache = Cache()

async def handler(key):
    return key in cache  # FSA103
""",
    ),
    case(
        "dunder-len-bool",
        """
import redis

class Queue:
    def __init__(self):
        self.client = redis.Redis()

    def __len__(self):
        return self.client.llen("q")

queue = Queue()

async def handler():
    return len(queue)  # FSA103

async def truth():
    if queue:  # FSA103
        return 1
""",
    ),
    case(
        "dunder-iter",
        """
import redis

class Queue:
    def __init__(self):
        self.client = redis.Redis()

    def __iter__(self):
        return self

    def __next__(self):
        return self.client.lpop("q")

async def handler(queue: Queue):
    for item in queue:  # FSA103
        print(item)
""",
    ),
    case(
        "dunder-iter-generator",
        """
import requests

class Pages:
    def __iter__(self):
        for n in range(3):
            yield requests.get("https://x.example")

async def handler():
    return [page for page in Pages()]  # FSA102
""",
    ),
    case(
        "dunder-add-eq-lt",
        """
import requests

class Remote:
    def __add__(self, other):
        return requests.get("https://x.example")

    def __eq__(self, other):
        return requests.get("https://x.example").ok

    def __lt__(self, other):
        return requests.get("https://x.example").ok

async def handler(a: Remote, b: Remote):
    a + b  # FSA102
    a == b  # FSA102
    return a < b  # FSA102
""",
    ),
    case(
        "dunder-iadd-neg-invert",
        """
import time

class Counter:
    def __iadd__(self, n):
        time.sleep(1)
        return self

    def __neg__(self):
        time.sleep(1)

async def handler(c: Counter):
    c += 1  # FSA101
    return -c  # FSA101
""",
    ),
    case(
        "dunder-str-in-f-string",
        """
import requests

class Name:
    def __str__(self):
        return requests.get("https://x.example").text

async def handler(name: Name):
    str(name)  # FSA102
    return f"hello {name}"  # FSA102
""",
    ),
    case(
        "dunder-getattr",
        """
import requests

class Remote:
    def __getattr__(self, name):
        return requests.get("https://x.example/" + name).json()

remote = Remote()

async def handler():
    return remote.colour  # FSA102
""",
    ),
    case(
        "dunder-exit",
        """
import redis

class Guard:
    def __init__(self):
        self.client = redis.Redis()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.client.delete("lock")

async def handler():
    with Guard():  # FSA103
        return 1
""",
    ),
    case(
        "dunder-aenter-body",
        """
import time

class Guard:
    async def __aenter__(self):
        time.sleep(1)  # FSA101
        return self

    async def __aexit__(self, *exc):
        return None

async def handler():
    async with Guard():
        return 1
""",
    ),
    case(
        "descriptor",
        """
import requests

class Setting:
    def __get__(self, instance, owner):
        return requests.get("https://cfg.example").json()

class Config:
    colour = Setting()

async def handler(config: Config):
    return config.colour  # FSA102
""",
    ),
    case(
        "class-body-instance",
        """
import redis

class Repo:
    class Cache:
        def get(self, key):
            return redis.Redis().get(key)

    cache = Cache()

    async def load(self, key):
        return self.cache.get(key)  # FSA103
""",
    ),
    case(
        "class-in-function",
        """
import time

def make():
    class Slow:
        def run(self):
            time.sleep(1)
    return Slow()

async def handler():
    make().run()  # FSA101
""",
    ),
    case(
        "fluent-builder",
        """
import requests

class Request:
    def __init__(self, url):
        self.url = url

    def header(self, name, value):
        return self

    def param(self, name, value):
        return self

    def send(self):
        return requests.get(self.url)

async def handler(url):
    return Request(url).header("a", "b").param("c", "d").send()  # FSA102
""",
    ),
]

ITERATION = [
    case(
        "iterators-that-give-each-other",
        """
import time

class One:
    def __iter__(self):
        return Two()

class Two:
    def __iter__(self):
        return One()

    def __next__(self):
        time.sleep(1)

async def handler():
    for _ in One():  # FSA101
        pass
""",
    ),
    case(
        "generator-in-for",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    for row in rows():  # FSA101
        print(row)
""",
    ),
    case(
        "generator-not-run",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    return rows()
""",
    ),
    case(
        "generator-next",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    return next(rows())  # FSA101
""",
    ),
    case(
        "generator-consumers",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    sum(rows())  # FSA101
    tuple(rows())  # FSA101
    set(rows())  # FSA101
    sorted(rows())  # FSA101
    max(rows())  # FSA101
    any(rows())  # FSA101
    dict(rows())  # FSA101
    ",".join(rows())  # FSA101
    a, b = rows()  # FSA101
    [*rows()]  # FSA101
    print(*rows())  # FSA101
""",
    ),
    case(
        "generator-through-enumerate-zip",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    for n, row in enumerate(rows()):  # FSA101
        print(n, row)

async def pairs():
    for one, two in zip(rows(), [1]):  # FSA101
        print(one, two)
""",
    ),
    case(
        "generator-through-itertools",
        """
import itertools
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    return list(itertools.islice(rows(), 3))  # FSA101

async def chained():
    for row in itertools.chain(rows(), [1]):  # FSA101
        print(row)
""",
    ),
    case(
        "generator-membership",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    return 1 in rows()  # FSA101
""",
    ),
    case(
        "yield-from",
        """
import time

def inner():
    time.sleep(1)
    yield 1

def outer():
    yield from inner()

async def handler():
    return list(outer())  # FSA101
""",
    ),
    case(
        "generator-wraps-generator",
        """
import time

def inner():
    time.sleep(1)
    yield 1

def outer():
    for row in inner():
        yield row

async def handler():
    return [row for row in outer()]  # FSA101
""",
    ),
    case(
        "generator-expression-consumed",
        """
import requests

async def handler(urls):
    return sum(len(requests.get(u).content) for u in urls)  # FSA102
""",
    ),
    case(
        "generator-expression-not-consumed",
        """
import requests

async def handler(urls):
    return (requests.get(u) for u in urls)
""",
    ),
    case(
        "generator-send",
        """
import time

def machine():
    while True:
        yield
        time.sleep(1)

async def handler():
    m = machine()
    m.send(None)  # FSA101
""",
    ),
    case(
        "comprehensions",
        """
import requests

async def handler(urls):
    [requests.get(u) for u in urls]  # FSA102
    {requests.get(u) for u in urls}  # FSA102
    {u: requests.get(u) for u in urls}  # FSA102
    [u for u in urls if requests.get(u).ok]  # FSA102
    [x for x in requests.get("https://x.example").json()]  # FSA102
""",
    ),
    case(
        "nested-comprehension",
        """
import subprocess

async def handler(hosts, ports):
    return [subprocess.call(["nc", h, p]) for h in hosts for p in ports]  # FSA105
""",
    ),
    case(
        "comprehension-of-helper",
        """
import time

def slow(n):
    time.sleep(n)
    return n

async def handler():
    return {n: slow(n) for n in range(3)}  # FSA101
""",
    ),
    case(
        "async-comprehension",
        """
import time

async def numbers():
    yield 1

async def handler():
    return [time.sleep(n) async for n in numbers()]  # FSA101
""",
    ),
    case(
        "async-generator",
        """
import requests

async def pages():
    while True:
        page = requests.get("https://x.example").json()  # FSA102
        yield page

async def handler():
    async for page in pages():
        print(page)
""",
    ),
    case(
        "iterator-class-in-list",
        """
import time

class Slow:
    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(1)
        return 1

async def handler():
    return list(Slow())  # FSA101
""",
    ),
    case(
        "generator-method",
        """
import sqlite3

class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def rows(self):
        for row in self.db.execute("select 1"):
            yield row

async def handler(store: Store):
    for row in store.rows():  # FSA103
        print(row)
""",
    ),
    case(
        "generator-held-then-iterated",
        """
import time

def rows():
    time.sleep(1)
    yield 1

async def handler():
    gen = rows()
    print("made")
    for row in gen:  # FSA101
        print(row)
""",
    ),
]


@pytest.mark.parametrize("program", FUNCTIONS)
def test_functions(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", DECORATORS)
def test_decorators(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", OBJECTS)
def test_objects(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize("program", ITERATION)
def test_iteration(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
