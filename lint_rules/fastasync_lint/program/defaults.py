"""Addresses that mean memory, and are only the default: of a parameter, a field of settings, an attribute.

Somebody may configure another one. So what is built with them (`X#default()`) is as any other `X()`, but what of it
blocks is a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.catalogue import Guard, Row
from fastasync_lint.catalogue.rows import MEMORY
from fastasync_lint.program.contexts import Arguments
from fastasync_lint.program.values import Constant, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MARK = "#default"
SOON = "#soon"
"""Of what was told to end in a way that it cannot ignore: waiting for it is no more than a moment."""
_KIND = "default"


def is_address(program: Program, value: Any) -> bool:
    """Whether a literal is a text that the catalogue knows as an address of memory."""
    return value.__class__ is str and value in program.catalogue.addresses


def marked(program: Program, value: Value) -> Value:
    """A value whose addresses of memory are no more than defaults."""
    if not any(item.__class__ is Constant and is_address(program, item.value) for item in value):
        return value
    return tuple([
        program.make(Wrapped, _KIND, (item,))
        if item.__class__ is Constant and is_address(program, item.value)
        else item
        for item in value
    ])  # fmt: skip


def decides(program: Program, row: Row, args: Arguments) -> bool | None:
    """Whether the argument that a row is about certainly means memory; False: by default only. None: neither."""
    return _certainty(args.at(row.when[0].index, row.when[0].arg), row.when)


def excuses(guard: Guard, args: Arguments) -> bool:
    """Whether an argument is by default what a guard asks for."""
    return _certainty(args.at(guard.index, guard.arg), (guard,)) is False


def _certainty(value: Value | None, guards: tuple[Guard, ...]) -> bool | None:
    found = {_fits(item, guards) for item in value or ()}
    return None if None in found or not found else False not in found


def _fits(item: Any, guards: tuple[Guard, ...]) -> bool | None:
    if item.__class__ is str:
        wanted = [guard.type.removesuffix(MEMORY) for guard in guards if guard.type.endswith(MEMORY)]
        is_of = item.partition("#")[0] in wanted
        return item.endswith(MEMORY) if is_of and item.endswith((MEMORY, f"{MARK}()")) else None
    is_default = item.__class__ is Wrapped and item.kind == _KIND
    held = item.content[0] if is_default else item
    is_meant = held.__class__ is Constant and any(guard.is_ == held.value for guard in guards)
    return not is_default if is_meant else None


def is_mild(name: str) -> bool:
    """Whether what blocks there is a warning."""
    return MARK in name or SOON in name


def same(program: Program, holder: str, value: Value) -> Value:
    """What an object gives, of which the address is a default: so it is of what it gives."""
    return variants(program, value) if MARK in holder else value


def variants(program: Program, value: Value) -> Value:
    """Instances, with the address they have by default."""
    return tuple([
        program.catalogue.variant(item, MARK)
        if item.__class__ is str and item.endswith("()") and not item.endswith((MEMORY, "#own()", f"{MARK}()"))
        else item
        for item in value
    ])  # fmt: skip
