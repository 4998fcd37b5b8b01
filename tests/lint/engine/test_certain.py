"""An error is what blocks each time: a helper that does so on some of its ways only is a warning."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Hit, Severity
from fastasync_lint.rules import rule
from fastasync_lint.settings import Settings

from .programs import check_severities, write

PROGRAM = """\
import time
import requests

def helper(url, session=None, quick=False):
{body}

async def handler(url, session):
    return helper(url, session)
"""


def hits(tmp_path: Path, text: str) -> list[Hit]:
    return analyse(tmp_path, write(tmp_path, {"main.py": text}), None, Settings(), cache=False).hits


def hits_of(tmp_path: Path, body: str) -> list[Hit]:
    """Of a coroutine that calls a helper with this body."""
    return hits(tmp_path, PROGRAM.format(body="\n".join(f"    {line}" for line in body.splitlines())))


ALWAYS = {
    "straight": "return requests.get(url)",
    "both-sides": """\
if session:
    return requests.get(url)
else:
    return requests.post(url)""",
    "every-side": """\
if session == 1:
    requests.get(url)
elif session == 2:
    requests.post(url)
else:
    requests.put(url)""",
    "other-side-raises": """\
if session:
    return requests.get(url)
else:
    raise ValueError(url)""",
    "special-case-returns-at-once": """\
if not session:
    return None
return requests.get(url)""",
    "special-case-before-else": """\
if not session:
    return None
else:
    return requests.get(url)""",
    "in-a-loop": """\
for _ in range(3):
    requests.get(url)""",
    "guarded-by-try": """\
try:
    return requests.get(url)
except OSError:
    return None""",
    "behind-a-try-in-a-loop": """\
while True:
    try:
        url = open(url)
    except OSError:
        url = None
    requests.get(url)""",
    "behind-a-loop": """\
for _ in range(3):
    try:
        url = open(url)
        break
    except OSError:
        url = None
requests.get(url)""",
    "behind-a-try": """\
try:
    return session[url]
except KeyError:
    pass
return requests.get(url)""",
    "both-sides-of-an-expression": "return requests.get(url) if session else requests.post(url)",
    "nested": """\
if session:
    if url:
        requests.get(url)
    else:
        requests.put(url)
else:
    requests.post(url)""",
    "condition-itself": """\
if requests.get(url):
    return 1""",
    "first-of-or": "return requests.get(url) or session",
    "switch-that-the-call-decides": """\
if not quick:
    return requests.get(url)""",
    "done-otherwise-and-blocking-too": """\
if session:
    try:
        return requests.put(url)
    except OSError:
        return None
return requests.get(url)""",
    "special-case-that-fails": """\
if not session:
    try:
        print(url)
    except OSError:
        pass
    return None
return requests.get(url)""",
}
SOMETIMES = {
    "done-otherwise": """\
if session:
    try:
        return session.read(url)
    except OSError:
        return None
return requests.get(url)""",
    "when-a-try-in-a-loop-fails": """\
while True:
    try:
        return open(url)
    except OSError:
        pass
    requests.get(url)""",
    "when-what-leaves-the-loop-fails": """\
for _ in range(3):
    try:
        url = open(url)
    except OSError:
        url = None
    else:
        break
    requests.get(url)""",
    "one-side": """\
if session:
    return requests.get(url)""",
    "other-side": """\
if session:
    url += "/"
else:
    return requests.get(url)""",
    "one-of-three": """\
if session == 1:
    requests.get(url)
elif session == 2:
    url += "/"
else:
    requests.put(url)""",
    "when-it-fails": """\
try:
    return open(url)
except OSError:
    return requests.get(url)""",
    "second-of-or": "return session or requests.get(url)",
    "second-of-and-in-a-condition": """\
if session and requests.get(url):
    return 1""",
    "one-side-of-an-expression": "return requests.get(url) if session else None",
    "nested": """\
if session:
    if url:
        requests.get(url)
else:
    requests.post(url)""",
    "match": """\
