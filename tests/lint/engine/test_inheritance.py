"""Methods and attributes that come from bases, and the overrides that may answer instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Severity
from fastasync_lint.settings import Settings

from .programs import case, check, write

INHERITANCE = [
    case(
        "method-of-base",
        """
import requests

class Base:
    def load(self):
        return requests.get("https://x.example")

class Child(Base):
    async def run(self):
        return self.load()  # FSA102
""",
    ),
    case(
        "attribute-of-base",
        """
import redis

class Base:
    def __init__(self):
        self.client = redis.Redis()

class Child(Base):
    async def get(self, key):
        return self.client.get(key)  # FSA103
""",
    ),
    case(
        "base-in-another-module",
        """
from app.base import Base

class Child(Base):
    async def get(self, key):
        return self.client.get(key)  # FSA103

# file: app/__init__.py
# file: app/base.py
import redis

class Base:
    def __init__(self):
        self.client = redis.Redis()
""",
    ),
    case(
        "base-of-base-in-another-module",
        """
from layers.mid import Mid

class Top(Mid):
    async def run(self):
        self.step()  # FSA101
# file: layers/__init__.py
# file: layers/mid.py
from .low import Low

class Mid(Low):
    pass
# file: layers/low.py
import time

class Low:
    def step(self):
        time.sleep(1)
""",
    ),
    case(
        "template-method",
        """
import requests

class Base:
    async def run(self):
        return self.load()  # FSA102

    def load(self):
        return None

class Remote(Base):
    def load(self):
        return requests.get("https://x.example")

async def handler():
    return await Remote().run()
""",
    ),
    case(
        "abstract-method-all-block",
        """
import abc
import httpx
import requests

class Store(abc.ABC):
    @abc.abstractmethod
    def load(self):
        ...

class Newer(Store):
    def load(self):
        return httpx.get("https://x.example")

class Http(Store):
    def load(self):
        return requests.get("https://x.example")

async def handler(store: Store):
    return store.load()  # FSA102
""",
    ),
    case(
        "abstract-method-one-implementation",
        """
from abc import ABC, abstractmethod
import requests

class Store(ABC):
    @abstractmethod
    def load(self): ...

class Http(Store):
    def load(self):
        return requests.get("https://x.example")

class Service:
    def __init__(self, store: Store):
        self.store = store

    async def run(self):
        return self.store.load()  # FSA102
""",
    ),
    case(
        "not-implemented-base",
        """
import requests

class Store:
    def load(self):
        raise NotImplementedError

class Http(Store):
    def load(self):
        return requests.get("https://x.example")

async def handler(store: Store):
    return store.load()  # FSA102
""",
    ),
    case(
        "override-is-harmless",
        """
import requests

class Base:
    def load(self):
        return requests.get("https://x.example")

class Cached(Base):
    def load(self):
        return None

async def handler():
    return Cached().load()
""",
    ),
    case(
        "override-blocks-known-instance",
        """
import requests

class Base:
    def load(self):
        return None

class Remote(Base):
    def load(self):
        return requests.get("https://x.example")

async def handler():
    store: Base = Remote()
    return store.load()  # FSA102
""",
    ),
    case(
        "override-one-of-many-is-not-reported",
        """
import time

class Base:
    def load(self):
        return 1

class A(Base):
    def load(self):
        return 2

class B(Base):
    def load(self):
        return 3

class Slow(Base):
    def load(self):
        time.sleep(1)

async def handler(store: Base):
    return store.load()
""",
    ),
    case(
        "override-passed",
        """
import time

class Base:
    def load(self):
        return 1

class Slow(Base):
    def load(self):
        time.sleep(1)

def use(store: Base):
    return store.load()

async def slow():
    return use(Slow())  # FSA101

async def fast():
    return use(Base())
""",
    ),
    case(
        "async-override",
        """
import time

class Base:
    async def load(self):
        raise NotImplementedError

class Slow(Base):
    async def load(self):
        time.sleep(1)  # FSA101

async def handler(store: Base):
    return await store.load()
""",
    ),
    case(
        "super-method",
        """
import requests

class Base:
    def load(self):
        return requests.get("https://x.example")

