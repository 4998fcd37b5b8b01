"""`fastasync add resource`: what it writes and where, what it refuses, and how it ends half-way."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastasync.cli import app
from fastasync.new import Request, generate
from fastasync.resource.target import load_migrations, load_project
from typer.testing import CliRunner, Result

from .resources import AUTHOR, BOOK, EVERY_KIND, TABLE

in_both_styles = pytest.mark.parametrize("original", ["sqlalchemy", "sqlmodel"], indirect=True)


@pytest.fixture(scope="module")
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with one style of models, as generated."""
    style = getattr(request, "param", "sqlalchemy")
    parent = tmp_path_factory.mktemp(style)
    generate(Request("shop", parent, {"models": style}, git=False))
    return parent / "shop"


@pytest.fixture
def shop(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it; the test runs in there."""
    folder = shutil.copytree(original, tmp_path / "shop")
    monkeypatch.chdir(folder)
    return folder


def add(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["add", "resource", *arguments])


def added(*arguments: str) -> str:
    """What the command prints when it succeeds."""
    result = add(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def files(folder: Path) -> dict[str, bytes]:
    """Every file and folder, with what the files hold; caches are none of a project's files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if "_cache" not in str(path)
    }


# What is written, and where.


@in_both_styles
def test_a_resource_is_made_and_wired(shop: Path) -> None:
    before = files(shop)
    output = added(*AUTHOR)
    after = files(shop)
    new = {name for name in after.keys() - before.keys() if (shop / name).is_file()}
    [migration] = [name for name in new if name.startswith("migrations/")]
    assert new == {
        migration,
        "src/shop/authors/__init__.py",
        "src/shop/authors/models.py",
        "src/shop/authors/routes.py",
        "src/shop/authors/schemas.py",
        "src/shop/fields.py",
        "tests/test_authors.py",
    }
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"src/shop/components.py", "src/shop/models.py"}
    assert all(name in output for name in new | changed)
    assert 'down_revision: str | Sequence[str] | None = "0001"' in (shop / migration).read_text("utf-8")
    assert '__all__ = ["Author", "Item", "metadata"]' in (shop / "src/shop/models.py").read_text("utf-8")
    assert "ROUTERS: tuple[APIRouter, ...] = (items.router, authors.router)" in after["src/shop/components.py"].decode()


def test_the_same_again_changes_nothing(shop: Path) -> None:
    added(*AUTHOR)
    before = files(shop)
    assert "nothing changed" in added(*AUTHOR)
    assert files(shop) == before


@pytest.mark.slow
def test_another_one_of_the_name_is_refused(shop: Path) -> None:
    added(*AUTHOR)
    before = files(shop)
    result = add("author", "name:str:50")
    assert (result.exit_code, files(shop)) == (2, before)
    assert "There is a resource author already" in result.output


def test_two_resources_follow_one_another(shop: Path) -> None:
    added(*AUTHOR)
    first = load_migrations(load_project(shop)).heads
    added(*BOOK)
    [text] = [path.read_text("utf-8") for path in shop.glob("migrations/versions/*books.py")]
    assert f'down_revision: str | Sequence[str] | None = "{first[0]}"' in text
    assert 'sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_books_author_id_authors")' in text
    components = (shop / "src/shop/components.py").read_text("utf-8")
    assert "(items.router, authors.router, books.router)" in components
    assert (shop / "tests/rows.py").is_file()


@pytest.mark.slow
def test_several_heads_are_joined(shop: Path) -> None:
    text = (shop / "migrations/versions/0001_items.py").read_text("utf-8")
    for revision in ("000a", "000b"):
        other = text.replace('"0001"', f'"{revision}"').replace("= None", '= "0001"', 1).replace("items", revision)
        (shop / f"migrations/versions/{revision}.py").write_text(other, "utf-8")
    added(*AUTHOR)
    [made] = [path.read_text("utf-8") for path in shop.glob("migrations/versions/*authors.py")]
    assert 'down_revision: str | Sequence[str] | None = ("000a", "000b")' in made
    assert len(load_migrations(load_project(shop)).heads) == 1


