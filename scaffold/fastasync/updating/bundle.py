"""Makes the template's history: a git bundle with one commit and one tag for each release.

The build does it (`hatch_build.py`), so that a wheel carries the history; a checkout makes it when asked.
"""

import tempfile
from pathlib import Path

from packaging.version import InvalidVersion, Version

from fastasync.updating.git import Git, GitError, scratch_repository, write_tree


def write_bundle(template: Path, version: str, out: Path, repository: Path | None) -> list[str]:
    """Write the history that ends with `version` to the file `out`.

    The releases are the tags `v<version>` of `repository`, the folder that holds `template`. Where this version has no
    tag yet, it is the template as it is on disk.

    Gives the tags that are left out because their files are elsewhere: pip's clones, for one, are partial, and ask
    where they come from for what they need.
    """
    unread = []
    with tempfile.TemporaryDirectory(prefix="fastasync-") as folder:
        scratch = scratch_repository(Path(folder) / "history", repository)
        trees = _released(template, version, repository) if repository else {}
        if repository is not None:
            unread = [tag for tag, tree in trees.items() if not _take(scratch, Git(repository), tree)]
            trees = {tag: tree for tag, tree in trees.items() if tag not in unread}
        trees.setdefault(f"v{version}", write_tree(scratch, template))
        parents: list[str] = []
        for tag, tree in trees.items():
            commit = scratch("commit-tree", tree, *parents, "-m", tag).strip()
            scratch("update-ref", f"refs/tags/{tag}", commit)
            parents = ["-p", commit]
        scratch("update-ref", "refs/heads/main", commit)
        # One thread: the same history is the same file.
        scratch("-c", "pack.threads=1", "bundle", "create", "--quiet", str(out.resolve()), "HEAD", "--all")
    return unread


def _take(scratch: Git, git: Git, tree: str) -> bool:
    """Copy a tree with all that is in it, and say whether everything was there."""
    try:
        # Packing is what makes a partial clone fetch what it lacks, all at once.
        pack = git.using(GIT_TERMINAL_PROMPT="0").read(
            "pack-objects", "--revs", "--stdout", "--quiet", stdin=f"{tree}\n".encode()
        )
    except GitError:
        return False
    scratch.read("unpack-objects", "-q", stdin=pack)
    return True


def _released(template: Path, version: str, repository: Path) -> dict[str, str]:
    """The template's tree in each release up to `version`, by tag, oldest first."""
    git = Git(repository)
    inside = template.resolve().relative_to(repository.resolve()).as_posix()
    tags = {tag: found for tag in git("tag", "--list", "v*").split() if (found := _version(tag))}
    current = Version(version)
    return {
        tag: git("rev-parse", f"{tag}:{inside}").strip()
        for tag in sorted(tags, key=tags.__getitem__)
        if tags[tag] <= current and git.succeeds("rev-parse", "--quiet", "--verify", f"{tag}:{inside}/copier.yml")
    }


def _version(tag: str) -> Version | None:
    try:
        return Version(tag)
    except InvalidVersion:
        return None


def checkout_of(template: Path) -> Path | None:
    """The repository whose work tree holds `templates/<name>` at its top, or None outside of a checkout."""
    top = template.resolve().parents[1]
    try:
        git = Git(top)
        found = git.succeeds("rev-parse", "--git-dir") and not git("rev-parse", "--show-prefix").strip()
        return top if found else None
    except FileNotFoundError:  # there is no git
        return None
