"""Check the names in the catalogue against the sources of the libraries: a wrong name is a silent miss.

    python tests/tools/check_catalogue.py [NAME]... [--cache FOLDER] [--unchecked]

Downloads each library (without its dependencies) into the cache, reads it with `ast`, imports nothing of it, and prints
the names that are not there and the guards whose argument stands elsewhere. Not part of the test run: it needs a
network. The standard library is looked up in mypy's stubs, its sources and the running Python, in this order.
Exit status 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.util
import inspect
import re
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from fastasync_lint import catalogue
from fastasync_lint.catalogue import Catalogue, Library, Row
from fastasync_lint.catalogue.rows import TABLES
from static_sources import UNCHECKED, Answer, Found, Sources

_TOKENS = re.compile(r"#\w+|\(\)|\[\]|[\w*]+")
_WRAPPER = ("same",)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="files to check, without .toml; all if none is given")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "fastasync-catalogue")
    parser.add_argument("--unchecked", action="store_true", help="list the names that sources cannot tell, too")
    options = parser.parse_args()
    libraries = {path.stem: catalogue.load(path) for path in catalogue.files(None)}
    if unknown := [name for name in options.names if name not in libraries]:
        parser.error(f"no such file in the catalogue: {', '.join(unknown)}")
    options.cache.mkdir(parents=True, exist_ok=True)
    known = Catalogue(libraries.values())
    wrong = 0
    for stem in options.names or sorted(libraries):
        library = libraries[stem]
        checker = Checker(library, known, options.cache)
        wrong += len(checker.wrong)
        for line in checker.wrong + (checker.unchecked if options.unchecked else []):
            print(f"{stem}: {line}")
        print(
            f"{stem}: {checker.count} names, {len(checker.wrong)} wrong, {len(checker.unchecked)} unchecked",
            file=sys.stderr,
        )
    return 1 if wrong else 0


def download(distribution: str, cache: Path) -> Path | None:
    """The folder with one distribution's sources, or None where it cannot be had."""
    folder = cache / distribution
    if not folder.exists():
        command = ["uv", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), distribution]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            folder.mkdir(parents=True, exist_ok=True)
    return folder if any(folder.iterdir()) else None


class Checker:
    """One file: its names, looked up."""

    def __init__(self, library: Library, known: Catalogue, cache: Path) -> None:
        self.known = known
        self.own = library.modules
        self.wrong: list[str] = []
        self.unchecked: list[str] = []
        wanted = [name for name in (library.library, *library.extra_distributions) if name]
        roots = {name: download(name, cache) for name in wanted}
        self.wrong += [f"{name}: cannot be downloaded" for name, folder in roots.items() if folder is None]
        self.sources = Sources([*(folder for folder in roots.values() if folder), *_stubs()])
        self.fallback = Sources([Path(sysconfig.get_path("stdlib")), *sorted(cache.iterdir())])
        self._answers: dict[str, Answer] = {}
        names = dict.fromkeys(written(library))
        self.count = len(names)
        for name in names:
            self._judge(name)
        for row in rows(library):
            for name in row.names:
                self._arguments(name, row)

    def _judge(self, name: str) -> None:
        answer = self.look_up(name)
        if answer is None:
            outside = self.sources.module(name.partition(".")[0]) is None and not _importable(name)
            (self.unchecked if outside else self.wrong).append(name)
        elif answer == UNCHECKED:
            self.unchecked.append(name)

    # names with calls in them ----------------------------------------------------------------------------------

    def look_up(self, name: str) -> Answer:
        if name not in self._answers:
            self._answers[name] = UNCHECKED  # ends a circle of `returns`
            self._answers[name] = self._walk(name, self.sources) or self._walk(name, self.fallback) or at_run_time(name)
        return self._answers[name]

    def _walk(self, name: str, sources: Sources) -> Answer:
        tokens = [t for t in _TOKENS.findall(name) if not t.startswith("#")]
        calls = [i for i, t in enumerate(tokens) if t in ("()", "[]") or "*" in t]
        first = calls[0] if calls else len(tokens)
        text = ".".join(tokens[:first])
        answer = sources.name(text)
        for token in tokens[first:]:
            if not isinstance(answer, Found) or "*" in token:
                return answer
            if token == "()":
                answer = answer if isinstance(answer.node, ast.ClassDef) else self._given("returns", text)
            elif token == "[]":
                answer = self._given("elements", text)
            else:
                answer = self._attribute(sources, answer, text, token)
            text += token if token in ("()", "[]") else f".{token}"
        return answer

    def _attribute(self, sources: Sources, holder: Answer, text: str, name: str) -> Answer:
        found = sources.attribute(holder, name)
        if not isinstance(found, Found) or _is_callable(found.node):
            return found
        given = self._given("attributes", f"{text}.{name}")
        return given if isinstance(given, Found) else found

    def _given(self, kind: str, text: str) -> Answer:
        """What the catalogue says that a call or an attribute gives."""
        value = self.known.value(kind, text)
        if not value or value.startswith(_WRAPPER) or value == text:
            return UNCHECKED
        return self.look_up(value)

    # arguments ---------------------------------------------------------------------------------------------------

    def _arguments(self, name: str, row: Row) -> None:
        named = [*row.when, *row.unless, *([row.wait] if row.wait is not None else [])]
        wanted: list[tuple[str, int | None]] = [(a.arg, a.index) for a in named if a.arg]
        if not wanted or "*" in name:
            return
        found = self.look_up(name)
        if not isinstance(found, Found) or name.endswith("()"):
            return
        signature = parameters(self.sources, found)
        if signature is None:
            return
        positional, keywords, is_open = signature
        for arg, index in wanted:
            if is_open and arg not in positional:
                continue
            if arg in positional and index is not None and positional.index(arg) != index:
                self.wrong.append(f"{name}: `{arg}` is argument {positional.index(arg)}, not {index}")
            elif arg not in positional and arg not in keywords and len(row.names) == 1:
                self.wrong.append(f"{name}: has no argument `{arg}`")


