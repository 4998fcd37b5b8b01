"""Names of new projects."""

import re
import tomllib

import pytest
from fastasync.errors import UserError
from fastasync.names import check_name, reserved_names
from fastasync.options import load_questions
from fastasync.project import template_path


@pytest.mark.parametrize(
    ("name", "package"), [("myapi", "myapi"), ("my-api", "my_api"), ("My_Api2", "My_Api2"), ("x", "x")]
)
def test_a_good_name_gives_the_package(name: str, package: str) -> None:
    assert check_name(name) == package


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "cannot be the name of a Python package"),
        ("my api", "my-api, for example"),
        ("2fast", "fast, for example"),
        ("my.api", "cannot be the name"),
        ("../up", "cannot be the name"),
        ("-", "myapi, for example"),
        ("-flag", "flag, for example"),
        ("trailing-", "cannot be the name"),
        ("größe", "cannot be the name"),
        ("class", "class-service"),
        ("asyncio", "standard library"),
        ("Json", "standard library"),
        ("fastapi", "package that the project uses"),
        ("pydantic-settings", "package that the project uses"),
        ("tests", "package that the project uses"),
        ("nul", "device on Windows"),
    ],
)
def test_a_bad_name_is_refused_with_a_way_out(name: str, reason: str) -> None:
    with pytest.raises(UserError) as error:
        check_name(name)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
    suggested = re.search(r"([\w-]+), for example", str(error.value))
    assert suggested is not None
    assert check_name(suggested[1])


def test_every_dependency_of_the_template_is_reserved() -> None:
    template = template_path("project")
    text = (template / "copier.yml").read_text("utf-8") + "".join(
        path.read_text("utf-8") for path in template.glob("template/pyproject.toml*")
    )
    requirements = re.findall(r"""^\s*(?:- |")([a-z][\w.-]*)(?:\[[\w,]+\])?>=""", text, re.MULTILINE)
    assert len(requirements) >= 10
    missing = {name.replace("-", "_") for name in requirements} - reserved_names()
    assert not missing
    assert load_questions(template)["name"].help
    assert tomllib.loads((template / "presets.toml").read_text("utf-8"))
