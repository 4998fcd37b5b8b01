"""Things from outside the project: what the catalogue says of their calls and attributes happens here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fastasync_lint.catalogue import Guard, Row
from fastasync_lint.facts import ir
from fastasync_lint.program import defaults, expressions, handed, intrinsics, iterate, owned, queues, record
from fastasync_lint.program.contexts import Arguments, Frame, Place
from fastasync_lint.program.scopes import Cell, ClassScope
from fastasync_lint.program.values import EMPTY, FOREIGN, Bound, Constant, FunctionValue, Items, Partial, Value, Wrapped

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

LONGEST = 160
"""Longer names are chains that feed on themselves."""
ONLY_FOREIGN: Value = (FOREIGN,)
"""What an attribute is of which the catalogue says nothing."""
BY_HAND = ("().__enter__", "().__exit__")
"""A `with` in two parts."""


def holds(program: Program, guard: Guard, args: Arguments) -> bool:
    """Whether a guard's condition on an argument is met; see docs/catalogue.md."""
    if guard.first:
        return guard.first in (args.firsts.get(guard.arg), args.firsts.get(guard.index or 0))
    value = args.at(guard.index, guard.arg)
    if guard.given is not None:
        return (value is not None) is guard.given
    if value is None:
        return False
    if guard.is_ is not msgspec.UNSET:
        wanted = guard.is_
        if wanted.__class__ is str:  # beside another text or a path it is only what may be meant
            return bool(value) and all(v.__class__ is Constant and v.value == wanted for v in value)
        return any(
            v.__class__ is Constant and v.value == wanted and (v.value is None) is (wanted is None)
            and (v.value.__class__ is bool) is (wanted.__class__ is bool)
            for v in value
        )  # fmt: skip
    if guard.positive:
        return any(v.__class__ is Constant and v.value.__class__ in (int, float) and v.value > 0 for v in value)
    if guard.most is not None:
        return any(
            v.__class__ is Constant and v.value.__class__ in (int, float) and v.value <= guard.most for v in value
        )
    if guard.type:
        return any(_is_type(program, v, guard.type) for v in value)
    if guard.contains:
        return any(v.__class__ is Constant and guard.contains in str(v.value) for v in value)
    if guard.starts:
        first = [v for item in value for v in (item.items[0] if item.__class__ is Items and item.items else (item,))]
        return any(v.__class__ is Constant and str(v.value).startswith(guard.starts) for v in first)
    return False


def _is_type(program: Program, item: Any, wanted: str) -> bool:
    if item.__class__ is not str:
        return False
    if item == wanted:
        return True
    cls, mark, rest = item.partition("()")
    return bool(mark) and not rest and program.catalogue.is_a(cls, wanted.removesuffix("()"))


def call(
    program: Program, name: str, args: Arguments, place: Place | None, frame: Frame, awaited: bool,
    node: ir.Call | None,
) -> Value:  # fmt: skip
    if name is FOREIGN:
        return (FOREIGN,)
    entry = program.catalogue.entry(name)
    rows = entry.rows
    if name.endswith(BY_HAND) and place is not None:
        return _by_hand(program, name, place, frame)
    if not rows:
        return result(program, name, args)
    if "block call" in rows and place is not None and not awaited:
        record.catalogue_sink(program, frame, place, name, rows["block call"], args, "call")
    if "intrinsic" in rows:
        if rows["intrinsic"][0].result == "queue":
            made = _decided(program, name, rows, args) or (program.outside(f"{name}()"),)
            return queues.make(program, made, place, frame)
        found = intrinsics.run(program, rows["intrinsic"][0].result, args, place, frame, node)
        if found is not None:
            return found
    if "settle" in rows and node is not None:
        _settle(program, name, rows["settle"][0], node, frame, awaited)
    if "returns_when" in rows:
        decided = _decided(program, name, rows, args)
        if decided is not None:
            return decided
    if "loop_callback" in rows:
        for row in rows["loop_callback"]:
            handed.on_loop(program, row, args, frame, place, node)
    if "run_here" in rows:
        return handed.run_here(program, handed.fitting(rows["run_here"], args), name, args, place, frame)
    if "consume" in rows:
        return handed.consume(program, rows["consume"][0], name, args, place, frame)
    if "schedule" in rows:
        return handed.schedule(program, rows["schedule"][0], name, args, place, frame, awaited, node)
    if "offload" in rows:
        return handed.offload(program, handed.fitting(rows["offload"], args), name, args, place, frame)
    if "memoise" in rows:
        content = args.at(0) or EMPTY
        if any(_callable(v) or (v.__class__ is str and program.known(v)) for v in content):
            return (program.make(Wrapped, "memoised", content),)
        return (program.make(Wrapped, "decorator", EMPTY, name),)
    if "depends" in rows:
        row = rows["depends"][0]
        return (program.make(Wrapped, "depends", args.at(row.callable, "dependency") or EMPTY),)
    given = result(program, name, args)
    return owned.about(program, args, given) if "about" in rows else given


