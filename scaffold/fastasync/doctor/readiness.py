"""Routes that say the service is ready without looking at what it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from fastasync.doctor.advice import Advice
from fastasync.doctor.code import Code, Function, Values, keyword, own_nodes
from fastasync.doctor.pools import Pool
from fastasync.doctor.project import Project

_HEALTH = re.compile(r"^(health|ready|readiness|live|liveness|alive|ping|heartbeat|status)(z|check|iness|ness)?$")
_LIVE = re.compile(r"^(live|liveness|livez|alive|ping|heartbeat)$")
_READY = re.compile(r"^(ready|readyz|readiness)$")
_MENTION = r"(?i)[\"'](?:[\w{}.-]*[/.])*(health|ready|readiness|liveness|livez|heartbeat)[\w-]*/?[\"']"
_REASON = "While the database is gone it still answers 200, and requests are sent here to fail."
_HELP = "Let one run `SELECT 1` within a timeout and answer 503 when that fails; liveness is a route of its own."


class Route(NamedTuple):
    """A route about health."""

    path: str
    code: Code
    function: Function

    @property
    def is_checking(self) -> bool:
        """Whether it does anything: awaits, calls what could check, or depends on what does."""
        return _depends(self.function) or any(_acts(node, self.code) for node in own_nodes(self.function))

    def is_named(self, pattern: re.Pattern[str]) -> bool:
        """Whether a part of its path, or its function, has such a name."""
        return any(pattern.fullmatch(part) for part in _parts(self.path))


def check(project: Project, pools: list[Pool]) -> Iterator[Advice]:
    """Nothing to say without a database, and without an application."""
    if not pools:
        return
    values = Values(list(project.code(_MENTION)))
    files = project.code(r"\.(get|api_route|head|add_api_route)\(")
    routes = [route for code in files for route in _routes(code, values)]
    checking = [route for route in routes if route.is_checking]
    idle = [route for route in routes if not route.is_checking and not route.is_named(_LIVE)]
    # Where a route is about readiness by its name, the others need not be.
    ready = [route for route in idle if route.is_named(_READY)]
    has_ready = any(route.is_named(_READY) for route in routes)
    for route in ready if has_ready or checking else idle:
        yield _advice(route.code, route.function.lineno, f"`{route.path}` checks nothing")
    if not checking and not idle:
        yield from _without(project, has_liveness=bool(routes))


def _without(project: Project, *, has_liveness: bool) -> Iterator[Advice]:
    """Applications whose project has no route about readiness at all."""
    if not has_liveness and any(project.code(_MENTION)):
        return  # made in a way that is not read here
    for code in project.code(r"\bFastAPI\("):
        for name, call in code.calls():
            if name in ("fastapi.FastAPI", "fastapi.applications.FastAPI"):
                reason = "While the database is gone, requests are still sent here, and fail."
                yield Advice("readiness", code.path, call.lineno, "no route tells whether it is ready", reason, _HELP)
                return


def _advice(code: Code, row: int, message: str) -> Advice:
    return Advice("readiness", code.path, row, message, _REASON, _HELP)


def _routes(code: Code, values: Values) -> Iterator[Route]:
    prefixes = {
        target.id: str(values.of(keyword(node.value, "prefix"), code, {}) or "")
        for node in code.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    functions = {function.name: function for function in code.functions}
    for function in code.functions:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call):
                yield from _route(decorator, code, function, prefixes, values)
    for name, call in code.calls():
        endpoint = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint")
        if name.endswith(".add_api_route") and isinstance(endpoint, ast.Name) and endpoint.id in functions:
            yield from _route(call, code, functions[endpoint.id], prefixes, values)


def _route(call: ast.Call, code: Code, function: Function, prefixes: dict[str, str], values: Values) -> Iterator[Route]:
    method = call.func
    if not isinstance(method, ast.Attribute) or method.attr not in ("get", "api_route", "head", "add_api_route"):
        return
    path = values.of(call.args[0] if call.args else keyword(call, "path"), code, {})
    if not isinstance(path, str):
        return
    prefix = prefixes.get(method.value.id, "") if isinstance(method.value, ast.Name) else ""
    if any(_HEALTH.fullmatch(part) for part in _parts(prefix + path)[-2:]) and "{" not in path:
        yield Route(prefix + path, code, function)


def _parts(path: str) -> list[str]:
    """The parts of a path, in one spelling: `/health-check/` is `healthcheck`."""
    return [part.lower().replace("-", "").replace("_", "") for part in path.split("/") if part]


def _depends(function: Function) -> bool:
    arguments = function.args
    given = [*arguments.args, *arguments.kwonlyargs]
    nodes = [one.annotation for one in given] + [*arguments.defaults, *arguments.kw_defaults]
    written = " ".join(ast.unparse(node) for node in nodes if node is not None)
    own = [one.annotation for one in given if one.annotation is not None]
    return "Depends(" in written or any(
        not re.search(r"Request|Response|str|int|bool", ast.unparse(one)) for one in own
    )


def _acts(node: ast.AST, code: Code) -> bool:
    """Whether a node could find out anything: an await, or a call of more than a class, a log or a clock."""
    if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor | ast.With | ast.Raise):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = code.dotted(node.func) or ast.unparse(node.func)
    last = name.rpartition(".")[2]
    harmless = ("log", "datetime", "time", "os.", "platform", "socket.gethostname", "uuid", "importlib.metadata")
    is_plain = last in ("dict", "str", "int", "round", "now", "utcnow", "isoformat", "getattr", "jsonable_encoder")
    return not (last[:1].isupper() or is_plain or name.startswith(harmless))
