"""Methods that are looked up by a name, a type or an object that only the run decides: every one that fits is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

BLOCKING = [
    case(
        "methods-with-a-prefix",
        """
import time
class Commands:
    def do_wait(self):
        time.sleep(1)
    def do_nothing(self):
        pass
    def other(self):
        return 1
    async def run(self, name):
        return getattr(self, f"do_{name}")()  # FSA101
    async def run_or_not(self, name):
        return getattr(self, "do_" + name, self.other)()  # FSA101
    async def run_other(self, name):
        return getattr(self, f"oth_{name}", self.other)()
""",
    ),
    case(
        "subclasses-of-a-class",
        """
import time
class Base:
    name = ""
    def go(self):
        raise NotImplementedError
class Slow(Base):
    name = "slow"
    def go(self):
        time.sleep(1)
async def handler(name):
    for cls in Base.__subclasses__():
        if cls.name == name:
            cls().go()  # FSA101
""",
    ),
    case(
        "static-method-of-a-subclass",
        """
import time
class Base:
    async def run(self):
        self.parse("x")  # FSA101
        self.load("x")  # FSA101
        return self.size  # FSA101
class Sub(Base):
    @staticmethod
    def parse(path):
        time.sleep(1)
    @classmethod
    def load(cls, path):
        time.sleep(1)
    @property
    def size(self):
        time.sleep(1)
""",
    ),
    case(
        "undeclared-singleton",
        """
import time
class Manager:
    @classmethod
    def instance(cls):
        if not hasattr(cls, "_instance") or cls._instance is None:
            cls._instance = cls()
        return cls._instance
    def go(self):
        time.sleep(1)
async def handler():
    Manager.instance().go()  # FSA101
""",
    ),
    case(
        "results-of-tasks",
        """
import asyncio
import time
class Client:
    def go(self):
        time.sleep(1)
async def make() -> Client:
    return Client()
async def one():
    task = asyncio.create_task(make())
    await task
    task.result().go()  # FSA101
async def group():
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(make())
    task.result().go()  # FSA101
async def each():
    for task in asyncio.as_completed([make()]):
        (await task).go()  # FSA101
""",
    ),
    case(
        "context-variable-that-is-set",
        """
import contextvars
import time
class Client:
    def go(self):
        time.sleep(1)
current = contextvars.ContextVar("current", default=None)
def enter():
    current.set(Client())
async def handler():
    current.get().go()  # FSA101
""",
    ),
    case(
        "exception-that-is-caught",
        """
import time
class MyError(Exception):
    def report(self):
        time.sleep(1)
async def handler(work):
    try:
        await work()
    except MyError as error:
        error.report()  # FSA101
""",
    ),
]

DECORATORS = """
import inspect
import time
from contextlib import contextmanager
from functools import lru_cache, wraps

def traced(func):
    @wraps(func)
    async def waiting(*args, **kwargs):
        return await func(*args, **kwargs)

    @wraps(func)
    def plain(*args, **kwargs):
        return func(*args, **kwargs)

    return waiting if inspect.iscoroutinefunction(func) else plain

def checked(func):
    @wraps(func)
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs)

    return wrapper
"""


def _stacked(*decorators: str, count: int = 16) -> str:
    """A program with more functions under the same decorators than a function has contexts, in front of one that
    blocks and one that does not."""
    above = "".join(f"    @{name}\n" for name in decorators)
    steps = "".join(f"{above}    def step_{n}(self):\n        yield {n}\n" for n in range(count))
    calls = "".join(f"    self.project.step_{n}()\n" for n in range(count))
    last = f"{above}    def lock(self):\n        time.sleep(1)\n        yield\n"
    entered = "with" if "contextmanager" in decorators else "for _ in"
    return f"""{DECORATORS}
class Project:
{steps}{last}
async def steps(self):
    self.project = Project()
{calls}
async def handler(project: Project):
    {entered} project.lock():  # FSA101
        pass
    {entered} project.step_0():
        pass
"""


CROWDED = [
    case("decorators-of-many-methods", _stacked("traced", "checked")),
    case("decorators-the-other-way-round", _stacked("checked", "traced")),
    case("decorator-of-many-context-managers", _stacked("traced", "contextmanager")),
    case("decorators-of-many-context-managers", _stacked("checked", "traced", "contextmanager")),
    case("decorator-of-what-is-memoised", _stacked("traced", "lru_cache")),
    case("decorators-of-very-many-methods", _stacked("traced", "checked", count=420)),
    case(
        "decorator-of-many-methods",
        """
import functools
import time
def checked(func):
    def wrapper(self, *args):
        return func(self, *args)
    return wrapper
class Project:
"""
        + "".join(f"    @checked\n    def step_{n}(self):\n        return {n}\n" for n in range(16))
        + """
    @checked
    def lock(self):
        time.sleep(1)
    @checked
    def unlock(self):
        time.sleep(1)
async def steps(p: Project):
"""
        + "".join(f"    p.step_{n}()\n" for n in range(16))
        + """
    p.lock()  # FSA101
    p.unlock()  # FSA101
""",
    ),
    case(
        "method-on-something",
        """
import time
class Project:
    def dump(self):
        time.sleep(1)
    def lock(self):
        self.dump()
async def handler(projects):
    for project in projects:
        Project.lock(project)  # FSA101
""",
    ),
]

ORDER = [
    case(
        "field-filled-later",
        """
import requests
from dataclasses import dataclass
@dataclass
class Deps:
    session: object
    def load(self):
        return self.session.get("http://x")
async def handler(deps: Deps):
    return deps.load()  # FSA102
def build():
    return Deps(requests.Session())
""",
    ),
    case(
        "attribute-set-later-from-outside",
        """
import requests
class Deps:
    def load(self):
        return self.session.get("http://x")
async def handler(deps: Deps):
    return deps.load()  # FSA102
def build(deps: Deps):
    deps.session = requests.Session()
""",
    ),
    case(
        "module-attribute-set-later",
        """
# file: state.py
ready = False
# file: handlers.py
import state
async def handler():
    return state.session.get("http://x")  # FSA102
# file: start.py
import requests
import state
def start():
    state.session = requests.Session()
""",
    ),
]


@pytest.mark.parametrize("program", BLOCKING + CROWDED + ORDER)
def test_what_blocks_is_found(program: str, tmp_path: Path) -> None:
    check(tmp_path, program)
