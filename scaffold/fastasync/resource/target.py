"""The project that gets a resource: what there is already, read from its files. Nothing of it is imported."""

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from fastasync.errors import UserError


@dataclass(frozen=True)
class Table:
    """A table that a field may refer to: where its model is, relative to the package, and the model's name.

    `has_id` tells whether its key is an integer `id`, as those of all generated tables are.
    """

    name: str
    module: str
    model: str
    has_id: bool


@dataclass(frozen=True)
class Migrations:
    """The revisions that no other one follows, and the tables that there are at the end."""

    folder: Path
    file_template: str
    heads: tuple[str, ...]
    tables: frozenset[str]

    def file_of(self, revision: str, slug: str, time: datetime) -> Path:
        """Where a new revision goes, as the project's Alembic would name it."""
        parts = {part: getattr(time, part) for part in ("year", "month", "day", "hour", "minute", "second")}
        name = self.file_template % {"rev": revision, "slug": slug, "epoch": int(time.timestamp()), **parts}
        return self.folder / f"{name}.py"


@dataclass(frozen=True)
class Project:
    """A project that `fastasync new` made, with a database."""

    folder: Path
    package: str
    database: str
    models: str

    @property
    def source(self) -> Path:
        """The folder of the package."""
        return self.folder / "src" / self.package

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of the models, by name."""
        files = sorted(self.source.rglob("*.py"))
        return {table.name: table for path in files for table in _tables_in(path, self.source)}

    @cached_property
    def service_name(self) -> str | None:
        """The name of the modules with the logic of a resource, if the project keeps it in such."""
        found = (name for name in ("service", "services") if any(self.source.glob(f"*/{name}.py")))
        return next(found, None)

    def has_guarded_delete(self, table: Table) -> bool:
        """Whether the table's resource answers in words when a row that is in use is to be deleted."""
        path = self.source / table.name / "routes.py"
        if not path.is_file():
            return False
        functions = [node for node in ast.walk(parse(path)) if isinstance(node, ast.AsyncFunctionDef)]
        deleting = [function for function in functions if function.name.startswith(("delete_", "remove"))]
        return any(isinstance(node, ast.ExceptHandler) for function in deleting for node in ast.walk(function))


def load_project(folder: Path) -> Project:
    """The project in a folder.

    Raises `UserError` when fastasync did not make it, or it has no database.
    """
    from fastasync.updating import answers

    recorded = answers.load(folder)
    database, models = (str(recorded.answers.get(key, "none")) for key in ("database", "models"))
    if "none" in {database, models}:
        raise UserError(
            f"{recorded.name} has no database, and a resource is a table: "
            "run fastasync update --data database=sqlite first, or another database."
        )
    project = Project(folder.resolve(), recorded.package, database, models)
    if not project.source.is_dir():
        raise UserError(f"{project.source} is not there: a resource goes into the package that `fastasync new` made.")
    return project


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file of the project."""
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}. Mend it first.") from None


def _tables_in(path: Path, source: Path) -> Iterator[Table]:
    for node in parse(path).body:
        if isinstance(node, ast.ClassDef):
            assigned = dict(_assignments(node.body))
            table = assigned.get("__tablename__")
            if isinstance(table, str):
                module = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
                yield Table(table, module, node.name, _has_id(node.body))


def _has_id(body: list[ast.stmt]) -> bool:
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id="id"), annotation=annotation, value=ast.Call(keywords=keywords)):
                words = {name.id for name in ast.walk(annotation) if isinstance(name, ast.Name)}
                return "int" in words and any(keyword.arg == "primary_key" for keyword in keywords)
    return False


def _assignments(body: list[ast.stmt]) -> Iterator[tuple[str, Any]]:
    """Names that are assigned a constant or a display of constants there."""
    for node in body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                try:
                    yield name, ast.literal_eval(cast(ast.expr, value))
                except (ValueError, TypeError):
                    continue


def load_migrations(project: Project) -> Migrations:
    """The project's migrations, without running them.

    Raises `UserError` when there is no history to add to.
    """
    from fastasync.updating import migrations

    folder = project.folder / migrations.FOLDER
    counts: dict[str, int] = {}
    for path in sorted(folder.glob("*.py")):
        for table, change in _changes(parse(path)):
            counts[table] = counts.get(table, 0) + change
    found = migrations.read(project.folder)
    heads = migrations.heads(found)
    if not folder.is_dir() or (found and not heads):
        raise UserError(f"{folder} is not a history of migrations: restore it, or mend `down_revision` there.")
    tables = frozenset(name for name, count in counts.items() if count > 0)
    return Migrations(folder, _file_template(project.folder / "alembic.ini"), tuple(heads), tables)


def _file_template(path: Path) -> str:
    settings = ConfigParser(defaults={"here": str(path.parent)})
    try:
        settings.read_string(path.read_text("utf-8"))
        return settings["alembic"].get("file_template", "%(rev)s_%(slug)s")
    except (OSError, UnicodeDecodeError, ConfigError, KeyError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path} does not say how migrations are named: {reason}. Restore it.") from None


def _changes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each table that `upgrade` makes, with 1, and each that it drops, with -1."""
    upgrades = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    for node in (node for function in upgrades for node in ast.walk(function)):
        match node:
            case ast.Call(func=ast.Attribute(attr="create_table"), args=[ast.Constant(value=str(name)), *_]):
                yield name, 1
            case ast.Call(func=ast.Attribute(attr="drop_table"), args=[ast.Constant(value=str(name)), *_]):
                yield name, -1


def defined_in(tree: ast.Module) -> set[str]:
    """The functions, classes and names that a module defines, without what it imports."""
    defined = {
        node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return defined | {target.id for target in targets if isinstance(target, ast.Name)}
