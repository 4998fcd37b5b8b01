"""The three-way merge: what the template changed goes into what the user has, on git objects alone.

Git's own merge does it, on three commits of a scratch repository that borrows the user's objects: the template as it
was rendered last, the user's project, and the template as it is rendered now. So it follows moved files, and its
conflicts are those that git users know. Nothing of the user is touched.
"""

import difflib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fastasync.project import format_text
from fastasync.updating import lists
from fastasync.updating.git import Git, scratch_repository, write_tree

Kind = Literal["added", "changed", "removed"]
Entry = tuple[str, str]
"""Mode and object."""

_KINDS: Mapping[str, Kind] = {"A": "added", "M": "changed", "T": "changed", "D": "removed"}
_YOURS, _TEMPLATES = 2, 3


@dataclass(frozen=True)
class Change:
    """What happens to one file; `entry` is what it becomes."""

    path: str
    kind: Kind
    entry: Entry | None


@dataclass(frozen=True)
class Merge:
    """The outcome. All paths are relative to the project."""

    scratch: Git
    changes: tuple[Change, ...]
    conflicts: Mapping[str, Mapping[int, Entry]]
    """By path, the versions that git keeps in the index until a conflict is resolved."""
    rejected: Mapping[str, str]
    """By path, a patch with what the template changed in vain."""
    still_deleted: tuple[str, ...]
    """Files that the user deleted and the template changed."""
    kept: tuple[str, ...]
    """Files that the user changed and the template dropped."""


@dataclass
class _Sorting:
    """The conflicts of a merge, by what becomes of them."""

    conflicts: dict[str, dict[int, Entry]] = field(default_factory=dict)
    still_deleted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def merge(
    scratch_folder: Path, user: Git, tree: str, old: Path, new: Path, *, decided: str, label: str, reject: bool
) -> Merge:
    """Merge the folders `old` and `new` with the project whose tree is `tree` in the repository `user`.

    The file `decided` is taken from `new`, whatever the user made of it. `label` names the template's side in
    conflicts; with `reject`, the user's side stays in the file and the other one becomes a patch.
    """
    scratch = scratch_repository(scratch_folder, user.folder)
    before, after = write_tree(scratch, old), write_tree(scratch, new)
    base = scratch("commit-tree", before, "-m", "The template as it was").strip()
    yours = _replace(scratch, tree, {decided: scratch("rev-parse", f"{before}:{decided}").strip()})
    scratch("update-ref", "HEAD", scratch("commit-tree", yours, "-p", base, "-m", "The project").strip())
    theirs = scratch("commit-tree", after, "-p", base, "-m", "The template as it is").strip()
    scratch("update-ref", f"refs/heads/{label}", theirs)

    merged, unmerged = _merge_trees(scratch, label)
    found = _sort(unmerged)
    resolved = dict(_merge_lists(scratch, user.folder, found.conflicts))
    for path in resolved:
        del found.conflicts[path]
    removals: dict[str, str | None] = dict.fromkeys(found.still_deleted)
    yours_again = {path: unmerged[path][_YOURS][1] for path in found.kept}
    merged = _replace(scratch, merged, {**removals, **yours_again, **resolved})
    rejected: dict[str, str] = {}
    if reject:
        sides = {path: _sides(scratch, stages) for path, stages in found.conflicts.items()}
        merged = _replace(scratch, merged, {path: _blob(scratch, mine) for path, (mine, _) in sides.items()})
        rejected = {path: _patch(path, *pair) for path, pair in sides.items()}
        found.conflicts.clear()
    return Merge(
        scratch,
        tuple(_changes(scratch, tree, merged)),
        found.conflicts,
        rejected,
        tuple(found.still_deleted),
        tuple(found.kept),
    )


def _merge_trees(scratch: Git, label: str) -> tuple[str, dict[str, dict[int, Entry]]]:
    """The merged tree, and the versions of what is in conflict."""
    # Files of the user stay where they are, even when the template moved all others of a folder.
    told = scratch(
        "-c", "merge.directoryRenames=false", "merge-tree", "--write-tree", "-z", "--no-messages", "HEAD", label,
        allowed=(0, 1),
    )  # fmt: skip
    merged, *lines = told.split("\0")
    unmerged: dict[str, dict[int, Entry]] = {}
    for line in filter(None, lines):
        meta, path = line.split("\t", 1)
        mode, blob, stage = meta.split(" ")
        unmerged.setdefault(path, {})[int(stage)] = (mode, blob)
    return merged, unmerged


