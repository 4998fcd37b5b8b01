"""An update from its beginning to its end: what is asked for, what comes of it, and the writing."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fastasync import options, project
from fastasync.errors import UserError
from fastasync.options import Answer, Question
from fastasync.updating import answers, byhand, journal, migrations, sides
from fastasync.updating.answers import Recorded
from fastasync.updating.git import Git
from fastasync.updating.history import open_history
from fastasync.updating.journal import Write
from fastasync.updating.merge import Change, Merge, merge
from fastasync.updating.place import Place, open_place, undo_interrupted
from fastasync.updating.sides import Side

Conflict = Literal["inline", "rej"]
Changed = Callable[[Mapping[str, Question], Recorded], Mapping[str, Answer]]
"""Gives the answers that are to change, from the questions of the template and what is recorded."""


@dataclass(frozen=True)
class Wish:
    """What to do with the project in `folder`: bring it to a release, with some answers changed."""

    folder: Path
    recorded: Recorded
    release: str
    changed: Changed
    label: str
    conflict: Conflict = "inline"
    dry_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    merge: Merge
    by_hand: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether the project was as it should be already."""
        return not self.merge.changes and not self.merge.conflicts and not self.merge.rejected

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to resolve."""
        return not self.merge.conflicts and not self.merge.rejected


def start(folder: Path, told: Callable[[str], None]) -> Recorded:
    """What a project remembers; what an interrupted command wrote into it is undone first, and told of.

    Raises `UserError` for a project that `fastasync new` did not make.
    """
    if undo_interrupted(folder):
        told("An interrupted command was undone first.")
    return answers.load(folder)


def carry_out(wish: Wish) -> Outcome:
    """Do what is wished, all of it or nothing; on a dry run, only find out what it would be.

    Raises `UserError` for what the user can mend.
    """
    recorded, place = wish.recorded, open_place(wish.folder)
    with ExitStack() as stack:
        scratch = stack.enter_context(project.staging_folder(None))
        history = stack.enter_context(open_history())
        old_template = history.extract(recorded.release, scratch / "old-template")
        new_template = old_template
        if wish.release != recorded.release:
            new_template = history.extract(wish.release, scratch / "new-template")
        questions = options.load_questions(new_template)
        complete = answers.complete(questions, recorded.answers, wish.changed(questions, recorded))
        after = Recorded(wish.release, complete)
        keys = sides.new_secrets()
        old = sides.render(old_template, scratch / "old", recorded, keys)
        new = sides.render(new_template, scratch / "new", after, keys)
        migrations.follow_the_users(place.folder, old, new)
        merged = merge(
            scratch / "merge", place.git, place.tree, old.folder, new.folder,
            decided=answers.FILE, label=wish.label, reject=wish.conflict == "rej",
        )  # fmt: skip
        _check_room(place, merged)
        environment, added = _environment(place, old, new)
        outcome = Outcome(merged, byhand.steps(old, new, merged, place.folder, added))
        if not wish.dry_run and not outcome.is_empty:
            writes = [*_files(place, merged), *environment, _index(place, merged, scratch)]
            journal.apply(place.journal, writes, place.folder)
            # Git remembers when it last looked at a file; without this, `git diff-index` takes each for changed.
            place.git.succeeds("update-index", "-q", "--refresh", "--unmerged")
    return outcome


def _check_room(place: Place, merged: Merge) -> None:
    """What git does not know must not be written over."""
    new = [change.path for change in merged.changes if change.kind == "added"]
    for path in (*new, *(f"{name}.rej" for name in merged.rejected)):
        if os.path.lexists(place.folder / path):
            raise UserError(f"{path} would be written over, and git does not know it: move it away, or commit it.")


def _environment(place: Place, old: Side, new: Side) -> tuple[list[Write], list[str]]:
    """The change of `.env`, where there is one, and the settings that it adds."""
    path = place.folder / sides.ENVIRONMENT
    if not path.is_file():
        return [], []
    text, added = sides.extend_environment(path.read_text("utf-8"), old, new)
    return ([Write(path, text.encode())], added) if added else ([], [])


def _files(place: Place, merged: Merge) -> list[Write]:
    """The files of the project that change, as they lie on this machine: with its ends of lines."""
    git = place.git.using(GIT_ALTERNATE_OBJECT_DIRECTORIES=str(merged.scratch.folder / "objects"))

    def write(change: Change) -> Write:
        if change.entry is None:
            return Write(place.folder / change.path, None)
        mode, blob = change.entry
        content = git.read("cat-file", "--filters", f"--path={place.prefix}{change.path}", blob)
        return Write(place.folder / change.path, content, executable=mode == "100755")

    patches = (Write(place.folder / f"{path}.rej", text.encode()) for path, text in merged.rejected.items())
    return [*map(write, merged.changes), *patches]


def _index(place: Place, merged: Merge, scratch: Path) -> Write:
    """The repository's index with everything that was merged staged, and the conflicts as git records them."""
    _take_objects(place.git, merged)
    own = scratch / "index"
    own.write_bytes(place.index.read_bytes())
    zero = "0" * len(place.tree)
    lines = []
    for change in merged.changes:
        mode, blob = change.entry or ("0", zero)
        lines.append(f"{mode} {blob}\t{place.prefix}{change.path}\0")
    for path, stages in merged.conflicts.items():
        lines.append(f"0 {zero}\t{place.prefix}{path}\0")
        lines += (f"{mode} {blob} {stage}\t{place.prefix}{path}\0" for stage, (mode, blob) in stages.items())
    # Paths of the index are those from the top of the repository.
    top = Git(Path(place.git("rev-parse", "--show-toplevel").rstrip("\n")))
    top.using(GIT_INDEX_FILE=str(own))("update-index", "-z", "--index-info", stdin="".join(lines))
    return Write(place.index, own.read_bytes())


def _take_objects(git: Git, merged: Merge) -> None:
    """Copy the objects that the index will name into the user's repository."""
    named = {change.entry[1] for change in merged.changes if change.entry}
    named |= {blob for stages in merged.conflicts.values() for _, blob in stages.values()}
    pack = merged.scratch.read("pack-objects", "--stdout", "--quiet", stdin="\n".join(sorted(named)).encode())
    git.read("unpack-objects", "-q", stdin=pack)
