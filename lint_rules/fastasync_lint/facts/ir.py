"""The pruned program of one file.

Only what can carry a value or make a call is kept, in order, because branches, re-bindings and closures decide what a
name holds. The structures are msgspec arrays with integer tags: they are shipped between processes and cached as they
are.

A place is one integer, `row << 16 | column`, with the row from 1 and the column in UTF-8 bytes from 0, as `ast` counts.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

ASYNC, GENERATOR, LAMBDA, NO_BODY, ABSTRACT, OVERLOAD, BLOCKING, CLEAN = 1, 2, 4, 8, 16, 32, 64, 128
"""Flags of a function. NO_BODY: nothing but a docstring, `...`, `pass`; ABSTRACT: that, or a NotImplementedError."""

POSITIONAL, KEYWORD_ONLY, VARARG, KWARG = range(4)


class Node(msgspec.Struct, array_like=True, gc=False, eq=False):
    """Base of all nodes. `gc=False`: a tree has no cycles, and tracking a million nodes costs a tenth of a run."""


class Name(Node, tag=0):
    id: str


class Const(Node, tag=1):
    """None, a boolean, a small integer, a float, a short text or `...` (as the text "...")."""

    value: bool | int | float | str | None


class Attr(Node, tag=2):
    value: Expr
    name: str
    pos: int
    end: int


class Call(Node, tag=3):
    func: Expr
    args: list[Expr]
    keywords: list[tuple[str, Expr]]
    """The name "" is a `**mapping`."""
    pos: int
    end: int


class Sub(Node, tag=4):
    value: Expr
    index: Expr
    pos: int
    end: int


class Await(Node, tag=5):
    value: Expr


class Lambda(Node, tag=6):
    function: Function


class Seq(Node, tag=7):
    """A list, set or tuple display."""

    items: list[Expr]
    is_tuple: bool


class Map(Node, tag=8):
    keys: list[Expr]
    values: list[Expr]
    """A `**mapping` has the key `Nothing`."""


class IfExp(Node, tag=9):
    test: Expr
    body: Expr
    orelse: Expr


class BoolOp(Node, tag=10):
    is_or: bool
    items: list[Expr]


class Not(Node, tag=11):
    value: Expr


class Compare(Node, tag=12):
    """`op` is "is", "is not", "==", "!=", "in", "not in" or "" for the rest."""

    op: str
    left: Expr
    right: Expr
    pos: int
    end: int


class Bin(Node, tag=13):
    left: Expr
    right: Expr
    dunder: str
    pos: int
    end: int


class Comp(Node, tag=14):
    """A comprehension; `kind` is "list", "dict" or "generator"."""

    kind: str
    element: Expr
    loops: list[Loop]


class Loop(Node, tag=15):
    target: Expr
    iterable: Expr
    tests: list[Expr]
    is_async: bool
    pos: int
    end: int


class Named(Node, tag=16):
    target: str
    value: Expr


class Yield(Node, tag=17):
    value: Expr
    is_from: bool
    pos: int
    end: int


class Group(Node, tag=18):
    """Evaluated for its calls; its value is not followed (texts, arithmetic, slices)."""

    items: list[Expr]


class Slice(Node, tag=21):
    """The index of a part of a collection."""

    bounds: Expr


class Star(Node, tag=19):
    """`*value`, and a name or generator that an assignment takes apart: `first, second = value`."""

    value: Expr
    pos: int
    end: int


class Nothing(Node, tag=20):
    """An expression that carries neither value nor call."""


class Param(msgspec.Struct, array_like=True, gc=False, eq=False):
    name: str
    kind: int
    annotation: Expr | None
    default: Expr | None


class Function(msgspec.Struct, array_like=True, gc=False, eq=False):
    name: str
    qualname: str
    flags: int
    params: list[Param]
    returns: Expr | None
    decorators: list[Expr]
    body: list[Stmt]
    pos: int
    end: int
    captured: list[str]
    """Names that nested functions read: their values outlive the statement order."""
    tested: list[str]
    """Parameters that a condition looks at, or that are handed on to what may: their constants are worth a context of
    their own."""
    stores: list[str]
    """Attributes set on the first parameter."""
    outer: list[str]
    """Names declared global or nonlocal."""
    types: list[tuple[str, Expr | None]]
    """Type parameters (`def f[T: Base]()`) with their bounds."""
    fixed: list[str]
    """Names bound once, to a literal or the answer of a condition."""
    asked: list[str]
    """Parameters that are never bound again, and of which `isinstance` or `callable` asks something."""
    made: dict[str, str]
    """Names bound once, to a call of what has the name of a class, with that name."""
    options: dict[str, tuple[list[str], list[str]]]
    """Names that a call unpacks and whose keys all stand in the function: those at first, and those that are added."""
    plain: dict[str, str]
    """Parameters that are never bound again, and are declared to be of a class of the language, with that."""


class FuncDef(Node, tag=40):
    function: Function


class ClassDef(Node, tag=41):
    name: str
    qualname: str
    bases: list[Expr]
    keywords: list[tuple[str, Expr]]
    decorators: list[Expr]
    body: list[Stmt]
    pos: int
    types: list[tuple[str, Expr | None]]


class ExprStmt(Node, tag=42):
    value: Expr
    pos: int
    end: int


class Assign(Node, tag=43):
    """`awaited`: the value is a call, and its one name is awaited further down."""

    targets: list[Expr]
    value: Expr
    awaited: bool = False


class AnnAssign(Node, tag=44):
    target: Expr
    annotation: Expr
    value: Expr | None


class Return(Node, tag=45):
    value: Expr


class If(Node, tag=46):
    """`pos` and `end` are the condition's."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    pos: int
    end: int


