"""What starts the service where it is deployed: Dockerfiles, compose files, Kubernetes manifests, Procfiles."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from fastasync.doctor import yamls
from fastasync.doctor.project import Project

Orchestrator = Literal["compose", "kubernetes", ""]
GRACE: Mapping[str, float] = {"compose": 10.0, "kubernetes": 30.0}
"""Seconds from SIGTERM to SIGKILL where nothing else is said."""

DEVELOPMENT = re.compile(r"override|dev|test|local|debug|\bci\b", re.IGNORECASE)
"""Names of files that are not for production."""

_COMPOSE = r"(docker-)?compose(\.[\w-]+)?\.ya?ml"
_BACKING = re.compile(r"postgres|mysql|mariadb|mongo|redis|valkey|rabbitmq|nats|kafka|nginx|envoy|traefik|prometheus")
_WORKLOADS = ("Deployment", "StatefulSet", "ReplicaSet", "DaemonSet")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6}


class Unit(NamedTuple):
    """A command that is run, and by whom; `grace` is what the orchestrator leaves, after its `preStop` hook.

    `row` is the command's; `grace_place` says where the grace period is told ("" for a default).
    """

    words: tuple[str, ...]
    filename: str
    row: int
    environment: Mapping[str, str]
    orchestrator: Orchestrator = ""
    grace: float | None = None
    grace_place: str = ""
    replicas: int = 1


class Image(NamedTuple):
    """What a Dockerfile starts."""

    words: tuple[str, ...]
    filename: str
    row: int
    environment: Mapping[str, str]


def units(project: Project) -> list[Unit]:
    """The commands of the orchestrators' files; without any of those, the ones of images and Procfiles."""
    images = [image for path in project.named(r"(.*\.)?dockerfile(\..*)?") if (image := _image(path, project)).words]
    found = [*_of_compose(project, images), *_of_kubernetes(project, images)]
    if found:
        return found
    return [*(Unit(*image) for image in images), *_of_procfiles(project)]


def variables(project: Project) -> dict[str, str]:
    """The variables of the `.env` files that production could read."""
    found: dict[str, str] = {}
    for path in project.named(r"\.env(\.prod(uction)?)?"):
        for line in project.sources.lines(path):
            match = re.fullmatch(r"\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*", line)
            if match:
                found[match[1]] = match[2].strip("\"'")
    return found


def compose_files(project: Project) -> dict[str, dict[str, Any]]:
    """The services of the compose files by folder and name, those of several files of one folder merged."""
    merged: dict[str, dict[str, Any]] = {}
    paths = [path for path in project.named(_COMPOSE) if not DEVELOPMENT.search(os.path.basename(path))]
    for path in sorted(paths, key=lambda path: (os.path.dirname(path), len(os.path.basename(path)))):
        for document in yamls.documents(path, project):
            services = document.get("services")
            for name, service in services.items() if isinstance(services, dict) else ():
                if isinstance(service, dict):
                    known = merged.setdefault(os.path.dirname(path), {}).setdefault(name, {"file": path})
                    known.update(service, row=getattr(service, "row", 0))
    return merged


def words(command: object) -> tuple[str, ...]:
    """The words of a command in any of the forms it is written in."""
    if isinstance(command, list):
        return tuple(str(word) for word in command)
    text = str(command or "").strip()
    try:
        if text.startswith("["):
            return tuple(str(word) for word in json.loads(text))
        return tuple(shlex.split(text, comments=True))
    except ValueError:
        return ()


def _image(path: str, project: Project) -> Image:
    """The command and the variables of the last stage."""
    start: dict[str, tuple[tuple[str, ...], int]] = {}
    environment: dict[str, str] = {}
    for row, line in _instructions(project.sources.lines(path)):
        name, _, rest = line.strip().partition(" ")
        if name.upper() == "FROM":
            start, environment = {}, {}
        elif name.upper() in ("CMD", "ENTRYPOINT"):
            start[name.upper()] = (words(rest), row)
        elif name.upper() == "ENV":
            pairs = re.findall(r"(\w+)=(\"[^\"]*\"|\S+)", rest) or [tuple(rest.split(None, 1))]
            environment |= {pair[0]: pair[1].strip("\"'") for pair in pairs if len(pair) == 2}
    entry, command = start.get("ENTRYPOINT", ((), 0)), start.get("CMD", ((), 0))
    return Image((*entry[0], *command[0]), path, command[1] or entry[1], environment)


