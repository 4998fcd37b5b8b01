"""What is said about an update."""

from collections import Counter

from fastasync.updating.work import Outcome

UNDO = "git restore --source=HEAD --staged --worktree ."


def describe(outcome: Outcome, headline: str, *, dry_run: bool) -> str:
    """The whole report: the files, what is left to do, and how to go on or back."""
    lines = [f"{headline}: {_count(outcome)}.", *_files(outcome)]
    if outcome.by_hand:
        lines += ["By hand:", *(f"  {number}. {step}" for number, step in enumerate(outcome.by_hand, 1))]
    if dry_run:
        lines.append("Nothing was written.")
    else:
        lines.append("Read it with `git diff --staged`, then commit.")
        patches = ", and delete the `.rej` files" if outcome.merge.rejected else ""
        lines.append(f"Or undo it with `{UNDO}` in the project's folder{patches}.")
    return "\n".join(lines)


def _count(outcome: Outcome) -> str:
    conflicts = {**outcome.merge.conflicts, **outcome.merge.rejected}
    counts = Counter(change.kind for change in outcome.merge.changes if change.path not in conflicts)
    parts = [f"{counts[kind]} {kind}" for kind in ("changed", "added", "removed") if counts[kind]]
    return ", ".join([*parts, f"{len(conflicts)} in conflict"] if conflicts else parts)


def _files(outcome: Outcome) -> list[str]:
    conflicts = {**outcome.merge.conflicts, **outcome.merge.rejected}
    kinds = {change.path: change.kind for change in outcome.merge.changes}
    kinds_and_conflicts = {**kinds, **dict.fromkeys(conflicts, "conflict")}
    return [f"  {kind:<8}  {path}" for path, kind in sorted(kinds_and_conflicts.items())]
