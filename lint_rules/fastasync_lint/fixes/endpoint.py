"""`async def` becomes `def` where nothing is awaited and FastAPI would then run the function in a thread."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from ..model import Applicability, Edit, Fix, Location
from .place import Place, find, function_at, own_nodes
from .text import Document

_ROUTES = frozenset(
    ("get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "route", "exception_handler")
)
_TAKERS = frozenset(("Depends", "Security", "add_task", "BackgroundTask"))
_LOOP_LIBRARIES = frozenset(("asyncio", "anyio", "trio", "uvloop"))


def fix(document: Document, start: Location, end: Location) -> Fix | None:
    """The fix for the coroutine around the location; None when it must stay one."""
    function = _function(document, start, end)
    if function is None or not _convertible(document, function):
        return None
    message = f"Make `{function.name}` a plain `def`: it awaits nothing, and FastAPI runs it in a thread"
    return Fix(Applicability.UNSAFE, message, (msgspec.structs.replace(_keyword(document, function), content=""),))


def stays(place: Place) -> tuple[Edit, ...]:
    """The edit that changes nothing and keeps `async` where the coroutine could become plain.

    A fix that awaits brings it along, so that it is never applied together with one that takes the keyword away.
    """
    function = place.coroutine
    if function is None or not _convertible(place.document, function):
        return ()
    return (_keyword(place.document, function),)


def _keyword(document: Document, function: ast.AsyncFunctionDef) -> Edit:
    """`async` and the space after it, replaced by itself."""
    opening = document.start_of(function)
    text = document.text[document.offset(opening) :]
    content = text[: text.index("def", len("async"))]
    end = document.offset(opening) + len(content)
    return Edit(content, opening, document.location(end))


def _function(document: Document, start: Location, end: Location) -> ast.AsyncFunctionDef | None:
    """The async function that runs the code at the location, or whose own name or statement it is."""
    place = find(document, start, end)
    if place is not None:
        return place.coroutine
    innermost = function_at(document, start.row)
    return innermost if isinstance(innermost, ast.AsyncFunctionDef) else None


def _convertible(document: Document, function: ast.AsyncFunctionDef) -> bool:
    """Whether the function awaits nothing, FastAPI alone calls it, and no event loop is touched. Cheap tests first."""
    routed = [_is_route(decorator) for decorator in function.decorator_list]
    if not all(routed) or any(map(_awaits, own_nodes(function.body))):
        return False
    # A route that yields is not run as a generator; a dependency is.
    if routed and any(isinstance(node, ast.Yield) for node in own_nodes(function.body)):
        return False
    named, given = _uses(document)
    taken = given[function.name]
    # Called or passed on in another way, it may be awaited there.
    if named[function.name] > taken or not (routed or taken):
        return False
    return not any(_touches_loop(document, node) for node in own_nodes(function.body))


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in _ROUTES
    )


def _awaits(node: ast.AST) -> bool:
    if isinstance(node, ast.comprehension):
        return bool(node.is_async)
    return isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)


def _touches_loop(document: Document, node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return bool(_roots(node) & _LOOP_LIBRARIES)
    return isinstance(node, ast.Name) and node.id in _loop_names(document)


@lru_cache(maxsize=8)
def _loop_names(document: Document) -> frozenset[str]:
    """The names of the file that stand for something of an event loop's library."""
    assert document.tree is not None
    return _LOOP_LIBRARIES | {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(document.tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and _roots(node) & _LOOP_LIBRARIES
        for alias in node.names
    }


def _roots(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


@lru_cache(maxsize=8)
def _uses(document: Document) -> tuple[Counter[str], Counter[str]]:
    """How often the file names each function, and how often it does so to give it to FastAPI."""
    assert document.tree is not None
    named: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for node in ast.walk(document.tree):
        if isinstance(node, ast.Name):
            named[node.id] += 1
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            named[node.attr] += 1
        elif isinstance(node, ast.Call):
            given.update(_given(node))
    return named, given


def _given(call: ast.Call) -> Iterator[str]:
    """The names of the functions that a call like `Depends(f)` or `tasks.add_task(f, 1)` gives to the framework."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called in _TAKERS:
        for argument in (*call.args[:1], *(keyword.value for keyword in call.keywords)):
            if isinstance(argument, ast.Name):
                yield argument.id
