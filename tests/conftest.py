"""What tests of both packages share."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Tests start the tools of the environment they run in, activated or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
# A shell's background jobs ignore Ctrl-C, and so would what tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh clone of the repository as it is on disk, uncommitted changes included."""
    return make_checkout(tmp_path / "fastasync")


@pytest.fixture(scope="session")
def checkout_to_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for tests that make releases of it."""
    return make_checkout(tmp_path_factory.mktemp("released") / "fastasync")


def make_checkout(clone: Path) -> Path:
    """Make a clone in a new folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    for command in (["init", "--quiet"], ["add", "--all"], [*IDENTITY, "commit", "--quiet", "--message", "As on disk"]):
        subprocess.run(["git", *command], cwd=clone, check=True)
    return clone


IDENTITY = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