class While(Node, tag=47):
    """`watched`: what a loop looks at in which nothing awaits or yields, nor changes what a plain test looks at."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    watched: Expr | None
    pos: int
    end: int


class For(Node, tag=48):
    target: Expr
    iterable: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool
    pos: int
    end: int


class With(Node, tag=49):
    """`suspends`: the block awaits or yields."""

    items: list[WithItem]
    body: list[Stmt]
    is_async: bool
    suspends: bool


class WithItem(msgspec.Struct, array_like=True, gc=False, eq=False):
    """`handed`: the block awaits, and what it entered it only hands on."""

    value: Expr
    target: Expr | None
    handed: bool
    pos: int
    end: int


class Handler(msgspec.Struct, array_like=True, gc=False, eq=False):
    type: Expr | None
    name: str
    body: list[Stmt]


class Try(Node, tag=50):
    body: list[Stmt]
    handlers: list[Handler]
    orelse: list[Stmt]
    final: list[Stmt]


class Import(Node, tag=51):
    """`import module as name`; without `as`, name is the first part and `module` that part too."""

    module: str
    name: str
    full: str


class ImportFrom(Node, tag=52):
    module: str
    level: int
    names: list[tuple[str, str]]
    """(name there, name here); "*" for a star import."""


class Jump(Node, tag=53):
    """raise, continue, break, sys.exit(): the block ends here. `leaves_loop` for break, `ends_program` for exits."""

    value: Expr
    leaves_loop: bool
    ends_program: bool = False


class Delete(Node, tag=54):
    targets: list[Expr]


Expr: TypeAlias = (
    Name | Const | Attr | Call | Sub | Await | Lambda | Seq | Map | IfExp | BoolOp | Not | Compare | Bin | Comp | Loop
    | Named | Yield | Group | Slice | Star | Nothing
)  # fmt: skip
Stmt: TypeAlias = (
    FuncDef | ClassDef | ExprStmt | Assign | AnnAssign | Return | If | While | For | With | Try | Import | ImportFrom
    | Jump | Delete
)  # fmt: skip


class FileFacts(msgspec.Struct, array_like=True, gc=False, eq=False):
    """One file. `error` says why it could not be parsed; its body is empty then. `calls` counts call expressions.

    `roots` are the first parts of all modules that it imports, functions included; `declared` the names that any
    function declares global or nonlocal; `texts` its constants that are collections of texts; `stored` the attributes
    that it sets on anything, "*" for one whose name is computed, and where it uses a `__dict__`; `options` its
    dictionaries of constants, which are for nothing but being unpacked.
    """

    body: list[Stmt]
    calls: int
    error: str
    error_row: int
    roots: list[str] = []
    declared: list[str] = []
    texts: dict[str, list[str]] = {}
    stored: list[str] = []
    options: list[str] = []


NOTHING = Nothing()
