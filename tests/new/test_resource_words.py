"""What the words of `fastasync add resource` mean, and which names are free."""

import ast
import builtins
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from fastasync.errors import UserError
from fastasync.resource import render
from fastasync.resource.columns import Column
from fastasync.resource.grammar import Field, parse_field, parse_fields
from fastasync.resource.naming import Names, names_of, taken_names
from fastasync.resource.target import Project

from .resources import EVERY_KIND, TABLE


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("title:str", Field(name="title", kind="str")),
        ("title:str:200:index", Field(name="title", kind="str", length=200, index=True)),
        ("title:str:unique:20", Field(name="title", kind="str", length=20, unique=True)),
        ("price:decimal", Field(name="price", kind="decimal", digits=12, places=2)),
        ("price:decimal(6, 0)", Field(name="price", kind="decimal", digits=6, places=0)),
        ("price:decimal=0.50", Field(name="price", kind="decimal", default=Decimal("0.50"))),
        ("born:date?", Field(name="born", kind="date", optional=True)),
        ("nick:str?:20", Field(name="nick", kind="str", length=20, optional=True)),
        ("nick:str:20?", Field(name="nick", kind="str", length=20, optional=True)),
        ("state:enum(draft,live)", Field(name="state", kind="enum", choices=("draft", "live"))),
        ("state:enum(draft, live)=live", Field(name="state", kind="enum", choices=("draft", "live"), default="live")),
        ("views:int=0", Field(name="views", kind="int", default=0)),
        ("views:int=-5", Field(name="views", kind="int", default=-5)),
        ("ratio:float=0.5", Field(name="ratio", kind="float", default=0.5)),
        ("sold:bool=false", Field(name="sold", kind="bool", default=False)),
        ("link:str=http://a?b=c", Field(name="link", kind="str", default="http://a?b=c")),
        ("author:ref(authors)", Field(name="author", kind="ref", table="authors")),
        ("author:ref(authors)?", Field(name="author", kind="ref", table="authors", optional=True)),
        ("order:ref(orders)", Field(name="order", kind="ref", table="orders")),
        ("desk:ref(desks):unique", Field(name="desk", kind="ref", table="desks", unique=True)),
    ],
)
def test_a_field_is_read(text: str, field: Field) -> None:
    assert parse_field(text) == field


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title", "has no type"),
        ("title:", "there is no type ''"),
        (":str", "lower-case words"),
        ("Title:str", "lower-case words"),
        ("first__name:str", "lower-case words"),
        ("class:str", "class is a keyword"),
        ("id:int", "id has a meaning of its own"),
        ("limit:int", "limit has a meaning of its own"),
        ("model_config:str", "has a meaning of its own"),
        ("metadata:str", "has a meaning of its own"),
        ("date:date", "date has a meaning of its own"),
        ("x" * 41 + ":str", "40 characters at most"),
        ("title:string", "there is no type 'string'. Choose from: str, text,"),
        ("title:str:0", "1 to 4000 characters"),
        ("title:str:4001", "use text"),
        ("title:str:701:index", "700 characters"),
        ("title:str:fast", "neither index nor unique nor a length"),
        ("title:str(20)", "str takes no parentheses"),
        ("views:int:20", "only str takes a length"),
        ("body:text:index", "too long for an index"),
        ("state:enum", "enum needs parentheses"),
        ("state:enum(draft)", "needs two values"),
        ("state:enum(draft,draft)", "different words"),
        ("state:enum(draft,in work)", "different words"),
        ("state:enum(a,b):unique", "too few values"),
        ("author:ref", "ref needs parentheses"),
        ("author:ref(No Table)", "name of a table"),
        ("price:decimal(2,3)", "decimal(12,2)"),
        ("price:decimal(16,2)", "at most 15"),
        ("price:decimal=0.005", "'0.005' is not a value"),
        ("price:decimal=NaN", "'NaN' is not a value"),
        ("views:int=many", "'many' is not a value"),
        ("views:int=2147483648", "is not a value"),
        ("title:str:3=long", "'long' is not a value"),
        ("title:str=", "'' is not a value"),
        ("ratio:float=inf", "is not a value"),
        ("sold:bool=maybe", "is not a value"),
        ("state:enum(a,b)=c", "is not a value"),
        ("born:date=2024-01-01", "date takes no default"),
        ("email:str:unique=x", "leave it out"),
    ],
)
def test_a_wrong_field_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UserError) as error:
        parse_field(text)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ([], "at least one field"),
        (["a:int", "a:str"], "a is used twice"),
        (["author_id:int", "author:ref(authors)"], "author_id is used twice"),
        (["a:int", "a_min:str"], "a_min is used twice"),
    ],
)
def test_fields_that_do_not_go_together_are_refused(texts: list[str], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        parse_fields(texts)


@pytest.mark.parametrize(
    ("name", "plural", "names"),
    [
        ("author", None, ("author", "authors", "Author", "/authors")),
        ("category", None, ("category", "categories", "Category", "/categories")),
        ("day", None, ("day", "days", "Day", "/days")),
        ("box", None, ("box", "boxes", "Box", "/boxes")),
        ("status", None, ()),
        ("address", None, ("address", "addresses", "Address", "/addresses")),
        ("branch", None, ("branch", "branches", "Branch", "/branches")),
        ("order-line", None, ("order_line", "order_lines", "OrderLine", "/order-lines")),
        ("order", None, ("order", "orders", "Order", "/orders")),
        ("person", "people", ("person", "people", "Person", "/people")),
        ("lens", "lenses", ("lens", "lenses", "Lens", "/lenses")),
        ("authors", None, ()),
        ("sheep", "sheep", ()),
        ("Author", None, ()),
        ("class", None, ()),
        ("session", None, ()),
        ("type", None, ()),
        ("x" * 41, None, ()),
    ],
)
def test_a_resource_has_names(name: str, plural: str | None, names: tuple[str, ...]) -> None:
    if names:
        found = names_of(name, plural)
        assert (found.singular, found.plural, found.model, found.route) == names
    else:
        with pytest.raises(UserError, match=name):
            names_of(name, plural)


@pytest.mark.parametrize(
    ("name", "article"), [("author", "an"), ("user", "a"), ("unit", "a"), ("umbrella", "an"), ("hour_rate", "a")]
)
def test_articles(name: str, article: str) -> None:
    assert Names(name, f"{name}s").article == article


@pytest.mark.parametrize(
    ("database", "written"),
    [
        ("postgresql", "Numeric(6, 3)"),
        ("mysql", "Numeric(6, 3)"),
        ("sqlite", 'Numeric(6, 3).with_variant(Float(asdecimal=True, decimal_return_scale=3), "sqlite")'),
    ],
)
def test_a_decimal_is_a_float_on_sqlite_alone(database: str, written: str) -> None:
    column = Column(parse_field("price:decimal(6,3)"), Names("thing", "things"), database, None)
    assert column.mapped == written


def test_names_that_the_generated_code_uses_are_taken(tmp_path: Path) -> None:
    """A resource named like something that its own functions or classes use would hide it."""
    used: set[str] = set()
    fields = parse_fields(text.replace("things", "zzzs") for text in [*EVERY_KIND, "other:ref(others)"])
    for style, layer in (("sqlalchemy", ""), ("sqlmodel", ""), ("sqlmodel", "service")):
        project = Project(tmp_path / f"{style}{layer}", "app", "sqlite", style)
        for table, model in (("items", "Item"), ("others", "Other")):
            write(project.source / table / "models.py", TABLE.format(table=table, model=model))
            write(project.source / table / f"{layer or 'routes'}.py", "")
        (project.folder / "tests").mkdir()
        resource = render.resource_in(project, Names("zzz", "zzzs"), fields)
        for text in render.render_files(project, resource).values():
            used |= set(names_beside(ast.parse(text), "zzz", "Zzz"))
    own = {"Item", "Other"} | {field.column for field in fields}
    assert {name for name in used if not name.lower().startswith("zzz")} - own - set(dir(builtins)) == taken_names()


def names_beside(tree: ast.Module, variable: str, model: str) -> Iterator[str]:
    """The names in functions that use the variable, and in modules that use the model."""
    if any(name == model for name in identifiers(tree)):
        yield from (name for statement in tree.body for name in bound_by(statement))
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef) and variable in set(identifiers(function)):
            yield from identifiers(function)


def bound_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.ImportFrom(names=aliases) | ast.Import(names=aliases):
            yield from (alias.asname or alias.name for alias in aliases)
        case ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                yield name


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
