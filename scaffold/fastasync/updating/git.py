"""Running git, whatever the surroundings say about other repositories."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastasync.errors import UserError

OLDEST = (2, 38)
"""The first git whose `merge-tree` merges without a work tree."""

# Set while git runs a hook; they would lead to the repository of that hook.
_ELSEWHERE = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
_SOMEONE = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "fastasync", "EMAIL": "fastasync@localhost", "DATE": "2000-01-01T00:00:00Z"}.items()
}


class GitError(UserError):
    """A git command that had to succeed did not."""


@dataclass(frozen=True)
class Git:
    """Git in one folder. `variables` are added to its environment."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, stdin: str | None = None, allowed: Sequence[int] = (0,)) -> str:
        """What the command prints; names of files survive whatever their encoding is."""
        given = None if stdin is None else stdin.encode("utf-8", "surrogateescape")
        return self.read(*arguments, stdin=given, allowed=allowed).decode("utf-8", "surrogateescape")

    def read(self, *arguments: str, stdin: bytes | None = None, allowed: Sequence[int] = (0,)) -> bytes:
        """What the command prints, as bytes. Raises `GitError` when its exit status is none of `allowed`."""
        done = self._run(arguments, stdin)
        if done.returncode not in allowed:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit status {done.returncode}"]
            raise GitError(f"git {arguments[0]} failed in {self.folder}: {told[-1]}")
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Whether the command's exit status is 0."""
        return self._run(arguments, None).returncode == 0

    def using(self, **variables: str) -> "Git":
        """The same, with more variables."""
        return Git(self.folder, {**self.variables, **variables})

    def _run(self, arguments: Sequence[str], stdin: bytes | None) -> "subprocess.CompletedProcess[bytes]":
        environment = {key: value for key, value in os.environ.items() if key not in _ELSEWHERE}
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**environment, "LC_ALL": "C", "GIT_LFS_SKIP_SMUDGE": "1", **self.variables},
            input=b"" if stdin is None else stdin,
            capture_output=True,
            check=False,
        )


def check_installed() -> None:
    """Raise `UserError` when there is no git, or an old one."""
    if shutil.which("git") is None:
        raise UserError("git is not installed, and updates are merged by it: install git 2.38 or newer.")
    words = Git(Path())("version").split()
    numbers = tuple(int(part) for part in words[2].split(".")[:2])
    if numbers < OLDEST:
        raise UserError(f"git {words[2]} cannot merge without a work tree: install git 2.38 or newer.")


def scratch_repository(folder: Path, borrowed: Path | None) -> Git:
    """A new bare repository, apart from everybody's settings; it can read the objects of the repository `borrowed`."""
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    folder.mkdir(parents=True)
    git = Git(folder, {**settings, **_SOMEONE})
    kind = Git(borrowed)("rev-parse", "--show-object-format").strip() if borrowed else "sha1"
    git("init", "--quiet", "--bare", "--initial-branch=main", "--template=", f"--object-format={kind}")
    if borrowed is not None:
        objects = Git(borrowed)("rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip("\n")
        info = folder / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_text(f"{objects}\n", "utf-8", newline="\n")
    return git


def write_tree(scratch: Git, folder: Path) -> str:
    """The tree of everything in a folder, as an object of the scratch repository."""
    index = scratch.folder / "folder.index"
    index.unlink(missing_ok=True)
    git = scratch.using(GIT_INDEX_FILE=str(index), GIT_WORK_TREE=str(folder.resolve()), GIT_DIR=str(scratch.folder))
    git("-c", "core.autocrlf=false", "-c", "core.bare=false", "add", "--all", "--force")
    return git("write-tree").strip()
