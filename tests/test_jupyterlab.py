"""What a student sees: the notebooks in a real JupyterLab, in a real Chromium."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from lecture_utils.notebooks import NOTEBOOKS
from lecture_utils.slides.scripts import packages
from tests.browser import CHROMIUM, Watched, chromium, jupyterlab
from tests.notebook import NAMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of the lecture, so that no test changes a stored notebook."""
    root = tmp_path_factory.mktemp("lecture")
    for folder in (NOTEBOOKS, NOTEBOOKS.parent / "img"):
        shutil.copytree(folder, root / folder.name)
    with jupyterlab(root, tmp_path_factory.mktemp("state")) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        opened = context.new_page()
        opened.set_default_timeout(60_000)  # for machines that are busy with other tests
        expect.set_options(timeout=60_000)
        yield opened


@pytest.fixture
def watched(page):
    """Fail the test if the page reported an error or asked anything of another machine."""
    watch = Watched(page)
    yield watch
    assert watch.errors == []
    assert watch.requests_elsewhere == []


def open_notebook(page, lab, path):
    page.goto(lab.format(f"doc/tree/notebooks/{path}"))
    expect(page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first).to_be_visible()


def run_all(page):
    expect(page.get_by_text("| Idle")).to_be_visible()  # before that, "Run All Cells" does nothing
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    explorer(page).scroll_into_view_if_needed()


def explorer(page):
    return page.locator(".live-picture").first


def words(page):
    return page.locator(".live-picture figcaption").first.inner_text()


def drawn(page):
    """Return the visible lines of the picture."""
    visible = '[data-mark][visibility="visible"] path'
    return [path.get_attribute("d") for path in explorer(page).locator(visible).all()]


def handle(page, number):
    """Return the handle of the explorer's slider: 0 the learning rate, 1 the steps shown."""
    return page.locator(".jp-OutputArea", has=page.locator(".live-picture")).last.locator(".noUi-handle").nth(number)


def drag_to_the_left(page, slider):
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 90, box["y"] + box["height"] / 2, steps=10)
    page.mouse.up()


def expect_a_change(page, before, *, what):
    page.wait_for_function(
        "before => document.querySelector('.live-picture figcaption').innerText !== before", arg=before["words"]
    )
    assert drawn(page) != before["drawn"], f"{what} changed the words, but not the picture"


def state(page):
    return {"words": words(page), "drawn": drawn(page)}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_learning_rate_moves_by_mouse_and_by_keyboard_and_without_a_kernel(page, watched, lab, language):
    open_notebook(page, lab, f"{language}/02_gradient_descent.ipynb")
    run_all(page)
    expect(explorer(page)).to_be_visible()
    for what, move in {
        "the mouse": lambda: drag_to_the_left(page, handle(page, 0)),
        "the keyboard": lambda: handle(page, 0).press("ArrowLeft"),
        "the number of steps": lambda: [handle(page, 1).press("ArrowLeft") for _ in range(40)],
        "the other dataset": lambda: page.locator(".widget-toggle-button").first.click(),
        "Play": lambda: page.locator(".widget-play button").first.click(),
    }.items():
        before = state(page)
        move()
        expect_a_change(page, before, what=what)

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Shut Down Kernel", exact=True).click()
    expect(page.get_by_text("No Kernel").first).to_be_visible()
    before = state(page)
    handle(page, 0).press("ArrowRight")
    expect_a_change(page, before, what="the keyboard, with the kernel stopped")
    # With no kernel to tell, ipywidgets itself says so on the console; anything else is a fault.
    watched.errors = [error for error in watched.errors if "Could not send widget sync message" not in error]


def test_the_picture_keeps_its_size_when_a_control_moves(page, watched, lab):
    open_notebook(page, lab, "en/02_gradient_descent.ipynb")
    run_all(page)
    before = page.locator(".live-picture").first.bounding_box()
    for _ in range(12):
        handle(page, 0).press("ArrowLeft")
    after = page.locator(".live-picture").first.bounding_box()
    assert (after["width"], after["height"]) == pytest.approx((before["width"], before["height"]), abs=0.5)


def test_every_cell_runs_and_what_it_says_is_what_is_stored(page, watched, lab):
    open_notebook(page, lab, "en/02_gradient_descent.ipynb")
    run_all(page)
    last = page.locator(".jp-CodeCell").last
    last.scroll_into_view_if_needed()
    expect(last.locator(".verdict")).to_contain_text("No answer yet")
    expect(page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_link_in_the_contents_leads_to_its_section_and_back(page, watched, lab, language):
    open_notebook(page, lab, f"{language}/02_gradient_descent.ipynb")
    expect(page.locator(".jp-Notebook h2", has_text="14.")).to_have_count(1)  # all has been laid out
    page.locator('a[href="#limit"]').first.click()
    heading = page.locator(".jp-Notebook h2", has_text="10.")
    expect(heading).to_be_in_viewport()
    heading.locator("a.back").click()
    expect(page.locator(".jp-Notebook h2").first).to_be_in_viewport()


@pytest.mark.parametrize(("language", "title"), [("ru", "Аналитический градиент"), ("en", "The analytic gradient")])
def test_the_start_page_opens_the_notebooks_of_both_languages(page, watched, lab, language, title):
    page.goto(lab.format("lab/tree/notebooks/start.ipynb"))
    page.locator(".jp-Notebook").get_by_role("link", name=title).first.click()
    expect(page.locator("h1", has_text=title)).to_be_visible()
    expect(page.get_by_text("Jupyter news")).to_have_count(0)


AXE = """async () => {
  const shown = ".jp-NotebookPanel:not(.lm-mod-hidden)";
  const include = [`${shown} .jp-RenderedHTMLCommon`, `${shown} .jp-OutputArea-output`];
  // JupyterLab has no place for a description of what a cell draws; words that read it follow.
  const exclude = [".jp-RenderedImage img"];
  const { violations } = await axe.run({ include, exclude }, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ help, nodes }) => nodes.map(({ html }) => `${help}: ${html.slice(0, 200)}`));
}"""


def violations(page):
    page.add_script_tag(path=packages() / "axe-core/axe.min.js")
    return "\n".join(page.evaluate(AXE))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_as_it_is_stored_keeps_no_reader_out(page, lab, name):
    open_notebook(page, lab, f"ru/{name}.ipynb")  # test_decks looks at what is written in both languages
    assert violations(page) == ""


@pytest.mark.parametrize("name", ["02_gradient_descent", "03_backpropagation"])
def test_a_notebook_that_has_run_keeps_no_reader_out_and_its_explorers_no_keyboard(page, lab, name):
    open_notebook(page, lab, f"ru/{name}.ipynb")
    run_all(page)
    expect(page.get_by_text("| Idle")).to_be_visible()
    expect(page.locator("[role=slider]").first).to_have_attribute("aria-label", re.compile(".+"))
    expect(page.locator("[role=slider]:not([aria-label])")).to_have_count(0)
    assert violations(page) == ""
    for picture in page.locator(".live-picture").all():
        controls = picture.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
        for slider in controls.locator("[role=slider]").all():
            before = picture.locator("svg").first.get_attribute("aria-label")
            key = "ArrowRight" if float(slider.get_attribute("aria-valuenow")) == 0 else "ArrowLeft"
            slider.press(key)
            expect(picture.locator("svg").first).not_to_have_attribute("aria-label", before)
