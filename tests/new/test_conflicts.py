"""Choices that do not go together are refused with the reason, and following the advice mends it."""

import re

import pytest
from fastasync import options
from fastasync.errors import UserError
from fastasync.project import template_path

QUESTIONS = options.load_questions(template_path("project"))


def complete(arguments: str) -> dict[str, options.Answer]:
    """The answers that a command line gives."""
    flags = dict(re.findall(r"--(\w+) (\S+)", arguments))
    return options.complete(QUESTIONS, {"name": "x", **options.parse_flags(QUESTIONS, flags)})


@pytest.mark.parametrize(
    ("arguments", "reason", "remedies"),
    [
        (
            "--database mysql --driver asyncpg",
            "--driver asyncpg does not fit --database mysql",
            ["--driver asyncmy", "--driver aiomysql"],
        ),
        ("--driver asyncpg", "does not fit --database sqlite", ["--driver aiosqlite"]),
        ("--database none --models sqlmodel", "needs a database", ["--database sqlite", "--models none"]),
        ("--database mysql --models none", "without tables", ["--models sqlalchemy", "--database none"]),
        ("--server hypercorn --workers 4", "drops requests in flight", ["--workers 1", "--server uvicorn"]),
        ("--server hypercorn --workers auto", "drops requests in flight", ["--workers 1", "--server uvicorn"]),
        ("--broker nats", "--broker nats needs a queue", ["--queue taskiq", "--broker none"]),
        ("--queue taskiq --broker none", "needs a broker", ["--broker redis", "--queue none"]),
        ("--realtime sse --workers 2", "clients of one worker only", ["--cache redis", "--workers 1"]),
        ("--auth jwt --database none", "keeps users in a database", ["--database sqlite", "--auth none"]),
        ("--deploy compose", "runs an image", ["--deploy docker,compose"]),
        (
            "--deploy docker,kubernetes",
            "cannot share a SQLite file",
            ["--database postgresql", "--deploy docker"],
        ),
    ],
)
def test_a_conflict_names_the_flag_that_mends_it(arguments: str, reason: str, remedies: list[str]) -> None:
    with pytest.raises(UserError, match=re.escape(reason)) as error:
        complete(arguments)
    assert "\n" not in str(error.value)
    for remedy in remedies:
        flag, value = remedy.split()
        assert flag in str(error.value)
        assert re.search(rf"\b{re.escape(value)}\b", str(error.value))
        # A later flag of the same name wins.
        complete(f"{arguments} {remedy}")


@pytest.mark.parametrize(
    ("arguments", "driver", "models", "broker"),
    [
        ("", "aiosqlite", "sqlalchemy", "none"),
        ("--database postgresql --queue taskiq", "asyncpg", "sqlalchemy", "redis"),
        ("--database mysql", "asyncmy", "sqlalchemy", "none"),
        ("--database none", "none", "none", "none"),
    ],
)
def test_defaults_follow_the_choices_before_them(arguments: str, driver: str, models: str, broker: str) -> None:
    answers = complete(arguments)
    assert (answers["driver"], answers["models"], answers["broker"]) == (driver, models, broker)


@pytest.mark.parametrize("preset", ["minimal", "standard", "production"])
def test_a_flag_wins_over_a_preset(preset: str) -> None:
    given = options.load_preset(template_path("project"), preset)
    flags = options.parse_flags(QUESTIONS, {"database": "mysql", "server": "granian"})
    answers = options.complete(QUESTIONS, {"name": "x", **given, **flags})
    assert (answers["database"], answers["driver"], answers["server"]) == ("mysql", "asyncmy", "granian")
