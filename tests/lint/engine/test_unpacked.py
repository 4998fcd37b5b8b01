"""`f(**options)`: a parameter counts as left out only where all keys are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

SLOW = """
import time

def slow(first=None, wait=False, **more):
    if wait:
        time.sleep(1)
"""
PROGRAMS = [
    case(
        "of-a-call",
        f"""{SLOW}
def chosen(source):
    return {{key: value for key, value in source}}

def fixed():
    return {{"first": 1}}

async def handler(source):
    slow(**chosen(source))  # warning
    slow(**source.options)  # warning
    slow(**fixed())  # warning
""",
    ),
    case(
        "written",
        f"""{SLOW}
async def handler(source, rest):
    slow(**{{"first": source}})
    slow(**{{"wait": source.patient}})  # warning
    slow(**{{"wait": True}})  # error
    slow(**{{"first": 1, **rest}})  # warning
    slow(**{{source.name: 1}})  # warning
""",
    ),
    case(
        "in-a-name",
        f"""{SLOW}
async def known(source):
    options = {{"first": source}}
    options["more"] = 1
    slow(**options)

async def typed(source):
    options: dict[str, object] = dict(first=source)
    options.setdefault("more", 2)
    options.update(other=1, **{{}}) if source else options.update({{"second": 2}})
    slow(**options)  # warning

async def updated(source):
    options = dict(first=source)
    options.update({{"second": 2}}, third=3)
    slow(**options)

async def true():
    options = {{"wait": True}}
    slow(**options)  # error

async def false():
    options = {{"wait": False}}
    print(options.get("wait"), len(options))
    slow(**options)

async def added(source):
    options = {{"first": source}}
    if source:
        options["wait"] = True
    slow(**options)  # warning

async def computed(source):
    options = {{}}
    options[source.key] = 1
    slow(**options)  # warning

async def two_names(source):
    options = other = {{}}
    slow(**options)  # warning

async def other_name(source):
    options = {{}}
    other = options
    other["wait"] = source
    slow(**options)  # warning

async def handed_over(source):
    options = {{}}
    source.fill(options)
    slow(**options)  # warning

async def held(source):
    options = {{}}
    for each in [options]:
        each.update(source)
    slow(**options)  # warning

async def bound_twice(source):
    options = {{}}
    if source:
        options = source
    slow(**options)  # warning

async def from_a_loop(sources):
    for options in sources:
        slow(**options)  # warning

async def joined(source):
    options = {{}}
    options |= source
    slow(**options)  # warning

async def extended(source):
    options = {{}}
    options.__init__(source)
    slow(**options)  # warning

async def set_by_default(source):
    options = {{}}
    options.setdefault(source.key, 1)
    slow(**options)  # warning

async def of_nothing():
    options: dict[str, bool]
    slow(**options)  # warning
""",
    ),
    case(
        "rest-of-a-wrapper",
        f"""{SLOW}
def wrapper(**rest):
    slow(**rest)

def drops(**rest):
    rest.pop("first", None)
    slow(**rest)

def adds(**rest):
    rest["wait"] = len(rest) > 0
    slow(**rest)

def updates(source, **rest):
    rest.update(source)
    slow(**rest)

async def handler(source):
    wrapper(first=None)
    drops(first=None)
    wrapper(wait=True)  # error
    adds(first=None)  # warning
    updates(source, first=None)  # warning
    wrapper(first=None, **source)  # warning
    wrapper(**source)  # warning
""",
    ),
    case(
        "of-a-module",
        f"""{SLOW}
PATIENT = {{"wait": True}}
QUICK = {{"wait": False}}
SHORT = {{"wait": False}}
FILLED = {{"first": 1}}
FILLED.update(QUICK)

async def handler():
    slow(**PATIENT)  # error
    slow(**SHORT)
    slow(**FILLED)  # warning
    [slow(**each) for each in (QUICK,)]  # warning
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
