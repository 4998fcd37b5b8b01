"""Names and imports: what is there is used, what is missing is added in its place, what nobody uses any more goes."""

from __future__ import annotations

from textwrap import dedent

import pytest
from fastasync_lint.fixes import files

from .fix_tools import SLEEP, fixed

# name -> head of a module, the head after the fix, how `asyncio.to_thread` is spelt
HEADS = {
    "nothing": ("", "import asyncio\n\n\n", "asyncio.to_thread"),
    "there": ("import asyncio\n", "import asyncio\n", "asyncio.to_thread"),
    "alias": ("import asyncio as aio\n", "import asyncio as aio\n", "aio.to_thread"),
    "from": ("from asyncio import to_thread\n", "from asyncio import to_thread\n", "to_thread"),
    "from as": ("from asyncio import to_thread as run\n", "from asyncio import to_thread as run\n", "run"),
    "submodule": ("import asyncio.subprocess\n", "import asyncio.subprocess\n", "asyncio.to_thread"),
    "other name": ("from asyncio import sleep\n", "import asyncio\nfrom asyncio import sleep\n", "asyncio.to_thread"),
    "sorted": ("import abc\nimport os\n", "import abc\nimport asyncio\nimport os\n", "asyncio.to_thread"),
    "above from": ("from abc import ABC\n", "import asyncio\nfrom abc import ABC\n", "asyncio.to_thread"),
    "above third party": ("import requests\n", "import asyncio\n\nimport requests\n", "asyncio.to_thread"),
    "docstring": ('"""Doc."""\n', '"""Doc."""\n\nimport asyncio\n', "asyncio.to_thread"),
    "future": (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport requests\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport asyncio\n\nimport requests\n',
        "asyncio.to_thread",
    ),
    "only future": (
        "from __future__ import annotations\n",
        "from __future__ import annotations\n\nimport asyncio\n",
        "asyncio.to_thread",
    ),
    "relative": ("from . import x\n", "import asyncio\n\nfrom . import x\n", "asyncio.to_thread"),
    "shebang": (
        "#!/usr/bin/env python\n# Licence.\n",
        "#!/usr/bin/env python\n# Licence.\nimport asyncio\n\n\n",
        "asyncio.to_thread",
    ),
    "broken over lines": (
        "from abc import (\n    ABC,\n)\nimport xml\n",
        "import asyncio\nfrom abc import (\n    ABC,\n)\nimport xml\n",
        "asyncio.to_thread",
    ),
    "typing only": (
        "import os\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import asyncio\n",
        "import asyncio\nimport os\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import asyncio\n",
        "asyncio.to_thread",
    ),
    "shadowed": ("asyncio = None\n", "from asyncio import to_thread\n\nasyncio = None\n", "to_thread"),
    "perhaps missing": (
        "try:\n    import asyncio\nexcept ImportError:\n    asyncio = None\n",
        "from asyncio import to_thread\n\ntry:\n    import asyncio\nexcept ImportError:\n    asyncio = None\n",
        "to_thread",
    ),
    "class attribute": (
        "class A:\n    asyncio = 1\n",
        "import asyncio\n\n\nclass A:\n    asyncio = 1\n",
        "asyncio.to_thread",
    ),
    "decorated first": ("@a\nclass A: ...\n", "import asyncio\n\n\n@a\nclass A: ...\n", "asyncio.to_thread"),
}


@pytest.mark.parametrize(("head", "expected", "name"), HEADS.values(), ids=HEADS)
def test_module(head: str, expected: str, name: str) -> None:
    body = "async def handler(a):\n    return {}\n"
    result, _ = fixed(head + body.format("«f(a)»"))
    assert result == expected + body.format(f"await {name}(f, a)")


# name -> a function with the call, the function after the fix
LOCALS = {
    "local import": ("import asyncio as x\n    «f()»", "import asyncio as x\n    await x.to_thread(f)"),
    "local import below": ("«f()»\n    import asyncio", "await to_thread(f)\n    import asyncio"),
    "perhaps imported": (
        "if a:\n        import asyncio\n    «f()»",
        "if a:\n        import asyncio\n    await to_thread(f)",
    ),
    "parameter": ("«f()»", "await asyncio.to_thread(f)"),
    "assigned": ("asyncio = a\n    «f()»", "asyncio = a\n    await to_thread(f)"),
    "loop variable": ("for asyncio in a: «f()»", "for asyncio in a: await to_thread(f)"),
    "comprehension variable": ("[«f()» for asyncio in a]", "[await to_thread(f) for asyncio in a]"),
    "caught": ("try: pass\n    except E as asyncio: «f()»", "try: pass\n    except E as asyncio: await to_thread(f)"),
    "matched": ("match a:\n        case {**asyncio}: «f()»", "match a:\n        case {**asyncio}: await to_thread(f)"),
    "variable of another scope": (
        "x = [asyncio for asyncio in a]\n    «f()»",
        "x = [asyncio for asyncio in a]\n    await asyncio.to_thread(f)",
    ),
}


