"""`with open(p) as f: f.read()` becomes `async with await anyio.open_file(p) as f: await f.read()`."""

from __future__ import annotations

import ast

import libcst as cst

from ..model import Applicability, Edit, Fix, Hit
from .limits import plain
from .names import meaning, spell
from .offload import parse
from .place import Place, locate, own_nodes

TWIN = "anyio.open_file"
PATH = "pathlib.Path.open"
OPENERS = ("open", "io.open", "builtins.open")

# What an AnyIO file offers under the same name, to be awaited.
_AWAITED = frozenset(
    ("flush", "read", "read1", "readinto", "readline", "readlines", "seek", "tell", "truncate", "write", "writelines")
)


def fix(hit: Hit, place: Place) -> Fix | None:
    """The fix of the whole `with` block that the hit's file lives in.

    None when the file is used in a way that an asynchronous one cannot replace: handed to other code, or kept.
    """
    if len(hit.chain) > 1 or not isinstance(place.node, ast.Call):
        return None
    sink = plain(hit.sink)
    statement = _entered(place) if sink in (*OPENERS, PATH) else _surrounding(place, place.node)
    if statement is None:
        return None
    opening = locate(place.document, statement.items[0].context_expr)
    if opening is None or opening.coroutine is not place.coroutine:
        return None
    edits = _edits(statement, opening, path=sink == PATH)
    return Fix(Applicability.UNSAFE, "Open the file with AnyIO", tuple(edits)) if edits else None


def _entered(place: Place) -> ast.With | None:
    """The `with` statement whose only item the call is."""
    *_, statement, item = place.parents
    if isinstance(statement, ast.With) and isinstance(item, ast.withitem) and len(statement.items) == 1:
        return statement
    return None


def _surrounding(place: Place, call: ast.Call) -> ast.With | None:
    """The `with open(...) as f` around a call `f.read()`."""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(receiver, ast.Name):
        for parent, child in place.outwards():
            if isinstance(parent, ast.With) and child in parent.body and _opens(place, parent, receiver.id):
                return parent
    return None


def _opens(place: Place, statement: ast.With, name: str) -> bool:
    item = statement.items[0]
    call, target = item.context_expr, item.optional_vars
    named = len(statement.items) == 1 and isinstance(target, ast.Name) and target.id == name
    # Archives and compressed files have an `open` of their own.
    return named and isinstance(call, ast.Call) and meaning(place, call.func) in OPENERS


def _edits(statement: ast.With, opening: Place, *, path: bool) -> list[Edit]:
    """The edits that turn the block, or none. `path`: it is opened by a method of a path."""
    document, target = opening.document, statement.items[0].optional_vars
    call = parse(document.source_of(opening.node))
    spelling = spell(opening, TWIN)
    if not isinstance(target, ast.Name) or spelling is None or call is None or opening.coroutine is None:
        return []
    made = _opened(call, spelling.text, path)
    uses = _uses(statement, target.id, opening)
    if not made or uses is None:
        return []
    return [
        document.insert(document.start_of(statement), "async "),
        document.replace(opening.node, f"await {made}"),
        *uses,
        *spelling.edits,
    ]


def _opened(call: cst.Call, name: str, path: bool) -> str:
    """`open(p)` and `p.open()` alike become `anyio.open_file(p)`; "" when the path cannot be seen."""
    arguments = list(call.args)
    if path:
        if not isinstance(call.func, cst.Attribute):
            return ""
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if arguments else cst.MaybeSentinel.DEFAULT
        arguments.insert(0, cst.Arg(call.func.value, comma=comma))
    return cst.Module([]).code_for_node(call.with_changes(func=cst.parse_expression(name), args=arguments))


def _uses(statement: ast.With, name: str, opening: Place) -> list[Edit] | None:
    """The edits that await each use of the file; None when one of them cannot be."""
    edits: list[Edit] = []
    expected = sum(isinstance(node, ast.Name) and node.id == name for part in statement.body for node in ast.walk(part))
    found = 0
    for node in own_nodes(statement.body):
        change = _use(node, name, opening)
        if change is not None:
            found += 1
            edits += change
    return edits if found == expected else None


def _use(node: ast.AST, name: str, opening: Place) -> list[Edit] | None:
    document = opening.document
    if isinstance(node, ast.For) and _is(node.iter, name):
        return [document.insert(document.start_of(node), "async ")]
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not _is(node.func.value, name):
        return None
    place = locate(document, node)
    if node.func.attr not in _AWAITED or place is None or not place.can_await():
        return None
    if place.needs_parentheses():
        return [
            document.insert(document.start_of(node), "(await "),
            document.insert(document.end_of(node), ")"),
        ]
    return [document.insert(document.start_of(node), "await ")]


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
