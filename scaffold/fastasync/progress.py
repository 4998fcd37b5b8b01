"""A sign of life for people who wait: only on a terminal, only when it takes long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds without a word."""
INTERVAL = 0.1

_BAR = 24


@contextmanager
def waiting(what: str) -> Generator[None]:
    """Show a moving bar with `what` and the time on stderr while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_move, args=(what, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _move(what: str, done: threading.Event) -> None:
    started = time.monotonic()
    if done.wait(PATIENCE):
        return
    step = 0
    while not done.wait(INTERVAL):
        place = abs(step % (2 * _BAR) - _BAR)
        bar = " " * place + "==" + " " * (_BAR - place)
        sys.stderr.write(f"\r{what} [{bar}] {time.monotonic() - started:.0f} s")
        sys.stderr.flush()
        step += 1
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
