"""The project that is to be changed, as git sees it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from fastasync.errors import UserError
from fastasync.updating import journal
from fastasync.updating.git import Git, check_installed

JOURNAL = "fastasync-update"
"""In the repository's own folder, so that it is no change of the project."""
UNVERSIONED_JOURNAL = ".fastasync-journal"
"""In the project, for commands that need no repository."""


@dataclass(frozen=True)
class Place:
    """A project's folder in a repository; `prefix` is the way from the repository's top to it, with `/` at its end."""

    folder: Path
    git: Git
    prefix: str

    @property
    def index(self) -> Path:
        """The repository's index."""
        return self._inside("index")

    @property
    def journal(self) -> Path:
        """Where writes are recorded while they happen."""
        return self._inside(JOURNAL)

    @property
    def tree(self) -> str:
        """The committed project."""
        return self.git("rev-parse", f"HEAD:{self.prefix}").strip()

    def _inside(self, name: str) -> Path:
        return Path(self.git("rev-parse", "--path-format=absolute", "--git-path", name).rstrip("\n"))


def undo_interrupted(folder: Path) -> bool:
    """Undo what an interrupted command wrote into a project, and say whether there was anything."""
    if not folder.is_dir():
        return False
    undone = journal.recover(folder / UNVERSIONED_JOURNAL)
    if shutil.which("git") is None or not Git(folder).succeeds("rev-parse", "--is-inside-work-tree"):
        return undone
    place = Place(folder, Git(folder), "")

    def is_same(path: Path, written: Path) -> bool:
        if path != place.index:
            return journal.have_same_bytes(path, written)
        # Whatever asks for the status, a prompt or an editor, writes down in the index when it looked at files.
        return _staged(place.git, path) == _staged(place.git, written)

    return journal.recover(place.journal, is_same) or undone


def _staged(git: Git, index: Path) -> str | None:
    """What an index says of all files."""
    return git.using(GIT_INDEX_FILE=str(index))("ls-files", "--stage", "-z", ":/") if index.is_file() else None


def open_place(folder: Path) -> Place:
    """Find the repository of a project.

    Raises `UserError` outside of a repository, and while there is anything that is not committed.
    """
    check_installed()
    folder = folder.resolve()
    git = Git(folder)
    if not git.succeeds("rev-parse", "--is-inside-work-tree"):
        raise UserError(
            f"{folder} is not in a git repository, and an update is merged with what is committed: "
            "run git init, git add --all and git commit there first."
        )
    place = Place(folder, git, git("rev-parse", "--show-prefix").rstrip("\n"))
    if unmerged := sorted(set(git("diff", "--name-only", "-z", "--diff-filter=U", "--relative").split("\0")[:-1])):
        raise UserError(f"There are conflicts in {folder} ({', '.join(unmerged)}): resolve and commit them first.")
    if changed := git("status", "--porcelain", "-z", "--untracked-files=all", "--", ".").split("\0")[:-1]:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise UserError(f"There are changes in {folder} ({changed[0][3:]}{more}): commit or stash them first.")
    if not git.succeeds("rev-parse", "--verify", "--quiet", f"HEAD:{place.prefix}"):
        raise UserError(f"{folder} is not committed yet: run git add --all and git commit there first.")
    return place
