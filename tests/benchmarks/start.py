"""How long `fastasync --version` takes, beside `python -c "import typer"`: the median of alternating runs.

    python tests/benchmarks/start.py [RUNS]

The aim is a ratio of 3 at most. Times depend on the machine, so no test asserts them.
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import typer": [sys.executable, "-c", "import typer"],
    "fastasync --version": [sys.executable, "-m", "fastasync", "--version"],
}


def seconds(command: list[str]) -> float:
    """The time one run takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(runs: int) -> None:
    """Print the medians, and how they compare."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:22}{median:7.3f} s")
    print(f"ratio to typer        {medians['fastasync --version'] / medians['import typer']:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
