"""Files written for a newer Python than the one that reads them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fastasync_lint.facts import newer

from .programs import case, check

PROGRAMS = [
    case(
        "type-parameters",
        """
import time
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

def waits[**P, T](value: T) -> T:
    time.sleep(1)
    return value

class Stored[
    Kind: Session,  # of its own "session"
    Other = f"{"x"}[",
](object):
    def __init__(self, session: Kind) -> None:
        self.session = session

    async def save(self):
        waits(1)  # FSA101
        self.session.commit()  # FSA103

async def save[S: AsyncSession, *Rest](session: S):
    await session.commit()
""",
    ),
    case(
        "aliases",
        """
from redis import Redis
from redis.asyncio import Redis as Later

type Store = Redis
type Many[T] = \\
    dict[str, T]
type = 1

async def blocking(store: Store, type: int, many: Many[Redis]):
    type == 2
    store.get("a")  # FSA103

async def clean(store: Later):
    await store.get("a")
""",
    ),
    case(
        "f-strings",
        """
import asyncio
import requests

async def handler(x, y):
    a = f"{x["a"]:>{y["w"]}} {requests.get("http://a#b")!r} \\N{EM DASH} {{}}"  # FSA102
    b = f'{', '.join(f'{k}={requests.get(y['u'])}' for k in x)}'  # FSA102
    c = f\"\"\"{"\\n".join(x)} {
        requests.get("u")  # FSA102
    }\"\"\"
    d = f"{
        requests.get(x["u"])  # FSA102
    }" f'{x['b']}' "c"
    if"x" in rf"\\d{x["b"]}\\"": requests.get("")  # FSA102
    return [a, b, c, d, f"{f"{x}"}"]

async def clean(x):
    return f"{", ".join([(await asyncio.to_thread(requests.get, x["url"])).text])}"
""",
    ),
    case(
        "except-without-brackets",
        """
import time

async def handler(x):
    try:
        x.run()
    except ValueError, KeyError:
        time.sleep(1)  # FSA101
    except (OSError, x.errors["a", "b"]) as error:
        print(error)
    except x.error:
        pass

async def clean(x):
    try:
        x.run()
    except ValueError, x.error: print(x)
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


@pytest.mark.parametrize(
    "source",
    [
        "f'", 'f"{', 'f"{x', 'f"{x:', 'f"{"', "def f[", "def f[T", "type A[", "type A[B] * 2",
        "try:\n    pass\nexcept A", "'", "def f[T'](): 1", "f(:",
    ],
)  # fmt: skip
def test_what_is_no_python_stays_an_error(source: str) -> None:
    with pytest.raises(SyntaxError):
        newer.parse(source.encode())


def test_what_every_python_reads_stays_as_it_is() -> None:
    source = Path(newer.__file__).read_bytes()
    assert ast.dump(newer.parse(source)) == ast.dump(ast.parse(source))


def test_a_template_string_is_read() -> None:
    """Its type is no text, which nothing asks for yet."""
    tree = newer.parse(b'a = t"{x["b"]}"')
    assert isinstance(tree.body[0], ast.Assign)


def test_type_parameters_keep_their_names_and_bounds() -> None:
    node = newer.parse(b"x = 1\ndef f[A, B: int, *C, **D](): ...\n").body[1]
    found = [(each.name, getattr(each, "bound", None)) for each in getattr(node, "type_params", ())]
    assert [name for name, _ in found] == ["A", "B", "C", "D"]
    assert [ast.unparse(bound) for _, bound in found if bound] == ["int"]
