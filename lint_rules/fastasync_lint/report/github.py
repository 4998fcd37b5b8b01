"""Workflow commands that GitHub Actions turns into annotations on the changed lines."""

from __future__ import annotations

from ..model import Finding, Severity
from ..pipeline import Outcome
from .concise import line

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(outcome: Outcome) -> str:
    return "".join(f"{_annotation(finding)}\n" for finding in outcome.findings)


def _annotation(finding: Finding) -> str:
    first, last = finding.location, finding.end_location
    properties: dict[str, object] = {
        "title": f"fastasync ({finding.code} {finding.name})",
        "file": finding.filename,
        "line": first.row,
        "endLine": last.row,
    }
    if first.row == last.row:  # GitHub rejects columns of a range over several lines
        properties |= {"col": first.column, "endColumn": last.column}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(line(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
