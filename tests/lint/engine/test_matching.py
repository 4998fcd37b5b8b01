"""`match`: which case is meant, where the class or the value of the subject is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

HEAD = """
from dataclasses import dataclass
import requests

@dataclass
class Remote:
    url: str
    cached: bool = False

@dataclass
class Local:
    value: str
"""
PROGRAMS = [
    case(
        "class-patterns",
        """
def read(source):
    match source:
        case Remote(url=url):
            return requests.get(url).text
        case Local(value=value):
            return value

async def remote():
    return read(Remote("https://x.example"))  # FSA102

async def local():
    return read(Local("x"))
""",
    ),
    case(
        "one-of-several-classes",
        """
def read(source):
    match source:
        case Local() | Remote():
            return source
        case _:
            return requests.get(source).text

async def known():
    return read(Local("x"))

async def text():
    return read("https://x.example")  # FSA102
""",
    ),
    case(
        "a-class-that-is-not-all-the-pattern-asks",
        """
def read(source):
    match source:
        case Remote(cached=True):
            return ""
        case Remote() if source.url:
            return source.url
        case Remote(url=url):
            return requests.get(url).text

async def remote():
    return read(Remote("https://x.example"))  # FSA102
""",
    ),
    case(
        "guard",
        """
def read(source):
    match source:
        case Local(value=value) if requests.head(value).ok:
            return value
        case "x" if requests.head("https://x.example").ok:
            return source

async def local():
    return read(Local("x"))  # FSA102
""",
    ),
    case(
        "none",
        """
def read(session: requests.Session | None):
    match session:
        case None:
            return ""
        case given:
            return given.get("https://x.example").text

async def nothing():
    return read(None)

async def something():
    return read(requests.Session())  # FSA102
""",
    ),
    case(
        "none-for-an-optional-parameter",
        """
def read(session: requests.Session | None):
    if session is None:
        return ""
    return session.get("https://x.example").text

async def nothing():
    return read(None)

async def something(maybe, session=None):
    if maybe:
        session = maybe()
    return read(session)  # FSA102
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, HEAD + program)
