"""Conditions: which branch is dead, and what a name is in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Many,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

Change = tuple[ir.Expr, Value]
READY: Value = (FOREIGN,)
"""What a selector found ready: neither it nor what holds it waits."""


class Outcome:
    """`verdict`: the condition's truth where it is certain. `when`: what to believe in each branch."""

    __slots__ = ("value", "verdict", "when_false", "when_true")

    def __init__(self, verdict: bool | None = None, value: Value = EMPTY) -> None:
        self.verdict = verdict
        self.value = value
        self.when_true: Sequence[Change] = ()
        self.when_false: Sequence[Change] = ()

    def apply(self, frame: Frame, truth: bool) -> None:
        for node, value in self.when_true if truth else self.when_false:
            frame.ready = frame.ready or value is READY
            if isinstance(node, ir.Name):
                if node.id in frame.env or frame.context is not None:
                    frame.env[node.id] = value
            else:
                path = expressions.path(node)
                if path:
                    frame.paths[path] = value

    def inverted(self) -> Outcome:
        out = Outcome(None if self.verdict is None else not self.verdict)
        out.when_true, out.when_false = self.when_false, self.when_true
        return out


def judge(program: Program, node: Any, frame: Frame, keep: bool = False) -> Outcome:
    """Evaluate a condition. With `keep`, the value matters too (`a or b`)."""
    kind = node.__class__
    if kind is ir.Not:
        return judge(program, node.value, frame).inverted()
    if kind is ir.BoolOp and not keep:
        return _bool(program, node, frame)
    if kind is ir.Compare:
        return _compare(program, node, frame)
    if kind is ir.Call and _is_check(node):
        return _isinstance(program, node, frame)
    value = expressions.evaluate(program, node, frame)
    if not value and kind is not ir.Call:
        return Outcome()
    out = Outcome(_truth(program, node, value, frame), value)
    if kind is ir.Call:
        method = _method(node)
        if _last_name(node) == "iscoroutinefunction" and node.args and expressions.path(node.args[0]):
            _note_coroutine_functions(program, node.args[0], frame, out)
        elif method == "done":
            _note_done(program, node, frame, out)
        elif method in ("empty", "poll"):
            _note_filled(program, node, frame, out)
    for item in value:
        if item.__class__ is Instance:
            _ask_truth(program, item, node, frame)
    if kind is ir.Name or kind is ir.Attr or kind is ir.Named:
        false = tuple([v for v in value if v.__class__ is Constant and not v.value])
        if false:
            target: ir.Expr = ir.Name(node.target) if kind is ir.Named else node
            out.when_true = ((target, tuple([v for v in value if v not in false])),)
            if len(false) < len(value):
                out.when_false = ((target, false),)
    return out


def _is_check(node: ir.Expr) -> bool:
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Name) or len(node.args) != 2:
        return False
    return node.func.id in ("isinstance", "issubclass")


def is_false(item: Any) -> bool:
    return item.__class__ is Constant and not item.value


def _truth(program: Program, node: ir.Expr, value: Value, frame: Frame) -> bool | None:
    """Certain only for what the call gave: a parameter's constant, a literal, a known check."""
    if not value:
        return None
    if isinstance(node, ir.Const):
        return bool(value[0].value)
    if len(value) == 1 and value[0].__class__ is Wrapped and value[0].kind == "certain":
        return bool(value[0].extra)
    if isinstance(node, ir.Name) and not is_given(node.id, value, frame):
        return None
    if isinstance(node, ir.Attr):
        name = node.name
        return False if name == "TYPE_CHECKING" and value == ("typing.TYPE_CHECKING",) else None
    if value == ("typing.TYPE_CHECKING",):
        return False
    if _method(node) == "is_running" and _is_loop(program, node.func, frame):  # type: ignore[union-attr]
        return True
    if isinstance(node, ir.Name) or _last_name(node) in _CHECKS:
        truths = {bool(v.value) if v.__class__ is Constant else _object_truth(v) for v in value}
        if len(truths) == 1:
            return truths.pop()
    return None


def _note_coroutine_functions(program: Program, subject: ir.Expr, frame: Frame, out: Outcome) -> None:
    """`if iscoroutinefunction(func):` one branch has the coroutine functions, the other one the rest."""
    held = expressions.evaluate(program, subject, frame)
    out.when_true = ((subject, _callables(program, held, True)),)
    out.when_false = ((subject, _callables(program, held, False)),)


def _callables(program: Program, value: Value, wanted: bool) -> Value:
    """The alternatives that are coroutine functions, or those that are not; what is unknown is both."""
    kept: Value = EMPTY
    for item in value:
        if item.__class__ is Wrapped and item.kind == "choice":
            options, abstract = item.extra
            left = tuple([option for option in (_callables(program, o, wanted) for o in options) if option])
            if left:
                kept = union(kept, (program.make(Wrapped, "choice", EMPTY, (left, abstract)),))
            continue
        function = getattr(item, "function", item)
        if function.__class__ is not FunctionValue or bool(function.node.flags & ir.ASYNC) is wanted:
            kept = union(kept, (item,))
    return kept


