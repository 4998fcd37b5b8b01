"""Pools that together may open more connections than the database accepts."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fastasync.doctor.advice import Advice
from fastasync.doctor.code import Code, keyword, number
from fastasync.doctor.containers import compose_files, words
from fastasync.doctor.manifests import Dependency
from fastasync.doctor.project import Project
from fastasync.doctor.starting import Start, Starts

_ADDRESS = re.compile(r"\b(postgres(?:ql)?|mysql|mariadb|sqlite)(?:\+\w+)?://")
_QUEUES = ("QueuePool", "AsyncAdaptedQueuePool", "FallbackAsyncAdaptedQueuePool")
_DRIVERS = {
    "postgresql": {"asyncpg", "psycopg", "psycopg2", "psycopg2-binary", "psycopg-pool", "pg8000"},
    "mysql": {"asyncmy", "aiomysql", "pymysql", "mysqlclient", "mysql-connector-python"},
}


class Pool(NamedTuple):
    """Where a pool is made, and how it is described in `pools.toml`."""

    code: Code
    call: ast.Call
    kind: dict[str, Any]


class Limit(NamedTuple):
    """How many connections the server accepts, and whether that is its default."""

    title: str
    connections: int
    is_default: bool


def pools(project: Project) -> list[Pool]:
    """Every pool that the project makes."""
    kinds = {name: kind for kind in _facts()["pool"] for name in kind["names"]}
    files = project.code(r"create_(async_)?engine|create_pool|ConnectionPool")
    return [Pool(code, call, kinds[name]) for code in files for name, call in code.calls() if name in kinds]


def check(project: Project, found: list[Pool], starts: Starts, given: list[Dependency]) -> Iterator[Advice]:
    """Workers times connections, against the server's limit."""
    if _has_pooler(project):
        return
    for pool in found:
        server = pool.kind.get("server") or _server(project, pool, starts, given)
        limit = _limit(project, server)
        if limit is not None:
            advice = (_judge(pool, start, starts, limit) for start in _each(starts))
            yield from [one for one in advice if one is not None][:1]


def _judge(pool: Pool, start: Start | None, starts: Starts, limit: Limit) -> Advice | None:
    size = _bound(pool, "size", start, starts)
    overflow = _bound(pool, "overflow", start, starts)
    if size is None or overflow is None or not _is_queue(pool):
        return None
    known = starts.workers(start) if start is not None else 1
    copies = start.unit.replicas if start is not None and start.unit is not None else 1
    wanted = (known or 1) * copies * (size + overflow)
    if wanted <= limit.connections:
        return None
    factors = [f"{copies} replicas x "] if copies > 1 else []
    factors += [f"{known} worker{'s' if known > 1 else ''} x "] if known else ["each worker x "]
    each = f"({size} + {overflow})" if "overflow" in pool.kind else str(size)
    told = "by default" if limit.is_default else "as it is configured"
    return Advice(
        check="pool",
        filename=pool.code.path,
        row=pool.call.lineno,
        message=f"{''.join(factors)}{each} connections are {wanted:,}, "
        f"and {limit.title} accepts {limit.connections} {told}",
        reason="Under load the server refuses connections, and requests fail.",
        help="Lower the pool or the number of workers, raise `max_connections`, or put a pooler in between.",
    )


def _bound(pool: Pool, bound: str, start: Start | None, starts: Starts) -> int | None:
    """One bound of the pool: 0 where there is no such bound, None where it cannot be read off."""
    if bound not in pool.kind:
        return 0
    if any(given.arg is None for given in pool.call.keywords):
        return None
    node = keyword(pool.call, pool.kind[bound])
    if node is None:
        return int(pool.kind[f"{bound}_default"])
    value = number(starts.values.of(node, pool.code, start.environment if start is not None else {}))
    return int(value) if value is not None and value >= 0 else None


def _is_queue(pool: Pool) -> bool:
    kind = keyword(pool.call, "poolclass")
    return kind is None or pool.code.dotted(kind).rpartition(".")[2] in _QUEUES


def _server(project: Project, pool: Pool, starts: Starts, given: list[Dependency]) -> str:
    """The kind of server that an engine connects to, "" when that is open."""
    address = pool.call.args[0] if pool.call.args else keyword(pool.call, "url")
    for start in _each(starts):
        environment = start.environment if start is not None else {}
        text = starts.values.of(address, pool.code, environment) if address is not None else None
        if match := _ADDRESS.match(str(text)):
            return _family(match[1])
    texts = (project.sources.text(path) for path in [*project.python, *project.named(r"\.env.*|.*\.ya?ml")])
    named = {_family(name) for text in texts for name in _ADDRESS.findall(text)}
    named = named or {name for name, drivers in _DRIVERS.items() if any(one.name in drivers for one in given)}
    return named.pop() if len(named) == 1 else ""


def _family(scheme: str) -> str:
    return "postgresql" if scheme.startswith("postgres") else "mysql" if scheme == "mariadb" else scheme


def _limit(project: Project, server: str) -> Limit | None:
    fact = next((fact for fact in _facts()["server"] if fact["name"] == server), None)
    if fact is None:
        return None
    for services in compose_files(project).values():
        for service in services.values():
            command = " ".join(words(service.get("command")))
            told = re.search(r"max[_-]connections[= ]+(\d+)", command)
            if told and re.search(fact["image"], str(service.get("image", ""))):
                return Limit(fact["title"], int(told[1]) - fact["reserved"], is_default=False)
    return Limit(fact["title"], fact["connections"], is_default=True)


def _each(starts: Starts) -> list[Start | None]:
    """The starts; None stands for one that is not known."""
    return [*starts.all] or [None]


def _has_pooler(project: Project) -> bool:
    """Whether the files that deploy it name a pooler, behind which other numbers count."""
    paths = project.named(r"\.env.*|.*\.ya?ml|(.*\.)?dockerfile")
    return any(re.search(r"pgbouncer|pgcat|odyssey|proxysql|pooler", project.sources.text(path)) for path in paths)


@functools.cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("pools.toml").read_text("utf-8"))
