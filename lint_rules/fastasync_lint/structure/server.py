"""FSA401 and FSA404: how a program starts its server."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Hit
from .modules import Module, keyword, qualified, text_of

_LOCAL = ("127.0.0.1", "localhost", "::1")


def hits(module: Module) -> Iterator[Hit]:
    """The hits of one file."""
    for call in module.calls:
        if module.dotted(call.func) != "uvicorn.run":
            continue
        function = qualified(module.functions, call)
        reload = keyword(call, "reload")
        reloads = isinstance(reload, ast.Constant) and reload.value is True
        if _is_object(module, call) and (reloads or _several(keyword(call, "workers"))):
            yield module.hit("FSA401", call, function, "uvicorn.run")
        elif reloads and reload is not None and _is_public(call):
            yield module.hit("FSA404", reload, function, "uvicorn.run")


def _is_public(call: ast.Call) -> bool:
    """Whether the server surely listens beyond this machine; by default it does not."""
    host = text_of(keyword(call, "host"))
    return host is not None and host not in _LOCAL


def _several(workers: ast.expr | None) -> bool:
    return isinstance(workers, ast.Constant) and isinstance(workers.value, int) and workers.value > 1


def _is_object(module: Module, call: ast.Call) -> bool:
    """Whether the application is surely passed as an object: a call, or a name that one was assigned to."""
    given = call.args[0] if call.args else keyword(call, "app")
    if isinstance(given, ast.Name) and given.id in module.values:
        given = module.values[given.id]
    return isinstance(given, ast.Call)
