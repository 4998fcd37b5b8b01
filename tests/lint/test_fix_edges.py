"""Corners of the fixes: names that are all taken, code outside functions, text that cannot be read."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst
import pytest
from fastasync_lint import fixes
from fastasync_lint.fixes import files
from fastasync_lint.fixes.place import find, locate
from fastasync_lint.fixes.text import Document
from fastasync_lint.model import Location

from .fix_tools import OPEN, SLEEP, fixed, suggestions

TAKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "thread": ("async def h(asyncio, to_thread): «f()»", {}),
    "sleep": ("async def h(asyncio, sleep): «time.sleep(1)»", {"style": "run-in-threadpool", **SLEEP}),
    "partial": ("async def h(functools, partial): «f(k=1)»", {"style": "run-in-executor"}),
    "eager partial": (
        "async def h(functools, partial, loop): await loop.run_in_executor(None, «f(k=1)»)",
        {"code": "FSA202"},
    ),
    "stepping": (
        "import fastapi\nasync def h(starlette, iterate_in_threadpool, fastapi):\n    for x in «rows()»: pass",
        {"style": "auto", "kind": "iterate", "call": "rows"},
    ),
}


@pytest.mark.parametrize(("source", "fields"), TAKEN.values(), ids=TAKEN)
def test_no_name_is_free(source: str, fields: dict[str, Any]) -> None:
    result, labels = fixed(source + "\n", **fields)
    bare = source.replace("«", "").replace("»", "") + "\n"
    if labels:
        # Without `asyncio.sleep` the sleep goes to a thread.
        assert result.endswith("await run_in_threadpool(time.sleep, 1)\n")
    else:
        assert result == bare


def test_anyio_under_taken_names_leaves_the_file_to_a_thread() -> None:
    before = "import fastapi\nasync def h(anyio, open_file):\n    with «open(p)» as f: f.read()\n"
    assert "with await run_in_threadpool(open, p) as f" in fixed(before, "auto", **OPEN)[0]


@pytest.mark.parametrize("source", ["«f()»\n", "x = [«f()»]\n", "if a:\n    «f()»\n", "class A:\n    x = «f()»\n"])
def test_outside_of_functions(source: str) -> None:
    _, [(texts, fix)] = suggestions(source)
    assert fix is None
    assert texts[0] == "or run it in a thread: `asyncio.to_thread(f)`"


def test_location_behind_the_end() -> None:
    document = Document("f()\n")
    assert find(document, Location(9, 1), Location(9, 4)) is None
    assert document.offset(Location(9, 1)) == 4


def test_node_of_another_tree() -> None:
    assert locate(Document("f()\n"), ast.parse("g()", mode="eval").body) is None


def test_import_behind_the_last_line() -> None:
    before = "if a:\n    async def h(): «f()»\nimport abc"
    assert fixed(before)[0] == "if a:\n    async def h(): await asyncio.to_thread(f)\nimport abc\nimport asyncio\n"


def test_endpoint_inside_of_a_match() -> None:
    before = (
        'match a:\n    case 1:\n        x = 1\n    case 2:\n        @app.get("/")\n        async def «h»(): return 1\n'
    )
    assert fixed(before, code="FSA305")[0] == before.replace("async ", "").replace("«", "").replace("»", "")


@pytest.mark.parametrize(
    "body", ["import asyncio", "from anyio import sleep", "async for x in y: pass", "[x async for x in y]"]
)
def test_endpoint_that_needs_the_loop(body: str) -> None:
    assert fixed(f'@app.get("/")\nasync def «h»():\n    {body}\n', code="FSA305")[1] == set()


def test_dependency_given_as_an_expression() -> None:
    before = "async def «h»(): return 1\ndef a(x=Depends(h), y=Depends(b.c), z=Depends(use=d())): ...\n"
    assert fixed(before, code="FSA305")[0].startswith("def h()")


def test_commit_outside_of_functions() -> None:
    assert fixed("«s.commit()»\n", code="FSA302")[1] == set()


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("async def h(): «unread_a()»\n", {}),
        ("import anyio\nasync def h():\n    with «open(unread_b)» as f: f.read()\n", OPEN),
        ("async def h(): await asyncio.to_thread(«unread_c()»)\n", {"code": "FSA202"}),
    ],
)
def test_syntax_that_libcst_does_not_know(source: str, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer Python than LibCST: `ast` reads the file, LibCST refuses the call."""

    def refuse(text: str) -> cst.BaseExpression:
        raise cst.ParserSyntaxError("unknown", lines=[text], raw_line=1, raw_column=0)

    monkeypatch.setattr(cst, "parse_expression", refuse)
    assert suggestions(source, **fields)[1][0][1] is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("import time\ntime.x\n", "import time\n(\n", "import time\n(\n"),
        ("(\n", "import time\n", "import time\n"),
        ("def f():\n    import time\n    time.x\n", "def f():\n    import time\n", "def f():\n    import time\n"),
        ("from a import (b, c)\nb, c\n", "from a import (b, c)\nb\n", "from a import (b)\nb\n"),
        ("from a import (b, c,)\nb, c\n", "from a import (b, c,)\nb\n", "from a import (b,)\nb\n"),
        ("from a import (b, c)\nb, c\n", "from a import (b, c)\nc\n", "from a import (c)\nc\n"),
        ("import a.b, c\na.b, c\n", "import a.b, c\nc\n", "import c\nc\n"),
        ("import a as b\nb\n", "import a as b\n1\n", "1\n"),
        ("x\n\nimport a\n\n\nprint(a)\n", "x\n\nimport a\n\n\nprint()\n", "x\n\n\nprint()\n"),
    ],
)
def test_tidying(before: str, after: str, expected: str) -> None:
    assert files.tidy("app.py", before.encode(), after.encode()).decode() == expected


def test_tidying_keeps_the_byte_order_mark() -> None:
    before, after = b"\xef\xbb\xbfimport a\na\n", b"\xef\xbb\xbfimport a\n1\n"
    assert files.tidy("app.py", before, after) == b"\xef\xbb\xbf1\n"


def test_eager_argument_outside_of_functions() -> None:
    before = "import functools\nx = loop.run_in_executor(None, «f(k=1)»)\n"
    after = "import functools\nx = loop.run_in_executor(None, functools.partial(f, k=1))\n"
    assert fixed(before, code="FSA202") == (after, {"safe"})


def test_unknown_code_has_no_fix() -> None:
    assert suggestions("async def h(): «f()»\n", code="FSA403")[1] == [((), None)]


def test_fixes_of_nothing() -> None:
    assert fixes.apply(b"x = 1\n", []) == (b"x = 1\n", 0)
