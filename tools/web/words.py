"""What the pages say besides the lecture itself, in both languages."""

import tomllib
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("words.toml")


@cache
def words(language: str) -> dict[str, str]:
    """Return what the pages say in a language."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))[language]
