"""What the project depends on at run time, as its manifests say; development groups are of no concern."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from fastasync.doctor.project import Project

_REQUIREMENTS = r"requirements.*\.(txt|in)"
_DEVELOPMENT = re.compile(r"dev|test|lint|doc|typ|ci\b|build|bench|local", re.IGNORECASE)


class Dependency(NamedTuple):
    """A requirement, and where it stands."""

    name: str
    versions: SpecifierSet
    filename: str
    row: int

    def allows(self, version: str) -> bool:
        """Whether this version or a later one satisfies the requirement."""
        least = Version(version)
        mentioned = {Version(one.version) for one in self.versions if not one.version.endswith("*")}
        later = {one for one in mentioned if one >= least}
        return any(self.versions.contains(one, prereleases=True) for one in {least, Version("9999"), *later})


def dependencies(project: Project) -> list[Dependency]:
    """All of them, from pyproject.toml (PEP 621 and Poetry), requirements files, Pipfile and wheels' metadata."""
    found: dict[tuple[str, str], Dependency] = {}
    for path in project.others:
        if not path.startswith(project.root + os.sep) or project.is_aside(path):
            continue
        for text in _texts(path, project):
            one = _dependency(text, path, project)
            if one is not None:
                found.setdefault((one.name, path), one)
    return list(found.values())


def _texts(path: str, project: Project) -> Iterator[str]:
    name = os.path.basename(path)
    if name in ("pyproject.toml", "Pipfile"):
        yield from _of_toml(_toml(path, project))
    elif name in ("METADATA", "PKG-INFO"):
        head = project.sources.text(path).partition("\n\n")[0]
        yield from re.findall(r"^Requires-Dist: (.+)$", head, re.MULTILINE)
    elif _is_requirements(path):
        for line in project.sources.lines(path):
            text = re.split(r"\s#|\s--hash|\s\\$", line)[0].strip()
            if text and text[0] not in "#-":
                yield text


def _is_requirements(path: str) -> bool:
    folder, name = os.path.split(path)
    if _DEVELOPMENT.search(name):
        return False
    in_folder = os.path.basename(folder) == "requirements" and name.endswith((".txt", ".in"))
    return in_folder or re.fullmatch(_REQUIREMENTS, name) is not None


def _toml(path: str, project: Project) -> Mapping[str, Any]:
    try:
        return tomllib.loads(project.sources.text(path))
    except tomllib.TOMLDecodeError as error:
        project.problem(path, f"not valid TOML: {error}")
        return {}


def _of_toml(table: Mapping[str, Any]) -> Iterator[str]:
    own = _table(table, "project")
    yield from _list(own.get("dependencies"))
    for group, texts in _table(own, "optional-dependencies").items():
        if not _DEVELOPMENT.search(group):
            yield from _list(texts)
    yield from _of_poetry(_table(table, "tool", "poetry", "dependencies"))
    yield from _of_poetry(_table(table, "packages"))


def _of_poetry(table: Mapping[str, Any]) -> Iterator[str]:
    """Poetry's and Pipenv's tables of names and constraints, as requirements."""
    for name, given in table.items():
        versions = given.get("version", "*") if isinstance(given, dict) else given
        if name != "python" and isinstance(versions, str):
            yield f"{name}{_specifiers(versions)}"


def _specifiers(text: str) -> str:
    """`^1.2` and the like in the notation of PEP 440."""
    parts = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        if part[0] == "^":
            numbers = part[1:].split(".")
            place = next((index for index, one in enumerate(numbers) if one != "0"), 0)
            upper = [*numbers[:place], str(int(re.sub(r"\D.*", "", numbers[place]) or 0) + 1)]
            parts.append(f">={part[1:]},<{'.'.join(upper)}")
        elif part[0] == "~" and part[1:2] != "=":
            parts.append(f"~={part[1:]}" if "." in part else f"=={part[1:]}.*")
        elif part != "*":
            parts.append(part if part[0] in "<>=!~" else f"=={part}")
    return ",".join(parts)


def _dependency(text: str, path: str, project: Project) -> Dependency | None:
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, InvalidSpecifier):
        match = re.match(r"[A-Za-z0-9._-]+", text)  # a constraint in another notation still names its package
        if match is None or "/" in text:
            return None
        requirement = Requirement(match[0].rstrip("._-"))
    versions = requirement.specifier
    return Dependency(
        canonicalize_name(requirement.name), versions, path, _row(path, project.sources.lines(path), requirement.name)
    )


def _row(path: str, lines: list[str], name: str) -> int:
    """The row where the requirement stands, after the heading of the list of a TOML file."""
    pattern = re.compile(rf"(?:^|[\s\"'(:]){re.escape(name)}(?=$|[\s\"'\[<>=!~;,(])", re.IGNORECASE)
    headings = (row for row, line in enumerate(lines) if "dependencies" in line or line == "[packages]")
    heading = next(headings, 0) if path.endswith((".toml", "Pipfile")) else 0
    rows = (row for row, line in enumerate(lines, start=1) if row > heading and pattern.search(line.partition("#")[0]))
    return next(rows, 0)


def _table(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = table.get(key)
        table = inner if isinstance(inner, dict) else {}
    return table


def _list(given: object) -> list[str]:
    return [text for text in given if isinstance(text, str)] if isinstance(given, list) else []
