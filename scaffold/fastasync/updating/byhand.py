"""What an update leaves for the user to do, one sentence each."""

import shutil
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastasync.updating import imports, migrations
from fastasync.updating.merge import Merge
from fastasync.updating.sides import Setting, Side


def steps(old: Side, new: Side, merge: Merge, folder: Path, added: Sequence[str]) -> list[str]:
    """Everything, in the order in which it is best done. `added` are the settings that went into `.env`."""
    return [
        *_conflicts(merge),
        *_leftovers(merge),
        *_imports(merge, folder),
        *_dependencies(old, new),
        *_settings(old, new, added),
        *_migrations(old, new, merge, folder),
    ]


def _conflicts(merge: Merge) -> Iterable[str]:
    if merge.conflicts:
        yield f"Resolve the conflicts in {_listed(merge.conflicts)}, then `git add` {_them(merge.conflicts)}."
    for path in merge.rejected:
        yield f"Work {path}.rej into {path}, then delete it: the template changed what you changed."


def _leftovers(merge: Merge) -> Iterable[str]:
    if merge.still_deleted:
        yield f"See whether you still do without {_listed(merge.still_deleted)}: the template changed what you deleted."
    if merge.kept:
        yield f"See whether you still need {_listed(merge.kept)}: the template dropped what you changed."


def _imports(merge: Merge, folder: Path) -> Iterable[str]:
    for path, gone in imports.broken(merge, folder):
        yield f"{path} imports {gone}, which is gone: change it."


def _kinds(merge: Merge) -> dict[str, str]:
    return {change.path: change.kind for change in merge.changes}


def _dependencies(old: Side, new: Side) -> Iterable[str]:
    if _required(old) != _required(new):
        command = "uv sync" if shutil.which("uv") else "pip install --editable . --group dev"
        yield f"Install the dependencies: `{command}`."


def _required(side: Side) -> tuple[Any, Any]:
    read = tomllib.loads((side.folder / "pyproject.toml").read_text("utf-8"))
    return read.get("project", {}).get("dependencies"), read.get("dependency-groups")


def _settings(old: Side, new: Side, added: Sequence[str]) -> Iterable[str]:
    before = old.settings
    for name, setting in new.settings.items():
        if name not in before:
            yield _fill(setting, here=name in added)
        elif setting.value != before[name].value:
            yield f"Set {name} anew where the service runs: it was like {before[name].value}, now like {setting.value}."
    for name in before.keys() - new.settings.keys():
        yield f"{name} is not read any more: remove it where the service runs."


def _fill(setting: Setting, *, here: bool) -> str:
    if here:
        return f"Set {setting.name} where the service runs; `.env` has one for this machine now."
    if setting.optional:
        return f"Set {setting.name} where the service runs, unless {setting.value} is right there."
    return f"Set {setting.name} where the service runs; `.env.example` shows its form."


def _migrations(old: Side, new: Side, merge: Merge, folder: Path) -> Iterable[str]:
    runs = "uv run alembic" if shutil.which("uv") else "python -m alembic"
    database = [side.answers.get("database") for side in (old, new)]
    touched = {path: kind for path, kind in _kinds(merge).items() if Path(path).parent == migrations.FOLDER}
    removed = [path for path, kind in touched.items() if kind == "removed"]
    changed = [path for path, kind in touched.items() if kind == "changed"]
    if removed and "none" not in database:
        yield f"Before you commit, go back on each database that ran {_listed(removed)}: `{runs} downgrade`."
    if changed and database[0] == database[1]:
        yield f"Look at {_listed(changed)}: databases that ran the old version do not run it again."
    if database[0] != database[1] and "none" not in database:
        yield f"Move the data from {database[0]} to {database[1]}; nothing is copied."
    after = {one.revision: one for one in (*migrations.read(folder), *_arriving(new, touched))}
    if len(migrations.heads(after.values())) > 1:
        yield f"Join the ends of the migrations: `{runs} merge heads --message 'Join'`."
    if "added" in touched.values() or (database[0] != database[1] and database[1] != "none"):
        yield f"Migrate each database: `{runs} upgrade head`."


def _arriving(new: Side, touched: Mapping[str, str]) -> Iterable[migrations.Migration]:
    return (one for one in migrations.read(new.folder) if touched.get((migrations.FOLDER / one.path.name).as_posix()))


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _them(names: Iterable[str]) -> str:
    return "them" if len(list(names)) > 1 else "it"
