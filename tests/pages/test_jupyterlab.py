"""What a student sees: the notebooks in a real JupyterLab, in a real Chromium."""

from itertools import cycle

import nbformat
import pytest
from playwright.sync_api import expect

from lecture_utils import explorers
from tests.notebook import NAMES, read
from tests.pages.test_lights import expect_factors_to_light_their_arrows
from tools.browser import CHROMIUM, Watched, violations
from tools.lab import expect_idle, expect_no_reader_kept_out, open_notebook, run_all
from tools.slides.deck import title

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
COLOURED = ["title", "setup", "colours", "chain-rule-sigmoid", "jacobians", "jacobian-table", "layer-linear-answer"]
EXPLORERS = [name for name in explorers.__all__ if name.endswith("_explorer")]


@pytest.fixture(scope="module")
def start(lab, lecture):
    page = lab.window.new_page()
    watch = Watched(page)
    page.goto(lab.address.format("lab/tree/notebooks/start.ipynb"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible()
    yield page
    assert watch.errors == []
    assert watch.requests_elsewhere == []
    page.close()


# What the page that `make edit` opens leads to. Each notebook in one language; axe-core looks at the deck of the other.
@pytest.mark.parametrize(("written", "name"), list(zip(cycle(["en", "ru"]), NAMES, strict=False)))
def test_the_start_page_opens_a_notebook_which_as_it_is_stored_keeps_no_reader_out(start, written, name):
    heading = title(read(written, name))
    start.get_by_role("tab", name="start.ipynb").click()
    start.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("link", name=heading).first.click()
    expect(start.locator("h1", has_text=heading)).to_be_visible()
    expect(start.get_by_text("Jupyter news")).to_have_count(0)
    start.mouse.move(0, 0)  # beside a heading under the mouse, JupyterLab shows a sign of its own
    assert violations(start, "violationsInNotebook()") == ""


@pytest.fixture(scope="module")
def page(lab, lecture):
    """Open, and run, a notebook with words and formulas in colours, and all explorers."""
    arguments = {  # those that train, quickly
        "deep_network_explorer": "hidden=(0, 3), n_epochs=40",
        "minibatch_explorer": "batch_sizes=(1, 8), n_epochs=3",
        "traversal_explorer": "w * w, w=w",
    }
    made = [f"{name}({arguments.get(name, '')})" for name in EXPLORERS]
    needed = "import torch\nfrom lecture_utils.explorers import *\n\nw = torch.tensor(3.0, requires_grad=True)"
    notebook = read("ru", "03_backpropagation")
    notebook.cells = [cell for cell in notebook.cells if cell.id in COLOURED]
    notebook.cells += map(nbformat.v4.new_code_cell, [needed, *made])
    nbformat.write(notebook, lecture / "explorers.ipynb")
    opened = lab.window.new_page()
    open_notebook(opened, lab.address, "explorers.ipynb")
    run_all(opened)
    expect_idle(opened)
    expect(opened.locator(".live-picture")).to_have_count(len(EXPLORERS))
    return opened


def test_every_explorer_keeps_no_reader_out_and_no_keyboard(page):
    expect_no_reader_kept_out(page)


def test_pointing_at_a_factor_of_the_worked_example_lights_its_arrow(page):
    explorer = page.locator(".jp-OutputArea-output", has=page.locator(".light"))
    explorer.get_by_role("button", name="6").click()
    expect_factors_to_light_their_arrows(page, explorer)


def test_the_dark_theme_keeps_no_reader_out_of_words_and_formulas_in_colours(page):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for name in ("Theme", "JupyterLab Dark"):  # a menu within a menu has no roles
        page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    expect(page.locator(".jp-Notebook")).to_have_css("background-color", "rgb(17, 17, 17)")  # its style has arrived
    expect(page.locator("mjx-container [style*=color]").first).to_be_visible()
    expect(page.locator(".marker.definition, .marker.example").first).to_be_visible()
    assert violations(page, "violationsInNotebook()") == ""
