"""How a field is written: in the model, the migration, the schemas, the queries and the tests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastasync.resource.grammar import MOST_INTEGER, MOST_TEXT_LENGTH, Field, is_ordered
from fastasync.resource.naming import Names, camel
from fastasync.resource.target import Table
from fastasync.resource.values import as_code

PLAIN = {
    "str": "str",
    "text": "str",
    "int": "int",
    "float": "float",
    "decimal": "Decimal",
    "bool": "bool",
    "date": "date",
    "datetime": "datetime",
    "uuid": "UUID",
    "ref": "int",
}
# What comes in is narrower than what is stored: the aliases are those of the project's fields.py.
INCOMING = {"str": "Line", "text": "Line", "int": "Integer", "float": "FiniteFloat", "datetime": "Time", "ref": "Id"}
MIGRATED = {
    "text": "Text()",
    "int": "Integer()",
    "float": "Double()",
    "bool": "Boolean()",
    "date": "Date()",
    "uuid": "Uuid()",
    "ref": "Integer()",
}


@dataclass(frozen=True)
class Column:
    """One field of a resource in a project. `target` is the table of a reference to another resource."""

    field: Field
    names: Names
    database: str
    target: Table | None

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.field.column

    @property
    def label(self) -> str:
        """The field in a sentence."""
        return self.field.name.replace("_", " ")

    @property
    def is_own_reference(self) -> bool:
        """Whether it refers to its own table."""
        return self.field.table == self.names.plural

    @property
    def target_model(self) -> str:
        """The model that it refers to."""
        return self.target.model if self.target else self.names.model

    @property
    def alias(self) -> str:
        """The name of the type of an enum: `BookState`."""
        return self.names.model + camel(self.field.name)

    @property
    def plain(self) -> str:
        """The type of a stored value that is not null."""
        return self.alias if self.field.kind == "enum" else PLAIN[self.field.kind]

    @property
    def stored(self) -> str:
        """The type of a stored value."""
        return self.plain + self._or_none

    @property
    def outgoing(self) -> str:
        """The type in what is sent."""
        return ("Time" if self.field.kind == "datetime" else self.plain) + self._or_none

    @property
    def incoming(self) -> str:
        """The type of a value that comes in and is not null."""
        return INCOMING.get(self.field.kind, self.plain)

    @property
    def _or_none(self) -> str:
        return " | None" if self.field.optional else ""

    @property
    def default(self) -> str | None:
        """The default as code; None when the field must be sent."""
        if self.field.default is not None:
            return as_code(self.field.default)
        return "None" if self.field.optional else None

    @property
    def choices(self) -> str:
        """The values of an enum, as arguments."""
        return ", ".join(json.dumps(choice) for choice in self.field.choices)

    # In the model and in the migration.

    @property
    def mapped(self) -> str:
        """The arguments of `mapped_column`."""
        kind = {
            "str": f"String({self.field.length})",
            "text": "Text",
            "float": "Double",
            "decimal": self.numeric(""),
            "datetime": "DateTime(timezone=True)",
            "enum": f"Enum(*get_args({self.alias}), {self.enum_options})",
            "ref": f'ForeignKey("{self.field.table}.id"{self.on_delete})',
        }.get(self.field.kind)
        default = f"default={self.default}" if self.field.default is not None else None
        return ", ".join(filter(None, [kind, *self._keys(), default]))

    @property
    def sqlmodel(self) -> str:
        """What stands after the annotation in a class of SQLModel: nothing, a default or a `Field`."""
        numeric = self.numeric("")
        digits = f"max_digits={self.field.digits}, decimal_places={self.field.places}"
        kind = {
            "str": f"max_length={self.field.length}",
            "text": "sa_type=Text",
            "float": "sa_type=Double",
            "decimal": f"sa_type={numeric}" if "variant" in numeric else digits,
            "datetime": "sa_type=DateTime(timezone=True)",
            "enum": f"sa_type=Enum(*get_args({self.alias}), {self.enum_options})",
            "ref": f'foreign_key="{self.field.table}.id"{self.on_delete}',
        }.get(self.field.kind)
        rest = [kind, *self._keys()]
        if not any(rest):
            return f" = {self.default}" if self.default else ""
        default = f"default={self.default}" if self.default else None
        return f" = Field({', '.join(filter(None, [default, *rest]))})"

    def _keys(self) -> Iterator[str]:
        if self.field.unique:
            yield "unique=True"
        elif self.is_indexed:
            yield "index=True"

    @property
    def is_indexed(self) -> bool:
        """Whether it has an index that is not unique. Foreign keys do: deleting looks for them."""
        return (self.field.index or self.field.kind == "ref") and not self.field.unique

    @property
    def on_delete(self) -> str:
        """What a reference does when its target goes: it is emptied, or keeps the target from going."""
        return ', ondelete="SET NULL"' if self.field.kind == "ref" and self.field.optional else ""

    @property
    def enum_options(self) -> str:
        """A text that the database checks, on all databases alike; a type of PostgreSQL is hard to change."""
        return f'name="{self.name}", native_enum=False, create_constraint=True'

    def numeric(self, module: str) -> str:
        """The type of a decimal. SQLite has none: floats hold these digits, and are rounded when read."""
        exact = f"{module}Numeric({self.field.digits}, {self.field.places})"
        if self.database != "sqlite":
            return exact
        return (
            f'{exact}.with_variant({module}Float(asdecimal=True, decimal_return_scale={self.field.places}), "sqlite")'
        )

    @property
    def migrated(self) -> str:
        """The type in the migration."""
        kinds = {
            "str": f"String(length={self.field.length})",
            "datetime": "DateTime(timezone=True)",
            "enum": f"Enum({self.choices}, {self.enum_options})",
        }
        if self.field.kind == "decimal":
            return self.numeric("sa.")
        return "sa." + (kinds | MIGRATED)[self.field.kind]

    # In the schemas.

    @property
    def created(self) -> str:
        """The annotation, and the default, of a value that comes in with a new row."""
        return self._incoming(f"default={self.default}" if self.default else None, self.default)

    @property
    def updated(self) -> str:
        """The same for a change."""
        if self.field.optional:
            return self._incoming("default=None", "None")
        return self._incoming("default_factory=unsent", "Field(default_factory=unsent)")

    @property
    def asked(self) -> str:
        """The same for a parameter that narrows a list."""
        return replace(self, field=replace(self.field, optional=True)).updated

    def _incoming(self, default: str | None, alone: str | None) -> str:
        annotation = self.incoming + self._or_none
        if limits := self._limits():
            return f"{annotation} = Field({', '.join(filter(None, [default, *limits]))})"
        return f"{annotation} = {alone}" if alone else annotation

    def _limits(self) -> list[str]:
        least = [] if self.field.optional else ["min_length=1"]
        return {
            "str": [*least, f"max_length={self.field.length}"],
            "text": [*least, f"max_length={MOST_TEXT_LENGTH}"],
            "decimal": [f"max_digits={self.field.digits}", f"decimal_places={self.field.places}"],
        }.get(self.field.kind, [])

    # In the list endpoint.

    @property
    def is_ordered(self) -> bool:
        """Whether lists may be sorted by it. Long texts would be sorted without an index, and cut."""
        return is_ordered(self.field) or self.field.kind == "str"

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The parameters that narrow a list by it, each with the comparison of the module `operator`."""
        if is_ordered(self.field):
            return [(f"{self.name}_min", "ge"), (f"{self.name}_max", "le")]
        return [] if self.field.kind == "text" else [(self.name, "eq")]

    # In the tests.

    @property
    def example(self) -> str:
        """An expression for a value that fits; `number`, from 1 to 3, makes others of it, in order."""
        whole = "{number}" if self.field.digits > self.field.places else "0"
        places = f"{{number}}{'0' * (self.field.places - 1)}" if whole == "0" else "5".ljust(self.field.places, "0")
        long = self.field.kind == "text" or self.field.length > len(self.label) + 1
        return {
            "str": f'f"{self.label} {{number}}"' if long else "str(number)",
            "text": f'f"{self.label} {{number}}"',
            "int": "number",
            "float": "number + 0.5",
            "decimal": f'f"{whole}.{places}"' if self.field.places else 'f"{number}"',
            "bool": "number % 2 == 0",
            "date": 'f"2024-01-0{number}"',
            "datetime": 'f"2024-01-0{number}T12:00:00Z"',
            "uuid": "str(UUID(int=number))",
            "enum": f"[{self.choices}][number % {max(1, len(self.field.choices))}]",
            # One of its own kind would count as one more.
            "ref": "None" if self.is_own_reference else f'await add_row(state, "{self.field.table}")',
        }[self.field.kind]

    @property
    def wrong(self) -> list[str]:
        """Expressions for values that do not fit."""
        wrong = {
            "str": [f'"x" * {self.field.length + 1}', r'"\0"'],
            "text": [f'"x" * {MOST_TEXT_LENGTH + 1}', r'"\0"'],
            "int": [str(MOST_INTEGER + 1)],
            "float": ['"Infinity"'],
            "decimal": [f'"1{"0" * (self.field.digits - self.field.places)}"', f'"0.{"0" * self.field.places}1"'],
            "bool": ['"perhaps"'],
            "date": ['"yesterday"'],
            "datetime": ['"0001-01-01T00:00:00+05:00"'],
            "uuid": ['"1"'],
            "enum": ['"something else"'],
            "ref": [str(MOST_INTEGER)],
        }[self.field.kind]
        empty = ['""'] if self.field.kind in {"str", "text"} and not self.field.optional else []
        return [*([] if self.field.optional else ["None"]), *empty, *wrong]

    @property
    def sent_back(self) -> str:
        """The value that an answer shows when it was not sent, as JSON has it."""
        value = self.field.default
        if self.field.kind == "decimal" and value is not None:
            return f'"{value:.{self.field.places}f}"'
        return as_code(value) if value is not None else "None"