match session:
    case 1:
        requests.get(url)
    case 2:
        return""",
}


@pytest.mark.parametrize("body", ALWAYS.values(), ids=ALWAYS)
def test_a_helper_that_always_blocks_is_an_error(tmp_path: Path, body: str) -> None:
    found = {hit.severity for hit in hits_of(tmp_path, body)}
    assert found == {Severity.ERROR}


@pytest.mark.parametrize("body", SOMETIMES.values(), ids=SOMETIMES)
def test_a_helper_that_blocks_on_some_of_its_ways_is_a_warning(tmp_path: Path, body: str) -> None:
    (hit,) = hits_of(tmp_path, body)
    assert (hit.severity, hit.sure) == (Severity.WARNING, False)
    assert rule(hit.code).message(hit).startswith("`helper` can block the event loop: it reaches `requests.")


def test_a_condition_in_the_coroutine_itself_makes_no_difference(tmp_path: Path) -> None:
    text = """\
import requests

def helper(url):
    return requests.get(url)

async def handler(url, often):
    if often:
        requests.get(url)
    return helper(url) if url else None
"""
    found = hits(tmp_path, text)
    assert [(hit.location.row, hit.severity) for hit in found] == [(8, Severity.ERROR), (9, Severity.ERROR)]


def test_a_condition_anywhere_on_the_way_counts(tmp_path: Path) -> None:
    text = """\
import requests

def deepest(url):
    return requests.get(url)

def middle(url, often):
    if often:
        return deepest(url)

def helper(url, often):
    return middle(url, often)

async def handler(url, often):
    return helper(url, often)
"""
    (hit,) = hits(tmp_path, text)
    assert (hit.severity, hit.sure) == (Severity.WARNING, False)


def test_of_several_ways_the_one_that_is_taken_each_time_is_named(tmp_path: Path) -> None:
    text = """\
import time
import requests

def inner(url):
    return requests.get(url)

def fetch(url):
    return inner(url)

def helper(url, slowly):
    if slowly:
        time.sleep(3)
    return fetch(url)

async def handler(url, slowly):
    return helper(url, slowly)
"""
    (hit,) = hits(tmp_path, text)
    assert (hit.severity, hit.sink) == (Severity.ERROR, "requests.get")


def test_a_method_of_which_one_version_blocks_at_times_is_a_warning(tmp_path: Path) -> None:
    text = """\
import requests

class Store:
    def load(self, key): ...

class Remote(Store):
    def load(self, key):
        return requests.get(key)

class Cached(Store):
    def load(self, key):
        if key:
            return requests.get(key)

async def handler(store: Store):
    store.load(1)

async def remote(store: Remote):
    store.load(1)
"""
    found = hits(tmp_path, text)
    assert [(hit.location.row, hit.severity) for hit in found] == [(16, Severity.WARNING), (19, Severity.ERROR)]


def test_a_lock_that_is_only_known_to_be_held_over_an_await_is_a_warning(tmp_path: Path) -> None:
    text = """\
import asyncio
import threading

lock = threading.Lock()

async def handler():
    with lock:
        await asyncio.sleep(1)
    lock.acquire()
"""
    found = hits(tmp_path, text)
    assert [(hit.location.row, hit.severity) for hit in found] == [(7, Severity.WARNING), (9, Severity.WARNING)]


def test_a_lock_under_which_a_thread_blocks_at_times_is_a_warning(tmp_path: Path) -> None:
    text = """\
import threading
import requests

once = threading.Lock()
always = threading.Lock()

def load(key):
    if key:
        requests.get(key)

def send():
    requests.get("x")

def work():
    with once:
        load(1)
    with always:
        send()

threading.Thread(target=work).start()

async def handler():
    with once:
        pass
    with always:
        pass
"""
    found = hits(tmp_path, text)
    assert [(hit.location.row, hit.severity) for hit in found] == [(23, Severity.WARNING), (25, Severity.ERROR)]


HOLDING = """
import os
import threading
import requests
each, seldom, once = threading.Lock(), threading.Lock(), threading.Lock()
client = None
def by_each(done):
    with each:
        if done:
            return
        requests.get("x")
