"""Facts kept between runs: what is reused, what is made again, and that results never depend on it."""

import os
import threading
import time
from pathlib import Path

import msgspec
import pytest
from fastasync_lint import cachedir, engine, processes
from fastasync_lint.facts import cache, gather, parse, spread
from fastasync_lint.model import Analysis
from fastasync_lint.settings import Settings

BLOCKING = "import time\nfrom helpers import helper\n\n\nasync def view():\n    time.sleep(1)\n    helper()\n"
HELPER = "import time\n\n\ndef helper():\n    time.sleep(1)\n"
CLEAN = "def helper():\n    return 1\n"
LONG_AGO = 1_600_000_000


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "app.py", BLOCKING)
    write(tmp_path / "helpers.py", HELPER)
    return tmp_path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The texts that are parsed, in this process."""
    seen: list[bytes] = []

    def recorded(source: bytes) -> object:
        seen.append(source)
        return parse.facts(source)

    monkeypatch.setattr(spread, "facts", recorded)
    monkeypatch.setattr(gather, "facts", recorded)
    return seen


def write(path: Path, text: str, changed: int = LONG_AGO) -> None:
    path.write_text(text)
    os.utime(path, (changed, changed))


def analyse(root: Path, *, cached: bool = True, workers: int | None = 1, **unsaved: str) -> Analysis:
    overlay = {root / f"{name}.py": text.encode() for name, text in unsaved.items()}
    return engine.analyse(
        root, sorted(root.glob("*.py")), None, Settings(), overlay=overlay, cache=cached, workers=workers
    )


def pack(root: Path) -> Path:
    return Path(cachedir.path(str(root))) / "facts"


def rows(found: Analysis) -> list[int]:
    return [hit.location.row for hit in found.hits]


def test_a_second_run_parses_nothing_and_finds_the_same(project: Path, parsed: list[bytes]) -> None:
    first = analyse(project)
    assert rows(first) == [6, 7]
    parsed.clear()
    assert analyse(project) == first
    assert parsed == []


def test_only_the_file_that_changed_is_parsed(project: Path, parsed: list[bytes]) -> None:
    analyse(project)
    parsed.clear()
    write(project / "helpers.py", CLEAN, LONG_AGO + 1)
    assert rows(analyse(project)) == [6]
    assert parsed == [CLEAN.encode()]


def test_a_file_of_the_same_size_that_changed_is_parsed(project: Path, parsed: list[bytes]) -> None:
    analyse(project)
    other = HELPER.replace("sleep(1)", "ctime(1)")
    write(project / "helpers.py", other, LONG_AGO + 1)
    assert rows(analyse(project)) == [6]
    assert other.encode() in parsed


def test_a_touched_file_of_the_same_content_is_not_parsed(project: Path, parsed: list[bytes]) -> None:
    analyse(project)
    parsed.clear()
    os.utime(project / "app.py", (LONG_AGO + 5, LONG_AGO + 5))
    assert rows(analyse(project)) == [6, 7]
    assert parsed == []


def test_a_file_written_just_now_is_told_by_its_content(project: Path) -> None:
    helpers = project / "helpers.py"
    soon = time.time_ns() + 10**9  # later than the analysis begins, however busy the machine is
    helpers.write_text(HELPER)
    os.utime(helpers, ns=(soon, soon))
    analyse(project)
    helpers.write_text(HELPER.replace("sleep(1)", "ctime(1)"))
    os.utime(helpers, ns=(soon, soon))
    assert rows(analyse(project)) == [6]


def test_unsaved_text_is_not_recorded(project: Path) -> None:
    analyse(project)
    before = pack(project).read_bytes()
    assert rows(analyse(project, helpers=CLEAN)) == [6]
    assert rows(analyse(project)) == [6, 7]
    assert pack(project).read_bytes() == before


def test_files_that_are_gone_leave_the_cache(project: Path) -> None:
    analyse(project)
    before = pack(project).stat().st_size
    (project / "helpers.py").unlink()
    assert rows(analyse(project)) == [6]
    assert pack(project).stat().st_size < before


def test_without_the_cache_nothing_is_written(project: Path) -> None:
    assert rows(analyse(project, cached=False)) == [6, 7]
    assert not pack(project).parent.exists()


def spoilt(content: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "cut": content[: len(content) // 2],
        "cut in the head": content[:7],
        "one byte different": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "another tool's": b"\0" + content,
        "of an older version": bytes([content[0] ^ 1]) + content[1:],
        "a pickle": b"cos\nsystem\n(S'exit 1'\ntR.",
    }


@pytest.mark.parametrize("kind", spoilt(bytes(range(64))))
def test_a_spoilt_cache_is_made_again(project: Path, parsed: list[bytes], kind: str) -> None:
    first = analyse(project)
    good = pack(project).read_bytes()
    pack(project).write_bytes(spoilt(good)[kind])
    parsed.clear()
    assert analyse(project) == first
    assert len(parsed) == 2
    assert pack(project).read_bytes() == good


def test_a_record_of_another_shape_is_made_again(project: Path, parsed: list[bytes]) -> None:
    first = analyse(project)
    good = pack(project).read_bytes()
    head, body = good[:16], msgspec.msgpack.decode(good[32:])
    body["app.py"][3] = msgspec.msgpack.encode([[["no", "facts"]], 0, "", 0])
    changed = msgspec.msgpack.encode(body)
    pack(project).write_bytes(head + cache.digest(changed) + changed)
    parsed.clear()
    assert analyse(project) == first
    assert parsed == [BLOCKING.encode()]


def test_another_python_or_another_reader_does_not_use_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyse(project)
    monkeypatch.setattr(cache, "_key", lambda: b"another version.")
    held = cache.Cache(str(project))
    assert held.stored("app.py", (project / "app.py").stat()) is None


def test_a_folder_that_cannot_be_written_only_costs_time(project: Path) -> None:
    Path(cachedir.path(str(project))).write_text("in the way")
    assert rows(analyse(project)) == [6, 7]
    assert rows(analyse(project)) == [6, 7]


def test_a_file_that_cannot_be_read_is_a_problem(project: Path) -> None:
    (project / "folder.py").mkdir()
    assert [problem.message for problem in analyse(project).problems] == ["cannot be read: Is a directory"]


def test_columns_beyond_what_a_place_holds_leave_the_row_alone(project: Path) -> None:
    long = "x" * 70_000
    write(project / "app.py", f"import time\nasync def view(): a = '{long}'; time.sleep(1)\n")
    assert [(hit.location.row, hit.location.column) for hit in analyse(project).hits] == [(2, 65_536)]


def test_facts_survive_being_written(project: Path) -> None:
    for path in Path(engine.__file__).parent.rglob("*.py"):
        made = parse.facts(path.read_bytes())
        again = cache.decode(cache.encode(made))
        assert again is not None
        assert cache.encode(again) == cache.encode(made)


# several processes -----------------------------------------------------------------------------------------


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small projects, too, are shared between processes."""
    monkeypatch.setattr(processes, "LEAST", 1)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("workers", [2, 3])
