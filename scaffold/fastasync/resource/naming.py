"""The names of a resource, and which of them the generated code cannot have."""

import builtins
import keyword
import re
from dataclasses import dataclass
from functools import cache

from fastasync.errors import UserError
from fastasync.project import template_path

WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
MOST_CHARACTERS = 40
# PostgreSQL cuts longer names, and MySQL refuses them from 64 on.
MOST_IN_DATABASE = 63

# Names that mean something else to SQLAlchemy, Pydantic or the list endpoint, or that the class bodies use.
TAKEN_FIELDS = frozenset(
    {
        "id", "created_at", "limit", "offset", "order", "metadata", "registry", "construct", "copy", "dict", "from_orm",
        "json", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json", "update_forward_refs", "validate",
        "sqlmodel_update", "bool", "date", "datetime", "float", "func", "int", "mapped_column", "str", "unsent",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What a resource is called: `order_line`, `order_lines`, and the class `OrderLine`."""

    singular: str
    plural: str

    @property
    def model(self) -> str:
        """The class of the model."""
        return camel(self.singular)

    @property
    def route(self) -> str:
        """The path of the list: words are separated by `-` there."""
        return "/" + self.plural.replace("_", "-")

    @property
    def one(self) -> str:
        """The resource in a sentence: `order line`."""
        return self.singular.replace("_", " ")

    @property
    def many(self) -> str:
        """Several of them in a sentence: `order lines`."""
        return self.plural.replace("_", " ")

    @property
    def article(self) -> str:
        """`a` or `an`, as the word is spelled."""
        return article_of(self.one)


def article_of(word: str) -> str:
    """`a` or `an`: a rule of spelling, with the words that begin with the sound of "you"."""
    return "an" if word[0] in "aeio" or (word[0] == "u" and not re.match(r"u(ni|se|ti|r[aiou])", word)) else "a"


def camel(name: str) -> str:
    """`order_line` as `OrderLine`."""
    return "".join(part.capitalize() for part in name.split("_"))


@cache
def taken_names() -> frozenset[str]:
    """Names that the generated modules use for themselves: a resource of such a name would hide them."""
    return frozenset((template_path("resource") / "taken-names.txt").read_text("utf-8").split())


def names_of(name: str, plural: str | None) -> Names:
    """The names of a new resource.

    Raises `UserError` when one of them cannot be used; `plural` is what the user says it is, or None.
    """
    singular = name.replace("-", "_")
    names = Names(singular, plural.replace("-", "_") if plural else pluralize(singular))
    for text, given in ((names.singular, name), (names.plural, plural or names.plural)):
        _check_word(text, given)
    if taken_names() & {names.singular, names.model}:
        raise UserError(f"{name!r} is a name that the generated code uses: choose another, my_{singular} for example.")
    if plural is None and re.search(r"[^siu]s$", singular):
        raise UserError(f"{name!r} looks like a plural, and NAME is singular: {singular[:-1]}? If it is, say --plural.")
    if names.singular == names.plural:
        raise UserError(f"{name!r} is its own plural: choose another with --plural, {name}_list for example.")
    return names


def _check_word(word: str, given: str) -> None:
    if not WORD.fullmatch(word):
        raise UserError(f"{given!r} cannot be a resource: use lower-case words joined by _, order_line for example.")
    if len(word) > MOST_CHARACTERS:
        raise UserError(f"{given!r} is longer than {MOST_CHARACTERS} characters: choose a shorter name.")
    if keyword.iskeyword(word) or word in dir(builtins):
        raise UserError(f"{given!r} is a name of Python itself: choose another, my_{word} for example.")


def pluralize(word: str) -> str:
    """The plural by the rules of spelling; for other words there is `--plural`."""
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word}s"


def check_spelling(name: str, whole: str) -> None:
    """Refuse what is no name of a field; `whole` is what the user wrote."""
    if not WORD.fullmatch(name):
        raise UserError(f"{whole!r}: the name of a field is lower-case words joined by _, first_name for example.")
    if len(name) > MOST_CHARACTERS:
        raise UserError(f"{whole!r}: a name has {MOST_CHARACTERS} characters at most: choose a shorter one.")


def check_meaning(column: str, whole: str) -> None:
    """Refuse what cannot be an attribute of a model, a column and a parameter."""
    if keyword.iskeyword(column):
        raise UserError(f"{whole!r}: {column} is a keyword of Python: choose another name, {column}_value for example.")
    if column in TAKEN_FIELDS or column.startswith("model_"):
        raise UserError(f"{whole!r}: {column} has a meaning of its own: choose another name, the_{column} for example.")


def check_in_database(name: str) -> str:
    """The name of a constraint or index, if databases take it."""
    if len(name) > MOST_IN_DATABASE:
        raise UserError(f"{name} is longer than the {MOST_IN_DATABASE} characters of a database: choose shorter names.")
    return name
