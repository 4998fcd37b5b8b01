"""The types that fields have, and how their values are written."""

from decimal import Decimal
from typing import Literal

Kind = Literal["str", "text", "int", "float", "decimal", "bool", "date", "datetime", "uuid", "enum", "ref"]
Default = str | int | float | bool | Decimal


def as_code(value: Default) -> str:
    """A value as Python is written: `Decimal("0.50")`, `"draft"`."""
    return f'Decimal("{value}")' if isinstance(value, Decimal) else repr(value)
