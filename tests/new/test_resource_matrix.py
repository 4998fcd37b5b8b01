"""Resources on every database and both styles of models, on the real servers: checked, migrated, tested and asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastasync.cli import app
from typer.testing import CliRunner

from .combinations import Flags, answers_of, describe
from .resources import AUTHOR, BOOK, EVERY_KIND
from .servers import needed_by
from .service import Running, Service
from .test_matrix import lint_finds_nothing, require, resources_of

CASES: list[Flags] = [
    {"database": "sqlite", "models": "sqlalchemy", "auth": "jwt"},
    {"database": "sqlite", "models": "sqlmodel"},
    {"database": "postgresql", "driver": "asyncpg", "models": "sqlmodel", "auth": "jwt"},
    {"database": "postgresql", "driver": "psycopg", "models": "sqlalchemy"},
    {"database": "mysql", "driver": "asyncmy", "models": "sqlalchemy"},
    {"database": "mysql", "driver": "aiomysql", "models": "sqlmodel"},
]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("resources")


@pytest.mark.matrix
@pytest.mark.parametrize("flags", CASES, ids=describe)
def test_resources_are_right(parent: Path, flags: Flags) -> None:
    answers = answers_of(None, flags)
    for name in needed_by(answers):
        require(name)
    service = Service.generate(parent, flags)
    # The things have fields of every kind; books are tested where they refer to users, and asked everywhere.
    has_users = answers["auth"] == "jwt"
    editor = ["editor:ref(users)?"] if has_users else []
    for words in (AUTHOR, [*BOOK, *editor], ["thing", *EVERY_KIND]):
        done = CliRunner().invoke(app, ["add", "resource", *words, "--directory", str(service.folder)])
        assert done.exit_code == 0, done.output
    service.passes_its_checks()
    lint_finds_nothing(service.folder)
    files = [f"tests/test_{name}.py" for name in ("things", "migrations", *(["books"] if has_users else []))]
    assert " passed" in service.run("pytest", "-q", "-p", "no:cacheprovider", *files)
    with resources_of(service, answers):
        service.migrates()
        with service.started() as running:
            books_are_kept(running)


def books_are_kept(running: Running) -> None:
    """The endpoints of two resources, with transactions that are committed."""

    def send(method: str, path: str, status: int, body: object = None) -> dict[str, Any]:
        answered, content = running.request(method, path, body)
        assert answered == status, content
        return dict(json.loads(content)) if content else {}

    author = send("POST", "/authors", 201, {"name": "Ada", "email": "ada@example.com", "born": "1815-12-10"})["id"]
    for number in (1, 2, 3):
        state = "live" if number > 1 else "draft"
        body = {"title": f"Notes {number}", "price": f"{number}.50", "state": state, "author_id": author}
        send("POST", "/books", 201, body)
    page = send("GET", f"/books?author_id={author}&state=live&price_min=1.5&order=-price&limit=1", 200)
    assert page["total"] == 2
    assert [(book["title"], book["price"]) for book in page["items"]] == [("Notes 3", "3.50")]
    refused = send("POST", "/books", 422, {"title": "x", "price": "1", "author_id": 2**31 - 1})
    assert refused["detail"][0]["loc"] == ["body", "author_id"]
    send("DELETE", f"/authors/{author}", 409)
    send("POST", "/authors", 409, {"name": "Ada", "email": "ada@example.com"})
