"""The forms a report can take: each module here renders one, as a pure function of the outcome."""

from __future__ import annotations

from typing import Literal

from ..pipeline import Outcome
from ..sources import Sources
from ..wording import Details

Format = Literal["text", "concise", "json", "sarif", "github", "gitlab", "markdown"]


def details(form: Format) -> Details:
    """How much help and how many fixes a form prints."""
    if form == "text":
        return "first"
    return "all" if form in ("json", "sarif") else "none"


def render(outcome: Outcome, form: Format, *, sources: Sources | None = None, colour: bool = False) -> str:
    """The findings in one form, "" when it has nothing to say; `colour` and `sources` (unsaved text) are for "text"."""
    if form == "text":
        from . import text

        return text.render(outcome, sources or Sources(), colour=colour)
    if form == "concise":
        from . import concise

        return concise.render(outcome)
    if form == "json":
        from . import json

        return json.render(outcome)
    if form == "sarif":
        from . import sarif

        return sarif.render(outcome)
    if form == "github":
        from . import github

        return github.render(outcome)
    if form == "gitlab":
        from . import gitlab

        return gitlab.render(outcome)
    from . import markdown

    return markdown.render(outcome)
