"""Which combinations of choices the matrix covers: every pair of values that goes together, and every preset."""

import functools
import itertools
import tomllib
from collections.abc import Iterator, Sequence

from allpairspy import AllPairs
from fastasync import options
from fastasync.errors import UserError
from fastasync.project import template_path

TEMPLATE = template_path("project")
QUESTIONS = options.load_questions(TEMPLATE)
# In the order of the questions: what one of them may refuse depends on those before it.
# Choices that mean nothing without one another are one parameter.
PARAMETERS: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("database", "driver"): [
        ("sqlite", "aiosqlite"),
        ("postgresql", "asyncpg"),
        ("postgresql", "psycopg"),
        ("mysql", "asyncmy"),
        ("mysql", "aiomysql"),
        ("none", "none"),
    ],
    ("models",): [("sqlalchemy",), ("sqlmodel",), ("none",)],
    ("server",): [("uvicorn",), ("hypercorn",), ("granian",), ("gunicorn",)],
    ("workers",): [("1",), ("2",)],
    ("cache",): [("none",), ("redis",)],
    ("queue", "broker"): [("none", "none"), ("taskiq", "redis"), ("taskiq", "rabbitmq"), ("taskiq", "nats")],
    ("realtime",): [("none",), ("sse",), ("websocket",)],
    ("auth",): [("none",), ("jwt",)],
    ("observability",): [("none",), ("prometheus",), ("opentelemetry,logs",), ("prometheus,opentelemetry,logs",)],
    ("deploy",): [("none",), ("docker",), ("docker,compose",), ("docker,compose,kubernetes",)],
    ("ci",): [("github",), ("gitlab",), ("none",)],
}

Flags = dict[str, str]


def as_flags(row: Sequence[tuple[str, ...]]) -> Flags:
    """The flags of a row, which may be a part of one."""
    return {
        name: value
        for names, values in zip(PARAMETERS, row, strict=False)
        for name, value in zip(names, values, strict=True)
    }


def accepted(flags: Flags) -> bool:
    """Whether the command accepts these choices."""
    try:
        options.complete(QUESTIONS, {"name": "x", **options.parse_flags(QUESTIONS, flags)})
    except UserError:
        return False
    return True


def pairs() -> Iterator[Flags]:
    """Every pair of values of different parameters."""
    for (names, values), (other_names, other_values) in itertools.combinations(PARAMETERS.items(), 2):
        for value, other in itertools.product(values, other_values):
            yield dict(zip((*names, *other_names), (*value, *other), strict=True))


@functools.cache
def combinations() -> list[Flags]:
    """Rows in which every pair of values occurs that goes together.

    The library's rows leave out some pairs where choices exclude one another; they are merged into a few rows more.
    """
    filtered = AllPairs(list(PARAMETERS.values()), filter_func=lambda row: accepted(as_flags(row)))
    rows = [as_flags(row) for row in filtered]
    left = [pair for pair in pairs() if accepted(pair) and not any(pair.items() <= row.items() for row in rows)]
    while left:
        row: Flags = {}
        for pair in left:
            if (row | pair).items() >= row.items() and accepted(row | pair):
                row |= pair
        rows.append(row)
        left = [pair for pair in left if not pair.items() <= row.items()]
    return rows


def presets() -> list[str]:
    """The names of the presets."""
    return list(tomllib.loads((TEMPLATE / "presets.toml").read_text("utf-8")))


def describe(flags: Flags) -> str:
    """The choices in one word, without those that are off."""
    return "-".join(value for value in flags.values() if value != "none")


def answers_of(preset: str | None, flags: Flags) -> Flags:
    """All choices as texts, with lists joined by blanks."""
    given = options.load_preset(TEMPLATE, preset) if preset else {}
    answers = options.complete(QUESTIONS, {"name": "x", **given, **options.parse_flags(QUESTIONS, flags)})
    return {name: " ".join(answer) if isinstance(answer, list) else answer for name, answer in answers.items()}
