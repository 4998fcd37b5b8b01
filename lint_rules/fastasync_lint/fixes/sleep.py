"""`time.sleep(x)` becomes `await asyncio.sleep(x)`."""

from __future__ import annotations

import ast

from ..model import Applicability, Fix, Hit
from .names import spell
from .place import Place

TWIN = "asyncio.sleep"


def fix(hit: Hit, place: Place) -> Fix | None:
    """The fix of a sleep called by the coroutine itself; None when it cannot be awaited here."""
    call = place.node
    if hit.twin != TWIN or len(hit.chain) > 1 or not isinstance(call, ast.Call) or not place.can_await():
        return None
    # Other sleeps have defaults and keywords of their own.
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        return None
    spelling = spell(place, TWIN)
    if spelling is None:
        return None
    document = place.document
    text = document.source_of(call)
    function_end = document.offset(document.end_of(call.func)) - document.offset(document.start_of(call))
    arguments = text[text.index("(", function_end) :]
    label = Applicability.UNSAFE if any(place.hazards()) else Applicability.SAFE
    awaited = f"await {spelling.text}{arguments}"
    if place.needs_parentheses():
        awaited = f"({awaited})"
    return Fix(label, f"Await `{TWIN}`", (document.replace(call, awaited), *spelling.edits))
