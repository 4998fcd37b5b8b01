"""Where a name that was imported is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import assign
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.scopes import Cell, ModuleScope

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

LONGEST = 4
"""Re-exports that are followed."""


def of_name(program: Program, name: str, frame: Frame) -> tuple[ModuleScope, str] | None:
    """The module of ours that binds what a name means here, and its name there; None for anything else."""
    source = _imported_here(name, frame)
    module = frame.module
    for _ in range(LONGEST):
        if source is None:
            bindings = module.bindings.get(name, ())
            if not bindings:
                return None
            node = bindings[-1][0]
            if not isinstance(node, ir.ImportFrom):
                return module, name
            source = node
        target = assign.imported_module(program, source, module)
        if not isinstance(target, ModuleScope):
            return None
        name = next((there for there, here in source.names if here == name), name)
        module, source = target, None
    return None


def _imported_here(name: str, frame: Frame) -> ir.ImportFrom | None:
    """The import inside the function itself that binds the name."""
    if frame.context is None or name not in frame.env:
        return None
    for node in frame.context.node.body:
        if isinstance(node, ir.ImportFrom) and any(here == name for _, here in node.names):
            return node
    return None


def cell_elsewhere(program: Program, name: str, frame: Frame) -> Cell | None:
    """What another module's name holds, if that is what a name means here."""
    if frame.context is not None and name in frame.env and _imported_here(name, frame) is None:
        return None
    found = of_name(program, name, frame)
    return None if found is None or found[0] is frame.module else found[0].cell(found[1])
