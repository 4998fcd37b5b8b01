"""The help of a finding: what to write instead, as code for this very call.

Only the text of the call is parsed, so this costs a fraction of a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from ..model import Hit, Location
from . import limits
from .aim import moves
from .offload import parse
from .style import Preferences, choose
from .text import Document

_MODULE = cst.Module([])
_LONGEST = 120
_HTTP = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "request"))
_HEADER = re.compile(r"(\s*)(?:(async)\s+)?(def|class)\s+(\w+)")
# Named by the catalogue where a thread is the answer; the texts after the alternative say that in full.
_THREADS = frozenset(("asyncio.to_thread", "anyio.to_thread.run_sync"))


class _Parts(NamedTuple):
    """A call as text on one line: `...` stands for what needs several, or would make the line too long."""

    function: str
    arguments: list[str]
    keywords: bool

    def run_by(self, offloader: str, *, lead: str = "", keywords: bool = True) -> str:
        """The call made through an offloader, which may not pass keyword arguments on."""
        given = ", ".join([self.function, *self.arguments])
        if self.keywords and not keywords:
            given = f"functools.partial({given})"
        return f"{offloader}({lead}{given})"


def texts(hit: Hit, document: Document, settings: Preferences) -> tuple[str, ...]:
    """The help of a blocking call: the async alternative first, then the ways to run it in a thread."""
    call = parse(document.slice(hit.location, hit.end_location))
    parts = _parts(call) if call is not None else None
    lines = list(_alternative(hit, parts))
    if parts is not None and _offloadable(hit) and _aimed(hit, parts, document):
        lines += _offloads(parts, document, hit, settings)
    return tuple(lines)


def _alternative(hit: Hit, parts: _Parts | None) -> Iterator[str]:
    if not hit.twin or hit.twin in _THREADS:
        return
    if hit.twin == "await":
        yield "await the coroutine itself"
        return
    direct = len(hit.chain) < 2
    where = "" if direct else f" in `{hit.chain[-1].function}`"
    code = _twin_code(hit, parts) if parts is not None and direct and hit.kind == "call" else ""
    twin = hit.twin.replace("()", "")
    yield f"use the async alternative{where}: {twin if ' ' in twin else f'`{code or twin}`'}"


def _twin_code(hit: Hit, parts: _Parts) -> str:
    """The alternative as it would stand in the place of this call, where that is known."""
    arguments = ", ".join(parts.arguments)
    receiver, dot, _ = parts.function.rpartition(".")
    if hit.twin == "asyncio.sleep" and len(parts.arguments) == 1 and not parts.keywords:
        return f"await asyncio.sleep({arguments})"
    if hit.twin == "anyio.open_file" and limits.plain(hit.sink) in ("open", "io.open"):
        return f"async with await anyio.open_file({arguments}) as file: ..."
    if hit.twin.startswith("httpx.AsyncClient") and hit.sink.rpartition(".")[2] in _HTTP:
        method = hit.sink.rpartition(".")[2]
        return f"async with httpx.AsyncClient() as client: await client.{method}({arguments})"
    if dot and hit.twin.isidentifier():
        # A bare name is another method of the same object.
        return f"await {receiver}.{hit.twin}({arguments})"
    return ""


def _offloads(parts: _Parts, document: Document, hit: Hit, settings: Preferences) -> Iterator[str]:
    awaits = "await " if _in_coroutine(document, hit.location.row) else ""
    executor = parts.run_by("loop.run_in_executor", lead="None, ", keywords=False)
    yield f"or run it in a thread: `{awaits}{parts.run_by('asyncio.to_thread')}`"
    yield f"the same without the shorthand: `{awaits}{executor}` with `loop = asyncio.get_running_loop()`"
    chosen = choose(document, settings).name
    if chosen == "run-in-threadpool":
        yield f"the same on the framework's threads: `{awaits}{parts.run_by('run_in_threadpool')}`"
    if chosen == "anyio":
        yield f"the same on AnyIO's threads: `{awaits}{parts.run_by('anyio.to_thread.run_sync', keywords=False)}`"


def _parts(call: cst.Call) -> _Parts:
    room = _LONGEST
    arguments = []
    for argument in call.args:
        code = _code(argument.value)
        room -= len(code)
        text = code if room >= 0 and "\n" not in code and "\r" not in code else "..."
        arguments.append(f"{argument.keyword.value}={text}" if argument.keyword else argument.star + text)
    keywords = any(argument.keyword or argument.star == "**" for argument in call.args)
    return _Parts(_function(call.func), arguments, keywords)


def _function(node: cst.BaseExpression) -> str:
    code = _code(node)
    if "\n" not in code and "\r" not in code and len(code) <= _LONGEST:
        return code
    return f"....{node.attr.value}" if isinstance(node, cst.Attribute) else "..."


def _code(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Name | cst.SimpleString | cst.Integer) and not node.lpar:
        return node.value
    return _MODULE.code_for_node(node)


def _aimed(hit: Hit, parts: _Parts, document: Document) -> bool:
    before = document.slice(Location(hit.location.row, 1), hit.location).rstrip()
    return moves(hit, parts.function.rpartition(".")[2], iterated=before.endswith(" in"))


def _offloadable(hit: Hit) -> bool:
    if hit.code in limits.NEVER_OFFLOADED or not hit.code.startswith("FSA1"):
        return False
    direct = len(hit.chain) < 2
    return not limits.matches(hit.sink, limits.BOUND) and not (direct and limits.matches(hit.sink, limits.NOT_DIRECTLY))


def _in_coroutine(document: Document, row: int) -> bool:
    """Whether the nearest function around the row is async, judged by indentation alone."""
    lines = document.lines
    line = lines[row - 1] if row <= len(lines) else ""
    depth = len(line) - len(line.lstrip())
    for index in range(row - 1, -1, -1):
        header = _HEADER.match(lines[index])
        if header and header[3] == "def" and (len(header[1]) < depth or index == row - 1):
            return header[2] is not None
    return False
