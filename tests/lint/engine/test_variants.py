"""Objects of one class that are made with different functions, or with different switches."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check, check_severities

FUNCTIONS = """
import functools
import time

def quick(n=0):
    return n

def slow(n=0):
    time.sleep(1)
"""

CASES = [
    case(
        "kept-by-a-constructor",
        f"""{FUNCTIONS}
class Job:
    def __init__(self, run, name=""):
        self._run = run
        self.name = name

    def go(self):
        return self._run(1)

late = Job(slow)

async def here():
    Job(quick).go()
    Job(run=slow).go()  # FSA101

async def elsewhere():
    late.go()  # FSA101

async def any_of_them(job: Job):
    job.go()  # FSA101
""",
    ),
    case(
        "fields-of-a-dataclass",
        f"""{FUNCTIONS}
from collections.abc import Callable
from dataclasses import dataclass

@dataclass
class Step:
    name: str
    run: Callable
    after: Callable | None = None

STEPS = [Step("first", slow), Step("second", quick)]

async def here():
    Step("first", quick).run(1)
    Step("first", slow).run(1)  # FSA101
    step = Step(name="first", run=quick, after=slow)
    step.run(1)
    step.after()  # FSA101

async def all_of_them():
    for step in STEPS:
        step.run(1)  # FSA101
""",
    ),
    case(
        "kept-by-a-base-wrapped-and-called-as-the-object",
        f"""{FUNCTIONS}
class Base:
    def __init__(self, run):
        self.run = functools.partial(run, 1)

    def __call__(self):
        return self.run()

class Job(Base):
    def go(self):
        return self()

jobs = {{"quick": Job(quick), "slow": Job(slow)}}

class Holder:
    def __init__(self):
        self.quick = Job(quick)
        self.slow = Job(slow)

    async def first(self):
        self.quick.go()
        self.slow.go()  # FSA101

async def handler(key):
    Job(quick)()
    Job(slow)()  # FSA101
    jobs["quick"].go()
    jobs["slow"].go()  # FSA101
    jobs[key].go()  # FSA101
""",
    ),
    case(
        "a-default-where-nothing-is-given",
        f"""{FUNCTIONS}
class Job:
    def __init__(self, run=slow):
        self.run = run

    def go(self):
        self.run()

async def handler():
    Job(quick).go()
    Job().go()  # FSA101
""",
    ),
    case(
        "replaced-later",
        f"""{FUNCTIONS}
class Job:
    def __init__(self, run):
        self.run = run

    def replace(self, run):
        self.run = run

    def go(self):
        self.run()

def swap(job: Job):
    job.replace(slow)

async def by_a_method():
    job = Job(quick)
    job.replace(slow)
    job.go()  # FSA101

async def by_a_function():
    job = Job(quick)
    swap(job)
    job.go()  # FSA101

async def from_outside():
    job = Job(quick)
    job.run = slow
    job.go()  # FSA101
""",
    ),
    case(
        "replaced-in-any-of-them",
        f"""{FUNCTIONS}
class Job:
    def __init__(self, run):
        self.run = run

    def go(self):
        self.run()

def replace(jobs: list[Job]):
    for job in jobs:
        job.run = slow

async def handler(registry):
    job = Job(quick)
    registry.add(job)
    replace(registry.all())
    job.go()  # FSA101
""",
    ),
    case(
        "views-that-are-made-by-several-classes",
        """
import requests

class View:
    def __init__(self, part):
        self._part = part

    def __getitem__(self, index):
        return list(self._part(index))

    def __iter__(self):
        yield from self._part(0)

class Local:
    def _part(self, index):
        yield index

    def keys(self):
        return View(self._part)

class Remote:
    def _part(self, index):
        yield requests.get("https://rows.example")

    def keys(self):
        return View(self._part)

async def local(rows: Local):
    for key in rows.keys():
        rows.keys()[key]

async def remote(rows: Remote):
    for key in rows.keys():  # FSA102
        rows.keys()[key]  # FSA102
