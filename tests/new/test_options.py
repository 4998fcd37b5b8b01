"""Flags, presets and files of answers against the questions of the template."""

import inspect
from pathlib import Path

import pytest
from fastasync import new, options
from fastasync.errors import UserError
from fastasync.options import Question
from fastasync.project import template_path

TEMPLATE = template_path("project")
QUESTIONS = options.load_questions(TEMPLATE)


def test_every_question_is_a_flag_and_every_flag_a_question() -> None:
    parameters = set(inspect.signature(new.new).parameters) - {"context"}
    assert parameters - new.OTHERS == set(QUESTIONS) - {"name"}
    assert parameters >= new.OTHERS


def test_the_help_names_every_value() -> None:
    for name, parameter in inspect.signature(new.new).parameters.items():
        for value in QUESTIONS[name].choices if name in QUESTIONS else ():
            # "none" follows from another choice where the help leaves it out.
            assert value in parameter.annotation.__metadata__[0].help or value == "none", (name, value)


def test_every_question_has_a_help_text_and_choices() -> None:
    for question in QUESTIONS.values():
        assert question.help.endswith("?")
        assert question.choices or question.name in {"name", "workers"}


@pytest.mark.parametrize("name", ["minimal", "standard", "production"])
def test_a_preset_answers_with_known_values_that_go_together(name: str) -> None:
    preset = options.load_preset(TEMPLATE, name)
    for key, answer in preset.items():
        question = QUESTIONS[key]
        assert question.parse(",".join(answer) or "none" if isinstance(answer, list) else answer) == answer
    answers = options.complete(QUESTIONS, {"name": "x", **preset})
    assert {key: answers[key] for key in preset} == preset


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(UserError, match=r"minimal, standard, production"):
        options.load_preset(TEMPLATE, "huge")


MANY = Question(name="deploy", help="?", choices=("docker", "compose"), multiple=True, default=[], validator="")
ONE = Question(name="server", help="?", choices=("uvicorn", "granian"), multiple=False, default="uvicorn", validator="")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("docker", ["docker"]), (" compose , docker", ["docker", "compose"]), ("none", []), ("", [])],
)
def test_several_values_are_separated_by_commas(text: str, answer: list[str]) -> None:
    assert MANY.parse(text) == answer


@pytest.mark.parametrize(
    ("question", "text", "message"),
    [
        (ONE, "daphne", "--server does not know 'daphne'. Choose from: uvicorn, granian."),
        (ONE, "uvicor", "--server does not know 'uvicor'. Did you mean uvicorn? Choose from: uvicorn, granian."),
        (ONE, "", "--server does not know ''. Choose from: uvicorn, granian."),
        (MANY, "docker,swarm", "--deploy does not know 'swarm'. Choose from: docker, compose, none."),
        (MANY, "docker,none", "--deploy does not know 'none'. Choose from: docker, compose, none."),
    ],
)
def test_an_unknown_value_is_refused(question: Question, text: str, message: str) -> None:
    with pytest.raises(UserError) as error:
        question.parse(text)
    assert str(error.value) == message


@pytest.mark.parametrize("workers", ["0", "-1", "two", "513", ""])
def test_workers_are_a_number_or_auto(workers: str) -> None:
    with pytest.raises(UserError, match=r"--workers takes a number from 1 to 512, or auto\."):
        options.complete(QUESTIONS, {"name": "x", "workers": workers})


def test_saved_answers_are_read_again(tmp_path: Path) -> None:
    answers = {key: value for key, value in options.complete(QUESTIONS, {"name": "x"}).items() if key != "name"}
    file = tmp_path / "choices.toml"
    options.save_config(file, answers)
    assert options.load_config(file, QUESTIONS) == answers


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"database = ", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'databse = "sqlite"', "there is no choice named 'databse'"),
        (b'database = "oracle"', "--database does not know 'oracle'"),
        (b"workers = 0", None),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: bytes, message: str | None) -> None:
    file = tmp_path / "choices.toml"
    file.write_bytes(content)
    with pytest.raises(UserError, match=message):
        options.complete(QUESTIONS, {"name": "x", **options.load_config(file, QUESTIONS)})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        options.load_config(tmp_path / "none.toml", QUESTIONS)


def test_answers_that_cannot_be_saved_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        options.save_config(tmp_path / "no" / "folder.toml", {})
