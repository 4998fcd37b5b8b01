"""FSA403 and FSA404 in what starts the server: Dockerfiles, Procfiles and compose files."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence

from ..model import Hit, Location
from ..rules import rule
from ..sources import Sources

_COMMAND = re.compile(r"\s*(?:CMD|ENTRYPOINT|command:|entrypoint:|[a-z]+:)\s+(?P<command>.+)", re.I)
_SERVERS = {"uvicorn": "--workers", "gunicorn": "--workers -w", "hypercorn": "--workers -w", "granian": "--workers"}


def hits(path: str, sources: Sources) -> Iterator[Hit]:
    """The hits of one file."""
    text = sources.text(path)
    for row, line in enumerate(sources.lines(path), start=1):
        match = _COMMAND.fullmatch(line)
        words = _words(match["command"]) if match else []
        code = _judge(words, text)
        if match and code:
            start = match.start("command") + 1
            place = Location(row, start), Location(row, start + len(match["command"].rstrip()))
            yield Hit(code, rule(code).severity, path, *place, "", _server(words), (), kind="structure")


def _judge(words: Sequence[str], text: str) -> str:
    server = _server(words)
    if not server:
        return ""
    if "--reload" in words or words[words.index(server) + 1 : words.index(server) + 2] == ["dev"]:
        return "FSA404"
    if server == "fastapi" and "run" not in words:
        return ""
    options = (*_SERVERS.get(server, "--workers").split(), "--workers")
    told = any(word == option or word.startswith(f"{option}=") for word in words for option in options)
    return "" if told or "WEB_CONCURRENCY" in text else "FSA403"


def _server(words: Sequence[str]) -> str:
    return next((word for word in words if word in _SERVERS or word == "fastapi"), "")


def _words(command: str) -> list[str]:
    """The words of a command, in either of Docker's forms."""
    try:
        if command.lstrip().startswith("["):
            return [str(word) for word in json.loads(command)]
        return shlex.split(command)
    except ValueError:
        return []
