"""`isinstance(x, C)`, `callable(x)`: what x is in each branch, and which branch is dead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastasync_lint.facts import ir
from fastasync_lint.program import expressions
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.outcomes import Outcome
from fastasync_lint.program.scopes import ClassScope
from fastasync_lint.program.values import (
    EMPTY,
    FOREIGN,
    Bound,
    Constant,
    FunctionValue,
    Instance,
    Items,
    Many,
    Value,
    Wrapped,
    union,
)

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

JSON: Value = ("json",)
"""What is certain of a value that was read from JSON: it is of one of the classes of that."""
_BUILTINS = frozenset(
    {"bool", "bytes", "bytearray", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str"}
    | {"tuple", "type", "BaseException", "Exception"}
)
_DISPLAYS = frozenset({ir.Comp, ir.Map, ir.Seq})
_DECLARED = "*"
"""After the class that a parameter is declared to be of: it may be of a class that derives from it."""
_LIST_OR_SET: Value = ("builtins.list|set()",)
"""What is certain of a display or comprehension that may be of either."""
_IN_MEMORY = frozenset({"io.BytesIO()", "io.StringIO()"})
_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"})
"""What no class of the language is, nor any that derives from one, nor a file in memory."""
_ABSTRACT = ("abc.", "collections.", "io.", "numbers.", "typing.", "typing_extensions.")
"""Where classes count objects as their own that do not derive from them."""
_NEVER = frozenset({"BuiltinFunctionType", "FunctionType", "LambdaType", "MethodType", "PathLike"})
"""Of the modules `types` and `os`: what neither that is."""
_PLAIN = frozenset({"abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol", "pydantic.BaseModel"})
"""Bases that are no class of `_BUILTINS`."""


def mark(name: str) -> str:
    """Under which name a context holds the class that a parameter's value is certainly of."""
    return f"isinstance({name})"


def exact(program: Program, node: ir.Expr, value: Value, frame: Frame) -> Value:
    """What is certain of an argument's class, where it is a literal or an object that was made here; else nothing.

    A value is what is known: beside it there may be more.
    """
    kind = node.__class__
    if kind is ir.Const:
        literal = node.value  # type: ignore[union-attr]
        return EMPTY if literal == "..." else (f"builtins.{literal.__class__.__name__}()",)
    if kind in _DISPLAYS:
        return _display(node)
    if kind is ir.Call:
        name = expressions.path(node.func).rpartition(".")[2]  # type: ignore[union-attr]
    elif kind is ir.Name and frame.context is not None:
        handed_on = frame.context.env.get(mark(node.id))  # type: ignore[union-attr]
        if handed_on is not None:
            return handed_on
        declared = frame.context.node.plain.get(node.id)  # type: ignore[union-attr]
        if declared is not None:
            return (f"builtins.{declared}(){_DECLARED}",)
        name = frame.context.node.made.get(node.id, "")  # type: ignore[union-attr]
    else:
        return EMPTY
    made = value[0] if name and len(value) == 1 else None
    if made in _IN_MEMORY:
        return value if made == f"io.{name}()" else EMPTY
    return value if made.__class__ is Instance and made.cls.name == name and _is_plain(made.cls) else EMPTY


def _display(node: Any) -> Value:
    if node.__class__ is ir.Seq:
        return ("builtins.tuple()",) if node.is_tuple else _LIST_OR_SET
    if node.__class__ is ir.Comp and node.kind == "generator":
        return EMPTY
    return ("builtins.dict()",) if node.__class__ is ir.Map or node.kind == "dict" else _LIST_OR_SET


def _is_plain(cls: ClassScope) -> bool:
    """Whether calling a class makes an object of just this class."""
    return not any("__new__" in scope.bindings or scope.node.keywords for scope in cls.mro)


def is_callable(node: ir.Call, frame: Frame) -> Outcome:
    """`callable(x)`: never true of a literal, nor of what comes from JSON."""
    subject = node.args[0] if node.args else None
    if not isinstance(subject, ir.Name) or frame.context is None or subject.id not in frame.context.node.asked:
        return Outcome()
    known = frame.context.env.get(mark(subject.id), EMPTY)
    return Outcome(False if known and known[0].__class__ is str else None)


def judge(program: Program, node: ir.Call, frame: Frame) -> Outcome:
    subject = node.args[0]
    value = expressions.evaluate(program, subject, frame)
    classes = _classes(expressions.evaluate(program, node.args[1], frame))
    out = Outcome()
    if isinstance(subject, ir.Name) and frame.context is not None and subject.id in frame.context.node.asked:
        known = frame.context.env.get(mark(subject.id))
        if known is not None:
            out.verdict = _is_of(program, known[0], node.args[1], frame)
    if isinstance(subject, ir.Named):
        subject = ir.Name(subject.target)
    if not classes or not isinstance(subject, ir.Name | ir.Attr):
        return out
    matching: Value = EMPTY
    rest: Value = EMPTY
    of_classes = node.func.id == "issubclass"  # type: ignore[union-attr]
    for item in value:
        fits = _derives(item, classes) if of_classes else _fits(program, item, classes)
        if fits is not False:
            matching = union(matching, (item,) if fits else EMPTY)
        if fits is not True:
            rest = union(rest, (item,))
    from fastasync_lint.program import hints

    promised = _ours(classes) if of_classes else hints.instances(program, classes)
    out.when_true = ((subject, matching or promised),)
    if len(rest) < len(value):
        out.when_false = ((subject, rest),)
    return out