def _sort(unmerged: Mapping[str, dict[int, Entry]]) -> _Sorting:
    """A file that one side dropped stays as the user has it; all else is for the user to resolve."""
    found = _Sorting()
    for path, stages in unmerged.items():
        if stages.keys() == {1, _TEMPLATES}:
            found.still_deleted.append(path)
        elif stages.keys() == {1, _YOURS}:
            found.kept.append(path)
        else:
            found.conflicts[path] = stages
    return found


def _merge_lists(
    scratch: Git, project: Path, conflicts: Mapping[str, Mapping[int, Entry]]
) -> Iterable[tuple[str, str]]:
    """The files whose conflicts go away when their lists are merged by elements, with what they become."""
    for path, stages in conflicts.items():
        if stages.keys() != {1, _YOURS, _TEMPLATES}:
            continue
        versions = lists.agree(path, [scratch.read("cat-file", "blob", stages[stage][1]) for stage in (1, 2, 3)])
        if versions is None:
            continue
        with tempfile.TemporaryDirectory(prefix="fastasync-") as folder:
            names = [str(Path(folder).resolve() / name) for name in ("base", "yours", "theirs")]
            for name, version in zip(names, versions, strict=True):
                Path(name).write_bytes(version)
            base, yours, theirs = names
            if scratch.succeeds("merge-file", "--quiet", yours, base, theirs):
                merged = Path(yours).read_bytes()
                yield path, _blob(scratch, format_text(merged, project, path) if path.endswith(".py") else merged)


def _sides(scratch: Git, stages: Mapping[int, Entry]) -> tuple[bytes, bytes]:
    """A file with everything merged that can be, and its conflicts resolved for the user, and for the template."""
    with tempfile.TemporaryDirectory(prefix="fastasync-") as folder:
        names = []
        for stage in (_YOURS, 1, _TEMPLATES):
            names.append(str(Path(folder).resolve() / str(stage)))
            Path(names[-1]).write_bytes(scratch.read("cat-file", "blob", stages[stage][1]) if stage in stages else b"")
        if b"\0" in b"".join(Path(name).read_bytes() for name in names):
            return Path(names[0]).read_bytes(), Path(names[2]).read_bytes()
        mine, others = (scratch.read("merge-file", "-p", side, *names) for side in ("--ours", "--theirs"))
        return mine, others


def _patch(path: str, mine: bytes, others: bytes) -> str:
    """What would have to change for the template's side."""
    before, after = (side.decode("utf-8", "replace").splitlines(keepends=True) for side in (mine, others))
    lines = difflib.unified_diff(before, after, f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _blob(scratch: Git, content: bytes) -> str:
    return scratch.read("hash-object", "-w", "--stdin", stdin=content).decode().strip()


def _replace(scratch: Git, tree: str, blobs: Mapping[str, str | None]) -> str:
    """The tree with other contents of some files, or without them; a file that stays keeps its mode."""
    if not blobs:
        return tree
    index = scratch.folder / "replace.index"
    index.unlink(missing_ok=True)
    git = scratch.using(GIT_INDEX_FILE=str(index))
    git("read-tree", tree)
    modes = {path: mode for path, (mode, _) in entries(git, tree).items()}
    lines = [
        f"0 {'0' * len(tree)}\t{path}\0" if blob is None else f"{modes.get(path, '100644')} {blob}\t{path}\0"
        for path, blob in blobs.items()
    ]
    git("update-index", "-z", "--add", "--index-info", stdin="".join(lines))
    return git("write-tree").strip()


def entries(git: Git, tree: str) -> dict[str, Entry]:
    """Every file of a tree."""
    found: dict[str, Entry] = {}
    for line in filter(None, git("ls-tree", "-r", "-z", "--full-tree", tree).split("\0")):
        meta, path = line.split("\t", 1)
        mode, _, blob = meta.split(" ")
        found[path] = (mode, blob)
    return found


def _changes(scratch: Git, before: str, after: str) -> Iterable[Change]:
    final = entries(scratch, after)
    told = scratch("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, after).split("\0")
    for status, path in zip(told[::2], told[1::2], strict=False):
        yield Change(path, _KINDS[status], final.get(path))
