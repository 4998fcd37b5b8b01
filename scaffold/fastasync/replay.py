"""A run of `fastasync lint` that would repeat an earlier one prints what that one printed.

Everything a result depends on is compared: the options, the tool itself, the list of the project's files and the time
and size of each, of the settings and of the baseline. Only light modules are imported here, so that the comparison is
most of what such a run costs. A record that cannot be read, or that anything differs from, is as good as none.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import fastasync_lint
from fastasync_lint import cachedir
from fastasync_lint.discover import Exclusions, Project, absolute, common_folder, deployments, project_root, walk

import fastasync
from fastasync import terminal
from fastasync.choices import Choices

KEPT = 16
"""Records kept for a project: one for each way it is usually called."""

# Times of files are a few milliseconds coarse: one that changed just before the run could change again unseen.
_MARGIN = 20_000_000
# Besides pyproject.toml, where fixes look for the project's dependencies.
_MANIFESTS = ("pyproject.toml", "requirements.txt", "requirements/base.txt", "setup.cfg", "setup.py", "Pipfile")

Row = list[Any]
"""A path with its time and size, or zeros where there is no file."""


class Printed(NamedTuple):
    """What a run printed, and its exit status."""

    text: str
    remarks: str
    status: int


class _Walked(NamedTuple):
    excluded: list[str]
    folder: str


def run(choices: Choices) -> int:
    """Do what the options ask for, or print what that printed before; the exit status."""
    status = repeat(choices)
    if status is None:
        from fastasync.linting import Run

        status = Run(choices).run()
    return status


def repeat(choices: Choices) -> int | None:
    """Print what the same run printed before, when nothing has changed since; its exit status, or None."""
    if not _repeatable(choices):
        return None
    paths = absolute(choices.paths)
    root = project_root(paths)
    record = _read(_path(root, choices))
    try:
        if record is None or record["key"] != _key(choices) or record["tool"] != _tool():
            return None
        files = sorted({*walk(root, _Walked(record["excluded"], record["folder"])), *record["extra"]})
        files += deployments(root, files)
        rows = [*_rows(files), *_rows(row[0] for row in record["rows"][len(files) :])]
        if record["root"] != root or rows != record["rows"]:
            return None
        printed = Printed(*record["printed"])
    except (KeyError, TypeError, IndexError):
        return None
    terminal.show(printed.text, printed.remarks)
    return printed.status


def remember(
    choices: Choices, project: Project, settings: Exclusions, baseline: str | None, started: int, printed: Printed
) -> None:
    """Record a run that started at `started` (nanoseconds since the epoch)."""
    if not _repeatable(choices):
        return
    others = {os.path.join(folder, "pyproject.toml") for folder in _upwards(common_folder(absolute(choices.paths)))}
    others |= {os.path.join(folder, name) for folder in (project.root, settings.folder) for name in _MANIFESTS}
    others |= {os.path.abspath(baseline)} if baseline is not None else set()
    files = [*project.files, *deployments(project.root, project.files)]
    rows = _rows([*files, *sorted(others - set(files))])
    if any(row[1] > started - _MARGIN for row in rows):
        return
    record = {
        "key": _key(choices),
        "tool": _tool(),
        "root": project.root,
        "excluded": list(settings.excluded),
        "folder": settings.folder,
        "extra": list(project.extra),
        "rows": rows,
        "printed": printed,
    }
    path = _path(project.root, choices)
    if cachedir.write(project.root, path, json.dumps(record).encode()):
        cachedir.prune(os.path.dirname(path), KEPT)


def _repeatable(choices: Choices) -> bool:
    """Whether a run with these options depends on files alone, and does nothing but print."""
    acts = choices.fix or choices.diff or choices.watch or choices.update_baseline or choices.grow_baseline
    return not (
        acts or choices.since or choices.output_file or choices.report or choices.no_cache or "-" in choices.paths
    )


def _key(choices: Choices) -> list[Any]:
    """What the output depends on besides files."""
    surroundings = [sys.version, sys.stdout.encoding, terminal.has_colour(), os.environ.get("CI_PROJECT_DIR")]
    given = [list(value) if isinstance(value, tuple) else value for value in choices]
    return [fastasync.__version__, os.getcwd(), given, surroundings]


def _path(root: str, choices: Choices) -> str:
    return os.path.join(cachedir.path(root), "runs", f"{zlib.crc32(repr(_key(choices)).encode()):08x}.json")


def _read(path: str) -> dict[str, Any] | None:
    try:
        with open(path, "rb") as file:
            record = json.load(file)
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _rows(paths: Iterable[str]) -> list[Row]:
    rows: list[Row] = []
    for path in paths:
        try:
            status = os.stat(path)
            rows.append([path, status.st_mtime_ns, status.st_size])
        except OSError:
            rows.append([path, 0, 0])
    return rows


def _tool() -> int:
    """The state of the tool's own files, which change under an editable installation."""
    rows: list[Row] = []
    pending = [*fastasync.__path__, *fastasync_lint.__path__]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir():
                    pending += [entry.path] if entry.name not in ("templates", "__pycache__") else []
                else:
                    rows += _rows([entry.path])
    return zlib.crc32(repr(rows).encode())


def _upwards(folder: str) -> Iterable[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
