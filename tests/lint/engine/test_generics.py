"""Type variables: what they stand for in a class that says so, in a call, and by their bounds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "no-parameters-of-a-callable",
        """
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec
import requests

P = ParamSpec("P")
Handler = Callable[P, Any | Awaitable[Any]] | None

def load() -> None:
    requests.get("/")

def call(handler: Handler[[]] = None) -> None:
    handler()

async def main() -> None:
    call(load)  # FSA102
""",
    ),
    case(
        "argument-of-the-constructor",
        """
from typing import Generic, TypeVar
import requests
T = TypeVar("T")

class Repo(Generic[T]):
    def __init__(self, client: T) -> None:
        self.client = client
    def get(self) -> T:
        return self.client

async def h(repo: Repo[requests.Session]):
    repo.client.get("x")  # FSA102
    repo.get().get("x")  # FSA102
""",
    ),
    case(
        "class-of-the-language-is-no-client",
        """
from typing import Any, Generic, TypeVar
import requests
T = TypeVar("T")

class Box(Generic[T]):
    def __init__(self, held: T) -> None:
        self.held = held
    def get(self) -> T:
        return self.held

async def made():
    Box(requests.Session()).get().get("x")  # FSA102

async def given(one: Box[dict], two: Box[dict[str, int]], three: Box[Any]):
    one.get().get("x")
    two.held.get("x")
    three.get().get("x")  # FSA102
""",
    ),
    case(
        "each-parametrisation-by-itself",
        """
from typing import Generic, TypeVar
import requests, httpx
T = TypeVar("T")

class Repo(Generic[T]):
    client: T
    def get(self) -> T:
        return self.client

class A(Repo[requests.Session]): pass

class B(Repo[httpx.AsyncClient]):
    async def go(self):
        await self.client.get("x")
        await self.get().get("x")

async def h(repo: Repo[httpx.AsyncClient], a: A, b: B):
    await repo.client.get("x")
    await b.get().get("x")
    a.get().get("x")  # FSA102
""",
    ),
    case(
        "through-two-classes",
        """
from typing import Generic, TypeVar
import requests
T = TypeVar("T")
S = TypeVar("S")

class Base(Generic[S, T]):
    conn: T

class Mid(Base[int, T]):
    pass

class Leaf(Mid["requests.Session"]):
    async def go(self):
        self.conn.get("x")  # FSA102
""",
    ),
    case(
        "class-as-argument-and-override",
        """
from typing import Generic, Type, TypeVar
import requests

class Api:
    def fetch(self): return requests.get("x")
M = TypeVar("M", bound=Api)

class Crud(Generic[M]):
    def __init__(self, model: Type[M]):
        self.model = model
    def build(self) -> M:
        return self.model()

class Other(Api):
    def fetch(self): return 1

class C1(Crud[Api]): pass

class C2(Crud[Other]): pass

async def h(c: C1, d: C2):
    c.build().fetch()  # FSA102
    d.build().fetch()
""",
    ),
    case(
        "variables-of-a-function",
        """
from typing import TypeVar, Optional, Iterable
import requests
T = TypeVar("T")

def first(xs: list[T]) -> T:
    return next(iter(xs), None)

def must(x: Optional[T]) -> T:
    assert x is not None
    return x

def cfirst(xs: Iterable[T]) -> Optional[T]:
    return some_lib(xs)

async def h(x: requests.Session):
    first([x]).get("x")  # FSA102
    must(x).get("x")  # FSA102
    cfirst([x]).get("x")  # FSA102
""",
    ),
    case(
        "protocol",
        """
from typing import Protocol, TypeVar
import requests
T = TypeVar("T", covariant=True)

class Provider(Protocol[T]):
    def provide(self) -> T: ...

async def h(p: Provider[requests.Session]):
    p.provide().get("x")  # FSA102
""",
    ),
    case(
        "parametrised-base-and-its-subclass",
        """
from typing import Generic, TypeVar
import requests
T = TypeVar("T")

class Repo(Generic[T]):
    def load(self) -> T: raise NotImplementedError

class User: pass

class UserRepo(Repo[User]):
    def load(self) -> User:
        requests.get("x")
        return User()

class Svc:
    def __init__(self, repo: Repo[User]): self.repo = repo
    async def go(self):
        self.repo.load()  # FSA102
""",
    ),
    case(
        "model",
        """
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")

class User(BaseModel):
    name: str

class Page(BaseModel, Generic[T]):
    items: list[T]
    def total(self): return len(self.items)

async def h() -> Page[User]:
    p = Page[User](items=[User(name="x")])
    p.total()
    return p
""",
    ),
]

NEW_SYNTAX = case(
    "type-parameters",
    """
import requests

class Api:
    def call(self): return requests.get("x")

class Container:
    def get[T](self, cls: type[T]) -> T:
        return self._made[cls]

class Box[T]:
    item: T

def f[T: Api](x: T) -> T:
    return lib(x)

def g[T: Api](x: T):
    return x.call()
c = Container()

async def h(b: Box[Api], y):
    c.get(Api).call()  # FSA102
    b.item.call()  # FSA102
    f(y).call()  # FSA102
    g(y)  # FSA102
""",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_type_variables(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is of Python 3.12")
@pytest.mark.parametrize("program", [NEW_SYNTAX])
def test_type_parameters(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
