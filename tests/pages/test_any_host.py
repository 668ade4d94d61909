"""A notebook in other hands: in Notebook 7, and run again and again in JupyterLab."""

import json

import nbformat
import pytest
from playwright.sync_api import expect

from tools.browser import CHROMIUM
from tools.lab import choose, expect_idle, open_notebook, run_all, slider

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
SOURCES = ["from lecture_utils.explorers import activation_explorer", "activation_explorer()"]


@pytest.fixture
def path(lab):
    """Lay out a notebook of a title, an explorer and nothing else."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), *map(nbformat.v4.new_code_cell, SOURCES)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, lab.root / "one.ipynb")
    return lab.root / "one.ipynb"


def test_notebook_7_leaves_the_controls_of_an_explorer_their_keys(lab, path):
    pytest.importorskip("notebook", reason="Notebook 7 is not installed")
    page = lab.window.new_page()
    page.goto(lab.address.format(f"notebooks/{path.name}"))  # either server has the pages of both
    expect(page.locator("body[data-notebook=notebooks]")).to_be_attached()
    expect(page.locator(".jp-Notebook h1")).to_be_visible()
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()
    choose(page, "Run", item="Run All Cells")
    handle = page.locator("[role=slider]").first
    handle.focus()
    at = float(handle.get_attribute("aria-valuenow"))
    for key, step in (("ArrowLeft", -1), ("ArrowUp", 0), ("ArrowDown", -1), ("ArrowRight", 0)):
        page.keyboard.press(key)
        expect(handle).to_have_attribute("aria-valuenow", f"{at + step:.1f}")
        expect(handle).to_be_focused()
    button = page.locator(".widget-toggle-button").nth(2)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    page.keyboard.press("ArrowUp")  # to which no button answers: it is the notebook's
    expect(button).not_to_be_focused()


def test_an_explorer_that_is_run_again_and_again_adds_nothing_to_the_saved_notebook(lab, path):
    page = lab.window.new_page()
    open_notebook(page, lab.address, path.name)
    run_all(page)
    expect(slider(page)).to_be_visible()
    once = saved(page, path)
    for _ in range(4):
        run_all(page)
        page.wait_for_timeout(500)
    expect(slider(page)).to_be_visible()
    again = saved(page, path)
    assert len(again["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]) > 0
    assert abs(len(json.dumps(again)) - len(json.dumps(once))) < 1000


def saved(page, path):
    """Save the notebook, and return what then lies in the folder."""
    expect_idle(page)
    page.wait_for_timeout(1000)  # the last models arrive after the kernel is idle
    with page.expect_response(lambda response: response.request.method == "PUT" and path.name in response.url):
        page.keyboard.press("Control+s")
    return json.loads(path.read_text(encoding="utf-8"))
