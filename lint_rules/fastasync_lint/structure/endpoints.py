"""FSA301 to FSA305: endpoints, dependencies and lifespans."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator

import msgspec

from ..model import Hit, Severity
from .modules import Function, Module, Modules, keyword, last_name, own_nodes, qualified
from .resources import resources

_METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route"))
_EVENTS = ("startup", "shutdown")
_APPLICATIONS = ("FastAPI", "APIRouter", "Starlette", "Router")
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
# What only works on the loop's own thread: such an endpoint is async for a reason.
_LOOP = frozenset(("asyncio", "anyio", "trio"))


def hits(module: Module, modules: Modules) -> Iterator[Hit]:
    """The hits of one file."""
    known = resources(frozenset(name.partition(".")[0] for name in module.imports.values()))
    lifespans = _lifespans(module)
    for name, function in module.functions:
        uses = modules.uses(module, name)
        is_endpoint = any(_is_route(decorator) for decorator in function.decorator_list)
        if is_endpoint or (uses and not _remembers(function)):
            yield from _built_per_request(module, name, function, known)
        if is_endpoint or uses:
            yield from _awaits_nothing(module, name, function)
        if any(keyword(use, "scope") is None for use in uses):
            yield from _late_commits(module, name, function)
        if name in lifespans:
            yield from _left_open(module, name, function, known)
    yield from _event_handlers(module)


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and (decorator.func.attr in _METHODS)
    )


def _remembers(function: Function) -> bool:
    return any("cache" in last_name(getattr(item, "func", item)) for item in function.decorator_list)


def _built_per_request(
    module: Module, name: str, function: Function, known: dict[str, tuple[str, ...]]
) -> Iterator[Hit]:
    nodes = own_nodes(function)
    blocks = (node for node in nodes if isinstance(node, ast.With | ast.AsyncWith))
    closed = {item.context_expr for node in blocks for item in node.items}
    closed |= {made for made, names in _held(nodes) if _is_closed(module, made, names, known, nodes)}
    for node in nodes:
        if isinstance(node, ast.Call) and (sink := module.dotted(node.func)) in known:
            if _is_of_request(function, node):
                continue
            hit = module.hit("FSA301", node, name, sink)
            # one that is closed again costs a connection per request and leaks none
            yield msgspec.structs.replace(hit, severity=Severity.INFO) if node in closed else hit


def _held(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Call, set[str]]]:
    """The calls whose result is given a name, with the names."""
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield node.value, {ast.unparse(target) for target in targets}


def _is_closed(
    module: Module, made: ast.Call, names: set[str], known: dict[str, tuple[str, ...]], nodes: Iterable[ast.AST]
) -> bool:
    """Whether the function that makes a resource closes it, too."""
    close = known.get(module.dotted(made.func))
    return close is not None and any(_releases(node, names, close) for node in nodes)


_PER_CALL = frozenset(("auth", "cookies", "headers", "params", "timeout"))
"""What clients take with each call, too."""


def _is_of_request(function: Function, call: ast.Call) -> bool:
    """Whether it is made with what only this request tells: a parameter, what was looked up. It cannot be shared."""
    given = [*call.args, *(item.value for item in call.keywords if item.arg not in _PER_CALL)]
    return bool(given) and not _names(given).isdisjoint(_of_request(function))


def _of_request(function: Function) -> set[str]:
    """The names that hold what a client sends, what was awaited, and what is made of either."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    defaults: dict[ast.arg, ast.expr | None] = dict(zip(args.kwonlyargs, args.kw_defaults, strict=True))
    defaults.update(zip(reversed(positional), reversed(args.defaults), strict=False))
    found = {
        arg.arg
        for arg in (*positional, *args.kwonlyargs)
        if _names([arg.annotation]) <= _SENT and _names([defaults.get(arg)]).isdisjoint(_INJECTED)
    } - {"self"}
    bound = [node for node in own_nodes(function) if isinstance(node, ast.Assign | ast.AnnAssign)]
    while (
        more := {
            name
            for node in bound
            if _is_awaited(node.value) or not found.isdisjoint(_names([node.value]))
            for name in _names(node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        - found
    ):
        found |= more
    return found


_SENT = frozenset(("str", "int", "float", "bool", "bytes", "list", "dict", "UUID", "Optional", "Union", "Literal"))
"""What annotations of parameters are made of that a client sends. Under another name may be a dependency."""
_INJECTED = frozenset(("Depends", "Security"))


def _is_awaited(value: ast.expr | None) -> bool:
    return value is not None and any(isinstance(part, ast.Await) for part in ast.walk(value))


def _names(nodes: Iterable[ast.expr | None]) -> set[str]:
    parts = [part for node in nodes if node is not None for part in ast.walk(node)]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _awaits_nothing(module: Module, name: str, function: Function) -> Iterator[Hit]:
    if not isinstance(function, ast.AsyncFunctionDef) or _is_stub(function):
        return
    for node in own_nodes(function):
        if isinstance(node, _WAITS) or (isinstance(node, ast.Name) and node.id in _LOOP):
            return
        generators = getattr(node, "generators", ())
        if any(generator.is_async for generator in generators):
            return
    yield module.hit("FSA305", function, name, name, module.header(function))


def _is_stub(function: Function) -> bool:
    """Whether the body says nothing yet: a docstring, `...`, `pass`, `raise`."""
    return all(
        isinstance(node, ast.Pass | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )


def _late_commits(module: Module, name: str, function: Function) -> Iterator[Hit]:
    """Commits after the `yield` of a dependency, also those that leaving `with session.begin()` makes."""
    yields = [node.lineno for node in own_nodes(function) if isinstance(node, ast.Yield)]
    if not yields:
        return
    for node in own_nodes(function):
        if not isinstance(node, ast.Call):
            continue
        late = node.lineno > max(yields) and last_name(node.func) == "commit"
        if late or (last_name(node.func) == "begin" and _holds_yield(function, node)):
            yield module.hit("FSA302", node, name, last_name(node.func))


def _holds_yield(function: Function, call: ast.Call) -> bool:
    for node in own_nodes(function):
        if isinstance(node, ast.With | ast.AsyncWith) and any(item.context_expr is call for item in node.items):
            return any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
    return False


def _lifespans(module: Module) -> set[str]:
    """The functions that are the lifespan of an application, or look like one."""
    named = {last_name(value) for call in module.calls if (value := keyword(call, "lifespan")) is not None}
    decorated = {
        name
        for name, function in module.functions
        if "lifespan" in name
        and any(last_name(decorator) == "asynccontextmanager" for decorator in function.decorator_list)
    }
    return named | decorated


def _left_open(module: Module, name: str, function: Function, known: dict[str, tuple[str, ...]]) -> Iterator[Hit]:
    nodes = list(own_nodes(function))
    ends = [node.lineno for node in nodes if isinstance(node, ast.Yield)]
    if not ends:
        return
    for made, names in _held(node for node in nodes if node.lineno <= ends[0]):
        if (sink := module.dotted(made.func)) not in known:
            continue
        while added := {ast.unparse(other) for copy in nodes for other in _copies(copy, names)} - names:
            names |= added
        if not any(_releases(other, names, known[sink], ends[0]) for other in nodes):
            yield module.hit("FSA303", made, name, sink)


def _copies(node: ast.AST, names: set[str]) -> list[ast.expr]:
    """The targets that an assignment gives one of the names to, as it is or in something that is made of it.

    `app.state.engine = engine` and `database = Database(engine)`: whoever closes that closes what is in it.
    """
    if not isinstance(node, ast.Assign):
        return []
    value = node.value
    given = [*value.args, *(one.value for one in value.keywords)] if isinstance(value, ast.Call) else [value]
    return node.targets if any(ast.unparse(one) in names for one in given) else []


def _releases(node: ast.AST, names: set[str], close: tuple[str, ...], end: float = math.inf) -> bool:
    """Whether a node closes one of the names, or does anything at all with it after the row of the `yield`."""
    if isinstance(node, ast.Attribute) and node.attr in close and ast.unparse(node.value) in names:
        return True
    if isinstance(node, ast.With | ast.AsyncWith):
        return any(name in ast.unparse(item.context_expr) for item in node.items for name in names)
    if isinstance(node, ast.Call) and last_name(node.func) == "set_default_executor":
        return any(ast.unparse(one) in names for one in node.args)  # `asyncio.run` shuts that down itself
    return isinstance(node, ast.Name | ast.Attribute) and node.lineno > end and ast.unparse(node) in names


def _event_handlers(module: Module) -> Iterator[Hit]:
    if not any(name.partition(".")[0] in ("fastapi", "starlette") for name in module.imports.values()):
        return
    for call in module.calls:
        name = last_name(call.func)
        first = call.args[0] if call.args else None
        is_event = isinstance(first, ast.Constant) and first.value in _EVENTS
        if name in ("on_event", "add_event_handler") and is_event:
            yield module.hit("FSA304", call, qualified(module.functions, call), name)
        elif name in _APPLICATIONS:
            for given in ("on_startup", "on_shutdown"):
                if (value := keyword(call, given)) is not None:
                    yield module.hit("FSA304", value, qualified(module.functions, call), given)
