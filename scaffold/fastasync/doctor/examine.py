"""One run of `fastasync doctor`."""

from __future__ import annotations

import os
from collections import Counter
from typing import NamedTuple, get_args

import msgspec
from fastasync_lint.errors import UserError
from fastasync_lint.model import Problem, Severity
from fastasync_lint.pipeline import Outcome
from fastasync_lint.wording import Shortener

from fastasync.doctor import libraries, pools, readiness, rules, shutdown
from fastasync.doctor.advice import Advice, Check
from fastasync.doctor.manifests import dependencies
from fastasync.doctor.project import Project
from fastasync.doctor.starting import starts


class Diagnosis(NamedTuple):
    """Everything there is to say of a project."""

    advice: list[Advice]
    lint: rules.Summary
    problems: list[Problem]

    @property
    def status(self) -> int:
        """The exit status."""
        findings = self.advice or self.lint.rules
        return 2 if self.problems else 1 if findings else 0


def examine(path: str) -> Diagnosis:
    """Read the project in a folder. `UserError` when there is none."""
    folder = os.path.abspath(path)
    if not os.path.isdir(folder):
        what = "is a file" if os.path.exists(folder) else "no such folder"
        raise UserError(f"{path}: {what}; name the folder of a project")
    outcome = rules.lint(folder)
    assert outcome.project is not None
    files = outcome.project.files if outcome.project.wanted is None else outcome.project.wanted
    if not files:
        raise UserError(f"{path}: no Python file in it; name the folder of a project")
    project = Project(folder, files)
    return Diagnosis(
        _shown(_advice(project, outcome)),
        rules.summary(outcome, folder),
        sorted([*outcome.problems, *(_short(problem) for problem in project.problems)]),
    )


def _advice(project: Project, outcome: Outcome) -> list[Advice]:
    given = dependencies(project)
    made = pools.pools(project)
    started = starts(project)
    units = [start.unit for start in started.all if start.unit is not None]
    blocking = Counter(one.sink.partition(".")[0] for one in outcome.findings if one.severity is not Severity.INFO)
    several = any(unit.replicas > 1 or unit.orchestrator == "kubernetes" for unit in units)
    return [
        *libraries.check(project, given, made, blocking),
        *pools.check(project, made, started, given),
        *rules.advise(outcome, project, several=several),
        *shutdown.check(started),
        *readiness.check(project, made),
    ]


def _shown(advice: list[Advice]) -> list[Advice]:
    """In the order of checks and places, with names relative to the current folder."""
    short = Shortener()
    order = get_args(Check)
    named = {msgspec.structs.replace(one, filename=short(one.filename)) for one in advice}
    return sorted(named, key=lambda one: (order.index(one.check), one.filename, one.row, one.message))


def _short(problem: Problem) -> Problem:
    return Problem(Shortener()(problem.filename), problem.message)
