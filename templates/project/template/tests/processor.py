"""What a busy machine adds to the delays of the event loop."""

import os
import threading
from types import TracebackType
from typing import Self


class Queueing:
    """How long the machine kept this process from running; Linux tells, elsewhere it is 0.

    That is the time in which its threads were ready while others had the processors: the loop waits for the thread
    that holds the interpreter's lock, or that it has just started. On a virtual machine the host takes its part, too.
    """

    def __enter__(self) -> Self:
        self._waited: dict[int, float] = {}
        try:
            self._processors = os.open("/proc/stat", os.O_RDONLY)
        except OSError:
            self._processors = -1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._processors >= 0:
            os.close(self._processors)

    def seconds(self) -> float:  # fastasync: non-blocking -- the kernel answers from memory
        """The time since the process was started."""
        if self._processors < 0:
            return 0.0
        for thread in threading.enumerate():
            if thread.native_id is not None:
                # What a thread that has ended waited for stays in the sum.
                self._waited[thread.native_id] = waited_by(thread.native_id, self._waited.get(thread.native_id, 0.0))
        ticks = int(os.pread(self._processors, 200, 0).split()[8])
        stolen = ticks / os.sysconf("SC_CLK_TCK") / (os.cpu_count() or 1)
        return stolen + sum(self._waited.values())


def waited_by(thread: int, before: float) -> float:  # fastasync: non-blocking -- the kernel answers from memory
    """The seconds in which a thread waited for a processor; those of `before` when it has ended meanwhile."""
    try:
        file = os.open(f"/proc/self/task/{thread}/schedstat", os.O_RDONLY)
    except OSError:
        return before
    try:
        return max(before, int(os.pread(file, 100, 0).split()[1]) / 1e9)
    except OSError:
        return before
    finally:
        os.close(file)