@pytest.mark.slow
def test_what_was_undone_by_hand_is_done_again(shop: Path) -> None:
    """Without its router, as after a merge that went wrong: only that is added."""
    before = (shop / "src/shop/components.py").read_text("utf-8")
    added(*AUTHOR)
    complete = files(shop)
    (shop / "src/shop/components.py").write_text(before, "utf-8")
    assert added(*AUTHOR).startswith("Added what was missing of author:\n  src/shop/components.py\nNext:")
    assert files(shop) == complete


def test_a_dry_run_writes_nothing(shop: Path) -> None:
    before = files(shop)
    output = added(*AUTHOR, "--dry-run")
    assert output.endswith("\nNothing was written.\n")
    assert files(shop) == before
    assert "new      src/shop/authors/models.py" in output
    assert "+from .authors import routes as authors" in output


@pytest.mark.slow
@in_both_styles
@pytest.mark.parametrize("layered", [False, True], ids=["", "with a service layer"])
def test_what_is_written_passes_the_projects_linters(shop: Path, layered: bool) -> None:
    if layered:
        (shop / "src/shop/items/service.py").write_text('"""What is done with items."""\n', "utf-8")
    added("thing", *EVERY_KIND)
    added("note", "body:text")
    assert (shop / "src/shop/things/service.py").is_file() == layered
    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["fastasync", "lint"]):
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@in_both_styles
def test_it_looks_like_its_twin(shop: Path) -> None:
    """The example resource of the template, described on the command line, has the same model and migration."""
    twin = (shop / "src/shop/items/models.py").read_text("utf-8").replace("Item", "Thing").replace("items", "things")
    table = (shop / "migrations/versions/0001_items.py").read_text("utf-8").replace("items", "things")
    added("thing", "name:str:100:unique", "description:str?:1000")
    made = (shop / "src/shop/things/models.py").read_text("utf-8")
    assert made.split("    __tablename__ = ")[1] in twin.split("\n\n\noldest_first")[0] + "\n"
    [migration] = [path.read_text("utf-8") for path in shop.glob("migrations/versions/*things.py")]
    assert migration.split("def upgrade")[1] == table.split("def upgrade")[1]


EDITED = '''\
"""What this service is made of."""

from fastapi import APIRouter  # the framework's

from . import database
from .component import Component
from .items import routes as items
from .settings import CommonSettings


class Settings(database.Settings, CommonSettings):
    """All settings of the service."""


COMPONENTS: tuple[Component[Settings], ...] = ( database.component, )
{routers}
'''


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ROUTERS = [items.router]", "ROUTERS = [items.router, authors.router]"),
        ("ROUTERS = (items.router,)  # all", "ROUTERS = (items.router, authors.router)  # all"),
        ("ROUTERS = items.router,", "ROUTERS = items.router, authors.router"),
        ("ROUTERS = [ ]", "ROUTERS = [ authors.router]"),
        ("ROUTERS = ()", "ROUTERS = (authors.router,)"),
        (
            "ROUTERS = [\n  items.router,   # first\n  ]",
            "ROUTERS = [\n  items.router,   # first\n  authors.router,\n  ]",
        ),
        (
            "ROUTERS = [\n  database.router,\n\n  items.router  # last\n]",
            "ROUTERS = [\n  database.router,\n\n  items.router,  # last\n  authors.router\n]",
        ),
        (
            "ROUTERS = (\n    items.router,\n    # the rest\n)",
            "ROUTERS = (\n    items.router,\n    authors.router,\n    # the rest\n)",
        ),
        ("ROUTERS = (items.router, authors.router)", "ROUTERS = (items.router, authors.router)"),
    ],
)
def test_the_users_own_formatting_stays(shop: Path, before: str, after: str) -> None:
    path = shop / "src/shop/components.py"
    path.write_text(EDITED.format(routers=before), "utf-8")
    if "authors" in before:
        path.write_text(path.read_text("utf-8").replace("from .comp", f"{IMPORT}from .comp"), "utf-8")
    added(*AUTHOR)
    expected = EDITED.format(routers=after).replace("from .component", f"{IMPORT}from .component")
    assert path.read_text("utf-8") == expected


IMPORT = "from .authors import routes as authors\n"


@pytest.mark.slow
def test_line_ends_stay(shop: Path) -> None:
    path = shop / "src/shop/models.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    added(*AUTHOR)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


