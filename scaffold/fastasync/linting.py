"""One run of `fastasync lint`: findings to stdout in one of the report's forms; problems and remarks to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cached_property
from typing import get_args

import msgspec
from fastasync_lint.errors import UserError
from fastasync_lint.model import Finding, Problem, Severity
from fastasync_lint.pipeline import Outcome, Request, check
from fastasync_lint.report import Format, details, render
from fastasync_lint.settings import Selection, Settings, check_selectors, load
from fastasync_lint.sources import Sources
from fastasync_lint.wording import Details

from fastasync import replay, terminal
from fastasync.choices import Choices
from fastasync.progress import waiting


class Run:
    """A run with one set of options; raises `UserError` where they cannot be followed."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._refuse_nonsense()
        self._overlay: dict[str, bytes] = {}
        self._text = self._remarks = ""
        paths = choices.paths
        if paths == ("-",):
            path = os.path.abspath(choices.stdin_filename or "stdin.py")
            self._overlay[path] = sys.stdin.buffer.read()
            paths = (path,)
        self.paths = paths

    def run(self) -> int:
        """Check, and print; the exit status."""
        if self.choices.watch:
            from fastasync.watching import watch

            return watch(self)
        return self.once()

    def once(self) -> int:
        """Check once and print the report; 0, 1 or 2."""
        started = time.time_ns()
        self._text, self._remarks = "", ""
        with waiting("Checking"):
            outcome = self._checked()
        self._record(outcome)
        self._report(outcome)
        for problem in outcome.problems:
            self._remarks += f"error: {problem.filename}: {problem.message}\n"
        status = 2 if outcome.problems else 1 if outcome.findings and not self.choices.exit_zero else 0
        terminal.show(self._text, self._remarks)
        if outcome.project is not None and not outcome.problems:
            run = replay.Printed(self._text, self._remarks, status)
            replay.remember(self.choices, outcome.project, self.settings, self.baseline_path, started, run)
        return status

    @cached_property
    def settings(self) -> Settings:
        """The project's settings under those of the command line."""
        from fastasync_lint.discover import absolute, common_folder

        choices = self.choices
        check_selectors(choices.select or (), "--select")
        check_selectors(choices.ignore or (), "--ignore")
        settings = load(common_folder(absolute(self.paths, self._overlay)))
        if choices.min_severity is not None:
            settings = msgspec.structs.replace(settings, min_severity=Severity(choices.min_severity))
        return msgspec.structs.replace(settings, command_line=Selection(choices.select, choices.ignore or ()))

    @cached_property
    def baseline_path(self) -> str | None:
        """The baseline's file: the option's, or the setting's, which is relative to pyproject.toml."""
        if self.choices.baseline is not None or self.settings.baseline is None:
            return self.choices.baseline
        return os.path.join(self.settings.folder, self.settings.baseline)

    def _refuse_nonsense(self) -> None:
        choices = self.choices
        if "-" in choices.paths and choices.paths != ("-",):
            raise UserError("`-` stands for stdin alone: name no other path with it")
        if choices.stdin_filename is not None and choices.paths != ("-",):
            raise UserError("--stdin-filename needs `-` as the only path")
        stdin = "-" in choices.paths
        for name, wanted in [("--fix", choices.fix), ("--diff", choices.diff), ("--watch", choices.watch)]:
            if stdin and wanted:
                raise UserError(f"{name} works on files, not on stdin")
        if choices.unsafe_fixes and not (choices.fix or choices.diff):
            raise UserError("--unsafe-fixes goes with --fix or --diff")
        if choices.fix and choices.diff:
            raise UserError("--fix writes and --diff only shows: use one of them")

    def _checked(self) -> Outcome:
        """The outcome, after fixes where they are asked for."""
        choices = self.choices
        forms = [form for form, _ in self._reports]
        if not choices.statistics:
            forms.append(choices.output_format)
        needs: list[Details] = ["all"] if choices.fix or choices.diff else [details(form) for form in forms]
        with self._known() as known:
            request = Request(
                paths=self.paths,
                settings=self.settings,
                overlay=self._overlay,
                details="all" if "all" in needs else "first" if "first" in needs else "none",
                force_exclude=choices.force_exclude,
                cache=not choices.no_cache,
                known=known,
                strict=choices.strict,
            )
            return self._fixed(request) if choices.fix or choices.diff else check(request)

    @contextlib.contextmanager
    def _known(self) -> Generator[Callable[[], Mapping[str, int]]]:
        """Gives what tells the fingerprints that are not to be reported: those of the baseline, or of the revision."""
        from collections import Counter

        choices, path = self.choices, self.baseline_path
        recorded: Counter[str] = Counter()
        if path is not None and (os.path.exists(path) or not self._updates):
            from fastasync_lint import baseline

            recorded = baseline.load(path).known
        if choices.since is None:
            yield lambda: recorded
            return
        from fastasync_lint.changes import known_at
        from fastasync_lint.discover import absolute

        paths = absolute(self.paths, self._overlay)
        with known_at(choices.since, paths, self.settings, cache=not choices.no_cache) as known:
            yield lambda: recorded | Counter(known())

    @cached_property
    def _reports(self) -> list[tuple[Format, str]]:
        """The further reports: form and file."""
        reports: list[tuple[Format, str]] = []
        for given in self.choices.report or ():
            form, _, path = given.partition("=")
            known = {name: name for name in get_args(Format)}
            if form not in known or not path:
                raise UserError(f"--report {given}: give it as FORMAT=FILE; formats: {', '.join(known)}")
            reports.append((known[form], path))
        return reports

    @property
    def _updates(self) -> bool:
        return self.choices.update_baseline or self.choices.grow_baseline

    def _fixed(self, request: Request) -> Outcome:
        """Apply the fixes; the outcome of the last check, with what could not be fixed."""
        from fastasync_lint import fixes

        last = Outcome([], [])

        def again(contents: Mapping[str, bytes]) -> Sequence[Finding]:
            nonlocal last
            overlay = {os.path.abspath(name): data for name, data in contents.items()}
            last = check(msgspec.structs.replace(request, overlay={**request.overlay, **overlay}))
            return last.findings

        result = fixes.rewrite(again, unsafe=self.choices.unsafe_fixes, write=self.choices.fix)
        if self.choices.diff:
            self._text += result.diff
            count, verb = result.fixes, "Would apply"
        else:
            count, verb = result.fixes, "Applied"
        if not self.choices.quiet:
            files = len(result.changes)
            self._remarks += (
                f"{verb} {count} fix{'' if count == 1 else 'es'} in {files} file{'' if files == 1 else 's'}.\n"
            )
        last.problems = sorted({*last.problems, *result.problems}, key=_problem_order)
        return last

    def _record(self, outcome: Outcome) -> None:
        """Bring the baseline up to date, where that is asked for."""
        if not self._updates:
            return
        path = self.baseline_path
        if path is None:
            raise UserError("--update-baseline needs --baseline FILE, or `baseline` in [tool.fastasync.lint]")
        from fastasync_lint import baseline

        folder = os.path.dirname(os.path.abspath(path))
        is_new = not os.path.exists(path)
        old = baseline.Baseline() if is_new else baseline.load(path)
        new = baseline.shrunk(old, outcome.standing, self._looked_at(outcome), folder)
        if is_new or self.choices.grow_baseline:
            new = baseline.grown(new, outcome.selected, folder)
            outcome.known += len(outcome.findings)
            outcome.findings = []
        baseline.save(path, new)
        if not self.choices.quiet:
            before, after = old.known.total(), new.known.total()
            self._remarks += f"{path}: {after} finding{'' if after == 1 else 's'} recorded, {before} before.\n"

    def _looked_at(self, outcome: Outcome) -> set[str]:
        """The files that were analysed."""
        project = outcome.project
        if project is None:
            return set()
        failed = {os.path.abspath(problem.filename) for problem in outcome.problems}
        return set(project.files if project.wanted is None else project.wanted) - failed

    def _report(self, outcome: Outcome) -> None:
        choices = self.choices
        if choices.diff:
            return
        if choices.statistics:
            from fastasync_lint.report import statistics

            text = statistics.render(outcome, choices.output_format)
        else:
            colour = choices.output_file is None and terminal.has_colour()
            text = render(outcome, choices.output_format, sources=Sources(self._overlay), colour=colour)
        if choices.output_file is not None:
            terminal.write(choices.output_file, text)
        else:
            self._text += text
        for form, path in self._reports:
            terminal.write(path, render(outcome, form, sources=Sources(self._overlay)))
        self._sum_up(outcome)

    def _sum_up(self, outcome: Outcome) -> None:
        """The last line, for people; forms for programs get it only with --strict, and on stderr."""
        from fastasync_lint.report.causes import summary

        choices = self.choices
        if choices.strict:
            from fastasync_lint.report import unresolved

            self._remarks += unresolved.render(outcome, Sources(self._overlay))
        for_people = choices.output_format in ("text", "concise") and not choices.statistics
        if for_people and choices.output_file is None:
            if not choices.quiet:
                self._text += f"{summary(outcome)}\n"
        elif choices.strict:
            self._remarks += f"{summary(outcome)}\n"


def _problem_order(problem: Problem) -> tuple[str, str]:
    return (problem.filename, problem.message)
