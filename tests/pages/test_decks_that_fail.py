"""A deck that cannot be drawn is a page that can be read, and says why, and what to do."""

import base64
import gzip
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.executed import executed
from tests.notebook import NAMES, read
from tools.browser import CHROMIUM, new_context, until_drawn
from tools.notebooks import NOTEBOOKS
from tools.slides.deck import deck
from tools.slides.scripts import pack
from tools.web.errors import BuildError
from tools.web.executed import write
from tools.web.npm import packages

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

NAME = "02_gradient_descent"
LOOKS = Path(__file__).with_name("decks.js").read_text(encoding="utf-8")
NO_SCRIPTS = {
    "ru": ("Скрипты здесь не выполняются", "включите JavaScript, а в JupyterLab нажмите Trust HTML."),
    "en": ("No scripts run here", "switch JavaScript on or, in JupyterLab, press Trust HTML."),
}
TOO_OLD = {
    "ru": ("Этот браузер слишком стар", "откройте файл в новом Chrome, Edge, Firefox или Safari."),
    "en": ("This browser is too old", "open the file in a new Chrome, Edge, Firefox or Safari."),
}
SPOILT = {
    "ru": ("Слайды не удалось подготовить", "скачайте файл заново."),
    "en": ("The slides could not be prepared", "download the file again."),
}
NO_PICTURE = {
    "ru": ("Живую картинку не удалось нарисовать", "откройте эту тетрадь в JupyterLab."),
    "en": ("The live picture could not be drawn", "open this notebook in JupyterLab."),
}


in_both_languages = pytest.mark.parametrize("language", ["ru", "en"])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that makes the deck in a language, once."""
    folder = tmp_path_factory.mktemp("decks")

    @cache
    def make(language):
        page = deck(executed(language, NAME), folder=NOTEBOOKS / language, modules=packages(), names=NAMES)
        (folder / language).mkdir()
        return write(folder / language / f"{NAME}.html", page)

    return make


@pytest.fixture
def language():
    return "en"


@pytest.fixture
def file(made, language):
    return made(language)


@pytest.fixture
def page(browser):
    with new_context(browser, offline=True) as context:
        yield context.new_page()


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def page_without_scripts(browser, request):
    with new_context(browser, width=request.param, offline=True, scripts=False) as context:
        yield context.new_page()


def repacked(file, name, change):
    """Write beside a deck one in which what is packed under a name is changed; return it."""
    text = file.read_text(encoding="utf-8")
    (packed,) = re.findall(rf'data-packed="{name}">([^<]+)<', text)
    content = gzip.decompress(base64.b64decode(packed)).decode()
    return write(file.with_name("broken.html"), text.replace(packed, pack(change(content))))


def without_a_scene(file):
    """Let live.js raise."""
    return repacked(file, "traits", lambda content: json.dumps({name: {"scene": {}} for name in json.loads(content)}))


def without_what_draws(file):
    """Let nobody know how to draw the pictures."""
    return repacked(file, "explorers", lambda content: content.replace("lecture.render.", "lecture."))


def expect_all_to_be_read(page, language):
    """All texts and pictures are seen, one under the other, on a page that is no wider than the window."""
    assert "\n".join(page.evaluate(f"(() => {{ {LOOKS}; return unreadable(); }})()")) == ""
    cells = [cell for cell in read(language, NAME).cells if cell.cell_type == "markdown"]
    sections = re.findall(r"^## \d+\. ", "\n".join(cell.source for cell in cells), re.MULTILINE)
    assert page.locator("main h2:visible").count() > len(sections) - 2 > 10  # exercises are left out
    assert page.locator("aside.notes:visible").count() == 0


def expect_still_pictures(page):
    """Each explorer is a picture and its words, and there is nothing to be moved."""
    for place in page.locator(".explorer").all():
        expect(place.locator("svg, input:visible, button:visible")).to_have_count(0)
        assert place.locator("figcaption").text_content().strip()
        image = place.locator("img")
        assert image.get_attribute("alt")
        assert image.evaluate("(image) => image.naturalWidth") > 0


def expect_the_reason(page, sentence):
    what_happened, what_to_do = sentence
    notice = page.locator(".notice")
    expect(notice).to_be_visible()
    assert notice.inner_text().startswith(what_happened)
    assert notice.inner_text().endswith(what_to_do)


@in_both_languages
def test_where_no_script_runs_all_can_be_read(page_without_scripts, file, language):
    page_without_scripts.goto(file.as_uri())
    expect_the_reason(page_without_scripts, NO_SCRIPTS[language])
    expect_all_to_be_read(page_without_scripts, language)
    expect_still_pictures(page_without_scripts)


@in_both_languages
def test_in_a_browser_that_cannot_unpack_all_can_be_read(page, file, language):
    page.add_init_script("delete window.DecompressionStream")
    page.goto(file.as_uri())
    with pytest.raises(BuildError, match=r"02\.html could not be drawn \(ReferenceError: DecompressionStream is not"):
        until_drawn(page, "02.html")
    expect_the_reason(page, TOO_OLD[language])
    expect_all_to_be_read(page, language)
    expect_still_pictures(page)


@pytest.mark.parametrize(
    ("part", "language", "reason"), [("slides", "en", SPOILT), ("style", "ru", SPOILT), ("explorers", "ru", NO_PICTURE)]
)
def test_a_file_that_was_spoilt_on_its_way_says_so(page, file, language, part, reason):
    text = file.read_text(encoding="utf-8")
    spoilt = write(
        file.with_name("spoilt.html"), text.replace(f'data-packed="{part}">', f'data-packed="{part}">spoilt')
    )
    page.goto(spoilt.as_uri())
    with pytest.raises(BuildError, match="could not be drawn"):
        until_drawn(page, "spoilt.html")
    expect_the_reason(page, reason[language])
    if reason is SPOILT:
        expect_all_to_be_read(page, language)
    expect_still_pictures(page)


@pytest.mark.parametrize(("break_it", "language"), [(without_a_scene, "en"), (without_what_draws, "ru")])
def test_a_picture_that_cannot_be_drawn_stands_still_and_the_slides_go_on(page, file, language, break_it):
    page.goto(break_it(file).as_uri())
    with pytest.raises(BuildError, match="could not be drawn"):
        until_drawn(page, "broken.html")
    expect_the_reason(page, NO_PICTURE[language])
    expect_still_pictures(page)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlidePastCount()") == 1


def test_a_deck_that_is_drawn_has_no_notice_and_no_still_picture(page, file):
    page.goto(file.as_uri())
    until_drawn(page, file.name)
    expect(page.locator(".notice")).to_have_count(0)
    expect(page.locator(".explorer img, .asked ul")).to_have_count(0)


def test_a_page_on_which_nothing_starts_is_not_waited_for_for_ever(page):
    with pytest.raises(BuildError, match=r"deck could not be drawn \(it did not start in 0\.1 s\)"):
        until_drawn(page, "deck", patience=0.1)


def test_hand_outs_say_in_one_line_which_deck_cannot_be_drawn(file, language, tmp_path):
    broken = tmp_path / language / "broken.html"
    broken.parent.mkdir()
    without_what_draws(file).rename(broken)
    # In a process of its own: Playwright runs once in each.
    command = [sys.executable, "-m", "tools.slides.handouts", "--output", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{language}/broken.html could not be drawn (TypeError: ")
    assert not broken.with_suffix(".pdf").exists()