def test_processes_make_the_same_facts(project: Path, workers: int) -> None:
    write(project / "broken.py", "def f(:\n")
    alone = analyse(project, cached=False)
    assert analyse(project, cached=False, workers=workers) == alone
    assert analyse(project, workers=workers) == alone
    assert analyse(project, workers=workers) == alone


@pytest.mark.usefixtures("eager")
def test_the_share_of_a_process_that_dies_is_done_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()

    def mortal(source: bytes) -> object:
        if os.getpid() != here:
            os._exit(9)
        return parse.facts(source)

    monkeypatch.setattr(spread, "facts", mortal)
    assert rows(analyse(project, workers=2)) == [6, 7]


@pytest.mark.usefixtures("eager")
def test_no_process_is_left_when_this_one_is_interrupted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()

    def interrupted(source: bytes) -> object:
        if os.getpid() == here:
            raise KeyboardInterrupt
        return threading.Event().wait()

    monkeypatch.setattr(spread, "facts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        analyse(project, workers=2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_process_with_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LEAST", 1)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert spread._workers(10, 2) == 1
    finally:
        done.set()
        thread.join()


def test_shares_are_even_and_complete() -> None:
    sizes = [5, 1, 9, 3, 3, 7, 2]
    own, other = spread._shares(sizes, 2)
    assert sorted(own + other) == list(range(7))
    assert abs(sum(sizes[i] for i in own) - sum(sizes[i] for i in other)) <= 4
