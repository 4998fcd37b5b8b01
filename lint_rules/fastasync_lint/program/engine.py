"""The evaluation's state: contexts by function, names that grow, and the work still to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastasync_lint import catalogue
from fastasync_lint.catalogue import Catalogue
from fastasync_lint.catalogue.rows import MEMORY
from fastasync_lint.facts import ir
from fastasync_lint.program import bases, bodies, defaults, fits, hints, models, names, values
from fastasync_lint.program.binding import bind, bind_nothing, on_its_own
from fastasync_lint.program.contexts import NO_TYPES, Arguments, Branch, Context, Frame, Place, Types
from fastasync_lint.program.crowd import Crowd
from fastasync_lint.program.modules import Modules
from fastasync_lint.program.scopes import BUSY, DONE, NEW, Cell, ClassScope, ModuleScope, Task
from fastasync_lint.program.settle import settled
from fastasync_lint.program.values import EMPTY, FOREIGN, Constant, FunctionValue, Value, union

MOST_RUNS = 6
"""A context that still grows after so many runs is left as it is: its values swing, they do not converge."""
DEEPEST = 120
"""Calls evaluated inside one another; deeper ones wait for their turn in the queue."""


class Program:
    """The modules of a project, the catalogue, and everything found out so far."""

    def __init__(self, modules: Modules, roots: set[str], blocking: Iterable[str], offload: Iterable[str]) -> None:
        """`roots`: first parts of the modules that are imported anywhere."""
        self.modules = modules
        self.catalogue = Catalogue(())
        self._roots: set[str] = set()
        self._read: set[Path] = set()
        self.blocking = frozenset(blocking)
        self.offload = frozenset(offload)
        self.store = values.Store(frozenset(module.name.partition(".")[0] for module in modules.all))
        values.use(self.store)
        self.make = values.make
        self._constants: dict[tuple[type[Any], Any], Value] = {}
        self.none = self.constant(None)
        self.true = self.constant(True)
        self.false = self.constant(False)
        self.contexts: dict[tuple[Any, ...], Context] = {}
        self._crowd = Crowd(self.contexts)
        self._classes: dict[tuple[int, int], ClassScope] = {}
        self.implementers: dict[ClassScope, list[ClassScope]] = {}
        self._methods: dict[str, list[ClassScope]] = {}
        self._declared: dict[tuple[int, str], Value] = {}
        self._known: dict[str, bool] = {}
        self.weights: dict[tuple[Any, int], bool] = {}
        """Whether a collection holds what is worth a context of its own, down to some depth."""
        self.parsed: dict[tuple[int, str], ir.Expr] = {}
        self._called: dict[tuple[Any, ...], Context] = {}
        self.parametrised: dict[tuple[Any, ...], ClassScope] = {}
        self.generic: dict[tuple[ClassScope, ClassScope], Types] = {}
        self.queue: deque[Task] = deque()
        self.depth = 0
        self.failures: dict[str, str] = {}
        """What went wrong in the evaluation itself, by the path of the file."""
        self.outside_attributes: dict[tuple[str, str], Cell] = {}
        """What the project sets on outside objects (`app.state.cache = …`), by the object's type and the name."""
        self._function_attributes: dict[tuple[ir.Function, str], Cell] = {}
        self.variables: dict[tuple[str, Any], Cell] = {}
        """What context variables are set to, by where they are made."""
        self.routes: dict[Context, dict[str, str]] = {}
        self.lock_regions: dict[Any, list[tuple[Context, list[Place], Branch]]] = {}
        self.know(roots)

    def constant(self, value: Any) -> Value:
        """The value of a literal."""
        key = (value.__class__, value)
        found = self._constants.get(key)
        if found is None:
            found = self._constants[key] = (self.make(Constant, value),)
        return found

    def know(self, roots: set[str]) -> None:
        """Read the catalogue for modules of these roots, too; at first for what every project uses besides."""
        if self._read and roots <= self._roots:
            return
        self._roots |= roots
        paths = [path for path in catalogue.files(roots) if path not in self._read]
        if not paths:
            return
        self._read.update(paths)
        self.catalogue.extend([catalogue.load(path) for path in paths])
        self._known.clear()
        self.weights.clear()
        self._called.clear()

    # names -----------------------------------------------------------------------------------------------

    def read(self, cell: Cell, frame: Frame) -> Value:
        """A name's value, evaluated at first sight. The reader hears of growth."""
        if cell.state == NEW:
            names.evaluate_cell(self, cell)
        cell.readers[frame.task] = None
        return cell.value

    def grow(self, task: Task, value: Value) -> None:
        """Add alternatives; whoever read fewer is evaluated again."""
        grown = union(task.value, settled(value))
        if grown == task.value or set(grown) == set(task.value):
            return
        task.value = grown
        self.wake(task)

    def wake(self, task: Task) -> None:
        for reader in task.readers:
            if reader.state == BUSY:
                reader.dirty = True
            elif reader.state == DONE and not reader.dirty and reader.runs < MOST_RUNS:
                reader.dirty = True
                self.queue.append(reader)

    def function_attribute(self, function: FunctionValue, name: str) -> Cell:
        """What is kept on a function: `connect.session = Session()`."""
        return self._function_attributes.setdefault((function.node, name), Cell(None, name))

    # functions -------------------------------------------------------------------------------------------

    def context(self, function: FunctionValue, args: Arguments, forced: bool = False) -> Context:
        """The context that these arguments make; over the limit, the function's plain one."""
        call = (function, forced, args.open, args.written, args.exact, *args.positional, *args.keywords.items())
        found = self._called.get(call)
        if found is None:
            found = self._called[call] = self._context(function, args, forced)
        return found

    def _context(self, function: FunctionValue, args: Arguments, forced: bool) -> Context:
        receiver: Any = None
        if function.owner is not None and args.open and not args.positional:
            args = Arguments(bind_nothing(function).positional, args.keywords, True)  # `func(*args)`: on some instance
        if function.owner is not None and function.node.params and args.positional:
            args = on_its_own(function, args)
            first = args.positional[0]
            receiver = first[0] if len(first) == 1 else None
        key, env = bind(self, function, args, forced)
        if key and not forced and (function, key) not in self.contexts:
            fitting = self._crowd.fitting(function, key)
            if fitting is None:
                return self.plain(function)
            if fitting != key:
                key, env = fitting, dict(fitting)
        if not key and not forced and function.owner is not None:
            return self.plain(function)  # whatever it is called on, it is an instance of its class
        found = self.contexts.get((function, key))
        if found is None:
            found = self.contexts[(function, key)] = Context(function, receiver, env, len(self.contexts))
            self._crowd.add(function, key)
            found.startup = models.is_lifespan(self, function)
            self.queue.append(found)
        return found

    def plain(self, function: FunctionValue) -> Context:
        """The context without arguments, but for `self` in a method."""
        return self.context(function, bind_nothing(function), True)

    def result(self, context: Context, reader: Task) -> Value:
        """What a context returns, evaluated now unless it is being evaluated further out."""
        self.demand(context)
        context.readers[reader] = None
        return fits.returned(self, context)

    def demand(self, context: Context) -> None:
        if (context.state == NEW or (context.dirty and context.state == DONE)) and self.depth < DEEPEST:
            self.run(context)

    def run(self, context: Context) -> None:
        self.depth += 1
        context.state = BUSY
        while True:
            context.dirty = False
            context.runs += 1
            try:
                bodies.run(self, context)
            except Exception as error:  # a defect of ours costs the findings of one function, not of all
                self.fail(context.module, error)
            if not context.dirty or context.runs >= MOST_RUNS:
                break
        context.dirty = False
        context.state = DONE
        self.depth -= 1

    def fail(self, module: ModuleScope, error: Exception) -> None:
        """Remember that some code of a module could not be evaluated."""
        self.failures.setdefault(module.path, f"{error.__class__.__name__}: {error}")

    def settle(self, module: ModuleScope) -> None:
        """Evaluate what is new, and what grew in one module; what others have read stays as it was."""
        queue = self.queue
        while queue:
            task = queue.popleft()
            if isinstance(task, Context):
                if task.state == NEW or (task.dirty and task.module is module):
                    self.run(task)
            elif isinstance(task, Cell) and task.dirty and task.scope is not None and task.scope.module is module:
                task.dirty = False
                names.evaluate_cell(self, task)
                continue
            task.dirty = False

    def classes(self, module: ModuleScope) -> dict[str, ClassScope]:
        """The classes of a module that no function defines, by qualified name."""
        return {
            cls.node.qualname: cls for cls in self._classes.values() if cls.module is module and cls.closure is None
        }

    def methods_by_name(self) -> dict[str, list[ClassScope]]:
        """The classes that no function defines and that are no protocols, by the names that they bind or inherit."""
        if not self._methods:
            for cls in self._classes.values():
                if cls.closure is None and not cls.is_protocol:
                    for name in {name for scope in cls.mro for name in scope.bindings}:
                        self._methods.setdefault(name, []).append(cls)
        return self._methods

    def adopt(self, function: FunctionValue, env: dict[str, Value], receiver: Any) -> Context:
        """The context of a function with these values of its parameters."""
        key = (function, tuple(env.items()))
        found = self.contexts.get(key)
        if found is None:
            found = self.contexts[key] = Context(function, receiver, env, len(self.contexts))
            self.queue.append(found)
        return found

    def drain(self) -> None:
        """Evaluate until nothing grows any more."""
        queue = self.queue
        while queue:
            task = queue.popleft()
            if isinstance(task, Context):
                if task.state == NEW or task.dirty:
                    self.run(task)
            elif isinstance(task, Cell) and task.dirty:
                task.dirty = False
                names.evaluate_cell(self, task)

    def outside(self, name: str) -> str:
        """An outside name as a value: itself where the catalogue can say something, else `FOREIGN`."""
        name = self.catalogue.canonical(name)
        return name if self.catalogue.useful(name) else FOREIGN

    # types -----------------------------------------------------------------------------------------------

    def declared(self, function: FunctionValue, param: ir.Param) -> Value:
        """The instances that a parameter's annotation names."""
        key = (id(function.node), param.name)
        found = self._declared.get(key)
        if found is None:
            frame = self.definition_frame(function)
            found = EMPTY if param.annotation is None else hints.typed(self, param.annotation, frame)
            self._declared[key] = found
        return found

    def definition_frame(self, function: FunctionValue, types: Types = NO_TYPES) -> Frame:
        """Where a function's annotations and defaults are read."""
        frame = Frame(Cell(None, ""), function.owner or function.scope, function.closure, function.owner, None)
        frame.types = types
        return frame

    def class_scope(self, node: ir.ClassDef, frame: Frame) -> ClassScope:
        """The one class of a definition; inside a function, one per context."""
        key = (id(node), id(frame.closure_for_nested()))
        found = self._classes.get(key)
        if found is None:
            found = ClassScope(node, frame.scope, frame.module, frame.closure_for_nested())
            self._classes[key] = found
            bases.resolve(self, found, frame)
        return found

    def known(self, name: str) -> bool:
        """Whether the catalogue says anything about an outside value or its class."""
        found = self._known.get(name)
        if found is None:
            cls, mark, _ = name.partition("()")
            found = cls in self.catalogue.types or bool(self.catalogue.entry(name).rows)
            if not found and mark:
                found = self.catalogue.value("returns", cls) is not None
            self._known[name] = found
        return found

    def add_route(self, context: Context, text: str, holder: str) -> None:
        """The framework calls this function for a request."""
        routes = self.routes.setdefault(context, {})
        if text:
            routes[text] = holder

    def in_memory(self, name: str) -> bool:
        return name in ("io.BytesIO()", "io.StringIO()") or name.endswith((MEMORY, f"{defaults.MARK}()"))
