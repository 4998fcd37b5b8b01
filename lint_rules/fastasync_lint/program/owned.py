"""What a library's class makes of a project's subclass: `Book.objects.get()` gives a `Book`.

Such a value is marked with the instance of the subclass, and so is what comes of it, down to where the library speaks
of an instance of its own class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.program.contexts import Arguments
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Instance, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


_OWN = "#own()"
"""How the catalogue names what is the very object that another one is about."""


def of_class(program: Program, cls: ClassScope, base: str, found: Value) -> Value:
    """What was found on the outside base of a class, marked if the catalogue says so of the base."""
    return mark(program, (cls.of(True),), found) if _speaks_of(program, base) else found


def of_instance(program: Program, item: Instance, base: str, found: Value) -> Value:
    """The same of an instance: `books.filter(sold=True)` is of the class that `books` is of."""
    return mark(program, (item,), found) if _speaks_of(program, base) else found


def about(program: Program, args: Arguments, found: Value) -> Value:
    """What a call gives about a class: `select(User)`, `session.scalars(select(User))`, `session.get(User, 1)`."""
    owner: Value = EMPTY
    for item in args.at(0) or EMPTY:
        if item.__class__ is ClassScope:
            owner = union(owner, (item.of(True),))
        elif item.__class__ is Wrapped and item.kind == "owned":
            owner = union(owner, item.content)
    return mark(program, owner, found) if owner else found


def is_model(program: Program, cls: ClassScope) -> bool:
    """Whether a library speaks of instances of this class as of its own."""
    return any(_speaks_of(program, base) for base in cls.outside_bases())


def _speaks_of(program: Program, base: str) -> bool:
    """Whether the catalogue says of a class, or of one of its bases, that instances of its subclasses are meant."""
    return any(program.catalogue.entry(name).get("own") for name in (base, *program.catalogue.bases.get(base, ())))


def mark(program: Program, owner: Value, found: Value) -> Value:
    """Outside values as those of one subclass. A class of the project that the library extends by it is both."""
    out: Value = EMPTY
    for item in found:
        if item.__class__ is ClassScope:
            out = union(out, (item, *[each.cls for each in owner if each.__class__ is Instance]))
        elif item.__class__ is not str or item is FOREIGN:
            out = union(out, (item,))
        elif item.endswith(_OWN) or (item.endswith("()") and _is_own(program, owner, item[:-2])):
            out = union(out, owner)
        else:
            out = union(out, (program.make(Wrapped, "owned", owner, item),))
    return out


def of_type(program: Program, cls: str, argument: Value) -> Value:
    """What an object of `RunContext[Deps]` is: of the library's class, and about the argument."""
    made = f"{cls}()"
    return (program.make(Wrapped, "owned", argument, made),) if argument else (made,)


def _is_own(program: Program, owner: Value, name: str) -> bool:
    cls: Any = owner[0].cls if owner[0].__class__ is Instance else None
    if cls is None:
        return False
    bases = cls.outside_bases()
    if any(program.catalogue.is_a(name, base) or program.catalogue.is_a(base, name) for base in bases):
        return True
    return any(scope.unknown_base for scope in cls.mro) and not is_model(program, cls) and _speaks_of(program, name)
