"""What is new since a revision.

Both trees are analysed whole, and what the old one had is taken off by fingerprint. So a helper that begins to block is
reported at its callers, though no line of theirs has changed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Generator

import msgspec

from . import processes
from .analysis import analyse
from .discover import Project, project_root, starts_servers, walk
from .errors import UserError
from .pipeline import Request, candidates
from .settings import Settings
from .sources import Sources


@contextlib.contextmanager
def known_at(
    revision: str, paths: list[str], settings: Settings, *, cache: bool = True, workers: int | None = None
) -> Generator[Callable[[], dict[str, int]]]:
    """How often each fingerprint occurs in the project of the absolute `paths` at a git revision.

    Gives a function that tells; it is found out beside what the block does where that is quicker. `REV...` stands for
    the commit where the current branch left REV. `UserError` where there is no such revision. With `cache` the
    project's own has the facts and the analysis of that revision, too.
    """
    root = project_root(paths)
    none = f"--since needs a git repository, and {root} is in none"
    top = _git(root, "rev-parse", "--show-toplevel", because=none).strip()
    commit = _commit(root, revision)
    with tempfile.TemporaryDirectory(prefix="fastasync-") as scratch:
        folder = os.path.join(scratch, os.path.basename(os.path.realpath(top)))  # modules can be imported by this name
        os.mkdir(folder)
        _extract(top, commit, folder)
        inside = os.path.relpath(os.path.realpath(root), os.path.realpath(top))
        old = os.path.normpath(os.path.join(os.path.realpath(folder), inside))
        if not os.path.isdir(old):
            yield dict  # the project did not exist then: all is new
            return
        there = msgspec.structs.replace(settings, folder=_moved(settings.folder, root, old))
        project = Project(old, sorted(walk(old, there)), None)

        def here() -> dict[str, int]:
            analysis = analyse(project, there, Request(cache=False, workers=workers), lender=root if cache else "")
            found = candidates(analysis.hits, project, there, Sources())
            return dict(Counter(candidate.fingerprint for candidate in found))

        with processes.beside(here, dict[str, int], project.files, workers) as known:
            yield known


def _commit(root: str, revision: str) -> str:
    """The commit that the revision names."""
    name, dots, _ = revision.partition("...")
    missing = f"--since {revision}: no such revision here"
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        fetch = f"git fetch --depth=1 origin {name}" if not dots else "git fetch --unshallow"
        missing += f"; the clone is shallow, so run: {fetch}"
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", because=missing).strip()
    if dots:
        return _git(root, "merge-base", commit, "HEAD", because=missing).strip()
    return commit


def _extract(top: str, commit: str, folder: str) -> None:
    """Write the Python files, ignore files and files that start servers of a commit into a folder.

    Objects are read one by one: `git archive` leaves out what `export-ignore` marks.
    """
    listing = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit)
    wanted = []
    for entry in listing.split("\0"):
        mode_type_id, _, name = entry.partition("\t")
        if (name.endswith((".py", ".gitignore")) or starts_servers(name)) and mode_type_id.startswith("100"):
            wanted.append((mode_type_id.split()[2], name))
    identities = "".join(f"{identity}\n" for identity, _ in wanted)
    done = subprocess.run(
        ["git", "-C", top, "cat-file", "--batch"], input=identities.encode(), capture_output=True, check=True
    )
    position = 0
    for _, name in wanted:
        end = done.stdout.index(b"\n", position)
        size = int(done.stdout[position:end].split()[2])
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(done.stdout[end + 1 : end + 1 + size])
        position = end + size + 2


def _moved(folder: str, root: str, old: str) -> str:
    """The settings' folder as seen from the old tree, so that globs relative to it still hold."""
    return os.path.normpath(os.path.join(old, os.path.relpath(folder, root)))


def _git(folder: str, *arguments: str, because: str = "") -> str:
    """What a git command prints; `UserError` with the reason `because` when it fails."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise UserError("--since needs git, which is not installed") from None
    if done.returncode:
        raise UserError(because or f"git {arguments[0]} failed: {os.fsdecode(done.stderr).strip()}")
    return os.fsdecode(done.stdout)
