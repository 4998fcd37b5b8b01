"""How long `fastasync lint` takes on a package, and how much memory, beside other tools. All figures are of one run.

    python tests/benchmarks/bench.py FOLDER [--tools BIN] [--repeat N]

FOLDER is the root of a package's sources; a copy of it is measured, changed and thrown away. BIN is the `bin` folder
of an environment that has some of Ruff, hydroid-cli, blockpath and flake8-async; those that are missing are left out.
Each figure is the best of N runs (3), taken in turns. CPU time is what to compare on a machine that does other work:
it comes with its ratio to `ast.parse` of every file. "One file changed" appends a function to the largest file, "a
comment changed" a comment; "checked out anew" gives all files another time.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

PARSE = (
    "import ast,pathlib,sys,warnings,gc; warnings.simplefilter('ignore'); gc.disable()\n"
    "for p in pathlib.Path(sys.argv[1]).rglob('*.py'):\n"
    "    try: ast.parse(p.read_bytes())\n"
    "    except (SyntaxError, ValueError): pass\n"
)
CHANGE = "\n\nasync def added_by_the_benchmark_{}():\n    import time\n    time.sleep(1)\n"
CACHE = ".fastasync_cache"


class Cost(NamedTuple):
    """Seconds on the clock, seconds of all processors, and the largest process in MiB."""

    wall: float
    cpu: float
    memory: float


class Subject(NamedTuple):
    """A command, and what is done before each run of it."""

    name: str
    command: list[str]
    prepare: Callable[[], None]


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command; its children count."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, _mebibytes(usage))


def _environment() -> dict[str, str]:
    """Compiled files are kept, as they are for users."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _mebibytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def own_subjects(folder: Path) -> list[Subject]:
    """This tool, in the states that a project can be in, and the parse of every file."""
    lint = [str(Path(sys.executable).with_name("fastasync")), "lint", str(folder)]
    largest = max(folder.rglob("*.py"), key=lambda path: path.stat().st_size)

    def drop() -> None:
        shutil.rmtree(folder / CACHE, ignore_errors=True)

    def append(text: str) -> None:
        with largest.open("a", encoding="utf-8") as file:
            file.write(text)
        time.sleep(0.05)  # a file written just now is not taken to stay as it is

    def change() -> None:
        append(CHANGE.format(time.monotonic_ns()))

    def comment() -> None:
        append(f"# {time.monotonic_ns()}\n")

    def touch() -> None:
        for path in folder.rglob("*.py"):
            path.touch()
        time.sleep(0.05)

    return [
        Subject("`ast.parse` of every file", [sys.executable, "-c", PARSE, str(folder)], _nothing),
        Subject("fastasync, cold", lint, drop),
        Subject("fastasync, one file changed", lint, change),
        Subject("fastasync, a comment changed", lint, comment),
        Subject("fastasync, checked out anew", lint, touch),
        Subject("fastasync, nothing changed", lint, _nothing),
    ]


def other_subjects(tools: Path | None, folder: Path) -> list[Subject]:
    """The tools that are there."""
    commands = {
        "ruff": ["check", "--isolated", "--no-cache", "--select", "ASYNC", str(folder)],
        "hydroid": ["--no-cache", str(folder)],
        "blockpath": ["check", str(folder)],
        "flake8": ["--isolated", "--select", "ASYNC", "--jobs", "2", str(folder)],
    }
    return [
        Subject(name, [str(tools / name), *arguments], _nothing)
        for name, arguments in commands.items()
        if tools is not None and (tools / name).exists()
    ]


def _nothing() -> None:
    """Some runs need no preparation."""


def best(costs: list[Cost]) -> Cost:
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), min(c.memory for c in costs))


def table(results: dict[str, Cost]) -> str:
    """A Markdown table; the first row is what the others are compared with."""
    base = next(iter(results.values()))
    rows = ["| | wall, s | CPU, s | CPU, of `ast.parse` | peak memory, MiB |", "| --- | --- | --- | --- | --- |"]
    for name, cost in results.items():
        rows.append(f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.cpu / base.cpu:.2f} | {cost.memory:.0f} |")
    return "\n".join(rows)


def heading(folder: Path, given: Path) -> str:
    """What was measured, on what, and when."""
    files = list(folder.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    load = os.getloadavg()[0]
    return (
        f"{given.name}: {len(files):,} files, {lines:,} lines. fastasync {metadata.version('fastasync')}, "
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f}, "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tools", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / given.folder.name
        shutil.copytree(given.folder, folder, ignore=shutil.ignore_patterns(CACHE))
        subjects = [*own_subjects(folder), *other_subjects(given.tools, folder)]
        costs: dict[str, list[Cost]] = {subject.name: [] for subject in subjects}
        print(heading(folder, given.folder), end="\n\n")
        for _ in range(given.repeat):
            for subject in subjects:
                subject.prepare()
                costs[subject.name].append(measure(subject.command, folder))
        print(table({name: best(measured) for name, measured in costs.items()}))


if __name__ == "__main__":
    main()
