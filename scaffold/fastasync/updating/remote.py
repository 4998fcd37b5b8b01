"""`git-remote-fastasync`: with this program on the PATH, git can clone `fastasync://project`.

It is what lets `copier update` find the template of a project on every machine, with no address that anybody has to
keep: the history is the one that the installed release carries. Git starts the program and talks to it over stdin and
stdout (gitremote-helpers(7)); it hands over to `git upload-pack`, which serves a clone of the bundle.
"""

import os
import subprocess
import sys

from fastasync.failures import guard
from fastasync.updating.history import open_history

ADDRESS = "fastasync://project"


def main() -> None:
    """REMOTE ADDRESS."""
    sys.exit(guard(lambda: serve(sys.argv[-1])))


def serve(address: str) -> int:
    """Answer the commands of git until it has what it wants."""
    if address != ADDRESS:
        print(f"error: there is nothing at {address}: the template is at {ADDRESS}.", file=sys.stderr)
        return 2
    while command := _line():
        if command == "capabilities":
            _say("connect\n\n")
        elif command == "connect git-upload-pack":
            with open_history() as history:
                _say("\n")
                return subprocess.run(["git", "upload-pack", str(history.repository)], check=False).returncode
        elif command.startswith("connect "):
            _say("fallback\n")
        else:
            print(f"error: fastasync cannot {command.partition(' ')[0]}: its history is for reading.", file=sys.stderr)
            return 2
    return 0


def _line() -> str:
    """A line without its end. What follows it belongs to `git upload-pack`, so no buffer may hold it."""
    read = b""
    while (byte := os.read(0, 1)) and byte != b"\n":
        read += byte
    return read.decode()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
