"""Annotations as the instances they promise, base classes, and what parameters hold by themselves."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import expressions as lowering
from fastasync_lint.facts import ir
from fastasync_lint.facts.lower import Lowerer
from fastasync_lint.program import defaults, expressions, owned, providers, queues
from fastasync_lint.program.contexts import NO_TYPES, Frame, Types
from fastasync_lint.program.scopes import ClassScope, Task
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Many,
    Mapping,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

_PLAIN = frozenset({
    "builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.bytes", "builtins.object",
    "builtins.list", "builtins.dict", "builtins.set", "builtins.tuple", "builtins.frozenset", "builtins.type",
    "builtins.bytearray", "builtins.complex", "builtins.memoryview", "typing.Any", "typing.AnyStr", "typing.Callable",
    "typing.List", "typing.Dict", "typing.Self", "typing.Literal",
    "typing.Hashable", "typing.NoReturn", "typing.Never", "typing.LiteralString", "collections.abc.Callable",
})  # fmt: skip
_UNIONS = frozenset({"Optional", "Union"})
_INNER = frozenset({"Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Mapped", "InitVar", "TypeGuard"})
_MANY = frozenset({
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "MutableSequence", "Iterable", "Iterator",
    "Generator", "AsyncGenerator", "AsyncIterator", "AsyncIterable", "Collection", "deque", "Deque", "AbstractSet",
    "Reversible", "MutableSet",
})  # fmt: skip
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
_AWAITABLES = frozenset({"Awaitable", "Coroutine"})
_MANAGERS = frozenset({
    "ContextManager", "AsyncContextManager", "AbstractContextManager", "AbstractAsyncContextManager",
})  # fmt: skip
_HOMES = frozenset({"typing", "typing_extensions", "collections", "collections.abc", "builtins", "contextlib",
                    "sqlalchemy.orm", "dataclasses", "contextvars"})  # fmt: skip


_QUEUES = frozenset({"asyncio", "queue"})

_PLAIN_NAMES = frozenset({
    "str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "List", "Dict", "Set", "Tuple",
})  # fmt: skip


def is_plain(node: ir.Expr | None) -> bool:
    """Whether an annotation promises a value that cannot be awaited."""
    if isinstance(node, ir.Const):
        return node.value is None or node.value in _PLAIN_NAMES
    if isinstance(node, ir.Name):
        return node.id in _PLAIN_NAMES
    if isinstance(node, ir.Bin):
        return node.dunder == "__or__" and is_plain(node.left) and is_plain(node.right)
    if isinstance(node, ir.Sub) and isinstance(node.value, ir.Name):
        if node.value.id not in _UNIONS:
            return node.value.id in _PLAIN_NAMES
        parts = node.index.items if isinstance(node.index, ir.Seq) else [node.index]
        return all(is_plain(part) for part in parts)
    return False


def typed(program: Program, node: ir.Expr, frame: Frame) -> Value:
    """The values that an annotation allows; empty when it says nothing useful."""
    kind = node.__class__
    if kind is ir.Const:
        text = node.value  # type: ignore[union-attr]
        if text is None:
            return program.none
        if text.__class__ is not str or text == "...":
            return EMPTY
        parsed = _parsed(program, text, frame)
        return EMPTY if parsed is None else typed(program, parsed, frame)
    if kind is ir.Name and frame.types and node.id in frame.types:  # type: ignore[union-attr]
        return frame.types[node.id]  # type: ignore[union-attr]
    if kind is ir.Bin and node.dunder == "__or__":  # type: ignore[union-attr]
        return union(typed(program, node.left, frame), typed(program, node.right, frame))  # type: ignore[union-attr]
    if kind is ir.Nothing:
        return EMPTY
    return instances(program, expressions.evaluate(program, node, frame))


def instances(program: Program, value: Value) -> Value:
    """Classes to their instances."""
    out: Value = EMPTY
    for item in value:
        kind = item.__class__
        if kind is ClassScope:
            out = union(out, (item.of(False),))
        elif kind is str:
            if item in _PLAIN or item is FOREIGN or item.endswith((")", "]")):
                continue
            made = program.outside(f"{item}()")
            if made is not FOREIGN:
                out = union(out, (made,))
        elif kind is Wrapped and item.kind == "type":
            out = union(out, item.content)
        elif kind is Constant and item.value is None:
            out = union(out, (item,))
    return out


def _parsed(program: Program, text: str, frame: Frame) -> ir.Expr | None:
    key = (0, text)
    found = program.parsed.get(key)
    if found is None:
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return None
        found = program.parsed[key] = lowering.lower(Lowerer({}), tree)
    return found


def subscripted(program: Program, item: str, index: ir.Expr, frame: Frame) -> Value | None:
    """`Optional[X]`, `list[X]`, `Annotated[X, …]` as a type; None if `item[…]` is no type."""
    if item is FOREIGN:
        return (FOREIGN,)
    home, _, name = item.rpartition(".")
    if home in _QUEUES and name.endswith("Queue"):
        return (program.make(Wrapped, "type", queues.of_type(program, item, typed(program, index, frame))),)
    if home not in _HOMES:
        if item.endswith((")", "]")) or not name[:1].isupper():
            return None
        for row in program.catalogue.entry(item).get("about"):
            parts = index.items if isinstance(index, ir.Seq) else [index]
            about = typed(program, parts[int(row.argument)], frame) if int(row.argument) < len(parts) else EMPTY
            return (program.make(Wrapped, "type", owned.of_type(program, item, about)),)
        return (item,) if isinstance(index, ir.Name | ir.Attr | ir.Seq | ir.Const | ir.Sub) else None
    content = _content(program, name, index, frame)
    return None if content is None else (program.make(Wrapped, "type", content),)


def _content(program: Program, name: str, index: ir.Expr, frame: Frame) -> Value | None:
    parts = index.items if isinstance(index, ir.Seq) else [index]
    if not parts:  # `tuple[()]`
        return EMPTY
    if name in _UNIONS:
        out: Value = program.none if name == "Optional" else EMPTY
        for part in parts:
            out = union(typed(program, part, frame), out)
        return out
    if name == "Annotated":
        return providers.with_provider(program, typed(program, parts[0], frame), parts, frame)  # type: ignore[arg-type]
    if name in _INNER:
        return typed(program, parts[0], frame)
    if name in ("Type", "type"):
        if isinstance(parts[0], ir.Name) and parts[0].id in frame.types:
            return classes(frame.types[parts[0].id])
        value = expressions.evaluate(program, parts[0], frame)
        return tuple([v for v in value if v.__class__ is ClassScope or v.__class__ is str])
    if name in _MANY:
        return _some(program, Many, typed(program, parts[0], frame))
    if name in ("tuple", "Tuple"):
        values = tuple([typed(program, part, frame) for part in parts])
        if len(parts) == 2 and isinstance(parts[1], ir.Const) and parts[1].value == "...":
            return _some(program, Many, values[0])
        return (program.make(Items, values),) if any(values) else EMPTY
    if name in _MAPPINGS:
        held = typed(program, parts[-1], frame)
        return (program.make(Mapping, (), held),) if held else EMPTY
    if name in _AWAITABLES:
        held = typed(program, parts[-1], frame)
        return (program.make(Wrapped, "awaitable", held),) if held else EMPTY
    if name in _MANAGERS:
        held = typed(program, parts[0], frame)
        return (program.make(Wrapped, "manager", held),) if held else EMPTY
    if name == "ContextVar":
        held = typed(program, parts[0], frame)
        return (program.make(Wrapped, "variable", held),) if held else EMPTY
    if name == "Callable":
        held = typed(program, parts[-1], frame) if len(parts) == 2 else EMPTY
        return (program.make(Wrapped, "callable", held),) if held and held != program.none else EMPTY
    return EMPTY if name in ("Literal", "Generic", "Protocol", "Concatenate", "Unpack") else None


def classes(value: Value) -> Value:
    """Instances to their classes."""
    out: Value = EMPTY
    for item in value:
        if item.__class__ is Instance:
            out = union(out, (item.cls.general,))
        elif item.__class__ is str and item.endswith("()"):
            out = union(out, (item[:-2],))
    return out


def _some(program: Program, kind: type[Any], element: Value) -> Value:
    return (program.make(kind, element),) if element else EMPTY


def either(program: Program, left: Value, right: Value, node: ir.Bin, frame: Frame) -> Value:
    """`A | B` between classes."""
    both = (*left, *right)
    if not any(
        v.__class__ is ClassScope or (v.__class__ is Wrapped and v.kind == "type") or _is_class(v) for v in both
    ):
        return EMPTY
    content = union(typed(program, node.left, frame), typed(program, node.right, frame))
    return (program.make(Wrapped, "type", content),)


def _is_class(item: Any) -> bool:
    return item.__class__ is str and item.rpartition(".")[2][:1].isupper() and not item.endswith(")")


def refine(program: Program, value: Value, declared: Value) -> Value:
    """A declared variable with a value: the value where it says something, else the declaration."""
    if len(value) == 1 and value[0].__class__ is Wrapped and value[0].kind == "depends":
        return declared or value  # a view's attribute: the framework puts there what the dependency gives
    value = queues.of_both(program, value, declared)
    useful = [
        v for v in value
        if v.__class__ is not Constant and (v.__class__ is not str or program.known(v)) and not _is_empty(v)
    ]  # fmt: skip
    if (useful and not _contradicts(useful, declared)) or not declared:
        return value
    return union(declared, tuple([v for v in value if v.__class__ is Constant]))


def _contradicts(value: list[Any], declared: Value) -> bool:
    """Whether all that is known of a value are objects that a declaration rules out: of a registry, say, in which only
    some of the entries are known."""
    classes = [item.cls for item in declared if item.__class__ is Instance]
    return (
        bool(classes)
        and not any(cls.is_protocol for cls in classes)
        and all(item.__class__ is Instance and not any(item.cls.derives_from(cls) for cls in classes) for item in value)
        and not any(cls.derives_from(item.cls) for cls in classes for item in value)
    )


def _is_empty(item: Any) -> bool:
    """`[]`, `{}` and `ContextVar("name")`: what it is for, the declaration says."""
    kind = item.__class__
    return (
        (kind is Many and not item.element)
        or (kind is Mapping and not item.any())
        or (kind is Wrapped and item.kind == "variable" and not item.content)
    )


def returned(program: Program, function: FunctionValue, types: Types) -> Value:
    """What the return annotation promises."""
    if function.node.returns is None:
        return EMPTY
    return typed(program, function.node.returns, program.definition_frame(function, types))


def yielded(program: Program, function: FunctionValue, types: Types) -> Value:
    """The element type of a generator's return annotation."""
    out: Value = EMPTY
    for item in returned(program, function, types):
        if item.__class__ is Many:
            out = union(out, item.element)
    return out


def parameter(
    program: Program, function: FunctionValue, param: ir.Param, task: Task | None = None, types: Types = NO_TYPES
) -> Value:
    """What a parameter holds when the caller is not known."""
    declared = program.declared(function, param)
    if types and param.annotation is not None:
        declared = typed(program, param.annotation, program.definition_frame(function, types))
    declared = tuple([v for v in declared if v.__class__ is not Constant])
    if param.kind == ir.VARARG:
        return (program.make(Many, declared),) if declared else EMPTY
    if param.kind == ir.KWARG:
        return (program.make(Mapping, (), declared),) if declared else EMPTY
    if param.default is None:
        return declared
    frame = program.definition_frame(function)
    if task is not None:
        frame.task = task
    default = expressions.evaluate(program, param.default, frame)
    for item in default:
        if item.__class__ is Wrapped and item.kind == "depends":
            provided = providers.result(program, item.content, frame) if item.content else declared
            return providers.choose(program, declared, provided)
    # nobody we know calls it like this: its defaults decide no branch
    default = tuple([v for v in defaults.marked(program, default) if v.__class__ is not Constant])
    return union(declared, default) if declared else default
