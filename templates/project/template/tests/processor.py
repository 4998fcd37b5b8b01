"""What a busy machine adds to the delays of the event loop."""

import os
from types import TracebackType
from typing import Self


class Queueing:
    """How long this thread was ready to run while others had the processors; Linux tells, elsewhere it is 0."""

    def __enter__(self) -> Self:
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._file = -1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file >= 0:
            os.close(self._file)

    def seconds(self) -> float:  # fastasync: non-blocking -- the kernel answers from memory
        """The time since the thread was started."""
        if self._file < 0:
            return 0.0
        _, waited, _ = os.pread(self._file, 100, 0).split()
        return int(waited) / 1e9
