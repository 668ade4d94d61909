"""Questions with stated choices, and those that ask for a number."""

import tomllib
from functools import cache
from pathlib import Path

from lecture_utils._require import require_one_of
from lecture_utils._words import current_language
from lecture_utils.guesses._guess import Guess


def ask(question: str) -> Guess:
    """Return the choices of a question of the lecture, or a box for its number; the truth shows after the answer.

    `question` is the name of one in ``questions.toml``.
    """
    require_one_of(question, list(questions()), "question")
    asked = questions()[question]
    if "number" in asked:
        number = asked["number"]
        scene = {"kind": "number", "truth": number, "tolerance": asked["tolerance"]}
        return Guess(scene, truth=f"{number:g}")
    choices = choices_of(question)
    return Guess(
        {"kind": "choices", "choices": choices, "truth": asked["right"]}, offered=choices, truth=choices[asked["right"]]
    )


@cache
def questions() -> dict[str, dict]:
    """Return all questions by name."""
    return tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))


def choices_of(question: str) -> list[str]:
    """Return what a question offers, in the current language."""
    asked = questions()[question]
    return asked["choices"] if "choices" in asked else asked[current_language()]
