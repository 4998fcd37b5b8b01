"""What `from x import *` brings into a module, through however many modules that do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastasync_lint.program import assign
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import ModuleScope, Scope
from fastasync_lint.program.values import FOREIGN, Value

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


class Starred(NamedTuple):
    """All that the stars of one module lead to; each module once, though many of them often name each other."""

    names: dict[str, ModuleScope]
    """The nearest module that binds a name."""
    modules: list[ModuleScope]
    outside: list[str]


def name_of(program: Program, scope: Scope, name: str, frame: Frame) -> Value | None:
    """What a name of a module holds that it has by a star; None if there is none. Private ones are not handed on."""
    if name.startswith("_") or not isinstance(scope, ModuleScope):
        return None
    starred = program.modules.starred.get(scope)
    if starred is None:
        starred = program.modules.starred[scope] = _follow(program, scope)
    holder = starred.names.get(name)
    if holder is not None:
        return program.read(holder.cell(name), frame)  # type: ignore[arg-type]
    for module in starred.outside:
        foreign = program.outside(f"{module}.{name}")
        if foreign is not FOREIGN and program.catalogue.entry(foreign).rows:
            return (foreign,)
    late = next((module.late[name] for module in starred.modules if name in module.late), None)
    return None if late is None else program.read(late, frame)


def _follow(program: Program, scope: ModuleScope) -> Starred:
    found = Starred({}, [], [])
    left = [scope]
    seen = {scope}
    while left:
        module = left.pop()
        if module is not scope:
            found.modules.append(module)
            for name in module.bindings:
                found.names.setdefault(name, module)
        further: list[ModuleScope] = []
        for star in module.stars:
            target = assign.imported_module(program, star, module)
            if isinstance(target, ModuleScope) and target not in seen:
                seen.add(target)
                further.append(target)
            elif target is None and not star.level and star.module not in found.outside:
                found.outside.append(star.module)
        left += reversed(further)
    return found
