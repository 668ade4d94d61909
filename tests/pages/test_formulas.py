"""Every formula is set, in every cell: those of slides, and those that slides leave out."""

import re

import pytest

from tests.editions import each_edition
from tests.notebook import read
from tools.web.descriptions import plain
from tools.web.errors import BuildError
from tools.web.formulas import as_html, in_a_line, set_formulas
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


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac2N X^\top(Xw - y)", "2/N Xᵀ(Xw - y)"),
        (r"\frac{e^{s_k}}{\sum_{j=0}^{K-1} e^{s_j}}", "(e^s_k)/(∑_(j=0)^(K-1) e^s_j)"),
        (r"v \leftarrow \beta v + g, \qquad w \leftarrow w - \gamma v", "v ← β v + g, w ← w - γ v"),
        (r"{\color{#06288e}{\frac{\partial E}{\partial w_1}}} = \hat y - \bar{y}", "∂ E/∂ w₁ = ŷ - ȳ"),
        (r"\underbrace{X^\top}_{(2,\,N)}\text{ and }D = \{(x_{11}, y)\}", "Xᵀ_(2, N) and D = {(x₁₁, y)}"),
        (r"J = \begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}", "J = 1 0 ; 0 2"),
    ],
)
def test_a_formula_is_read_in_a_line_without_the_words_of_tex(tex, line):
    assert in_a_line(tex) == line
    assert plain(f"So ${tex}$ it *is*.") == f"So {line} it is.".replace("_", "").replace("*", "")


@each_edition
def test_what_is_said_of_pictures_has_no_words_of_tex(language, name):
    sources = [plain(cell.source) for cell in read(language, name).cells if cell.cell_type == "markdown"]
    assert [source for source in sources if re.search(r"\\[a-z,;!]|[a-z](frac|quad)|leftarrow", source)] == []
