"""The words of controls, pictures and checks, in Russian and English; the tables of them stand beside this file."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from lecture_utils._brief import brief

LANGUAGES = ("ru", "en")

_current = "en"


@cache
def table() -> dict[str, dict[str, str]]:
    """Return all the words: by key, then by language."""
    words: dict[str, dict[str, str]] = {}
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        words |= tomllib.loads(file.read_text(encoding="utf-8"))
    return words


def set_language(language: str) -> None:
    """Make `language` the one that controls and pictures speak from now on, or raise a ValueError that lists them."""
    global _current
    if not isinstance(language, str) or language not in LANGUAGES:
        raise ValueError(f"language must be one of {list(LANGUAGES)}, but it is {brief(language)}")
    _current = language


def current_language() -> str:
    """Return the language that `set_language` chose; English until then."""
    return _current


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Return a context in which `language` is the current one; None changes nothing."""
    before = current_language()
    set_language(before if language is None else language)
    try:
        yield
    finally:
        set_language(before)


def word(key: str, **fields: object) -> str:
    """Return the word `key` in the current language, its braces filled with `fields`, if there are any."""
    text = table()[key][current_language()]
    return text.format(**fields) if fields else text
