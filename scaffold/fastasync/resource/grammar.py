"""What the words of the command line mean: `title:str:200:index`, `born:date?`, `views:int=0`, `book:ref(books)`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from fastasync.errors import UserError
from fastasync.resource.naming import check_meaning, check_spelling
from fastasync.resource.values import Default, Kind

EXAMPLES = (
    "title:str:200:index, price:decimal, born:date?, views:int=0, 'state:enum(draft,live)', 'author:ref(authors)'"
)
TYPE = re.compile(r"(?P<kind>[a-z]+)(?:\((?P<inside>[^()]*)\))?(?P<optional>\??)")
MOST_INTEGER = 2**31 - 1
# Longer texts are what `text` is for; longer keys do not fit the indexes of MySQL.
MOST_LENGTH, MOST_KEY_LENGTH, MOST_TEXT_LENGTH = 4000, 700, 10_000
MOST_DIGITS = 15


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a resource."""

    name: str
    kind: Kind
    optional: bool = False
    index: bool = False
    unique: bool = False
    default: Default | None = None
    length: int = 255
    digits: int = 12
    places: int = 2
    choices: tuple[str, ...] = ()
    table: str = ""

    @property
    def column(self) -> str:
        """The name of the column, of the attribute and of the key in JSON."""
        return f"{self.name}_id" if self.kind == "ref" else self.name


def parse_fields(texts: Iterable[str]) -> tuple[Field, ...]:
    """The fields that the command line describes.

    Raises `UserError` for the first text that does not follow the grammar.
    """
    fields = tuple(parse_field(text) for text in texts)
    if not fields:
        raise UserError(f"A resource needs at least one field: {EXAMPLES}, for example.")
    seen: set[str] = set()
    for field in fields:
        names = {field.column} | ({f"{field.column}_min", f"{field.column}_max"} if is_ordered(field) else set())
        if taken := sorted(seen & names):
            raise UserError(f"{field.name}: the name {taken[0]} is used twice: choose another name for the field.")
        seen |= names
    return fields


def is_ordered(field: Field) -> bool:
    """Whether lists are narrowed by a range of it, rather than by one value."""
    return field.kind in {"int", "float", "decimal", "date", "datetime"}


def parse_field(text: str) -> Field:
    """The field that one text describes."""
    description, equals, default = text.partition("=")
    name, *parts = description.split(":")
    check_spelling(name, text)
    if not parts:
        raise UserError(f"{text!r} has no type: {EXAMPLES}, for example.")
    *parts, last = parts
    if parts and last.endswith("?"):  # title:str:200? is as clear as title:str?:200
        parts, last = [f"{parts[0]}?", *parts[1:]], last.removesuffix("?")
    kind, *modifiers = [*parts, last]
    field = _with_type(name, kind, text)
    check_meaning(field.column, text)
    for modifier in modifiers:
        field = _with_modifier(field, modifier, text)
    field = _checked(field, text)
    return replace(field, default=_default(field, default, text)) if equals else field


def _with_type(name: str, text: str, whole: str) -> Field:
    found = TYPE.fullmatch(text)
    kinds: tuple[Kind, ...] = get_args(Kind)
    kind = next((kind for kind in kinds if found and kind == found["kind"]), None)
    if found is None or kind is None:
        raise UserError(f"{whole!r}: there is no type {text!r}. Choose from: {', '.join(kinds)}; {EXAMPLES}.")
    field = Field(name=name, kind=kind, optional=bool(found["optional"]))
    inside = found["inside"]
    readers: dict[str, Callable[[Field, str, str], Field]] = {
        "enum": _with_choices,
        "ref": _with_table,
        "decimal": _with_digits,
    }
    if inside is None and field.kind in {"enum", "ref"}:
        example = {"enum": "enum(draft,live)", "ref": "ref(authors)"}[field.kind]
        raise UserError(f"{whole!r}: {field.kind} needs parentheses: {example}, for example.")
    if inside is None:
        return field
    if field.kind not in readers:
        raise UserError(f"{whole!r}: {field.kind} takes no parentheses.")
    return readers[field.kind](field, inside, whole)


