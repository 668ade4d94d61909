"""What a student sees: the notebooks in a real JupyterLab, in a real Chromium."""

import re
from itertools import cycle

import nbformat
import pytest
from playwright.sync_api import expect

from lecture_utils import explorers
from lecture_utils.slides.deck import title
from tests.browser import CHROMIUM, Watched, drag, jupyterlab, new_context, violations
from tests.lab import expect_a_change, expect_idle, open_notebook, run_all, shut_down_kernel, slider, words
from tests.notebook import NAMES, read

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
EXPLORERS = [name for name in explorers.__all__ if name.endswith("_explorer")]


@pytest.fixture(scope="module")
def address(lecture, tmp_path_factory):
    with jupyterlab(lecture, tmp_path_factory.mktemp("state")) as served:
        yield served


@pytest.fixture(scope="module")
def context(browser):
    with new_context(browser, height=1000) as opened:
        yield opened


@pytest.fixture(scope="module")
def ran(context, address):
    """Open the Russian notebook on descent and run it; the tests go on from what they left of it.

    The English one is run by test_students_in_jupyterlab and test_slideshow.
    """
    page = context.new_page()
    watch = Watched(page)
    open_notebook(page, address, "notebooks/ru/02_gradient_descent.ipynb")
    run_all(page)
    words(page).scroll_into_view_if_needed()
    expect_idle(page)
    yield page
    # With no kernel to tell, ipywidgets itself says so on the console; anything else is a fault.
    watch.errors = [error for error in watch.errors if "Could not send widget sync message" not in error]
    assert_nothing_went_wrong(watch)
    page.close()


def assert_nothing_went_wrong(watch):
    assert watch.errors == []
    assert watch.requests_elsewhere == []


def expect_no_reader_kept_out(page):
    assert violations(page, "violationsInNotebook()") == ""
    expect(page.locator("[role=slider]").first).to_have_attribute("aria-label", re.compile(".+"))
    expect(page.locator("[role=slider]:not([aria-label])")).to_have_count(0)
    for picture in page.locator(".live-picture").all():
        controls = picture.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
        for handle in controls.locator("[role=slider]").all():
            before = picture.locator("svg").first.get_attribute("aria-label")
            key = "ArrowRight" if float(handle.get_attribute("aria-valuenow")) == 0 else "ArrowLeft"
            handle.press(key)
            expect(picture.locator("svg").first).not_to_have_attribute("aria-label", before)


@pytest.fixture(scope="class")
def start(context, address):
    page = context.new_page()
    watch = Watched(page)
    page.goto(address.format("lab/tree/notebooks/start.ipynb"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible()
    yield page
    assert_nothing_went_wrong(watch)
    page.close()


class TestStartPage:
    """The page that `make lab` opens; the notebooks that are opened from it lie behind it as tabs."""

    # Each notebook in one language; axe-core looks at the deck of the other.
    @pytest.mark.parametrize(("written", "name"), list(zip(cycle(["en", "ru"]), NAMES, strict=False)))
    def test_it_opens_a_notebook_which_as_it_is_stored_keeps_no_reader_out(self, start, written, name):
        heading = title(read(written, name))
        start.get_by_role("tab", name="start.ipynb").click()
        start.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("link", name=heading).first.click()
        expect(start.locator("h1", has_text=heading)).to_be_visible()
        expect(start.get_by_text("Jupyter news")).to_have_count(0)
        assert violations(start, "violationsInNotebook()") == ""


def test_every_cell_runs_and_what_it_says_is_what_is_stored(ran):
    last = ran.locator(".jp-CodeCell").last
    last.scroll_into_view_if_needed()
    expect(last.locator(".verdict")).to_contain_text("Ответа пока нет")
    expect(ran.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)


def test_a_link_in_the_contents_leads_to_its_section_and_back(ran):
    ran.locator('a[href="#limit"]').first.click()
    heading = ran.locator(".jp-Notebook h2", has_text="10.")
    expect(heading).to_be_in_viewport()
    heading.locator("a.back").click()
    expect(ran.locator(".jp-Notebook h2").first).to_be_in_viewport()


def test_the_picture_keeps_its_size_when_a_control_moves(ran):
    picture = ran.locator(".live-picture").first
    before = picture.bounding_box()
    for _ in range(12):
        slider(ran).press("ArrowLeft")
    after = picture.bounding_box()
    assert (after["width"], after["height"]) == pytest.approx((before["width"], before["height"]), abs=0.5)


def test_a_notebook_that_has_run_keeps_no_reader_out_and_its_explorers_no_keyboard(ran):
    expect_no_reader_kept_out(ran)


def test_the_learning_rate_moves_by_mouse_and_by_keyboard_and_without_a_kernel(ran):
    for what, move in {
        "the mouse": lambda: drag(ran, slider(ran), -90),
        "the keyboard": lambda: slider(ran).press("ArrowLeft"),
        "the number of steps": lambda: [slider(ran, 1).press("PageDown") for _ in range(8)],
        "the other dataset": lambda: ran.locator(".widget-toggle-button").first.click(),
        "Play": lambda: ran.locator(".widget-play button").first.click(),
    }.items():
        expect_a_change(ran, move, what=what)
    shut_down_kernel(ran)
    expect_a_change(ran, lambda: slider(ran).press("ArrowRight"), what="the keyboard, with the kernel stopped")


def test_every_explorer_keeps_no_reader_out_and_no_keyboard(context, address, lecture):
    arguments = {"traversal_explorer": "w * w, w=w"}
    made = [f"{name}({arguments.get(name, '')})" for name in EXPLORERS]
    needed = "import torch\nfrom lecture_utils.explorers import *\n\nw = torch.tensor(3.0, requires_grad=True)"
    notebook = read("en", NAMES[0])
    notebook.cells = [notebook.cells[0], *map(nbformat.v4.new_code_cell, [needed, *made])]
    nbformat.write(notebook, lecture / "explorers.ipynb")
    page = context.new_page()
    open_notebook(page, address, "explorers.ipynb")
    run_all(page)
    expect_idle(page)
    expect(page.locator(".live-picture")).to_have_count(len(EXPLORERS))
    expect_no_reader_kept_out(page)