def _is_of(program: Program, item: Any, classes: ir.Expr, frame: Frame) -> bool | None:
    """Whether an object of which one class is certain is of one of these classes."""
    if isinstance(classes, ir.Seq):
        found = {_is_of(program, item, cls, frame) for cls in classes.items}
    elif isinstance(classes, ir.Bin):
        found = {_is_of(program, item, cls, frame) for cls in (classes.left, classes.right)}
    else:
        return _is_of_one(program, item, classes, frame)
    return True if True in found else None if None in found else False


def _is_of_one(program: Program, item: Any, node: ir.Expr, frame: Frame) -> bool | None:
    value = expressions.evaluate(program, node, frame)
    name = expressions.path(node).rpartition(".")[2]
    if len(value) == 1 and value[0].__class__ is ClassScope:
        return _is_of_ours(item, value[0])
    if isinstance(node, ir.Name) and name in _BUILTINS and name not in frame.env and name not in frame.module.bindings:
        return _is_of_builtin(item, name)
    if name in _NEVER and item.__class__ is str:
        return False
    if len(value) == 1 and value[0].__class__ is str and item.__class__ is str and item != JSON[0]:
        return _is_of_outside(program, item, value[0])
    return None


def _is_of_ours(item: Any, cls: ClassScope) -> bool | None:
    if item.__class__ is Instance and item.cls.derives_from(cls):
        return True
    if cls.is_protocol or any(_answers_itself(scope) for scope in cls.mro):
        return None
    if item.__class__ is str and item.endswith(_DECLARED) and not _is_ours_alone(cls):
        return None
    return False if item.__class__ is str or not any(scope.unknown_base for scope in item.cls.mro) else None


def _is_of_outside(program: Program, item: str, cls: str) -> bool | None:
    if item == f"{cls}()":
        return True
    if cls in _PATHS:
        return False
    is_literal = item.startswith("builtins.") and not item.endswith(_DECLARED)
    return False if is_literal and cls in program.catalogue.types and not cls.startswith(_ABSTRACT) else None


def _answers_itself(cls: ClassScope) -> bool:
    """Whether a class may count objects as its own that do not derive from it."""
    return "__subclasshook__" in cls.bindings or any(name == "metaclass" for name, _ in cls.node.keywords)


def _is_of_builtin(item: Any, name: str) -> bool | None:
    if name == "object":
        return True
    if item.__class__ is Instance:
        return False if _is_ours_alone(item.cls) else None
    if item == JSON[0] or (item == _LIST_OR_SET[0] and name in ("list", "set")):
        return None
    return item.removesuffix(_DECLARED) == f"builtins.{name}()" or (name == "int" and item == "builtins.bool()")


def is_true(item: Any) -> bool:
    """Whether an object counts as true wherever it is asked: it is no collection, and decides nothing itself."""
    if item.__class__ is not Instance:
        return item.__class__ in (FunctionValue, Bound, ClassScope)
    meant = [item.cls, *(() if item.exact else item.cls.all_subclasses())]
    asked = (scope.bindings for cls in meant for scope in cls.mro)
    return all(map(_is_ours_alone, meant)) and not any("__bool__" in names or "__len__" in names for names in asked)


def _is_ours_alone(cls: ClassScope) -> bool:
    """Whether a class derives from none of the language, nor from any that may."""
    return not any(scope.unknown_base for scope in cls.mro) and _PLAIN.issuperset(cls.outside_bases())


def _classes(value: Value) -> Value:
    out: Value = EMPTY
    for item in value:
        if item.__class__ is Items:
            for part in item.items:
                out = union(out, _classes(part))
        elif item.__class__ is Many:
            out = union(out, _classes(item.element))
        elif item.__class__ is ClassScope or item.__class__ is str or item.__class__ is Wrapped:
            out = union(out, (item,))
    return out


def _ours(classes: Value) -> Value:
    return tuple([cls for cls in classes if cls.__class__ is ClassScope])


def _derives(item: Any, classes: Value) -> bool | None:
    """`issubclass(item, classes)`; None for what is no class of the project, or has a base that is not known."""
    if item.__class__ is not ClassScope or FOREIGN in classes:
        return None
    if any(item.derives_from(cls) for cls in _ours(classes)):
        return True
    is_certain = len(_ours(classes)) == len(classes) and not any(scope.unknown_base for scope in item.mro)
    return False if is_certain else None


def _fits(program: Program, item: Any, classes: Value) -> bool | None:
    """True, False, or None when an instance may be of a subclass that fits."""
    if FOREIGN in classes:
        return None
    if item.__class__ is Instance:
        if any(c.__class__ is ClassScope and item.cls.derives_from(c) for c in classes):
            return True
        narrower = any(c.__class__ is ClassScope and c.derives_from(item.cls) for c in classes)
        outside = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(base, c) for c in outside for base in item.cls.outside_bases()):
            return True
        return None if narrower and not item.exact else False
    if item.__class__ is str:
        cls = item.partition("()")[0]
        names = [c for c in classes if c.__class__ is str]
        if any(program.catalogue.is_a(cls, name) for name in names):
            return True
        return False if program.known(item) and item.endswith("()") else None
    if item.__class__ is Constant:
        return False if item.value is None else None
    return None
