"""Overridden methods and protocols: what is put in, what a provider gives, what callers hand over decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROTOCOL = """
from typing import Annotated, Generic, Protocol, TypeVar
import requests
from fastapi import Depends, FastAPI

class Source(Protocol):
    def read(self) -> str: ...

class Memory:
    def read(self) -> str:
        return "x"

class Web:
    def read(self) -> str:
        return requests.get("https://x.example").text
"""
BASE = """
from abc import ABC, abstractmethod
from typing import Annotated
import requests
from fastapi import Depends, FastAPI

class Source(ABC):
    @abstractmethod
    def read(self) -> str: ...

class Memory(Source):
    def read(self) -> str:
        return "x"

class Web(Source):
    def read(self) -> str:
        return requests.get("https://x.example").text
"""
PUT_IN = """
class Service:
    def __init__(self, source: Source) -> None:
        self.source = source

    async def show(self) -> str:
        return self.source.read(){comment}

service = Service({source}())
"""
PROVIDED = """
def provide() -> Source:
    return {source}()

app = FastAPI()

@app.get("/")
async def show(source: Annotated[Source, Depends(provide)]) -> str:
    return source.read(){comment}

@app.get("/default")
async def shown(source: Source = Depends(provide)) -> str:
    return source.read(){comment}
"""
HANDED = """
async def read(source: Source) -> str:
    return source.read(){comment}

async def handler() -> str:
    return await read({source}())
"""


@pytest.mark.parametrize("kind", [PROTOCOL, BASE], ids=["protocol", "base"])
@pytest.mark.parametrize("use", [PUT_IN, PROVIDED, HANDED], ids=["put-in", "provided", "handed"])
@pytest.mark.parametrize(("source", "comment"), [("Memory", ""), ("Web", "  # error")])
def test_an_object_that_is_known_counts_and_not_what_else_the_annotation_allows(
    tmp_path: Path, kind: str, use: str, source: str, comment: str
) -> None:
    check_severities(tmp_path, kind + use.format(source=source, comment=comment))


OPEN = [
    case(
        "nobody-calls",
        """
async def read(source: Source) -> str:
    return source.read()  # warning
""",
    ),
    case(
        "only-tests-call",
        """
async def read(source: Source) -> str:
    return source.read()  # warning

class Service:
    def __init__(self, source: Source) -> None:
        self.source = source

    async def show(self) -> str:
        return self.source.read()  # warning
# file: tests/test_main.py
from main import Service, Source, read

class Fake(Source):
    def read(self) -> str:
        return ""

async def test_read() -> None:
    await read(Fake())
    await Service(Fake()).show()
""",
    ),
    case(
        "an-endpoint-is-called-by-the-framework-too",
        """
app = FastAPI()

@app.post("/")
async def read(source: Source) -> str:
    return source.read()  # warning

async def handler() -> str:
    return await read(Memory())
""",
    ),
    case(
        "several-are-put-in",
        """
class Service:
    def __init__(self, source: Source) -> None:
        self.source = source

    async def show(self) -> str:
        return self.source.read()  # warning

services = [Service(Memory()), Service(Web())]
""",
    ),
]


@pytest.mark.parametrize("program", OPEN)
def test_what_is_not_known_is_what_the_annotation_allows(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, f"# file: main.py\n{BASE}{program}")


GENERIC = """
from typing import Annotated, Generic, Protocol, TypeVar
import requests
from fastapi import Depends, FastAPI

T = TypeVar("T")

class Repository(Protocol[T]):
    def get(self, key: int) -> T: ...

class Box(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    def get(self, key: int) -> T:
        return self.value

class Remote(Generic[T]):
    def get(self, key: int) -> T:
        return requests.get("https://x.example")

class User: ...

def users() -> Repository[User]:
    return Remote()

app = FastAPI()

@app.get("/users/{key}")
async def user(key: int, users: Annotated[Repository[User], Depends(users)]) -> User:
    return users.get(key)  # error

async def boxed(box: Box[User]) -> User:
    return box.get(1)
"""


def test_a_generic_class_is_no_protocol(tmp_path: Path) -> None:
    check_severities(tmp_path, GENERIC)


OF_LIBRARIES = """
import redis
import redis.asyncio
from openai import AsyncOpenAI, OpenAI

class Memory:
    def get(self, key: str) -> str:
        return "x"

class Kept:
    def __init__(self) -> None:
        self.client = redis.Redis()

    def get(self, key: str) -> str:
        return self.client.get(key)
"""
OF_SEVERAL = [
    case("plain-or-asynchronous", """
async def read(client: redis.Redis | redis.asyncio.Redis):
    return await given(client.get("x"))  # warning
"""),
    case(
        "an-attribute",
        """
class Declared:
    client: OpenAI | AsyncOpenAI

    def __init__(self, client: OpenAI | AsyncOpenAI) -> None:
        self.client = client

class Given:
    def __init__(self, client: redis.Redis | redis.asyncio.Redis) -> None:
        self._client = client

async def read(one: Declared, two: Given):
    one.client.models.list()  # warning
    return two._client.get("x")  # warning
""",
    ),
    case(
        "kept-under-keys",
        """
made = {}

def connect(is_quick: bool):
    if is_quick in made:
        return made[is_quick]
    made[is_quick] = redis.asyncio.Redis() if is_quick else redis.Redis()
    return made[is_quick]

class Store:
    def __init__(self) -> None:
        self.client = connect(False)

async def read(store: Store):
    return store.client.get("x")  # error
""",
    ),
    case("one-of-ours", """
async def read(client: redis.Redis | Memory):
    return client.get("x")  # warning
"""),
    case("one-of-ours-blocks-too", """
async def read(client: redis.Redis | Kept):
    return client.get("x")  # error
"""),
    case("both-block", """
async def read(client: redis.Redis | redis.RedisCluster | None):
    return client.get("x")  # error
"""),
    case("asked-before", """
async def read(client: OpenAI | AsyncOpenAI):
    if isinstance(client, AsyncOpenAI):
        return await client.models.list()
    return client.models.list()  # error
"""),
    case("awaited", """
async def read(client: redis.Redis | redis.asyncio.Redis):
    return await client.get("x")
"""),
    case("element-of-a-collection", """
async def read(clients: list[redis.Redis | redis.asyncio.Redis], others: list[redis.Redis]):
    for client in clients:
        client.get("x")  # warning
    for other in others:
        other.get("x")  # error
"""),
]  # fmt: skip


@pytest.mark.parametrize("program", OF_SEVERAL)
def test_an_object_of_one_of_several_classes_of_libraries(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, OF_LIBRARIES + program)
