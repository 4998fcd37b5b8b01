"""Facts kept between runs, in one file of the project's cache.

A record counts for a file of the same time and size, or else of the same content. The whole file is dropped when its
checksum, the version of Python, or the code that makes facts differs; it is data of known types, and
reading it runs nothing.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import time

import msgspec

from fastasync_lint import cachedir
from fastasync_lint.facts.ir import FileFacts

_DIGEST = 16
# Times of files are a few milliseconds coarse: one written just before it was read could change again unseen.
_MARGIN = 20_000_000

_decode_facts = msgspec.msgpack.Decoder(FileFacts).decode
_encode = msgspec.msgpack.Encoder().encode


class Record(msgspec.Struct, array_like=True, gc=False):
    """The encoded facts of one file, with the time (nanoseconds, 0 when not to be relied on) and size it had."""

    changed: int
    size: int
    digest: bytes
    facts: bytes


_decode_records = msgspec.msgpack.Decoder(dict[str, Record]).decode


def digest(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


def sealed(body: bytes) -> bytes:
    """What is written, with its checksum."""
    return digest(body) + body


def opened(data: bytes) -> memoryview:
    """What was sealed. `ValueError` where it is not whole."""
    body = memoryview(data)[_DIGEST:]
    if digest(body) != data[:_DIGEST]:
        raise ValueError("the checksum differs")
    return body


def code(folder: str) -> bytes:
    """A digest of the code and data of a package, which an edit changes under the same version."""
    found = []
    for inner, _, names in os.walk(folder):
        found += [os.path.join(inner, name) for name in names if name.endswith((".py", ".toml"))]
    contents = bytearray()
    for path in sorted(found):
        with open(path, "rb") as file:
            contents += digest(file.read())
    return digest(bytes(contents))


def encode(facts: FileFacts) -> bytes:
    """Facts as bytes; empty for those that cannot be written, such as trees nested too deeply."""
    try:
        return _encode(facts)
    except (RecursionError, ValueError):
        return b""


def decode(data: bytes) -> FileFacts | None:
    """Facts from bytes, or None for anything else."""
    try:
        return _decode_facts(data)
    except (RecursionError, ValueError):
        return None


class Cache:
    """The records of one project. Without a root it holds nothing and writes nothing."""

    def __init__(self, root: str | None) -> None:
        self._root = root
        self._started = time.time_ns()
        self._held = {} if root is None else _read(_path(root))
        self._fresh: dict[str, Record] = {}
        self._changed = False

    def stored(self, name: str, status: os.stat_result) -> FileFacts | None:
        """The facts of a file that was not touched."""
        record = self._held.get(name)
        if record is None or (record.changed, record.size) != (status.st_mtime_ns, status.st_size):
            return None
        return self._use(name, record)

    def same(self, name: str, status: os.stat_result, data: bytes) -> FileFacts | None:
        """The facts of a file that was touched and has the same content."""
        record = self._held.get(name)
        if record is None or record.size != len(data) or record.digest != digest(data):
            return None
        changed = self._reliable(status)
        self._changed = self._changed or record.changed != changed
        return self._use(name, Record(changed, record.size, record.digest, record.facts))

    def spare(self, name: str) -> None:
        """Leave the record of a file that is not looked at."""
        if name in self._held:
            self._fresh[name] = self._held[name]

    def former(self, name: str, content: bytes) -> FileFacts | None:
        """The facts of a file as it was when this was the digest of its content."""
        record = self._held.get(name)
        return decode(record.facts) if record is not None and record.digest == content else None

    def keep(self, name: str, status: os.stat_result, data: bytes, facts: FileFacts, encoded: bytes) -> None:
        """Record the facts of a file, encoded already or not."""
        if self._root is None:
            return
        encoded = encoded or encode(facts)
        if encoded:
            self._fresh[name] = Record(self._reliable(status), len(data), digest(data), encoded)
            self._changed = True

    def save(self) -> None:
        """Write what was used or made in this run, if it differs from what is there."""
        if self._root is None or not (self._changed or self._held.keys() != self._fresh.keys()):
            return
        body = _encode(self._fresh)
        cachedir.write(self._root, _path(self._root), _key() + sealed(body))

    def _use(self, name: str, record: Record) -> FileFacts | None:
        facts = decode(record.facts)
        if facts is not None:
            self._fresh[name] = record
        return facts

    def _reliable(self, status: os.stat_result) -> int:
        return status.st_mtime_ns if status.st_mtime_ns < self._started - _MARGIN else 0


def _path(root: str) -> str:
    return os.path.join(cachedir.path(root), "facts")


def _read(path: str) -> dict[str, Record]:
    key = _key()
    try:
        with open(path, "rb") as file:
            if file.read(len(key)) != key:
                return {}
            return _decode_records(opened(file.read()))
    except (OSError, ValueError):
        return {}


@functools.cache
def _key() -> bytes:
    """What facts depend on besides the file: Python, and the code that makes them, whatever its version is called."""
    return digest(sys.version.encode() + code(os.path.dirname(__file__)))
