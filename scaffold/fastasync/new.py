"""`fastasync new`: generate a service."""

import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from fastasync_lint.home import HOME

from fastasync import __version__
from fastasync.errors import UserError

if TYPE_CHECKING:
    from fastasync.options import Answer, Question


def choice(text: str) -> Any:
    """An option that answers a question of the template; the template knows its values."""
    return typer.Option(help=text, rich_help_panel="Choices", show_default=False)


def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the service and of its folder.", show_default=False)],
    database: Annotated[str | None, choice("sqlite, postgresql, mysql or none.")] = None,
    driver: Annotated[str | None, choice("aiosqlite, asyncpg, psycopg, asyncmy or aiomysql.")] = None,
    models: Annotated[str | None, choice("sqlalchemy or sqlmodel.")] = None,
    server: Annotated[str | None, choice("uvicorn, hypercorn, granian or gunicorn.")] = None,
    workers: Annotated[str | None, choice("Worker processes: a number, or auto for one per CPU.")] = None,
    cache: Annotated[str | None, choice("none or redis.")] = None,
    queue: Annotated[str | None, choice("none or taskiq.")] = None,
    broker: Annotated[str | None, choice("redis, rabbitmq or nats.")] = None,
    realtime: Annotated[str | None, choice("none, sse or websocket.")] = None,
    auth: Annotated[str | None, choice("none or jwt.")] = None,
    observability: Annotated[str | None, choice("Any of prometheus,opentelemetry,logs; or none.")] = None,
    deploy: Annotated[str | None, choice("Any of docker,compose,kubernetes; or none.")] = None,
    ci: Annotated[str | None, choice("github, gitlab or none.")] = None,
    preset: Annotated[str | None, typer.Option(help="minimal, standard or production; flags win over it.")] = None,
    config: Annotated[Path | None, typer.Option(help="Read choices from a TOML file.")] = None,
    save_config: Annotated[Path | None, typer.Option(help="Write the choices to a TOML file.")] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the tree, write nothing.")] = False,
    git: Annotated[bool, typer.Option(help="Make a repository with a first commit.")] = True,
    directory: Annotated[Path, typer.Option(help="Folder in which the project's folder is made.")] = Path(),
) -> None:
    """Generate a FastAPI service that never blocks its event loop.

    Asks for the choices on a terminal; `--defaults`, a preset, flags and `--config` answer instead.
    """
    flags = {key: value for key, value in context.params.items() if key not in OTHERS}
    ask = not (defaults or preset) and sys.stdin.isatty() and sys.stdout.isatty()
    request = Request(name, directory, flags, preset, config, save_config, ask=ask, dry_run=dry_run, git=git)
    generate(request)


OTHERS = frozenset({"name", "preset", "config", "save_config", "defaults", "dry_run", "git", "directory"})


@dataclass(frozen=True)
class Request:
    """What the command was asked to do. `flags` are the texts of the choices that were given."""

    name: str
    directory: Path
    flags: Mapping[str, str | None]
    preset: str | None = None
    config: Path | None = None
    save_config: Path | None = None
    ask: bool = field(default=False, kw_only=True)
    dry_run: bool = field(default=False, kw_only=True)
    git: bool = field(default=True, kw_only=True)


def generate(request: Request) -> None:
    """Check everything, render beside the target, and move it into place.

    Raises `UserError` for what the user can mend; nothing is left behind then.
    """
    from fastasync import options, project
    from fastasync.names import check_name

    package = check_name(request.name)
    target = request.directory / request.name
    if not request.directory.is_dir():
        raise UserError(f"{request.directory} is not a folder: make it first, or choose another --directory.")
    project.check_target(target)
    template = project.template_path("project")
    questions = options.load_questions(template)
    given = _given(request, template, questions)
    answers = given if request.ask else options.complete(questions, given)
    with project.staging_folder(None if request.dry_run else request.directory) as folder:
        answers = project.render(template, folder, {**answers, **_computed(package)}, ask=request.ask)
        if request.dry_run:
            _print_tree(folder, request.name)
            return
        project.format_code(folder)
        note = project.start_repository(folder, request.directory) if request.git else ""
        if request.save_config:
            options.save_config(request.save_config, {key: answers[key] for key in questions if key != "name"})
        project.move_into_place(folder, target)
    _print_next_steps(target, request.name, note)


def _given(request: Request, template: Path, questions: Mapping[str, "Question"]) -> dict[str, "Answer"]:
    """The answers that need not be asked for: flags win over the file, and the file over the preset."""
    from fastasync import options

    given = options.load_preset(template, request.preset) if request.preset else {}
    given |= options.load_config(request.config, questions) if request.config else {}
    given |= options.parse_flags(questions, request.flags)
    return {**given, "name": request.name}


def _computed(package: str) -> dict[str, Any]:
    """What the template needs to know and nobody is asked for."""
    generated = {name: secrets.token_urlsafe(32) for name in ("secret_key", "database_password")}
    return {"package": package, "release": __version__, "home": HOME, **generated}


def _print_tree(folder: Path, name: str) -> None:
    from rich import print as rich_print
    from rich.tree import Tree

    tree = Tree(name)
    branches = {folder: tree}
    for path in sorted(folder.rglob("*"), key=lambda path: (path.parent, path.is_file(), path.name)):
        branches[path] = branches[path.parent].add(f"{path.name}/" if path.is_dir() else path.name)
    rich_print(tree)


def _print_next_steps(target: Path, name: str, note: str) -> None:
    """Say what to do now: only what the generated files offer, with the tools that are here."""
    uv = shutil.which("uv") is not None
    prefix = "uv run" if uv else "python -m"
    steps = [f"cd {target}", "uv sync" if uv else "pip install --editable . --group dev"]
    run = "uv run " if uv else ""
    steps += [f"{run}python -m {path.parent.name}.{path.stem}" for path in target.glob("src/*/create_database.py")]
    if (target / "alembic.ini").is_file():
        steps.append(f"{prefix} alembic upgrade head")
    steps.append(f"{run}{name}")
    steps.append(f"{prefix} pytest")
    typer.echo(f"Made {target}." + (f" {note}" if note else ""))
    typer.echo("Next:\n" + "\n".join(f"  {step}" for step in steps))
