"""Dependencies that block the event loop, or that nobody keeps up any more."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from fastasync.doctor.advice import Advice
from fastasync.doctor.code import Code
from fastasync.doctor.manifests import Dependency
from fastasync.doctor.pools import Pool
from fastasync.doctor.project import Project

_SYNC = "In a coroutine each of its calls stops every request; in a `def` endpoint it holds one of the 40 threads."
_IN_THREADS = "No call of it was found on the event loop; in a `def` endpoint each holds one of the 40 threads."


def check(
    project: Project, given: list[Dependency], pools: list[Pool], blocking: Mapping[str, int]
) -> Iterator[Advice]:
    """The dependencies that `libraries.toml` knows, and engines that are synchronous.

    `blocking` are the calls on the event loop that the checker found, by the first part of what is called.
    """
    used = _Used(project)
    declared = {one.name for one in given}
    facts = {str(canonicalize_name(name)): fact for fact in _facts() for name in fact["names"]}
    seen: set[str] = set()
    for one in given:
        fact = facts.get(one.name)
        if fact is None or one.name in seen or ("before" in fact and one.allows(fact["before"])):
            continue
        if fact["kind"] == "dead" or used.blocks(fact, declared):
            seen.add(one.name)
            yield _advice(fact, one, sum(blocking.get(root, 0) for root in fact.get("sinks", fact["imports"])))
    yield from _engines(pools, sum(blocking.get(root, 0) for root in ("sqlalchemy", "sqlmodel")))


def _advice(fact: Mapping[str, Any], one: Dependency, calls: int) -> Advice:
    is_dead = fact["kind"] == "dead"
    version = f" before {fact['before']}" if "before" in fact else ""
    what = "should be replaced" if is_dead else "is synchronous"
    reason = _SYNC if fact.get("driver") else _IN_THREADS
    if calls:
        reason = _on_loop(calls)
    return Advice(
        check="libraries",
        filename=one.filename,
        row=one.row,
        message=f"`{one.name}`{version} {what}",
        reason=fact["reason"] if is_dead else reason,
        help=f"Use {fact['use']}.",
    )


def _engines(pools: list[Pool], calls: int) -> Iterator[Advice]:
    """Synchronous engines, told once.

    Beside an asynchronous one they often serve tools alone; then only what was found on the loop counts.
    """
    sync = [pool for pool in pools if pool.kind.get("sync")]
    is_mixed = any(pool.kind.get("async") for pool in pools)
    if not sync or (is_mixed and not calls):
        return
    first, *others = sorted(sync, key=lambda pool: (pool.code.path, pool.call.lineno))
    also = f", here and in {len(others)} more place{'s' * (len(others) > 1)}" if others else ""
    yield Advice(
        check="libraries",
        filename=first.code.path,
        row=first.call.lineno,
        message=f"`create_engine` makes a synchronous engine{also}",
        reason=_on_loop(calls) if calls else _SYNC,
        help="Use `create_async_engine` and `AsyncSession`, on asyncpg, psycopg, asyncmy, aiomysql or aiosqlite.",
    )


def _on_loop(calls: int) -> str:
    return f"{calls} call{'s' * (calls > 1)} of it on an event loop: each stops everything else there while it lasts."


class _Used:
    """What the project's own code imports."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = "|".join(sorted({root for fact in _facts() for root in fact.get("imports", ())}))

    @functools.cached_property
    def _files(self) -> list[Code]:
        return list(self._project.code(rf"\b({self._names})\b"))

    @functools.cached_property
    def _roots(self) -> set[str]:
        return {root for code in self._files for root in code.root_imports()}

    @functools.cached_property
    def _imported(self) -> set[str]:
        return {name for code in self._files for name in code.imports.values()}

    def blocks(self, fact: Mapping[str, Any], declared: set[str]) -> bool:
        """Whether a synchronous library is used in earnest.

        A driver is, unless an asynchronous one of the same database stands beside it (migrations often keep their
        own). Any other library is where code that runs in production imports it, and not its asynchronous half alone.
        """
        is_imported = bool(self._roots & set(fact.get("imports", ())))
        if self._uses_async_half(fact):
            return False
        return is_imported or (bool(fact.get("driver")) and not declared & set(fact.get("beside", ())))

    def _uses_async_half(self, fact: Mapping[str, Any]) -> bool:
        return any(name.startswith(half) for name in self._imported for half in fact.get("unless", ()))


@functools.cache
def _facts() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("libraries.toml").read_text("utf-8")
    return list(tomllib.loads(text)["library"])
