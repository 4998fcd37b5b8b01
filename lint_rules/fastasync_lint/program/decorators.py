"""What a decorator makes of a function or class, and what it registers it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir, walk
from fastasync_lint.program import attributes, calls, construct, expressions, handed, outside
from fastasync_lint.program.contexts import Arguments, Frame
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Made,
    Partial,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_DECORATING = ("offload", "memoise", "intrinsic", "depends")


def decorate(program: Program, node: ir.Expr, value: Value, frame: Frame, raw: FunctionValue | None) -> Value:
    """The value under one decorator. What is not known keeps the function."""
    before, frame.off_loop = frame.off_loop, True
    decorators = expressions.evaluate(program, node, frame)
    out: Value = EMPTY
    is_certain = _all_register(program, decorators)
    for item in decorators:
        kind = item.__class__
        if kind is str:
            if raw is not None and (is_certain or raw.node.flags & ir.ASYNC):
                _registers(program, item, node, raw, value, frame)
            if _decorates(program, item) or _makes_task(program, item):
                out = union(out, outside.call(program, item, Arguments([value]), None, frame, False, None))
        elif kind is ClassScope and raw is not None and (computes := _computes(item)):
            out = union(out, (program.make(Wrapped, computes, value, EMPTY),))
        elif kind is ClassScope and raw is not None and _calls_async(program, item, frame):
            out = union(out, construct.instance(program, item, Arguments([value]), None, frame))
        elif kind is Made or _enters(item):
            out = union(out, (program.make(Wrapped, "entered", value, (item,)),))
        elif kind is Instance or kind is Wrapped or kind is Partial or kind is Bound or kind is FunctionValue:
            out = union(out, calls.call(program, (item,), Arguments([value]), None, frame, False))
    frame.off_loop = before
    useful = tuple([v for v in out if v.__class__ not in (Constant, str)])
    tasks = tuple([v for v in out if v.__class__ is str and program.known(v)])
    if tasks and not useful and all("block call" in program.catalogue.entry(task).rows for task in tasks):
        return tasks  # calling it hands the function over, to a queue
    return union(useful or value, tuple([program.make(Wrapped, "named", EMPTY, task) for task in tasks]))


def note_hidden(program: Program, raw: FunctionValue, steps: list[Value], frame: Frame) -> None:
    """Whether what decorates a coroutine function is the language's, makes a command of it, keeps it in a collection,
    or wraps it: then nobody awaits it but who is seen. `steps`: what each decorator has made."""
    context = program.plain(raw)
    outermost = raw.node.decorators[0]
    for decorator, made in zip(reversed(raw.node.decorators), steps[1:], strict=True):
        if made and raw not in made and all(v.__class__ is FunctionValue for v in made):
            is_outermost = decorator is outermost  # then who calls the wrapper is seen as well
            if is_outermost or not any(v.node.flags & ir.ASYNC for v in made):
                context.hidden = EMPTY if is_outermost else made
                for wrapper in made:
                    program.plain(wrapper)  # whoever may call it, it says what becomes of the coroutine
            return
        names = expressions.evaluate(program, decorator, frame)
        if not names or not all(_registers_nothing(program, v) for v in names):
            return
    context.hidden = EMPTY


def _registers_nothing(program: Program, item: Any) -> bool:
    """Whether a decorator gives what it decorates to nobody that is not seen, or to a loop of its own."""
    if item.__class__ is Wrapped:
        return bool(item.kind == "keeps")
    if item.__class__ is not str:
        return item.__class__ is FunctionValue and _only_collects(item.node)
    entry = program.catalogue.entry(item)
    keeps = program.catalogue.value("returns", item) or ""
    rows = entry.get("loop_callback")
    if rows:
        return all(row.result == "run" for row in rows)
    return "intrinsic" in entry.rows or (keeps.startswith("same") and not entry.rows)


def _only_collects(function: ir.Function) -> bool:
    """Whether all that a function does with what it is given is to put it into a collection, and to give it back."""
    name = function.params[0].name if len(function.params) == 1 else ""
    harmless = 0
    for node in walk.nodes(function.body):
        value = getattr(node, "value", None)
        is_kept = isinstance(node, ir.Assign) and isinstance(node.targets[0], ir.Sub)
        if isinstance(node, ir.Return | ir.Attr) or is_kept:
            harmless += isinstance(value, ir.Name) and value.id == name
        elif isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) and node.func.name == "append":
            harmless += any(isinstance(arg, ir.Name) and arg.id == name for arg in node.args)
    uses = [node for node in walk.nodes(function.body) if isinstance(node, ir.Name) and node.id == name]
    return bool(name) and len(uses) == harmless


def _enters(item: Any) -> bool:
    """An object that a decorated function runs inside of."""
    return item.__class__ is Instance and "contextlib.ContextDecorator" in item.cls.outside_bases()


def _computes(cls: ClassScope) -> str:
    """The kind of property that a descriptor class makes of a function: its `__get__` calls what it was given on the
    object, and may keep the result in it."""
    bindings = next((scope.bindings["__get__"] for scope in cls.mro if "__get__" in scope.bindings), ())
    for node, _ in bindings:
        if not isinstance(node, ir.FuncDef) or len(node.function.params) < 2:
            continue
        itself, target = (param.name for param in node.function.params[:2])
        nodes = list(walk.nodes(node.function.body))
        for made in nodes:
            if (
                isinstance(made, ir.Call) and isinstance(made.func, ir.Attr) and made.args
                and isinstance(made.func.value, ir.Name) and made.func.value.id == itself
                and isinstance(made.args[0], ir.Name) and made.args[0].id == target
            ):  # fmt: skip
                return "cached property" if any(_keeps(other) for other in nodes) else "property"
    return ""


def _keeps(node: Any) -> bool:
    if isinstance(node, ir.Assign):
        return any(isinstance(target, ir.Attr | ir.Sub) for target in node.targets)
    return isinstance(node, ir.Call) and expressions.path(node.func).rpartition(".")[2] in ("setattr", "__setattr__")


def _calls_async(program: Program, cls: ClassScope, frame: Frame) -> bool:
    """Whether instances of a decorator class give awaitables: then they, not the function, are what is called."""
    value, owner = attributes.class_binding(program, cls, "__call__", frame)
    return owner is not None and any(v.__class__ is FunctionValue and v.node.flags & ir.ASYNC for v in value)


def _decorates(program: Program, name: str) -> bool:
    """Whether the catalogue says that this changes what a decorated function is."""
    rows = program.catalogue.entry(name).rows
    return any(table in rows for table in _DECORATING)


def _makes_task(program: Program, name: str) -> bool:
    """Whether a decorator's value has methods of its own (`@app.task` and then `.delay()`)."""
    value = program.catalogue.value("returns", name)
    return (bool(value) and program.known(value)) or "returns_when" in program.catalogue.entry(name).rows  # type: ignore[arg-type]


