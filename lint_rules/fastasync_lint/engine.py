"""The analysis of a project: files in, hits out."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fastasync_lint import hits
from fastasync_lint.errors import go_on
from fastasync_lint.facts import ir
from fastasync_lint.facts.gather import gather
from fastasync_lint.model import Analysis, Problem
from fastasync_lint.places import Places, SourcePlaces, relative
from fastasync_lint.program import assign, bodies, models, names
from fastasync_lint.program.contexts import Frame
from fastasync_lint.program.engine import Program
from fastasync_lint.program.modules import Modules
from fastasync_lint.program.scopes import ClassScope, ModuleScope
from fastasync_lint.reach import Reach

if TYPE_CHECKING:
    from fastasync_lint.settings import Settings

INTERNAL = "an error in fastasync kept part of this file from being analysed; please report it"

RECURSION = 12_000
"""Python frames: a call of the program takes about ten of them, and calls are evaluated inside one another."""


def analyse(
    root: Path,
    files: Sequence[Path],
    wanted: Collection[Path] | None,
    settings: Settings,
    *,
    overlay: Mapping[Path, bytes] | None = None,
    cache: bool = True,
    workers: int | None = None,
    superseded: Callable[[], bool] | None = None,
    keep: Callable[[Evaluated], None] | None = None,
    strict: bool = False,
    places: Places | None = None,
    lender: str = "",
) -> Analysis:
    """Analyse all `files` below `root` and report the hits of those `wanted` (of all when None).

    `overlay` gives texts that stand for what is on disk. File names in the result are absolute, and columns count
    characters, unless `places` says otherwise. `keep` is given the finished evaluation; `strict` asks for the calls
    that were not resolved; `lender` is another version of the project, whose facts count for files of the same content.
    Raises `SupersededError` once `superseded` says that nobody wants the result any more.
    """
    with deep():
        parsed = gather(
            os.fspath(root), files, overlay or {}, cache=cache, workers=workers, lender=lender, superseded=superseded
        )
        asked = None if wanted is None else {relative(os.fspath(root), os.fspath(path)) for path in wanted}
        places = places or SourcePlaces(os.fspath(root), overlay or {})
        program = evaluate(parsed, os.path.basename(root), settings, superseded)
        go_on(superseded)
        reach = Reach(program)
        go_on(superseded)
        if keep is not None:
            keep(Evaluated(parsed, program, reach))
        unresolved = {(context.module.path, place) for context in reach.contexts for place in context.unresolved}
        analysis = _analysis(parsed, places, asked, program, reach)
        analysis.unresolved = len(unresolved)
        if strict:
            own = ((path, place) for path, place in unresolved if asked is None or path in asked)
            analysis.unknown = sorted((places.name(path), places.location(path, place)) for path, place in own)
        return analysis


class Evaluated(NamedTuple):
    """A finished evaluation: the facts by path, what they came to, and which functions block."""

    parsed: dict[str, ir.FileFacts]
    program: Program
    reach: Reach


@contextlib.contextmanager
def deep() -> Generator[None]:
    """Calls of the program are evaluated inside one another, and nothing that they make is garbage before the end."""
    enabled, limit = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if enabled:
            gc.enable()


def _analysis(
    parsed: dict[str, ir.FileFacts], places: Places, asked: Collection[str] | None, program: Program, reach: Reach
) -> Analysis:
    def is_wanted(path: str) -> bool:
        return asked is None or path in asked

    problems = [_problem(places.name(name), f) for name, f in parsed.items() if f.error and is_wanted(name)]
    failures = program.failures.items()
    problems += [Problem(places.name(name), f"{INTERNAL} ({error})") for name, error in failures if is_wanted(name)]
    found = hits.collect(program, reach, asked, places)
    calls = sum(f.calls for f in parsed.values())
    return Analysis(found, sorted(problems), calls, files=len(parsed))


def _problem(name: str, parsed: ir.FileFacts) -> Problem:
    """What stood in the way of reading a file; later Pythons may know its syntax."""
    version = ".".join(map(str, sys.version_info[:2]))
    where = f", read as Python {version} (line {parsed.error_row})" if parsed.error_row else ""
    return Problem(name, parsed.error + where)


def evaluate(
    parsed: Mapping[str, ir.FileFacts], name: str, settings: Settings, superseded: Callable[[], bool] | None = None
) -> Program:
    """Names, classes, then every function, until nothing grows. `name` is that of the project's folder."""
    modules = Modules(parsed.items(), name)
    roots = {root for file in parsed.values() for root in file.roots}
    program = Program(modules, roots, settings.blocking, settings.offload)
    for module in modules.all:
        _attempt(program, module, evaluate_classes)
    for module in modules.all:
        _attempt(program, module, evaluate_module)
        go_on(superseded)
    program.drain()
    models.mark_request_bodies(program, program.routes)
    program.drain()
    return program


def _attempt(program: Program, module: ModuleScope, work: Callable[[Program, ModuleScope], None]) -> None:
    try:
        work(program, module)
    except Exception as error:  # a defect of ours costs the findings of one module, not of all
        program.fail(module, error)


def evaluate_classes(program: Program, module: ModuleScope) -> None:
    """The classes of a module with their bases, so that subclasses are known before any method is evaluated."""
    for name, bindings in module.bindings.items():
        if any(node.__class__ is ir.ClassDef for node, _ in bindings):
            names.evaluate_cell(program, module.cell(name))  # type: ignore[arg-type]


def evaluate_module(program: Program, module: ModuleScope) -> None:
    """What importing a module does, and a context for each of its functions and methods."""
    bodies.module_body(program, module)
    for name, bindings in module.bindings.items():
        for node, _ in bindings:
            if node.__class__ is ir.FuncDef:
                program.plain(assign.raw_function(program, node.function, _module_frame(module)))
        cell = module.cells.get(name)
        for value in cell.value if cell is not None else ():
            if isinstance(value, ClassScope) and value.outer is module:
                assign.evaluate_class(program, value)


def _module_frame(module: ModuleScope) -> Frame:
    return Frame(assign.anonymous_task(), module, None, None, None)
