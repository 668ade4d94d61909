"""The words of controls, pictures and checks, in Russian and English; the table of them stands in words/."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from lecture_utils.require import require_one_of, shown

LANGUAGES = ("ru", "en")

_current = "en"


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the table of words: by word, then by language."""
    table: dict[str, dict[str, str]] = {}
    for file in sorted((Path(__file__).parent / "words").glob("*.toml")):
        part = tomllib.loads(file.read_text(encoding="utf-8"))
        twice = table.keys() & part.keys()
        if twice:
            raise ValueError(f"{file.name} has words that another file has: {sorted(twice)}")
        table |= part
    return table


def set_language(language: str) -> None:
    """Make `language` the one that controls and pictures speak from now on."""
    global _current
    _current = require_language(language)


def current_language() -> str:
    """Return the language that `set_language` chose; English until then."""
    return _current


def require_language(language: str) -> str:
    """Return `language`, or raise a ValueError that lists the languages there are."""
    require_one_of(language, LANGUAGES, "language")
    return language


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
    """Return the word `key` in the current language, its braces filled with `fields`, if there are any.

    Raises
    ------
    ValueError
        If there is no such word, or a brace has no field.
    """
    require_one_of(key, words(), "key")
    text = words()[key][current_language()]
    try:
        return text.format(**fields) if fields else text
    except Exception as error:  # a KeyError, or whatever a field's own class raises
        raise ValueError(f"fields must fill the braces of {text!r}, but they are {shown(fields)}") from error
