"""Writes many files as if they were one: all of them are written, or everything is as it was.

Before the first file is touched, the old and the new contents and a list of them lie in a folder of their own, the
journal. Failures are undone from it at once, and so is, by the next command, what a killed process or a power cut left.
"""

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fastasync.errors import UserError

LIST = "list.json"
_SUFFIX = ".fastasync-new"


@dataclass(frozen=True)
class Write:
    """What a file becomes; without content it is removed. `executable` is for new files, others stay as they are."""

    path: Path
    content: bytes | None
    executable: bool = False


def apply(journal: Path, writes: Iterable[Write], root: Path) -> None:
    """Do all writes; on a failure undo them and raise `UserError`. Folders that get empty go, too, up to `root`.

    Signals that end a process wait until the writes are done, which takes milliseconds.
    """
    writes = list(writes)
    with _signals_waiting():
        try:
            _prepare(journal, writes)
            for write in writes:
                _put(write.path, write.content, write.executable)
                if write.content is None:
                    _remove_empty_folders(write.path.parent, root)
            (journal / LIST).unlink()
        except OSError as error:
            recover(journal)
            raise UserError(
                f"{error.filename or root} cannot be written: {error.strerror}. Everything is as it was."
            ) from error
        finally:
            shutil.rmtree(journal, ignore_errors=True)


def recover(journal: Path, is_same: Callable[[Path, Path], bool] | None = None) -> bool:
    """Undo what an interrupted `apply` wrote, and say whether there was anything to undo.

    A file that was changed by somebody else since then stays as it is. `is_same` tells whether a file still says what
    was written there; without it, the bytes do.
    """
    is_same = is_same or have_same_bytes
    if not (journal / LIST).is_file():
        shutil.rmtree(journal, ignore_errors=True)
        return False
    for number, entry in enumerate(json.loads((journal / LIST).read_text("utf-8"))):
        path = Path(entry["path"])
        _unlink(_beside(path))
        if is_same(path, journal / f"{number}.new"):
            _put(path, _read(journal / f"{number}.old"), entry["executable"])
        for folder in entry["folders"]:
            _remove_if_empty(Path(folder))
    (journal / LIST).unlink()
    shutil.rmtree(journal, ignore_errors=True)
    return True


def have_same_bytes(path: Path, other: Path) -> bool:
    """Whether two files have the same content, or neither is there."""
    return _read(path) == _read(other)


def _prepare(journal: Path, writes: list[Write]) -> None:
    recover(journal)
    journal.mkdir(parents=True)
    entries = []
    for number, write in enumerate(writes):
        old = _read(write.path)
        for suffix, content in (("old", old), ("new", write.content)):
            if content is not None:
                (journal / f"{number}.{suffix}").write_bytes(content)
        entries.append(
            {
                "path": str(write.path.absolute()),
                "executable": old is not None and os.access(write.path, os.X_OK),
                "folders": [str(folder.absolute()) for folder in write.path.parents if not folder.exists()],
            }
        )
    unfinished = journal / f"{LIST}{_SUFFIX}"
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(entries, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, journal / LIST)


def _put(path: Path, content: bytes | None, executable: bool) -> None:
    """Make the file what it is to be, in one step."""
    if content is None:
        _unlink(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    beside.write_bytes(content)
    if path.exists():
        shutil.copymode(path, beside)
    elif executable:
        beside.chmod(beside.stat().st_mode | 0o111)
    os.replace(beside, path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_SUFFIX}")


def _unlink(path: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _remove_empty_folders(folder: Path, root: Path) -> None:
    while folder != root and folder.is_relative_to(root) and _remove_if_empty(folder):
        folder = folder.parent


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:  # it is not empty, or it is gone
        return False
    return True


@contextmanager
def _signals_waiting() -> Generator[None]:
    """Signals come when the block has ended. Only the main thread gets any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    previous = {number: signal.signal(number, lambda number, _frame: heard.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for number in heard:
            signal.raise_signal(number)
