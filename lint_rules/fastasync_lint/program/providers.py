"""What a dependency gives, beside what the annotation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import calls, expressions, outside, stored
from fastasync_lint.program.contexts import Arguments, Frame
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Constant, FunctionValue, Instance, Made, Partial, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def result(program: Program, provider: Value, frame: Frame) -> Value:
    """What a dependency gives: its return, its yield, or the instance of a class."""
    before, frame.off_loop = frame.off_loop, True
    out: Value = EMPTY
    for item in _overridden(program, provider, frame):
        for made in calls.call(program, (item,), Arguments([]), None, frame, False):
            if made.__class__ is Made and made.kind != "coroutine":
                program.demand(made.context)
                made.context.readers[frame.task] = None
                out = union(out, made.context.yields)
            elif made.__class__ is Made:
                out = union(out, program.result(made.context, frame.task))
            elif made.__class__ is Wrapped and made.kind == "awaitable":
                out = union(out, made.content)
            else:
                out = union(out, (made,))
    frame.off_loop = before
    return out


_OVERRIDES = "fastapi.FastAPI#overrides()"


def _overridden(program: Program, provider: Value, frame: Frame) -> Value:
    """What stands for a dependency by `app.dependency_overrides[provider] = …`."""
    out: Value = EMPTY
    for item in provider:
        name = item.node.name if item.__class__ in (FunctionValue, ClassScope) else ""
        instead = outside.kept_under(program, _OVERRIDES, f"[{name}]", frame) if name else outside.ONLY_FOREIGN
        out = union(out, (item,) if instead == outside.ONLY_FOREIGN else instead)
    return out


def with_provider(program: Program, declared: Value, parts: list[ir.Expr], frame: Frame) -> Value:
    """`Annotated[X, Depends(provider)]`: the annotation, or what the provider gives where that says more."""
    for part in parts[1:]:
        for item in expressions.evaluate(program, part, frame):
            if item.__class__ is Wrapped and item.kind == "depends":
                provided = result(program, item.content, frame)
                return choose(program, declared, provided)
    return declared


def choose(program: Program, declared: Value, provided: Value) -> Value:
    """The annotation, unless the provider says more: a subclass, another library's class, or anything where it says
    nothing."""
    useful = tuple(
        [v for v in provided if v.__class__ is not Constant and (v.__class__ is not str or program.known(v))]
    )
    if not useful:
        return declared
    if not any(v.__class__ is not str or program.known(v) for v in declared):
        return useful
    if _of_others(program, declared, provided):
        return provided  # the annotation is mistaken, and nothing reads it at run time
    classes = [v.cls for v in declared if v.__class__ is Instance]
    if not stored.unlike(program, declared, useful):
        return useful  # the same, and more: where it lies
    if any(v.__class__ is Instance and any(v.cls.derives_from(cls) for cls in classes) for v in useful):
        return useful
    return declared


def _of_others(program: Program, declared: Value, provided: Value) -> bool:
    """Whether both are objects of outside classes, and of different libraries."""
    if not all(v.__class__ is str and v.endswith("()") and program.known(v) for v in (*declared, *provided)):
        return False
    roots = {v.partition(".")[0] for v in declared}
    return roots.isdisjoint(v.partition(".")[0] for v in provided)


def injecting(program: Program, args: Arguments, frame: Frame) -> Value:
    """`providers.Factory(Service, repository)` of a container: calling it calls the first with the rest, of which
    providers give way to what they provide."""

    def provided(value: Value) -> Value:
        out: Value = EMPTY
        for item in value:
            is_provider = item.__class__ is Wrapped and item.kind == "provider"
            out = union(out, calls.elsewhere(program, (item,), Arguments([]), frame) if is_provider else (item,))
        return out

    rest = tuple([provided(value) for value in args.positional[1:]])
    keywords = tuple([(name, provided(value)) for name, value in args.keywords.items() if name != "provides"])
    callee = args.at(0, "provides") or EMPTY
    return (program.make(Wrapped, "provider", (program.make(Partial, callee, rest, keywords),)),) if callee else EMPTY
