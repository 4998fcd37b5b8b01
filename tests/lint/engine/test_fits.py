"""Annotations that say which of several things is meant: what a registry gives, what an attribute holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

PROVIDERS = """
from abc import ABC, abstractmethod
from typing import Any, Generic, Literal, TypeAlias, TypeVar
import boto3
import requests
from anthropic import AsyncAnthropic, AsyncAnthropicBedrock
from botocore.client import BaseClient
from mistralai import Mistral

T = TypeVar("T")
Claude: TypeAlias = AsyncAnthropic | AsyncAnthropicBedrock

class Provider(ABC, Generic[T]):
    @property
    @abstractmethod
    def client(self) -> T: ...

class ClaudeProvider(Provider[Claude]):
    def __init__(self) -> None:
        self._client = AsyncAnthropic()
    @property
    def client(self) -> Claude:
        return self._client

class MistralProvider(Provider[Mistral]):
    def __init__(self) -> None:
        self._client = Mistral()
    @property
    def client(self) -> Mistral:
        return self._client

class BedrockProvider(Provider[BaseClient]):
    def __init__(self) -> None:
        self._client = boto3.client("bedrock-runtime")
    @property
    def client(self) -> BaseClient:
        return self._client

def provider(name: str) -> Provider[Any]:
    if name == "claude":
        return ClaudeProvider()
    if name == "mistral":
        return MistralProvider()
    return BedrockProvider()
"""

PROGRAMS = [
    case(
        "property-of-a-registry",
        PROVIDERS
        + """
class Model:
    def __init__(self, held: Literal["claude"] | Provider[Claude] = "claude") -> None:
        self._provider = provider(held) if isinstance(held, str) else held
    @property
    def client(self) -> Claude:
        return self._provider.client
    async def ask(self) -> Any:
        return self.client.default_headers.items()

class Converse:
    def __init__(self, held: Literal["bedrock"] | Provider[BaseClient] = "bedrock") -> None:
        self._provider = provider(held) if isinstance(held, str) else held
    @property
    def client(self) -> BaseClient:
        return self._provider.client
    async def ask(self) -> Any:
        return self.client.invoke_model(body="")  # FSA107
""",
    ),
    case(
        "annotated-attribute",
        PROVIDERS
        + """
class Model:
    _provider: Provider[Claude]
    def __init__(self, name: str) -> None:
        self._provider = provider(name)
    async def ask(self) -> Any:
        return self._provider.client.invoke_model(body="")

class Converse:
    _provider: Provider[BaseClient]
    def __init__(self, name: str) -> None:
        self._provider = provider(name)
    async def ask(self) -> Any:
        return self._provider.client.invoke_model(body="")  # FSA107
""",
    ),
    case(
        "nothing-fits",
        """
import redis
import requests
from somewhere import Session

def made(kind: str) -> Session:
    if kind == "redis":
        return redis.Redis()
    return requests.Session()

async def ask() -> None:
    made("").get("x")  # FSA103
""",
    ),
    case(
        "default-that-is-no-declaration",
        """
import httpx
import requests

class Api:
    client = requests.Session()
    def __init__(self, kind: str) -> None:
        if kind == "plain":
            self.client = httpx.Client()
        elif kind == "old":
            self.client = requests.Session()
    async def ask(self) -> None:
        self.client.get("x")  # FSA102
        self.client.build_request("GET", "x")
        self.client.send("x")  # FSA102
""",
    ),
    case(
        "libraries-that-extend-one",
        """
import io
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_openai import ChatOpenAI

def model(kind: str) -> BaseChatModel:
    if kind == "fake":
        return FakeListChatModel()
    return ChatOpenAI()

def text(kind: str) -> io.StringIO:
    if kind == "file":
        return open(kind)
    return io.StringIO()

async def ask() -> None:
    model("").invoke("x")  # FSA107
    text("").read()  # FSA104
""",
    ),
    case(
        "class-of-ours-among-others",
        """
import requests
import httpx

class Local:
    def get(self, url: str) -> str:
        return url

class Remote(requests.Session):
    pass

def client(kind: str) -> Local:
    if kind == "remote":
        return requests.Session()
    return Local()

def session(kind: str) -> requests.Session:
    if kind == "local":
        return httpx.AsyncClient()
    return Remote()

async def ask() -> None:
    client("").get("x")
    session("").get("x")  # FSA102
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_annotations_that_choose(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
