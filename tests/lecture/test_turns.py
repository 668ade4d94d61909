"""The prose says it as a native lecturer would: turns that were mended do not come back, in either language."""

import re
import tomllib
from functools import cache
from pathlib import Path

import nbformat
import pytest

from lecture_utils._words import LANGUAGES, table
from tests.editions import in_lines
from tests.notebook import NAMES
from tests.pins import ROOT
from tools.notation import CELL
from tools.notebooks import NOTEBOOKS
from tools.prose import Line, lines, prose

TURNS = tomllib.loads(Path(__file__).with_name("turns.toml").read_text(encoding="utf-8"))


@cache
def said(language):
    """Return all that readers are told in a language: notebooks, pictures, controls and checks."""
    notebooks = [
        line for name in NAMES for line in lines(language, name, of=prose) if f", cell {CELL}" not in line.place
    ]
    return notebooks + [Line(f"_words, {key}", words[language]) for key, words in table().items()] + front()


@cache
def front():
    """Return what readers meet before the notebooks, where both languages stand side by side."""
    start = nbformat.read(NOTEBOOKS / "start.ipynb", as_version=4)
    texts = {"start.ipynb": "\n".join(cell.source for cell in start.cells)}
    texts |= {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "tools/web/words.toml")}
    return [
        Line(f"{name}, line {number}", line)
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
    ]


@pytest.mark.parametrize(("language", "turn"), [(lang, turn) for lang in LANGUAGES for turn in TURNS[lang]])
def test_a_turn_that_was_mended_has_not_come_back(language, turn):
    found = [
        Line(line.place, f"{match[0]!r} → {TURNS[language][turn]}, in: {line.text[:160]}")
        for line in said(language)
        for match in re.finditer(turn, line.text)
    ]
    assert in_lines(found) == ""
