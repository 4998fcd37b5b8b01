"""One changed file looked at again: what the editor is told first is what a check of everything says."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.model import Finding, Severity
from fastasync_lint.pipeline import Outcome, Request, check, recheck
from fastasync_lint.settings import Settings

from .projects import write

FILES = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/main.py": """\
import threading
from fastapi import FastAPI
from app import routers, services
from app.base import Base

app = FastAPI()
app.include_router(routers.router)


class Gate(Base):
    def open(self):
        import time
        time.sleep(1)


async def serve(client):
    return await services.run(client)


def on_thread():
    threading.Thread(target=services.hold).start()


async def start():
    import requests
    await services.with_client(requests.Session())
""",
    "app/base.py": """\
class Base:
    def open(self):
        return self.close()

    def close(self):
        return 1
""",
    "app/routers.py": """\
from fastapi import APIRouter
from app import services

router = APIRouter()


@router.get("/items")
async def items():
    return await services.run(None)


@router.get("/gate")
async def gate(gate: "services.Base"):
    return gate.open()
""",
    "app/services.py": """\
import threading
import time

from app.base import Base

LOCK = threading.Lock()


def fetch():
    return 1


async def run(client):
    return fetch()


def hold():
    with LOCK:
        time.sleep(5)


async def locked():
    with LOCK:
        return 1


async def with_client(client):
    return client.get("https://example.org")
""",
}
SLEEPING = {"def fetch():\n    return 1": "def fetch():\n    time.sleep(1)"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def request(project: Path, changed: str, text: str, *, keep: bool = False) -> Request:
    path = str(project / changed)
    settings = Settings(min_severity=Severity.INFO, folder=str(project))
    return Request(
        paths=(path,), settings=settings, overlay={path: text.encode()} if text else {}, keep=keep, workers=1
    )


def told(outcome: Outcome | None) -> list[Finding]:
    assert outcome is not None
    return outcome.findings


@pytest.mark.parametrize(
    ("changed", "edits"),
    [
        pytest.param("app/services.py", {}, id="nothing"),
        pytest.param("app/services.py", {"LOCK": "GUARD"}, id="a lock that a thread holds"),
        pytest.param("app/services.py", SLEEPING, id="a helper that blocks from now on"),
        pytest.param("app/services.py", {"client.get": "client.post"}, id="a call on what another file hands over"),
        pytest.param("app/services.py", {"async def run(client)": "\n\nasync def run(client)"}, id="moved"),
        pytest.param("app/services.py", {"import time\n": "import time\nimport asyncio\n", **SLEEPING}, id="import"),
        pytest.param(
            "app/services.py",
            {
                "import time\n": "import time\nimport pymongo\n",
                "return client.get": "pymongo.MongoClient().admin.command",
            },
            id="a library that was not there",
        ),
        pytest.param("app/routers.py", {"services.run(None)": "services.with_client(app)"}, id="another callee"),
        pytest.param("app/routers.py", {"/items": "/things"}, id="another route"),
        pytest.param("app/routers.py", {"return gate.open()": "gate.open()\n    gate.close()"}, id="an override"),
        pytest.param("app/base.py", {"return 1": "import time\n        time.sleep(1)"}, id="a base class"),
        pytest.param("app/main.py", {"time.sleep(1)": "return None"}, id="a class that others know as its base"),
    ],
)
def test_the_first_answer_is_the_last(project: Path, changed: str, edits: dict[str, str]) -> None:
    text = FILES[changed]
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    before = check(request(project, changed, "", keep=True))
    first = told(recheck(before, str(project / changed), request(project, changed, text)))
    assert first == told(check(request(project, changed, text)))


def test_edits_add_up(project: Path) -> None:
    changed = "app/services.py"
    before = check(request(project, changed, "", keep=True))
    text = FILES[changed]
    for number in range(3):
        text += f"\n\nasync def added_{number}():\n    time.sleep(1)\n"
        first = told(recheck(before, str(project / changed), request(project, changed, text)))
        assert first == told(check(request(project, changed, text)))
    assert [finding.function for finding in first][-3:] == ["added_0", "added_1", "added_2"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        pytest.param("app/new.py", "import time\n", id="new file"),
        pytest.param("app/services.py", "def f(:\n", id="does not parse"),
    ],
)
def test_what_cannot_be_told_is_left_to_the_whole_check(project: Path, changed: str, text: str) -> None:
    before = check(request(project, "app/main.py", "", keep=True))
    assert recheck(before, str(project / changed), request(project, changed, text)) is None
