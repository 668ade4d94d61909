"""The Russian and the English notebooks are one program."""

import re
from collections import Counter

import pytest

from tests.notebook import NAMES, program, read, solution
from tools.notebooks import NOTEBOOKS, tags
from tools.prose import formulas, prose


def shape(cell):
    return cell.id, cell.cell_type, tags(cell), cell.metadata.get("slideshow", {})


def printed(cell):
    """Return what a code cell prints, less what is drawn or written for one language: pictures and HTML."""
    return [
        output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain")
        for output in cell.outputs
    ]


def mathematics(cell):
    """Return the formulas of a cell, less what is written for one language: words, spaces, punctuation at the end."""
    plain = re.sub(r"\\(?:text|textbf|operatorname)\*?\s*\{[^{}]*\}", "", formulas(cell)).replace("{,}", ".")
    return Counter(
        re.sub(r"\\[,;:! ]|\\q?quad|\s|[.,;]$", "", formula) for formula in re.split(r"\s{3,}|\n", plain) if formula
    )


def numbers(cell):
    """Return the numbers in the prose of a cell, but small whole ones, which a language may say in words."""
    text = re.sub(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}\b)", "", prose(cell).replace("−", "-"))
    return set(re.findall(r"(?<![\w.])(?:\d+\.\d+|\d{2,})", text))


def test_both_languages_have_the_same_notebooks():
    assert NAMES
    assert sorted(path.stem for path in (NOTEBOOKS / "en").glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
class TestPair:
    def test_has_the_same_cells_in_the_same_order(self, name):
        russian, english = read("ru", name), read("en", name)
        assert [shape(cell) for cell in russian.cells] == [shape(cell) for cell in english.cells]

    def test_has_the_same_program(self, name):
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.cell_type == "code":
                assert program(russian.source) == program(english.source), f"{name}: cell {russian.id}"
            elif "solution" in tags(russian):
                assert program(solution(russian)) == program(solution(english)), f"{name}: cell {russian.id}"

    def test_prints_the_same(self, name):
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.cell_type == "code":
                assert printed(russian) == printed(english), f"{name}: cell {russian.id}"

    def test_tells_each_reader_in_their_own_language(self, name):
        for language, other in (("ru", "en"), ("en", "ru")):
            source = "\n".join(cell.source for cell in read(language, name).cells)
            assert f'setup("{language}")' in source
            assert f"img/{other}/" not in source

    def test_leaves_no_prose_untranslated(self, name):
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.cell_type == "markdown":
                assert russian.source != english.source, f"{name}: cell {russian.id} is the same in both languages"
                assert not any("а" <= letter <= "я" for letter in english.source.lower()), f"{name}: cell {english.id}"

    def test_says_the_same_in_formulas(self, name):
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.cell_type == "markdown" and russian.id != "notation":
                ru, en = mathematics(russian), mathematics(english)
                assert ru == en, f"{name}, cell {russian.id}: only ru has {ru - en}, only en has {en - ru}"

    def test_says_the_same_in_numbers(self, name):
        for russian, english in zip(read("ru", name).cells, read("en", name).cells, strict=True):
            if russian.cell_type == "markdown" and russian.id != "notation":
                ru, en = numbers(russian), numbers(english)
                assert ru == en, f"{name}, cell {russian.id}: only ru has {ru - en}, only en has {en - ru}"