def _note_done(program: Program, node: Any, frame: Frame, out: Outcome) -> None:
    """`if future.done():` its result is there: asking for it does not wait."""
    held = expressions.evaluate(program, node.func.value, frame)
    done: Value = EMPTY
    for item in held:
        if item.__class__ is Wrapped and item.kind == "future":
            done = union(done, (program.make(Wrapped, "callable result", item.content),))
        elif item == "concurrent.futures.Future()":
            done = union(done, (FOREIGN,))
    if done and expressions.path(node.func.value):
        out.when_true = ((node.func.value, done),)


def _note_filled(program: Program, node: Any, frame: Frame, out: Outcome) -> None:
    """`if not queue.empty():`, `while connection.poll():` something is there: taking it does not wait."""
    if not expressions.path(node.func.value):
        return
    held = expressions.evaluate(program, node.func.value, frame)
    if node.func.name == "empty":
        out.when_false = ((node.func.value, tuple([FOREIGN if v.__class__ is str else v for v in held])),)
    elif _CONNECTION in held:
        out.when_true = ((node.func.value, tuple([FOREIGN if v == _CONNECTION else v for v in held])),)


_CONNECTION = "multiprocessing.connection.Connection()"


def _ask_truth(program: Program, item: Instance, node: ir.Expr, frame: Frame) -> None:
    """`if queue:` runs `__bool__`, or else `__len__`."""
    from fastasync_lint.program import attributes, calls
    from fastasync_lint.program.contexts import Arguments

    for name in ("__bool__", "__len__"):
        if any(name in cls.bindings for cls in item.cls.mro):
            method = attributes.method(program, item, name, frame)
            calls.call(program, method, Arguments([]), expressions.place(node) or frame.place, frame, False)
            return


def _is_loop(program: Program, node: Any, frame: Frame) -> bool:
    """Code that runs on the loop finds it running."""
    return expressions.evaluate(program, node.value, frame) == _LOOP


_CHECKS = ("iscoroutinefunction", "isasyncgenfunction", "isgeneratorfunction")
"""Calls whose constant answer is certain; what a function of ours returns may be just the one return we know."""


def _last_name(node: ir.Expr) -> str:
    return expressions.path(node.func).rpartition(".")[2] if isinstance(node, ir.Call) else ""


def _method(node: ir.Expr) -> str:
    """The name of the method that is called; "" for a function."""
    return node.func.name if isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) else ""


def _object_truth(item: Any) -> bool | None:
    return True if item == "asyncio.AbstractEventLoop()" else None


def is_given(name: str, value: Value, frame: Frame) -> bool:
    """Whether a name still holds what its function was called with, or the running loop."""
    if value in (("typing.TYPE_CHECKING",), _LOOP):
        return True
    return frame.given.get(name) is value


def _bool(program: Program, node: ir.BoolOp, frame: Frame) -> Outcome:
    out = Outcome()
    env, paths = frame.env, frame.paths
    frame.env, frame.paths = dict(env), dict(paths)
    verdicts: list[bool | None] = []
    changes: list[Change] = []
    for item in node.items:
        one = judge(program, item, frame)
        verdicts.append(one.verdict)
        one.apply(frame, not node.is_or)
        changes += one.when_false if node.is_or else one.when_true
        if one.verdict is node.is_or:
            break
    for name, value in frame.env.items():
        if name not in env:
            env[name] = value  # bound by :=
    frame.env, frame.paths = env, paths
    if node.is_or:
        out.when_false = changes
    else:
        out.when_true = changes
    if node.is_or in verdicts:
        out.verdict = node.is_or
    elif all(v is (not node.is_or) for v in verdicts):
        out.verdict = not node.is_or
    return out


_DUNDERS = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def _compare(program: Program, node: ir.Compare, frame: Frame) -> Outcome:
    left = expressions.evaluate(program, node.left, frame)
    right = expressions.evaluate(program, node.right, frame)
    from fastasync_lint.program import calls, iterate

    if node.op in ("in", "not in"):
        iterate.elements(
            program, tuple([v for v in right if v.__class__ is not Instance]), (node.pos, node.end), frame, False
        )
        calls.operator(program, right, "__contains__", left, (node.pos, node.end), frame)
        return _ready(node, left) if node.op == "in" else Outcome()
    if node.op in _DUNDERS:
        calls.operator(program, left, _DUNDERS[node.op], right, (node.pos, node.end), frame)
    if node.op in _SAME and (
        left == right == _LOOP or _is_own_thread(node.left, node.right) or _is_own_thread(node.right, node.left)
    ):
        return Outcome(_SAME[node.op], (program.make(Wrapped, "certain", EMPTY, _SAME[node.op]),))
    if isinstance(node.left, ir.Name) and node.left.id == "__name__" and right == _main(program):
        return Outcome(node.op != "==")
    if len(right) != 1 or right[0].__class__ is not Constant:
        return Outcome()
    wanted = right[0].value
    if node.op in ("is", "==") or node.op in ("is not", "!="):
        out = _equal(node.left, left, wanted, right, frame)
        return out if node.op in ("is", "==") else out.inverted()
    return Outcome()


