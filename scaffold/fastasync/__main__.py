"""The program `fastasync`, also as `python -m fastasync`.

`fastasync lint` goes a shorter way where it can: a plain command line is read without Typer, and a run that would
repeat an earlier one prints what that one printed.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from fastasync.failures import guard

if TYPE_CHECKING:
    from fastasync.choices import Choices


def main() -> None:
    """Run the command line; the exit status is the process's."""
    sys.exit(guard(_run))


def _run() -> int:
    if sys.argv[1:2] == ["lint"]:
        from fastasync.choices import read

        chosen = read(sys.argv[2:])
        if chosen is not None:
            if chosen.watch or chosen.fix or chosen.diff or chosen.since:
                return _lint(chosen)
            gc.disable()  # one check is made, and hardly anything of it is garbage before the end
            status = _lint(chosen)
            gc.freeze()  # and at the end no last collection walks through what is left
            return status
    from fastasync.cli import app

    app()
    return 0


def _lint(chosen: Choices) -> int:
    from fastasync import replay

    status = replay.repeat(chosen)
    if status is None:
        from fastasync.linting import Run

        status = Run(chosen).run()
    return status


if __name__ == "__main__":
    main()
