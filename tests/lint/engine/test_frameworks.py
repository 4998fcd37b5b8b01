"""What frameworks call, and what they give to what they call."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.settings import Settings

from .programs import case, check

PROGRAMS = [
    case(
        "own-way-to-sign-requests",
        """
import httpx
import requests
import time

class Signed(httpx.Auth):
    def auth_flow(self, request):
        request.headers["token"] = requests.post("https://login.example.org").text  # FSA102
        yield request

class OnlyForClients(httpx.Auth):
    def auth_flow(self, request):
        request.headers["token"] = requests.post("https://login.example.org").text
        yield request

class Both(httpx.Auth):
    def auth_flow(self, request):
        time.sleep(1)
        yield request

    def sync_auth_flow(self, request):
        time.sleep(1)
        yield request

    async def async_auth_flow(self, request):
        yield request

class OfRequest(httpx.Auth):
    def auth_flow(self, request):
        time.sleep(1)  # FSA101
        yield request

async def handler():
    async with httpx.AsyncClient(auth=Signed()) as client:
        await client.get("https://example.org")
    async with httpx.AsyncClient(auth=Both()) as client:
        await client.get("https://example.org", auth=OfRequest())

def command():
    with httpx.Client(auth=OnlyForClients()) as client:
        client.get("https://example.org")
""",
    ),
    case(
        "middleware-and-endpoints-of-starlette",
        """
import redis
import time
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Route, WebSocketRoute

class Sessions(BaseHTTPMiddleware):
    def __init__(self, app, store):
        super().__init__(app)
        self.store = store

    async def dispatch(self, request, call_next):
        self.store.get("session")  # FSA103
        request.app.state.cache.get("session")  # FSA103
        return await call_next(request)

class Limits:
    def __init__(self, app, store):
        self.app = app
        self.store = store

    async def __call__(self, scope, receive, send):
        self.store.get("limit")  # FSA103
        await self.app(scope, receive, send)

class Orders(HTTPEndpoint):
    async def get(self, request):
        request.app.state.cache.get("orders")  # FSA103

    def post(self, request):
        request.app.state.cache.set("orders", "1")

class Feed(WebSocketEndpoint):
    async def on_receive(self, websocket, data):
        websocket.app.state.cache.get(data)  # FSA103

async def index(request):
    return request.app.state.cache.get("index")  # FSA103

def in_a_thread(request):
    return request.app.state.cache.get("index")

app = Starlette(
    routes=[
        Route("/orders", Orders), WebSocketRoute("/feed", Feed), Route("/", index),
        Route("/thread", endpoint=in_a_thread),
    ],
    middleware=[Middleware(Limits, store=redis.Redis())],
)
app.add_middleware(Sessions, store=redis.Redis())
app.state.cache = redis.Redis()
""",
    ),
    case(
        "attributes-of-the-one-application",
        """
import redis
import redis.asyncio
from discord.ext import commands
from fastapi import FastAPI, Request
from pydantic import BaseModel

class Shop(FastAPI):
    def __init__(self):
        super().__init__()
        self.cache = redis.Redis()
        self.fast = redis.asyncio.Redis()

    def look_up(self, key):
        return self.cache.get(key)

class Order(BaseModel):
    def connect(self):
        self.cache = redis.Redis()

app = Shop()

@app.get("/")
async def index(request: Request, other: BaseModel):
    request.app.cache.get("index")  # FSA103
    request.app.look_up("index")  # FSA103
    await request.app.fast.get("index")
    other.cache.get("index")

class Bot(commands.Bot):
    async def setup_hook(self):
        self.cache = redis.Redis()

class Music(commands.Cog):
    @commands.command()
    async def play(self, ctx, song):
        ctx.bot.cache.get(song)  # FSA103
        self.cache.get(song)
""",
    ),
    case(
        "tools-of-one-of-two-versions",
        """
import requests
from mcp.server.fastmcp import FastMCP
def server_class():
    try:
        from mcp.server.mcpserver import MCPServer
        return MCPServer
    except ImportError:
        from mcp.server.fastmcp import FastMCP
        return FastMCP
either = server_class()("x")
mcp = FastMCP("x")
@either.tool()
def one():
    requests.get("x")
@either.tool()
async def two():
    requests.get("x")  # FSA102
@mcp.tool()
def three():
    requests.get("x")  # FSA102
""",
    ),
    case(
        "objects-about-a-type-argument",
        """
import redis
import redis.asyncio
from dataclasses import dataclass
from mcp.server.fastmcp import Context
from pydantic_ai import RunContext

@dataclass
class Slow:
    cache: redis.Redis

@dataclass
class Fast:
    cache: redis.asyncio.Redis

async def slow(ctx: RunContext[Slow]):
    ctx.deps.cache.get("key")  # FSA103

async def fast(ctx: RunContext[Fast]):
    await ctx.deps.cache.get("key")

async def itself(ctx: RunContext[redis.Redis]):
    ctx.deps.get("key")  # FSA103
    ctx.model.request("key")
    ctx.last_attempt()

async def unknown(ctx: RunContext):
    ctx.deps.cache.get("key")

async def of_server(ctx: Context[object, Slow]):
    ctx.request_context.lifespan_context.cache.get("key")  # FSA103

async def of_one_argument(ctx: Context[Slow]):
    ctx.request_context.lifespan_context.cache.get("key")
""",
    ),
    case(
        "models-in-the-data-of-a-model",
        """
import time

from pydantic import BaseModel, field_validator

class Part(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, name):
        time.sleep(1)
        return name

class Whole(BaseModel):
    parts: list[Part]
    first: Part | None = None

async def handler(data: dict, part: Part):
    Whole(**data)  # FSA101
    Whole.model_validate(data)  # FSA101
    Whole(parts=[part])
    Part.model_construct(**data)
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def test_every_endpoint_that_leads_to_a_call_is_named(tmp_path: Path) -> None:
    source = tmp_path / "main.py"
    source.write_text("""import time
from fastapi import FastAPI

app = FastAPI()

@app.get("/items")
async def read(name):
    await load(name.strip())

@app.post("/items")
async def add(name):
    await load(None, True)

@app.delete("/items")
async def delete(name):
    await load(name, wait=False)

async def load(name=None, wait=True):
    if wait:
        time.sleep(1)
""")
    (hit,) = analyse(tmp_path, [source], None, Settings(), cache=False).hits
    assert hit.routes == ("GET /items", "POST /items")
