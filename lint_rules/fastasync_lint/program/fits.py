"""Which of several things that may be meant an annotation lets through.

Where all that is known of a value comes together, an annotation tells more: the client of one provider, out of a
registry of many. It decides only where something fits; what nothing fits is written otherwise than it is meant.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from fastasync_lint.program import generics, hints
from fastasync_lint.program.contexts import NO_TYPES, Context
from fastasync_lint.program.values import EMPTY, FOREIGN, Constant, Instance, Items, Many, Mapping, Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def returned(program: Program, context: Context) -> Value:
    """What a function returns, as far as its annotation allows it."""
    value = context.value
    if context.node.returns is None or not is_choice(value):
        return value
    return kept(program, value, hints.returned(program, context.function, NO_TYPES))


def lacks(program: Program, item: Any) -> bool:
    """Whether it is a collection of which something is not known: `return kept["pool"], 3`."""
    kind = item.__class__
    if kind is Items:
        return any(_is_unknown(program, part) for part in item.items)
    return (kind is Many and _is_unknown(program, item.element)) or (
        kind is Mapping and not item.keys and _is_unknown(program, item.rest)
    )


def completed(program: Program, value: Value, declared: Value) -> Value:
    """What a declaration says of the parts of collections that are not known otherwise."""
    out: Value = EMPTY
    for item in value:
        for other in declared:
            if other.__class__ is item.__class__ and lacks(program, item):
                if item.__class__ is not Items:
                    out = union(out, (other,))
                elif len(item.items) == len(other.items):
                    parts = zip(item.items, other.items, strict=True)
                    told = [said if _is_unknown(program, part) else EMPTY for part, said in parts]
                    out = union(out, (program.make(Items, tuple(told)),) if any(told) else EMPTY)
    return out


def _is_unknown(program: Program, part: Value) -> bool:
    return not any(item.__class__ is not str or program.known(item) for item in part)


def is_choice(value: Value) -> bool:
    """Whether there are several of which that can be told: to read an annotation costs more than to ask this."""
    return len(value) > 1 and sum(map(_is_object, value)) > 1


def _is_object(item: Any) -> bool:
    return item.__class__ is Instance or (item.__class__ is str and item is not FOREIGN and item.endswith("()"))


def kept(program: Program, value: Value, declared: Value) -> Value:
    """The alternatives that fit the declaration, and those of which that cannot be told."""
    if not all(_tells(item) for item in declared):
        return value
    wanted = [item for item in declared if item.__class__ is not Constant]
    if not wanted:
        return value
    judged = [(item, _fits(program, item, wanted)) for item in value]
    if not any(fits for _, fits in judged):
        return value
    return tuple([item for item, fits in judged if fits is not False])


def _tells(item: Any) -> bool:
    """Whether a declaration says by this what is not meant: the name of a class that others can be told from."""
    kind = item.__class__
    if kind is Instance:
        return not (item.cls.is_protocol or item.cls.unknown_base)
    return (kind is str and item is not FOREIGN) or (kind is Constant and item.value is None)


def _fits(program: Program, item: Any, wanted: list[Any]) -> bool | None:
    """None where that cannot be told."""
    if item.__class__ is Instance:
        if any(_is_one(program, item, other) for other in wanted):
            return True
        # one of ours may stand for what is from outside without deriving from it
        return None if item.cls.unknown_base or any(other.__class__ is str for other in wanted) else False
    if _is_object(item):
        if item.partition(".")[0] in sys.stdlib_module_names:
            return None  # its modules derive from each other: `io.TextIOWrapper` is what `open` gives
        return any(_family(item) in _families(other) for other in wanted)
    return None


def _is_one(program: Program, item: Instance, other: Any) -> bool:
    """Whether an object may be of a class, or that of one above it."""
    if other.__class__ is str:
        return _family(other) in _families(item)
    if other.cls.derives_from(item.cls):
        return True
    return item.cls.derives_from(other.cls) and not _has_others(program, item, other)


def _has_others(program: Program, item: Instance, other: Instance) -> bool:
    """Whether a type variable stands for one library's class here, and for another's there."""
    origin = other.cls.origin
    if origin is None:
        return False
    own = generics.seen_from(program, item.cls, origin)
    return any(
        not {of for part in own[name] for of in _families(part)} & {of for part in held for of in _families(part)}
        for name, held in other.cls.types.items()
        if name in own and all(part.__class__ is str and part is not FOREIGN for part in (*held, *own[name]))
    )


def _families(item: Any) -> set[str]:
    """The libraries that a class is of, or derives from."""
    if item.__class__ is Instance:
        return {_family(base) for base in item.cls.outside_bases()}
    return {_family(item)} if item.__class__ is str else set()


def _family(name: str) -> str:
    """What a library has in common with those that extend it: `langchain_openai` has models of `langchain_core`."""
    return name.partition(".")[0].partition("_")[0]
