"""The command line of `fastasync add resource`, and its steps."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastasync.errors import UserError

if TYPE_CHECKING:
    from fastasync.resource.naming import Names
    from fastasync.resource.target import Project


def resource(
    name: Annotated[str, typer.Argument(help="What one of them is called: author.", show_default=False)],
    fields: Annotated[
        list[str], typer.Argument(help="Its fields: title:str:200:index 'author:ref(authors)'.", show_default=False)
    ],
    plural: Annotated[str | None, typer.Option(help="The name of the table and the route.", show_default=False)] = None,
    directory: Annotated[Path, typer.Option(help="The project's folder.")] = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change, write nothing.")] = False,
) -> None:
    """Add a table with its model, migration, schemas, endpoints and tests, wired into the project.

    A field is `name:type`, with `?` after the type when it is optional, then any of `:length`, `:index` and `:unique`,
    and `=default` at the end. Types are `str`, `text`, `int`, `float`, `decimal`, `bool`, `date`, `datetime`, `uuid`,
    `enum(draft,live)` and `ref(authors)`, a reference to a table.
    """
    plan = make_plan(directory, name, fields, plural)
    if not plan.texts:
        typer.echo(f"The resource {plan.names.singular} is there already: nothing changed.")
        return
    if dry_run:
        _print_difference(plan)
        return
    _write(plan)
    _print_next_steps(plan)


@dataclass(frozen=True)
class Plan:
    """The files to write, each with its text; those that are as they should be are left out."""

    project: "Project"
    names: "Names"
    texts: dict[Path, str]


def make_plan(folder: Path, name: str, fields: list[str], plural: str | None) -> Plan:
    """Read the project, and work out everything that changes; nothing is written.

    Raises `UserError` for what the user can mend.
    """
    from datetime import UTC, datetime

    from fastasync.resource import render, wire
    from fastasync.resource.grammar import parse_fields
    from fastasync.resource.naming import names_of
    from fastasync.resource.target import load_migrations, load_project
    from fastasync.updating.place import undo_interrupted

    names = names_of(name, plural)
    parsed = parse_fields(fields)
    project = load_project(folder)
    if undo_interrupted(project.folder):
        typer.echo("An interrupted command was undone first.")
    added = render.resource_in(project, names, parsed)
    migrations = load_migrations(project)
    files, shared = render.render_files(project, added), render.render_shared(project, added)
    _check_free(project, names, files, shared)
    texts = files | wire.wire(project, names)
    texts |= {path: text for path, text in shared.items() if _is_missing(path, text)}
    if names.plural not in migrations.tables:
        texts |= render.render_migration(project, added, migrations, datetime.now(UTC))
    return Plan(project, names, {path: text for path, text in texts.items() if _text_of(path) != text})


def _write(plan: Plan) -> None:
    from fastasync.updating import journal
    from fastasync.updating.place import UNVERSIONED_JOURNAL

    writes = [journal.Write(path.resolve(), text.encode()) for path, text in plan.texts.items()]
    journal.apply(plan.project.folder / UNVERSIONED_JOURNAL, writes, plan.project.folder)


def _check_free(project: "Project", names: "Names", files: dict[Path, str], shared: Collection[Path]) -> None:
    """Refuse to write over anything, but a file that is exactly what would be written."""
    if (module := project.source / f"{names.plural}.py").exists() or module in shared:
        raise UserError(f"{module} is in the way of the new package: choose another --plural.")
    for path, text in files.items():
        if _text_of(path) not in {None, text}:
            raise UserError(
                f"There is a resource {names.singular} already, and {path} is not what this command writes: "
                "change it by hand, or choose another NAME."
            )
    table = project.tables.get(names.plural)
    if table is not None and table.module != f"{names.plural}.models":
        raise UserError(f"{table.model} in {table.module} has the table {names.plural} already: choose another NAME.")


def _is_missing(path: Path, text: str) -> bool:
    """Whether a shared file has to be made. One that is there may have been changed, but must offer what is used."""
    import ast

    from fastasync.resource.target import defined_in, parse

    if not path.exists():
        return True
    if missing := sorted(defined_in(ast.parse(text)) - defined_in(parse(path))):
        raise UserError(f"{path} does not define {missing[0]}, which new resources use: add it, or rename the file.")
    return False


def _text_of(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}.") from None


def _print_difference(plan: Plan) -> None:
    from difflib import unified_diff

    for path, text in sorted(plan.texts.items()):
        name = path.relative_to(plan.project.folder).as_posix()
        before = _text_of(path)
        typer.echo(f"{'new' if before is None else 'changed':8} {name}")
        if before is not None:
            lines = unified_diff(before.splitlines(), text.splitlines(), name, name, n=1, lineterm="")
            typer.echo("\n".join(f"    {line}" for line in lines))
    typer.echo("Nothing was written.")


def _print_next_steps(plan: Plan) -> None:
    """Say what was made, and what to do now."""
    import shutil

    names, folder = plan.names, plan.project.folder
    prefix = "uv run" if shutil.which("uv") else "python -m"
    files = [path.relative_to(folder).as_posix() for path in sorted(plan.texts)]
    steps = [f"{prefix} alembic upgrade head", f"{prefix} pytest tests/test_{names.plural}.py"]
    is_new = plan.project.source / names.plural / "models.py" in plan.texts
    done = f"Added {names.one}, on {names.route}" if is_new else f"Added what was missing of {names.one}"
    typer.echo(f"{done}:\n" + "\n".join(f"  {file}" for file in files))
    typer.echo("Next:\n" + "\n".join(f"  {step}" for step in steps))
