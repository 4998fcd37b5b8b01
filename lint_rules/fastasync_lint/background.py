"""Checks of open documents in a thread of their own; the newest request wins.

A project is checked once for all documents that are open in it: a change of one can make or mend findings of another.
What has changed is looked at first by itself, with what the last check knows of all else, so an answer comes at once.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from . import baseline
from .discover import discover, project_root
from .errors import SupersededError, UserError
from .model import Finding, Problem
from .pipeline import Outcome, Request, check, recheck, remembered
from .settings import Settings, load
from .sources import Sources

_STACK = 64 * 1024 * 1024
"""Bytes for the thread: calls of the program are evaluated inside one another, and some systems give threads little."""


REST = 0.5
"""Seconds without an edit before everything is checked anew."""


class Document(NamedTuple):
    """The text of an open document at a version."""

    version: int | None
    data: bytes


class Result(NamedTuple):
    """What was found in one document, which had this version."""

    path: str
    version: int | None
    findings: list[Finding]
    problems: list[Problem]


Documents = Mapping[str, Document]
Deliver = Callable[[list[Result], Documents, str], None]
"""Takes the results of a check and what was open then, or no results and the reason. Called in the thread."""


class Checker:
    """Checks what it was asked for last; requests that come in meanwhile become one."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._documents: Documents = {}
        self._asked: set[str] = set()
        self._stopped = False
        self._last: dict[str, tuple[object, list[Result]]] = {}
        self._kept: tuple[str, Outcome] | None = None
        self._seen: dict[str, bytes] = {}
        self._checked = False
        before = threading.stack_size(_STACK)
        threading.Thread(target=self._run, name="fastasync-check", daemon=True).start()
        threading.stack_size(before)

    def ask(self, documents: Documents, paths: Iterable[str]) -> None:
        """Check the projects of the paths; `documents` are all that are open, by absolute path."""
        with self._changed:
            self._documents = documents
            self._asked.update(paths)
            self._changed.notify()

    def stop(self) -> None:
        """Start nothing more. The thread does not keep the process alive."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked or self._stopped)
                if self._stopped:
                    return
                documents, asked = self._documents, self._asked
                self._asked = set()
            for group in _groups(documents, asked):
                self._check(group, documents)

    def _has_news(self) -> bool:
        return bool(self._asked) or self._stopped

    def _hears_more(self) -> bool:
        """Whether the next edit comes within a moment. It would wait for a whole check that has just begun."""
        with self._changed:
            return self._changed.wait_for(self._has_news, REST)

    def _check(self, paths: list[str], documents: Documents) -> None:
        try:
            if quick := self._quick(paths, documents):
                self._deliver(quick, documents, "")
                if self._hears_more():
                    raise SupersededError
            elif first := self._remembered(paths, documents):
                self._deliver(first, documents, "")
            self._deliver(self._results(paths, documents), documents, "")
            if self._checked:
                self._checked = False
                _settle()
        except SupersededError:
            with self._changed:
                self._asked.update(paths)
        except UserError as error:
            self._deliver([], documents, str(error))
        except Exception as error:  # the editor must learn of it, and the next check may well succeed
            self._deliver([], documents, f"internal error: {error!r}")

    def _results(self, paths: list[str], documents: Documents) -> list[Result]:
        """The results of the last check where nothing has changed since: text that was checked is often saved next."""
        settings = load(os.path.dirname(paths[0]))
        now = _state(paths, documents, settings)
        before, found = self._last.get(paths[0], (None, []))
        if now != before:
            outcome = check(_request(paths, documents, settings, self._has_news))
            found = _by_document(outcome, paths, documents)
            self._last = {**self._last, paths[0]: (now, found)}
            self._kept = (project_root(paths), outcome)
            self._checked = True
            self._seen = {path: document.data for path, document in documents.items()}
        return [result._replace(version=documents[result.path].version) for result in found]

    def _remembered(self, paths: list[str], documents: Documents) -> list[Result]:
        """What an earlier run has found, before the first check here has."""
        if self._evaluated(paths) is not None:
            return []
        outcome = remembered(_request(paths, documents, load(os.path.dirname(paths[0])), None))
        return [] if outcome is None else _by_document(outcome, paths, documents)

    def _quick(self, paths: list[str], documents: Documents) -> list[Result]:
        """First results of the documents that were edited since they were last looked at."""
        before = self._evaluated(paths)
        if before is None:
            return []
        settings = load(os.path.dirname(paths[0]))
        found: list[Result] = []
        for path in paths:
            data = documents[path].data
            if self._seen.get(path, data) == data:
                continue
            self._seen[path] = data
            outcome = recheck(before, path, _request([path], documents, settings, None, always=path))
            if outcome is not None:
                found += _by_document(outcome, [path], documents)
        return found

    def _evaluated(self, paths: list[str]) -> Outcome | None:
        """The last check of the project that the paths belong to, with its evaluation."""
        if self._kept is None or self._kept[0] != project_root(paths):
            return None
        return self._kept[1]


def _settle() -> None:
    """Drop what the last check held, and let no collection walk through what this one holds: the next answer waits."""
    if not gc.get_freeze_count():
        gc.freeze()
        return
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _request(
    paths: list[str],
    documents: Documents,
    settings: Settings,
    superseded: Callable[[], bool] | None,
    *,
    always: str = "",
) -> Request:
    """Check open documents of one project; the unsaved text of all documents counts."""
    # A document as it is on disk is left to the cache of facts.
    overlay = {
        path: document.data
        for path, document in documents.items()
        if path == always or Sources().data(path) != document.data
    }
    return Request(
        paths=tuple(paths),
        settings=settings,
        overlay=overlay,
        # A file that is excluded is left alone; one that is not saved yet is in no folder's list.
        force_exclude=all(map(os.path.exists, paths)),
        workers=1,
        known=lambda: _known(settings),
        superseded=superseded,
        keep=True,
    )


def _by_document(outcome: Outcome, paths: list[str], documents: Documents) -> list[Result]:
    found: dict[str, Result] = {path: Result(path, documents[path].version, [], []) for path in paths}
    for finding in outcome.findings:
        if (result := found.get(os.path.abspath(finding.filename))) is not None:
            result.findings.append(finding)
    for problem in outcome.problems:
        if (result := found.get(os.path.abspath(problem.filename))) is not None:
            result.problems.append(problem)
    return list(found.values())


def _groups(documents: Documents, asked: Iterable[str]) -> list[list[str]]:
    """The open documents of each project that one of `asked` belongs to."""
    roots: dict[str, list[str]] = {}
    for path in sorted(documents):
        roots.setdefault(project_root([path]), []).append(path)
    wanted = {project_root([path]) for path in asked}
    return [paths for root, paths in roots.items() if root in wanted]


def _known(settings: Settings) -> Mapping[str, int]:
    if settings.baseline is None:
        return {}
    return baseline.load(os.path.join(settings.folder, settings.baseline)).known


def _state(paths: list[str], documents: Documents, settings: Settings) -> object:
    """All that a check depends on: the text of open documents, and time and size of all other files."""
    project = discover(paths, settings)
    others = [*project.files, os.path.join(project.root, "pyproject.toml")]
    if settings.baseline is not None:
        others.append(os.path.join(settings.folder, settings.baseline))
    sources = Sources()
    stamps = [(path, sources.stamp(path)) for path in others if path not in documents]
    return (paths, settings, {path: document.data for path, document in documents.items()}, stamps)