@pytest.mark.slow
def test_models_without_a_list_of_names(shop: Path) -> None:
    path = shop / "src/shop/models.py"
    path.write_text("from .items.models import Item as Item\nfrom .tables import metadata as metadata\n", "utf-8")
    added(*AUTHOR)
    assert "from .authors.models import Author as Author\n" in path.read_text("utf-8")


def test_a_table_that_was_dropped_is_made_again(shop: Path) -> None:
    """Its folder was removed, and the table by a migration; the name is free."""
    text = (shop / "migrations/versions/0001_items.py").read_text("utf-8")
    dropped = text.replace('"0001"', '"0002"').replace("= None", '= "0001"', 1).replace("create_table", "drop_table", 1)
    (shop / "migrations/versions/0002_drop.py").write_text(dropped, "utf-8")
    shutil.rmtree(shop / "src/shop/items")
    (shop / "tests/test_items.py").unlink()
    for name in ("components", "models"):
        path = shop / f"src/shop/{name}.py"
        lines = [line for line in path.read_text("utf-8").splitlines(keepends=True) if "from .items" not in line]
        path.write_text("".join(lines).replace("items.router,", "").replace('"Item", ', ""), "utf-8")
    added("item", "name:str")
    [made] = shop.glob("migrations/versions/2*_items.py")
    assert 'down_revision: str | Sequence[str] | None = "0002"' in made.read_text("utf-8")


# What is refused.


def remove_routers(shop: Path) -> None:
    path = shop / "src/shop/components.py"
    path.write_text(path.read_text("utf-8").replace("ROUTERS", "ROUTES"), "utf-8")


def break_components(shop: Path) -> None:
    (shop / "src/shop/components.py").write_text("def (", "utf-8")


def use_the_name(shop: Path) -> None:
    path = shop / "src/shop/components.py"
    path.write_text(path.read_text("utf-8") + "\nauthors = 1\n", "utf-8")


def forget_answers(shop: Path) -> None:
    (shop / ".copier-answers.yml").unlink()


def drop_the_database(shop: Path) -> None:
    path = shop / ".copier-answers.yml"
    path.write_text(path.read_text("utf-8").replace('database: "sqlite"', 'database: "none"'), "utf-8")


def put_a_module_in_the_way(shop: Path) -> None:
    (shop / "src/shop/authors.py").write_text("", "utf-8")


def put_a_test_in_the_way(shop: Path) -> None:
    (shop / "tests/test_authors.py").write_text("", "utf-8")


def define_the_table(shop: Path) -> None:
    (shop / "src/shop/people.py").write_text(TABLE.format(model="Person", table="authors"), "utf-8")


def define_other_fields(shop: Path) -> None:
    (shop / "src/shop/fields.py").write_text("Id = int\n", "utf-8")


def break_a_migration(shop: Path) -> None:
    (shop / "migrations/versions/0002.py").write_text("def (\n", "utf-8")


def move_alembic(shop: Path) -> None:
    (shop / "alembic.ini").write_text("[other]\n", "utf-8")


def write_in_latin_1(shop: Path) -> None:
    (shop / "tests/test_authors.py").write_bytes(b"# caf\xe9\n")


def turn_the_models_into_latin_1(shop: Path) -> None:
    (shop / "src/shop/models.py").write_bytes(b"# coding: latin-1\n# caf\xe9\n")


def take_the_models_name(shop: Path) -> None:
    path = shop / "src/shop/models.py"
    path.write_text(path.read_text("utf-8") + "\nimport decimal as Author\n", "utf-8")


def define_a_table_without_id(shop: Path) -> None:
    (shop / "src/shop/people.py").write_text('class Author(Base):\n    __tablename__ = "authors"\n', "utf-8")


def break_the_settings_of_ruff(shop: Path) -> None:
    (shop / "ruff.toml").write_text("line-length = 'long'\n", "utf-8")


def let_migrations_follow_themselves(shop: Path) -> None:
    path = shop / "migrations/versions/0001_items.py"
    path.write_text(path.read_text("utf-8").replace("= None", '= "0001"', 1), "utf-8")


def remove_the_package(shop: Path) -> None:
    shutil.rmtree(shop / "src/shop")


