"""From the paths on the command line to the files to read.

A finding can depend on any file of the project, so `files` is always the whole project, and `wanted` what was named:
linting one file gives exactly the findings that a full run gives for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from . import gitignore, neighbours
from .errors import UserError

_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


class Project(NamedTuple):
    """Absolute paths, sorted; `wanted` None stands for all files, and `extra` are files named that no walk finds."""

    root: str
    files: list[str]
    wanted: list[str] | None
    extra: tuple[str, ...] = ()


class Exclusions(Protocol):
    """The part of the settings that decides which files are read: globs, and the folder they are relative to."""

    @property
    def excluded(self) -> Sequence[str]: ...

    @property
    def folder(self) -> str: ...


def absolute(paths: Sequence[str], unsaved: Collection[str] = ()) -> list[str]:
    """The paths made absolute (the current folder for none); one that does not exist is a `UserError`.

    `unsaved` are absolute paths of files that need not exist yet.
    """
    found = [os.path.abspath(path) for path in paths or (".",)]
    for given, path in zip(paths, found, strict=False):
        if path not in unsaved and not os.path.exists(path):
            raise UserError(f"{given}: no such file or folder")
    return found


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that contains every path."""
    common = os.path.commonpath(paths)
    return common if os.path.isdir(common) else os.path.dirname(common)


def project_root(paths: Sequence[str]) -> str:
    """The folder of the project that the paths belong to.

    The current folder when it holds a project and all paths, so that a run on changed files from the top of a
    repository sees what a full run from there sees; else the nearest folder above them that holds a project; else the
    topmost package of the folder that was named, or the folder above the topmost package of a file.
    """
    folder = common_folder(paths)
    here = os.getcwd()
    if _is_below(folder, here) and _holds_project(here):
        return here
    above = folder
    while True:
        if _holds_project(above):
            return above
        parent = os.path.dirname(above)
        if parent == above:
            break
        above = parent
    if not all(map(os.path.isdir, paths)):
        return _above_packages(folder)
    while _is_package(folder) and _is_package(os.path.dirname(folder)):
        folder = os.path.dirname(folder)
    return folder


def _above_packages(folder: str) -> str:
    """The folder above the topmost package that it is in; one without `__init__.py` may be a part of that, too."""
    found = above = folder
    while os.path.basename(above).isidentifier():
        parent = os.path.dirname(above)
        if _is_package(above):
            found = parent
        above = parent
    return found


def discover(paths: Sequence[str], settings: Exclusions, *, force_exclude: bool = False) -> Project:
    """The project of the absolute `paths`, as `absolute` gives them.

    As in Ruff, an excluded file that is named is read all the same, unless `force_exclude` is set.
    """
    root = project_root(paths)
    walker = _Walker(settings)
    alone = not _holds_project(root) and not any(map(os.path.isdir, paths))
    files = neighbours.reached(paths, root, walker.walk) if alone else set(walker.walk(root))
    if root in paths:
        return Project(root, sorted(files), None)
    wanted: set[str] = set()
    for path in paths:
        if not os.path.isdir(path):
            below = {path} if not force_exclude or path in files else set()
        else:
            prefix = path + os.sep
            below = {file for file in files if file.startswith(prefix)}
            if not below and not force_exclude:
                below = set(walker.walk(path))
        wanted |= below
    return Project(root, sorted(files | wanted), sorted(wanted), tuple(sorted(wanted - files)))


def walk(root: str, settings: Exclusions) -> list[str]:
    """Every Python file below the folder that is not excluded."""
    return _Walker(settings).walk(root)


def deployments(root: str, files: Sequence[str]) -> list[str]:
    """The files that start servers, in the root and the folders of the project's Python files."""
    found = []
    for folder in sorted({root, *map(os.path.dirname, files)}):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        found += [os.path.join(folder, name) for name in sorted(names) if starts_servers(name)]
    return found


def starts_servers(path: str) -> bool:
    """Whether a file is a Dockerfile, a Procfile or a compose file, by its name."""
    name = os.path.basename(path).lower()
    if name.endswith((".yml", ".yaml")):
        return name.startswith(("docker-compose", "compose"))
    return name == "procfile" or "dockerfile" in name.split(".")


class _Walker:
    """Walks folders, leaving out what the settings exclude and what git ignores; links to folders are not followed."""

    def __init__(self, settings: Exclusions) -> None:
        patterns = settings.excluded
        plain = [pattern.strip("/") for pattern in patterns if not set(pattern) & set("*?[")]
        self._names = {pattern for pattern in plain if "/" not in pattern}
        self._paths = {os.path.join(settings.folder, *pattern.split("/")) for pattern in plain if "/" in pattern}
        globs = [pattern.strip("/") for pattern in patterns if set(pattern) & set("*?[")]
        self._name_globs = _union([pattern for pattern in globs if "/" not in pattern])
        self._path_globs = _union([os.path.join(settings.folder, pattern) for pattern in globs])

    def walk(self, root: str) -> list[str]:
        found: list[str] = []
        pending: list[tuple[str, tuple[gitignore.IgnoreFile, ...]]] = [(root, tuple(gitignore.above(root)))]
        while pending:
            folder, rules = pending.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = list(listing)
            except OSError:
                continue  # a folder that may not be read has no files for us
            if any(entry.name == ".gitignore" for entry in entries) and (own := gitignore.read(folder)):
                rules = (*rules, own)
            for entry in entries:
                self._visit(entry, rules, found, pending)
        return found

    def _excludes(self, name: str, path: str) -> bool:
        if name in self._names or path in self._paths:
            return True
        if self._name_globs is not None and self._name_globs.match(name):
            return True
        return self._path_globs is not None and self._path_globs.match(path) is not None

    def _visit(
        self,
        entry: os.DirEntry[str],
        rules: tuple[gitignore.IgnoreFile, ...],
        found: list[str],
        pending: list[tuple[str, tuple[gitignore.IgnoreFile, ...]]],
    ) -> None:
        name = entry.name
        is_dir = entry.is_dir(follow_symlinks=False)
        if not is_dir and not (name.endswith(".py") and _is_file(entry)):
            return
        if self._excludes(name, entry.path):
            return
        for rule in reversed(rules):
            if (verdict := rule.verdict(name, entry.path, is_dir)) is not None:
                if verdict:
                    return
                break
        if is_dir:
            pending.append((entry.path, rules))
        else:
            found.append(entry.path)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


def _union(globs: Sequence[str]) -> re.Pattern[str] | None:
    """One expression for all globs."""
    if not globs:
        return None
    import fnmatch

    return re.compile("|".join(fnmatch.translate(glob) for glob in globs))


def _holds_project(folder: str) -> bool:
    # Inside of a package, `setup.py` is a module like any other.
    return any(
        os.path.exists(os.path.join(folder, marker)) and (marker != "setup.py" or not _is_package(folder))
        for marker in _MARKERS
    )


def _is_package(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "__init__.py"))


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
