"""A function under evaluation: one context per receiver class and per argument that matters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastasync_lint.facts import ir
from fastasync_lint.program.scopes import Cell, ClassScope, ModuleScope, Scope, Task
from fastasync_lint.program.values import EMPTY, FunctionValue, Value

Place = tuple[int, int]
Sink = tuple[str, str, int, str, str]
"""(name, rule, severity, kind, twin)"""
Span = tuple[int, int]
"""From a place to a place, in one function."""
Branch = tuple[tuple[Any, int], ...]
"""Where in a function something stands, from outside in: under which of two or more ways, and on which of them."""
Held = tuple[Sink, bool, Branch]
"""A sink as a place of a context has it: whether only the first time, and on which branch."""
Types = dict[str, Value]
"""What type variables stand for, by name."""
NO_TYPES: Types = {}
NOTHING: frozenset[Any] = frozenset()
"""The one of all contexts: a set of its own in each, which most leave empty, is a tenth of a large project's memory."""


class Edge:
    """A call that runs `targets` here. With `needed` > 1 that many of them must block for the call to.

    `fresh`: a constructor calls a method of the object that nobody else has yet. `spared`: the beginnings of names that
    the loop goes on in spite of.
    """

    __slots__ = ("branch", "fresh", "kind", "label", "memo", "needed", "spared", "targets")

    def __init__(
        self,
        targets: tuple[Context, ...],
        kind: str,
        label: str,
        memo: bool,
        needed: int,
        fresh: bool,
        branch: Branch,
        spared: tuple[str, ...],
    ) -> None:
        self.branch = branch
        self.fresh = fresh
        self.spared = spared
        self.targets = targets
        self.kind = kind
        self.label = label
        self.memo = memo
        self.needed = needed


class Context(Task):
    """One function with the values that its parameters have here. `value` is what it returns."""

    __slots__ = (
        "awaits", "captured", "edges", "env", "events", "function", "hidden", "index", "locks", "module", "node",
        "receiver", "root", "runners", "shared", "signals", "sinks", "starts", "startup", "tasked", "threaded",
        "unresolved", "waits", "yields",
    )  # fmt: skip

    def __init__(self, function: FunctionValue, receiver: Any, env: dict[str, Value], index: int) -> None:
        super().__init__()
        self.function = function
        self.node = function.node
        self.module: ModuleScope = function.scope.module
        self.receiver = receiver
        self.env = env
        self.index = index
        self.yields: Value = EMPTY
        self.captured: dict[str, Value] = {}
        self.sinks: dict[Place, list[Held]] = {}
        self.edges: dict[Place, list[Edge]] = {}
        self.awaits: dict[Context, set[int]] = {}
        """Where it awaits which coroutines."""
        self.events: list[tuple[str, Place, dict[str, str]]] = []
        self.locks: list[tuple[Any, Place, bool]] = []
        """(identity, place, whether only the first call takes it)"""
        self.signals: list[tuple[str, Any, Place]] = []
        """Where it starts threads, sets and waits for events, and for which."""
        self.root = ""
        self.startup = False
        self.starts: frozenset[Span] = NOTHING
        """In which parts of it the loop has more to do than itself: tasks, callbacks, a server. Most never end."""
        self.waits: frozenset[int] = NOTHING
        """Where it waits until all that it names there have ended."""
        self.runners: frozenset[Context | None] = NOTHING
        """Who gave it to `asyncio.run` or the like; None for a module, or for a library as its command."""
        self.hidden: Value | None = None
        """What its decorators give to others in its place, where it is known of all of them; empty if nothing."""
        self.tasked = False
        """Whether it was made a task of somewhere."""
        self.threaded = False
        """Whether it was handed to a thread somewhere."""
        self.unresolved: frozenset[int] = NOTHING
        self.shared: set[str] | frozenset[str] = set() if function.node.captured else NOTHING
        """Names that nested functions set by `nonlocal`."""


def reached(contexts: Iterable[Context]) -> set[Context]:
    """Functions, and all that their calls lead to."""
    seen = set(contexts)
    left = list(seen)
    while left:
        more = {target for edges in left.pop().edges.values() for edge in edges for target in edge.targets} - seen
        seen |= more
        left += more
    return seen


