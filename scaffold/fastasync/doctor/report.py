"""The diagnosis for people and for programs."""

from __future__ import annotations

import textwrap
from collections import Counter
from itertools import groupby

import msgspec

from fastasync.doctor.advice import Check
from fastasync.doctor.examine import Diagnosis

_TITLES: dict[Check, str] = {
    "libraries": "Libraries",
    "pool": "Database pool",
    "lifespan": "Lifespan",
    "workers": "Workers",
    "shutdown": "Shutdown",
    "readiness": "Readiness",
}
_WIDTH = 110


def text(diagnosis: Diagnosis, path: str) -> str:
    """By check: the place, what is wrong there, why, and what to do."""
    lines: list[str] = []
    for check, group in groupby(diagnosis.advice, key=lambda one: one.check):
        lines.append(_TITLES[check])
        for one in group:
            place = f"{one.filename}:{one.row}" if one.row else one.filename
            lines += [f"  {place}: {one.message}", *_wrapped("why", one.reason), *_wrapped("do", one.help)]
        lines.append("")
    if diagnosis.lint.rules:
        counts = ", ".join(f"{code} {count}" for code, count in _by_count(diagnosis.lint.rules))
        lines += ["Event loop", *_wrapped("", f"fastasync lint: {diagnosis.lint.text}")]
        lines += [
            *_wrapped("by", counts),
            *_wrapped("do", f"`fastasync lint {path}` shows each, `--fix` mends some."),
            "",
        ]
    return "\n".join([*lines, _sum(diagnosis), ""])


def json(diagnosis: Diagnosis) -> str:
    """An object: `findings`, `lint` with the counts of `fastasync lint`, and `problems`, the files not read."""
    content = {"findings": diagnosis.advice, "lint": diagnosis.lint, "problems": diagnosis.problems}
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _sum(diagnosis: Diagnosis) -> str:
    files = f"{diagnosis.lint.files:,} file{'' if diagnosis.lint.files == 1 else 's'}"
    if not diagnosis.advice and not diagnosis.lint.rules:
        if diagnosis.problems:
            return f"Nothing stands in the way in what could be read of {files} of Python, and what deploys them."
        return f"Nothing stands in the way: {files} of Python, and what deploys them."
    count = Counter(one.check for one in diagnosis.advice)
    parts = ", ".join(f"{_TITLES[check].lower()} {number}" for check, number in count.items())
    total = len(diagnosis.advice)
    found = sum(diagnosis.lint.rules.values())
    said = [f"{total} thing{'s' * (total != 1)} to mend before production ({parts})"] if total else []
    said += [f"{found} finding{'s' * (found != 1)} of fastasync lint"] if found else []
    return f"{' and '.join(said)}."


def _by_count(rules: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(rules.items(), key=lambda item: (-item[1], item[0]))


def _wrapped(label: str, words: str) -> list[str]:
    first = f"    {label + ':':<5}" if label else "  "
    return textwrap.wrap(
        words,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,  # names and addresses stay whole
        break_on_hyphens=False,
    )
