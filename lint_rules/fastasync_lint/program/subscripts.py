"""What `x[key]` gives, and what a collection holds after `x[key] = value` and `x.append(value)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import (
    assign,
    attributes,
    calls,
    computed,
    expressions,
    fields,
    generics,
    hints,
    iterate,
    operators,
    origins,
    outside,
    overrides,
    record,
)
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, Constant, Instance, Items, Many, Mapping, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

GROWS = frozenset({"append", "add", "appendleft", "insert"})
"""Methods by which a collection gets one more element."""


def each(program: Program, value: Value, index: Value, node: ir.Sub, frame: Frame) -> Value:
    """What all give that may be meant."""
    out: Value = EMPTY
    asked = _versions(program, value, frame)
    if asked:
        out = calls.call(program, asked, Arguments([index]), (node.pos, node.end), frame, False)
    receivers = [version.receiver for version in asked]
    for item in value:
        if item not in receivers:
            out = union(out, one(program, item, index, node, frame))
    return out


def one(program: Program, item: Any, index: Value, node: ir.Sub, frame: Frame) -> Value:
    kind = item.__class__
    is_part = node.index.__class__ is ir.Slice
    if not is_part:
        record.special(program, item, "__getitem__", (node.pos, node.end), frame)
    elif kind is not Instance:
        if kind is Items or kind is Mapping:
            return (program.make(Many, iterate.plain_elements(program, (item,))),)
        return (item,)
    if kind is str:
        special = hints.subscripted(program, item, node.index, frame)
        if special is not None:
            return special
        if item == "sys.modules":
            return computed.loaded(program, index, node.index, frame)
        element = program.catalogue.value("elements", item)
        if element == "":
            return outside.kept_under(program, item, _key_name(index, node.index), frame)
        if element is None:
            return (program.outside(f"{item}[]"),) if len(item) < outside.LONGEST else EMPTY
        return (element,)
    if kind is ClassScope:
        return (generics.parametrised(program, item, node, frame),)
    literal = index[0].value if len(index) == 1 and index[0].__class__ is Constant else None
    if kind is Instance:
        if literal.__class__ is str and fields.is_typed_dict(item.cls):
            return attributes.of_instance(program, item, literal, None, frame)
        held = fields.parts(program, item, frame)
        if held is None:
            return _asked(program, item, index, (node.pos, node.end), frame)
    else:
        held = item.items if kind is Items else None
    if held is not None and literal.__class__ is int and -len(held) <= literal < len(held):
        return held[literal]
    if kind is Wrapped and item.kind == "default":
        return calls.call(program, item.content, Arguments([]), (node.pos, node.end), frame, False)
    if kind is Mapping:
        if literal is not None:
            for key, value in item.keys:
                if key == literal:
                    return union(value, item.rest)
            return item.rest  # type: ignore[no-any-return]
        return item.any()  # type: ignore[no-any-return]
    return iterate.plain_elements(program, (item,))


def _versions(program: Program, value: Value, frame: Frame) -> Value:
    """The methods that give an item of an object, where it may be of several classes."""
    methods: Value = EMPTY
    for item in value if len(value) > 1 else ():
        if (
            item.__class__ is Instance
            and not fields.is_typed_dict(item.cls)
            and fields.parts(program, item, frame) is None
        ):
            methods = union(methods, attributes.method(program, item, "__getitem__", frame))
    return overrides.merged(methods)


def _asked(program: Program, item: Instance, index: Value, place: Place, frame: Frame) -> Value:
    """An object that is asked for an item; a dictionary of ours also for one that it does not have."""
    method = attributes.method(program, item, "__getitem__", frame)
    found = calls.call(program, method, Arguments([index]), place, frame, False)
    if all(version.__class__ is str for version in method):
        missing, owner = attributes.class_binding(program, item.cls, "__missing__", frame)
        if owner is not None:
            bound = attributes.bind_all(program, missing, item, None, frame)
            found = union(found, calls.call(program, bound, Arguments([index]), place, frame, False))
    return found


def store(program: Program, target: ir.Sub, value: Value, frame: Frame) -> None:
    """`x[key] = value`: a dictionary or list of ours grows; a project object runs __setitem__."""
    operators.subscript_effect(program, target, frame, "__setitem__", value)
    if not value:
        return
    key = expressions.evaluate(program, target.index, frame)
    holders = expressions.evaluate(program, target.value, frame)
    keeping = tuple([v for v in holders if v.__class__ is str and program.catalogue.value("elements", v) == ""])
    if keeping:
        assign.set_attribute(program, keeping, _key_name(key, target.index), value, None, frame)
    _extend(program, target.value, holders, key, value, frame)


def _key_name(key: Value, node: ir.Expr) -> str:
    """What tells the items of an outside object apart: the literal key, or the name of what is the key."""
    if len(key) == 1 and key[0].__class__ is Constant:
        return f"[{key[0].value!r}]"
    return f"[{expressions.path(node).rpartition('.')[2]}]"


def grow(program: Program, func: ir.Attr, args: Arguments, frame: Frame) -> None:
    """`handlers.append(f)`: the list that the name holds has one more element."""
    value = tuple([v for v in args.positional[-1] if v.__class__ is not Constant])
    if not value:
        return
    holder: Any = func.value
    if holder.__class__ is ir.Sub:  # handlers[name].append(f)
        key = expressions.evaluate(program, holder.index, frame)
        append(program, holder.value, key, (program.make(Many, value),), frame)
    elif holder.__class__ is ir.Call and holder.func.__class__ is ir.Attr and holder.func.name == "setdefault":
        key = expressions.evaluate(program, holder.args[0], frame) if holder.args else EMPTY
        append(program, holder.func.value, key, (program.make(Many, value),), frame)
    else:
        append(program, holder, EMPTY, value, frame)


def set_default(program: Program, func: ir.Attr, args: Arguments, frame: Frame) -> Value:
    """`clients.setdefault(key, Client())`: the dictionary holds it from now on, and gives it where it had nothing."""
    made = tuple([v for v in args.at(1) or EMPTY if v.__class__ is not Constant])
    if made:
        append(program, func.value, args.at(0) or EMPTY, made, frame)
    return made


def append(program: Program, holder: ir.Expr, key: Value, value: Value, frame: Frame) -> None:
    """Give the collection that `holder` names one more content."""
    _extend(program, holder, expressions.evaluate(program, holder, frame), key, value, frame)


def _extend(program: Program, holder: ir.Expr, held: Value, key: Value, value: Value, frame: Frame) -> None:
    grown = held
    literal = key[0].value if len(key) == 1 and key[0].__class__ is Constant else None
    for item in held or (program.make(Mapping, (), EMPTY),):
        if item.__class__ is Mapping and len(item.keys) < 64:
            if literal is not None:
                keys = dict(item.keys)
                keys[literal] = union(keys.get(literal, EMPTY), value)
                new: Any = program.make(Mapping, tuple(keys.items()), item.rest)
            else:
                new = program.make(Mapping, item.keys, union(item.rest, value))
        elif item.__class__ is Many:
            new = program.make(Many, union(item.element, value))
        else:
            continue
        grown = tuple(new if other is item else other for other in grown) if grown else (new,)
    if grown is held or expressions.too_deep(grown):
        return None
    if isinstance(holder, ir.Name):
        name = holder.id
        there = origins.cell_elsewhere(program, name, frame)
        if there is not None:
            program.grow(there, grown)
        if name in frame.env:
            return assign.store_name(program, name, grown, frame)
        cell = frame.module.cell(name)
        if cell is not None:
            program.grow(cell, grown)
    elif isinstance(holder, ir.Attr):
        assign.store_attribute(program, holder, grown, frame, True)
    return None


def literal(program: Program, node: ir.Map, frame: Frame) -> Value:
    """`{key: value}`."""
    keys: dict[Any, Value] = {}
    rest: Value = EMPTY
    for key, item in zip(node.keys, node.values, strict=True):
        value = calls.argument(program, item, frame)
        name = expressions.evaluate(program, key, frame)
        if isinstance(key, ir.Nothing):
            for inner in value:
                if inner.__class__ is Mapping:
                    keys.update(inner.keys)
                    rest = union(rest, inner.rest)
            rest = union(rest, EMPTY if any(v.__class__ is Mapping for v in value) else value)
        elif len(name) == 1 and name[0].__class__ is Constant:
            keys[name[0].value] = value
        else:
            rest = union(rest, value)
    made: Value = (program.make(Mapping, tuple(keys.items()), rest),)
    return EMPTY if expressions.too_deep(made) else made
