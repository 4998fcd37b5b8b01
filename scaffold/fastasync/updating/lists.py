"""Conflicts that are none: both sides added to the same list.

Git merges lines, so two imports, two routers or two dependencies that were added at the same place are a conflict to
it. Here the lists of a file are merged element by element, and stand in all three versions as the result of that; what
is left of the file is then merged as lines again.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_TABLE = re.compile(rb"^\[(?P<table>[^\]]+)\]", re.MULTILINE)
_ARRAY = re.compile(rb"^(?P<name>[\w-]+) = \[\n(?P<lines>(?:[ \t]+.*\n)*)\]", re.MULTILINE)
_REQUIREMENT = re.compile(r"[\"']([\w.-]+)")
_DEPENDENCIES = ("project", "project.optional-dependencies", "dependency-groups")


@dataclass(frozen=True)
class Listed:
    """A list in a file: the bytes from `start` to `end`, and how its elements are written there."""

    start: int
    end: int
    elements: tuple[str, ...]
    write: Callable[[Sequence[str]], str]


def agree(path: str, versions: Sequence[bytes]) -> list[bytes] | None:
    """Base, ours and theirs with their lists merged, or None when there are no such lists in the file."""
    find = {"py": _of_python, "toml": _of_toml}.get(path.rpartition(".")[2])
    if find is None:
        return None
    try:
        found = [dict(find(version)) for version in versions]
    except SyntaxError:
        return None
    shared = found[0].keys() & found[1].keys() & found[2].keys()
    merged = {key: merge(*(lists[key].elements for lists in found)) for key in shared}
    whole = {key: elements for key, elements in merged.items() if elements and not _is_ambiguous(key, elements)}
    return [_replace(version, lists, whole) for version, lists in zip(versions, found, strict=True)]


def merge(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Our list, without what they removed, and with what they added, each behind what precedes it in theirs.

    None when the two disagree: both put something else in the place of the same element.
    """
    had, mine, others = set(base), set(ours), set(theirs)
    if len(had) < len(base) or len(mine) < len(ours) or len(others) < len(theirs):
        return None  # an element twice: places count, and not only what is there
    if had - mine - others and mine - had and others - had and mine - had != others - had:
        return None
    merged = [element for element in ours if element in theirs or element not in base]
    for number, element in enumerate(theirs):
        if element not in base and element not in merged:
            before = [merged.index(other) for other in theirs[:number] if other in merged]
            merged.insert(before[-1] + 1 if before else 0, element)
    return merged


def _is_ambiguous(key: str, elements: Sequence[str]) -> bool:
    """Whether one package is required twice: both sides changed its version."""
    names = [found[1].lower() for element in elements if (found := _REQUIREMENT.match(element))]
    return key.startswith(_DEPENDENCIES) and len(set(names)) < len(names)


def _replace(version: bytes, lists: Mapping[str, Listed], merged: Mapping[str, Sequence[str]]) -> bytes:
    for key, one in sorted(lists.items(), key=lambda item: -item[1].start):
        if key in merged:
            version = version[: one.start] + one.write(merged[key]).encode() + version[one.end :]
    return version


def _of_toml(version: bytes) -> Iterator[tuple[str, Listed]]:
    """The arrays of dependencies, an element a line."""
    tables = [(found.start(), found["table"].decode()) for found in _TABLE.finditer(version)]
    for found in _ARRAY.finditer(version):
        table = next((name for start, name in reversed(tables) if start < found.start()), "")
        lines = tuple(line.strip().removesuffix(",") for line in found["lines"].decode().splitlines())
        if table in _DEPENDENCIES and all(_REQUIREMENT.match(line) and "#" not in line for line in lines):
            yield f"{table}.{found['name'].decode()}", Listed(*found.span("lines"), lines, _as_lines)


def _as_lines(elements: Sequence[str]) -> str:
    return "".join(f"  {element},\n" for element in elements)


def _of_python(version: bytes) -> Iterator[tuple[str, Listed]]:
    """The imports at the top, tuples and lists that a name of the module is given, and the bases of classes.

    What holds a comment stays as it is: it would get lost.
    """
    places = _Places(version)
    body = ast.parse(version).body
    if imports := _leading_imports(body):
        yield from places.listed("import", imports[0], imports[-1], list(_imported(imports)), "\n".join)
    for node in body:
        if isinstance(node, ast.ClassDef) and node.bases:
            bases = [ast.unparse(base) for base in node.bases]
            yield from places.listed(f"class {node.name}", node.bases[0], node.bases[-1], bases, ", ".join)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple | ast.List):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            write = _as_tuple if isinstance(node.value, ast.Tuple) else _as_list
            elements = [ast.unparse(element) for element in node.value.elts]
            yield from places.listed(ast.unparse(target), node.value, node.value, elements, write)


def _leading_imports(body: Sequence[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    """The first imports that follow each other."""
    found: list[ast.Import | ast.ImportFrom] = []
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif found:
            break
    return found


def _imported(imports: Sequence[ast.Import | ast.ImportFrom]) -> Iterator[str]:
    """A line for each name; whoever sorts the imports joins them again."""
    for node in imports:
        start = f"from {'.' * node.level}{node.module or ''} " if isinstance(node, ast.ImportFrom) else ""
        yield from (f"{start}import {ast.unparse(alias)}" for alias in node.names)


def _as_tuple(elements: Sequence[str]) -> str:
    return f"({', '.join(elements)}{',' if len(elements) == 1 else ''})"


def _as_list(elements: Sequence[str]) -> str:
    return f"[{', '.join(elements)}]"


class _Places:
    """Where in a file the nodes of its tree are, in bytes."""

    def __init__(self, version: bytes) -> None:
        self.version = version
        self.lines = [0]
        for line in version.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def listed(
        self,
        key: str,
        first: ast.expr | ast.stmt,
        last: ast.expr | ast.stmt,
        elements: Sequence[str],
        write: Callable[[Sequence[str]], str],
    ) -> Iterator[tuple[str, Listed]]:
        """The list from one node to another."""
        start = self.lines[first.lineno - 1] + first.col_offset
        end = self.lines[(last.end_lineno or last.lineno) - 1] + (last.end_col_offset or 0)
        if b"#" not in self.version[start:end]:
            yield key, Listed(start, end, tuple(elements), write)
