"""The same findings whatever the order of the files, the seed of hashing, or how many files are asked for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.model import Hit
from fastasync_lint.settings import Settings

from . import test_calls, test_contexts, test_inheritance, test_modules, test_receivers
from .programs import PENDING, files, write

SCRIPT = """
import sys
from pathlib import Path
from fastasync_lint.engine import analyse
from fastasync_lint.settings import Settings

root = Path(sys.argv[1])
for hit in analyse(root, sorted(root.rglob("*.py")), None, Settings(), cache=False).hits:
    print(hit)
"""
LISTS = (
    test_receivers.DEPENDS,
    test_receivers.CONSTRUCTION,
    test_receivers.ATTRIBUTES,
    test_calls.FUNCTIONS,
    test_calls.DECORATORS,
    test_contexts.FASTAPI,
    test_inheritance.INHERITANCE,
    test_modules.MODULES,
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the other tests as packages of one project that imports each of them by the same names."""
    root = tmp_path_factory.mktemp("project")
    for parameters in LISTS:
        for parameter in parameters:
            if parameter.id not in PENDING:
                write(root / f"{parameter.id.replace('-', '_')}_service", files(str(parameter.values[0])))
    (root / "hub.py").write_text(HUB)
    for number in range(len(NAMES)):
        (root / f"link_{number}.py").write_text(LINK.format(before=(number - 1) % len(NAMES), name=NAMES[number]))
    return root


NAMES = ("redis", "requests", "valkey", "httpx", "sqlite3")
HUB = """
import httpx
import redis
import link_0

class Registry:
    def __init__(self):
        self.items = {}

    def add(self, name, item):
        self.items[name] = item

    def get(self, name):
        return self.items.get(name) or link_0.fallback()

registry = Registry()

async def handler(name):
    return registry.get(name).get("x")
"""
LINK = """
import {name}
import hub
import link_{before} as before

class Link:
    def run(self):
        return before.step(self)

def step(link):
    return hub.registry.get("{name}") or fallback()

def fallback():
    return before.fallback() or {name}.Client() or {name}.Redis() or {name}.Session()

hub.registry.add("{name}", fallback())

async def work():
    Link().run()
    return fallback().get("https://x.example")
"""


def paths(root: Path) -> list[Path]:
    return sorted(root.rglob("*.py"))


def hits(root: Path, order: list[Path], wanted: list[Path] | None = None) -> list[Hit]:
    return analyse(root, order, wanted, Settings(), cache=False).hits


def test_the_order_of_files_does_not_matter(project: Path) -> None:
    expected = hits(project, paths(project))
    assert len(expected) > 100
    for seed in (1, 2):
        order = paths(project)
        random.Random(seed).shuffle(order)
        assert hits(project, order) == expected


def test_asking_twice_gives_the_same(project: Path) -> None:
    assert hits(project, paths(project)) == hits(project, paths(project))


def test_the_seed_of_hashing_does_not_matter(project: Path) -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(project)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1
    assert said != {b""}


def test_a_file_alone_is_as_in_the_full_run(project: Path) -> None:
    everything = paths(project)
    full = hits(project, everything)
    knots = [project / name for name in ("hub.py", "link_0.py", "link_3.py")]
    sample = [*knots, *random.Random(0).sample(everything, 12)]
    for path in sample:
        assert hits(project, everything, [path]) == [hit for hit in full if hit.filename == str(path)]