def _with_choices(field: Field, inside: str, whole: str) -> Field:
    choices = tuple(choice.strip() for choice in inside.split(","))
    if len(set(choices)) != len(choices) or not all(
        re.fullmatch(r"[\w-]{1,50}", choice, re.ASCII) for choice in choices
    ):
        raise UserError(f"{whole!r}: the values of an enum are different words: enum(draft,live), for example.")
    if len(choices) < 2:
        raise UserError(f"{whole!r}: an enum needs two values at least: enum(draft,live), for example.")
    return replace(field, choices=choices)


def _with_table(field: Field, inside: str, whole: str) -> Field:
    table = inside.strip()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", table, re.ASCII):
        raise UserError(f"{whole!r}: ref takes the name of a table: ref(authors), for example.")
    return replace(field, table=table)


def _with_digits(field: Field, inside: str, whole: str) -> Field:
    found = re.fullmatch(r"\s*(\d{1,2})\s*,\s*(\d{1,2})\s*", inside, re.ASCII)
    digits, places = map(int, found.groups()) if found else (0, 0)
    if not (1 <= digits <= MOST_DIGITS and places <= digits):
        raise UserError(
            f"{whole!r}: decimal takes all its digits, at most {MOST_DIGITS}, and those after the point: "
            "decimal(12,2), for example."
        )
    return replace(field, digits=digits, places=places)


def _with_modifier(field: Field, modifier: str, whole: str) -> Field:
    if modifier == "index":
        return replace(field, index=True)
    if modifier == "unique":
        return replace(field, unique=True)
    if not re.fullmatch(r"\d{1,9}", modifier, re.ASCII):
        raise UserError(f"{whole!r}: {modifier!r} is neither index nor unique nor a length.")
    if field.kind != "str":
        raise UserError(f"{whole!r}: only str takes a length.")
    if not 1 <= int(modifier) <= MOST_LENGTH:
        raise UserError(f"{whole!r}: a str holds 1 to {MOST_LENGTH} characters: use text for more.")
    return replace(field, length=int(modifier))


def _checked(field: Field, whole: str) -> Field:
    keyed = field.index or field.unique
    if keyed and field.kind == "text":
        raise UserError(f"{whole!r}: a text is too long for an index: use str with a length.")
    if keyed and field.kind == "str" and field.length > MOST_KEY_LENGTH:
        raise UserError(f"{whole!r}: an index holds {MOST_KEY_LENGTH} characters at most: use a shorter str.")
    if field.unique and field.kind in {"bool", "enum"}:
        raise UserError(f"{whole!r}: {field.kind} has too few values to be unique.")
    return field


def _default(field: Field, text: str, whole: str) -> Default:
    """The value of a default. A row without it must be right, so it is checked like what comes in."""
    if field.unique:
        raise UserError(f"{whole!r}: two rows would have the default of a unique field: leave it out.")
    readers: dict[str, Callable[[str], Any]] = {
        "str": str,
        "text": str,
        "int": int,
        "float": float,
        "decimal": Decimal,
        "bool": {"true": True, "false": False}.__getitem__,
        "enum": dict(zip(field.choices, field.choices, strict=True)).__getitem__,
    }
    if field.kind not in readers:
        raise UserError(f"{whole!r}: {field.kind} takes no default.")
    try:
        value: Default = readers[field.kind](text)
        fits = _fits(field, value)
    except (ValueError, KeyError, InvalidOperation):
        fits = False
    if not fits:
        raise UserError(f"{whole!r}: {text!r} is not a value of this field.")
    return value


def _fits(field: Field, value: Default) -> bool:
    match value:
        case bool():
            return True
        case str():
            most = {"str": field.length, "text": MOST_TEXT_LENGTH}.get(field.kind, 50)
            return 1 <= len(value) <= most and value.isprintable()
        case int():
            return abs(value) <= MOST_INTEGER
        case float():
            return abs(value) < float("inf")
        case Decimal():
            return (
                value.is_finite()
                and abs(value) < 10 ** (field.digits - field.places)
                and _places(value) <= field.places
            )


def _places(value: Decimal) -> int:
    """How many digits stand after the point."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
