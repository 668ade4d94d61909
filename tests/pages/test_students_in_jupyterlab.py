"""What students do in JupyterLab, done in a real Chromium; students.md lists the cases and what each of them ends in.

The pages hold the real cells of a notebook, but only those that the case needs.
"""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.notebook import read
from tools.browser import CHROMIUM, Watched
from tools.lab import choose, expect_idle, open_notebook, run_all, shut_down_kernel, slider, words

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")

NEEDED = ["title", "setup", "explorer", "explorer-code", "explorer-trace"]
OVER = "over.txt"  # the long cell is over as soon as this file is there
LONG_CELL = f"import time\nfrom pathlib import Path\n\nwhile not Path({OVER!r}).exists():\n    time.sleep(0.1)"
EXPLORER_AGAIN = "explorer_again = descent_explorer(dataset='2')\nexplorer_again"


def excerpt(language, *, also=(), typed=()):
    """Return the cells that show the explorer of notebook 02, those in `also`, and at the end what a student types."""
    notebook = read(language, "02_gradient_descent")
    notebook.cells = [cell for cell in notebook.cells if cell.id in [*NEEDED, *also]]
    notebook.cells += [nbformat.v4.new_code_cell(source, id=f"typed-{n}") for n, source in enumerate(typed)]
    return notebook


@pytest.fixture(scope="module")
def root(lab):
    copies = lab.root / "Мои копии"
    copies.mkdir()
    for path, notebook in {
        lab.root / "busy.ipynb": excerpt("en", typed=[EXPLORER_AGAIN, LONG_CELL]),
        lab.root / "one day and another.ipynb": excerpt("en"),
        copies / "Untitled 1.ipynb": excerpt("ru", also=["training"]),
    }.items():
        nbformat.write(notebook, path)
    return lab.root


@pytest.fixture(scope="module")
def tabs(lab, root):
    """Return a function that opens a notebook in a tab; at the end, fail if any of the tabs reported an error."""
    watches = []

    def opened(path):
        page = lab.window.new_page()
        page.set_viewport_size({"width": 1280, "height": 1600})
        watches.append(Watched(page))
        open_notebook(page, lab.address, f"{path}.ipynb")
        expect_idle(page)
        return page

    yield opened
    errors = [error for watch in watches for error in watch.errors]
    missing = "training_cycle_overview.svg"  # the image of the copy that lies alone
    assert [error for error in errors if missing not in error] == []
    assert [url for watch in watches for url in watch.requests_elsewhere] == []


@pytest.fixture(scope="module")
def busy(tabs):
    """Open a notebook and run it; its last cell goes on until a test ends it. The tab stays open."""
    page = tabs("busy")
    run_all(page)
    expect(words(page)).to_be_visible()
    return page


def run_all_and_wait(page):
    run_all(page)
    expect(words(page)).to_be_visible()
    expect_idle(page)


def run_cell(page, text):
    page.locator(".jp-CodeCell .cm-content", has_text=text).first.click()
    page.keyboard.press("Control+Enter")


def restart(page):
    page.get_by_role("button", name="Restart the kernel", exact=True).click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect_idle(page)


def save(page):
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')")


def rate(page, explorer=0):
    """Return the learning rate that an explorer shows."""
    return re.search(r"γ = ([\d.e-]+)", words(page, explorer).inner_text())[1].rstrip(".")


def expect_it_moves(page, explorer=0):
    before = words(page, explorer).inner_text()
    slider(page, explorer=explorer).press("ArrowLeft")
    expect(words(page, explorer)).not_to_have_text(before)


def expect_python_sees_what_the_page_shows(page):
    run_cell(page, "explorer.trace")
    outputs = page.locator(".jp-CodeCell", has_text="explorer.trace").locator(".jp-OutputArea-output")
    expect(outputs).to_contain_text(f"learning rate {rate(page)},")


def test_the_picture_follows_a_hasty_mouse_while_a_long_cell_runs_and_python_catches_up(busy, root):
    prompt = busy.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
    expect(prompt).to_have_text("[*]:")
    box = slider(busy).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    busy.mouse.move(x, y)
    busy.mouse.down()
    seen = [rate(busy)]
    for to in (-60, 10, -120, -20, -90):
        busy.mouse.move(x + to, y, steps=8)
        busy.wait_for_function(
            "before => !document.querySelector('.live-picture figcaption').innerText.includes(`γ = ${before},`)",
            arg=seen[-1],
        )
        seen.append(rate(busy))
        assert prompt.inner_text() == "[*]:", "the picture waited for the kernel"
    busy.mouse.up()
    left_at = words(busy).inner_text()
    (root / OVER).touch()
    expect_idle(busy)
    expect_python_sees_what_the_page_shows(busy)
    assert words(busy).inner_text() == left_at, "the explorer was thrown back when the kernel was free"
    expect_it_moves(busy, 1)
    assert words(busy).inner_text() == left_at, "the second explorer of the page moved the first"


def test_stored_pictures_a_restart_a_closed_tab_and_another_day_without_the_kernel(tabs):
    page = tabs("one day and another")
    picture = page.locator(".jp-OutputArea-output img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500, "nothing is shown before the first run"

    run_all_and_wait(page)
    restart(page)
    expect_it_moves(page)
    run_cell(page, "explorer.trace")
    expect(page.locator(".jp-OutputArea")).to_contain_text(["NameError: name 'explorer' is not defined"])
    run_all_and_wait(page)
    expect_it_moves(page)
    expect_python_sees_what_the_page_shows(page)
    left_at = words(page).inner_text()
    save(page)
    page.close()

    page = tabs("one day and another")  # the kernel is alive
    expect(words(page)).to_have_text(left_at)
    expect_it_moves(page)
    expect_python_sees_what_the_page_shows(page)
    shut_down_kernel(page)
    page.close()

    page = tabs("one day and another")
    expect(page.get_by_text("Error displaying widget")).to_have_count(0)
    expect(words(page)).to_be_visible()
    expect_it_moves(page)


def test_a_copy_without_its_images_in_the_other_language_beside_a_notebook_that_is_open(tabs, busy, root):
    (root / OVER).touch()
    expect_idle(busy)
    before = words(busy).inner_text()
    page = tabs("Мои копии/Untitled 1")
    expect(page.get_by_role("img", name="Цикл обучения")).to_be_visible()
    run_all_and_wait(page)
    assert "Скорость обучения" in words(page).inner_text()
    expect_it_moves(page)
    choose(page, "Edit", item="Clear Outputs of All Cells")
    expect(words(page)).to_have_count(0)
    run_all_and_wait(page)
    expect_it_moves(page)
    assert words(busy).inner_text() == before, "an explorer moved one in another notebook"
    expect_it_moves(busy)