class Child(Base):
    def load(self):
        return super().load()

async def handler(child: Child):
    return child.load()  # FSA102
""",
    ),
    case(
        "super-in-coroutine",
        """
import requests

class Base:
    def load(self):
        return requests.get("https://x.example")

class Child(Base):
    def load(self):
        return None

    async def run(self):
        return super().load()  # FSA102
""",
    ),
    case(
        "old-style-super",
        """
import time

class Base:
    def step(self):
        time.sleep(1)

class Child(Base):
    def step(self):
        return super(Child, self).step()

async def handler():
    Child().step()  # FSA101
""",
    ),
    case(
        "explicit-base-call",
        """
import time

class Base:
    def step(self):
        time.sleep(1)

class Child(Base):
    async def run(self):
        Base.step(self)  # FSA101
""",
    ),
    case(
        "mixin",
        """
import redis

class CacheMixin:
    @property
    def cache(self):
        return redis.Redis()

class Service:
    pass

class Api(CacheMixin, Service):
    async def get(self, key):
        return self.cache.get(key)  # FSA103
""",
    ),
    case(
        "mixin-uses-attribute-of-host",
        """
import redis

class ReadMixin:
    def read(self, key):
        return self.client.get(key)

class Api(ReadMixin):
    def __init__(self):
        self.client = redis.Redis()

async def handler(api: Api, key):
    return api.read(key)  # FSA103
""",
    ),
    case(
        "diamond",
        """
import time

class A:
    def step(self):
        return 1

class B(A):
    pass

class C(A):
    def step(self):
        time.sleep(1)

class D(B, C):
    pass

async def handler():
    D().step()  # FSA101
""",
    ),
    case(
        "protocol-implementations",
        """
from typing import Protocol
import requests

class Loader(Protocol):
    def load(self) -> str: ...

class Http:
    def load(self) -> str:
        return requests.get("https://x.example").text

async def use(loader: Loader):
    return loader.load()  # FSA102

async def handler():
    return await use(Http())
""",
    ),
    case(
        "subclass-of-library-class",
        """
import requests

class Api(requests.Session):
    def __init__(self):
        super().__init__()
        self.headers["x"] = "y"

api = Api()

async def handler(url):
    return api.get(url)  # FSA102
""",
    ),
    case(
        "subclass-of-library-client-overrides",
        """
import httpx

class Api(httpx.Client):
    def request(self, method, url, **kwargs):
        return super().request(method, "https://x.example" + url, **kwargs)

async def handler(api: Api):
    api.request("GET", "/")  # FSA102
    return api.get("/")  # FSA102
""",
    ),
    case(
        "subclass-of-async-library-class",
        """
import httpx

class Api(httpx.AsyncClient):
    pass

async def handler():
    async with Api() as api:
        return await api.get("https://x.example")
""",
    ),
    case(
        "subclass-of-path",
        """
from pathlib import Path

class Folder(Path):
    pass

async def handler(folder: Folder):
    return folder.read_text()  # FSA104
""",
    ),
    case(
        "generic-base",
        """
from typing import Generic, TypeVar
from sqlalchemy.orm import Session

T = TypeVar("T")

class Repo(Generic[T]):
    def __init__(self, db: Session):
        self.db = db

    def get(self, pk) -> T:
        return self.db.get(object, pk)

class Users(Repo[int]):
    pass

async def handler(users: Users):
    return users.get(1)  # FSA103
""",
    ),
    case(
        "classmethod-of-subclass",
        """
import time

class Base:
    @classmethod
    def create(cls):
        made = cls()
        made.setup()
        return made

    def setup(self):
        return None

class Slow(Base):
    def setup(self):
        time.sleep(1)

async def slow():
    Slow.create()  # FSA101

async def fast():
    Base.create()
""",
    ),
    case(
        "metaclass-singleton",
        """
import redis

class Singleton(type):
    _all = {}

    def __call__(cls, *args, **kwargs):
        if cls not in cls._all:
            cls._all[cls] = super().__call__(*args, **kwargs)
        return cls._all[cls]

