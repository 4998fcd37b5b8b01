"""Names across files: imports of every kind, packages, roots."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

FETCH = """
import requests

def fetch(url):
    return requests.get(url)
"""

MODULES = [
    case(
        "folder-without-an-init-in-another-root",
        """
# file: libs/core/shop/store.py
import sqlite3
def rows(db: sqlite3.Connection):
    return db.execute("select 1").fetchall()

# file: libs/core/requests/models.py
def nothing():
    return 1

# file: services/one/common/io.py
import time
def wait():
    time.sleep(1)

# file: services/two/common/net.py
def wait():
    return 1

# file: services/api/main.py
from shop.store import rows
from shop import store
from common.io import wait
from requests.models import nothing

async def handler(db):
    store.rows(db)  # FSA103
    wait()
    nothing()
    return rows(db)  # FSA103
""",
    ),
    case(
        "a-file-that-has-the-name-of-the-library-that-it-imports",
        """
# file: app/stores/redis.py
import redis
from .base import Store
class RedisStore(Store):
    def __init__(self):
        self.client = redis.Redis()
    async def get(self, key):
        return self.client.get(key)  # FSA103

# file: app/stores/locks.py
import redis
from .base import Store
async def is_locked(name):
    return redis.Redis().exists(name)  # FSA103

# file: app/stores/base.py
class Store:
    pass

# file: scripts/requests.py
def get(url):
    return url

# file: scripts/main.py
import requests
async def page(url):
    return requests.get(url)
""",
    ),
    case(
        "import-module-from-where-it-stands",
        """
# file: lazy/__init__.py
import importlib
def __getattr__(name):
    return getattr(importlib.import_module(".client", __name__), name)

# file: lazy/client.py
import requests
def fetch(url):
    return requests.get(url)

# file: lazy/quick.py
import importlib
client = importlib.import_module(".client", __package__)
other = importlib.import_module(".client", __name__)
async def handler(url):
    other.fetch(url)
    return client.fetch(url)  # FSA102

# file: main.py
import importlib
import lazy
async def handler(url):
    importlib.import_module(".client", package="lazy").fetch(url)  # FSA102
    importlib.import_module(".client", "nowhere").fetch(url)
    importlib.import_module(".client").fetch(url)
    return lazy.fetch(url)  # FSA102
""",
    ),
    case(
        "package-that-is-run-from-inside-itself",
        """
# file: __init__.py
# file: core/__init__.py
# file: core/client.py
import requests

def fetch(url):
    return requests.get(url)

# file: core/api.py
from core.client import fetch
from json import loads

async def handler(url):
    loads(url)
    return fetch(url)  # FSA102
""",
    ),
    case(
        "sibling-import",
        """
import helpers

