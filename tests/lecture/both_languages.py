"""All that is said in both languages, side by side, and what finds words in it."""

import re
import tomllib
from collections.abc import Iterator

from lecture_utils._words import table
from lecture_utils.guesses._ask import questions
from tests.notebook import NAMES, read
from tests.pins import ROOT
from tools.notation import CELL
from tools.prose import prose


def finds(patterns: str) -> re.Pattern:
    """Return what finds the words of a list; in it, `*` is any ending and `_` a space."""
    endings = "|".join(patterns.replace("*", r"\w*").replace("_", r"\s+").split())
    return re.compile(rf"(?<![-\w])(?:{endings})(?!\w)")


def told() -> Iterator[tuple[str, str, str]]:
    """Yield all that is said in both languages: its place, and what is said there in Russian and in English."""
    for name in NAMES:
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.id != CELL:
                yield f"{name}, cell {russian.id}", prose(russian), prose(english)
    for key, words in table().items():
        yield f"_words, key {key}", words["ru"], words["en"]
    for question, about in questions().items():
        for russian, english in zip(about.get("ru", []), about.get("en", []), strict=True):
            yield f"questions.toml, {question}", russian, english
    pages = tomllib.loads((ROOT / "tools/web/words.toml").read_text(encoding="utf-8"))
    for key in pages["ru"]:
        yield f"tools/web/words.toml, key {key}", pages["ru"][key], pages["en"][key]
