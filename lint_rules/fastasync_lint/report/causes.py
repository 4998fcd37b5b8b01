"""Findings by what stands behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import Finding, Severity
from ..pipeline import Outcome
from ..rules._wording import plain
from ..wording import cause

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings of each cause, the gravest and most frequent cause first."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(cause(finding), []).append(finding)
    return sorted(groups.values(), key=lambda group: (RANK[gravest(group)], -len(group)))


def gravest(group: Iterable[Finding]) -> Severity:
    """The highest severity among findings."""
    return min((finding.severity for finding in group), key=RANK.__getitem__)


def headline(group: Sequence[Finding]) -> str:
    """What a cause is: its finding's message, or the helper that several coroutines reach."""
    first = group[0]
    coroutines = len({(finding.filename, finding.function) for finding in group})
    if coroutines < 2 or len(first.chain) < 2:
        return first.message
    last = first.chain[-1]
    return f"`{last.function}` calls `{plain(last.call)}`, which blocks the event loop in {coroutines} coroutines"


def routes(found: Sequence[str]) -> str:
    """The first few routes, in words."""
    shown = ", ".join(found[:3])
    return f"{shown}, and {len(found) - 3} more" if len(found) > 3 else shown


def summary(outcome: Outcome) -> str:
    """One line: counts by severity, causes, files, and the share of calls that could not be resolved."""
    files = f"{outcome.files:,} file{'' if outcome.files == 1 else 's'}"
    if outcome.findings:
        counts = [_count(outcome.findings, severity) for severity in RANK]
        causes = len({cause(finding) for finding in outcome.findings})
        touched = len({finding.filename for finding in outcome.findings})
        said = ", ".join(count for count in counts if count)
        text = f"Found {said} with {causes:,} cause{'' if causes == 1 else 's'} in {touched:,} of {files}"
    else:
        text = f"No findings in {files}"
    if outcome.hidden:
        text += f"; {outcome.hidden:,} below the severity shown (--min-severity info)"
    if outcome.known:
        text += f"; {outcome.known:,} already known"
    if outcome.calls:
        share = outcome.unresolved / outcome.calls
        text += f"; {share:.0%} of {outcome.calls:,} calls could not be resolved"
    return text + "."


def _count(findings: Iterable[Finding], severity: Severity) -> str:
    number = sum(finding.severity == severity for finding in findings)
    if not number:
        return ""
    word = severity.value if severity is not Severity.INFO else "note"
    return f"{number:,} {word}{'' if number == 1 else 's'}"
