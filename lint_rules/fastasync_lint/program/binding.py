"""Which arguments reach which parameters of a function, and which of them make a context of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import defaults, instances
from fastasync_lint.program.contexts import Arguments
from fastasync_lint.program.scopes import ClassScope, ModuleScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Lazy,
    Made,
    Many,
    Mapping,
    Partial,
    Value,
    Wrapped,
    names_ours,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def bind(
    program: Program, function: FunctionValue, args: Arguments, is_plain: bool = False
) -> tuple[tuple[Any, ...], dict[str, Value]]:
    """Match arguments to parameters: the key of the context, and the values that make it."""
    node = function.node
    env: dict[str, Value] = {}
    position = 0
    positional = args.positional
    used = 0
    for param in node.params:
        kind = param.kind
        name = param.name
        value: Value | None = None
        is_written = name in args.written
        if kind == ir.POSITIONAL:
            if position < len(positional):
                value = positional[position]
                is_written = position - len(positional) in args.written
                position += 1
            elif name in args.keywords:
                value = args.keywords[name]
                used += 1
            elif args.open:
                value = EMPTY
        elif kind == ir.KEYWORD_ONLY:
            if name in args.keywords:
                value = args.keywords[name]
                used += 1
        elif kind == ir.VARARG:
            rest = positional[position:]
            # that nothing is given is something to know, too
            value = _more(program, rest) if rest or is_plain or args.open else (program.make(Items, ()),)
        elif used < len(args.keywords):
            value = _other_keywords(program, function, args)
        elif not is_plain and not args.open:
            value = (program.make(Mapping, (), EMPTY),)
        if value is None:
            default = param.default
            if (
                not is_plain
                and isinstance(default, ir.Const)
                and not args.open
                and _counts(program, default, name, node)
            ):
                # a call that leaves it out decides the branches that look at it
                env[name] = (program.make(Constant, default.value),)
            continue
        if name in node.asked and kind in (ir.POSITIONAL, ir.KEYWORD_ONLY):
            given = name if name in args.keywords else position - 1 - len(positional)
            exact = next((cls for at, cls in args.exact if at == given), None)
            if exact is not None:
                env[instances.mark(name)] = exact
        kept = _kept(program, function, param, value, is_written)
        if kept or (param.default is not None and not _is_nothing(program, function, param)):
            env[name] = kept  # given, so the default does not count
    return tuple(env.items()), env


def _counts(program: Program, default: ir.Const, name: str, node: ir.Function) -> bool:
    return name in node.tested or defaults.is_address(program, default.value)


def _is_nothing(program: Program, function: FunctionValue, param: ir.Param) -> bool:
    """Whether leaving a parameter out says no more of it than giving what nobody knows."""
    default = param.default
    if not isinstance(default, ir.Const) or defaults.is_address(program, default.value):
        return False
    if param.name in function.node.tested:
        return all(item.__class__ is Constant for item in program.declared(function, param))
    return True


def _more(program: Program, rest: list[Value]) -> Value:
    """What `*args` holds of a call: the positional arguments that no parameter took."""
    return (program.make(Items, tuple(rest)),) if any(rest) else EMPTY


def _other_keywords(program: Program, function: FunctionValue, args: Arguments) -> Value:
    """What `**kwargs` holds of a call: the keywords that are no parameter's."""
    names = {p.name for p in function.node.params if p.kind in (ir.POSITIONAL, ir.KEYWORD_ONLY)}
    left = tuple((k, v) for k, v in args.keywords.items() if k not in names)
    return (program.make(Mapping, left, (FOREIGN,) if args.open else EMPTY),) if any(v for _, v in left) else EMPTY


def accepts(function: FunctionValue, args: Arguments) -> bool:
    """Whether a function takes the keywords of a call. What a decorator makes of it is not looked at."""
    node = function.node
    if args.open or node.decorators or any(param.kind == ir.KWARG for param in node.params):
        return True
    return args.keywords.keys() <= {param.name for param in node.params}


def bind_nothing(function: FunctionValue) -> Arguments:
    """The arguments of a call that gives none, but for `self` in a method."""
    if function.owner is None or not function.node.params or is_static(function):
        return Arguments([])
    receiver: Any = function.owner if _is_class_method(function) else function.owner.of(False)
    return Arguments([(receiver,)])


def on_its_own(function: FunctionValue, args: Arguments) -> Arguments:
    """The arguments of a method's call, whose first one is an instance of its class: one wrapper of many methods is
    handed the objects of them all, and calls each method on its own."""
    first, owner = args.positional[0], function.owner
    if owner is None or all(item.__class__ is not Instance or item.cls.derives_from(owner) for item in first):
        return args
    own = bind_nothing(function).positional
    if not own or owner.is_protocol:
        return args
    fitting = tuple([item for item in first if not _is_of_another(item, owner)])
    return Arguments([fitting or own[0], *args.positional[1:]], args.keywords, args.open, args.written, args.exact)


