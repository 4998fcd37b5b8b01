"""`importlib.import_module("package.module")`, where the name is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program import assign
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import ModuleScope
from fastasync_lint.program.values import EMPTY, Constant, Value, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program


def by_name(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    out: Value = EMPTY
    for text in args.at(0) or EMPTY:
        if text.__class__ is not Constant or text.value.__class__ is not str:
            continue
        if text.value.startswith("."):
            package = _package(program, args, frame, node)
            name = text.value.lstrip(".")
            found = package and program.modules.relative(package, len(text.value) - len(name), name)
            out = union(out, (assign.module_value(program, found, name),) if found else EMPTY)
            continue
        found = program.modules.find(text.value, frame.module)
        if found is None:
            program.know({text.value.partition(".")[0]})
        out = union(out, (assign.module_value(program, found, text.value),))
    return out


def _package(program: Program, args: Arguments, frame: Frame, node: ir.Call | None) -> ModuleScope | None:
    """What a name that begins with a dot counts from: a module of the package, or its own `__init__.py`."""
    given = [] if node is None else [*node.args[1:2], *(value for name, value in node.keywords if name == "package")]
    written = given[0] if given else None
    if isinstance(written, ir.Name) and written.id in ("__name__", "__package__"):
        return frame.module if frame.module.is_package or written.id == "__package__" else None
    for text in args.at(1, "package") or EMPTY:
        if text.__class__ is Constant and text.value.__class__ is str:
            found = program.modules.find(text.value, frame.module)
            return found if isinstance(found, ModuleScope) and found.is_package else None
    return None
