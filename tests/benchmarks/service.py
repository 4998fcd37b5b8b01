"""How fast generated services are, beside the least that could do the same. All figures are of one run.

    python tests/benchmarks/service.py [PART]... [--fastapi-new FILE] [--rounds N] [--seconds N]

The parts, all of them unless some are named:

    new      seconds of `fastasync new myapi --defaults`, and with `uv run myapi` to the first 200, beside those of
             `fastapi-new` (FILE, or from the PATH; left out when it is missing) with `uv run fastapi dev`
    requests requests a second of a simple route, and of a row read from SQLite and from PostgreSQL, by wrk; beside
             them those of apps written by hand: ten lines, and a session for each request on the same driver
    logins   the latency of `/health/live` while 20 users log in at once

What is compared takes turns, N rounds of it (5), and each ratio is the median of the rounds' ratios; a server that is
not asked is stopped meanwhile. Packages come from uv's cache: what is missing there is fetched before the clock runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from asking import USERS, add_item, bursts, wrk
from serving import SERVE, database_of, free_port, generate, make_project, run, started

SIMPLE = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index() -> dict[str, str]:
    return {"name": "myapi", "version": "0.1.0"}
"""
READING = """
import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from myapi.items.models import Item
from myapi.items.schemas import ItemRead
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
sessions = async_sessionmaker(create_async_engine(os.environ["DATABASE_URL"]), expire_on_commit=False)


async def open_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@app.get("/items/{item_id}")
async def read(item_id: int, session: Annotated[AsyncSession, Depends(open_session)]) -> ItemRead:
    item = await session.get(Item, item_id)
    if item is None:
        raise HTTPException(404)
    return ItemRead.model_validate(item)
"""
SETTLE_SECONDS = 0.5


class Row(NamedTuple):
    """A line of the report."""

    what: str
    own: str
    other: str = ""
    ratio: str = ""
    aim: str = ""


# --- From nothing to the first answer


def measure_new(scratch: Path, rounds: int, fastapi_new: str | None) -> list[Row]:
    """The time of the generator, and until its service answers."""
    generated: list[float] = []
    answered: list[float] = []
    migrated: list[float] = []
    others: list[float] = []
    for number in range(rounds + 1):
        folder = scratch / f"new-{number}"
        folder.mkdir()
        seconds, until_answer = from_nothing(folder)
        shutil.rmtree(folder / "myapi")
        other = from_nothing_by(fastapi_new, folder) if fastapi_new else 0.0
        _, until_migrated = from_nothing(folder, ["uv", "sync"], ["uv", "run", "alembic", "upgrade", "head"])
        shutil.rmtree(folder)
        if number:  # the round before them fills the caches
            generated.append(seconds)
            answered.append(until_answer)
            migrated.append(until_migrated)
            others.append(other)
    rows = [Row("`fastasync new myapi --defaults`, s", f"{statistics.median(generated):.2f}", aim="<= 1.5")]
    for what, own, aim in (
        ("from there to the first 200, beside `fastapi-new`, s", answered, "<= 1"),
        ("the same by all printed steps: with a migrated database", migrated, ""),
    ):
        single = Row(what, f"{statistics.median(own):.2f}")
        rows.append(compared(what, own, others, aim, digits=2) if fastapi_new else single)
    return rows


def from_nothing(folder: Path, *steps: list[str]) -> tuple[float, float]:
    """The seconds until the project is there, and until it has answered; `uv run` installs what it needs."""
    port = free_port()
    start = time.perf_counter()
    seconds = generate(folder, "--defaults")
    for step in steps:
        run(step, folder / "myapi")
    with started(["uv", "run", "myapi"], folder / "myapi", port, PORT=str(port)):
        return seconds, time.perf_counter() - start


def from_nothing_by(fastapi_new: str, folder: Path) -> float:
    """The same of fastapi-new, by the step that it prints."""
    port = free_port()
    start = time.perf_counter()
    run([fastapi_new, "plain"], folder)
    with started(["uv", "run", "fastapi", "dev", "--port", str(port)], folder / "plain", port):
        return time.perf_counter() - start


# --- Requests a second


