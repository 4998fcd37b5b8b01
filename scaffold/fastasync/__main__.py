"""The program `fastasync`, also as `python -m fastasync`.

`fastasync lint` goes a shorter way where it can: a plain command line is read without Typer, and a run that would
repeat an earlier one prints what that one printed.
"""

from __future__ import annotations

import gc
import sys

from fastasync.failures import guard


def main() -> None:
    """Run the command line; the exit status is the process's."""
    sys.exit(guard(_run))


def _run() -> int:
    if sys.argv[1:2] == ["lint"]:
        from fastasync.choices import read

        chosen = read(sys.argv[2:])
        if chosen is not None:
            from fastasync import replay

            if chosen.watch or chosen.fix or chosen.diff or chosen.since:
                return replay.run(chosen)
            gc.disable()  # one check is made, and hardly anything of it is garbage before the end
            status = replay.run(chosen)
            gc.freeze()  # and at the end no last collection walks through what is left
            return status
    from fastasync.cli import app

    app()
    return 0


if __name__ == "__main__":
    main()