def by_seldom():
    with seldom:
        if os.name == "nt":
            requests.get("x")
def by_once():
    global client
    with once:
        if client is None:
            client = requests.get("x")
        return client
def work(done):
    by_each(done)
    by_seldom()
    by_once()
threading.Thread(target=work, args=(0,)).start()
async def handler():
    with each:  # error
        pass
    with seldom:  # warning
        pass
    with once:  # warning
        pass
"""


def test_a_lock_whose_holder_blocks_at_times_or_once_is_a_warning(tmp_path: Path) -> None:
    check_severities(tmp_path, HOLDING)


PROPERTIES = """
import time
class Memory:
    @property
    def pages(self):
        return 1
class Web:
    @property
    def pages(self):
        time.sleep(1)
class Far:
    @property
    def pages(self):
        time.sleep(2)
def some(url):
    return Web() if url else Memory()
def all_of_them(url):
    return Web() if url else Far()
async def handler(url):
    some(url).pages  # warning
    all_of_them(url).pages  # error
    Web().pages  # error
"""


def test_a_property_of_one_of_several_classes(tmp_path: Path) -> None:
    check_severities(tmp_path, PROPERTIES)


GENERATORS = """
import time
from contextlib import contextmanager
class Source:
    def rows(self): ...
    def opened(self): ...
class Memory(Source):
    def rows(self):
        yield 1
    @contextmanager
    def opened(self):
        yield 1
    def found(self):
        yield 1
    def __getitem__(self, key):
        return 1
    def __contains__(self, key):
        return True
    def __setitem__(self, key, value):
        pass
class Web(Source):
    def rows(self):
        time.sleep(1)
        yield 1
    @contextmanager
    def opened(self):
        time.sleep(1)
        yield 1
    def found(self):
        time.sleep(1)
        return []
    def __getitem__(self, key):
        time.sleep(1)
    def __contains__(self, key):
        return time.sleep(1)
    def __setitem__(self, key, value):
        time.sleep(1)
class Far(Source):
    def rows(self):
        time.sleep(2)
        yield 2
    @contextmanager
    def opened(self):
        time.sleep(2)
        yield 2
    def found(self):
        time.sleep(2)
        return []
    def __getitem__(self, key):
        time.sleep(2)
    def __contains__(self, key):
        return time.sleep(2)
    def __setitem__(self, key, value):
        time.sleep(2)
def some(url):
    return Memory() if url else Web()
def all_of_them(url):
    return Web() if url else Far()
async def handler(url):
    for row in some(url).rows():  # warning
        pass
    list(all_of_them(url).rows())  # error
    for row in Web().rows():  # error
        pass
    with some(url).opened() as row:  # warning
        pass
    with all_of_them(url).opened() as row:  # error
        pass
    with Web().opened() as row:  # error
        pass
    some(url).found()  # warning
    all_of_them(url).found()  # error
    some(url)[url]  # warning
    all_of_them(url)[url]  # error
    some(url)[url] = url  # warning
    all_of_them(url)[url] = url  # error
    if url in some(url):  # warning
        pass
    if url in all_of_them(url):  # error
        pass
"""


def test_generators_context_managers_and_special_methods_of_one_of_several_classes(tmp_path: Path) -> None:
    check_severities(tmp_path, GENERATORS)


CALLERS = """
import time
class Source:
    def load(self): ...
class Memory(Source):
    def load(self):
        return 1
class Web(Source):
    def load(self):
        time.sleep(1)
async def told(source: Source):
    return source.load()
async def between(source: Source):
    return await told(source)
async def handler():
    await between(Memory())
async def half_told(source: Source):
    return source.load()  # warning
async def some(source: Source):
    return await half_told(source)
async def other():
    await half_told(Memory())
"""


def test_callers_that_all_tell_which_version_is_meant(tmp_path: Path) -> None:
    check_severities(tmp_path, CALLERS)
