"""Methods that a framework calls on the loop: validators of request bodies, callbacks of event-loop protocols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Row
from fastasync_lint.facts import ir, walk
from fastasync_lint.program import assign, expressions, fields, hints, instances, names, stored
from fastasync_lint.program.contexts import NO_TYPES, Arguments, Context, class_body
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Bound, FunctionValue, Instance, Many, Mapping, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

VALIDATORS = frozenset({"validator", "root_validator", "field_validator", "model_validator", "model_post_init"})
"""Pydantic's decorators, versions 1 and 2, and its hook."""
_SERIALIZERS = frozenset({"field_serializer", "model_serializer", "computed_field"})


_ANNOTATING = frozenset({"AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator"})


def validators(program: Program, cls: ClassScope) -> list[FunctionValue]:
    """The functions that building an instance of a Pydantic model runs."""
    if cls.validators is None:
        cls.validators = _validators(program, cls)
    return cls.validators


def _validators(program: Program, cls: ClassScope) -> list[FunctionValue]:
    found: list[FunctionValue] = []
    for scope, name, node in _bound(cls):
        if isinstance(node, ir.FuncDef) and (name == "model_post_init" or _is_under(node.function, VALIDATORS)):
            found.append(assign.raw_function(program, node.function, class_body(scope)))
        elif isinstance(node, ir.AnnAssign):
            found += _in_annotation(program, node.annotation, scope)
    return found


def _bound(cls: ClassScope) -> Iterator[tuple[ClassScope, str, ir.Stmt]]:
    """What a class and its bases bind each of their names to at last."""
    for scope in cls.mro:
        for name, bindings in scope.bindings.items():
            yield scope, name, bindings[-1][0]


def _in_annotation(program: Program, annotation: ir.Expr, scope: ClassScope) -> list[FunctionValue]:
    """`Annotated[str, AfterValidator(f)]`, here or under another name of the module."""
    frame = class_body(scope)
    if isinstance(annotation, ir.Name):
        bound = scope.module.bindings.get(annotation.id, ())
        if len(bound) != 1 or not isinstance(bound[0][0], ir.Assign):
            return []
        annotation = bound[0][0].value
    if not isinstance(annotation, ir.Sub) or not expressions.path(annotation.value).endswith("Annotated"):
        return []
    return [
        item for part in walk.nodes(annotation.index)
        if isinstance(part, ir.Call) and part.args and expressions.path(part.func).rpartition(".")[2] in _ANNOTATING
        for item in expressions.evaluate(program, part.args[0], frame) if item.__class__ is FunctionValue
    ]  # fmt: skip


def decorated(program: Program, cls: ClassScope, decorators: frozenset[str]) -> list[FunctionValue]:
    """The methods that one of the decorators, known by its last name, stands above."""
    return [
        assign.raw_function(program, node.function, class_body(scope))
        for scope, _, node in _bound(cls)
        if isinstance(node, ir.FuncDef) and _is_under(node.function, decorators)
    ]


def _is_under(function: ir.Function, decorators: frozenset[str]) -> bool:
    for decorator in function.decorators:
        node: Any = decorator.func if isinstance(decorator, ir.Call) else decorator
        if expressions.path(node).rpartition(".")[2] in decorators:
            return True
    return False


def mark_request_bodies(program: Program, endpoints: Iterable[Context]) -> None:
    """What validates the models that endpoints take, and writes those that they answer with, runs on the loop, even for
    `def` endpoints."""
    stack: list[Value] = []
    for context in endpoints:
        function = context.function
        stack += [program.declared(function, param) for param in context.node.params if param.annotation is not None]
        for cls in _answered(program, context):
            for method in decorated(program, cls, _SERIALIZERS):
                serializer = program.plain(method)
                serializer.root = serializer.root or "validator"
    for cls in _held(program, stack):
        made = [item for name in fields.factories(cls) for item in fields.factory(program, cls, name)]
        for function in (*validators(program, cls), *(item for item in made if item.__class__ is FunctionValue)):
            context = (
                program.context(function, _of_json(cls, function)) if _is_early(function) else program.plain(function)
            )
            context.root = context.root or "validator"


