"""What a lecturer sees: a notebook as slides in JupyterLab, with its kernel, in a real Chromium."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from lecture_utils.notebooks import NOTEBOOKS
from lecture_utils.slides.leave import leave
from tests.browser import CHROMIUM, Watched, drag, jupyterlab, new_context
from tests.lab import expect_a_change, expect_idle, open_notebook, run_all, slider, words

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
NOTEBOOK = "en/02_gradient_descent.ipynb"
ON_SCREEN = ".jp-Cell.jp-deck-mod-onscreen"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def page(browser, lecture, settings):
    """Open the notebook, run it, and start the slide show; it goes on from test to test."""
    with jupyterlab(lecture, settings) as address, new_context(browser) as context:
        opened = context.new_page()
        opened.watched = Watched(opened)
        open_notebook(opened, address, f"notebooks/{NOTEBOOK}")
        run_all(opened)
        expect(words(opened)).to_be_visible()
        opened.locator(".jp-Notebook h1").first.click()
        opened.get_by_role("button", name="Toggle Deck").click()
        expect(opened.locator(".jp-Deck-Remote")).to_be_visible()
        yield opened


def remembered(settings):
    """Return what JupyterLab keeps about the show."""
    (kept,) = settings.glob("settings/jupyterlab-slideshow/*")
    return kept.read_text(encoding="utf-8")


def go_on_to(page, text):
    """Press the space bar until a text is on the screen."""
    wanted = page.locator(ON_SCREEN, has_text=text).first
    for _ in range(100):
        if wanted.is_visible():
            return wanted
        page.keyboard.press("Space")
        page.wait_for_timeout(100)
    raise AssertionError(f"no slide shows {text!r}")


def test_it_starts_with_the_title_alone(page):
    expect(page.locator(f"{ON_SCREEN} h1")).to_be_visible()
    expect(page.locator(ON_SCREEN)).to_have_count(1)


def test_the_text_is_large_enough_for_a_hall(page):
    def size(selector):
        return page.locator(selector).first.evaluate("(element) => parseFloat(getComputedStyle(element).fontSize)")

    assert size(f"{ON_SCREEN} p") >= 24
    go_on_to(page, "We take a problem so small")
    assert size(f"{ON_SCREEN} .cm-content") >= 19


def test_the_space_bar_goes_on_and_exercises_stay_out(page):
    go_on_to(page, "Where shall we be after one step")
    expect(page.locator(ON_SCREEN, has_text="We take a problem so small")).to_have_count(0)
    expect(page.locator(".jp-Cell:not(.jp-deck-mod-onscreen)", has_text="gradient_with_bias").first).to_be_hidden()


def test_the_learning_rate_follows_the_mouse_on_its_slide(page):
    go_on_to(page, "Learning rate γ")
    expect(page.locator(".live-picture").first).to_be_in_viewport()
    expect_a_change(page, lambda: drag(page, slider(page), -90), what="the mouse")


def test_a_show_that_was_never_left_does_not_wait_for_the_next_student(page, settings, tmp_path):
    assert '"active": true' in remembered(settings)
    shutil.copytree(settings / "settings", tmp_path / "settings")
    leave(tmp_path / "settings")
    assert '"active": true' not in remembered(tmp_path)
    assert remembered(tmp_path) == remembered(settings).replace('"active": true', '"active": false')


def test_escape_leaves_and_nothing_of_it_stays(page, lecture, settings):
    page.locator(f"{ON_SCREEN} .live-picture").first.hover()
    page.get_by_role("button", name="Exit Deck").click()
    expect(page.locator(".jp-Deck-Remote")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Kernel", exact=True)).to_be_visible()
    page.keyboard.press("Control+s")
    expect_idle(page)
    page.wait_for_function("() => !document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")
    saved = json.loads((lecture / "notebooks" / NOTEBOOK).read_text(encoding="utf-8"))
    stored = json.loads((NOTEBOOKS / NOTEBOOK).read_text(encoding="utf-8"))
    assert [cell["metadata"] for cell in saved["cells"]] == [cell["metadata"] for cell in stored["cells"]]
    assert "jupyterlab-slideshow" not in json.dumps(saved["metadata"])
    assert '"active": true' not in remembered(settings)  # the next student sees a notebook
    assert page.watched.errors == []
    assert page.watched.requests_elsewhere == []
