"""The processes that the benchmark of services starts: generators, tools, servers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

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
def started(command: list[str], folder: Path, port: int, **variables: str) -> Generator[subprocess.Popen[bytes]]:
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


def make_project(folder: Path, *flags: str) -> Path:
    """A generated service with its environment."""
    folder.mkdir()
    generate(folder, "--defaults", *flags)
    run(["uv", "sync"], folder / "myapi")
    return folder / "myapi"


@contextmanager
def database_of(project: Path, database: str) -> Generator[str]:
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
