"""The order of a project's migrations, and where the template's new ones go in it."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastasync.updating.sides import Side

FOLDER = Path("migrations", "versions")
_DOWN = re.compile(r"^(down_revision\b[^=\n]*=\s*).*$", re.MULTILINE)
_TOLD = re.compile(r"^(Revises:).*$", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """One file: what it makes, and after which ones it runs."""

    path: Path
    revision: str
    after: tuple[str, ...]


def read(folder: Path) -> list[Migration]:
    """The migrations of a project; a file that says neither is none."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.py")):
        try:
            body = ast.parse(path.read_bytes()).body
        except SyntaxError:
            continue
        values = dict(_assigned(body))
        if isinstance(revision := values.get("revision"), str):
            found.append(Migration(path, revision, _as_names(values.get("down_revision"))))
    return found


def _assigned(body: Iterable[ast.stmt]) -> Iterable[tuple[str, object]]:
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant | ast.Tuple | ast.List):
                try:
                    yield target.id, ast.literal_eval(value)
                except ValueError:
                    continue


def _as_names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, tuple | list) else (value,)
    return tuple(name for name in names if isinstance(name, str))


def heads(migrations: Iterable[Migration]) -> list[str]:
    """The revisions that no other one follows, in the order of their files."""
    migrations = list(migrations)
    followed = {name for one in migrations for name in one.after}
    return [one.revision for one in migrations if one.revision not in followed]


def follow_the_users(folder: Path, old: Side, new: Side) -> None:
    """Let the migrations that the new side adds run after those of the user in `folder`.

    Both started from the template's last migration, and two ends of one history are an error to Alembic. With more ends
    than one the user has to decide, so nothing is changed then.
    """
    users = read(folder)
    ends = heads(users)
    had = {one.path.name for one in (*users, *read(old.folder))}
    if len(ends) != 1:
        return
    for migration in read(new.folder):
        if migration.path.name in had or migration.after == (ends[0],):
            continue
        if set(migration.after) & {one.revision for one in users}:
            text = _DOWN.sub(rf'\g<1>"{ends[0]}"', migration.path.read_text("utf-8"), count=1)
            migration.path.write_text(_TOLD.sub(rf"\g<1> {ends[0]}", text, count=1), "utf-8")
