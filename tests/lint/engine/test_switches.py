"""The answer of a condition that a name keeps: what stands under the name is dead where the answer is sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROGRAMS = [
    case(
        "answers-in-names",
        """
import time

def prepare(prompt, videos=None):
    has = videos is not None and (not hasattr(videos, "__len__") or len(videos) > 0)
    if has:
        time.sleep(1)

def plain(prompt, videos=None):
    has: bool = videos is not None
    if has:
        time.sleep(1)

def loud(quiet=False):
    noise = quiet is False
    if not noise:
        time.sleep(1)

def kind(name="a"):
    is_other = name == "b" or name == "c"
    if is_other:
        time.sleep(1)

def both(a=None, b=None):
    given = a is not None and b is not None
    if given:
        time.sleep(1)

def either(a=None, b=None):
    given = a is not None or b is not None
    if given:
        time.sleep(1)

def all_of(a=None, flag=True):
    wait = a is None and flag
    if wait:
        time.sleep(1)

async def handler(source):
    prepare("a")
    prepare("a", videos=["u"])  # warning
    prepare("a", source)  # warning
    plain("a")
    plain("a", source)  # warning
    loud()
    loud(True)  # error
    kind()
    kind("b")  # error
    kind("d")
    both()
    both(1)
    both(1, source)  # warning
    either()
    either(1)  # warning
    all_of()  # error
    all_of(flag=False)
""",
    ),
    case(
        "answers-that-are-not-sure",
        """
import time

def false_or_unknown(source, flag=False):
    wait = source.wait or flag
    if wait:
        time.sleep(1)

def literal_or_unknown(source):
    wait = source.wait or False
    if wait:
        time.sleep(1)

def unknown_and_true(source, flag=True):
    wait = source.wait and flag
    if not wait:
        time.sleep(1)

def bound_again(source, flag=None):
    wait = flag is not None and flag
    if source:
        wait = source.wait
    if wait:
        time.sleep(1)

def text(source="x"):
    name = source and "b"
    if name == "b":
        time.sleep(1)

async def handler(source):
    false_or_unknown(source)  # warning
    false_or_unknown(source, True)  # error
    literal_or_unknown(source)  # warning
    unknown_and_true(source)  # warning
    bound_again(source)  # warning
    text()  # warning
""",
    ),
    case(
        "the-one-part-that-decides",
        """
from concurrent.futures import Future, ThreadPoolExecutor
pool = ThreadPoolExecutor()

def both(future: Future, non_block):
    if non_block and not future.done():
        return None
    return future.result()

def both_of_three(future: Future, non_block=True, other=True):
    if non_block and other and not future.done():
        return None
    return future.result()

def either(future: Future, wait=False):
    if wait or future.done():
        return future.result()

def left(future: Future, wait=False):
    if not (wait or future.done()):
        return None
    return future.result()

def two(future: Future, source, non_block=True):
    if non_block and source and not future.done():
        return None
    return future.result()

def swapped(future: Future, source, non_block=True):
    if non_block and not future.done() and source:
        return None
    return future.result()

async def handler(source):
    future = pool.submit(len, "a")
    both(future, True)
    both(future, False)  # error
    both(future, source)  # error
    both_of_three(future)
    both_of_three(future, other=False)  # error
    either(future)
    either(future, True)  # error
    left(future)
    left(future, True)  # error
    two(future, source)  # error
    swapped(future, source)  # error
""",
    ),
    case(
        "found-ready",
        """
import multiprocessing.connection
import queue
import select
import socket
import zmq
import zmq.asyncio

async def known(own: zmq.Socket, other: zmq.Socket, poller: zmq.asyncio.Poller):
    events = dict(await poller.poll())
    if own in events:
        own.recv()
        other.recv()  # error
    if other.name in events:
        other.recv()  # error
    own.recv()  # error

async def plain(own: socket.socket, pipe: multiprocessing.connection.Connection, texts):
    readable, _, _ = select.select([own, pipe], [], [], 0)
    if own in readable:
        own.recv(10)
    if pipe in readable:
        pipe.recv()
    if pipe.poll():
        pipe.recv()
    pipe.recv()  # error
    own.recv(10)  # error

async def no_selector(waiting: queue.Queue, texts):
    if waiting in texts:
        waiting.get()  # error
""",
    ),
    case(
        "key-of-a-table",
        """
import time

class Slow:
    def save(self):
        time.sleep(1)

class Quick:
    def save(self):
        pass

BACKENDS = {"slow": Slow, "quick": Quick}

def backend(kind):
    return BACKENDS[kind]()

def made(kind):
    return {"slow": Slow, "quick": Quick}[kind]()

def found(kind):
    cls = BACKENDS.get(kind)
    return cls()

async def handler(kind):
    backend("slow").save()  # error
    made("slow").save()  # error
    found("slow").save()  # error
    backend("quick").save()
    made("quick").save()
    found("quick").save()
    backend(kind).save()  # warning
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
