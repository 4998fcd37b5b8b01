"""YAML with the row of each mapping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from fastasync.doctor.project import Project


class Table(dict[str, Any]):
    """A mapping that knows where it stands."""

    row = 0


class _Loader(yaml.SafeLoader):
    """Safe, and keeps rows."""


def _table(loader: _Loader, node: yaml.MappingNode) -> Iterator[Table]:
    table = Table()
    table.row = node.start_mark.line + 1
    yield table
    table.update({str(key): value for key, value in loader.construct_mapping(node).items()})


# Tags of templates (`!reset`, `!Ref`) mean nothing here.
_Loader.add_constructor("tag:yaml.org,2002:map", _table)
_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def documents(path: str, project: Project) -> Iterator[dict[str, Any]]:
    """The mappings that a file holds; a file that is not YAML is a problem of the project."""
    try:
        found = list(yaml.load_all(project.sources.text(path), _Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        project.problem(path, f"not valid YAML: {getattr(error, 'problem', None) or error}{where}")
        return
    yield from (document for document in found if isinstance(document, dict))
