"""The commands of a service's README, run as they stand."""

import os
import re
import signal
import subprocess
import time

from .service import START_SECONDS, STOP_SECONDS, Service

# What runs until it is stopped, and how it tells that it works.
SERVING = {
    "uv run service": "Application startup complete",
    "uv run taskiq worker service.worker:broker": "Listening started",
}


def commands_of(service: Service) -> list[str]:
    """The lines of the shell blocks."""
    text = (service.folder / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def run_command(service: Service, command: str) -> None:
    """It succeeds; or it starts, tells so, and ends when it is told to."""
    if command in SERVING:
        _serve(service, command)
    else:
        service.run("bash", "-c", command)


def _serve(service: Service, command: str) -> None:
    log = service.folder / "command.log"
    with open(log, "wb") as file:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=service.folder,
            env=service.environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while SERVING[command] not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.unlink()
