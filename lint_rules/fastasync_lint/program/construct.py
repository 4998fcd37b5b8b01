"""An instance of a project class: what making it runs, and what its fields hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.program import attributes, calls, fields, models, outside, record, stored, variants
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import Bound, Constant, FunctionValue, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def instance(
    program: Program, cls: ClassScope, args: Arguments, place: Place | None, frame: Frame, is_whole: bool = False
) -> Value:
    """An instance: runs __new__, __init__ and __post_init__; without them, arguments become the fields. `is_whole`: it
    is made of data, as are the models that it holds (`Model.model_validate(data)`)."""
    cls = variants.made_with(cls, args)
    made = cls.of(True)
    found = False
    before, frame.memo = frame.memo, frame.memo or any(scope.is_kept for scope in cls.mro)
    for name in ("__new__", "__init__", "__post_init__"):
        value, owner = attributes.class_binding(program, cls, name, frame)
        if owner is None:
            continue
        found = found or name != "__post_init__"
        receiver: Any = cls if name == "__new__" else made
        bound = tuple([program.make(Bound, f, receiver) for f in value if f.__class__ is FunctionValue])
        rest = Arguments([]) if name == "__post_init__" else args
        calls.call(program, bound, rest, place, frame, False)
    inner = models.inner_validators(program, cls) if is_whole or args.open else []
    for function in (*models.validators(program, cls), *inner):
        # what a validator does at length mostly hangs on data that this caller does not give: one severity lower
        always = function.node.name == "model_post_init"
        record.edge(frame, place, (program.plain(function),), "call", not always)
    for base in cls.outside_bases():
        by_methods = attributes.hooked(program, made, f"{base}().__init__", frame)
        calls.call(program, by_methods, Arguments([], None, True), place, frame, False)
    if not found:
        _fill_fields(program, cls, args)
        if not args.open:
            _run_factories(program, cls, args, place, frame)
        for base in cls.outside_bases():
            outside.call(program, base, args, place, frame, False, None)
    frame.memo = before
    return (made,)


def _fill_fields(program: Program, cls: ClassScope, args: Arguments) -> None:
    declared = fields.names(cls)
    given = dict(zip(declared, args.positional, strict=False)) | args.keywords
    for name, value in given.items():
        kept = tuple([v for v in value if v.__class__ is not Constant and (v.__class__ is not str or program.known(v))])
        if kept and name in declared:
            stored.set_from_outside(program, cls, name, kept)


def _run_factories(program: Program, cls: ClassScope, args: Arguments, place: Place | None, frame: Frame) -> None:
    """Call what makes the defaults of fields that are not given."""
    factories = fields.factories(cls)
    if not factories:
        return
    given = {*args.keywords, *fields.names(cls)[: len(args.positional)]}
    for name in factories:
        if name not in given:
            calls.call(program, fields.factory(program, cls, name), Arguments([]), place, frame, False)