class Cache(metaclass=Singleton):
    def __init__(self):
        self.client = redis.Redis()

    def get(self, key):
        return self.client.get(key)

async def handler(key):
    return Cache().get(key)  # FSA103
""",
    ),
    case(
        "method-of-a-metaclass",
        """
import requests

class Queryable(type):
    def fetch(cls, key):
        return cls.client().get(key)

    def quiet(cls):
        return cls.__name__

class Base(metaclass=Queryable):
    @classmethod
    def client(cls):
        return requests

class User(Base):
    def fetch_all(self):
        return []

async def handler(key):
    User.quiet()
    User().fetch_all()
    return User.fetch(key)  # FSA102
""",
    ),
    case(
        "enum-with-method",
        """
import enum
import requests

class Source(enum.Enum):
    ONE = "one"

    def load(self):
        return requests.get("https://x.example/" + self.value)

async def handler():
    return Source.ONE.load()  # FSA102
""",
    ),
    case(
        "property-overridden",
        """
import redis

class Base:
    @property
    def client(self):
        return None

class Live(Base):
    @property
    def client(self):
        return redis.Redis()

async def handler(live: Live, key):
    return live.client.get(key)  # FSA103
""",
    ),
    case(
        "attribute-set-by-subclass-used-in-base",
        """
import redis

class Base:
    client = None

    async def get(self, key):
        return self.client.get(key)  # FSA103

class Live(Base):
    def __init__(self):
        self.client = redis.Redis()
""",
    ),
    case(
        "hook-called-from-base-coroutine",
        """
import time

class Worker:
    async def run(self):
        self.handle()  # FSA101

    def handle(self):
        raise NotImplementedError

class Slow(Worker):
    def handle(self):
        time.sleep(1)
""",
    ),
    case(
        "same-name-unrelated-class",
        """
import requests

class Http:
    def get(self, key):
        return requests.get(key)

class Memory:
    def get(self, key):
        return key

async def handler(memory: Memory):
    return memory.get("a")
""",
    ),
    case(
        "overload-stubs",
        """
from typing import overload
import requests

class Api:
    @overload
    def get(self, key: str) -> str: ...
    @overload
    def get(self, key: int) -> int: ...
    def get(self, key):
        return requests.get(str(key))

async def handler(api: Api):
    return api.get("a")  # FSA102
""",
    ),
    case(
        "protocols-that-nobody-names",
        """
from typing import Protocol
import requests
import time

class Getter(Protocol):
    def get(self, key: str) -> str: ...

class Network:
    def get(self, key):
        return requests.get(key).text

class Defaults:
    def get(self, name, default=None):
        return default

class Store(Protocol):
    def load(self, key: str) -> bytes: ...
    def save(self, key: str, data: bytes) -> None: ...

class Disk:
    def load(self, key):
        time.sleep(1)
    def save(self, key, data):
        time.sleep(1)

class Memory:
    def load(self, key):
        return b""
    def save(self, key, data): ...

class Counted(Memory): ...

class Waiting(Protocol):
    async def load(self, key: str) -> bytes: ...

async def handler(getter: Getter, store: Store, waiting: Waiting):
    getter.get("x")  # FSA102
    store.load("x")
    await waiting.load("x")
""",
    ),
    case(
        "order-of-mixins",
        """
from abc import abstractmethod
from typing import Protocol
import time

class Searching(Protocol):
    @abstractmethod
    def search(self): ...

class Client:
    def ping(self):
        return self.search()

class Projects(Client, Searching):
    pass

class Search(Client):
    def search(self):
        time.sleep(1)

class Fetcher(Projects, Search):
    pass

async def handler(fetcher: Fetcher):
    fetcher.search()  # FSA101
""",
    ),
    case(
        "order-that-python-refuses",
        """
import time

class A:
    def load(self):
        return 1

class B(A):
    def load(self):
        time.sleep(1)

class C(A, B):
    pass

async def handler(c: C):
    c.load()
""",
    ),
    case(
        "override-of-property",
        """
from abc import ABC, abstractmethod
from functools import cached_property
import httpx
import requests

class Base(ABC):
    @property
    @abstractmethod
    def client(self): ...

    @property
    def asynchronous(self):
        raise NotImplementedError

