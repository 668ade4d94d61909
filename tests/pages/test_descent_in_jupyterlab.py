"""What students and lecturers see of a whole notebook that has run in a real JupyterLab: a page, then slides."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from tools.browser import CHROMIUM, Watched, drag
from tools.lab import (
    expect_a_change,
    expect_idle,
    expect_no_reader_kept_out,
    open_notebook,
    run_all,
    shut_down_kernel,
    slider,
    words,
)
from tools.notebooks import NOTEBOOKS
from tools.slides.leave import leave

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
NOTEBOOK = "ru/02_gradient_descent.ipynb"
ON_SCREEN = ".jp-Cell.jp-deck-mod-onscreen"


@pytest.fixture(scope="module")
def page(lab, lecture):
    """Open the notebook and run it; the tests go on from what those before them left."""
    opened = lab.window.new_page()
    watch = Watched(opened)
    open_notebook(opened, lab.address, f"notebooks/{NOTEBOOK}")
    run_all(opened)
    expect(words(opened)).to_be_visible()
    expect_idle(opened)
    yield opened
    # With no kernel to tell, ipywidgets itself says so on the console; anything else is a fault.
    assert [error for error in watch.errors if "Could not send widget sync message" not in error] == []
    assert watch.requests_elsewhere == []


@pytest.fixture(scope="module")
def show(page):
    """Start the slide show; it goes on from test to test, until one of them leaves it."""
    page.locator(".jp-Notebook h1").first.scroll_into_view_if_needed()
    page.locator(".jp-Notebook h1").first.click()
    page.get_by_role("button", name="Toggle Deck").click()
    expect(page.locator(".jp-Deck-Remote")).to_be_visible()
    return page


def remembered(state):
    """Return what JupyterLab keeps about the show."""
    (kept,) = state.glob("settings/jupyterlab-slideshow/*")
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


def test_every_cell_runs_and_what_it_says_is_what_is_stored(page):
    last = page.locator(".jp-CodeCell").last
    last.scroll_into_view_if_needed()
    expect(last.locator(".verdict")).to_contain_text("Ответа пока нет")
    expect(page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)


def test_a_link_in_the_contents_leads_to_its_section_and_back(page):
    page.locator('a[href="#limit"]').first.click()
    heading = page.locator(".jp-Notebook h2", has_text="10.")
    expect(heading).to_be_in_viewport()
    heading.locator("a.back").click()
    expect(page.locator(".jp-Notebook h2").first).to_be_in_viewport()


def test_the_picture_keeps_its_size_when_a_control_moves(page):
    picture = page.locator(".live-picture").first
    before = picture.bounding_box()
    for _ in range(12):
        slider(page).press("ArrowLeft")
    after = picture.bounding_box()
    assert (after["width"], after["height"]) == pytest.approx((before["width"], before["height"]), abs=0.5)


def test_a_notebook_that_has_run_keeps_no_reader_out_and_its_explorers_no_keyboard(page):
    expect_no_reader_kept_out(page)


def test_the_slide_show_starts_with_the_title_alone(show):
    expect(show.locator(f"{ON_SCREEN} h1")).to_be_visible()
    expect(show.locator(ON_SCREEN)).to_have_count(1)


def test_the_text_of_a_slide_is_large_enough_for_a_hall(show):
    def size(selector):
        return show.locator(selector).first.evaluate("(element) => parseFloat(getComputedStyle(element).fontSize)")

    assert size(f"{ON_SCREEN} p") >= 24
    go_on_to(show, "линейная регрессия без смещения, целиком")
    assert size(f"{ON_SCREEN} .cm-content") >= 19


def test_the_space_bar_goes_on_and_exercises_stay_out(show):
    go_on_to(show, "Второй вес станет меньше единицы")
    expect(show.locator(ON_SCREEN, has_text="линейная регрессия без смещения, целиком")).to_have_count(0)
    expect(show.locator(".jp-Cell:not(.jp-deck-mod-onscreen)", has_text="gradient_with_bias").first).to_be_hidden()


def test_the_learning_rate_follows_the_mouse_on_its_slide(show):
    go_on_to(show, "Скорость обучения γ")
    expect(show.locator(".live-picture").first).to_be_in_viewport()
    expect_a_change(show, lambda: drag(show, slider(show), 60), what="the mouse")


def test_a_show_that_was_never_left_does_not_wait_for_the_next_student(show, lab, tmp_path):
    assert '"active": true' in remembered(lab.state)
    shutil.copytree(lab.state / "settings", tmp_path / "settings")
    leave(tmp_path / "settings")
    assert '"active": true' not in remembered(tmp_path)
    assert remembered(tmp_path) == remembered(lab.state).replace('"active": true', '"active": false')


def test_escape_leaves_and_nothing_of_it_stays(show, lab, lecture):
    show.locator(f"{ON_SCREEN} .live-picture").first.hover()
    show.get_by_role("button", name="Exit Deck").click()
    expect(show.locator(".jp-Deck-Remote")).to_have_count(0)
    expect(show.get_by_role("menuitem", name="Kernel", exact=True)).to_be_visible()
    show.keyboard.press("Control+s")
    expect_idle(show)
    show.wait_for_function("() => !document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")
    saved = json.loads((lecture / "notebooks" / NOTEBOOK).read_text(encoding="utf-8"))
    stored = json.loads((NOTEBOOKS / NOTEBOOK).read_text(encoding="utf-8"))
    assert [cell["metadata"] for cell in saved["cells"]] == [cell["metadata"] for cell in stored["cells"]]
    assert "jupyterlab-slideshow" not in json.dumps(saved["metadata"])
    assert '"active": true' not in remembered(lab.state)  # the next student sees a notebook


def test_the_learning_rate_moves_by_mouse_and_by_keyboard_and_without_a_kernel(page):
    for what, move in {
        "the mouse": lambda: drag(page, slider(page), 90),
        "the keyboard": lambda: slider(page).press("ArrowLeft"),
        "the number of steps": lambda: [slider(page, 1).press("PageUp") for _ in range(3)],
        "the other dataset": lambda: page.locator(".widget-toggle-button").first.click(),
        "Play": lambda: page.locator(".widget-play button").first.click(),
    }.items():
        expect_a_change(page, move, what=what)
    shut_down_kernel(page)
    expect_a_change(page, lambda: slider(page).press("ArrowRight"), what="the keyboard, with the kernel stopped")
