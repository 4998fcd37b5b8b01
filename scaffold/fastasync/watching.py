"""`--watch`: check again whenever a file of the project changes."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastasync.linting import Run

INTERVAL = 0.5
"""Seconds between two looks at the files."""


def watch(run: Run) -> int:
    """Check now and after each change, until interrupted."""
    seen: dict[str, tuple[int, int]] | None = None
    while True:
        now = _stamps(run)
        if now != seen:
            seen = now
            if sys.stdout.isatty():
                sys.stdout.write("\x1b[2J\x1b[H")
            run.once()
            print("Watching for changes; Ctrl-C stops.", file=sys.stderr)
        time.sleep(INTERVAL)


def _stamps(run: Run) -> dict[str, tuple[int, int]]:
    """Time and size of every file that a result depends on."""
    from fastasync_lint.discover import absolute, discover

    # Settings are read again: pyproject.toml may be what changed.
    vars(run).pop("settings", None)
    vars(run).pop("baseline_path", None)
    settings = run.settings
    project = discover(absolute(run.paths), settings, force_exclude=run.choices.force_exclude)
    stamps = {}
    for path in [*project.files, os.path.join(settings.folder, "pyproject.toml"), run.baseline_path or ""]:
        try:
            status = os.stat(path)
        except OSError:
            continue
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps
