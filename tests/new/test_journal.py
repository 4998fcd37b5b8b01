"""Many writes as one: done, undone after a failure, and undone after a kill at any point."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fastasync.errors import UserError
from fastasync.updating import journal
from fastasync.updating.journal import Write

WRITES = [("changed", b"new"), ("removed/file", None), ("added/deep/file", b"new"), ("index", b"new")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "removed").mkdir(parents=True)
    for name in ("changed", "removed/file", "index"):
        (folder / name).write_bytes(b"old")
    (folder / "changed").chmod(0o755)
    return folder


def writes(folder: Path) -> list[Write]:
    return [Write(folder / name, content) for name, content in WRITES]


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder, with its mode and its content."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, b"" if path.is_dir() else path.read_bytes())
        for path in folder.rglob("*")
    }


def test_everything_is_written(folder: Path, tmp_path: Path) -> None:
    mode = (folder / "changed").stat().st_mode
    journal.apply(tmp_path / "journal", [*writes(folder), Write(folder / "run", b"#!", executable=True)], folder)
    found = tree(folder)
    assert found["changed"] == (mode, b"new")
    assert found["added/deep/file"][1] == b"new"
    assert "removed" not in found, "a folder that got empty goes, too"
    assert os.access(folder / "run", os.X_OK)
    assert not os.access(folder / "index", os.X_OK)
    assert not (tmp_path / "journal").exists()


def test_a_failure_undoes_what_was_written(folder: Path, tmp_path: Path) -> None:
    (folder / "added").write_bytes(b"in the way")
    before = tree(folder)
    with pytest.raises(UserError, match="Everything is as it was"):
        journal.apply(tmp_path / "journal", writes(folder), folder)
    assert tree(folder) == before
    assert not (tmp_path / "journal").exists()


def test_nothing_to_recover(folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    (tmp_path / "journal").mkdir()
    assert not journal.recover(tmp_path / "journal")
    assert not (tmp_path / "journal").exists()
    assert tree(folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_a_signal_waits_for_the_end(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def interrupted(source: Path, target: Path) -> None:
        real(source, target)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        journal.apply(tmp_path / "journal", writes(folder), folder)
    assert tree(folder)["index"][1] == b"new"
    assert not (tmp_path / "journal").exists()


KILLED = """
import os, pathlib, signal, sys
from fastasync.updating import journal

left, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])

def killing(real):
    def work(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)
    return work

os.replace = killing(os.replace)
for name in ("unlink", "mkdir", "rmdir", "write_bytes"):
    setattr(pathlib.Path, name, killing(getattr(pathlib.Path, name)))
listed = [(folder / name, content) for name, content in %r]
journal.apply(folder.parent / "journal", [journal.Write(*one) for one in listed], folder)
"""


def killed(folder: Path, step: int) -> int:
    """The exit status of a process that is killed before the step with this number."""
    command = [sys.executable, "-c", KILLED % WRITES, str(step), str(folder)]
    return subprocess.run(command, check=False, timeout=30).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.slow
def test_a_kill_at_any_point_is_undone(folder: Path, tmp_path: Path) -> None:
    before, half_way = tree(folder), 0
    for step in range(1, 100):
        if killed(folder, step) == 0:
            break
        half_way += tree(folder) != before
        if journal.recover(tmp_path / "journal"):
            assert tree(folder) == before, step
        elif tree(folder) != before:
            break  # only the journal was left to remove: the work was done
    assert half_way > 5
    assert tree(folder)["index"][1] == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_what_was_changed_after_a_kill_stays(folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    step = 1
    while (folder / "changed").read_bytes() == b"old":
        journal.recover(tmp_path / "journal")
        assert killed(folder, step) == -signal.SIGKILL
        step += 1
    (folder / "changed").write_bytes(b"mine")
    assert journal.recover(tmp_path / "journal")
    assert tree(folder) == {**before, "changed": (before["changed"][0], b"mine")}
