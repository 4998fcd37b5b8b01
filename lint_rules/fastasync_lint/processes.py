"""Work done by a copy of this process, which sends bytes back.

A copied process starts in a few milliseconds and has everything imported already; pools take longer to start than
small projects take to parse.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

import msgspec

T = TypeVar("T")

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
def beside(
    work: Callable[[], T], kind: type[T], files: Iterable[str], workers: int | None
) -> Generator[Callable[[], T]]:
    """Work that a copy of this process does while the block runs, where that is quicker for these files.

    Gives a function that waits for the result, which is of a `kind` that msgspec knows. It is made here where no copy
    was, or where the copy came to harm.
    """
    here = functools.cache(work)
    if (workers or processors()) == 1 or not can_copy() or sum(map(_size, files)) < LEAST:
        yield here
        return
    with copy(lambda: msgspec.msgpack.encode(work())) as received:

        @functools.cache
        def there() -> T:
            try:
                return msgspec.msgpack.decode(received(), type=kind)
            except ValueError:
                return here()

        yield there


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


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
