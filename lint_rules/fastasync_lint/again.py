"""One changed file looked at again, with all that was found out about the others.

An editor's first answer: what other files hold of the file's old version stays as it was, and a check of everything
follows. Until then a finding may be missing, or be one too many, where the change reaches the file through others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from fastasync_lint import hits
from fastasync_lint.engine import Evaluated, deep, evaluate_classes, evaluate_module
from fastasync_lint.facts import ir
from fastasync_lint.facts.parse import facts
from fastasync_lint.model import Hit
from fastasync_lint.places import SourcePlaces
from fastasync_lint.program import instances, models, values
from fastasync_lint.program.contexts import Context
from fastasync_lint.program.engine import Program
from fastasync_lint.program.scopes import ClassScope, ModuleScope
from fastasync_lint.program.values import FunctionValue, Instance, Value


def look(evaluated: Evaluated, root: str, name: str, overlay: Mapping[Path, bytes]) -> list[Hit] | None:
    """The hits of the file `name` (relative to `root`), whose text is in the overlay.

    None when they cannot be told from what is known: the file is new, or does not parse.
    """
    parsed, program, reach = evaluated
    if name not in parsed:
        return None
    made = facts(overlay[Path(root) / name])
    if made.error:
        return None
    program.know(set(made.roots))
    with deep():
        values.use(program.store)
        known = len(program.contexts)
        parsed[name] = made
        _evaluate(program, name, made)
        reach.extend(program, list(program.contexts.values())[known:])
        return hits.collect(program, reach, {name}, SourcePlaces(root, overlay))


def _evaluate(program: Program, name: str, made: ir.FileFacts) -> None:
    before = program.modules.by_path(name)
    assert before is not None
    old_classes = program.classes(before)
    old_contexts = [c for c in program.contexts.values() if c.module is before]
    module = program.modules.replace(name, made)
    module.late.update(before.late)
    evaluate_classes(program, module)
    new_classes = program.classes(module)
    for qualname, cls in new_classes.items():
        if qualname in old_classes:
            _succeed(old_classes[qualname], cls)
    evaluate_module(program, module)
    program.settle(module)
    functions = dict(_functions(program, module, new_classes))
    for context in old_contexts:
        function = functions.get(context.node.qualname)
        if function is not None and context.function.closure is None:
            _call_again(program, context, function, new_classes)
    program.settle(module)
    models.mark_request_bodies(program, [context for context in program.routes if context.module is module])
    program.settle(module)


def _succeed(old: ClassScope, new: ClassScope) -> None:
    """A class in the place of its old version: bases of what other files derive from it, holder of what they set."""
    for below in old.subclasses:
        if below.module is not old.module:
            below.bases = [new if base is old else base for base in below.bases]
            new.add_subclass(below)
    for cls in (new, *new.all_subclasses()):
        cls.forget_order()
    for name, cell in old.attributes.items():
        if not new.storing(name):
            new.attribute(name).value = cell.value


def _functions(
    program: Program, module: ModuleScope, classes: Mapping[str, ClassScope]
) -> Iterator[tuple[str, FunctionValue]]:
    """Functions and methods by qualified name, as nothing has decorated them."""
    for scope in (module, *classes.values()):
        owner = scope if isinstance(scope, ClassScope) else None
        for bindings in scope.bindings.values():
            for node, _ in bindings:
                if isinstance(node, ir.FuncDef):
                    yield node.function.qualname, program.make(FunctionValue, node.function, module, None, owner)


def _call_again(program: Program, old: Context, function: FunctionValue, classes: Mapping[str, ClassScope]) -> None:
    """What others called, and how, in the new version; and what a framework calls there."""

    def renewed(value: Value) -> Value:
        return tuple([_renew(item, classes) for item in value])

    names = {name for param in function.node.params for name in (param.name, instances.mark(param.name))}
    env = {name: renewed(value) for name, value in old.env.items() if name in names}
    receiver = None if old.receiver is None else _renew(old.receiver, classes)
    context = program.adopt(function, env, receiver)
    context.root = context.root or old.root
    context.startup = context.startup or old.startup
    context.threaded = context.threaded or old.threaded
    context.tasked = context.tasked or old.tasked
    context.runners |= old.runners


def _renew(item: object, classes: Mapping[str, ClassScope]) -> object:
    """The new version of a class or instance of the file."""
    if isinstance(item, Instance):
        cls = _renew(item.cls, classes)
        return cls.of(item.exact) if isinstance(cls, ClassScope) else item
    if isinstance(item, ClassScope):
        new = classes.get(item.node.qualname)
        return new if new is not None and new.module.path == item.module.path else item
    return item