def _by_hand(program: Program, name: str, place: Place, frame: Frame) -> Value:
    """`client.__enter__()` does what `with client` does, `client.__exit__(…)` what its end does."""
    receiver, _, dunder = name.rpartition(".")
    if dunder == "__enter__":
        return iterate.enter(program, (receiver,), place, frame, False)
    iterate.leave(program, (receiver,), place, frame, False)
    return EMPTY


def _decided(program: Program, name: str, rows: dict[str, list[Row]], args: Arguments) -> Value | None:
    """What the arguments decide that it gives."""
    for row in rows.get("returns_when", ()):
        if row.default:
            certainty = defaults.decides(program, row, args)
            if certainty is False:
                return defaults.variants(program, result(program, name, args))
            if certainty:
                return (row.value,)
        elif any(holds(program, guard, args) for guard in row.when):
            return (row.value,) if row.value else EMPTY
    return None


def _settle(program: Program, name: str, row: Row, node: ir.Call, frame: Frame, awaited: bool) -> None:
    """After `process.communicate()`, or `await wrap_future(future)`, nothing of it waits any more, here."""
    target: ir.Expr | None = None
    if row.on == "argument":
        target = node.args[0] if (awaited or frame.scheduling) and node.args else None
    elif node.func.__class__ is ir.Attr:
        target = node.func.value
    path = expressions.path(target) if target is not None else ""
    if target is not None and path:
        receiver = name.rpartition(".")[0]
        held = expressions.evaluate(program, target, frame)
        over = [
            (item.__class__ is str and (row.on == "argument" or item == receiver))
            or (item.__class__ is Wrapped and item.kind == "future" and row.on == "argument")
            for item in held
        ]
        left = tuple([_over(program, row, item) if done else item for item, done in zip(held, over, strict=True)])
        (frame.env if target.__class__ is ir.Name else frame.paths)[path] = left


def _over(program: Program, row: Row, item: Any) -> Any:
    return program.catalogue.variant(item, defaults.SOON) if row.result == "soon" else FOREIGN


def result(program: Program, name: str, args: Arguments) -> Value:
    """What calling it gives."""
    value = program.catalogue.value("returns", name)
    if value is None:
        return (program.outside(f"{name}()"),) if len(name) < LONGEST else EMPTY
    if value.startswith("same"):
        return args.at(0) or EMPTY
    return defaults.same(program, name, (value,)) if value else EMPTY


def _callable(item: Any) -> bool:
    return item.__class__ in (FunctionValue, Bound, Partial, Wrapped, ClassScope)


# attributes --------------------------------------------------------------------------------------------------


def attribute(program: Program, item: str, name: str, place: Place | None, frame: Frame) -> Value:
    if item is FOREIGN:
        return ONLY_FOREIGN
    if len(item) > LONGEST:
        return EMPTY
    full = program.outside(f"{item}.{name}")
    if full is FOREIGN:
        if not item.endswith("()"):
            return ONLY_FOREIGN
        if name in ("__enter__", "__exit__"):
            return (f"{item}.{name}",)
        return kept_under(program, item, name, frame)
    entry = program.catalogue.entry(full)
    if "block get" in entry.rows and place is not None:
        record.catalogue_sink(program, frame, place, full, entry.rows["block get"], Arguments([]), "call")
    kept = program.outside_attributes.get((item, name))
    if kept is not None:
        kept.readers[frame.task] = None
        if kept.value:
            return kept.value
    value = program.catalogue.value("attributes", full)
    if value is not None:
        return defaults.same(program, item, (value,)) if value else EMPTY
    return (full,)


def kept_under(program: Program, item: str, name: str, frame: Frame) -> Value:
    """What the project keeps in an outside object, under a name of which the catalogue says nothing."""
    cell = program.outside_attributes.setdefault((item, name), Cell(None, name))
    cell.readers[frame.task] = None  # whoever reads it before it is set hears of it
    return cell.value or ONLY_FOREIGN


def does(program: Program, found: Value, what: str) -> bool:
    """Whether calling it makes ("construct") or copies ("copy") an instance of the class that it is an attribute of."""
    rows = program.catalogue.entry(found[0]).get("intrinsic") if found and found[0].__class__ is str else ()
    return any(row.result == what for row in rows)


def of_class(program: Program, base: str, name: str) -> Value:
    """An attribute of a class from outside, as its subclasses in the project inherit it."""
    full = program.outside(f"{base}.{name}")
    if full is FOREIGN:
        return ONLY_FOREIGN
    value = program.catalogue.value("attributes", full)
    if value is not None:
        return (value,) if value else EMPTY
    return (full,)
