"""Which file an import means: several roots, namespace packages and src layouts in one repository."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastasync_lint import catalogue
from fastasync_lint.facts.ir import FileFacts
from fastasync_lint.program.scopes import ModuleScope
from fastasync_lint.program.values import WIDEST

if TYPE_CHECKING:
    from fastasync_lint.program.starred import Starred


@functools.cache
def _names_outside() -> frozenset[str]:
    return frozenset(sys.stdlib_module_names) | catalogue.described()


class Modules:
    """All modules of the project, found by absolute dotted name as seen from a file."""

    def __init__(self, files: Iterable[tuple[str, FileFacts]], name: str) -> None:
        """`files`: (path with POSIX separators, facts), in any order; `name` is that of the folder they are below."""
        entries = sorted(files, key=lambda item: item[0])
        self._packages = {os.path.dirname(path) for path, _ in entries if path.endswith("__init__.py")}
        self._top = name if "" in self._packages else ""
        self._by_path: dict[str, ModuleScope] = {}
        self.all: list[ModuleScope] = []
        folders: dict[str, None] = {}
        for path, facts in entries:
            module = self._module(path, facts)
            self.all.append(module)
            self._by_path[path] = module
            folder = os.path.dirname(path)
            while folder not in folders:
                folders[folder] = None
                if not folder:
                    break
                folder = os.path.dirname(folder)
        self._folders = set(folders)
        self._roots = sorted({m.root for m in self.all}, key=lambda root: (root.count("/"), root))
        self._found: dict[tuple[str, str], ModuleScope | str | None] = {}
        self.starred: dict[ModuleScope, Starred] = {}
        self._holders: dict[str, list[str]] = {}
        self._above: dict[str, list[str]] | None = None
        """By the last part of folders that no package holds, what does hold them."""
        self._stored: frozenset[str] | None = None

    def _module(self, path: str, facts: FileFacts) -> ModuleScope:
        folder, base = os.path.split(path)
        stem = base[:-3]
        is_package = stem == "__init__"
        parts = [] if is_package else [stem]
        while folder and folder in self._packages:
            folder, name = os.path.split(folder)
            parts.insert(0, name)
        if self._top and not folder:
            parts.insert(0, self._top)
        module = ModuleScope(".".join(parts) or "__init__", path, is_package, facts)
        module.root = folder
        return module

    def find(self, name: str, importer: ModuleScope) -> ModuleScope | str | None:
        """The module, or the folder of a namespace package, or None: not of this project."""
        key = (name, importer.root if importer.root else importer.folder)
        if key not in self._found:
            self._found[key] = self._find(name.replace(".", "/"), importer)
        found = self._found[key]
        if isinstance(found, ModuleScope) and name in _names_outside() and self._is_known_otherwise(found, importer):
            return None
        return found or self._beside(name, importer)

    def _is_known_otherwise(self, found: ModuleScope, importer: ModuleScope) -> bool:
        """What `stores/redis.py` imports as `redis` is not itself, which is `stores.redis`; and so for what is beside
        it and in a package."""
        beside = importer.is_part and found.folder == importer.folder
        return not found.is_package and (found is importer or beside)

    def _beside(self, name: str, importer: ModuleScope) -> ModuleScope | str | None:
        """What a program finds that is started from a folder inside of a package: `import helpers` in `app/main.py`
        means `app/helpers.py`, where no library has that name."""
        folder = importer.folder
        if folder == importer.root or name.partition(".")[0] in _names_outside():
            return None
        key = (name, f"{folder}/")
        if key not in self._found:
            tail = name.replace(".", "/")
            found = None
            while found is None and folder != importer.root:
                found = self._by_path.get(f"{folder}/{tail}.py") or self._by_path.get(f"{folder}/{tail}/__init__.py")
                folder = os.path.dirname(folder)
            self._found[key] = None if found is importer else found
        return self._found[key]

    def _in_top(self, tail: str) -> ModuleScope | str | None:
        """What is meant by a name in the package that all files are in."""
        first, _, rest = tail.partition("/")
        if not self._top or first != self._top:
            return None
        return self._by_path["__init__.py"] if not rest else self._at(rest)

    def _at(self, tail: str) -> ModuleScope | str | None:
        """The package, module or folder at a path."""
        return self._file(tail) or (tail if tail in self._folders else None)

    def _file(self, tail: str) -> ModuleScope | None:
        return self._by_path.get(f"{tail}/__init__.py") or self._by_path.get(f"{tail}.py")

    def _find(self, tail: str, importer: ModuleScope) -> ModuleScope | str | None:
        roots = [importer.root]
        folder = importer.root
        while folder:
            folder = os.path.dirname(folder)
            roots.append(folder)
            roots.append(f"{folder}/src" if folder else "src")
        namespace: str | None = None
        for root in [*roots, *self._others(tail)]:
            if self._top and not root:  # inside of a package no name counts from there
                continue
            base = f"{root}/{tail}" if root else tail
            found = self._file(base)
            if found is not None:
                return found
            if namespace is None and base in self._folders:
                namespace = base
        return namespace or self._in_top(tail) or self._below_top(tail)

    def _below_top(self, tail: str) -> ModuleScope | str | None:
        """A package that is run from inside itself: its parts are imported by their own names."""
        if not self._top or tail.partition("/")[0] in _names_outside():
            return None
        return self._at(tail)

    def _others(self, tail: str) -> list[str]:
        """Roots beside the importer's, for packages only: a loose file there is no module of ours. A folder without
        `__init__.py` counts where no other one and no library has its name."""
        first = tail.partition("/")[0]
        if first not in self._holders:
            self._holders[first] = [
                root for root in self._roots if (f"{root}/{first}" if root else first) in self._packages
            ] or self._namespace(first)
        return self._holders[first]

    def _namespace(self, name: str) -> list[str]:
        if name in _names_outside():
            return []
        if self._above is None:
            self._above = {}
            for folder in self._folders:
                above, _, last = folder.rpartition("/")
                if above not in self._packages:
                    self._above.setdefault(last, []).append(above)
        found = self._above.get(name, [])
        return found if len(found) == 1 else []

    def replace(self, path: str, facts: FileFacts) -> ModuleScope:
        """The module of a file anew: imports lead to it from now on."""
        old, new = self._by_path[path], self._module(path, facts)
        self._by_path[path] = new
        self._stored = None
        self.starred.clear()
        self.all[self.all.index(old)] = new
        for key in [key for key, found in self._found.items() if found is old]:
            self._found[key] = new
        return new

    def stored(self) -> frozenset[str]:
        """The names of all attributes that any file sets on anything."""
        if self._stored is None:
            self._stored = frozenset(name for module in self.all for name in module.stored)
        return self._stored

    def submodule(self, parent: ModuleScope | str, name: str) -> ModuleScope | str | None:
        folder = parent if isinstance(parent, str) else parent.folder
        if not isinstance(parent, str) and not parent.is_package:
            return None
        base = f"{folder}/{name}" if folder else name
        found = self._by_path.get(f"{base}/__init__.py") or self._by_path.get(f"{base}.py")
        return found or (base if base in self._folders else None)

    def below(self, parent: ModuleScope | str | None, prefix: str, after: str = "") -> tuple[ModuleScope, ...]:
        """The modules of a package that one of them is imported of by a name that begins so. `after`: ".main" where
        each of them is a package, of which that module is meant."""
        if parent is None or (isinstance(parent, ModuleScope) and not parent.is_package):
            return ()
        folder = parent if isinstance(parent, str) else parent.folder
        inner = after.replace(".", "/")
        names = [name for name in self._names_below(folder, inner) if name.startswith(prefix)]
        found = [self.submodule(parent, f"{name}{inner}") for name in names]
        return tuple([module for module in found if isinstance(module, ModuleScope)])[:WIDEST]

    def _names_below(self, folder: str, inner: str) -> list[str]:
        before = f"{folder}/" if folder else ""
        parts = [path[len(before) :].split("/") for path in self._by_path if path.startswith(before)]
        if inner:
            return list(dict.fromkeys(p[0] for p in parts if len(p) > 1))
        names = [p[0].removesuffix(".py") for p in parts if len(p) == 1 or p[1:] == ["__init__.py"]]
        return [name for name in names if name != "__init__"]

    def relative(self, importer: ModuleScope, level: int, name: str) -> ModuleScope | str | None:
        """`from ..name import`: by folders, so that it works without any __init__.py."""
        folder = importer.folder
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        base = "/".join(part for part in (folder, name.replace(".", "/")) if part)
        found = self._by_path.get(f"{base}/__init__.py" if base else "__init__.py") or self._by_path.get(f"{base}.py")
        return found or (base if base in self._folders else None)

    def by_path(self, path: str) -> ModuleScope | None:
        return self._by_path.get(path)
