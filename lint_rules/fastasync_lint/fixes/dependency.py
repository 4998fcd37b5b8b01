"""`Depends(session)` becomes `Depends(session, scope="function")`, so that the commit comes before the response."""

from __future__ import annotations

import ast

from ..model import Applicability, Fix, Location
from .place import function_at, last_name
from .text import Document


def fix(document: Document, start: Location) -> Fix | None:
    """The fix of every use, in this file, of the dependency around the location; None when there is none."""
    function = function_at(document, start.row)
    if function is None:
        return None
    assert document.tree is not None
    uses = [node for node in ast.walk(document.tree) if _depends_on(node, function.name)]
    edits = tuple(
        document.insert(document.end_of(node.args[0]), ', scope="function"')
        for node in uses
        if isinstance(node, ast.Call)
    )
    message = f"End `{function.name}` before the response is sent"
    return Fix(Applicability.UNSAFE, message, edits) if edits else None


def _depends_on(node: ast.AST, name: str) -> bool:
    """Whether a node is `Depends(name)` without a scope."""
    return (
        isinstance(node, ast.Call)
        and last_name(node.func) == "Depends"
        and bool(node.args)
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == name
        and not any(keyword.arg in ("scope", None) for keyword in node.keywords)
    )
