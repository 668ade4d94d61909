"""An answer that waits: a reader commits by a click, a number or a drawing, and only then sees the truth."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from playwright.sync_api import expect

from lecture_utils import guesses
from lecture_utils._words import LANGUAGES, speaking
from tools.browser import CHROMIUM, Watched, new_context, violations
from tools.lab import open_notebook, run_all, shut_down_kernel

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")
GUESS_JS, GUESS_CSS = (Path(guesses.__file__).with_name(f"guess.{kind}").read_text("utf-8") for kind in ("js", "css"))
DRAW = """async ([source, scene]) => {
  const { default: widget } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  window.told = [];
  window.model = { get: (name) => ({ scene })[name], on() {}, off() {}, set: (...change) => told.push(change),
    save_changes: () => told.push("saved"), send: (...message) => told.push(message) };
  window.again = () => { document.body.replaceChildren(); widget.render({ model, el: document.body }); };
  again();
}"""


@pytest.fixture(scope="module")
def page(browser):
    with new_context(browser, offline=True) as context:
        opened = context.new_page()
        watch = Watched(opened)
        yield opened
        assert watch.errors == []


@pytest.fixture
def shown(page):
    """Return a function that shows a guess alone on a page; see that no answer has left the page."""

    def show(guess):
        page.set_content(f"<html lang=en><title>t</title><style>{GUESS_CSS}</style><body></body></html>")
        page.evaluate(DRAW, [GUESS_JS, guess.scene])
        return page

    yield show
    assert page.evaluate("told") == []


def axes(*limits):
    _, ax = plt.subplots(figsize=(5, 3))
    ax.axis(limits)
    return ax


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_truth_shows_only_after_a_choice_and_no_second_choice_counts(shown, language):
    with speaking(language):
        page = shown(guesses.ask("sum"))
    buttons = page.get_by_role("button")
    expect(buttons).to_have_count(3)
    expect(page.locator("[data-shows]")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("")
    bare = {button.evaluate("button => button.cloneNode().outerHTML") for button in buttons.all()}
    assert len(bare) == 1, f"the right choice can be told before the answer: {bare}"
    buttons.nth(0).click()
    for button, shows in zip(buttons.all(), ("wrong", "other", "right"), strict=True):
        expect(button).to_have_attribute("data-shows", shows)
    choices = {"ru": ("тем же путём", "разойдётся"), "en": ("the same path", "diverge")}[language]
    said = page.get_by_role("status").inner_text()
    assert all(choice in said for choice in choices), said
    buttons.nth(2).click(force=True)
    expect(buttons.nth(0)).to_have_attribute("data-shows", "wrong")


def test_a_choice_is_made_by_keys_alone_and_the_focus_stays(shown):
    page = shown(guesses.ask("untrained-question"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="2.3")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("data-shows", "right")
    expect(button).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("number", "shows"), [("1.3334", "right"), ("0", "wrong")])
def test_a_number_is_committed_by_enter_and_the_true_one_stands_beside_it(shown, number, shows):
    page = shown(guesses.ask("broadcast"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # there is none yet
    expect(page.locator("[data-shows]")).to_have_count(0)
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator("input")).to_have_attribute("data-shows", shows)
    expect(page.locator("output")).to_have_text("In fact: 1.333")


def place(page, circle):
    """Return where a circle is, in fractions of the axes of `axes(0, 10, 0, 4)`."""
    box = page.locator(circle).bounding_box()
    svg = page.locator("svg").bounding_box()
    left, top, width, height = page.evaluate("model.get('scene').box")
    scale = svg["width"] / page.evaluate("model.get('scene').size[0]")
    x = (box["x"] + box["width"] / 2 - svg["x"]) / scale
    y = (box["y"] + box["height"] / 2 - svg["y"]) / scale
    return (x - left) / width, 1 - (y - top) / height


def test_a_point_follows_the_pointer_and_the_true_one_lies_where_matplotlib_has_it(shown):
    page = shown(guesses.sketch_point(axes(0, 10, 0, 4), [2.5, 3]))
    page.locator("svg").click(position={"x": 250, "y": 150})
    assert place(page, ".guess-drawn circle") == pytest.approx((0.5, 0.5), abs=0.06)
    expect(page.locator(".guess-truth")).to_have_count(0)
    page.get_by_role("button").click()
    assert place(page, ".guess-truth circle") == pytest.approx((0.25, 0.75), abs=0.01)
    expect(page.locator("output")).to_contain_text("(2.5, 3)")
    before = place(page, ".guess-drawn circle")
    page.locator("svg").click(position={"x": 100, "y": 100})
    assert place(page, ".guess-drawn circle") == before


def test_a_curve_is_drawn_point_by_point_by_keys_alone(shown):
    page = shown(guesses.sketch_curve(axes(0, 10, 0, 4), [0, 5, 10], [1, 2, 4]))
    sliders = page.get_by_role("slider")
    expect(sliders).to_have_count(3)
    sliders.nth(1).press("End")
    expect(sliders.nth(1)).to_have_attribute("aria-valuetext", "4")
    points = page.locator(".guess-drawn polyline").get_attribute("points").split()
    first, second, third = (float(point.split(",")[1]) for point in points)
    assert first == third > second, "the second point is not the highest"
    page.get_by_role("button").press("Enter")
    expect(page.locator(".guess-truth circle")).to_have_count(3)
    expect(page.locator("output")).to_contain_text("(0, 1), (5, 2), (10, 4)")


def test_a_page_that_draws_it_anew_shows_the_answer_again(shown):
    page = shown(guesses.ask("sum"))
    page.get_by_role("button").nth(2).click()
    page.evaluate("again()")
    expect(page.get_by_role("button").nth(2)).to_have_attribute("data-shows", "right")


@pytest.mark.parametrize("kind", ["choices", "number", "point", "curve"])
def test_no_reader_is_kept_out_before_and_after_the_answer(shown, kind):
    made = {
        "choices": lambda: guesses.ask("sum"),
        "number": lambda: guesses.ask("broadcast"),
        "point": lambda: guesses.sketch_point(axes(0, 1, 0, 1), [0.5, 0.2]),
        "curve": lambda: guesses.sketch_curve(axes(0, 1, 0, 1), [0, 1], [0, 1]),
    }
    page = shown(made[kind]())
    axe = "violations(document.body)"
    assert violations(page, axe) == ""
    if kind == "number":
        page.locator("input").fill("3")
    page.get_by_role("button").last.click()
    assert violations(page, axe) == ""


def test_in_jupyterlab_it_answers_with_the_kernel_gone_and_nothing_of_it_is_saved(lab):
    cells = [nbformat.v4.new_markdown_cell("# Title")]
    cells += map(nbformat.v4.new_code_cell, ["from lecture_utils.guesses import ask\n\nask('sum')", "ask('broadcast')"])
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    nbformat.write(notebook, lab.root / "guesses.ipynb")
    page = lab.window.new_page()
    open_notebook(page, lab.address, "guesses.ipynb")
    run_all(page)
    expect(page.locator(".guess input")).to_be_visible()
    shut_down_kernel(page)
    button = page.locator(".guess button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("data-shows", "wrong")
    page.locator(".guess input").fill("7")
    page.locator(".guess input").press("Enter")
    expect(page.locator(".guess output")).to_contain_text("1.333")
    with page.expect_response(lambda response: response.request.method == "PUT" and "guesses.ipynb" in response.url):
        page.locator(".jp-Notebook h1").first.click()
        page.keyboard.press("Control+s")
    saved = json.loads((lab.root / "guesses.ipynb").read_text(encoding="utf-8"))
    states = [state["state"] for state in next(iter(saved["metadata"]["widgets"].values()))["state"].values()]
    scenes = [state["scene"] for state in states if "scene" in state]
    assert {scene["kind"] for scene in scenes} == {"choices", "number"}  # a file has widgets in the order of random ids
    assert len(scenes) == 2
    assert all("answer" not in state for state in states)