async def handler(url):
    return helpers.fetch(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "started-from-inside-a-package",
        """
# file: app/__init__.py
# file: app/main.py
import helpers

async def handler(url):
    return helpers.fetch(url)  # FSA102
# file: app/views/__init__.py
# file: app/views/pages.py
from helpers import fetch

async def page(url):
    return fetch(url)  # FSA102
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "library-that-a-module-has-the-name-of",
        """
# file: app/__init__.py
# file: app/main.py
import httpx

async def handler(url):
    async with httpx.AsyncClient() as client:
        return await client.get(url)
# file: app/httpx.py
import requests

class AsyncClient:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        requests.get("https://x.example")  # FSA102
""",
    ),
    case(
        "sibling-from-import",
        """
from helpers import fetch as load

async def handler(url):
    return load(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "package-module",
        """
from app.services import helpers
import app.services.helpers as again
import app.services.helpers

async def handler(url):
    helpers.fetch(url)  # FSA102
    again.fetch(url)  # FSA102
    app.services.helpers.fetch(url)  # FSA102
# file: app/__init__.py
# file: app/services/__init__.py
# file: app/services/helpers.py"""
        + FETCH,
    ),
    case(
        "the-root-is-a-package",
        """
# file: __init__.py
from .helpers import fetch
# file: views.py
from . import fetch
from .sub.deep import again

async def handler(url):
    fetch(url)  # FSA102
    again(url)  # FSA102
# file: sub/__init__.py
# file: sub/deep.py
from ..helpers import fetch as again
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "relative-imports",
        """
# file: app/__init__.py
# file: app/api/__init__.py
# file: app/api/views.py
from . import local
from .local import load
from ..helpers import fetch
from .. import helpers

async def handler(url):
    fetch(url)  # FSA102
    helpers.fetch(url)  # FSA102
    load(url)  # FSA102
    local.load(url)  # FSA102
# file: app/api/local.py
from ..helpers import fetch

def load(url):
    return fetch(url)
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "re-export",
        """
from app import fetch

async def handler(url):
    return fetch(url)  # FSA102
# file: app/__init__.py
from .helpers import fetch

__all__ = ["fetch"]
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "star-import",
        """
from app import *

async def handler(url):
    return fetch(url)  # FSA102
# file: app/__init__.py
from .helpers import *
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "star-imports-that-lead-back",
        """
from app import *

async def handler(url):
    return fetch(url)  # FSA102

async def other(url):
    return missing(url)
# file: app/__init__.py
from .errors import *
from .helpers import *
# file: app/errors.py
from .helpers import *
# file: app/helpers.py
from .errors import *
"""
        + FETCH,
    ),
    case(
        "star-imports-of-everything-by-everything",
        "from app.part0 import *\n\nasync def handler(url):\n    return fetch(missing(url))  # FSA102\n"
        + "".join(
            f"# file: app/part{number}.py\n"
            + "".join(f"from .part{other} import *\n" for other in range(24) if other != number)
            for number in range(24)
        )
        + "# file: app/part24.py\n# file: app/part23.py\n"
        + FETCH,
    ),
    case(
        "star-import-respects-all",
        """
from helpers import *

async def handler(url):
    return fetch(url)

def fetch(url):
    return url
# file: helpers.py
__all__ = ["other"]
"""
        + FETCH,
    ),
    case(
        "library-re-exported",
        """
from compat import http, pause

async def handler(url):
    http.get(url)  # FSA102
    pause(1)  # FSA101
# file: compat.py
import requests as http
from time import sleep as pause
""",
    ),
    case(
        "instance-in-other-module",
        """
import db
from db import engine

async def handler(query):
    with engine.connect() as conn:  # FSA103
        conn.execute(query)  # FSA103
    db.engine.dispose()
# file: db.py
from sqlalchemy import create_engine

engine = create_engine("postgresql://x")
""",
    ),
    case(
        "class-in-other-module",
        """
from services.users import UserService

service = UserService()

async def handler(name):
    return service.find(name)  # FSA102
# file: services/__init__.py
# file: services/users.py
import requests

class UserService:
    def find(self, name):
        return requests.get("https://users.example/" + name)
""",
    ),
    case(
        "alias-in-other-module",
        """
from fastapi import FastAPI
from deps import SessionDep

app = FastAPI()

@app.get("/")
async def read(db: SessionDep):
    return db.execute("select 1")  # FSA103
# file: deps.py
from typing import Annotated
from fastapi import Depends
from sqlalchemy.orm import Session
from database import SessionLocal

def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()

SessionDep = Annotated[Session, Depends(get_db)]
# file: database.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://x"))
""",
    ),
    case(
        "provider-in-other-module-untyped",
        """
from fastapi import Depends, FastAPI
import deps

app = FastAPI()

@app.get("/")
async def read(db=Depends(deps.get_db)):
    return db.execute("select 1")  # FSA103
# file: deps.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://x"))

def get_db():
    with SessionLocal() as db:
        yield db
""",
    ),
    case(
        "function-local-import",
        """
async def handler(url):
    from helpers import fetch
    return fetch(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "function-local-import-in-helper",
        """
def load(url):
    import helpers
    return helpers.fetch(url)

async def handler(url):
    return load(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "import-cycle",
        """
from b import load

def base():
    return "https://x.example"

async def handler():
    return load()  # FSA102
# file: b.py
import requests
import main

def load():
    return requests.get(main.base())
""",
    ),
    case(
        "package-cycle",
        """
from pkg import run

async def handler():
    run()  # FSA101
# file: pkg/__init__.py
from .a import run
from .b import slow
# file: pkg/a.py
from . import b

def run():
    b.slow()
# file: pkg/b.py
import time
from . import a

def slow():
    time.sleep(1)
""",
    ),
    case(
        "namespace-package",
        """
from space.tools import helpers
import space.tools.helpers as again

async def handler(url):
    helpers.fetch(url)  # FSA102
    again.fetch(url)  # FSA102
# file: space/tools/helpers.py"""
        + FETCH,
    ),
    case(
        "src-layout",
        """
# file: pyproject.toml
[project]
name = "shop"
# file: src/shop/__init__.py
# file: src/shop/api.py
from shop.helpers import fetch

async def handler(url):
    return fetch(url)  # FSA102
# file: src/shop/helpers.py"""
        + FETCH,
    ),
    case(
        "tests-import-src",
        """
# file: pyproject.toml
[project]
name = "shop"
# file: src/shop/__init__.py
# file: src/shop/helpers.py"""
        + FETCH
        + """
# file: tests/test_api.py
from shop.helpers import fetch

async def test_fetch():
    fetch("https://x.example")  # FSA102
""",
    ),
    case(
        "two-roots-with-the-same-module",
        """
# file: one/pyproject.toml
[project]
name = "one"
# file: one/helpers.py
def fetch(url):
    return url
# file: one/app.py
from helpers import fetch

async def handler(url):
    return fetch(url)
# file: two/pyproject.toml
[project]
name = "two"
# file: two/helpers.py"""
        + FETCH
        + """
# file: two/app.py
from helpers import fetch

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "monorepo-with-shared-library",
        """
# file: libs/common/src/common/__init__.py
# file: libs/common/src/common/http.py"""
        + FETCH
        + """
# file: services/api/app/__init__.py
# file: services/api/app/main.py
from common.http import fetch

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "backend-folder-as-root",
        """
# file: backend/app/__init__.py
# file: backend/app/core/__init__.py
# file: backend/app/core/http.py"""
        + FETCH
        + """
# file: backend/app/main.py
from app.core.http import fetch

async def handler(url):
    return fetch(url)  # FSA102
""",
    ),
    case(
        "project-module-hides-library",
        """
# file: app/__init__.py
# file: app/requests.py
def get(url):
    return url
# file: app/main.py
from . import requests

async def handler(url):
    return requests.get(url)
""",
    ),
    case(
        "project-module-named-like-library-at-root",
        """
import redis

async def handler(key):
    return redis.get(key)
# file: redis.py
def get(key):
    return key
""",
    ),
    case(
        "lazy-module-getattr",
        """
from app import fetch

async def handler(url):
    return fetch(url)  # FSA102
# file: app/__init__.py
def __getattr__(name):
    from . import helpers
    return getattr(helpers, name)
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "lazy-module-getattr-that-keeps",
        """
import app

async def handler(url):
    app.fetch(url)  # FSA102
    app.label(url)
    app.Other(url)
# file: app/__init__.py
_kept = {}
def __getattr__(name):
    if name in _kept:
        return _kept[name]
    if name == "fetch":
        from .helpers import fetch
        _kept[name] = fetch
        return fetch
    elif name == "label":
        from .labels import label
        _kept[name] = label
        return label
    elif name == "Other":
        from .labels import Other
        _kept[name] = Other
        return Other
    raise AttributeError(name)
# file: app/labels.py
def label(url):
    return url
class Other:
    def __init__(self, url):
        self.url = url
# file: app/helpers.py"""
        + FETCH,
    ),
    case(
        "type-checking-import-of-project-class",
        """
from __future__ import annotations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services import Users

async def handler(users: Users):
    return users.all()  # FSA102
# file: services.py
import requests

class Users:
    def all(self):
        return requests.get("https://users.example")
""",
    ),
    case(
        "importlib",
        """
import importlib

async def handler(url):
    return importlib.import_module("helpers").fetch(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "router-included",
        """
from fastapi import FastAPI
from routers import items

app = FastAPI()
app.include_router(items.router, prefix="/items")
# file: routers/__init__.py
# file: routers/items.py
import requests
from fastapi import APIRouter

router = APIRouter()

@router.get("/{name}")
async def read(name: str):
    return requests.get("https://x.example/" + name)  # FSA102
""",
    ),
    case(
        "five-hops",
        """
from l1 import one

async def handler():
    one()  # FSA101
# file: l1.py
from l2 import two

def one():
    two()
# file: l2.py
from l3 import three

def two():
    three()
# file: l3.py
from l4 import four

def three():
    four()
# file: l4.py
import time

def four():
    time.sleep(1)
""",
    ),
    case(
        "attribute-set-from-other-module",
        """
import state

async def handler(key):
    return state.cache.get(key)  # FSA103
# file: state.py
cache = None
# file: boot.py
import redis
import state

def init():
    state.cache = redis.Redis()
""",
    ),
    case(
        "container-of-services",
        """
from container import container

async def handler(name):
    return container.users.find(name)  # FSA102
# file: container.py
from users import Users

class Container:
    def __init__(self):
        self.users = Users()

container = Container()
# file: users.py
import requests

class Users:
    def find(self, name):
        return requests.get("https://users.example/" + name)
""",
    ),
    case(
        "conditional-project-import",
        """
try:
    from fast_helpers import fetch
except ImportError:
    from helpers import fetch

async def handler(url):
    return fetch(url)  # FSA102
# file: helpers.py"""
        + FETCH,
    ),
    case(
        "main-package",
        """
# file: app/__init__.py
# file: app/__main__.py
from .helpers import fetch

async def handler(url):
    return fetch(url)  # FSA102
# file: app/helpers.py"""
        + FETCH,
    ),
]


@pytest.mark.parametrize("program", MODULES)
def test_modules(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def test_a_package_that_is_the_root_is_found_by_its_name(tmp_path: Path) -> None:
    check(
        tmp_path / "package",
        """
# file: __init__.py
# file: sub/__init__.py
# file: io.py
# file: sub/views.py
import io
import zipfile

import package
import package.helpers
from package import helpers
from package.helpers import fetch
from package.sub import other

async def handler(url):
    zipfile.ZipFile(io.BytesIO())
    fetch(url)  # FSA102
    helpers.fetch(url)  # FSA102
    package.helpers.fetch(url)  # FSA102
    other.fetch(url)  # FSA102
# file: sub/other.py
from package.helpers import fetch
# file: helpers.py"""
        + FETCH,
    )


def test_a_folder_without_an_init_of_a_package_that_is_the_root_is_found_by_its_name(tmp_path: Path) -> None:
    check(
        tmp_path / "shop",
        """
# file: __init__.py
# file: api.py
from shop.clients import remote

async def handler(url):
    return remote.fetch(url)  # FSA102
# file: clients/remote.py
import requests

def fetch(url):
    return requests.get(url)
""",
    )