def _all_register(program: Program, decorators: Value) -> bool:
    """Of two versions of a library's class, that `try: import` chooses from, one may call plain ones in threads."""
    names = [item for item in decorators if item.__class__ is str]
    return len(names) < 2 or all("loop_callback" in program.catalogue.entry(name).rows for name in names)


def _registers(program: Program, name: str, node: ir.Expr, raw: FunctionValue, value: Value, frame: Frame) -> None:
    """`@app.get("/")`, `@app.on_event("startup")`: the framework will call what the decorators below made."""
    rows = program.catalogue.entry(name).rows
    if "loop_callback" in rows:
        for row in rows["loop_callback"]:
            called = union(value, (raw,)) if raw.node.flags & ir.ASYNC else value
            handed.on_loop(program, row, Arguments([called]), frame, None)
    if "route" in rows:
        context = program.plain(raw)
        text, holder = _route(program, node, rows["route"][0], frame)
        program.add_route(context, text, holder)


def _route(program: Program, node: ir.Expr, row: Row, frame: Frame) -> tuple[str, str]:
    """`GET /users` of a decorator, and the name of the router it hangs on."""
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attr):
        return "", ""
    func: Any = node.func
    value = EMPTY
    if node.args:
        value = expressions.evaluate(program, node.args[0], frame)
    path = next((v.value for v in value if v.__class__ is Constant and v.value.__class__ is str), "")
    verb = func.name.upper() if func.name.islower() else func.name
    return f"{verb} {path}", expressions.path(func.value)