def nothing(_shop: Path) -> None:
    """As generated."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prepare", "arguments", "reason"),
    [
        (remove_routers, AUTHOR, "no list ROUTERS"),
        (break_components, AUTHOR, "cannot be read"),
        (use_the_name, AUTHOR, "uses the name 'authors' for something else"),
        (forget_answers, AUTHOR, "is not the folder of a project that `fastasync new` made"),
        (drop_the_database, AUTHOR, "has no database"),
        (put_a_module_in_the_way, AUTHOR, "is in the way"),
        (put_a_test_in_the_way, AUTHOR, "is not what this command writes"),
        (define_the_table, AUTHOR, "has the table authors already"),
        (define_other_fields, AUTHOR, "does not define Integer"),
        (break_a_migration, AUTHOR, "cannot be read"),
        (move_alembic, AUTHOR, "does not say how migrations are named"),
        (write_in_latin_1, AUTHOR, "cannot be read"),
        (turn_the_models_into_latin_1, AUTHOR, "cannot be read"),
        (take_the_models_name, AUTHOR, "uses the name 'Author' for something else"),
        (define_a_table_without_id, BOOK, "the table 'authors' has no integer key"),
        (break_the_settings_of_ruff, AUTHOR, "Ruff cannot format"),
        (let_migrations_follow_themselves, AUTHOR, "is not a history of migrations"),
        (remove_the_package, AUTHOR, "is not there"),
        (nothing, ["area", "name:str", "--plural", "fields"], "is in the way"),
        (nothing, BOOK, "there is no table 'authors'. The tables are: items."),
        (nothing, ["node", "parent:ref(nodes)"], "would have none to refer to"),
        (nothing, ["item", "name:str"], "There is a resource item already"),
        (nothing, ["book", "class:str"], "keyword"),
        (nothing, ["book", "title:varchar"], "there is no type"),
        (nothing, ["a" * 35, f"{'b' * 35}:int:index"], "longer than the 63 characters"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(
    shop: Path, prepare: Callable[[Path], None], arguments: list[str], reason: str
) -> None:
    prepare(shop)
    before = files(shop)
    result = add(*arguments)
    assert (result.exit_code, files(shop)) == (2, before)
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_folder_is_named(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert add(*AUTHOR).exit_code == 2
    assert add(*AUTHOR, "--directory", "shop").exit_code == 0
    assert (shop / "src/shop/authors/routes.py").is_file()


# All or nothing.


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, 10))
def test_a_failure_half_way_is_undone(shop: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    before = files(shop)
    interrupt(monkeypatch, step, lambda: raise_(OSError(28, "No space left on device", "some file")))
    result = add(*AUTHOR)
    assert (result.exit_code, files(shop)) == (2, before)
    assert "some file cannot be written: No space left on device. Everything is as it was." in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_half_way_leaves_nothing_half(
    shop: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Writing takes milliseconds, and a signal waits for its end."""
    ended: list[int] = []
    previous = signal.signal(number, lambda number, _frame: ended.append(number))
    try:
        interrupt(monkeypatch, 5, lambda: os.kill(os.getpid(), number))
        add(*AUTHOR)
    finally:
        signal.signal(number, previous)
    assert ended == [number]
    assert "nothing changed" in added(*AUTHOR)


def interrupt(monkeypatch: pytest.MonkeyPatch, step: int, act: Callable[[], object]) -> None:
    """Do something before a file is moved into place: the journal is number 0, the nine files of a resource follow."""
    replace, calls = os.replace, iter(range(100))

    def interrupted(source: Path, target: Path) -> None:
        if next(calls) == step:
            act()
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)


def raise_(error: Exception) -> None:
    raise error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "following"), [(1, ["add", "resource", *AUTHOR, "--dry-run"]), (9, ["update", "--dry-run"])]
)
def test_what_a_kill_left_is_undone_by_the_next_command(shop: Path, step: int, following: list[str]) -> None:
    before = files(shop)
    code = (
        "import os, signal; from fastasync.cli import app; replace = os.replace; "
        f"steps = iter(range(100)); os.replace = lambda *paths: next(steps) == {step} and "
        "os.kill(os.getpid(), signal.SIGKILL) or replace(*paths); app()"
    )
    done = subprocess.run([sys.executable, "-c", code, "add", "resource", *AUTHOR], check=False)
    assert done.returncode == -signal.SIGKILL
    assert files(shop) != before
    assert CliRunner().invoke(app, following).stdout.startswith("An interrupted command was undone first.\n")
    assert files(shop) == before