_POLLED = frozenset({"socket.socket()", "ssl.SSLSocket()", _CONNECTION})


def _ready(node: ir.Compare, left: Value) -> Outcome:
    """`if sock.fileno() in readable:`, `if sock in readable:` the selector said that it does not wait."""
    out = Outcome()
    subject: Any = node.left.func.value if _method(node.left) == "fileno" else node.left  # type: ignore[union-attr]
    if expressions.path(subject) and (subject is not node.left or not _POLLED.isdisjoint(left)):
        out.when_true = ((subject, READY),)
    return out


def holds_ready(node: ir.Expr, frame: Frame) -> bool:
    """Whether what a selector found ready is an attribute of this. A method's own object does much else."""
    context = frame.context
    if context is not None and context.function.owner is not None and isinstance(node, ir.Name):
        return False
    prefix = expressions.path(node) + "."
    return len(prefix) > 1 and any(value is READY and path.startswith(prefix) for path, value in frame.paths.items())


_SAME = {"==": True, "is": True, "!=": False, "is not": False}
_LOOP: Value = ("asyncio.AbstractEventLoop()",)
_THIS = frozenset({"get_ident", "get_native_id", "current_thread", "currentThread", "get_running_loop"})


def _is_own_thread(this: ir.Expr, other: ir.Expr) -> bool:
    """`threading.get_ident() == self.loop_thread_id`: whether it is the loop that asks, as it is where this counts."""
    asked = this.value if isinstance(this, ir.Attr) else this
    if not isinstance(asked, ir.Call) or expressions.path(asked.func).rpartition(".")[2] not in _THIS:
        return False
    named = other.value if isinstance(other, ir.Attr) and isinstance(other.value, ir.Call) else other
    text = expressions.path(named.func if isinstance(named, ir.Call) else named).lower()
    return "main" in text or "loop" in text


def _main(program: Program) -> Value:
    return (program.make(Constant, "__main__"),)


def _equal(node: ir.Expr, value: Value, wanted: Any, right: Value, frame: Frame) -> Outcome:
    out = Outcome()
    if isinstance(node, ir.Named):
        node = ir.Name(node.target)
    if not isinstance(node, ir.Name | ir.Attr):
        return out
    if isinstance(node, ir.Name) and value and is_given(node.id, value, frame):
        if all(v.__class__ is Constant for v in value):
            same = {v.value == wanted and v.value.__class__ is wanted.__class__ for v in value}
            if len(same) == 1:
                out.verdict = same.pop()
        elif wanted is None and value == _LOOP:
            out.verdict = False
        elif wanted is None and not any(v.__class__ is Constant for v in value) and frame.context is not None:
            out.verdict = False if node.id in frame.context.env else None
    if wanted is None:
        out.when_true = ((node, right),)
        rest = tuple([v for v in value if not (v.__class__ is Constant and v.value is None)])
        if len(rest) < len(value):
            out.when_false = ((node, rest),)
    return out


def _isinstance(program: Program, node: ir.Call, frame: Frame) -> Outcome:
    subject = node.args[0]
    value = expressions.evaluate(program, subject, frame)
    classes = _classes(expressions.evaluate(program, node.args[1], frame))
    out = Outcome()
    if isinstance(subject, ir.Named):
        subject = ir.Name(subject.target)
    if not classes or not isinstance(subject, ir.Name | ir.Attr):
        return out
    matching: Value = EMPTY
    rest: Value = EMPTY
    for item in value:
        fits = _fits(program, item, classes)
        if fits is not False:
            matching = union(matching, (item,) if fits else EMPTY)
        if fits is not True:
            rest = union(rest, (item,))
    from fastasync_lint.program import hints

    promised = hints.instances(program, classes)
    out.when_true = ((subject, matching or promised),)
    if len(rest) < len(value):
        out.when_false = ((subject, rest),)
    return out


def _classes(value: Value) -> Value:
    out: Value = EMPTY
    for item in value:
        if item.__class__ is Items:
            for part in item.items:
                out = union(out, _classes(part))
        elif item.__class__ is Many:
            out = union(out, _classes(item.element))
        elif item.__class__ is ClassScope or item.__class__ is str or item.__class__ is Wrapped:
            out = union(out, (item,))
    return out