@pytest.mark.parametrize(("before", "after"), LOCALS.values(), ids=LOCALS)
def test_function(before: str, after: str) -> None:
    result, _ = fixed(f"async def handler(a):\n    {before}\n")
    assert result.partition("async def handler(a):\n")[2] == f"    {after}\n"
    module: dict[str, object] = {}
    exec(compile(result, "fixed", "exec"), module)
    assert ("asyncio" in module) is ("asyncio.to_thread" in after)


def test_parameter_hides_both_names() -> None:
    assert fixed("async def handler(asyncio, to_thread):\n    «f()»\n")[1] == set()


def test_imports_of_several_fixes_are_added_once() -> None:
    before = "import os\n\nasync def handler():\n    «os.stat(a)»\n    «os.remove(b)»\n"
    assert fixed(before)[0] == dedent("""\
        import asyncio
        import os

        async def handler():
            await asyncio.to_thread(os.stat, a)
            await asyncio.to_thread(os.remove, b)
        """)


# name -> before the fix, after it (tidied)
TIDY = {
    "unused": (
        "import time\n\n\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\n\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "still used": (
        "import time\n\n\nasync def h(): «time.sleep(time.time())»\n",
        "import asyncio\nimport time\n\n\nasync def h(): await asyncio.sleep(time.time())\n",
    ),
    "one of several": (
        "import asyncio\nimport os, time, re\n\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\nimport os, re\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "last of several": (
        "import asyncio\nfrom time import monotonic, sleep\n\nasync def h(): «sleep(1)»\n",
        "import asyncio\nfrom time import monotonic\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "in parentheses": (
        "import asyncio\nfrom time import (\n    monotonic,  # used\n    sleep,\n)\n\nasync def h(): «sleep(1)»\n",
        "import asyncio\nfrom time import (\n    monotonic,  # used\n)\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "own section": (
        "import asyncio\n\nfrom gevent import sleep\n\n\nasync def h(): «sleep(1)»\n",
        "import asyncio\n\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "first of the file": (
        "from time import sleep\n\nimport asyncio.queues\n\nasync def h(): «sleep(1)»\n",
        "import asyncio.queues\n\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "in the function": (
        "import asyncio\nasync def h():\n    import time\n    «time.sleep(1)»\n",
        "import asyncio\nasync def h():\n    await asyncio.sleep(1)\n",
    ),
    "unused before": (
        "import asyncio\nimport os\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\nimport os\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "exported": (
        "import asyncio\nfrom time import sleep\n__all__ = ['sleep']\nasync def h(): «sleep(1)»\n",
        "import asyncio\nfrom time import sleep\n__all__ = ['sleep']\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "in a string annotation": (
        "import asyncio\nimport time\nx: 'time.struct_time'\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\nimport time\nx: 'time.struct_time'\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "noqa": (
        "import asyncio\nimport time  # noqa: F401\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\nimport time  # noqa: F401\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "guarded": (
        "import asyncio\ntry:\n    import time\nexcept ImportError:\n    pass\nasync def h(): «time.sleep(1)»\n",
        "import asyncio\ntry:\n    import time\nexcept ImportError:\n    pass\nasync def h(): await asyncio.sleep(1)\n",
    ),
    "one line": (
        "import asyncio; import time\nasync def h(): «time.sleep(1)»\n",
        "import asyncio; import time\nasync def h(): await asyncio.sleep(1)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), TIDY.values(), ids=TIDY)
def test_import_without_a_use(before: str, after: str) -> None:
    source = before.replace("«", "").replace("»", "")
    result, _ = fixed(before, **SLEEP)
    assert files.tidy("app.py", source.encode(), result.encode()).decode() == after


def test_package_keeps_what_it_imports() -> None:
    before = "import asyncio\nimport time\nasync def h(): «time.sleep(1)»\n"
    result, _ = fixed(before, **SLEEP)
    source = before.replace("«", "").replace("»", "")
    assert files.tidy("app/__init__.py", source.encode(), result.encode()) == result.encode()
