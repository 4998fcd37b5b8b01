"""Texts of files, in any encoding, unsaved ones first."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.sources import Sources, decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 'a'\n", "x = 'a'\n"),
        ("x = 'ß'\n".encode(), "x = 'ß'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# coding: latin-1\nx = 'ß'\n".encode("latin-1"), "# coding: latin-1\nx = 'ß'\n"),
        (b"# coding: nonesuch\nx = 1\n", "# coding: nonesuch\nx = 1\n"),
        (b"x = '\xff'\n", "x = '\ufffd'\n"),
        (b"a\r\nb\r\n", "a\r\nb\r\n"),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_unsaved_text_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\r\ntext\n")
    on_disk, unsaved = Sources(), Sources({str(path): b"new\n"})
    assert on_disk.lines(str(path)) == ["old", "text", ""]
    assert unsaved.text(str(path)) == "new\n"
    assert on_disk.stamp(str(path)) is not None
    assert unsaved.stamp(str(path)) is None


def test_a_file_that_is_gone_is_empty(tmp_path: Path) -> None:
    sources = Sources()
    assert sources.text(str(tmp_path / "a.py")) == ""
    assert sources.stamp(str(tmp_path / "a.py")) is None
