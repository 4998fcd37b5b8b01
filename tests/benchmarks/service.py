"""How fast generated services are, beside the least that could do the same. All figures are of one run.

    python tests/benchmarks/service.py [PART]... [--fastapi-new FILE] [--rounds N] [--seconds N]

The parts, all of them unless some are named:

    new      seconds of `fastasync new myapi --defaults`, and from there to the first 200 by the steps that it prints;
             beside them those of `fastapi-new` (FILE, or from the PATH), which is left out when it is missing
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
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

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
# The generated service's own command line, for any app.
SERVE = """
import os, sys
from myapi.components import Settings
from myapi.serve import command
argv = command(Settings())
app, *factory = sys.argv[1:]
argv = [app if ":create_app" in word else word for word in argv if factory or word != "--factory"]
os.execv(argv[0], argv)
"""
SETTLE_SECONDS = 0.5
USERS = 20
PASSWORD = "correct horse battery staple"


class Row(NamedTuple):
    """A line of the report."""

    what: str
    own: str
    other: str = ""
    ratio: str = ""
    aim: str = ""


# --- Processes


def environment(**variables: str) -> dict[str, str]:
    """The variables of every process: compiled files are kept, as they are for users."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "DATABASE_URL", "WEB_CONCURRENCY"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "UV_PYTHON": sys.executable, **variables}