def _importable(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def _stubs() -> list[Path]:
    """Stubs of the standard library, of every Python version at once."""
    spec = importlib.util.find_spec("mypy")
    return [Path(spec.origin).parent / "typeshed" / "stdlib"] if spec and spec.origin else []


def _is_callable(node: ast.AST | None) -> bool:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def rows(library: Library) -> Iterator[Row]:
    for table in TABLES:
        yield from getattr(library, table)


def written(library: Library) -> Iterator[str]:
    """Every name a file writes, once or more."""
    for table in (library.aliases, library.returns, library.attributes, library.elements):
        for name, value in table.items():
            yield name
            if value and not value.startswith(_WRAPPER):
                yield value
    for name, above in library.bases.items():
        yield name
        yield from above
    for row in rows(library):
        yield from (*row.names, *row.except_)
        yield from (g.type for g in (*row.when, *row.unless) if g.type)
        if row.value:
            yield row.value


def parameters(sources: Sources, found: Found) -> tuple[list[str], list[str], bool] | None:
    """Positional names without `self`, keyword-only names, whether it takes any; None if there is no one signature."""
    node = found.node
    is_method = isinstance(node, ast.ClassDef)
    if is_method:
        made = sources.attribute(found, "__init__")
        node = made.node if isinstance(made, Found) else None
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (node.decorator_list and not is_method):
        return None
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    if names and names[0] in ("self", "cls"):
        names = names[1:]
    return names, [a.arg for a in node.args.kwonlyargs], bool(node.args.vararg or node.args.kwarg)


def at_run_time(name: str) -> Answer:
    """Names of the standard library that neither stubs nor sources tell: by importing their module."""
    tokens = [t for t in _TOKENS.findall(name) if not t.startswith("#")]
    if not tokens or tokens[0] not in sys.stdlib_module_names:
        return None
    value: object = None
    with warnings.catch_warnings(), contextlib.suppress(ImportError):
        warnings.simplefilter("ignore")
        value = importlib.import_module(tokens[0])
    for token in tokens[1:]:
        if "*" in token or token == "[]" or (token == "()" and not inspect.isclass(value)):
            return UNCHECKED
        if token != "()":
            value = getattr(value, token, None)
    return UNCHECKED if value is not None else None


if __name__ == "__main__":
    sys.exit(main())
