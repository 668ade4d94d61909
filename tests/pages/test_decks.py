"""The offline decks, as a lecturer opens them: every slide of every deck, in Chromium, from a file, with no network."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.executed import executed
from tests.notebook import NAMES, read
from tests.pages.test_lights import expect_factors_to_light_their_arrows
from tools.browser import CHROMIUM, Watched, new_context, until_drawn, violations
from tools.notebooks import NOTEBOOKS, slide_type, tags
from tools.slides.deck import deck
from tools.web.executed import write
from tools.web.npm import packages

LOOKS = Path(__file__).with_name("decks.js")
SHOW = "(explorer) => { const { h, v } = Reveal.getIndices(explorer.closest('section')); Reveal.slide(h, v, 99); }"
PICTURE = "(explorer) => explorer.querySelector('.live-picture > svg').innerHTML"


@pytest.fixture(scope="class")
def notebook(request):
    return read(request.cls.language, request.cls.name)


@pytest.fixture(scope="class")
def file(request, tmp_path_factory):
    """Make the deck as `make slides` does, of the notebook as it has just run."""
    language, name = request.cls.language, request.cls.name
    page = deck(executed(language, name), folder=NOTEBOOKS / language, modules=packages(), names=NAMES)
    return write(tmp_path_factory.mktemp("deck") / f"{name}.html", page)


@pytest.fixture(scope="class")
def context(browser):
    with new_context(browser, offline=True) as opened:
        yield opened


@pytest.fixture(scope="class")
def watched(context):
    """Note what goes wrong on any page of a deck, from test to test."""
    found = []
    context.on("page", lambda page: found.append(Watched(page)))
    return found


@pytest.fixture(scope="class")
def page(context, watched, file):
    return open_deck(context, file)


@pytest.fixture
def small_page(page):
    page.set_viewport_size({"width": 1000, "height": 600})
    yield page
    page.set_viewport_size({"width": 1280, "height": 720})


@pytest.fixture(scope="class")
def printed(context, watched, file):
    return open_deck(context, file, "?print-pdf")


@pytest.fixture(scope="class")
def seen(page):
    return page.evaluate("onEverySlide([overflows, covered, blemishes])")


class Deck:
    """The tests of one deck; its page stays open from test to test."""

    language: str
    name: str

    def test_no_slide_runs_over_its_page(self, seen):
        assert "\n".join(seen["overflows"]) == ""

    def test_an_answer_leaves_its_explorer_to_be_seen_and_moved(self, seen):
        assert "\n".join(seen["covered"]) == ""

    def test_formulas_are_set_and_pictures_are_there_and_all_is_large_enough(self, page, seen):
        assert "\n".join(seen["blemishes"]) == ""
        assert page.locator(".page mjx-container").count() > 0

    def test_each_slide_says_where_in_the_lecture_it_is(self, page):
        silent = page.locator(".page:not(:has(h1, h2, h3), :has(> .kicker:first-child))").all_text_contents()
        assert [" ".join(text.split())[:60] for text in silent] == [], "slides with neither a heading nor their section"
        texts = page.locator(".kicker").all_text_contents()
        assert texts
        assert all(re.match(r"\d+\. \S", text) or text in page.locator("h2").all_text_contents() for text in texts)

    def test_code_is_as_large_as_its_slide_has_room_for(self, page):
        sizes = page.evaluate(
            "[...document.querySelectorAll('.page pre')].map((pre) => getComputedStyle(pre).fontSize)"
        )
        assert set(sizes) <= {"24px", "22px", "20px"}, "code is smaller than can be read, or larger than the words"
        assert sizes.count("24px") >= 0.4 * len(sizes), "code is small on most slides"

    def test_it_says_what_it_is_and_in_which_language(self, page):
        assert page.title() == page.locator("h1").first.inner_text()
        assert page.locator("html").get_attribute("lang") == self.language

    def test_exercises_and_what_is_skipped_are_left_out(self, page, notebook):
        everything = page.locator(".slides").text_content()
        for cell in notebook.cells:
            if cell.cell_type == "code" and (slide_type(cell) == "skip" or "exercise" in tags(cell)):
                assert cell.source not in everything

    def test_each_numbered_section_tells_the_lecturer_what_to_ask(self, page):
        sections = page.locator(".slides > section:has(h2 .back):has(aside.notes)")
        assert sections.count() >= 5
        assert page.locator("aside.notes:visible").count() == 0  # but in the speaker's window

    def test_links_in_the_contents_jump_and_lead_back(self, page):
        sections = page.evaluate("jumpFromTheContentsAndBack()")
        assert sections["reached"] > 5
        assert sections["missed"] == []
        assert page.locator(".page:has(#contents) ol > li:not(:has(a))").count() == 0

    def test_play_plays_and_its_icon_shows(self, page):
        for explorer in explorers(page):
            for button in explorer.locator("[data-play]:visible").all()[:1]:
                pixels = np.asarray(Image.open(io.BytesIO(button.screenshot())).convert("L"))
                middle = pixels[12:-12, 12:-12]
                assert 0.1 < (middle > 200).mean() < 0.9, "the icon does not show, or is no triangle"
                expect_a_change(page, explorer, button.click, what="Play")
                button.click()
                played = explorer.locator(".explorer-controls input[type=range]").last
                played.press("End")  # at the start, no rate matters yet

    def test_the_pictures_follow_the_mouse_and_the_keyboard_on_a_page_of_any_size(self, small_page):
        for explorer in explorers(small_page):
            handles = explorer.locator(".explorer-controls input[type=range]")
            for handle in handles.all()[:2]:
                key = "ArrowLeft" if int(handle.input_value()) > 0 else "ArrowRight"
                expect_a_change(
                    small_page, explorer, lambda handle=handle, key=key: handle.press(key), what=f"the key {key}"
                )
            if handles.count():
                drag_and_expect_a_change(small_page, explorer, handles.first)
            for button in explorer.locator(".option:has(input:not(:checked))").all()[:1]:
                expect_a_change(small_page, explorer, button.click, what="a button")

    def test_pointing_at_a_factor_of_the_worked_example_lights_its_arrow(self, page):
        worked = [explorer for explorer in explorers(page) if explorer.locator(".light").count()]
        assert len(worked) == (self.name == "03_backpropagation")
        for explorer in worked:
            explorer.evaluate(SHOW)
            explorer.locator(".option").last.click()
            expect_factors_to_light_their_arrows(page, explorer)

    def test_print_gives_a_page_a_slide(self, page, printed):
        slides = page.evaluate("document.querySelectorAll('.page').length")
        assert printed.locator(".pdf-page").count() == slides
        for explorer in printed.locator(".explorer").all():
            assert explorer.locator(".live-picture > svg").evaluate("(svg) => svg.childElementCount") > 1
        if self.name == "02_gradient_descent":  # the style is the same in all
            for opened in (page, printed):  # the browser's own print, and ?print-pdf
                pdf = opened.pdf(prefer_css_page_size=True, print_background=True)
                assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == slides

    def test_it_is_small_enough_to_be_sent(self, file):
        assert file.stat().st_size < 1.6e6

    def test_it_reports_no_error_and_asks_nothing_of_a_network(self, watched):
        assert watched
        assert [error for page in watched for error in page.errors] == []
        assert [url for page in watched for url in page.requests_elsewhere] == []


def open_deck(context, file, query=""):
    page = context.new_page()
    page.goto(file.as_uri() + query)
    until_drawn(page, file.name)
    page.evaluate("Reveal.configure({ transition: 'none' })")
    page.add_script_tag(path=LOOKS)
    return page


def explorers(page):
    """Yield each explorer of a deck, its slide before the reader."""
    for explorer in page.locator(".explorer").all():
        explorer.evaluate(SHOW)
        yield explorer


def expect_a_change(page, explorer, act, *, what):
    before, slide = explorer.evaluate(PICTURE), page.evaluate("Reveal.getIndices()")
    act()
    for _ in range(50):
        if explorer.evaluate(PICTURE) != before:
            break
        page.wait_for_timeout(100)
    assert explorer.evaluate(PICTURE) != before, f"{what} does not change the picture"
    assert page.evaluate("Reveal.getIndices()") == slide, f"{what} turns the page"


def drag_and_expect_a_change(page, explorer, slider):
    """Take the handle of a slider and carry it to three quarters of the way, or to a quarter."""
    box, last, now = slider.bounding_box(), int(slider.get_attribute("max")), int(slider.input_value())
    place = {"x": box["x"] + _handle(box, now / last), "y": box["y"] + box["height"] / 2}
    aim = 0.25 if now > last / 2 else 0.75

    def carry():
        page.mouse.move(place["x"], place["y"])
        page.mouse.down()
        page.mouse.move(box["x"] + _handle(box, aim), place["y"], steps=8)
        page.mouse.up()

    expect_a_change(page, explorer, carry, what="the mouse")
    assert int(slider.input_value()) == pytest.approx(aim * last, abs=max(1, 0.05 * last)), (
        "the handle leaves the mouse"
    )


def _handle(box, share):
    """Return how far from the left end of a slider the middle of its handle is, whose radius is 12."""
    return 12 + share * (box["width"] - 24)


class LookedAtByAxe(Deck):
    """The tests of a deck that axe-core looks at: each notebook in one language; test_jupyterlab, in the other."""

    def test_it_keeps_no_reader_out(self, printed):
        assert violations(printed, "violationsOnSlides()") == ""


# A class a deck, so that the tests of one share its page, and several decks are looked at at once.
for language in ("ru", "en"):
    for number, name in enumerate(NAMES):
        title = f"Test_{language}_{name}"
        kind = LookedAtByAxe if language == ("ru", "en")[number % 2] else Deck
        tests = type(title, (kind,), {"language": language, "name": name})
        globals()[title] = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")(tests)
del tests