def run(command: list[str], folder: Path, **variables: str) -> float:
    """The seconds that a command takes; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment(**variables), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def generate(folder: Path, *flags: str) -> float:
    """The seconds that `fastasync new myapi` takes, in a folder."""
    return run([str(Path(sys.executable).with_name("fastasync")), "new", "myapi", *flags], folder)


@contextmanager
def started(command: list[str], folder: Path, port: int, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, in a session of its own."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(**variables), stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/", process)
            yield process
        except BaseException:
            log.seek(0)
            print(log.read()[-3000:].decode(), file=sys.stderr)
            raise
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when a server answers, with whatever status."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise SystemExit(f"{address} does not answer")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# --- From nothing to the first answer


def measure_new(scratch: Path, rounds: int, fastapi_new: str | None) -> list[Row]:
    """The time of the generator, and until its service answers."""
    own: list[float] = []
    own_answers: list[float] = []
    other_answers: list[float] = []
    for number in range(rounds + 1):
        folder = scratch / f"new-{number}"
        folder.mkdir()
        seconds, answered = from_nothing(folder)
        others = from_nothing_by(fastapi_new, folder) if fastapi_new else None
        shutil.rmtree(folder)
        if number == 0:
            continue  # fills the caches
        own.append(seconds)
        own_answers.append(answered)
        if others is not None:
            other_answers.append(others)
    rows = [Row("`fastasync new myapi --defaults`, s", f"{statistics.median(own):.2f}", aim="<= 1.5")]
    what = "from there to the first 200, beside `fastapi-new`, s"
    if not other_answers:
        return [*rows, Row(what, f"{statistics.median(own_answers):.2f}")]
    return [*rows, compared(what, own_answers, other_answers, "<= 1", digits=2)]


def from_nothing(folder: Path) -> tuple[float, float]:
    """The seconds until the project is there, and until it has answered, by the printed steps."""
    port = free_port()
    start = time.perf_counter()
    seconds = generate(folder, "--defaults")
    project = folder / "myapi"
    run(["uv", "sync"], project)
    run(["uv", "run", "alembic", "upgrade", "head"], project)
    with started(["uv", "run", "myapi"], project, port, PORT=str(port)):
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


def make_project(folder: Path, *flags: str) -> Path:
    """A generated service with its environment."""
    folder.mkdir()
    generate(folder, "--defaults", *flags)
    run(["uv", "sync"], folder / "myapi")
    return folder / "myapi"


@contextmanager
def database_of(project: Path, database: str) -> Iterator[str]:
    """The URL of an empty database."""
    if database == "sqlite":
        yield f"sqlite+aiosqlite:///{project}/bench.db"
        return
    code = "import asyncio, sys; from tests.databases import execute; asyncio.run(execute(sys.argv[1]))"
    name = f"bench_{os.getpid()}"
    run(["uv", "run", "python", "-c", code, f"CREATE DATABASE {name}"], project)
    try:
        yield f"postgresql+asyncpg://postgres:postgres@127.0.0.1:5432/{name}"
    finally:
        run(["uv", "run", "python", "-c", code, f"DROP DATABASE {name} WITH (FORCE)"], project)


def paired(
    project: Path, url: str, app: str, path: str, rounds: int, seconds: int
) -> tuple[list[float], list[float]]:
    """The requests a second of the service and of another app, in turns, the first one changing."""
    with ExitStack() as stack:
        servers: dict[int, subprocess.Popen[bytes]] = {}
        for words in (["myapi.main:create_app", "--factory"], [app]):
            port = free_port()
            variables = {"DATABASE_URL": url, "PORT": str(port), "ENVIRONMENT": "production"}
            command = [str(project / ".venv/bin/python"), "-c", SERVE, *words]
            servers[port] = stack.enter_context(
                started(command, project, port, PYTHONPATH=str(project), **variables)
            )
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
def only(servers: dict[int, subprocess.Popen[bytes]], port: int) -> Iterator[None]:
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


def add_item(port: int) -> None:
    """The row that is read."""
    headers = {"Content-Type": "application/json"}
    body = b'{"name": "hammer", "description": "An example"}'
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/items", body, headers)).close()


def wrk(address: str, seconds: int) -> float:
    """Requests a second of 16 clients. Every answer must be a good one."""
    command = ["wrk", "--threads", "1", "--connections", "16", "--duration", f"{seconds}s", address]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"{address}: {text}")
    [rate] = re.findall(r"^Requests/sec:\s+([\d.]+)$", text, re.MULTILINE)
    return float(rate)


# --- Logins


def measure_logins(scratch: Path, rounds: int) -> list[Row]:
    """The latency of the health route during a burst of logins."""
    project = make_project(scratch / "logins", "--auth", "jwt")
    with database_of(project, "sqlite") as url:
        run(["uv", "run", "alembic", "upgrade", "head"], project, DATABASE_URL=url)
        port = free_port()
        variables = {"DATABASE_URL": url, "PORT": str(port), "AUTH_LOGIN_ATTEMPTS": "1000"}
        with started([str(project / ".venv/bin/myapi")], project, port, **variables):
            latencies = asyncio.run(bursts(port, rounds))
    milliseconds = sorted(1000 * latency for latency in latencies)
    return [
        Row(f"`/health/live` during {USERS} logins, median, ms", f"{statistics.median(milliseconds):.1f}"),
        Row(f"`/health/live` during {USERS} logins, worst, ms", f"{milliseconds[-1]:.1f}", aim="<= 50"),
    ]


async def bursts(port: int, rounds: int) -> list[float]:
    """The seconds of each answer of the health route while users log in at once."""
    for number in range(USERS):
        body = f'{{"email": "user{number}@example.com", "password": "{PASSWORD}"}}'
        await ask(port, "POST", "/auth/register", 201, body, "application/json")
    latencies: list[float] = []
    for _ in range(rounds):
        logins = asyncio.gather(
            *(
                ask(
                    port,
                    "POST",
                    "/auth/token",
                    200,
                    f"username={quote(f'user{number}@example.com')}&password={quote(PASSWORD)}",
                    "application/x-www-form-urlencoded",
                )
                for number in range(USERS)
            )
        )
        while not logins.done():
            start = time.perf_counter()
            await ask(port, "GET", "/health/live", 200)
            latencies.append(time.perf_counter() - start)
            await asyncio.sleep(0.005)
        await logins
    return latencies


async def ask(port: int, method: str, path: str, status: int, body: str = "", kind: str = "text/plain") -> None:
    """One request on a connection of its own; its answer must have this status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Type: {kind}"]
    writer.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())
    answer = await reader.read()
    writer.close()
    if answer.split()[1] != str(status).encode():
        raise SystemExit(f"{method} {path}: {answer.decode()}")


# --- The report


def compared(what: str, own: list[float], other: list[float], aim: str, digits: int = 0) -> Row:
    """The medians, and the median of the rounds' ratios."""
    ratio = statistics.median(mine / theirs for mine, theirs in zip(own, other, strict=True))
    medians = [f"{statistics.median(values):,.{digits}f}" for values in (own, other)]
    return Row(what, *medians, f"{ratio:.2f}", aim)


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
