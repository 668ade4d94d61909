"""The Russian and the English notebooks are one program."""

import pytest

from tests.notebook import NAMES, program, read, solution
from tools.notebooks import NOTEBOOKS, tags


def shape(cell):
    return cell.id, cell.cell_type, tags(cell), cell.metadata.get("slideshow", {})


def printed(cell):
    """Return what a code cell prints, less what is drawn or written for one language: pictures and HTML."""
    return [
        output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain")
        for output in cell.outputs
    ]


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
