"""The time that a server takes to stop, against the time that it is given."""

from __future__ import annotations

from collections.abc import Iterator

from fastasync.doctor.advice import Advice
from fastasync.doctor.code import Value, number
from fastasync.doctor.starting import Start, Starts

# The option that bounds a server's shutdown, and the seconds without it; None: it waits for good (measured on uvicorn
# 0.54 and granian 2.8 with an endless stream open).
_OPTIONS: dict[str, tuple[str, float | None]] = {
    "uvicorn": ("--timeout-graceful-shutdown", None),
    "granian": ("--workers-kill-timeout", None),
    "gunicorn": ("--graceful-timeout", 30.0),
    "hypercorn": ("--graceful-timeout", 3.0),
    "fastapi": ("", None),
}
_SETTINGS = {"compose": "stop_grace_period", "kubernetes": "terminationGracePeriodSeconds"}
_TITLES = {"compose": "compose", "kubernetes": "Kubernetes"}


def check(starts: Starts) -> Iterator[Advice]:
    """One advice for each start that is killed, or may be."""
    seen: set[tuple[str, int]] = set()
    for start in starts.all:
        advice = _judge(start, starts)
        if advice is not None and (advice.filename, advice.row) not in seen:
            seen.add((advice.filename, advice.row))
            yield advice


def _judge(start: Start, starts: Starts) -> Advice | None:
    told, value = _told(start, starts)
    seconds = number(value) if told else _OPTIONS[start.server][1]
    if told and seconds is None:
        return None
    if seconds is None:
        return _endless(start)
    unit = start.unit
    if unit is None or unit.grace is None or seconds < unit.grace:
        return None
    given = _SETTINGS[unit.orchestrator]
    default = "" if unit.grace_place else ", its default"
    return Advice(
        check="shutdown",
        filename=start.filename,
        row=start.row,
        message=f"{start.server} takes up to {seconds:g} s to stop, and {_TITLES[unit.orchestrator]} kills it after "
        f"{unit.grace:g} s{default}",
        reason="What is in flight then is cut off, and nothing is closed.",
        help=f"Give a `{given}` well above {seconds:g} s, or lower `{_OPTIONS[start.server][0]}`.",
    )


def _told(start: Start, starts: Starts) -> tuple[bool, Value | None]:
    """Whether the start bounds its shutdown, and by what."""
    option = _OPTIONS[start.server][0]
    told, value = start.option(starts.values, option) if option else (False, None)
    variable = "UVICORN" + option[1:].replace("-", "_").upper()
    if not told and start.server == "uvicorn" and start.code is None and variable in start.environment:
        return True, start.environment[variable]
    if not told and start.server == "gunicorn":
        return starts.configured(start, "graceful_timeout")
    return told, value


def _endless(start: Start) -> Advice:
    option = _OPTIONS[start.server][0]
    unit = start.unit
    killed = "the orchestrator kills it"
    if unit is not None and unit.grace is not None:
        killed = f"{_TITLES[unit.orchestrator]} kills it after {unit.grace:g} s"
    where = "timeout_graceful_shutdown=" if start.code is not None and option in _PYTHON else f"{option} "
    if start.server == "fastapi":
        advice = "Start it with `uvicorn` and `--timeout-graceful-shutdown`: `fastapi run` has no such option."
    else:
        advice = f"Add `{where}20`, and let the grace period be longer."
    return Advice(
        check="shutdown",
        filename=start.filename,
        row=start.row,
        message=f"{'`fastapi run`' if start.server == 'fastapi' else start.server} has no limit for stopping",
        reason=f"One open stream or slow request keeps it from closing anything until {killed}.",
        help=advice,
    )


_PYTHON = ("--timeout-graceful-shutdown",)
