"""What must not be moved to another thread, or only with care. Facts about libraries, as names; no code."""

from __future__ import annotations

# Bound to the thread that made them, or to the main thread.
BOUND = (
    "greenlet",
    "os.fork",
    "os.forkpty",
    "playwright.sync_api",
    "pony",
    "signal",
    "sqlalchemy.orm.scoped_session",
    "sqlite3",
    "tkinter",
    "turtle",
)

# Called in a thread of their own they do something else; inside a helper that moves as a whole they do not.
NOT_DIRECTLY = (
    "eval",  # they see the caller's variables
    "exec",
    "next",  # StopIteration cannot be raised into a future
    "sqlalchemy.orm.Query",  # a session keeps a transaction and loads attributes wherever they are touched next
    "sqlalchemy.orm.Session",
    "sqlmodel.Session",
)

# They need the running loop, which a worker thread does not have.
LOOP_ONLY = frozenset(("create_task", "current_task", "ensure_future"))

# They keep one connection for each thread, so a worker thread works outside the caller's transaction.
PER_THREAD = ("django.db", "mongoengine.connection", "peewee")

# An argument that lifts the bond.
LIFTED = {"sqlite3.connect": ("check_same_thread", "False")}

# Waiting for another thread, and loops that never yield: a thread would only be parked there as well.
NEVER_OFFLOADED = ("FSA108", "FSA111")


def plain(sink: str) -> str:
    """A sink's name as people write it: `Class.method` for a method, `open` for a builtin."""
    return sink.replace("()", "").removeprefix("builtins.")


def matches(sink: str, names: tuple[str, ...]) -> bool:
    """Whether the sink is one of the names, or something in it."""
    name = plain(sink)
    return any(name == known or name.startswith(known + ".") for known in names)
