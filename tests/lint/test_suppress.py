"""Suppressing comments: what they cover, and which are of no use."""

from __future__ import annotations

import pytest
from fastasync_lint import rules, suppress
from fastasync_lint.fixes import apply as apply_fixes
from fastasync_lint.model import Hit, Location, Severity


def hit(row: int, code: str = "FSA101") -> Hit:
    return Hit(code, Severity.ERROR, "a.py", Location(row, 5), Location(row, 9), "f", "time.sleep", ())


def outcome(source: str, *hits: Hit, on: tuple[str, ...] = rules.codes()) -> tuple[list[bool], list[str]]:
    """Which hits stay, and what is said of idle comments."""
    stays, unused = suppress.apply(hits, suppress.comments(source), rules.codes(), on)
    return stays, [item.message(rules.codes()) for item in unused]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# fastasync: ignore[FSA101]", id="code"),
        pytest.param("# fastasync: ignore[FSA101] -- it is a script", id="reason"),
        pytest.param("# fastasync: ignore[FSA103, FSA1]", id="prefix"),
        pytest.param("# fastasync: ignore", id="all"),
        pytest.param("#fastasync:ignore", id="tight"),
        pytest.param("# type: ignore # fastasync: ignore", id="after another"),
        pytest.param("# noqa", id="bare noqa"),
        pytest.param("# NOQA: E501,FSA101", id="noqa with codes"),
        pytest.param("# noqa: FSA101 -- reason", id="noqa with a reason"),
    ],
)
def test_a_comment_covers_its_line(comment: str) -> None:
    assert outcome(f"x = 1  {comment}\ny = 2\n", hit(1), hit(2))[0] == [False, True]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# fastasync: ignore[FSA103]", id="another code"),
        pytest.param("# fastasync: ignored", id="another word"),
        pytest.param("# fastasync: ignore[]", id="no code"),
        pytest.param("# noqa: E501", id="another linter's code"),
        pytest.param("# noqa: see below", id="words"),
        pytest.param("'# noqa'", id="a text"),
    ],
)
def test_other_comments_cover_nothing(comment: str) -> None:
    assert outcome(f"x = (1)  {comment}\n".replace(") '", ", '").replace("(1,", "(1,"), hit(1))[0] == [True]


def test_a_comment_on_any_line_covers_the_whole_statement() -> None:
    source = "x = f(\n    1,\n    2,  # fastasync: ignore[FSA101]\n)\ny = 2\n"
    assert outcome(source, hit(1), hit(2), hit(4), hit(5))[0] == [False, False, False, True]


def test_a_comment_in_a_header_does_not_cover_the_body() -> None:
    source = "with f(\n    1\n):  # fastasync: ignore\n    g()\n"
    assert outcome(source, hit(1), hit(4))[0] == [False, True]


def test_a_comment_between_statements_covers_none() -> None:
    assert outcome("x = 1\n# fastasync: ignore\ny = 2\n", hit(1), hit(3))[0] == [True, True]


@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_file_comment_covers_the_file_wherever_it_stands(row: int) -> None:
    lines = [f"x = {number}" for number in range(5)]
    lines[row - 1] += "  # fastasync: ignore-file[FSA101]"
    assert outcome("\n".join(lines), hit(1), hit(5), hit(2, "FSA102"))[0] == [False, False, True]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1  # fastasync: ignore\n", "`# fastasync: ignore` suppresses nothing here"),
        ("x = 1  # fastasync: ignore[FSA102] -- why\n", "`# fastasync: ignore[FSA102]` suppresses nothing here"),
        ("# fastasync: ignore-file[FSA102]\n", "`# fastasync: ignore-file[FSA102]` suppresses nothing here"),
        ("x = 1  # noqa: E501, FSA102\n", "`# noqa: E501, FSA102` suppresses nothing here: FSA102"),
        ("x = 1  # fastasync: ignore[FSA999]\n", "`# fastasync: ignore[FSA999]` names no rule: FSA999"),
    ],
)
def test_an_idle_comment_is_named(source: str, said: str) -> None:
    assert outcome(source)[1] == [said]


def test_codes_of_a_comment_are_judged_one_by_one() -> None:
    source = "x = 1  # fastasync: ignore[FSA101, FSA102]\n"
    assert outcome(source, hit(1)) == (
        [False],
        ["`# fastasync: ignore[FSA101, FSA102]` suppresses nothing here: FSA102"],
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = 1  # noqa\n", id="bare noqa is for all linters"),
        pytest.param("x = 1  # noqa: E501\n", id="not ours"),
        pytest.param("x = 1  # fastasync: ignore[FSA102]\n", id="the rule is off"),
        pytest.param("x = 1  # fastasync: ignore[FSA001]\n", id="the rule itself"),
    ],
)
def test_comments_that_may_have_their_reasons_are_left_alone(source: str) -> None:
    assert outcome(source, on=("FSA001", "FSA101"))[1] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # fastasync: ignore[FSA102] -- why\n", "x = 1\n"),
        ("x = 1  # fastasync: ignore[FSA102]  # then more\n", "x = 1  # then more\n"),
        ("x = 1  # type: ignore  # fastasync: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1\n    # fastasync: ignore\ny = 2\n", "x = 1\ny = 2\n"),
        ("# fastasync: ignore-file\nx = 1\n", "x = 1\n"),
        ("é = 1  # fastasync: ignore\n", "é = 1\n"),
        ("x = 1  # fastasync: ignore\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        ("x = 1  # noqa: E501, FSA102 -- long\n", "x = 1  # noqa: E501 -- long\n"),
        ("x = f(\n    1,  # fastasync: ignore\n)\n", "x = f(\n    1,\n)\n"),
    ],
)
def test_the_fix_removes_what_is_of_no_use(before: str, after: str) -> None:
    found = suppress.comments(before)
    _, unused = suppress.apply((), found, rules.codes(), rules.codes())
    fixed, count = apply_fixes(before.encode(), [item.fix() for item in unused])
    assert (fixed.decode(), count) == (after, 1)


def test_a_file_that_cannot_be_tokenised_keeps_what_came_before() -> None:
    assert len(suppress.comments("x = 1  # noqa\ny = (\n")) == 1


@pytest.mark.parametrize(
    ("data", "has_hits", "worth"),
    [
        (b"x  # fastasync: ignore", False, True),
        (b"x  # fastasync: blocking", True, False),
        (b"x  # noqa", True, True),
        (b"x  # NoQA", True, True),
        (b"x  # noqa", False, False),
        (b"x  # noqa: FSA101", False, True),
        (b"x  # noqa: E501", True, False),
        (b"x  # noqa: E501\ny  # noqa", True, True),
        (b"x", True, False),
    ],
)
def test_only_files_with_the_words_are_tokenised(data: bytes, has_hits: bool, worth: bool) -> None:
    assert suppress.might_suppress(data, has_hits) is worth
