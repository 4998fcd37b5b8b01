"""One line for each finding, as compilers print them."""

from __future__ import annotations

from ..model import Finding
from ..pipeline import Outcome


def render(outcome: Outcome) -> str:
    return "".join(f"{line(finding)}\n" for finding in outcome.findings)


def line(finding: Finding) -> str:
    """`path:row:col: CODE message`."""
    place = finding.location
    return f"{finding.filename}:{place.row}:{place.column}: {finding.code} {finding.message}"
