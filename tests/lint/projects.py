"""Small projects for the tests of the command line and the reports."""

from __future__ import annotations

from pathlib import Path

HELPERS = """\
import requests


def fetch(url: str) -> str:
    return requests.get(url, timeout=3).text


def profile(name: str) -> str:
    return fetch("https://users.example/" + name)
"""

API = """\
import time

from fastapi import FastAPI

from app.helpers import fetch, profile

app = FastAPI()


@app.get("/users/{name}")
async def user(name: str) -> str:
    return profile(name)


@app.get("/home")
async def home() -> str:
    return fetch("https://home.example/")


async def pause() -> None:
    time.sleep(1)
"""

CLEAN = """\
import asyncio


async def pause() -> None:
    await asyncio.sleep(1)
"""


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files by name below a folder; the folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def sample(root: Path) -> Path:
    """A project with two findings of one cause and a direct one."""
    return write(root, {"pyproject.toml": "", "app/__init__.py": "", "app/helpers.py": HELPERS, "app/api.py": API})
