"""The project that is to be changed, as git sees it."""

from dataclasses import dataclass
from pathlib import Path

from fastasync.errors import UserError
from fastasync.updating import journal
from fastasync.updating.git import Git, check_installed

JOURNAL = "fastasync-update"


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
    check_installed()
    git = Git(folder)
    if not folder.is_dir() or not git.succeeds("rev-parse", "--is-inside-work-tree"):
        return False
    return journal.recover(Place(folder, git, "").journal)


def open_place(folder: Path) -> Place:
    """Find the repository of a project.

    Raises `UserError` outside of a repository, and while there is anything that is not committed.
    """
    folder = folder.resolve()
    git = Git(folder)
    if not git.succeeds("rev-parse", "--is-inside-work-tree"):
        raise UserError(
            f"{folder} is not in a git repository, and an update is merged with what is committed: "
            "run git init, git add --all and git commit there first."
        )
    place = Place(folder, git, git("rev-parse", "--show-prefix").rstrip("\n"))
    if changed := git("status", "--porcelain", "-z", "--untracked-files=all", "--", ".").split("\0")[:-1]:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise UserError(f"There are changes in {folder} ({changed[0][3:]}{more}): commit or stash them first.")
    if not git.succeeds("rev-parse", "--verify", "--quiet", f"HEAD:{place.prefix}"):
        raise UserError(f"{folder} is not committed yet: run git add --all and git commit there first.")
    return place
