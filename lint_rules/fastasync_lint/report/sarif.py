"""SARIF 2.1.0: the chain as a code flow, fingerprints, fixes, unreadable files. One function per object."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import msgspec

from .. import rules
from ..home import HOME
from ..model import Finding, Fix, Location, Problem, Severity, Step
from ..pipeline import Outcome

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

Object = dict[str, Any]


def render(outcome: Outcome) -> str:
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [_run(outcome)],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _run(outcome: Outcome) -> Object:
    used = sorted({finding.code for finding in outcome.findings})
    positions = {code: index for index, code in enumerate(used)}
    return {
        "tool": {"driver": _driver(used)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder the linter ran in."}}},
        "invocations": [_invocation(outcome.problems)],
        "results": [_result(finding, positions[finding.code]) for finding in outcome.findings],
    }


def _driver(used: Iterable[str]) -> Object:
    from importlib.metadata import version

    driver: Object = {
        "name": "fastasync",
        "version": version("fastasync"),
        "rules": [_rule(rules.rule(code)) for code in used],
    }
    if HOME:
        driver["informationUri"] = HOME
    return driver


def _rule(rule: rules.Rule) -> Object:
    described: Object = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["asyncio", "performance"]},
    }
    if HOME:
        described["helpUri"] = rule.url
    return described


def _invocation(problems: Iterable[Problem]) -> Object:
    notes = [
        {
            "level": "error",
            "message": {"text": problem.message},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.filename)}}],
        }
        for problem in problems
    ]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _result(finding: Finding, index: int) -> Object:
    result: Object = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join([finding.message, *finding.help])},
        "locations": [_location(finding.filename, _region(finding.location, finding.end_location), finding.function)],
        "partialFingerprints": {"fastasync/v1": finding.fingerprint},
        "properties": {"sink": finding.sink, "routes": list(finding.routes)},
    }
    if finding.chain:
        result["codeFlows"] = [_code_flow(finding.chain)]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.filename, finding.fix)]
    return result


def _code_flow(chain: Iterable[Step]) -> Object:
    steps = [
        {
            "location": {
                **_location(step.filename, {"startLine": step.row, "startColumn": step.column}, step.function),
                "message": {"text": f"`{step.function}` calls `{step.call}`"},
            }
        }
        for step in chain
    ]
    return {"threadFlows": [{"locations": steps}]}


def _fix(filename: str, fix: Fix) -> Object:
    replacements = [
        {
            "deletedRegion": _region(edit.location, edit.end_location),
            "insertedContent": {"text": edit.content},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": f"{fix.message} ({fix.applicability})"},
        "artifactChanges": [{"artifactLocation": _artifact(filename), "replacements": replacements}],
    }


def _location(filename: str, region: Object, function: str) -> Object:
    place: Object = {"physicalLocation": {"artifactLocation": _artifact(filename), "region": region}}
    if function:
        place["logicalLocations"] = [{"fullyQualifiedName": function, "kind": "function"}]
    return place


def _region(first: Location, last: Location) -> Object:
    return {
        "startLine": first.row,
        "startColumn": first.column,
        "endLine": last.row,
        "endColumn": last.column,
    }


def _artifact(filename: str) -> Object:
    """A name below the current folder is relative to SRCROOT, so that the report can be read on another machine."""
    from urllib.parse import quote

    if os.path.isabs(filename):
        return {"uri": f"file://{quote(filename)}"}
    return {"uri": quote(filename), "uriBaseId": "SRCROOT"}
