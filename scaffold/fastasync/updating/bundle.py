"""Makes the template's history: a git bundle with one commit and one tag for each release.

The build runs this module (`hatch_build.py`), so that a wheel carries the history; a checkout makes it when asked.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version

from fastasync.updating.git import Git, scratch_repository, write_tree


def write_bundle(template: Path, version: str, out: Path, repository: Path | None) -> None:
    """Write the history that ends with `version` to the file `out`.

    The releases are the tags `v<version>` of `repository`, the folder that holds `template`. Where this version has no
    tag yet, it is the template as it is on disk.
    """
    with tempfile.TemporaryDirectory(prefix="fastasync-") as folder:
        scratch = scratch_repository(Path(folder) / "history", repository)
        trees = _released(template, version, repository) if repository else {}
        trees.setdefault(f"v{version}", write_tree(scratch, template))
        parents: list[str] = []
        for tag, tree in trees.items():
            commit = scratch("commit-tree", tree, *parents, "-m", tag).strip()
            scratch("update-ref", f"refs/tags/{tag}", commit)
            parents = ["-p", commit]
        scratch("update-ref", "refs/heads/main", commit)
        # One thread: the same history is the same file.
        scratch("-c", "pack.threads=1", "bundle", "create", "--quiet", str(out.resolve()), "HEAD", "--all")


def _released(template: Path, version: str, repository: Path) -> dict[str, str]:
    """The template's tree in each release up to `version`, by tag, oldest first."""
    git = Git(repository)
    inside = template.resolve().relative_to(repository.resolve()).as_posix()
    tags = {tag: found for tag in git("tag", "--list", "v*").split() if (found := _version(tag))}
    current = Version(version)
    return {
        tag: git("rev-parse", f"{tag}:{inside}").strip()
        for tag in sorted(tags, key=tags.__getitem__)
        if tags[tag] <= current and git.succeeds("cat-file", "-e", f"{tag}:{inside}/copier.yml")
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


def main(arguments: Sequence[str]) -> None:
    """TEMPLATE VERSION OUT."""
    template, version, out = arguments
    write_bundle(Path(template), version, Path(out), checkout_of(Path(template)))


if __name__ == "__main__":
    main(sys.argv[1:])
