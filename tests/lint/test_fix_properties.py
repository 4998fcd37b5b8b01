"""Programs made at random: the fixes never crash, give valid Python, leave nothing to fix, and change nothing twice."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from fastasync_lint import fixes
from fastasync_lint.model import Finding
from fastasync_lint.pipeline import Request, check
from fastasync_lint.settings import Settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HELPERS = """\
class Box:
    def __init__(self, value=None):
        time.sleep(1)
        self.value = value

    def load(self, *args, **kwargs):
        return requests.get("u", timeout=1)


@contextlib.contextmanager
def entered(value=None):
    time.sleep(1)
    yield value


def rows(*args, **kwargs):
    for row in args:
        time.sleep(1)
        yield row


def helper(*args, **kwargs):
    return Box().load(*args)

"""

HEADS = [
    "import fastapi\n",
    "import asyncio\n",
    "from asyncio import to_thread\n",
    "import functools as f\n",
    "asyncio = None\n",
    "",
]
STYLES = ["auto", "to-thread", "run-in-executor", "anyio", "run-in-threadpool"]
BLOCKING = [
    "time.sleep",
    "requests.get",
    "helper",
    "Box",
    "Box(1).load",
    "open",
    "subprocess.run",
    "input",
    "rows",
    "f",
    "a.b",
]

names = st.sampled_from(["a", "b", "c", "1", "'é'", "None"])


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    calls = st.builds(
        lambda function, arguments: f"{function}({', '.join(arguments)})",
        st.sampled_from(BLOCKING),
        st.lists(st.one_of(inner, inner.map("*{}".format), st.just("*c")), max_size=2),
    )
    keyword_calls = st.builds("{}({}, k={}, **c)".format, st.sampled_from(BLOCKING), inner, inner)
    broken_calls = st.builds("{}(  # why\n    {},\n)".format, st.sampled_from(BLOCKING), inner)
    return st.one_of(
        calls,
        keyword_calls,
        broken_calls,
        st.builds("({}).attribute".format, inner),
        st.builds("{}.method({})".format, calls, inner),
        st.builds("{}[{}]".format, calls, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} and not {})".format, inner, inner),
        st.builds("({} < {})".format, inner, inner),
        st.builds("[{} for b in {} if {}]".format, inner, inner, inner),
        st.builds("{{{}: {} for b in {}}}".format, inner, inner, inner),
        st.builds("sum({} for b in {})".format, inner, inner),
        st.builds("(lambda b={}: {})".format, inner, inner),
        st.builds("(d := {})".format, inner),
        st.builds("[*{}, {}]".format, inner, inner),
        st.builds("(await a({}))".format, inner),
        calls.filter(lambda code: "\n" not in code and "'" not in code).map("f'{{{}!r:>9}}'".format),
    )


expressions = st.recursive(names, compound, max_leaves=6)


def block(statements: Sequence[str]) -> str:
    return indent("\n".join(statements), "    ")


def bodies(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(inner, min_size=1, max_size=2).map(block)
    return st.one_of(
        st.builds("if {}:\n{}".format, expressions, inside),
        st.builds("for b in {}:\n{}".format, expressions, inside),
        st.builds("with open({}) as d:\n{}\n    d.read()".format, expressions, inside),
        st.builds("for b in rows({}):\n{}".format, expressions, inside),
        st.builds("with entered({}) as d:\n{}".format, expressions, inside),
        st.builds("with a.lock:\n{}".format, inside),
        st.builds("try:\n{}\nfinally:\n{}".format, inside, inside),
        st.builds("def inner(b={}):\n{}".format, expressions, inside),
        st.builds("async def inner(b):\n{}".format, inside),
        st.builds("@helper({})\nclass Inner:\n{}".format, expressions, inside),
        st.builds("import asyncio\n{}".format, inner),
    )


statements = st.recursive(
    st.one_of(
        expressions.filter(lambda code: not code.startswith("'")),
        st.builds("d = {}".format, expressions),
        st.builds("a.b += {}".format, expressions),
        st.builds("assert {}, {}".format, expressions, expressions),
        st.builds("e: {} = {}".format, expressions, expressions),
    ),
    bodies,
    max_leaves=4,
)
parameters = st.sampled_from(["a, b, c", "a, b, c, asyncio", "a, b, *c", "a, b, c, to_thread=1"])
decorators = st.sampled_from(["", '@app.get("/")\n', "@helper\n"])


@st.composite
def programs(draw: st.DrawFn) -> str:
    head = "".join(draw(st.lists(st.sampled_from(HEADS), max_size=2)))
    imports = "import contextlib\nimport subprocess\nimport time\n\nimport requests\n"
    functions = [
        f"{draw(decorators)}async def handler{number}({draw(parameters)}):\n"
        + block(draw(st.lists(statements, min_size=1, max_size=3)))
        for number in range(draw(st.integers(1, 2)))
    ]
    return "\n".join([head + imports, HELPERS, *functions, ""])


def compiles(source: str) -> bool:
    try:
        compile(source, "program", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs().filter(compiles), st.sampled_from(STYLES))
def test_fixes_of_any_program(program: str, style: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.py")
        path.write_text(program, "utf-8")
        once = fix(path, {}, style)
        assert once.problems == []
        assert all(finding.fix is None for finding in once.findings), once.findings
        contents = {change.filename: change.after for change in once.changes}
        for after in contents.values():
            compile(after, "fixed", "exec")
        again = fix(path, contents, style)
        assert [change.fixes for change in again.changes] == []


def fix(path: Path, contents: Mapping[str, bytes], style: Any) -> fixes.Outcome:
    def checked(newer: Mapping[str, bytes]) -> Sequence[Finding]:
        overlay = {**contents, **newer}
        request = Request(paths=(str(path),), settings=Settings(fix_style=style), overlay=overlay, cache=False)
        return check(request).findings

    return fixes.rewrite(checked, unsafe=True, write=False)
