"""Which way of offloading a project gets."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from .text import Document

_FRAMEWORKS = ("fastapi", "starlette")
_MANIFESTS = ("pyproject.toml", "requirements.txt", "requirements/base.txt", "setup.cfg", "setup.py", "Pipfile")


@dataclass(frozen=True, slots=True)
class Style:
    """One way to run a function in a thread.

    `targets` are names of the same function; `lead` is what it takes before the callable; `keywords` says whether it
    passes keyword arguments on; `own` are parameters that it keeps for itself.
    """

    name: str
    targets: tuple[str, ...]
    lead: str = ""
    keywords: bool = False
    own: tuple[str, ...] = ()


STYLES = {
    style.name: style
    for style in (
        Style("to-thread", ("asyncio.to_thread",), keywords=True),
        Style("run-in-executor", ("asyncio.get_running_loop",), lead="None"),
        Style("anyio", ("anyio.to_thread.run_sync",)),
        Style(
            "run-in-threadpool",
            ("starlette.concurrency.run_in_threadpool", "fastapi.concurrency.run_in_threadpool"),
            keywords=True,
            own=("func",),
        ),
    )
}


class Preferences(Protocol):
    """The part of the settings that fixes read; `folder` is the project's, "" when unknown."""

    @property
    def fix_style(self) -> str: ...

    @property
    def folder(self) -> str: ...


def choose(document: Document, settings: Preferences) -> Style:
    """The style set, or for `auto` the framework's own helper where there is one.

    `run_in_threadpool` uses AnyIO's limiter of 40 threads, `asyncio.to_thread` the loop's own min(32, cpus + 4).
    """
    if settings.fix_style != "auto":
        return STYLES[settings.fix_style]
    return STYLES["run-in-threadpool" if uses(document, settings, _FRAMEWORKS) else "to-thread"]


def has_anyio(document: Document, settings: Preferences) -> bool:
    """Whether the project can import AnyIO: Starlette depends on it."""
    return settings.fix_style == "anyio" or uses(document, settings, ("anyio", *_FRAMEWORKS))


def has_fastapi(document: Document, settings: Preferences) -> bool:
    """Whether the project can import FastAPI."""
    return uses(document, settings, ("fastapi",))


def uses(document: Document, settings: Preferences, libraries: tuple[str, ...]) -> bool:
    """Whether the file imports one of the libraries, or the project's manifests name one."""
    return _imported(document, libraries) or bool(settings.folder and _declared(settings.folder, libraries))


@lru_cache(maxsize=16)
def _imported(document: Document, libraries: tuple[str, ...]) -> bool:
    return bool(re.search(rf"^\s*(?:from|import)\s+(?:{'|'.join(libraries)})\b", document.text, re.MULTILINE))


@lru_cache(maxsize=64)
def _declared(folder: str, libraries: tuple[str, ...]) -> bool:
    requirement = re.compile(
        rf"(?:^|[\s\"'])(?:{'|'.join(libraries)})(?:$|[\s\"'\[<>=!~;,@])", re.MULTILINE | re.IGNORECASE
    )
    return any(requirement.search(_content(os.path.join(folder, name))) for name in _MANIFESTS)


def _content(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
