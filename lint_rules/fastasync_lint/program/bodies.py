"""What evaluating the body of a function or module leaves: calls and sinks, results, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir, walk
from fastasync_lint.program import (
    assign,
    awaiting,
    chosen,
    expressions,
    fits,
    generics,
    hints,
    narrow,
    shapes,
    statements,
)
from fastasync_lint.program.contexts import NOTHING, Context, Frame
from fastasync_lint.program.scopes import ModuleScope
from fastasync_lint.program.values import EMPTY, Constant, FunctionValue

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_RUNS = ("run", "run_until_complete", "run_sync")
_STARTS = ("create_task", "ensure_future", "call_soon", "call_later")


def run(program: Program, context: Context) -> None:
    """Evaluate a context's body afresh."""
    function = context.function
    node = function.node
    context.sinks.clear()
    context.edges.clear()
    context.events.clear()
    context.locks.clear()
    context.signals.clear()
    context.unresolved = NOTHING
    frame = Frame(context, function.scope, function.closure, function.owner, context)
    frame.types = types = generics.of_context(program, context)
    _parameters(program, context, frame)
    if node.flags & (ir.BLOCKING | ir.CLEAN):
        if node.flags & ir.BLOCKING:
            sink = (node.qualname, "", 2, "call", "")
            context.sinks[(node.pos, node.pos)] = [(sink, False, ())]
    else:
        frame.memo = not node.flags & ir.ASYNC and shapes.ends_program(node.body)
        statements.block(program, node.body, frame)
        if frame.waiting:
            chosen.run(program, frame, node.body)
    if node.flags & ir.GENERATOR and not context.yields and node.returns is not None:
        context.yields = hints.yielded(program, context.function, types)
        if context.yields:
            program.wake(context)
    elif node.returns is not None and any(fits.lacks(program, item) for item in context.value):
        program.grow(context, fits.completed(program, context.value, hints.returned(program, function, types)))
    elif node.returns is not None and not (context.value and any(v not in program.none for v in context.value)):
        promised = EMPTY
        if context.node.params:  # what the arguments tell says more than the bound of a type variable
            promised = hints.returned(program, context.function, generics.of_call(program, context, types))
        if not generics.says_something(promised):
            promised = hints.returned(program, context.function, types)
        program.grow(context, promised)


def _parameters(program: Program, context: Context, frame: Frame) -> None:
    for index, param in enumerate(context.node.params):
        name = param.name
        value = context.env.get(name)
        if value is None:
            value = hints.parameter(program, context.function, param, context, frame.types)
            if index == 0 and not value and context.receiver is not None:
                value = (context.receiver,)
        elif not value and param.annotation is not None:
            value = tuple([v for v in program.declared(context.function, param) if v.__class__ is not Constant])
        assign.store_name(program, name, value, frame)
        if value:
            frame.given[name] = value


def module_body(program: Program, module: ModuleScope) -> None:
    """What importing a module does: its names, then its calls."""
    frame = Frame(assign.anonymous_task(), module, None, None, None)
    statements.block(program, module.body, frame)
    for node in module.body:
        if isinstance(node, ir.If) and narrow.judge(program, node.test, frame).verdict is False:
            _loops(program, node.body, frame)


def _loops(program: Program, body: list[ir.Stmt], frame: Frame) -> None:
    """`sys.exit(asyncio.run(main()))` where a module is run as a program: nothing of that is imported, but it tells of
    `main`, unless something else was given to the loop before. So does `run_it(main)` with a function of ours."""
    found = [node for node in walk.nodes(body) if isinstance(node, ir.Call)]
    names = [getattr(call.func, "name", None) or getattr(call.func, "id", "") for call in found]
    for call, name in zip(found, names, strict=True):
        if any(other in _STARTS for other in names):
            continue
        if name in _RUNS or _hands_over(program, call, frame):
            expressions.evaluate(program, call, frame)


def _hands_over(program: Program, node: ir.Call, frame: Frame) -> bool:
    """Whether a plain function of ours is given a coroutine function, or what one gives."""
    parts = [arg.func if isinstance(arg, ir.Call) else arg for arg in node.args]
    named = [part for part in parts if isinstance(part, ir.Name | ir.Attr)]
    if not any(awaiting.is_async(item) for part in named for item in expressions.evaluate(program, part, frame)):
        return False
    callee = expressions.evaluate(program, node.func, frame)
    return bool(callee) and all(v.__class__ is FunctionValue and not v.node.flags & ir.ASYNC for v in callee)
