"""FSA402: addresses that name no async driver."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Hit
from .modules import Module, keyword, qualified, text_of

# SQLAlchemy's dialects without an async interface: the defaults, and the drivers that are synchronous.
_SYNC = frozenset(
    (
        "postgresql", "postgres", "postgresql+psycopg2", "postgresql+pg8000", "postgresql+psycopg2cffi",
        "mysql", "mysql+mysqldb", "mysql+pymysql", "mysql+mysqlconnector",
        "mariadb", "mariadb+mysqldb", "mariadb+pymysql", "mariadb+mariadbconnector",
        "sqlite", "sqlite+pysqlite", "sqlite+pysqlcipher",
        "oracle", "oracle+cx_oracle", "mssql", "mssql+pyodbc", "mssql+pymssql",
    )
)  # fmt: skip
_MAKERS = ("sqlalchemy.ext.asyncio.create_async_engine", "sqlalchemy.ext.asyncio.engine.create_async_engine")


def hits(module: Module) -> Iterator[Hit]:
    """The hits of one file."""
    for call in module.calls:
        if module.dotted(call.func) not in _MAKERS:
            continue
        address = call.args[0] if call.args else keyword(call, "url")
        text = text_of(module.values.get(address.id) if isinstance(address, ast.Name) else address)
        if text is not None and address is not None and text.partition("://")[0] in _SYNC:
            yield module.hit("FSA402", address, qualified(module.functions, call), text.partition("://")[0])
