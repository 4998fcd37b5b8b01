"""Which answers an update keeps, which follow others, and which settings it adds."""

from pathlib import Path

import pytest
from fastasync.errors import UserError
from fastasync.options import Answer, complete, load_preset, load_questions
from fastasync.project import template_path
from fastasync.updating import answers, migrations
from fastasync.updating.sides import Side, extend_environment

TEMPLATE = template_path("project")
QUESTIONS = load_questions(TEMPLATE)


def after(given: dict[str, Answer], *data: str) -> dict[str, Answer]:
    """The answers of a project, made with `given`, after a change."""
    recorded = complete(QUESTIONS, {"name": "service", **given})
    return answers.complete(QUESTIONS, recorded, answers.parse_data(QUESTIONS, data))


def test_nothing_changes_by_itself() -> None:
    production = load_preset(TEMPLATE, "production")
    assert after(production) == complete(QUESTIONS, {"name": "service", **production})


@pytest.mark.parametrize(
    ("given", "data", "expected"),
    [
        ({}, ["database=mysql"], {"driver": "asyncmy", "models": "sqlalchemy"}),
        ({"models": "sqlmodel"}, ["database=mysql"], {"driver": "asyncmy", "models": "sqlmodel"}),
        ({}, ["database=none"], {"driver": "none", "models": "none"}),
        ({}, ["database=postgresql", "driver=psycopg"], {"driver": "psycopg"}),
        ({}, ["queue=taskiq"], {"broker": "redis"}),
        ({"queue": "taskiq"}, ["queue=none"], {"broker": "none"}),
        ({"server": "granian"}, ["workers=3"], {"server": "granian", "workers": "3"}),
        ({}, ["observability=logs,prometheus"], {"observability": ["prometheus", "logs"]}),
        ({"deploy": ["docker"]}, ["deploy=none"], {"deploy": []}),
    ],
)
def test_what_followed_from_others_follows_them(
    given: dict[str, Answer], data: list[str], expected: dict[str, Answer]
) -> None:
    found = after(given, *data)
    assert {key: found[key] for key in expected} == expected


def test_what_was_chosen_is_not_changed_behind_ones_back() -> None:
    with pytest.raises(UserError, match="--data driver=psycopg does not fit --data database=mysql: use --data driver="):
        after({"database": "postgresql", "driver": "psycopg"}, "database=mysql")


def test_a_choice_that_a_release_does_not_have_any_more() -> None:
    recorded = complete(QUESTIONS, {"name": "service"}) | {"server": "waitress"}
    with pytest.raises(UserError, match="--data server does not know 'waitress'"):
        answers.complete(QUESTIONS, recorded, {})


def test_a_new_question_gets_its_default() -> None:
    recorded = complete(QUESTIONS, {"name": "service"})
    del recorded["realtime"]
    assert answers.complete(QUESTIONS, {**recorded, "gone": "x"}, {}) == {**recorded, "realtime": "none"}


def side(environment: str) -> Side:
    return Side(Path(), {}, environment)


@pytest.mark.parametrize(
    ("text", "expected", "added"),
    [
        ("A=mine\n", "A=mine\nB=new\n", ["B"]),
        ("A=mine", "A=mine\nB=new\n", ["B"]),
        ("B=mine\n", "B=mine\n", []),
        ("export B=mine\n", "export B=mine\n", []),
        ("# B=shown\n", "# B=shown\nB=new\n", ["B"]),
        ("", "B=new\n", ["B"]),
    ],
)
def test_settings_are_added_and_none_is_changed(text: str, expected: str, added: list[str]) -> None:
    assert extend_environment(text, side("A=1\n"), side("A=2\nB=new\n")) == (expected, added)


def history(folder: Path, **files: str) -> Path:
    versions = folder / migrations.FOLDER
    versions.mkdir(parents=True)
    for name, after in files.items():
        text = (
            f'"""{name}\n\nRevises: {after}\n"""\n\nrevision: str = "{name}"\ndown_revision: str | None = {after!r}\n'
        )
        (versions / f"{name}.py").write_text(text, "utf-8")
    return folder


def test_new_migrations_follow_the_users(tmp_path: Path) -> None:
    user = history(tmp_path / "user", one="", mine="one")
    old, new = history(tmp_path / "old", one=""), history(tmp_path / "new", one="", two="one", three="two")
    migrations.follow_the_users(user, Side(old, {}, ""), Side(new, {}, ""))
    found = {one.revision: one.after for one in migrations.read(new)}
    assert found == {"one": ("",), "two": ("mine",), "three": ("two",)}
    assert "Revises: mine\n" in (new / migrations.FOLDER / "two.py").read_text("utf-8")


def test_with_two_ends_the_user_decides(tmp_path: Path) -> None:
    user = history(tmp_path / "user", one="", mine="one", other="one")
    old, new = history(tmp_path / "old", one=""), history(tmp_path / "new", one="", two="one")
    migrations.follow_the_users(user, Side(old, {}, ""), Side(new, {}, ""))
    assert {one.revision: one.after for one in migrations.read(new)}["two"] == ("one",)
    assert migrations.heads(migrations.read(user)) == ["mine", "other"]


def test_files_that_say_nothing_are_no_migrations(tmp_path: Path) -> None:
    folder = history(tmp_path, one="")
    for name, text in {"broken": "def (", "empty": "", "odd": "revision = name\ndown_revision = (name,)\n"}.items():
        (folder / migrations.FOLDER / f"{name}.py").write_text(text, "utf-8")
    merged = 'revision = "join"\ndown_revision = ("one", "two")\n'
    (folder / migrations.FOLDER / "join.py").write_text(merged, "utf-8")
    assert [(one.revision, one.after) for one in migrations.read(folder)] == [("join", ("one", "two")), ("one", ("",))]
