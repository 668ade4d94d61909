"""Every formula is set, in every cell: those of slides, and those that slides leave out."""

import pytest

from tests.editions import each_edition
from tests.notebook import read
from tools.web.errors import BuildError
from tools.web.formulas import as_html, set_formulas
from tools.web.npm import packages


@each_edition
def test_every_formula_is_set(language, name):
    pages = [as_html(cell.source) for cell in read(language, name).cells if cell.cell_type == "markdown"]
    formulas = set_formulas(pages, packages())  # which raises for the first that cannot be set
    assert formulas.html
    for page in map(formulas.put_into, pages):
        assert "data-tex" not in page
        assert "data-display" not in page


def test_a_formula_that_cannot_be_set_is_named():
    with pytest.raises(BuildError, match=r"Undefined control sequence \\wrong.*mend \\wrong"):
        set_formulas([as_html(r"Here: $\wrong$.")], packages())