""",
    ),
    case(
        "any-number-of-them",
        f"""{FUNCTIONS}
class Chain:
    def __init__(self, *parts):
        self.parts = parts

    def go(self):
        for part in self.parts:
            part()

async def handler():
    Chain(quick).go()
    Chain(quick, slow).go()  # FSA101
    Chain(*[slow]).go()  # FSA101
""",
    ),
    case(
        "more-than-are-told-apart",
        "import time\n"
        + "".join([f"def quick_{n}():\n    return {n}\n" for n in range(12)])
        + """
def slow():
    time.sleep(1)

class Job:
    def __init__(self, run):
        self.run = run

    def go(self):
        self.run()
"""
        + "".join([f"job_{n} = Job(quick_{n})\n" for n in range(12)])
        + """
async def handler():
    job_0.go()
    Job(slow).go()  # FSA101
""",
    ),
]


@pytest.mark.parametrize("program", CASES)
def test_objects_are_told_apart_by_the_functions_they_are_made_with(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


CLIENT = """
import time

class Client:
    def __init__(self, url, wait=False):
        self.url = url
        self.wait = wait

    def send(self):
        if self.wait:
            time.sleep(1)

    def send_slowly(self):
        if not self.wait and self.url:
            return
        time.sleep(1)
"""
SWITCHES = [
    case(
        "given-and-left-out",
        f"""{CLIENT}
quick = Client("one", wait=False)

async def handler(wait):
    Client("one").send()
    Client("one", False).send()
    quick.send()
    Client("one", wait=True).send()  # error
    Client("one", True).send_slowly()  # error
    Client("one", wait).send()  # warning

async def any_of_them(client: Client):
    client.send()  # warning
""",
    ),
    case(
        "set-by-others",
        f"""{CLIENT}
# file: other.py
from main import Client

async def handler():
    client = Client("one")
    change(client)
    client.send()  # warning

def change(client: Client):
    client.wait = True
""",
    ),
    case(
        "set-by-a-method",
        f"""{CLIENT}
class Changing(Client):
    def __init__(self, wait=False):
        self.wait = wait

    def change(self):
        self.wait = True

async def handler():
    client = Changing()
    client.send()  # warning
""",
    ),
    case(
        "computed-in-the-constructor",
        """
import time

class Client:
    def __init__(self, wait=False):
        self.wait = wait or not __debug__

    def send(self):
        if self.wait:
            time.sleep(1)

async def handler():
    Client().send()  # warning
""",
    ),
    case(
        "of-a-base",
        f"""{CLIENT}
class Named(Client):
    def name(self):
        return self.url

class Patient(Client):
    def __init__(self):
        super().__init__("one", wait=True)

class Hasty(Client):
    def __init__(self, url):
        Client.__init__(self, url)

class Hastier(Hasty):
    pass

class Chosen(Client):
    def __init__(self, url, wait):
        super().__init__(url, wait)

async def handler(wait):
    Named("one").send()
    Named("one", True).send()  # error
    Patient().send()  # error
    Hasty("one").send()
    Hastier("one").send()
    Chosen("one", wait).send()  # warning
""",
    ),
    case(
        "of-a-base-set-by-others",
        f"""{CLIENT}
class Hasty(Client):
    def __init__(self):
        super().__init__("one", wait=False)

def change(client: Client):
    client.wait = True

class Other:
    def __init__(self, client: Client):
        client.wait = True

async def handler():
    client = Hasty()
    client.send()  # warning
""",
    ),
    case(
        "given-by-a-constructor-to-another-object",
        f"""{CLIENT}
class Other:
    def __init__(self, client: Client):
        client.wait = True

async def handler():
    client = Client("one")
    Other(client)
    client.send()  # warning
""",
    ),
]


@pytest.mark.parametrize("program", SWITCHES)
def test_objects_are_told_apart_by_the_switches_they_are_made_with(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
