"""Every formula is set, in every cell: those of slides, and those that slides leave out."""

import pytest

from tests.editions import each_edition, in_lines
from tests.notebook import read
from tools.prose import Line, whole_formulas
from tools.web.npm import packages

SET = """formulas => Promise.all(formulas.map(async formula => {
    const error = (await MathJax.tex2svgPromise(formula)).querySelector("[data-mjx-error], [data-mml-node=merror]");
    return error ? error.getAttribute("data-mjx-error") || error.textContent : "";
}))"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    # An unknown command is an error here; MathJax would else set it in red and say nothing.
    page.evaluate("window.MathJax = {tex: {packages: {'[-]': ['noundefined']}}, startup: {typeset: false}}")
    page.add_script_tag(path=packages() / "mathjax/es5/tex-svg-full.js")
    page.evaluate("MathJax.startup.promise")
    yield page
    page.close()


@each_edition
def test_every_formula_is_set(page, language, name):
    found = [
        Line(f"{language}/{name}, cell {cell.id}", formula)
        for cell in read(language, name).cells
        if cell.cell_type == "markdown"
        for formula in whole_formulas(cell)
    ]
    errors = page.evaluate(SET, [line.text for line in found])
    wrong = [Line(line.place, f"{error} in {line.text}") for line, error in zip(found, errors, strict=True) if error]
    assert found
    assert in_lines(wrong) == ""