def _instructions(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The instructions with their rows, continued lines joined."""
    started, text = 0, ""
    for row, line in enumerate(lines, start=1):
        if line.lstrip().startswith("#"):
            continue
        started = started if text else row
        text += line.rstrip().removesuffix("\\")
        if not line.rstrip().endswith("\\"):
            if text.strip():
                yield started, text
            text = ""


def _of_compose(project: Project, images: list[Image]) -> Iterator[Unit]:
    for folder, services in compose_files(project).items():
        for service in services.values():
            image = _built(service.get("build"), folder, images)
            own = (*words(service.get("entrypoint")), *words(service.get("command")))
            if not own and image is None:
                continue
            told = service.get("stop_grace_period")
            deploy = service.get("deploy")
            replicas = deploy.get("replicas", 1) if isinstance(deploy, dict) else service.get("scale", 1)
            yield Unit(
                words=own or (image.words if image else ()),
                filename=service["file"] if own or image is None else image.filename,
                row=service["row"] if own or image is None else image.row,
                environment={**(image.environment if image else {}), **_environment(service.get("environment"))},
                orchestrator="compose",
                grace=GRACE["compose"] if told is None else _seconds(str(told)),
                grace_place="" if told is None else service["file"],
                replicas=replicas if isinstance(replicas, int) else 1,
            )


def _built(build: object, folder: str, images: list[Image]) -> Image | None:
    """The image that a service builds; None also where it builds another stage than the last."""
    if isinstance(build, dict):
        if build.get("target"):
            return None
        folder = os.path.join(folder, str(build.get("context", ".")))
        path = os.path.join(folder, str(build.get("dockerfile", "Dockerfile")))
    elif isinstance(build, str):
        path = os.path.join(folder, build, "Dockerfile")
    else:
        return None
    return next((image for image in images if os.path.normpath(path) == image.filename), None)


def _of_kubernetes(project: Project, images: list[Image]) -> Iterator[Unit]:
    documents = [(path, document) for path in project.named(r".*\.ya?ml") for document in _manifests(path, project)]
    scaled = {
        str(_at(document, "spec", "scaleTargetRef", "name")): _at(document, "spec", "maxReplicas")
        for _, document in documents
        if document.get("kind") == "HorizontalPodAutoscaler"
    }
    for path, document in documents:
        pod = _at(document, "spec", "template", "spec")
        if document.get("kind") not in _WORKLOADS or not isinstance(pod, dict):
            continue
        replicas = scaled.get(str(_at(document, "metadata", "name")), _at(document, "spec", "replicas"))
        told = pod.get("terminationGracePeriodSeconds")
        for container in pod.get("containers") or ():
            own = (*words(container.get("command")), *words(container.get("args")))
            is_ours = _BACKING.search(str(container.get("image", ""))) is None
            image = images[0] if len(images) == 1 and not own and is_ours else None
            grace = float(told) if isinstance(told, int) else GRACE["kubernetes"]
            yield Unit(
                words=own or (image.words if image else ()),
                filename=image.filename if image else path,
                row=image.row if image else getattr(container, "row", 0),
                environment={**(image.environment if image else {}), **_environment(container.get("env"))},
                orchestrator="kubernetes",
                grace=grace - _pause(_at(container, "lifecycle", "preStop")),
                grace_place="" if told is None else path,
                replicas=replicas if isinstance(replicas, int) else 1,
            )


def _manifests(path: str, project: Project) -> list[dict[str, Any]]:
    """The documents of a file of manifests. Templates of Helm are not YAML, and are left out."""
    text = project.sources.text(path)
    if not re.search(rf"^kind: *(?:{'|'.join(_WORKLOADS)}|HorizontalPodAutoscaler)\b", text, re.MULTILINE):
        return []
    return [] if "{{" in text else list(yamls.documents(path, project))


def _of_procfiles(project: Project) -> Iterator[Unit]:
    for path in project.named("procfile"):
        for row, line in enumerate(project.sources.lines(path), start=1):
            name, colon, command = line.partition(":")
            if colon and name.strip() == "web":
                yield Unit(words(command), path, row, {})


def _environment(given: object) -> dict[str, str]:
    """Variables in one of the forms of compose files and manifests; those that come from elsewhere are left out."""
    if isinstance(given, dict):
        pairs = [(str(name), value) for name, value in given.items()]
    else:
        items = given if isinstance(given, list) else []
        pairs = [(one["name"], one.get("value")) for one in items if isinstance(one, dict) and "name" in one]
        pairs += [(name, value) for one in items if isinstance(one, str) for name, _, value in [one.partition("=")]]
    return {name: str(value) for name, value in pairs if value is not None}


def _seconds(text: str) -> float | None:
    parts = re.findall(r"([\d.]+)(h|ms|us|m|s)", text)
    return sum(float(value) * _UNITS[unit] for value, unit in parts) if parts else None


def _pause(hook: object) -> float:
    """The seconds that a `preStop` hook sleeps; they count towards the grace period."""
    seconds = _at(hook, "sleep", "seconds")
    if isinstance(seconds, int | float):
        return float(seconds)
    match = re.search(r"\bsleep\s+(\d+)", " ".join(words(_at(hook, "exec", "command"))))
    return float(match[1]) if match else 0.0


def _at(document: object, *keys: str) -> Any:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document
