"""GitLab's code quality report."""

from __future__ import annotations

import os

import msgspec

from ..fingerprint import digest
from ..model import Finding, Severity
from ..pipeline import Outcome

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(outcome: Outcome) -> str:
    issues = [_issue(finding) for finding in outcome.findings]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"


def _issue(finding: Finding) -> dict[str, object]:
    first, last = finding.location, finding.end_location
    path = _in_project(finding.filename)
    return {
        "check_name": finding.code,
        "description": f"{finding.name}: {finding.message}",
        "severity": _SEVERITIES[finding.severity],
        # GitLab keeps one issue per fingerprint, and ours leave out the file's name.
        "fingerprint": digest(f"{finding.fingerprint}\0{path}"),
        "location": {
            "path": path,
            "positions": {
                "begin": {"line": first.row, "column": first.column},
                "end": {"line": last.row, "column": last.column},
            },
        },
    }


def _in_project(filename: str) -> str:
    """The name relative to the checkout, whatever folder the job runs in."""
    project = os.environ.get("CI_PROJECT_DIR")
    if not project:
        return filename
    return os.path.relpath(os.path.abspath(filename), project).replace(os.sep, "/")
