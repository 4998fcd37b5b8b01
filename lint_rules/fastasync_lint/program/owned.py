"""What a library's class makes of a project's subclass: `Book.objects.get()` gives a `Book`.

Such a value is marked with the instance of the subclass, and so is what comes of it, down to where the library speaks
of an instance of its own class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def of_class(program: Program, cls: ClassScope, base: str, found: Value) -> Value:
    """What was found on the outside base of a class, marked if the catalogue says so of the base."""
    known = (base, *program.catalogue.bases.get(base, ()))
    if not any(program.catalogue.entry(name).get("own") for name in known):
        return found
    return mark(program, (cls.of(True),), found)


def mark(program: Program, owner: Value, found: Value) -> Value:
    """Outside values as those of one subclass."""
    out: Value = EMPTY
    for item in found:
        if item.__class__ is not str or item is FOREIGN:
            out = union(out, (item,))
        elif item.endswith("()") and _is_own(program, owner, item[:-2]):
            out = union(out, owner)
        else:
            out = union(out, (program.make(Wrapped, "owned", owner, item),))
    return out


def _is_own(program: Program, owner: Value, name: str) -> bool:
    bases: Any = owner[0].cls.outside_bases()
    return any(program.catalogue.is_a(name, base) or program.catalogue.is_a(base, name) for base in bases)
