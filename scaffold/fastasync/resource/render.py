"""The new files of a resource, from the templates of `templates/resource`, formatted as the project asks for."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastasync.errors import UserError
from fastasync.project import template_path
from fastasync.resource.columns import Column
from fastasync.resource.grammar import Field, is_ordered
from fastasync.resource.naming import Names, check_in_database
from fastasync.resource.target import Migrations, Project
from fastasync.resource.values import as_code


@dataclass(frozen=True)
class Resource:
    """A resource, as it is in a project."""

    names: Names
    columns: tuple[Column, ...]


def resource_in(project: Project, names: Names, fields: tuple[Field, ...]) -> Resource:
    """A resource with what it refers to.

    Raises `UserError` when a table is not there, or the project's database cannot do what is asked for.
    """
    return Resource(names, tuple(_column(project, names, field) for field in fields))


def _column(project: Project, names: Names, field: Field) -> Column:
    if field.kind != "ref":
        return Column(field, names, project.database, None)
    if field.table == names.plural:
        if not field.optional:
            raise UserError(f"{field.name}: the first of the {names.many} would have none to refer to: add a `?`.")
        return Column(field, names, project.database, None)
    table = project.tables.get(field.table)
    if table is None:
        known = ", ".join(sorted(project.tables)) or "none"
        raise UserError(f"{field.name}: there is no table {field.table!r}. The tables are: {known}.")
    if not table.has_id:
        raise UserError(f"{field.name}: the table {table.name!r} has no integer key `id` to refer to: add it by hand.")
    return Column(field, names, project.database, table)


def render_files(project: Project, resource: Resource) -> dict[Path, str]:
    """The package and the tests of the resource."""
    names, package = resource.names, project.source / resource.names.plural
    service = project.service_name
    templates = {
        package / "__init__.py": "init.py.jinja",
        package / "models.py": f"models_{project.models}.py.jinja",
        package / "schemas.py": "schemas.py.jinja",
        package / "routes.py": "routes.py.jinja",
        **({package / f"{service}.py": "service.py.jinja"} if service else {}),
        project.folder / "tests" / f"test_{names.plural}.py": "test.py.jinja",
    }
    context = _context(project, resource)
    return {path: _render(project, path, template, context) for path, template in templates.items()}


def render_shared(project: Project, resource: Resource) -> dict[Path, str]:
    """What the resources of a project share, and the names in it that they use."""
    templates = {project.source / "fields.py": "fields.py.jinja"}
    if any(column.field.kind == "ref" for column in resource.columns):
        templates[project.folder / "tests" / "rows.py"] = "rows.py.jinja"
    return {
        path: _render(project, path, template, {"package": project.package}) for path, template in templates.items()
    }


def render_migration(project: Project, resource: Resource, migrations: Migrations, now: datetime) -> dict[Path, str]:
    """The migration that makes the table, after all there are."""
    heads = migrations.heads
    revision = uuid4().hex[-12:]
    path = migrations.file_of(revision, resource.names.plural, now)
    context = {
        **_context(project, resource),
        "revision": revision,
        "heads": heads,
        "down_revision": repr(heads if len(heads) > 1 else heads[0] if heads else None),
        "created": now.strftime("%Y-%m-%d %H:%M"),
        "constraint": _constraint,
    }
    return {path: _render(project, path, "migration.py.jinja", context)}


def _constraint(kind: str, column: Column) -> str:
    """The name of a constraint, as the convention in the project's tables.py makes it."""
    tail = f"_{column.field.table}" if kind == "fk" else ""
    return check_in_database(f"{kind}_{column.names.plural}_{column.name}{tail}")


def _context(project: Project, resource: Resource) -> dict[str, Any]:
    columns, names = resource.columns, resource.names
    references = [column for column in columns if column.field.kind == "ref"]
    filtered = [column for column in columns if column.filters]
    return {
        "names": names,
        "columns": columns,
        "references": references,
        "service": project.service_name,
        "conflict": _conflict(resource),
        "filters": bool(filtered),
        "orders": ["id", *(column.name for column in columns if column.is_ordered), "created_at"],
        "equals": [column for column in filtered if not (is_ordered(column.field) or column.is_own_reference)],
        "ranges": [column for column in filtered if is_ordered(column.field)],
        "uniques": [column for column in columns if column.field.unique and column.field.kind != "ref"],
        "defaulted": [column for column in columns if column.default],
        "required": [column for column in columns if not column.default],
        "emptied": [column for column in columns if column.field.optional],
        "guarded": [column for column in references if _is_guarded(project, column)],
        "params": "client: httpx2.AsyncClient" + (", state: dict[str, Any]" if references else ""),
        "make": f"await make_{names.singular}(state, " if references else f"make_{names.singular}(",
    }


def _is_guarded(project: Project, column: Column) -> bool:
    return column.target is None or project.has_guarded_delete(column.target)


def _conflict(resource: Resource) -> dict[str, str]:
    """When the database refuses a row that fits the schema, and what is answered then."""
    names = resource.names
    unique = " or ".join(column.label for column in resource.columns if column.field.unique)
    reasons = [f"another one has its {unique}"] if unique else []
    answers = [f"There is {names.article} {names.one} with this {unique}"] if unique else []
    if any(column.field.kind == "ref" for column in resource.columns):
        reasons.append("what it refers to has just gone")
        answers.append("what it refers to is gone" if unique else f"What the {names.one} refers to is gone")
    return {"reason": ", or ".join(reasons), "answer": ", or ".join(answers)} if reasons else {}


def _render(project: Project, path: Path, template: str, context: Mapping[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template_path("resource")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters["quoted"] = as_code
    text = environment.get_template(template).render(context)
    # The templates import whatever some field may need.
    return formatted(project, path, sorted_imports(project, path, text, "I,F401"))


def sorted_imports(project: Project, path: Path, text: str, rules: str) -> str:
    """The text with what these rules of Ruff change, by the project's settings."""
    return _ruff(project, path, text, "check", "--fix-only", "--quiet", f"--select={rules}")


def formatted(project: Project, path: Path, text: str) -> str:
    """The text as Ruff formats it, by the project's settings."""
    return _ruff(project, path, text, "format", "--quiet")


def _ruff(project: Project, path: Path, text: str, *arguments: str) -> str:
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    command = [find_ruff_bin(), *arguments, "--no-cache", f"--stdin-filename={path}", "-"]
    done = subprocess.run(command, cwd=project.folder, input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        [reason, *_] = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise UserError(f"Ruff cannot format {path}: {reason}")
    return done.stdout.decode()
