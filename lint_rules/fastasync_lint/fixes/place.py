"""Where in the syntax of a file a call stands, and what may be written there.

`ast` finds the place, because its positions come with the parse; LibCST, thirty times slower on a whole file, then
reads the text of the one call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ..model import Location
from .text import Document

Extent = tuple[tuple[int, int], tuple[int, int]]
Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_POSITIONED = ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias | ast.excepthandler | ast.pattern
_DEBUG = re.compile(r"\s*=(?!=)")
_LOCK = re.compile(r"(?:^|_)(?:r?lock|mutex|sem(?:aphore)?|cond(?:ition)?)s?(?:_|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """An expression and the nodes around it, the module first."""

    document: Document
    parents: tuple[ast.AST, ...]
    node: ast.expr

    @property
    def parent(self) -> ast.AST:
        return self.parents[-1]

    def outwards(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Each (parent, child) from the expression to the module."""
        chain = (*self.parents, self.node)
        for index in range(len(chain) - 1, 0, -1):
            yield chain[index - 1], chain[index]

    def crossed(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """`outwards` without the comprehensions that only hold the expression in what they iterate first.

        That part is evaluated once, on the spot, by the code around the comprehension.
        """
        below: ast.AST | None = None
        for parent, child in self.outwards():
            first = isinstance(parent, _COMPREHENSIONS) and child is parent.generators[0] and below is child.iter
            if not first:
                yield parent, child
            below = child

    def within(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """The part of `crossed` that lies inside of the innermost function."""
        return takewhile(lambda pair: not isinstance(pair[0], Function), self.crossed())

    def functions(self) -> Iterator[Function]:
        """The functions around the expression, innermost first."""
        for parent, child in self.outwards():
            if isinstance(parent, Function) and child in parent.body:
                yield parent

    @property
    def coroutine(self) -> ast.AsyncFunctionDef | None:
        """The async function whose body runs the expression; None when a plain function, a lambda or a class does."""
        for parent, child in self.outwards():
            if isinstance(parent, ast.Lambda | ast.ClassDef):
                return None
            if isinstance(parent, Function):
                return parent if isinstance(parent, ast.AsyncFunctionDef) and child in parent.body else None
        return None

    def can_await(self) -> bool:
        """Whether `await` may stand in front of the expression, and be reached where the expression is now."""
        if isinstance(self.parent, ast.Await) or self.coroutine is None:
            return False
        return all(_lets_await(self.document, parent, child) for parent, child in self.within())

    def needs_parentheses(self) -> bool:
        """Whether `await x` binds less tightly than what follows it here."""
        parent = self.parent
        if isinstance(parent, ast.Attribute | ast.Subscript):
            tight = parent.value is self.node
        else:
            tight = isinstance(parent, ast.Call) and parent.func is self.node
        return tight and not self._parenthesised()

    def hazards(self) -> Iterator[str]:
        """Why an `await` here could change what the code does, beyond letting other tasks run."""
        comprehensions = 0
        for parent, child in self.within():
            comprehensions += isinstance(parent, _COMPREHENSIONS)
            if comprehensions > 1:
                yield "a nested async comprehension needs Python 3.11"
            if isinstance(parent, ast.Try) and child in parent.finalbody:
                yield "in `finally` a cancelled task may not get past the `await`"
            if isinstance(parent, ast.With) and child in parent.body and any(map(_holds, parent.items)):
                yield "other tasks run while the lock is held"
            if isinstance(parent, ast.AugAssign) and _shared(parent.target, self):
                yield "another task may change the target during the `await`"
            if isinstance(parent, ast.AsyncWith | ast.AsyncFor) and child not in parent.body:
                yield "the object would be made outside the event loop"

    def _parenthesised(self) -> bool:
        text = self.document.text
        after = text[self.document.offset(self.document.end_of(self.node)) :]
        return after.lstrip()[:1] == ")"


def find(document: Document, start: Location, end: Location) -> Place | None:
    """The innermost expression with exactly this extent; None when there is none."""
    if document.tree is None or start.row > len(document.lines):
        return None
    first, last = (_bytes(document, place) for place in (start, end))
    trail: list[ast.AST] = [document.tree]
    found: Place | None = None
    while (child := _around(trail[-1], first, last)) is not None:
        if isinstance(child, ast.expr) and _extent(child) == (first, last):
            found = Place(document, tuple(trail), child)
        trail.append(child)
    return found


def locate(document: Document, node: ast.expr) -> Place | None:
    """The place of a node of the document's own tree."""
    assert document.tree is not None
    extent = _extent(node)
    assert extent is not None
    trail: list[ast.AST] = [document.tree]
    while (child := _around(trail[-1], *extent)) is not None:
        if child is node:
            return Place(document, tuple(trail), node)
        trail.append(child)
    return None


def function_at(document: Document, row: int) -> Function | None:
    """The innermost function whose lines, decorators included, hold the row."""
    found: Function | None = None
    node: ast.AST | None = document.tree
    while node is not None:
        found = node if isinstance(node, Function) else found
        node = next((child for child in ast.iter_child_nodes(node) if _holds_row(child, row)), None)
    return found


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node that runs as part of the statements, not of a function or lambda defined among them."""
    pending: list[ast.AST] = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Function):
            pending += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif isinstance(node, ast.Lambda):
            pending += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        else:
            pending += reversed(list(ast.iter_child_nodes(node)))


def _holds_row(node: ast.AST, row: int) -> bool:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno <= row <= (node.body[-1].end_lineno or 0)
    extent = _extent(node) if isinstance(node, ast.stmt | ast.excepthandler) else None
    return extent is not None and extent[0][0] <= row <= extent[1][0]


def _lets_await(document: Document, parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.AnnAssign):
        return child is not parent.annotation
    if isinstance(parent, ast.FormattedValue):
        # `f"{call()=}"` also prints the text of the expression.
        return not _DEBUG.match(document.text, document.offset(document.end_of(parent.value)))
    # A generator expression would become an async one, which its consumer cannot iterate.
    return not isinstance(parent, ast.pattern | ast.arguments | ast.Lambda | ast.GeneratorExp)


def _holds(item: ast.withitem) -> bool:
    """Whether a `with` item enters an object that other code shares, such as a lock."""
    expression = item.context_expr
    if isinstance(expression, ast.Call):
        expression = expression.func
        return bool(_LOCK.search(last_name(expression)))
    return isinstance(expression, ast.Name | ast.Attribute | ast.Subscript)


def last_name(node: ast.expr) -> str:
    """The name, or the last part of the dotted one; "" for any other expression."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _shared(target: ast.expr, place: Place) -> bool:
    if not isinstance(target, ast.Name):
        return True
    function = place.coroutine
    return function is not None and any(
        isinstance(node, ast.Global | ast.Nonlocal) and target.id in node.names for node in own_nodes(function.body)
    )


def _bytes(document: Document, place: Location) -> tuple[int, int]:
    """A location as `ast` counts: the row from 1, the column in UTF-8 bytes from 0."""
    line = document.lines[place.row - 1] if place.row <= len(document.lines) else ""
    head = line[: place.column - 1]
    return place.row, len(head) if head.isascii() else len(head.encode())


def _around(node: ast.AST, first: tuple[int, int], last: tuple[int, int]) -> ast.AST | None:
    """The child of `node` that covers the extent."""
    for child in ast.iter_child_nodes(node):
        extent = _extent(child)
        if extent is None:
            inner = _around(child, first, last)
            if inner is not None:
                return child
        elif extent[0] <= first and last <= extent[1]:
            return child
    return None


def _extent(node: ast.AST) -> Extent | None:
    """Where a node starts and ends; None for the few kinds of node that carry no position."""
    if not isinstance(node, _POSITIONED):
        return None
    start = node.decorator_list[0] if isinstance(node, Function | ast.ClassDef) and node.decorator_list else node
    return (start.lineno, start.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