def _is_of_another(item: Any, owner: ClassScope) -> bool:
    """Whether it is an instance of another class, or of a base, of which only those of this class have the method."""
    return (
        item.__class__ is Instance
        and not item.cls.derives_from(owner)
        and not any(cls.unknown_base for cls in item.cls.mro)
    )


def _decorated(function: FunctionValue, name: str) -> bool:
    return any(isinstance(d, ir.Name) and d.id == name for d in function.node.decorators)


def is_static(function: FunctionValue) -> bool:
    """Whether it is a method under `@staticmethod`."""
    return _decorated(function, "staticmethod")


def _is_class_method(function: FunctionValue) -> bool:
    return _decorated(function, "classmethod") or function.node.name in ("__new__", "__init_subclass__")


def _kept(program: Program, function: FunctionValue, param: ir.Param, value: Value, is_written: bool) -> Value:
    tested = param.name in function.node.tested
    if function.node.name == "__getattr__" and value and value[0].__class__ is Constant:
        return value
    if tested and is_written:
        return value
    kept = tuple([item for item in value if _matters(program, item, tested)])
    if not kept and param.kind in (ir.VARARG, ir.KWARG):
        kept = _switches(program, value)  # a wrapper hands them on to a function that may look at them
    if not kept or param.annotation is None:
        return kept
    if kept == value and all(item.__class__ is Constant for item in kept):
        return kept  # None for an `X | None`: the annotation says less
    declared = program.declared(function, param)
    if all(item.__class__ is Constant for item in declared):
        return kept
    return tuple([item for item in kept if _narrows(program, item, declared)])


def _matters(program: Program, item: Any, tested: bool, deep: int = 3) -> bool:
    kind = item.__class__
    if kind is str:
        return program.known(item) or (item is not FOREIGN and "." not in item and "(" not in item)  # a module
    if kind is Constant:
        is_switch = item.value is None or item.value.__class__ is bool or item.value == 0
        return (tested and is_switch) or defaults.is_address(program, item.value) or names_ours(item)
    if kind is Many or kind is Items or kind is Mapping:
        return deep > 0 and _holds_what_matters(program, item, deep)
    return kind in _OBJECTS


def _switches(program: Program, value: Value) -> Value:
    """What decides branches of the arguments that `*args` or `**kwargs` holds."""
    if len(value) != 1:
        return EMPTY
    held = value[0]
    if held.__class__ is Items:
        parts = tuple([tuple([v for v in part if _is_switch(v)]) for part in held.items])
        return (program.make(Items, parts),) if any(parts) or not parts else EMPTY
    if held.__class__ is Mapping:
        keys = tuple([(key, tuple([v for v in part if _is_switch(v)])) for key, part in held.keys])
        rest = (FOREIGN,) if held.rest else EMPTY
        return (program.make(Mapping, keys, rest),) if any(part for _, part in keys) or not keys else EMPTY
    return EMPTY


def _is_switch(item: Any) -> bool:
    return item.__class__ is Constant and (item.value is None or item.value.__class__ is bool)


_OBJECTS = frozenset({FunctionValue, Bound, Partial, ClassScope, ModuleScope, Instance, Made, Wrapped, Lazy})


def _holds_what_matters(program: Program, item: Any, deep: int) -> bool:
    key = (item, deep)
    found = program.weights.get(key)
    if found is None:
        kind = item.__class__
        held = item.element if kind is Many else item.any() if kind is Mapping else [v for i in item.items for v in i]
        found = program.weights[key] = any(_matters(program, inner, False, deep - 1) for inner in held)
    return found


def _narrows(program: Program, item: Any, declared: Value) -> bool:
    """Whether an argument says more than the parameter's annotation."""
    if item in declared:
        return False
    kind = item.__class__
    if kind is Constant:
        return True
    if kind is Instance:
        classes = [d.cls for d in declared if d.__class__ is Instance]
        return (
            not classes
            or any(item.cls is not cls and item.cls.derives_from(cls) for cls in classes)
            or any(cls.is_protocol for cls in classes)
            or (item.cls in classes and item.exact)
        )
    if kind is str:
        if item.endswith("()") and any(d.__class__ is str and program.known(d) for d in declared):
            if item.partition("#")[0] + "()" in declared and not defaults.is_mild(item):
                return True  # a state of it that others are not in
            memory = program.in_memory(item)
            return memory and not all(d == item for d in declared)
        return True
    return kind is not Many and kind is not Items and kind is not Mapping
