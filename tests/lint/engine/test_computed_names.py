"""What is looked up by a name that is computed, or kept in a registry as a dotted text."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PLUGINS = """
# file: app/__init__.py
# file: app/stores/__init__.py
from .base import Store
from .disk import DiskStore
from .web import WebStore
# file: app/stores/base.py
class Store:
    def load(self, key):
        raise NotImplementedError
# file: app/stores/disk.py
import requests
from .base import Store

class DiskStore(Store):
    def load(self, key):
        return requests.post(key)

def run(key):
    return DiskStore().load(key)
# file: app/stores/web.py
import requests
from .base import Store

class WebStore(Store):
    def load(self, key):
        return requests.get(key)

def run(key):
    return WebStore().load(key)
# file: app/main.py
"""
COMPUTED = [
    case(
        "class-of-a-module-by-a-setting",
        f"""{PLUGINS}
import os
from app import stores

STORE = getattr(stores, os.environ["STORE"])()

async def handler(key):
    STORE.load(key)  # FSA102
""",
    ),
    case(
        "class-by-a-known-name-is-that-one",
        """
# file: stores.py
import time

class Quick:
    def load(self):
        return 1

class Slow:
    def load(self):
        time.sleep(1)
# file: main.py
import stores

async def handler():
    getattr(stores, "Quick")().load()
""",
    ),
    case(
        "classes-without-a-plug-in-base-beside-plug-ins",
        """
# file: stores.py
import time

class Other:
    def __init__(self):
        time.sleep(1)

class Base:
    pass

class Quick(Base):
    def load(self):
        return 1
# file: main.py
import stores

async def handler(name):
    getattr(stores, name)().load()
""",
    ),
    case(
        "module-of-a-package",
        f"""{PLUGINS}
import importlib

async def handler(name, key):
    module = importlib.import_module(f"app.stores.{{name}}")
    module.run(key)  # FSA102
""",
    ),
    case(
        "module-in-each-package-of-a-package",
        """
# file: app/__init__.py
# file: app/steps/__init__.py
# file: app/steps/first/__init__.py
# file: app/steps/first/main.py
import time

class Step:
    def run(self):
        time.sleep(1)
# file: app/steps/first/later.py
import time

class Stage:
    def run(self):
        time.sleep(1)
# file: app/steps/other/main.py
class Step:
    def run(self):
        return 1
# file: app/main.py
import importlib

async def handler(name):
    module = importlib.import_module(f"app.steps.{name}.main")
    module.Step().run()  # FSA101

async def named(name):
    importlib.import_module(f".steps.{name}.main", __package__).Step().run()  # FSA101

async def later(name):
    importlib.import_module(f"app.steps.{name}.later.{name}").Stage().run()
""",
    ),
    case(
        "relative-name",
        f"""{PLUGINS}
import importlib

async def handler(key):
    importlib.import_module(".stores.web", __package__).run(key)  # FSA102
    __import__("app.stores.web", fromlist=["run"]).run(key)  # FSA102
""",
    ),
    case(
        "dotted-texts-in-a-registry",
        f"""{PLUGINS}
import importlib

STORES = {{"disk": "app.stores.disk.DiskStore", "web": "app.stores.web.WebStore"}}

def load_class(path):
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)

STORE = load_class(STORES.get("disk"))()

async def handler(key):
    STORE.load(key)  # FSA102
""",
    ),
    case(
        "dotted-text-with-a-colon",
        f"""{PLUGINS}
import importlib

def load_class(path):
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)

STORE = load_class("app.stores.web:WebStore")()

async def handler(key):
    STORE.load(key)  # FSA102
""",
    ),
    case(
        "loaded-modules-and-their-members",
        f"""{PLUGINS}
import inspect
import sys
from app import stores
from app.stores import Store

async def handler(key):
    sys.modules["app.stores.web"].run(key)  # FSA102
    for _, cls in inspect.getmembers(stores, inspect.isclass):
        if issubclass(cls, Store) and cls is not Store:
            cls().load(key)  # FSA102
    for cls in vars(stores).values():
        cls().load(key)  # FSA102
""",
    ),
    case(
        "own-classes-by-name",
        """
import sys
import time

class Base:
    pass

class Slow(Base):
    def load(self):
        time.sleep(1)

async def handler(name):
    globals()[name]().load()  # FSA101
    getattr(sys.modules[__name__], name)().load()  # FSA101
""",
    ),
    case(
        "class-that-leaves-a-method-to-those-that-derive-from-it",
        """
import abc
import time

class Base(abc.ABC):
    @abc.abstractmethod
    def load(self):
        ...

    def hook(self):
        pass

class Slow(Base):
    def load(self):
        time.sleep(1)

    def hook(self):
        time.sleep(1)

async def handler(cls: type[Base]):
    made = cls()
    made.load()  # FSA101
    made.hook()
""",
    ),
    case(
        "classes-that-derive-from-none-of-those-asked-for",
        """
import time

class Base:
    pass

class Other:
    def load(self):
        time.sleep(1)

async def handler():
    for cls in [Other]:
        if issubclass(cls, Base):
            cls().load()
""",
    ),
    case(
        "verb-of-a-client",
        """
import asyncio
import httpx
import redis
import requests

async def handler(session: requests.Session, client: httpx.AsyncClient, store: redis.Redis, verb, url):
    getattr(session, verb.lower())(url)  # FSA102
    getattr(requests, verb)(url)  # FSA102
    getattr(store, verb)(url)  # FSA103
    await getattr(client, verb)(url)
    await asyncio.to_thread(getattr(session, verb), url)
    getattr(session, "mount")(url, None)
""",
    ),
]


@pytest.mark.parametrize("program", COMPUTED)
def test_computed_names(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
