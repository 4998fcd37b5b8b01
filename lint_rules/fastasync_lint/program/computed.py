"""What a text names that is computed or kept somewhere: a module to import, an attribute, a class of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import assign, attributes
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import ClassScope, ModuleScope
from fastasync_lint.program.values import EMPTY, WIDEST, Constant, Instance, Items, Many, Mapping, Value, Wrapped, union

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST_FITTING = 40
"""Methods that a prefix of their names may mean."""


def attribute(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`getattr(owner, name, default)`. A name that nothing is known of means any class of a module, and of what is from
    outside what the catalogue says of it: a client's verb."""
    names = args.at(1) or EMPTY
    texts = _texts(names)
    owners = args.at(0) or EMPTY
    out: Value = tuple([v for v in (args.at(2) or EMPTY) if v.__class__ is not Constant])
    for text in texts:
        for item in owners:
            for known in _fitting(item, text):
                out = union(out, attributes.one(program, item, known, place, frame))
    if len(texts) < len(names) or not names:
        for item in owners:
            if item.__class__ is ModuleScope:
                out = union(out, classes(program, item, frame))
            named = program.catalogue.value("attributes", f"{item}.#named") if item.__class__ is str else None
            out = union(out, (named,) if named else EMPTY)
    return out


def _texts(value: Value) -> list[str]:
    return [item.value for item in value if item.__class__ is Constant and item.value.__class__ is str]


def _fitting(item: object, text: str) -> list[str]:
    """The names that a text means: itself, or with `do_*` every method and function that begins so."""
    if not text.endswith("*"):
        return [text]
    scopes: list[Any] = [item] if isinstance(item, ModuleScope) else []
    if isinstance(item, Instance | ClassScope):
        scopes = (item.cls if isinstance(item, Instance) else item).mro
    found = dict.fromkeys(
        name
        for scope in scopes
        for name, bindings in scope.bindings.items()
        if name.startswith(text[:-1]) and isinstance(bindings[0][0], ir.FuncDef)
    )
    return list(found)[:MOST_FITTING]


def classes(program: Program, module: ModuleScope, frame: Frame) -> Value:
    """The classes that a module defines and imports, one of which is looked up by its name: plug-ins, which have a
    base in common; those without a base of the project only where there are no others."""
    found = []
    for name, bindings in module.bindings.items():
        if isinstance(bindings[0][0], ir.ClassDef | ir.ImportFrom):
            for item in attributes.of_module(program, module, name, frame):
                if item.__class__ is ClassScope and item not in found:
                    found.append(item)
    return tuple([cls for cls in found if cls.bases] or found)[:WIDEST]


def imported(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`import_module(name, package)`."""
    return by_name(program, args.at(0) or EMPTY, frame, _package(program, args, frame, node))


def _package(program: Program, args: Arguments, frame: Frame, node: ir.Call | None) -> ModuleScope | None:
    """What a name that begins with a dot counts from: a module of the package, or its own `__init__.py`."""
    given = [] if node is None else [*node.args[1:2], *(value for name, value in node.keywords if name == "package")]
    written = given[0] if given else None
    if isinstance(written, ir.Name) and written.id in ("__name__", "__package__"):
        return frame.module if frame.module.is_package or written.id == "__package__" else None
    found = [program.modules.find(text, frame.module) for text in _texts(args.at(1, "package") or EMPTY)]
    return next((each for each in found if isinstance(each, ModuleScope) and each.is_package), None)


def by_name(program: Program, names: Value, frame: Frame, package: ModuleScope | None = None) -> Value:
    """The modules of these names; with `plugins.*`, every one of a package, with `plugins.*.main`, that one of every
    package in it. `package`: what a dot in front means."""
    out: Value = EMPTY
    for text in _texts(names):
        if "*" in text:
            before, _, after = text.partition("*")
            parent, _, prefix = before.rpartition(".")
            parent = f"{parent}." if text.startswith(".") else parent
            out = union(out, program.modules.below(_found(program, parent, frame, package), prefix, after))
        else:
            found = _found(program, text, frame, package)
            if found is None and text.startswith("."):
                continue
            if found is None:
                program.know({text.partition(".")[0]})
            out = union(out, (assign.module_value(program, found, text),))
    return out


def _found(program: Program, text: str, frame: Frame, package: ModuleScope | None) -> ModuleScope | str | None:
    name = text.lstrip(".")
    if name == text:
        return program.modules.find(text, frame.module)
    return package and program.modules.relative(package, len(text) - len(name), name.rstrip("."))


def loaded(program: Program, index: Value, node: ir.Expr, frame: Frame) -> Value:
    """`sys.modules[name]`."""
    if node.__class__ is ir.Name and node.id == "__name__":
        return (frame.module,)
    return by_name(program, index, frame)


def namespace(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`globals()`, `vars(module)`: its classes."""
    owners = args.at(0) if args.positional else (frame.module,)
    held: Value = EMPTY
    for item in owners or EMPTY:
        if item.__class__ is ModuleScope:
            held = union(held, classes(program, item, frame))
    return (program.make(Mapping, (), held),) if held else EMPTY


def members(program: Program, args: Arguments, place: Place | None, frame: Frame, node: ir.Call | None) -> Value:
    """`inspect.getmembers(module, inspect.isclass)`: pairs of a name and a class."""
    held = namespace(program, args, place, frame, node)
    return tuple([program.make(Many, (program.make(Items, (EMPTY, item.rest)),)) for item in held])


PARTING = frozenset({"partition", "rpartition", "split", "rsplit"})
"""Methods that take a dotted name apart."""


def parts(program: Program, item: Wrapped, args: Arguments) -> Value:
    """`"pkg.module.Class".rsplit(".", 1)`: where the text is known, so are its parts."""
    out: Value = EMPTY
    for text in _texts(item.content):
        for separator in _texts(args.at(0) or EMPTY):
            at_most = [v.value for v in args.at(1, "maxsplit") or EMPTY if v.__class__ is Constant]
            limit = () if item.extra.endswith("partition") else tuple(n for n in at_most[:1] if n.__class__ is int)
            found = getattr(text, item.extra)(separator, *limit) if separator else ()
            out = union(out, (program.make(Items, tuple([(program.make(Constant, part),) for part in found])),))
    return out
