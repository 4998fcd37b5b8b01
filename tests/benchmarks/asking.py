"""What the clients of the benchmark of services do."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
import urllib.request
from urllib.parse import quote

USERS = 20
PASSWORD = "correct horse battery staple"


def add_item(port: int) -> None:
    """The row that is read."""
    headers = {"Content-Type": "application/json"}
    body = b'{"name": "hammer", "description": "An example"}'
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/items", body, headers)).close()


def wrk(address: str, seconds: int) -> float:
    """Requests a second of 16 clients. Every answer must be a good one."""
    command = ["wrk", "--threads", "1", "--connections", "16", "--duration", f"{seconds}s", address]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"{address}: {text}")
    [rate] = re.findall(r"^Requests/sec:\s+([\d.]+)$", text, re.MULTILINE)
    return float(rate)


async def bursts(port: int, rounds: int) -> list[float]:
    """The seconds of each answer of the health route while users log in at once."""
    for number in range(USERS):
        body = f'{{"email": "user{number}@example.com", "password": "{PASSWORD}"}}'
        await ask(port, "POST", "/auth/register", 201, body, "application/json")
    latencies: list[float] = []
    for _ in range(rounds):
        logins = asyncio.gather(
            *(
                ask(
                    port,
                    "POST",
                    "/auth/token",
                    200,
                    f"username={quote(f'user{number}@example.com')}&password={quote(PASSWORD)}",
                    "application/x-www-form-urlencoded",
                )
                for number in range(USERS)
            )
        )
        while not logins.done():
            start = time.perf_counter()
            await ask(port, "GET", "/health/live", 200)
            latencies.append(time.perf_counter() - start)
            await asyncio.sleep(0.005)
        await logins
    return latencies


async def ask(port: int, method: str, path: str, status: int, body: str = "", kind: str = "text/plain") -> None:
    """One request on a connection of its own; its answer must have this status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Type: {kind}"]
    writer.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())
    answer = await reader.read()
    writer.close()
    if answer.split()[1] != str(status).encode():
        raise SystemExit(f"{method} {path}: {answer.decode()}")
