"""Work done by a copy of this process, which sends bytes back.

A copied process starts in a few milliseconds and has everything imported already; pools take longer to start than
small projects take to parse.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Generator

LEAST = 400_000
"""Bytes of source below which one process is quicker."""


def can_copy() -> bool:
    """Whether this process may be copied: a copy of one with threads may inherit a lock that nobody will release."""
    return hasattr(os, "fork") and threading.active_count() == 1


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@contextlib.contextmanager
def copy(work: Callable[[], bytes]) -> Generator[Callable[[], bytes]]:
    """A process at `work`; gives a function that waits for what it sends: nothing (`b""`) when it came to harm.

    The process never outlives the block.
    """
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        _run(work, writer)
    os.close(writer)

    def received() -> bytes:
        with open(reader, "rb", closefd=False) as file:
            return file.read()

    try:
        yield received
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)


def _run(work: Callable[[], bytes], writer: int) -> None:
    """What the copy does. It leaves without running anything that belongs to the process it was copied from."""
    try:
        with open(writer, "wb") as pipe:
            pipe.write(work())
    finally:
        os._exit(0)
