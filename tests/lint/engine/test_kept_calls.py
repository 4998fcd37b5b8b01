"""Calls whose result is kept in a name, and awaited further down or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check

STUB = """
import asyncio
import inspect
import grpc

class Stub:
    def __init__(self, channel):
        self.Send = channel.unary_unary("/Mail/Send")

def connect(asynchronous: bool) -> Stub:
    return Stub(grpc.aio.insecure_channel("x") if asynchronous else grpc.insecure_channel("x"))
"""
"""Its calls are those of both channels, as what makes a stub is asked for either."""

PROGRAMS = [
    case(
        "awaited-below",
        STUB
        + """
async def one():
    call = connect(True).Send(b"")
    return await call

async def together():
    call = connect(True).Send(b"")
    code, answer = await asyncio.gather(call.code(), call)
    return answer

async def at_last():
    call = connect(True).Send(b"")
    try:
        async with asyncio.timeout(1):
            return list((await asyncio.wait_for(call, 1)).items)
    finally:
        print("sent")

async def from_either_branch(urgent: bool):
    if urgent:
        call = connect(True).Send(b"now")
    else:
        call = connect(True).Send(b"")
    return await call

async def not_awaited():
    call = connect(False).Send(b"")  # FSA106
    return call
""",
    ),
    case(
        "awaited-on-one-way-only",
        STUB
        + """
async def if_it_can_be():
    call = connect(False).Send(b"")  # FSA106
    if inspect.isawaitable(call):
        call = await call
    return call

async def or_not():
    call = connect(False).Send(b"")  # FSA106
    return await call if inspect.isawaitable(call) else call

async def another_of_that_name(urgent: bool):
    if urgent:
        call = connect(False).Send(b"")  # FSA106
        return call
    call = connect(True).Send(b"")
    return await call

async def replaced():
    call = connect(False).Send(b"")  # FSA106
    print(call)
    call = asyncio.sleep(1)
    return await call

async def in_turn():
    for _ in range(3):
        call = connect(True).Send(b"")
        await call
    while True:
        call = connect(False).Send(b"")  # FSA106
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)
