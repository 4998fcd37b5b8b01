"""The command line. Commands import what they need when they run: `--help` and `--version` stay fast."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from fastasync import __version__
from fastasync.add import component
from fastasync.doctor.command import doctor
from fastasync.explain import explain
from fastasync.failures import guard
from fastasync.lint import lint
from fastasync.new import new
from fastasync.resource import resource
from fastasync.server import server
from fastasync.update import update


class Commands(TyperGroup):
    """Prints an expected failure as one line, and exits with 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        return guard(lambda: super(Commands, self).invoke(ctx))


app = typer.Typer(
    name="fastasync", cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)
app.command()(new)
app.command()(lint)
app.command()(doctor)
app.command()(explain)
app.command()(server)
app.command()(update)

add = typer.Typer(no_args_is_help=True, help="Add a component or a resource to a project that `fastasync new` made.")
add.command()(component)
add.command()(resource)
app.add_typer(add, name="add")


def _print_version(value: bool) -> None:
    if value:
        print(f"fastasync {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Generate FastAPI services that never block the event loop, and find the calls that do."""