def measure_requests(scratch: Path, rounds: int, seconds: int) -> list[Row]:
    """A simple route, and the read of a row, beside the same by hand."""
    if shutil.which("wrk") is None:
        print("wrk is missing (Debian: apt-get install wrk): requests are left out.", file=sys.stderr)
        return []
    rows = []
    for database in ("sqlite", "postgresql"):
        project = make_project(scratch / database, "--database", database)
        (project / "simple.py").write_text(SIMPLE, "utf-8")
        (project / "reading.py").write_text(READING, "utf-8")
        with database_of(project, database) as url:
            run(["uv", "run", "alembic", "upgrade", "head"], project, DATABASE_URL=url)
            if database == "sqlite":
                own, other = paired(project, url, "simple:app", "/", rounds, seconds)
                rows.append(compared("requests/s of `/`, beside ten lines", own, other, ">= 0.95"))
            own, other = paired(project, url, "reading:app", "/items/1", rounds, seconds)
            what = f"requests/s of `/items/1` on {database}, beside one by hand"
            rows.append(compared(what, own, other, ">= 0.9"))
    return rows


def paired(project: Path, url: str, app: str, path: str, rounds: int, seconds: int) -> tuple[list[float], list[float]]:
    """The requests a second of the service and of another app, in turns, the first one changing."""
    with ExitStack() as stack:
        servers: dict[int, subprocess.Popen[bytes]] = {}
        for words in (["myapi.main:create_app", "--factory"], [app]):
            port = free_port()
            variables = {"DATABASE_URL": url, "PORT": str(port), "ENVIRONMENT": "production"}
            command = [str(project / ".venv/bin/python"), "-c", SERVE, *words]
            servers[port] = stack.enter_context(started(command, project, port, PYTHONPATH=str(project), **variables))
        if path != "/":
            add_item(next(iter(servers)))
        ports = list(servers)
        found: dict[int, list[float]] = {port: [] for port in ports}
        for number in range(rounds + 1):
            for port in ports if number % 2 else reversed(ports):
                with only(servers, port):
                    rate = wrk(f"http://127.0.0.1:{port}{path}", seconds)
                if number:  # the round before them warms up
                    found[port].append(rate)
        own, other = found.values()
        return own, other


@contextmanager
def only(servers: dict[int, subprocess.Popen[bytes]], port: int) -> Generator[None]:
    """Stop the other servers meanwhile: even waiting takes a little time."""
    others = [process.pid for number, process in servers.items() if number != port]
    for pid in others:
        os.killpg(pid, signal.SIGSTOP)
    time.sleep(SETTLE_SECONDS)
    try:
        yield
    finally:
        for pid in others:
            os.killpg(pid, signal.SIGCONT)


# --- Logins


def measure_logins(scratch: Path, rounds: int) -> list[Row]:
    """The latency of the health route during a burst of logins."""
    project = make_project(scratch / "logins", "--auth", "jwt")
    with database_of(project, "sqlite") as url:
        run(["uv", "run", "alembic", "upgrade", "head"], project, DATABASE_URL=url)
        port = free_port()
        limits = {"AUTH_LOGIN_ATTEMPTS": "1000", "AUTH_REGISTRATIONS": "1000"}
        variables = {"DATABASE_URL": url, "PORT": str(port), **limits}
        with started([str(project / ".venv/bin/myapi")], project, port, **variables):
            latencies = asyncio.run(bursts(port, rounds))
    milliseconds = sorted(1000 * latency for latency in latencies)
    return [
        Row(f"`/health/live` during {USERS} logins, median, ms", f"{statistics.median(milliseconds):.1f}"),
        Row(f"`/health/live` during {USERS} logins, worst, ms", f"{milliseconds[-1]:.1f}", aim="<= 50"),
    ]


# --- The report


def compared(what: str, own: list[float], other: list[float], aim: str, digits: int = 0) -> Row:
    """The medians, and the median of the rounds' ratios."""
    ratio = statistics.median(a / b for a, b in zip(own, other, strict=True))
    mine, theirs = (f"{statistics.median(values):,.{digits}f}" for values in (own, other))
    return Row(what, mine, theirs, f"{ratio:.2f}", aim)


def table(rows: list[Row]) -> str:
    """A Markdown table."""
    lines = ["| | generated | other | ratio | aim |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def heading() -> str:
    """What was measured, on what, and when."""
    uv = subprocess.run(["uv", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    return (
        f"fastasync {metadata.version('fastasync')}, uv {uv}, Python {platform.python_version()}, "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="new, requests, logins")
    parser.add_argument("--fastapi-new", default=shutil.which("fastapi-new"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each run of wrk")
    given = parser.parse_args()
    print(heading(), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        measures = {
            "new": lambda: measure_new(scratch, given.rounds, given.fastapi_new),
            "requests": lambda: measure_requests(scratch, given.rounds, given.seconds),
            "logins": lambda: measure_logins(scratch, given.rounds),
        }
        if unknown := set(given.parts) - set(measures):
            parser.error(f"there is no part {', '.join(unknown)}")
        rows = [row for part in given.parts or measures for row in measures[part]()]
    print(table(rows))


if __name__ == "__main__":
    main()
