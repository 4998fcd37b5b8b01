"""`fastasync explain`: the documentation of a rule."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fastasync.errors import UserError


def explain(
    rule: Annotated[
        str | None, typer.Argument(help="Code or name of a rule. Without one, all rules are listed.")
    ] = None,
) -> None:
    """Tell what a rule reports, why that is bad, and what to do instead."""
    from fastasync_lint import rules
    from fastasync_lint.rules.__main__ import index, page
    from fastasync_lint.settings import near

    if rule is None:
        _show(index())
        return
    found = rules.find(rule)
    if found is None:
        known = [*rules.codes(), *(other.name for other in rules.rules())]
        raise UserError(f"no rule is called `{rule}`{near(rule, known)}; `fastasync explain` lists them")
    _show(page(found))


def _show(markdown: str) -> None:
    """Set on a terminal, as it stands elsewhere."""
    if not sys.stdout.isatty():
        sys.stdout.write(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 100)).print(Markdown(markdown))