class Frame:
    """Where evaluation stands: the names of this block, and who is to hear of growth."""

    __slots__ = (
        "at",
        "branch",
        "breaks",
        "closure",
        "context",
        "dead",
        "decided",
        "env",
        "flags",
        "given",
        "groups",
        "guarded",
        "memo",
        "module",
        "off_loop",
        "owner",
        "paths",
        "place",
        "polls",
        "probed",
        "ready",
        "scheduling",
        "scope",
        "shares",
        "task",
        "types",
        "unsure",
        "waiting",
    )

    def __init__(
        self, task: Task, scope: Scope, closure: Context | None, owner: ClassScope | None, context: Context | None
    ) -> None:
        self.task = task
        self.scope = scope
        self.module: ModuleScope = scope.module
        self.closure = closure
        self.owner = owner
        self.context = context
        self.shares = context.shared if context is not None else NOTHING
        self.branch: Branch = ()
        self.env: dict[str, Value] = {}
        self.given: dict[str, Value] = {}
        """What the parameters held at the start."""
        self.paths: dict[str, Value] = {}
        self.dead = False
        self.breaks: list[tuple[dict[str, Value], dict[str, Value]]] = []
        self.memo = False
        self.unsure = False
        """While a call is evaluated of which the object may be of a class that does not block."""
        self.off_loop = False
        self.polls = False
        """Inside a `try` that hears of what would have blocked."""
        self.probed = False
        """After a `try` whose RuntimeError says that no loop runs here."""
        self.ready = False
        """Whether something was found ready by a selector."""
        self.scheduling = False
        self.at = 0
        """Where the call stands that was looked at last."""
        self.groups: dict[str, ir.With] = {}
        """The blocks around, by the names of what they have entered."""
        self.guarded = False
        """Inside a `try`: what raises may go on behind it."""
        self.place: Place | None = None
        """Of the condition under evaluation, for names, which keep no place of their own."""
        self.types = NO_TYPES
        self.waiting: list[FunctionValue] = []
        """Coroutine functions defined here, which run if this context hands them to anybody."""
        self.flags: dict[str, dict[str, tuple[Value, Value, Value]]] = {}
        """What flags have decided: by their path the names and attributes, each as it is where the flag is true, where
        it is false, and behind both."""
        self.decided: dict[int, bool | None] = {}
        """Conditions after them, by their node's id: the one answer."""

    def closure_for_nested(self) -> Context | None:
        """What functions defined here close over."""
        return self.context if self.context is not None else self.closure


def class_body(cls: ClassScope, types: Types = NO_TYPES) -> Frame:
    """Where the body of a class is read."""
    frame = Frame(Cell(None, ""), cls, cls.closure, cls, None)
    frame.types = types
    return frame


NO_TEXTS: dict[int | str, str] = {}


class Arguments:
    """The values of a call. `open`: a `*rest` or `**rest` of unknown length is among them. `written`: the keywords, and
    the positions counted from the end, of texts that stand in the call. `exact`: of those that are certainly of one
    class, as literals are, an object of it. `firsts`: the texts that lists begin with that stand in the call, by
    keyword or position."""

    __slots__ = ("exact", "firsts", "keywords", "open", "positional", "written")

    def __init__(
        self,
        positional: list[Value],
        keywords: dict[str, Value] | None = None,
        is_open: bool = False,
        written: tuple[int | str, ...] = (),
        exact: tuple[tuple[int | str, Value], ...] = (),
        firsts: dict[int | str, str] | None = None,
    ) -> None:
        self.positional = positional
        self.keywords = keywords or {}
        self.open = is_open
        self.written = written
        self.exact = exact
        self.firsts = firsts or NO_TEXTS

    def at(self, index: int | str | None, name: str = "") -> Value | None:
        """The argument at a position or of a keyword; None if not given."""
        if name and name in self.keywords:
            return self.keywords[name]
        if isinstance(index, str):
            return self.keywords.get(index)
        if index is not None and index < len(self.positional):
            return self.positional[index]
        return None
