"""`fastasync add`: what a project gets later. Each command of the group is registered in `fastasync.cli`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Component = Literal[
    "cache", "queue", "auth", "prometheus", "opentelemetry", "websocket", "sse", "docker", "kubernetes", "ci"
]


def component(
    name: Annotated[Component, typer.Argument(help="What to switch on.", show_default=False)],
    path: Annotated[Path, typer.Argument(help="The project's folder.")] = Path(),
    data: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Change another answer with it; several times.")
    ] = None,
    conflict: Annotated[
        Literal["inline", "rej"], typer.Option(help="Mark conflicts in the file, or write patches beside it.")
    ] = "inline",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, write nothing.")] = False,
) -> None:
    """Switch on what the project was generated without, and keep what you changed in it.

    The project stays at its release. The exit status is 1 when there are conflicts to resolve.
    """
    from fastasync.updating import components
    from fastasync.updating.report import describe
    from fastasync.updating.work import Wish, carry_out, start

    recorded = start(path, typer.echo)
    if components.has(recorded.answers, name):
        typer.echo(f"{recorded.name} has {name} already.")
        return
    wish = Wish(
        path,
        recorded,
        recorded.release,
        lambda questions, made: components.switch_on(questions, made.answers, name, data or []),
        label=name,
        conflict=conflict,
        dry_run=dry_run,
    )
    outcome = carry_out(wish)
    typer.echo(describe(outcome, f"{recorded.name} with {name}", dry_run=dry_run))
    raise typer.Exit(0 if outcome.is_clean else 1)
