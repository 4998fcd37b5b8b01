"""Which modules of a project import one that an update removes."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from fastasync.updating.merge import Merge

SOURCES = "src"


def broken(merge: Merge, folder: Path) -> Iterator[tuple[str, str]]:
    """Each file that imports a removed one, with that one."""
    gone = {
        _module(change.path): change.path
        for change in merge.changes
        if change.kind == "removed" and change.path.startswith(f"{SOURCES}/") and change.path.endswith(".py")
    }
    for path, code in _files(merge, folder) if gone else ():
        for name in sorted(gone.keys() & set(_imported(path, code))):
            yield path, gone[name]


def _files(merge: Merge, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The Python files of the project, as they will be."""
    entries = {change.path: change.entry for change in merge.changes}
    for file in sorted((folder / SOURCES).rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        if path not in entries:
            yield path, file.read_bytes()
        elif entry := entries[path]:
            yield path, merge.scratch.read("cat-file", "blob", entry[1])


def _module(path: str) -> str:
    """`src/service/auth/routes.py` is `service.auth.routes`."""
    parts = PurePosixPath(path).relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: str, code: bytes) -> Iterable[str]:
    """The full names of all modules, and of what is taken from them, which may be modules, too."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # there is a conflict in it
        return
    package = list(PurePosixPath(path).relative_to(SOURCES).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