class Shop(Base):
    @cached_property
    def client(self):
        return requests.Session()

    @property
    def asynchronous(self):
        return httpx.AsyncClient()

async def handler(base: Base):
    await base.asynchronous.get("https://example.org")
    return base.client.get("https://example.org")  # FSA102
""",
    ),
    case(
        "override-of-property-one-of-many",
        """
import time

class Base:
    @property
    def name(self):
        return "a"

class A(Base):
    @property
    def name(self):
        return "b"

class B(Base):
    @property
    def name(self):
        return "c"

class Slow(Base):
    @property
    def name(self):
        time.sleep(1)
        return "d"

async def handler(store: Base):
    return store.name

async def slow(store: Slow):
    return store.name  # FSA101
""",
    ),
    case(
        "override-of-property-delegates",
        """
from abc import ABC, abstractmethod
import time

class Agent(ABC):
    @property
    @abstractmethod
    def report(self): ...

class Plain(Agent):
    @property
    def report(self):
        return self._report

    def _report(self):
        time.sleep(1)

class Wrapper(Agent):
    def __init__(self, wrapped: Agent):
        self.wrapped = wrapped

    @property
    def report(self):
        return self.wrapped.report

class Logged(Wrapper):
    @property
    def report(self):
        return super().report or self._logged

    def _logged(self):
        pass

class Counted(Wrapper):
    @property
    def report(self):
        return super().report or self._counted

    def _counted(self):
        pass

class Timed(Wrapper):
    @property
    def report(self):
        return super().report or self._timed

    def _timed(self):
        pass

async def handler(agent: Agent):
    agent.report()  # FSA101
""",
    ),
    case(
        "override-of-a-test",
        """
# file: app.py
class App:
    def start(self):
        return 1
    async def run(self):
        self.start()
# file: tests/mocking.py
import time
from app import App
class MockApp(App):
    def start(self):
        time.sleep(1)
    async def again(self):
        self.start()  # FSA101
async def both(app: App):
    app.start()  # FSA101
""",
    ),
    case(
        "version-that-takes-other-arguments",
        """
import time
class Store:
    def find(self, text): ...
class Mild(Store):
    def find(self, text, limit=1):
        return text
class Slow(Store):
    def find(self, text):
        time.sleep(1)
async def handler(store: Store):
    store.find("a", limit=2)
    store.find("a")  # FSA101
""",
    ),
    case(
        "coroutine-of-one-of-several-objects",
        """
class One:
    async def stop(self): ...
class Two:
    async def stop(self): ...
class Three:
    def go(self): ...
async def handler():
    for item in (One(), Two()):
        item.stop()
    for item in (One(), Three()):
        item.stop()
    One().stop()  # FSA204
""",
    ),
    case(
        "coroutine-of-one-version-only",
        """
class Provider:
    def load(self, config):
        return config
class Later(Provider):
    async def load(self, config): ...
class Always:
    async def load(self, config): ...
async def handler(provider: Provider, other: Always):
    provider.load({})
    other.load({})  # FSA204
""",
    ),
    case(
        "methods-of-several-classes-under-one-wrapper",
        """
import functools
import requests
def retried(func):
    @functools.wraps(func)
    async def wrapper(self: "Base", *args, **kwargs):
        return await func(self, *args, **kwargs)
    return wrapper
class Base:
    async def run(self):
        await self.load(1)
class One(Base):
    @retried
    async def load(self, item):
        self.keep(item)
    def keep(self, item): ...
class Two(Base):
    @retried
    async def load(self, item):
        await self.keep(item)
    async def keep(self, item):
        requests.get("x")  # FSA102
""",
    ),
    case(
        "method-called-on-an-object-of-another-class",
        """
import requests
class One:
    async def load(self):
        self.keep()
    def keep(self): ...
class Two:
    async def load(self): ...
    def keep(self):
        requests.get("x")
async def handler(flag):
    for func, item in ((One.load, One()), (One.load, Two()), (Two.load, One())):
        await func(item)
""",
    ),
    case(
        "coroutine-that-a-decorator-runs",
        """
