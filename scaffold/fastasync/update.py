"""`fastasync update`: bring a project to this release, with what was changed in it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from fastasync import __version__


def update(
    path: Annotated[Path, typer.Argument(help="The project's folder.")] = Path(),
    data: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Change an answer; may be given several times.")
    ] = None,
    conflict: Annotated[
        Literal["inline", "rej"], typer.Option(help="Mark conflicts in the file, or write patches beside it.")
    ] = "inline",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, write nothing.")] = False,
) -> None:
    """Bring a project that `fastasync new` made to this release, and keep what you changed in it.

    The exit status is 1 when there are conflicts to resolve.
    """
    from fastasync.updating import answers
    from fastasync.updating.history import check_release
    from fastasync.updating.report import describe
    from fastasync.updating.work import Wish, carry_out, start

    recorded = start(path, typer.echo)
    check_release(recorded.release)
    wish = Wish(
        path,
        recorded,
        __version__,
        lambda questions, _: answers.parse_data(questions, data or []),
        label=f"v{__version__}",
        conflict=conflict,
        dry_run=dry_run,
    )
    outcome = carry_out(wish)
    name, before = recorded.name, recorded.release
    if outcome.is_empty:
        typer.echo(f"{name} is up to date with fastasync {__version__}.")
        return
    from_to = f"from {before} to {__version__}" if before != __version__ else f"at {__version__}"
    typer.echo(describe(outcome, f"{name} {from_to}", dry_run=dry_run))
    raise typer.Exit(0 if outcome.is_clean else 1)
