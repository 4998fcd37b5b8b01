"""Databases in memory: for certain, nothing waits; where that is only the default address, it is a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import case, check_severities

PROGRAMS = [
    case(
        "sqlalchemy-over-a-literal-address",
        """
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlmodel import Session as ModelSession
from sqlmodel import create_engine

memory = sa.create_engine("sqlite://", echo=True)
disk = sa.create_engine("sqlite:///app.db")
Maker = sessionmaker(autoflush=False, bind=create_engine("sqlite:///:memory:"))
registry = scoped_session(Maker)
metadata = sa.MetaData()

def repository(session: Session):
    return session.scalars(sa.select(1))

async def in_memory():
    metadata.create_all(memory)
    sa.inspect(memory).get_table_names()
    with memory.begin() as connection:
        connection.execute(sa.text("select 1"))
    with Maker() as session:
        session.commit()
        session.query(1).all()
        repository(session)
    with Maker.begin() as session:
        session.flush()
    registry().commit()
    with ModelSession(memory) as session:
        session.exec(sa.select(1))

async def on_disk():
    metadata.create_all(disk)  # error
    sa.inspect(disk).get_table_names()  # error
    with disk.begin() as connection:  # error
        connection.execute(sa.text("select 1"))  # error
    with Session(disk) as session:
        session.commit()  # error
        repository(session)  # error
""",
    ),
    case(
        "field-of-settings",
        """
import sqlite3

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings
from sqlalchemy.orm import Session, sessionmaker

class Settings(BaseSettings):
    database_url: str = "sqlite://"
    cache: str = ":memory:"
    served_url: str = "postgresql://localhost/app"

settings = Settings()
engine = sa.create_engine(settings.database_url)
served = sa.create_engine(settings.served_url)
Maker = sessionmaker(bind=engine)
app = FastAPI()

def database():
    with Maker() as session:
        yield session

@app.get("/")
async def read(session: Session = Depends(database)):
    session.commit()  # warning
    session.query(1).filter(2).all()  # warning
    with engine.begin() as connection:  # warning
        connection.execute(sa.text("select 1"))  # warning
    sa.MetaData().create_all(engine)  # warning
    sqlite3.connect(settings.cache).execute("select 1")  # warning
    with served.connect() as connection:  # error
        connection.execute(sa.text("select 1"))  # error
""",
    ),
    case(
        "parameter",
        """
import sqlite3

import sqlalchemy as sa

def opened(url: str = "sqlite://"):
    return sa.create_engine(url)

class Data:
    def __init__(self, path: str = ":memory:") -> None:
        self.path = path
        self.connection = sqlite3.connect(path)

    def again(self):
        return sqlite3.connect(self.path)

async def left_out():
    opened().connect()
    opened("sqlite:///:memory:").connect()
    opened("postgresql://localhost/app").connect()  # error

async def unknown(url: str = "sqlite://"):
    opened(url).connect()  # warning

async def given(data: Data):
    data.connection.execute("select 1")  # warning
    data.again().execute("select 1")  # warning
""",
    ),
    case(
        "parameter-that-somebody-gives",
        """
import sqlalchemy as sa

class Data:
    def __init__(self, url: str = "sqlite://") -> None:
        self.engine = sa.create_engine(url)

def made(url):
    return Data(url)

async def handler(data: Data):
    data.engine.connect()  # error
""",
    ),
    case(
        "trait",
        """
import sqlalchemy as sa
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

class Manager:
    def __init__(self, url: str = "sqlite:///:memory:") -> None:
        self.engine = sa.create_engine(url)

    def count(self) -> int:
        with self.engine.begin() as connection:
            return connection.execute(sa.text("select 1")).scalar_one()

class Backend(LoggingConfigurable):
    url = Unicode("sqlite:///:memory:", help="where", config=True)

    async def setup(self) -> None:
        self.manager = Manager(url=self.url)

    async def cleanup(self) -> int:
        return self.manager.count()  # warning

class Served(LoggingConfigurable):
    url = Unicode("postgresql://localhost/app", config=True)

    async def cleanup(self) -> None:
        sa.create_engine(self.url).connect()  # error
""",
    ),
    case(
        "beside-an-address-that-is-not-known",
        """
import os

import sqlalchemy as sa

def opened(url):
    return sa.create_engine(url or "sqlite://")

engine = sa.create_engine(os.environ["URL"] if "URL" in os.environ else "sqlite://")

async def handler(url):
    opened(url).connect()  # error
    engine.connect()  # error
""",
    ),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_database_in_memory_is_no_error(tmp_path: Path, program: str) -> None:
    check_severities(tmp_path, program)