from somewhere import to_plain_function
@to_plain_function
async def work(): ...
class Worker:
    @staticmethod
    async def work(): ...
async def handler():
    work()
    Worker.work()  # FSA204
""",
    ),
    case(
        "what-is-mixed-in-beside",
        """
import asyncio
import requests
import time

class Retries:
    async def again(self, path):
        return self.fetch(path)  # FSA101

    async def hold(self):
        return self.session.get("x")  # FSA102

    async def typed(self):
        return self.client.get("x")  # FSA102

    async def later(self):
        return await asyncio.to_thread(self.fetch, "x")

    async def log(self):
        return self.note("x")

    async def unknown(self):
        return self.nowhere("x")

class Http:
    client: requests.Session

    def __init__(self):
        self.session = requests.Session()

    def fetch(self, path):
        time.sleep(1)

    def note(self, text):
        return text

class Both(Retries, Http):
    pass

class Other(Retries, Http):
    pass
""",
    ),
    case(
        "only-the-class-that-is-made-counts-beside",
        """
import time

class Retries:
    def again(self):
        return self.fetch()

class Slow:
    def fetch(self):
        time.sleep(1)

class Quick:
    def fetch(self):
        return 1

class First(Retries, Slow):
    pass

class Second(Retries, Quick):
    pass

async def handler():
    First().again()  # FSA101
    Second().again()
""",
    ),
]


@pytest.mark.parametrize("program", INHERITANCE)
def test_inheritance(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


VERSIONS = """
import time
from typing import Protocol

class Store:
    def get(self):
        raise NotImplementedError

class Slow(Store):
    def get(self):
        time.sleep(1)

class Other(Store):
    def get(self):
        {other}

class Cancels(Protocol):
    def cancel(self): ...

class Task:
    def cancel(self):
        time.sleep(1)

async def handler(store: Store, task: Cancels):
    {call}
"""


@pytest.mark.parametrize(
    ("other", "call", "severity"),
    [
        ("time.sleep(2)", "store.get()", Severity.ERROR),
        ("return 1", "store.get()", Severity.WARNING),
        ("return 1", "Slow().get()", Severity.ERROR),
        ("return 1", "task.cancel()", Severity.WARNING),
    ],
)
def test_an_error_needs_every_version_to_block(other: str, call: str, severity: Severity, tmp_path: Path) -> None:
    text = VERSIONS.format(other=other, call=call)
    hits = analyse(tmp_path, write(tmp_path, {"a.py": text}), None, Settings(), cache=False).hits
    assert [hit.severity for hit in hits] == [severity]


def _services(count: int, method: str, call: str) -> str:
    """A base class, `count` classes that bring the client it uses, and a coroutine that calls the method of each."""
    head = f"""
import functools
import requests

def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper

class Base:
    client = None

{method}
"""
    classes = [f"class Service{n}(Base):\n    client = requests.Session()\n" for n in range(count)]
    calls = [f"    Service{n}{call}  # FSA102" for n in range(count)]
    memory = f"class Memory(Base):\n    client = {{}}\n\nasync def clean():\n    Memory{call}\n"
    return "\n".join([head, *classes, "async def handler():", *calls, "", memory])


@pytest.mark.parametrize(
    ("method", "call"),
    [
        pytest.param(
            """\
    @classmethod
    def find(cls, key, reverse=None, order_by=None, **others):
        found = cls.client.get(key, params=others)
        if reverse:
            found = reversed(found)
        return found if order_by is None else sorted(found)
""",
            '.find("a", id=1)',
            id="with-switches",
        ),
        pytest.param(
            "    @classmethod\n    @logged\n    def find(cls, key):\n        return cls.client.get(key)\n",
            '.find("a")',
            id="class-method-in-a-wrapper",
        ),
        pytest.param(
            "    @logged\n    def find(self, key):\n        return self.client.get(key)\n",
            '().find("a")',
            id="method-in-a-wrapper",
        ),
    ],
)
def test_however_many_classes_share_a_method_the_one_it_is_called_on_counts(
    tmp_path: Path, method: str, call: str
) -> None:
    check(tmp_path, _services(16, method, call))
