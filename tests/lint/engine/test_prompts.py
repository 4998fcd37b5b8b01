"""Reading from the terminal is an error where an endpoint leads there; a program that asks elsewhere serves nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROGRAMS = [
    case(
        "command-and-endpoint",
        """
import asyncio
import getpass
import sys

import click
from fastapi import FastAPI, WebSocket

app = FastAPI()

def asked():
    return input("? ")

async def confirmed():
    return asked()  # error

async def interactively():
    task = asyncio.create_task(asyncio.sleep(1))
    while True:
        input("[user]: ")  # warning
        getpass.getpass()  # warning
        for line in sys.stdin:  # warning
            print(line)
        await task

@click.command()
def main():
    asyncio.run(interactively())

@app.get("/ask")
async def ask():
    return input("? ")  # error

@app.get("/deep")
async def deep():
    return await confirmed()

@app.websocket("/socket")
async def socket(websocket: WebSocket):
    sys.stdin.readline()  # error

@app.get("/often")
async def often(sure: bool):
    return sometimes(sure)  # warning

def sometimes(sure):
    if not sure:
        return input("sure? ")
""",
    ),
    case(
        "what-else-waits-for-somebody",
        """
import matplotlib.pyplot as plt

async def shown():
    plt.show()  # error
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_prompt_is_an_error_where_a_request_leads(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
