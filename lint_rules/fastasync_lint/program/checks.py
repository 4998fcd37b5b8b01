"""Conditions that ask something of the run: what is done, filled or ready, which thread it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import attributes, calls, expressions
from fastasync_lint.program.contexts import Arguments, Frame
from fastasync_lint.program.outcomes import READY, Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Instance, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def note_done(program: Program, node: Any, frame: Frame, out: Outcome) -> None:
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


def note_filled(program: Program, node: Any, frame: Frame, out: Outcome) -> None:
    """`if not queue.empty():`, `while connection.poll():` something is there: taking it does not wait."""
    if not expressions.path(node.func.value):
        return
    held = expressions.evaluate(program, node.func.value, frame)
    if node.func.name == "empty":
        out.when_false = ((node.func.value, tuple([_filled(program, v) for v in held])),)
    elif any(is_selectable(program, v) for v in held):
        out.when_true = ((node.func.value, tuple([FOREIGN if is_selectable(program, v) else v for v in held])),)


def _filled(program: Program, item: Any) -> Any:
    """A queue of which nothing is known but what it holds."""
    if item.__class__ is Wrapped and item.kind == "queue" and not item.extra[0].startswith("asyncio."):
        return program.make(Wrapped, "queue", item.content, (FOREIGN, item.extra[1]))
    return FOREIGN if item.__class__ is str else item


ENDED: dict[str, tuple[bool, frozenset[str]]] = {
    "is_alive": (False, frozenset({"threading.Thread()", "threading.Timer()", "multiprocessing.Process()"})),
    "is_set": (True, frozenset({"threading.Event()", "multiprocessing.synchronize.Event()"})),
    "ready": (True, frozenset({"multiprocessing.pool.ApplyResult()"})),
}
"""Methods that ask whether something is over, what they answer then, and of what: waiting for it is no waiting."""
_PROCESS = frozenset({"subprocess.Popen()", "psutil.Popen()"})


def note_ended(program: Program, node: Any, frame: Frame, out: Outcome) -> None:
    """`if not thread.is_alive():`, `while not event.is_set():` and then `join()`, `wait()`."""
    answer, kinds = ENDED[node.func.name]
    over = _over(program, node.func.value, kinds, frame)
    if over is not None:
        setattr(out, "when_true" if answer else "when_false", over)


def ended(program: Program, process: Any, op: str, frame: Frame) -> Outcome:
    """`while process.poll() is None:` and then `wait()`."""
    out = Outcome()
    over = None if process is None else _over(program, process, _PROCESS, frame)
    if over is not None:
        out.when_false = over
    return out if op in ("is", "==") else out.inverted()


def _over(program: Program, subject: ir.Expr, kinds: frozenset[str], frame: Frame) -> tuple[Any, ...] | None:
    held = expressions.evaluate(program, subject, frame)
    if not expressions.path(subject) or kinds.isdisjoint(held):
        return None
    return ((subject, tuple([FOREIGN if v in kinds else v for v in held])),)


def ask_truth(program: Program, item: Instance, node: ir.Expr, frame: Frame) -> None:
    """`if queue:` runs `__bool__`, or else `__len__`."""

    for name in ("__bool__", "__len__"):
        if any(name in cls.bindings for cls in item.cls.mro):
            method = attributes.method(program, item, name, frame)
            calls.call(program, method, Arguments([]), expressions.place(node) or frame.place, frame, False)
            return


def is_selectable(program: Program, item: Any) -> bool:
    """Whether it is something that a selector or poller finds ready."""
    return item.__class__ is str and item is not FOREIGN and "selectable" in program.catalogue.entry(item).rows


def ready(program: Program, node: ir.Compare, left: Value) -> Outcome:
    """`if sock.fileno() in readable:`, `if sock in readable:` the selector said that it does not wait."""
    out = Outcome()
    subject: Any = node.left.func.value if method_name(node.left) == "fileno" else node.left  # type: ignore[union-attr]
    if expressions.path(subject) and (subject is not node.left or any(is_selectable(program, item) for item in left)):
        out.when_true = ((subject, READY),)
    return out


def readable(queue: ir.Expr) -> Outcome:
    """`if ready is queue._reader:` what a selector found ready is the pipe of a queue of `multiprocessing`."""
    out = Outcome()
    if expressions.path(queue):
        out.when_true = ((queue, READY),)
    return out


def holds_ready(node: ir.Expr, frame: Frame) -> bool:
    """Whether what a selector found ready is an attribute of this. A method's own object does much else."""
    context = frame.context
    if context is not None and context.function.owner is not None and isinstance(node, ir.Name):
        return False
    prefix = expressions.path(node) + "."
    return len(prefix) > 1 and any(value is READY and path.startswith(prefix) for path, value in frame.paths.items())


SAME = {"==": True, "is": True, "!=": False, "is not": False}


LOOP: Value = ("asyncio.AbstractEventLoop()",)


_THIS = frozenset({"get_ident", "get_native_id", "current_thread", "currentThread", "get_running_loop"})


def is_own_thread(this: ir.Expr, other: ir.Expr) -> bool:
    """`threading.get_ident() == self.loop_thread_id`: whether it is the loop that asks, as it is where this counts."""
    asked = this.value if isinstance(this, ir.Attr) else this
    if not isinstance(asked, ir.Call) or expressions.path(asked.func).rpartition(".")[2] not in _THIS:
        return False
    named = other.value if isinstance(other, ir.Attr) and isinstance(other.value, ir.Call) else other
    text = expressions.path(named.func if isinstance(named, ir.Call) else named).lower()
    return "main" in text or "loop" in text


def last_name(node: ir.Expr) -> str:
    return expressions.path(node.func).rpartition(".")[2] if isinstance(node, ir.Call) else ""


def method_name(node: ir.Expr) -> str:
    """The name of the method that is called; "" for a function."""
    return node.func.name if isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) else ""


def same_class(left: Value, right: ClassScope, op: str) -> Outcome:
    """`cls is not Base`: sure where neither is the other, nor derives from it."""
    cls = left[0] if len(left) == 1 else None
    if cls.__class__ is not ClassScope or cls is right or right.derives_from(cls):
        return Outcome()
    return Outcome(not SAME[op])
