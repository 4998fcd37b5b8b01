"""Binding names and attributes, and what definitions and imports bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    attributes,
    calls,
    decorators,
    expressions,
    fields,
    flags,
    handed,
    hints,
    iterate,
    models,
    stored,
    subscripts,
    variants,
)
from fastasync_lint.program.contexts import Arguments, Context, Frame, Place, class_body
from fastasync_lint.program.scopes import Cell, ClassScope, ModuleScope, Task
from fastasync_lint.program.values import (
    EMPTY,
    Constant,
    FunctionValue,
    Instance,
    Many,
    Super,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def anonymous_task() -> Task:
    return Cell(None, "")


# storing ---------------------------------------------------------------------------------------------------


def store(program: Program, target: ir.Expr, value: Value, frame: Frame) -> None:
    kind = target.__class__
    if kind is ir.Name:
        store_name(program, target.id, value, frame)  # type: ignore[union-attr]
    elif kind is ir.Attr:
        store_attribute(program, target, value, frame)  # type: ignore[arg-type]
    elif kind is ir.Seq:
        _unpack(program, target.items, value, frame)  # type: ignore[union-attr]
    elif kind is ir.Star:
        store(program, target.value, value, frame)  # type: ignore[union-attr, arg-type]
    elif kind is ir.Sub:
        subscripts.store(program, target, value, frame)  # type: ignore[arg-type]


def store_name(program: Program, name: str, value: Value, frame: Frame) -> None:
    frame.env[name] = value
    if frame.flags:
        flags.forget(frame, name)
    if frame.paths:
        prefix = name + "."
        frame.paths = {path: held for path, held in frame.paths.items() if not path.startswith(prefix)}
    context = frame.context
    if context is None:
        return None
    node = context.node
    if name in node.captured:
        capture(program, context, name, value)
    if node.outer and name in node.outer:
        closure = context.function.closure
        while closure is not None:
            if name in closure.node.captured:
                closure.shared |= {name}
                closure.readers[closure] = None
                return capture(program, closure, name, value)
            closure = closure.function.closure
        module = frame.module
        cell = module.cell(name) or module.late.setdefault(name, Cell(None, name))
        program.grow(cell, value)
    return None


def capture(program: Program, context: Context, name: str, value: Value) -> None:
    """A name that nested functions see: all it ever holds."""
    before = context.captured.get(name, EMPTY)
    after = union(before, value)
    context.captured[name] = after
    if after != before:
        program.wake(context)


def store_attribute(program: Program, target: ir.Attr, value: Value, frame: Frame, is_same: bool = False) -> None:
    """`is_same`: what the attribute held has grown, wherever it is defined."""
    path = expressions.path(target)
    receivers = expressions.evaluate(program, target.value, frame)
    if is_same:
        receivers = tuple([stored.holder(item, target.name) for item in receivers])
    set_attribute(program, receivers, target.name, value, (target.pos, target.end), frame)
    if path and frame.context is not None:
        frame.paths[path] = value
        flags.forget(frame, path)


def set_attribute(
    program: Program, receivers: Value, name: str, value: Value, place: Place | None, frame: Frame
) -> None:
    """`receiver.name = value`, for every receiver. What a test patches stays as it is for all others."""
    for receiver in receivers:
        kind = receiver.__class__
        if frame.module.is_test and stored.is_tested(receiver):
            continue
        if kind is str and value and not all(v.__class__ is Constant for v in value):
            for row in program.catalogue.entry(f"{receiver}.{name}").get("loop_callback"):
                if row.on == "set":
                    handed.on_loop(program, row, Arguments([value]), frame, place)
            for known in (receiver, *program.catalogue.bases_of(receiver)):
                program.grow(program.outside_attributes.setdefault((known, name), Cell(None, name)), value)
        elif kind is Instance:
            if not stored.by_setter(program, receiver, name, value, place, frame):
                context = frame.context
                if context is None or context.node.name != "__init__" or context.receiver is not receiver:
                    variants.loosen(program, receiver.cls, name, value)
                stored.run_hook(program, receiver, name, value, place, frame)
                stored.set_from_outside(program, receiver.cls, name, value)
                stored.keep_for_all(program, receiver.cls, name, value)
        elif kind is ClassScope:
            cell = receiver.cell(name)
            if cell is None:
                stored.set_from_outside(program, receiver, name, value)
            else:
                program.grow(cell, value)
        elif kind is FunctionValue and not all(v.__class__ is Constant for v in value):
            program.grow(program.function_attribute(receiver, name), value)
        elif kind is ModuleScope:
            program.grow(receiver.cell(name) or receiver.late.setdefault(name, Cell(None, name)), value)


def _unpack(program: Program, targets: list[ir.Expr], value: Value, frame: Frame) -> None:
    values: list[Value] = [EMPTY] * len(targets)
    stars = any(isinstance(t, ir.Star) for t in targets)
    for item in value:
        parts = None if stars else fields.parts(program, item, frame)
        if parts is not None and len(parts) == len(targets):
            values = [union(old, new) for old, new in zip(values, parts, strict=True)]
        else:
            element = iterate.plain_elements(program, (item,))
            values = [union(old, element) for old in values]
    for target, part in zip(targets, values, strict=True):
        if isinstance(target, ir.Star):
            part = (program.make(Many, part),) if part else EMPTY
        store(program, target, part, frame)


# definitions -----------------------------------------------------------------------------------------------


def only_names(targets: list[ir.Expr]) -> bool:
    return all(isinstance(t, ir.Name) or (isinstance(t, ir.Seq) and only_names(t.items)) for t in targets)


def demand_names(program: Program, targets: list[ir.Expr], frame: Frame) -> None:
    """At the top of a module or class the names are evaluated by themselves, once."""
    for target in targets:
        if isinstance(target, ir.Seq):
            demand_names(program, target.items, frame)
        elif isinstance(target, ir.Name):
            cell = frame.scope.cell(target.id)
            if cell is not None:
                program.read(cell, frame)


def bound_by(program: Program, node: Any, name: str, frame: Frame) -> Value:
    """What one statement binds `name` to."""
    kind = node.__class__
    if kind is ir.FuncDef:
        return function_value(program, node.function, frame)
    if kind is ir.ClassDef:
        return class_value(program, node, frame)
    if kind is ir.Import:
        return _imported(program, node, frame)
    if kind is ir.ImportFrom:
        return _imported_name(program, node, name, frame)
    frame.env.pop(name, None)
    if kind is ir.Assign:
        value = expressions.evaluate(program, node.value, frame)
        frame.env.pop(name, None)
        for target in node.targets:
            store(program, target, value, frame)
    elif kind is ir.AnnAssign:
        value = EMPTY if node.value is None else expressions.evaluate(program, node.value, frame)
        declared = hints.typed(program, node.annotation, frame)
        if expressions.path(node.annotation).endswith("TypeAlias") and node.value is not None:
            return (program.make(Wrapped, "type", hints.typed(program, node.value, frame)),)
        return hints.refine(program, value, declared)
    elif kind is ir.For:
        value = expressions.evaluate(program, node.iterable, frame)
        store(program, node.target, iterate.plain_elements(program, value), frame)
    elif kind is ir.With:
        for item in node.items:
            if item.target is not None:
                value = expressions.evaluate(program, item.value, frame)
                entered = iterate.enter(program, value, (item.pos, item.end), frame, node.is_async)
                store(program, item.target, entered, frame)
    return frame.env.pop(name, EMPTY)


def raw_function(program: Program, node: ir.Function, frame: Frame) -> FunctionValue:
    owner = frame.scope if isinstance(frame.scope, ClassScope) else None
    made: FunctionValue = program.make(FunctionValue, node, frame.module, frame.closure_for_nested(), owner)
    return made


def function_value(program: Program, node: ir.Function, frame: Frame) -> Value:
    """A function as its decorators leave it. An unknown decorator is taken to keep it."""
    raw = raw_function(program, node, frame)
    if node.flags & ir.OVERLOAD:
        return EMPTY
    value: Value = (raw,)
    outside = f"{frame.module.name}.{node.qualname}"
    if outside in program.offload:
        return (program.make(Wrapped, "offloaded", value),)
    steps = [value]
    for decorator in reversed(node.decorators):
        value = decorators.decorate(program, decorator, value, frame, raw)
        steps.append(value)
    if node.flags & ir.ASYNC and node.decorators:
        decorators.note_hidden(program, raw, steps, frame)
    return value


def class_value(program: Program, node: ir.ClassDef, frame: Frame) -> Value:
    scope = program.class_scope(node, frame)
    for decorator in reversed(node.decorators):
        decorators.decorate(program, decorator, (scope,), frame, None)
    return (scope,)


def evaluate_class(program: Program, scope: ClassScope) -> None:
    """Every name of a class and every method on a plain instance."""
    frame = class_body(scope)
    models.mark_callbacks(program, scope)
    if any("__init_subclass__" in base.bindings for base in scope.mro[1:]):
        parent = program.make(Super, scope, scope)
        hook = attributes.one(program, parent, "__init_subclass__", None, frame)
        calls.call(program, hook, Arguments([]), None, frame, False)
    for name, bindings in scope.bindings.items():
        cell = scope.cell(name)
        if cell is not None:
            program.read(cell, frame)
        for node, _ in bindings:
            if isinstance(node, ir.FuncDef):
                program.plain(raw_function(program, node.function, frame))
            elif isinstance(node, ir.ClassDef):
                evaluate_class(program, program.class_scope(node, frame))


# imports ---------------------------------------------------------------------------------------------------


def imported_module(program: Program, node: ir.ImportFrom, module: ModuleScope) -> ModuleScope | str | None:
    if node.level:
        return program.modules.relative(module, node.level, node.module)
    return program.modules.find(node.module, module)


def _imported(program: Program, node: ir.Import, frame: Frame) -> Value:
    found = program.modules.find(node.module, frame.module)
    return (module_value(program, found, node.module),)


def module_value(program: Program, found: ModuleScope | str | None, name: str) -> Any:
    if found is None:
        return program.outside(name)
    if isinstance(found, str):
        return program.make(Wrapped, "namespace", EMPTY, (found, name))
    return found


def _imported_name(program: Program, node: ir.ImportFrom, name: str, frame: Frame) -> Value:
    value: Value = EMPTY
    target = imported_module(program, node, frame.module)
    for there, here in node.names:
        if here == name:
            if target is None:
                if node.level:
                    continue
                full = program.outside(f"{node.module}.{there}")
                return (program.catalogue.value("attributes", full) or full,)
            holder = module_value(program, target, node.module)
            value = attributes.of_module(program, holder, there, frame)
    return value