def _held(program: Program, stack: list[Value]) -> dict[ClassScope, None]:
    """The classes of what the values hold, of what their fields hold, and so on."""
    seen: dict[ClassScope, None] = {}
    while stack:
        for item in stack.pop():
            if item.__class__ is Many:
                stack.append(item.element)
            elif item.__class__ is Mapping:
                stack.append(item.any())
            elif item.__class__ is Instance and item.cls not in seen:
                seen[item.cls] = None
                stack += _fields(program, item.cls)
    return seen


def inner_validators(program: Program, cls: ClassScope) -> list[FunctionValue]:
    """What a dictionary runs, besides, from which a model and the models in its fields are made."""
    inner = _held(program, _fields(program, cls))
    return [function for held in inner if held is not cls for function in validators(program, held)]


def _is_early(function: FunctionValue) -> bool:
    """Whether a validator sees what came of the request as it came: `@field_validator("name", mode="before")`."""
    for decorator in function.node.decorators:
        for name, given in decorator.keywords if isinstance(decorator, ir.Call) else ():
            if isinstance(given, ir.Const) and (name, given.value) in (("mode", "before"), ("pre", True)):
                return len(function.node.params) > 1
    return False


def _of_json(cls: ClassScope, function: FunctionValue) -> Arguments:
    """What a validator of a request's body is called with."""
    others = [EMPTY for _ in function.node.params[1:]]
    return Arguments([(cls,), *others], None, True, (), ((-len(others), instances.JSON),))


def _answered(program: Program, context: Context) -> list[ClassScope]:
    """The models that an endpoint answers with, as its annotation says, or a `response_model` in its place."""
    found = hints.returned(program, context.function, NO_TYPES)
    for decorator in context.node.decorators:
        for name, given in decorator.keywords if isinstance(decorator, ir.Call) else ():
            if name == "response_model":
                found = hints.typed(program, given, program.definition_frame(context.function, NO_TYPES))
    inner = [item for many in found if many.__class__ is Many for item in many.element]
    return [item.cls for item in (*found, *inner) if item.__class__ is Instance]


def _fields(program: Program, cls: ClassScope) -> list[Value]:
    frame = class_body(cls)
    return [
        names.name_of(program, cls, name, frame) or ()
        for name, bindings in cls.bindings.items()
        if isinstance(bindings[0][0], ir.AnnAssign)
    ]


def is_lifespan(program: Program, function: FunctionValue) -> bool:
    """Whether it is a context manager of an application: `@asynccontextmanager async def lifespan(app: FastAPI)`."""
    node = function.node
    if not (node.flags & ir.ASYNC and node.flags & ir.GENERATOR and node.decorators and node.params):
        return False
    if not any(expressions.path(d).rpartition(".")[2] == "asynccontextmanager" for d in node.decorators):
        return False
    classes = [v.removesuffix("()") for v in program.declared(function, node.params[0]) if v.__class__ is str]
    rows = [row for cls in classes for row in program.catalogue.entry(cls).get("loop_callback")]
    return any(row.callable == "lifespan" and row.startup for row in rows)


def mark_callbacks(program: Program, cls: ClassScope) -> None:
    """Methods that an outside base class's loop calls (`asyncio.Protocol.data_received`)."""
    bases = cls.outside_bases()
    if not bases:
        return
    for name, bindings in cls.bindings.items():
        node = bindings[-1][0]
        if not isinstance(node, ir.FuncDef):
            continue
        if not name.startswith("__"):
            stored.keep_for_all(program, cls, name, _method(program, cls, node))
        rows = [row for base in bases for row in program.catalogue.entry(f"{base}().{name}").get("loop_callback")]
        if rows:
            for made in assign.function_value(program, node.function, class_body(cls)):
                if made.__class__ is FunctionValue:
                    _call_back(program, cls, made, rows[0])


def _method(program: Program, cls: ClassScope, node: ir.FuncDef) -> Value:
    """A method without decorators, of any object of the class."""
    function = assign.raw_function(program, node.function, class_body(cls))
    return () if node.function.decorators else (program.make(Bound, function, cls.of(False)),)


def _call_back(program: Program, cls: ClassScope, method: FunctionValue, row: Row) -> None:
    given = [(known,) for known in row.given]
    context = program.context(method, Arguments([(cls.of(False),), *given], None, True)) if given else None
    for made in (program.plain(method), context):
        if made is not None and not method.node.flags & ir.ASYNC and row.result != "coroutine":
            made.root = "callback"
        if made is not None:
            made.startup = row.startup
            made.tasked = made.tasked or not row.startup