def _fits(program: Program, item: Any, classes: Value) -> bool | None:
    """True, False, or None when an instance may be of a subclass that fits."""
    if FOREIGN in classes:
        return None
    if item.__class__ is Instance:
        if any(c.__class__ is ClassScope and item.cls.derives_from(c) for c in classes):
            return True
        narrower = any(c.__class__ is ClassScope and c.derives_from(item.cls) for c in classes)
        outside = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(base, c) for c in outside for base in item.cls.outside_bases()):
            return True
        return None if narrower and not item.exact else False
    if item.__class__ is str:
        cls = item.partition("()")[0]
        names = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(cls, name) for name in names):
            return True
        return False if program.known(item) and item.endswith("()") else None
    if item.__class__ is Constant:
        return False if item.value is None else None
    return None


# shapes --------------------------------------------------------------------------------------------------------


def is_singleton_guard(node: ir.If, frame: Frame) -> str:
    """What runs once: "body" for `if _x is None: _x = …`, "rest" for `if _x is not None: return _x`."""
    target, when_unset = _unset_test(node.test)
    if target is None or frame.context is None:
        return ""
    path = expressions.path(target)
    function = frame.context.node
    lasting = path in function.outer if isinstance(target, ir.Name) else True
    if not path or not lasting:
        return ""
    if when_unset:
        return "body" if _assigns(node.body, path) else ""
    returns = bool(node.body) and isinstance(node.body[-1], ir.Return)
    return "rest" if returns and _assigns(function.body, path) else ""


def ends_program(body: list[ir.Stmt]) -> bool:
    """What stands before `sys.exit()` runs once, with nothing to be served after it."""
    return any(node.__class__ is ir.Jump and node.ends_program for node in body)


def _unset_test(node: ir.Expr) -> tuple[ir.Expr | None, bool]:
    if isinstance(node, ir.Not) and isinstance(node.value, ir.Name | ir.Attr):
        return node.value, True
    is_identity = isinstance(node, ir.Compare) and node.op in ("is", "is not")
    if is_identity and isinstance(node.right, ir.Const) and node.right.value is None:  # type: ignore[union-attr]
        return node.left, node.op == "is"  # type: ignore[union-attr]
    if isinstance(node, ir.Name | ir.Attr):
        return node, False
    return None, False


def _assigns(body: list[ir.Stmt], path: str) -> bool:
    for node in body:
        if isinstance(node, ir.Assign) and any(expressions.path(t) == path for t in node.targets):
            return True
        if isinstance(node, ir.AnnAssign) and expressions.path(node.target) == path:
            return True
        for inner in ("body", "orelse", "final"):
            nested = getattr(node, inner, None)
            if isinstance(nested, list) and not isinstance(node, ir.ClassDef) and _assigns(nested, path):
                return True
    return False


def probes_running_loop(program: Program, body: list[ir.Stmt], frame: Frame) -> bool:
    """`try: asyncio.get_running_loop()`: its RuntimeError means that no loop runs here."""
    for node in body:
        value = getattr(node, "value", None)
        if isinstance(value, ir.Call) and "running_loop" in expressions.path(value.func):
            return True
    return False


def catches(handler: ir.Handler, name: str) -> bool:
    kind = handler.type
    if isinstance(kind, ir.Seq):
        return any(isinstance(i, ir.Name) and i.id == name for i in kind.items)
    return isinstance(kind, ir.Name) and kind.id == name


def hears_of_blocking(handler: ir.Handler) -> bool:
    """Whether what is tried is a non-blocking read or write: nothing else raises these."""
    return catches(handler, "BlockingIOError") or "SSLWant" in str(getattr(handler.type, "name", ""))


def watches(program: Program, node: Any, frame: Frame) -> bool:
    """Whether a loop's condition looks at a clock or a plain flag, which nothing in the loop changes."""
    kind = node.__class__
    if kind is ir.Not:
        return watches(program, node.value, frame)
    if kind is ir.Name:
        return True
    if kind is ir.Attr:
        holder = expressions.evaluate(program, node.value, frame)
        return all(h.__class__ is Instance for h in holder) and bool(holder)
    return _has_clock(program, node, frame)


def _has_clock(program: Program, node: Any, frame: Frame) -> bool:
    if isinstance(node, ir.Call):
        for item in expressions.evaluate(program, node.func, frame):
            if item.__class__ is str:
                rows = program.catalogue.entry(item).get("intrinsic")
                if rows and rows[0].result == "clock":
                    return True
        return False
    parts = [getattr(node, name, None) for name in ("left", "right", "value")]
    parts += getattr(node, "items", None) or []
    return any(_has_clock(program, part, frame) for part in parts if part is not None)
