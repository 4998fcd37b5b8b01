"""What stands in the wrong place: FastAPI structure, server configuration, eager arguments.

These rules need no value of any call, only names and the shape of a few files, so they read the files that mention a
framework with `ast`, and the project's Dockerfiles and Procfiles. Names are resolved through imports, across files.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from .. import processes
from ..discover import deployments
from ..model import Hit
from ..sources import Sources
from . import database, deployment, endpoints, offload, server
from .modules import Module, Modules

# A file without any of these words has nothing to report.
_WORDS = re.compile(
    rb"Depends\(|Security\(|@\w[\w.]*\.(?:get|post|put|patch|delete|head|options|trace|api_route|on_event)\("
    rb"|lifespan|add_event_handler|on_startup|on_shutdown|uvicorn|create_async_engine"
)


class Structure(msgspec.Struct):
    """Hits, and the files that were looked at for them."""

    hits: list[Hit]
    files: list[str]


def started(
    root: str, files: Sequence[str], wanted: Iterable[str] | None, sources: Sources, workers: int | None
) -> contextlib.AbstractContextManager[Callable[[], Structure]]:
    """The project's structure, looked at beside what the block does where that is quicker.

    Gives a function that waits for it.
    """
    return processes.beside(lambda: look(root, files, wanted, sources), Structure, files, workers)


def look(root: str, files: Sequence[str], wanted: Iterable[str] | None, sources: Sources) -> Structure:
    """The structure of a project, with hits in the files wanted (in all when None)."""
    enabled = gc.isenabled()
    gc.disable()  # trees are large and free of cycles
    try:
        return _structural(root, files, wanted, sources)
    finally:
        if enabled:
            gc.enable()


def eager(found: Sequence[Hit], files: Sequence[str], wanted: Iterable[str] | None, sources: Sources) -> list[Hit]:
    """The hits of the analysis; one on an argument that is called too early comes back as what it is: FSA202."""
    return list(offload.eager(found, set(files if wanted is None else wanted), sources))


def _structural(root: str, files: Sequence[str], wanted: Iterable[str] | None, sources: Sources) -> Structure:
    asked = set(files if wanted is None else wanted)
    modules = Modules(root, files, [path for path in files if mentions(path, sources)], sources)
    structural: list[Hit] = []
    for module in modules.all:
        if module.path in asked:
            structural += _of_module(module, modules)
    if wanted is None:
        for path in deployments(root, files):
            structural += deployment.hits(path, sources)
    return Structure(structural, [module.path for module in modules.all])


def _of_module(module: Module, modules: Modules) -> Iterable[Hit]:
    yield from endpoints.hits(module, modules)
    yield from server.hits(module)
    yield from database.hits(module)


def mentions(path: str, sources: Sources) -> bool:
    """Whether a file has words of what is looked for."""
    stamp = sources.stamp(path)
    return _has_words(sources.data(path)) if stamp is None else _stands(path, *stamp)


@functools.lru_cache(maxsize=20_000)
def _stands(path: str, changed: int, size: int) -> bool:
    """Whether a file on disk has the words; kept for the language server."""
    return _has_words(Sources().data(path))


def _has_words(data: bytes) -> bool:
    return (b"import" in data) and _WORDS.search(data) is not None
