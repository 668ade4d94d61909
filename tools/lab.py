"""What a reader does on a page of JupyterLab, and what the reader sees of an explorer there."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tools.browser import violations


def open_notebook(page: Page, address: str, path: str) -> None:
    """Open a notebook, and wait until its title is there."""
    page.goto(address.format(f"doc/tree/{path}"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible()


def expect_idle(page: Page) -> None:
    """Wait until the kernel has nothing to do; before its first time, cells that are run are dropped without a word."""
    expect(page.get_by_text("| Idle")).to_be_visible()


def choose(page: Page, menu: str, *, item: str) -> None:
    """Choose an item of a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def run_all(page: Page) -> None:
    """Run all cells, once the kernel is there; do not wait for the last."""
    expect_idle(page)
    choose(page, "Run", item="Run All Cells")


def shut_down_kernel(page: Page) -> None:
    """Let the page stand alone, as one does that was saved and is opened without its kernel."""
    choose(page, "Kernel", item="Shut Down Kernel")
    expect(page.get_by_text("No Kernel").first).to_be_visible()


def words(page: Page, explorer: int = 0) -> Locator:
    """Return where it says in words what an explorer shows."""
    return page.locator(".live-picture figcaption").nth(explorer)


def slider(page: Page, number: int = 0, *, explorer: int = 0) -> Locator:
    """Return the handle of an explorer's slider, by its number: 0 is the learning rate."""
    outputs = page.locator(".jp-OutputArea-output", has=page.locator(".live-picture"))
    return outputs.nth(explorer).locator(".noUi-handle").nth(number)


def drawn(page: Page) -> list[str]:
    """Return the visible lines of the first explorer's picture."""
    lines = page.locator(".live-picture").first.locator('[data-mark][visibility="visible"] path')
    return lines.evaluate_all("lines => lines.map((line) => line.getAttribute('d'))")  # at once: Play may be running


def expect_a_change(page: Page, act: Callable[[], object], *, what: str) -> None:
    """Do something, and expect that the first explorer's picture and its words follow."""
    before, lines = words(page).inner_text(), drawn(page)
    act()
    changed = "before => document.querySelector('.live-picture figcaption').innerText !== before"
    try:
        page.wait_for_function(changed, arg=before)  # looks at each frame: Play may soon be where it was
    except TimeoutError:
        raise AssertionError(f"{what} does not change what the picture says") from None
    assert drawn(page) != lines, f"{what} changes the words, but not the picture"


def expect_no_reader_kept_out(page: Page) -> None:
    """Expect that axe-core finds nothing serious, and that every slider has a name and follows the keyboard."""
    assert violations(page, "violationsInNotebook()") == ""
    expect(page.locator("[role=slider]").first).to_have_attribute("aria-label", re.compile(".+"))
    expect(page.locator("[role=slider]:not([aria-label])")).to_have_count(0)
    for picture in page.locator(".live-picture").all():
        controls = picture.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
        for handle in (one for one in controls.locator("[role=slider]").all() if one.is_visible()):
            before = picture.locator("svg").first.get_attribute("aria-label")
            key = "ArrowRight" if float(handle.get_attribute("aria-valuenow")) == 0 else "ArrowLeft"
            handle.press(key)
            expect(picture.locator("svg").first).not_to_have_attribute("aria-label", before)
