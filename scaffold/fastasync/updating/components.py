"""The components that a project can get later: each is a choice that `new` has, too."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastasync.errors import UserError
from fastasync.options import Answer, Question
from fastasync.updating.answers import parse_data

COMPONENTS: Mapping[str, tuple[str, Answer]] = MappingProxyType(
    {
        "cache": ("cache", "redis"),
        "queue": ("queue", "taskiq"),
        "auth": ("auth", "jwt"),
        "prometheus": ("observability", ["prometheus"]),
        "opentelemetry": ("observability", ["opentelemetry"]),
        "websocket": ("realtime", "websocket"),
        "sse": ("realtime", "sse"),
        "docker": ("deploy", ["docker"]),
        "kubernetes": ("deploy", ["docker", "kubernetes"]),
        "ci": ("ci", "github"),
    }
)
"""The question that a component answers, and the answer; of several values, those that it adds."""


def has(recorded: Mapping[str, Any], name: str) -> bool:
    """Whether a project has a component already."""
    key, value = COMPONENTS[name]
    answer = recorded.get(key, "none")
    if isinstance(value, list):
        return set(value) <= set(answer)
    return bool(answer == value or (name == "ci" and answer != "none"))


def switch_on(
    questions: Mapping[str, Question], recorded: Mapping[str, Any], name: str, data: Sequence[str]
) -> dict[str, Answer]:
    """The answers that change for a component; those of `data`, as the command line gives them, win.

    Raises `UserError` when the project has another one in its place.
    """
    key, value = COMPONENTS[name]
    answer = recorded.get(key, "none")
    if isinstance(value, list):
        value = questions[key].parse(",".join([*answer, *value]))
    elif answer != "none":
        raise UserError(
            f"The project has {key}={answer}, and there is one at most: "
            f"`fastasync update --data {key}={value}` puts {value} in its place."
        )
    return {key: value, **parse_data(questions, data)}
