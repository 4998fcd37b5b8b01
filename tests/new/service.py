"""A generated service under test: its tools, its processes, and requests to every route it documents."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from fastasync.new import Request, generate

START_SECONDS = 30
STOP_SECONDS = 20
KEPT = (".venv", ".mypy_cache")
OWN_VARIABLES = {
    "DATABASE_URL",
    "ENVIRONMENT",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "VIRTUAL_ENV",
    "WEB_CONCURRENCY",
}
CHUNK = 16_384
EXAMPLES = {"string": "example", "integer": 1, "number": 1.5, "boolean": True, "array": [], "null": None}


@dataclass
class Service:
    """A project in a folder of its own, with an environment of its own."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def generate(cls, parent: Path, flags: Mapping[str, str], preset: str | None = None) -> "Service":
        """A new project named `service`, with its dependencies installed.

        One that is there already gives way, but for what takes long to make: its environment and the types' cache.
        """
        folder, kept = parent / "service", parent / "kept"
        kept.mkdir(exist_ok=True)
        for name in KEPT:
            if (folder / name).exists():
                (folder / name).rename(kept / name)
        shutil.rmtree(folder, ignore_errors=True)
        generate(Request("service", parent, flags, preset, git=False))
        for path in kept.iterdir():
            path.rename(folder / path.name)
        service = cls(folder)
        service.uv("sync", "--quiet", "--python", sys.executable)
        return service

    @property
    def environment(self) -> dict[str, str]:
        """The variables of every process, without those that choose or slow down its Python, or set it up."""
        kept = {key: value for key, value in os.environ.items() if key not in OWN_VARIABLES}
        path = os.pathsep.join([str(self.folder / ".venv" / "bin"), os.environ["PATH"]])
        return {**kept, "PATH": path, **self.variables}

    def run(self, *command: str) -> str:
        """What a command prints. It must succeed."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def uv(self, *arguments: str) -> str:
        """What uv prints."""
        return self.run("uv", *arguments)

    def passes_its_checks(self) -> None:
        """Lint, format and types."""
        self.run("ruff", "check")
        self.run("ruff", "format", "--check")
        self.run("mypy")

    def migrates(self) -> None:
        """The migrations run on the service's database, and give what the models describe."""
        self.run("alembic", "upgrade", "head")
        self.run("alembic", "check")

    @contextmanager
    def started(self, *, command: str = "service", **variables: str) -> Generator["Running"]:
        """The service, started by its start command; it must end by itself on SIGTERM."""
        port = free_port()
        environment = {**self.environment, "PORT": str(port), **variables}
        with open(self.folder / "server.log", "w+") as log:
            process = subprocess.Popen(
                [command], cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            running = Running(process, f"http://127.0.0.1:{port}")
            try:
                running.wait()
                yield running
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                assert process.wait(STOP_SECONDS) in {0, -signal.SIGTERM}
            except BaseException:
                log.seek(0)
                print(log.read())
                raise
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)  # its workers might go on without it
                    process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Running:
    """A started service."""

    process: subprocess.Popen[bytes]
    address: str
    headers: dict[str, str] = field(default_factory=dict)

    def wait(self) -> None:
        """Return when it is ready."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended at start-up"
            try:
                status, _ = self.request("GET", "/health/ready")
            except OSError:
                time.sleep(0.05)
                continue
            if status == 200:
                return
            time.sleep(0.05)
        raise AssertionError("the server did not get ready")

    def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        """The status and the content of the answer."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **self.headers, **headers}
        request = urllib.request.Request(self.address + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def upload(self, path: str, size: int, *, chunked: bool = False) -> int:
        """The status for a JSON body of about this size, with its length announced or in chunks."""
        body = json.dumps({"name": "x" * size}).encode()
        parts = (body[start : start + CHUNK] for start in range(0, len(body), CHUNK)) if chunked else body
        headers = {"Content-Type": "application/json", **self.headers}
        with closing(HTTPConnection(self.address.removeprefix("http://"), timeout=10)) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # the server may answer before it has read everything
                connection.request("POST", path, parts, headers, encode_chunked=chunked)
            return connection.getresponse().status

    @contextmanager
    def held(self, path: str, *, upgrade: bool = False) -> Generator[socket.socket]:
        """A connection to an endless stream or a WebSocket that has answered."""
        host, _, port = self.address.removeprefix("http://").partition(":")
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Accept: */*"]
        if upgrade:
            lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
            lines += ["Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="]
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            first = connection.recv(1024).split(b"\r\n")[0]
            assert first.split()[1] == (b"101" if upgrade else b"200"), first
            yield connection

    def log_in(self) -> None:
        """Register a user, and be that user from now on."""
        status, _ = self.request("POST", "/auth/register", {"email": "me@example.com", "password": "correct horse"})
        assert status == 201
        form = b"username=me%40example.com&password=correct+horse"
        status, content = self.request(
            "POST", "/auth/token", form, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 200, content
        tokens = json.loads(content)
        status, content = self.request("POST", "/auth/refresh", {"refresh_token": tokens["refresh_token"]})
        assert status == 200, content
        self.headers["Authorization"] = f"Bearer {json.loads(content)['access_token']}"

    def request_every_route(self, skip: frozenset[str] = frozenset()) -> dict[str, int]:
        """The status of each operation of the service's OpenAPI; creations come first, deletions last."""
        status, content = self.request("GET", "/openapi.json")
        assert status == 200
        document = json.loads(content)
        order = ["post", "put", "get", "patch", "delete"]
        operations = sorted(
            ((path, method) for path, methods in document["paths"].items() for method in methods),
            key=lambda operation: (order.index(operation[1]), operation[0]),
        )
        return {
            f"{method.upper()} {path}": self._operate(document, path, method)
            for path, method in operations
            if path not in skip
        }

    def _operate(self, document: dict[str, Any], path: str, method: str) -> int:
        operation = document["paths"][path][method]
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(example(document, parameter["schema"])))
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            return self.request(method.upper(), path, example(document, content["application/json"]["schema"]))[0]
        return self.request(method.upper(), path)[0]


def example(document: dict[str, Any], schema: dict[str, Any], name: str = "") -> Any:
    """A value that fits a schema of the document; `name` is that of the property."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return example(document, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {key: example(document, schema["properties"][key], key) for key in schema.get("required", [])}
    if name == "email":
        return "someone@example.com"
    value = EXAMPLES[schema["type"]]
    return value.ljust(schema.get("minLength", 0), "x") if isinstance(value, str) else value
