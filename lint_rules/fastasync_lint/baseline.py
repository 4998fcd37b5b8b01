"""Findings that are known and wait for their turn.

A baseline is a JSON file of fingerprints, one entry a line, so that a diff of it reads well. An entry hides as many
equal findings as it counts. It names a file only to tell whether a run has looked there: a renamed file keeps its
entries.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import msgspec

from .errors import UserError
from .model import Candidate


class Entry(msgspec.Struct, frozen=True, order=True):
    filename: str
    function: str
    code: str
    sink: str
    fingerprint: str
    count: int = 1


class Baseline(msgspec.Struct, frozen=True):
    """The recorded findings; `version` is that of the fingerprints."""

    findings: tuple[Entry, ...] = ()
    version: int = 1

    @property
    def known(self) -> Counter[str]:
        """How many findings each fingerprint hides."""
        counts: Counter[str] = Counter()
        for entry in self.findings:
            counts[entry.fingerprint] += entry.count
        return counts


def load(path: str) -> Baseline:
    """Read a baseline; `UserError` when there is none or it is not one."""
    try:
        with open(path, "rb") as file:
            read = msgspec.json.decode(file.read(), type=Baseline)
    except FileNotFoundError:
        raise UserError(f"{path}: no such baseline; --update-baseline records one") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise UserError(f"{path}: not a baseline of fastasync: {error}") from None
    if read.version != Baseline().version:
        raise UserError(f"{path}: a baseline of version {read.version}; this release reads {Baseline().version}")
    return read


def save(path: str, baseline: Baseline) -> None:
    """Write a baseline in the place of the old one, whole or not at all."""
    lines = ",\n".join(f"    {msgspec.json.encode(entry).decode()}" for entry in sorted(baseline.findings))
    text = f'{{\n  "version": {baseline.version},\n  "findings": [\n{lines}\n  ]\n}}\n'
    folder = os.path.dirname(os.path.abspath(path))
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None


def shrunk(old: Baseline, standing: Iterable[Candidate], looked_at: Collection[str], folder: str) -> Baseline:
    """The baseline without what is gone.

    `standing` are all findings there are now. An entry goes when its file was looked at, or is no more, and nothing has
    its fingerprint; entries of other files stay.
    """
    left = Counter(candidate.fingerprint for candidate in standing)
    kept, moved = [], []
    for entry in old.findings:
        path = os.path.normpath(os.path.join(folder, entry.filename))
        if path in looked_at:
            kept.append(_present(entry, left))
        elif os.path.exists(path):
            kept.append(entry)
        else:
            moved.append(entry)
    kept += [_present(entry, left) for entry in moved]
    return Baseline(tuple(entry for entry in kept if entry.count))


def grown(old: Baseline, shown: Sequence[Candidate], folder: str) -> Baseline:
    """The baseline with the findings that it does not hide yet."""
    hides = old.known
    added: Counter[Entry] = Counter()
    for candidate in shown:
        if hides[candidate.fingerprint]:
            hides[candidate.fingerprint] -= 1
        else:
            added[_entry(candidate, folder)] += 1
    entries = Counter({msgspec.structs.replace(entry, count=1): entry.count for entry in old.findings}) + added
    return Baseline(tuple(msgspec.structs.replace(entry, count=count) for entry, count in entries.items()))


def _present(entry: Entry, left: Counter[str]) -> Entry:
    """The entry with as many findings as there are, which are taken off `left`."""
    count = min(entry.count, left[entry.fingerprint])
    left[entry.fingerprint] -= count
    return msgspec.structs.replace(entry, count=count)


def _entry(candidate: Candidate, folder: str) -> Entry:
    hit = candidate.hit
    name = os.path.relpath(hit.filename, folder).replace(os.sep, "/")
    return Entry(name, hit.function, hit.code, hit.sink, candidate.fingerprint)
