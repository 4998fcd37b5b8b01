"""Names, attributes and answers that stand for one literal, as what a call is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROGRAMS = [
    case(
        "constant-of-a-class",
        """
import abc
import queue
import time
from typing import ClassVar

class Poller(abc.ABC):
    BLOCK = False
    patient: ClassVar[bool] = True

    def __init__(self):
        self.items = queue.Queue()

    def get(self, block=True):
        if block:
            time.sleep(1)

    def quick(self):
        self.get(block=self.BLOCK)

    def slow(self):
        self.get(block=self.patient)

    @classmethod
    def made(cls):
        cls().get(cls.BLOCK)

    async def work(self):
        self.items.get(block=self.BLOCK)
        self.items.get(block=self.patient)  # FSA108
        self.items.get(block=Poller.BLOCK)

class Other(Poller):
    pass

async def handler(poller: Poller):
    poller.quick()
    poller.slow()  # FSA101
    Poller.made()
    Other.made()
""",
    ),
    case(
        "attribute-that-is-no-constant",
        """
import os
import queue
import time
from dataclasses import dataclass
from pydantic import BaseModel
from pydantic_settings import BaseSettings
import framework

items = queue.Queue()

class Overridden:
    BLOCK = False
    async def work(self):
        items.get(block=self.BLOCK)  # FSA108

class Slow(Overridden):
    BLOCK = True

class Set:
    WAIT = False
    def __init__(self, wait):
        self.WAIT = wait
    async def work(self):
        items.get(block=self.WAIT)  # FSA108

class SetByOthers:
    TAKES = False
    async def work(self):
        items.get(block=self.TAKES)  # FSA108

def configure(options):
    SetByOthers.TAKES = options.takes
    setattr(SetByName, "NAMED", options.takes)

class SetByName:
    NAMED = False
    async def work(self):
        items.get(block=self.NAMED)  # FSA108

class Counted:
    TIMES = 0
    async def work(self):
        self.TIMES += 1
        time.sleep(self.TIMES)  # FSA101

class Chosen:
    if os.name == "nt":
        POSIX = False
    async def work(self):
        items.get(block=self.POSIX)  # FSA108

@dataclass
class Field:
    block: bool = False
    async def work(self):
        items.get(block=self.block)  # FSA108

class Model(BaseModel):
    block: bool = False
    async def work(self):
        items.get(block=self.block)  # FSA108

class Settings(BaseSettings):
    HOLD: bool = False

settings = Settings()

async def work():
    items.get(block=settings.HOLD)  # FSA108

class Driven(framework.Job):
    block = False
    async def work(self):
        items.get(block=self.block)  # FSA108
""",
    ),
    case(
        "attributes-set-by-computed-names",
        """
import queue

items = queue.Queue()

class Options:
    BLOCK = False

    def __init__(self, values):
        for name, value in values.items():
            setattr(self, name, value)

    async def work(self):
        items.get(block=self.BLOCK)  # FSA108
""",
    ),
    case(
        "constant-of-another-module",
        """
# file: conf.py
WAIT = False
PATIENT = True
LATE = False
# file: main.py
import queue
import conf
from conf import PATIENT, WAIT

items = queue.Queue()

def configure(options):
    conf.LATE = options.late

def loaded():
    return conf

async def handler():
    items.get(block=loaded().WAIT)  # FSA108
    items.get(WAIT)
    items.get(block=conf.WAIT)
    items.get(PATIENT)  # FSA108
    items.get(block=conf.PATIENT)  # FSA108
    items.get(block=conf.LATE)  # FSA108
""",
    ),
    case(
        "unpacked-options-of-a-module",
        """
# file: conf.py
SHARED = {"block": False}
# file: main.py
import queue
import time
from conf import SHARED

QUICK = {"block": False}
SLOW = {"block": True}
GROWN = {"block": False}
GROWN["block"] = True
UPDATED = {"block": False}
items = queue.Queue()

def configure(block):
    UPDATED.update(block=block)

def take(block=True):
    if block:
        time.sleep(1)

async def handler():
    take(**QUICK)
    items.get(**QUICK)
    items.get(**SHARED)
    take(**SLOW)  # FSA101
    items.get(**SLOW)  # FSA108
    take(**GROWN)  # FSA101
    take(**UPDATED)  # FSA101

async def local(QUICK):
    items.get(**QUICK)  # FSA108
""",
    ),
    case(
        "answers-that-are-kept-and-handed-on",
        """
import time

def kept(is_async=False):
    waits = not is_async
    if waits:
        time.sleep(1)

def handed_on(is_async=False):
    wait(block=not is_async)

def compared(mode=None):
    wait(mode is None)

def wait(block=True):
    if block:
        time.sleep(1)

def kept_again(is_async, other):
    waits = not is_async
    if other:
        waits = other.waits
    if waits:
        time.sleep(1)

def set_by_another(is_async, run):
    waits = not is_async

    def change(value):
        nonlocal waits
        waits = value

    run(change)
    if waits:
        time.sleep(1)

async def handler(other, run):
    kept(is_async=True)
    kept()  # FSA101
    handed_on(is_async=True)
    handed_on(True)
    handed_on()  # FSA101
    compared(mode=True)
    compared()  # FSA101
    kept_again(True, other)  # FSA101
    set_by_another(True, run)  # FSA101
""",
    ),
    case(
        "nothing-and-numbers-that-are-handed-on",
        """
import time
from typing import Optional

def save(data, path: Optional[str] = None):
    write(data, path)

def write(data, path=None):
    if path is not None:
        time.sleep(1)

def later(delay=0.0):
    if delay > 0:
        time.sleep(delay)

def tries(left=3):
    if left >= 1:
        time.sleep(1)

def words(number="b"):
    if number > "a":
        time.sleep(1)

def counted(delay=0):
    delay += 1
    if delay > 0:
        time.sleep(delay)

async def handler(seconds):
    save(1)
    save(1, "x")  # FSA101
    later()
    later(0)
    later(2)  # FSA101
    later(seconds)  # FSA101
    tries()  # FSA101
    tries(0)
    words()  # FSA101
    counted()  # FSA101
""",
    ),
    case(
        "unknown-on-one-way",
        """
import time

def computed(source, wait=False):
    if source:
        wait = source.patience
    if wait:
        time.sleep(1)

def taken(sources, wait=False):
    for wait in sources:
        pass
    if wait:
        time.sleep(1)

def left_alone(source, wait=False):
    if source:
        print(wait)
    if wait:
        time.sleep(1)

async def handler(source):
    computed(source)  # FSA101
    taken(source)  # FSA101
    left_alone(source)
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
