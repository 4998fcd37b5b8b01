"""Which names a new project may have."""

import keyword
import re
import sys
from functools import cache

from fastasync.errors import UserError
from fastasync.project import template_path

# Windows opens a device under these names, in any folder.
DEVICES = frozenset({"aux", "con", "nul", "prn"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)})
VALID = re.compile(r"[a-z]([a-z0-9_-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)


@cache
def reserved_names() -> frozenset[str]:
    """Import names that generated projects use: those of libraries, and of their own folders."""
    return frozenset((template_path("project") / "reserved-names.txt").read_text("utf-8").split())


def check_name(name: str) -> str:
    """The import name of a project of this name.

    Raises `UserError` when it cannot be imported, or would hide a module that the project needs.
    """
    package = name.replace("-", "_")
    if not VALID.fullmatch(name) or keyword.iskeyword(package):
        raise UserError(f"{name!r} cannot be the name of a Python package.{_suggestion(name)}")
    if package.lower() in sys.stdlib_module_names:
        raise UserError(f"{name!r} is a module of Python's standard library, which it would hide.{_suggestion(name)}")
    if package.lower() in reserved_names():
        raise UserError(f"{name!r} is a package that the project uses, which it would hide.{_suggestion(name)}")
    if package.lower() in DEVICES:
        raise UserError(f"{name!r} names a device on Windows.{_suggestion(name)}")
    return package


def _suggestion(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower(), flags=re.ASCII).strip("-0123456789")
    taken = {*sys.stdlib_module_names, *reserved_names(), *DEVICES, *keyword.kwlist}
    free = f"{plain}-service" if plain.replace("-", "_") in taken else plain or "myapi"
    return f" Use letters, digits, - and _, beginning with a letter: {free}, for example."
