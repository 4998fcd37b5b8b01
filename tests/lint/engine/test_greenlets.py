"""Functions that run on the loop in a greenlet: the database gives way, nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.engine import analyse
from fastasync_lint.settings import Settings

from .programs import case, check, write

PROGRAMS = [
    case(
        "only-the-database-gives-way",
        """
import requests
import time
from sqlalchemy import inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session

class Base(DeclarativeBase): ...

engine = create_async_engine("sqlite+aiosqlite://")
sessions = async_sessionmaker(engine)

def load(session: Session):
    return session.execute(select(1)).scalars().all()

def load_slowly(session):
    session.execute(select(1))
    time.sleep(1)

def publish(session: Session, address):
    session.commit()
    requests.post(address)

def tables(connection):
    connection.execute(text("select 1"))
    return inspect(connection).get_table_names()

class Repository:
    def __init__(self, session: Session):
        self.session = session

    def all(self):
        return self.session.query(Base).all()

    def read(self, session):
        self.notify()
        return session.query(Base).all()

    def notify(self):
        requests.post("https://example.org")

async def prepare():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.run_sync(tables)
        await connection.run_sync(lambda held: inspect(held).has_table("users"))
        await connection.run_sync(lambda held: time.sleep(1))  # FSA101

async def handler(session: AsyncSession, connection: AsyncConnection, repository: Repository):
    await session.run_sync(load)
    await session.run_sync(load_slowly)  # FSA101
    await session.run_sync(publish, "https://example.org")  # FSA102
    await session.run_sync(lambda held: Repository(held).all())
    await session.run_sync(repository.read)  # FSA102
    await connection.run_sync(tables)

async def opened():
    async with sessions() as session:
        await session.run_sync(load)

        def inner(held):
            time.sleep(1)

        await session.run_sync(inner)  # FSA101

async def by_itself(session: Session):
    load(session)  # FSA103
    load_slowly(session)  # FSA103
    Repository(session).all()  # FSA103
""",
    ),
    case(
        "greenlet-spawn",
        """
import time
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

def load(session: Session):
    return session.connection()

def wait(seconds):
    time.sleep(seconds)

async def handler(session: Session):
    await greenlet_spawn(load, session)
    await greenlet_spawn(wait, 1)  # FSA101
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(tmp_path: Path, program: str) -> None:
    check(tmp_path, program)


def test_chain_leads_past_what_gives_way(tmp_path: Path) -> None:
    program = """
import time
from sqlalchemy.ext.asyncio import AsyncSession

def work(session):
    session.commit()
    helper(session)

def helper(session):
    session.commit()
    time.sleep(1)

async def handler(session: AsyncSession):
    await session.run_sync(work)
"""
    (hit,) = analyse(tmp_path, write(tmp_path, {"a.py": program}), None, Settings(), cache=False).hits
    assert [(step.row, step.call) for step in hit.chain] == [(14, "work"), (7, "helper"), (11, "time.sleep")]
    assert hit.sink == "time.sleep"
