"""`isinstance` and `callable` where one class is certain: the other branches are dead."""

from __future__ import annotations

from pathlib import Path

from .programs import check_severities

PROGRAM = """
import time
from abc import ABC
from typing import Protocol, Any
from collections.abc import Iterable

class Text: ...
class Image:
    def load(self):
        time.sleep(1)
class Photo(Image): ...
class Loads(Protocol):
    def load(self): ...
class Made(Text):
    def __new__(cls, *args):
        return Image()
class Name(str): ...

def serialize(part):
    if isinstance(part, Text):
        return b""
    elif isinstance(part, Image):
        return part.load()
    return b""

def loads(part):
    if isinstance(part, Loads):
        part.load()

def either(part):
    if isinstance(part, (Text, str)):
        time.sleep(1)

def union(part):
    if isinstance(part, Text | str):
        time.sleep(1)

def none(part=None):
    if not isinstance(part, dict):
        time.sleep(1)

def rebound(part):
    part = part.other()
    if isinstance(part, Image):
        part.load()

def passed(part):
    if not isinstance(part, str):
        serialize(part)

def text(part):
    if isinstance(part, str):
        time.sleep(1)

def iterable(part):
    if isinstance(part, Iterable):
        time.sleep(1)

def calls(part):
    if callable(part):
        time.sleep(1)

def make(source):
    if source:
        return Text()
    return source.part

def registered(part):
    if isinstance(part, Reg):
        time.sleep(1)
class Meta(type):
    def __instancecheck__(self, x): return True
class Reg(metaclass=Meta): ...

async def handler(source):
    serialize(Text())
    serialize(Image())  # error
    serialize(Photo())  # error
    serialize(part=Photo())  # error
    serialize(source)  # warning
    serialize(make(source))  # warning
    serialize(Text() if source else source)  # warning
    serialize(Made())  # warning
    loads(Image())  # warning
    serialize("a")
    either(Text())  # error
    either(Image())
    either("a")  # error
    either(1)
    union(Text())  # error
    union(Image())
    none()  # warning
    none(None)  # error
    none(source)  # warning
    rebound(Text())  # warning
    passed(Text())
    passed(Image())  # error
    passed("a")
    text(Name())  # warning
    text("a")  # error
    text(1)
    iterable("a")  # warning
    calls("a")
    calls(source)  # warning
    registered(Text())  # warning
    part = Text()
    serialize(part)
    photo = Photo()
    serialize(photo)  # error
    other = Text()
    if source:
        other = source.part
    serialize(other)  # warning
    args = [Image()]
    serialize(*args)  # warning
"""


def test_program(tmp_path: Path) -> None:
    check_severities(tmp_path, PROGRAM)


VALIDATORS = """
import subprocess, types
from typing import Any
from fastapi import FastAPI
from pydantic import BaseModel, field_validator, validator
app = FastAPI()
def resolve(value):
    return subprocess.run(["git"])
class Policy(BaseModel):
    function: str
    name: str
    @field_validator("function", mode="before")
    @classmethod
    def _function(cls, value: Any) -> Any:
        if callable(value):
            return resolve(value)
        return value
    @validator("function", pre=True)
    def _function2(cls, value, values):
        if isinstance(value, types.FunctionType):
            return resolve(value)
        if isinstance(values, types.FunctionType):
            return resolve(value)  # error
        return value
    @field_validator("function", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return resolve(value)  # error
        return value
    @field_validator("function", mode="after")
    @classmethod
    def _after(cls, value: Any) -> Any:
        if callable(value):
            return resolve(value)  # error
        return value
    @field_validator("name", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return resolve(value)  # error
@app.post("/policy")
async def create(policy: Policy) -> Policy:
    return policy
@app.post("/made")
async def made(name: str):
    return Policy(function=resolve, name=name)  # warning
"""


def test_what_comes_of_a_request_is_no_function(tmp_path: Path) -> None:
    check_severities(tmp_path, VALIDATORS)


DECLARED = """
import io
import time
from enum import Enum
from os import PathLike
from pathlib import Path

from fastapi import Query
from bs4 import NavigableString

class Kind(str, Enum): ...
class Text: ...

def read(source):
    if isinstance(source, (str, Path)):
        return Path(source).read_bytes()
    return source.read()
def opened(source):
    if isinstance(source, str | PathLike):
        with open(source) as handle:
            return handle.read()
def unless_bytes(source):
    if isinstance(source, bytes):
        return source
    return Path(source).read_bytes()
def unless_mapping(source):
    if isinstance(source, dict):
        return source
    return Path(source).read_bytes()
def kind(source):
    if isinstance(source, Kind):
        time.sleep(1)
def text(source):
    if isinstance(source, Text):
        time.sleep(1)
def markup(source):
    if isinstance(source, NavigableString):
        time.sleep(1)
def buffer(source):
    if isinstance(source, io.IOBase):
        time.sleep(1)
def collection(source):
    if isinstance(source, list):
        time.sleep(1)

async def memory(data):
    read(io.BytesIO(data))
    opened(io.StringIO())
    held = io.BytesIO(data)
    read(held)
    buffer(held)  # warning
async def declared(data: bytes, name: str, options: dict[str, int]):
    read(data)
    opened(data)
    opened(name)  # warning
    unless_bytes(data)
    unless_mapping(options)
    unless_mapping({"a": data})
    unless_mapping({key: 1 for key in data})
    unless_mapping([])  # warning
    kind(name)  # warning
    text(name)
    markup(name)  # warning
    markup("a")  # warning
    collection(options)
    collection(())
    collection([])  # warning
async def optional(data: bytes = None, other: bytes = Query(None), more: bytes = Query(b"")):
    unless_bytes(data)  # warning
    unless_bytes(other)  # warning
    unless_bytes(more)
async def rebound(data: bytes):
    data = data.parent
    unless_bytes(data)  # warning
"""


def test_declared_and_in_memory(tmp_path: Path) -> None:
    check_severities(tmp_path, DECLARED)


TRUE = """
import requests
class Store:
    def __init__(self):
        self.data = requests.get("https://store.example/").json()
class Sized:
    def __init__(self):
        self.data = requests.get("https://store.example/").json()
    def __len__(self):
        return 0
class Below(Store):
    def __bool__(self):
        return False
class Plain:
    pass
def read(store=None):
    return (store or Store()).data
def make(factory=None):
    factory = factory or Store
    return factory()
def unless(held):
    if not held:
        requests.get("https://store.example/")
async def handler(store: Store, sized: Sized, plain: Plain):
    read()  # warning
    read(store)  # warning
    read(sized)  # warning
    read(plain)
    make(Plain)
    make()  # error
    unless(plain)
    unless(Plain)
    unless(sized)  # warning
"""


def test_an_object_that_is_given_is_true(tmp_path: Path) -> None:
    check_severities(tmp_path, TRUE)
