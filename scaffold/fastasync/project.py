"""Renders a template into a folder: all of it, or nothing."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from fastasync.errors import UserError
from fastasync.options import Answer


def template_path(name: str) -> Path:
    """The folder of a template: beside this module when installed, at the root of the repository when developed."""
    here = Path(__file__).resolve()
    installed = here.parent / "templates" / name
    return installed if installed.is_dir() else here.parents[2] / "templates" / name


def check_target(target: Path) -> None:
    """Refuse a target that exists, unless it is an empty folder."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UserError(f"{target} exists and is not a folder: choose another name, or remove it.")
    if target.is_dir() and any(target.iterdir()):
        raise UserError(f"{target} exists and is not empty: choose another name, or remove it.")


@contextmanager
def staging_folder(parent: Path | None) -> Generator[Path]:
    """A folder beside the target, so that moving it there is one step; without `parent`, a temporary one elsewhere.

    It is removed at the end, whatever happens. SIGTERM, and a terminal that is closed, end the block like Ctrl-C does.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".fastasync-", dir=parent))
    except OSError as error:
        raise UserError(f"{parent} cannot be written to: {error.strerror}.") from error
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    found = {number: signal.getsignal(number) for number in numbers}
    # What nohup ignores stays ignored; None stands for a handler that is not Python's.
    previous = {number: handler for number, handler in found.items() if handler not in {None, signal.SIG_IGN}}
    for number in previous:
        signal.signal(number, _exit_on_signal)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _exit_on_signal(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def render(template: Path, folder: Path, data: Mapping[str, Any], *, ask: bool) -> dict[str, Answer]:
    """Render a template into an empty folder, and give the answers; with `ask`, those not in `data` are asked for."""
    from copier import Settings, run_copy
    from copier.errors import CopierError

    try:
        worker = run_copy(
            str(template),
            folder,
            dict(data),
            settings=Settings(),
            defaults=not ask,
            overwrite=True,
            quiet=True,
        )
    except KeyboardInterrupt:
        raise
    except (CopierError, ValueError) as error:
        raise UserError(f"The project cannot be generated: {error}") from error
    except OSError as error:
        raise UserError(f"The project cannot be written: {error}") from error
    return {name: answer for name, answer in worker.answers.combined.items() if not name.startswith("_")}


def format_code(folder: Path) -> None:
    """Sort imports and format: both depend on the project's name."""
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    for arguments in (["check", "--select=I", "--fix-only"], ["format"]):
        subprocess.run(
            [find_ruff_bin(), *arguments, "--quiet", "--no-cache", "."], cwd=folder, check=True, capture_output=True
        )


def format_text(code: bytes, folder: Path, path: str) -> bytes:
    """Sort the imports of one file and format it, by the settings of the project in `folder`."""
    from ruff import find_ruff_bin

    for arguments in (["check", "--select=I", "--fix-only"], ["format"]):
        code = subprocess.run(
            [find_ruff_bin(), *arguments, "--quiet", "--no-cache", "--stdin-filename", path, "-"],
            cwd=folder,
            input=code,
            check=True,
            capture_output=True,
        ).stdout
    return code


def move_into_place(folder: Path, target: Path) -> None:
    """Make the finished folder the target."""
    check_target(target)
    if target.exists():
        target.rmdir()
    # Temporary folders are private to their maker; a project is as open as any new folder.
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)
    os.replace(folder, target)


def start_repository(folder: Path, parent: Path) -> str:
    """Make the folder a git repository with a first commit.

    Returns what was left out and why, or an empty text. `parent` is where the folder will end up.
    """
    if shutil.which("git") is None:
        return "git is not installed, so the project is not a repository yet."
    if _git(parent, "rev-parse", "--is-inside-work-tree") == 0:
        return "The project is inside another repository, so it did not get one of its own."
    if _git(folder, "init", "--quiet", "--initial-branch=main") != 0:
        return "git init failed, so the project is not a repository yet."
    _git(folder, "add", "--all")
    if _git(folder, "commit", "--quiet", "--no-verify", "--message=Generated by fastasync") != 0:
        return "git could not make the first commit (is user.email set?): the files are added, commit them yourself."
    return ""


def _git(folder: Path, *arguments: str) -> int:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False).returncode
