"""The sign of life on long runs."""

from __future__ import annotations

import io
import time
from types import SimpleNamespace

import pytest
from fastasync import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    # pytest puts its own stream into `sys` between a fixture and its test
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=screen))
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    return screen


def test_long_work_shows_a_bar_and_leaves_no_trace(terminal: Terminal) -> None:
    with progress.waiting("Checking"):
        deadline = time.monotonic() + 10
        while "Checking [" not in terminal.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "Checking [" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_short_work_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 60)
    with progress.waiting("Checking"):
        pass
    assert terminal.getvalue() == ""


def test_a_pipe_gets_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    with progress.waiting("Checking"):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_a_failure_ends_it_too(terminal: Terminal) -> None:
    with pytest.raises(ValueError, match="no"), progress.waiting("Checking"):
        raise ValueError("no")
