"""`postgresql://…` becomes `postgresql+asyncpg://…` where an asynchronous engine is made."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..model import Applicability, Edit, Fix
from .place import Place

# SQLAlchemy's asynchronous drivers by dialect, with the distribution that each comes in; the usual one first.
_DRIVERS = {
    "postgresql": (("postgresql+asyncpg", "asyncpg"), ("postgresql+psycopg", "psycopg")),
    "mysql": (("mysql+asyncmy", "asyncmy"), ("mysql+aiomysql", "aiomysql")),
    "mariadb": (("mariadb+asyncmy", "asyncmy"), ("mariadb+aiomysql", "aiomysql")),
    "sqlite": (("sqlite+aiosqlite", "aiosqlite"),),
    "oracle": (("oracle+oracledb_async", "oracledb"),),
    "mssql": (("mssql+aioodbc", "aioodbc"),),
}
_ALIASES = {"postgres": "postgresql"}


def fix(scheme: str, place: Place, declared: Callable[[str], bool]) -> Fix | None:
    """The fix of a literal address with a synchronous `scheme`: the driver that the project declares, or the usual one.

    None for an address that is put together elsewhere. Unsafe, since the driver has to be installed.
    """
    dialect = scheme.partition("+")[0]
    drivers = _DRIVERS.get(_ALIASES.get(dialect, dialect), ())
    source = place.document.source_of(place.node)
    position = source.find(f"{scheme}://")
    if not drivers or position < 0 or not isinstance(place.node, ast.Constant | ast.JoinedStr):
        return None
    name = next((name for name, library in drivers if declared(library)), drivers[0][0])
    start = place.document.offset(place.document.start_of(place.node)) + position
    first, last = place.document.location(start), place.document.location(start + len(scheme))
    return Fix(Applicability.UNSAFE, f"Use the driver `{name}`", (Edit(name, first, last),))
