"""The web edition, as readers meet it: every page, from a server and from a folder, with no network otherwise."""

import functools
import gzip
import http.server
import json
import re
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import ipywidgets
import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from lecture_utils.guesses import ask
from tests.editions import each_edition
from tests.executed import executed
from tests.notebook import NAMES, path, read
from tests.pages.test_lights import expect_factors_to_light_their_arrows
from tools.browser import CHROMIUM, Watched, drag, violations
from tools.firefox import FIREFOX, firefox
from tools.notebooks import NOTEBOOKS, WIDGET_STATE
from tools.site.build import make
from tools.site.folder import put_together
from tools.site.layout import LOST, Whereabouts
from tools.site.page import page
from tools.web.npm import packages

in_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
in_firefox = pytest.mark.skipif(FIREFOX is None, reason="no Firefox on this machine: apt install firefox-esr")
LOOKS = Path(__file__).with_name("site.js").read_text(encoding="utf-8")
BASE = "https://lecture.example/"
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PAGES = ["index.html", *(f"{language}/{name}.html" for language in ("ru", "en") for name in NAMES)]
WITH_EXPLORER = "02_gradient_descent"
WITH_EXPLORERS = [name for name in NAMES if any("_explorer(" in cell.source for cell in read("en", name).cells)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as `make site` does, of the notebooks as they have just run; one of them has a deck."""
    root = tmp_path_factory.mktemp("site")
    whereabouts = Whereabouts(base=BASE, repository="owner/name", branch="main")
    pages = [
        make(path(language, name), whereabouts=whereabouts, run=executed(language, name))
        for language in ("ru", "en")
        for name in NAMES
    ]
    slides = root / "slides"
    (slides / "ru").mkdir(parents=True)
    for file in (slides / "index.html", slides / f"ru/{WITH_EXPLORER}.html", slides / f"ru/{WITH_EXPLORER}.pdf"):
        file.write_text("a deck")
    put_together(pages, root / "site", modules=packages(), slides=slides, whereabouts=whereabouts)
    return root / "site"


@pytest.fixture(scope="module")
def served(site):
    """Serve the site on a free port of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser, site, served):
    """Return a function that opens a page of the site; at the end, nothing has gone wrong on it.

    With `at_most`, the page with the styles, scripts and fonts that it loads by itself has fewer bytes on the wire.
    """
    contexts, opened = [], []
    expect.set_options(timeout=60_000)  # machines may be busy with other tests

    def open_it(address, *, file=False, at_most=None, **window):
        context = browser.new_context(**(DESKTOP | window))
        context.set_default_timeout(60_000)
        contexts.append(context)
        opened.append(Watched(context.new_page()))
        page, whence = opened[-1].page, site.as_uri() if file else served
        page.goto(f"{whence}/{address}")
        if at_most:
            page.wait_for_load_state("networkidle")
            asked = [url.removeprefix(f"{whence}/") for url in opened[-1].requests]
            first = [one for one in asked if one == address or one.startswith("assets/")]
            assert len(first) > 2, first  # a style and a script at least
            size = sum(len(gzip.compress((site / one).read_bytes())) for one in first)
            assert size < at_most, f"{address} and what it loads first weigh {size / 1000:.0f} KB: {first}"
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [error for one in opened for error in one.errors] == []
    assert [url for one in opened for url in one.requests_elsewhere] == []


def look(page, call):
    return page.evaluate(f"() => {{ {LOOKS}; return {call}; }}")


@pytest.fixture(scope="module")
def soups(site):
    return {
        file.relative_to(site).as_posix(): BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for file in site.rglob("*.html")
        if file.parts[len(site.parts)] not in ("slides", LOST)
    }


# What each page is made of.


def test_every_link_and_anchor_and_file_is_right(site, soups):
    ids = {address: {one["id"] for one in soup.find_all(id=True)} for address, soup in soups.items()}
    assert sorted(soups) == sorted(PAGES)
    wrong = []
    for address, soup in soups.items():
        names = Counter(one["id"] for one in soup.find_all(id=True))
        wrong += [f"{address}: {name} is there {count} times" for name, count in names.items() if count > 1]
        parts = [
            (part, name)
            for name in ("href", "src", "data-live", "data-source", "data-search")
            for part in soup.find_all(attrs={name: True})
        ]
        for part, name in parts:
            link = urlsplit(part[name])
            if link.scheme == "data" or part[name].startswith(
                (BASE, "https://colab.research.google.com/", "https://mybinder.org/")
            ):
                continue
            if link.scheme:
                wrong += [] if part.name == "a" else [f"{address}: {part[name]}"]
                continue
            target = ((site / address).parent / unquote(link.path)).resolve() if link.path else site / address
            if not target.is_file():
                wrong.append(f"{address}: {part[name]} is not there")
            elif link.fragment and link.fragment not in ids.get(target.relative_to(site).as_posix(), [link.fragment]):
                wrong.append(f"{address}: there is no place {part[name]}")
    assert "\n".join(wrong) == ""


def test_every_page_says_what_it_is_and_where_its_twin_is(site, soups):
    titles = [soup.title.string for soup in soups.values()]
    assert len(set(titles)) == len(titles)
    for address, soup in soups.items():
        assert len(soup.find("meta", attrs={"name": "description"})["content"]) > 40, address
        assert soup.find("link", rel="canonical")["href"] == BASE + address
        assert (site / urlsplit(soup.find("meta", property="og:image")["content"]).path[1:]).is_file()
        if address != "index.html":
            language, name = address.split("/")
            assert soup.html["lang"] == language
            twins = {one["hreflang"]: one["href"] for one in soup.find_all("link", rel="alternate")}
            assert twins == {code: f"{BASE}{code}/{name}" for code in ("ru", "en")}
    listed = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text())
    assert sorted(listed) == sorted(BASE + address for address in PAGES)


@each_edition
def test_answers_are_folded_and_solutions_too_and_every_question_is_seen(soups, language, name):
    soup = soups[f"{language}/{name}.html"]
    questions, answers = (soup.select(f"article .marker.{kind}") for kind in ("question", "answer"))
    legend = soup.find(id="legend")
    seen = [one for one in answers if not one.find_parent("details") and legend not in one.parents]
    assert [one.parent.get_text()[:60] for one in seen] == []
    assert [one.parent.get_text()[:60] for one in questions if one.find_parent("details")] == []
    tagged = [cell for cell in read(language, name).cells if "solution" in cell.metadata.get("tags", [])]
    for cell in tagged:
        assert soup.find(id=cell.id).find("details", open=False)
    assert "notes" not in {part for one in soup.select("[class]") for part in one["class"]}


def test_exercises_say_how_they_are_solved_and_no_check_answers_to_nothing(soups):
    soup = soups["ru/02_gradient_descent.html"]
    (note,) = soup.select(".solve")
    links = [link["href"] for link in note.find_all("a")]
    assert links[0] == "02_gradient_descent.ipynb"
    assert (
        links[1]
        == "https://colab.research.google.com/github/owner/name/blob/main/notebooks/ru/02_gradient_descent.ipynb"
    )
    assert links[2].startswith("https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/ru/02")
    assert not soup.select(".verdict")
    ways = [link["href"] for link in soup.select("main > .ways a")]
    assert f"../slides/ru/{WITH_EXPLORER}.html" in ways
    assert f"../slides/ru/{WITH_EXPLORER}.pdf" in ways


def test_code_that_only_prepares_is_folded_with_what_it_prepares(soups):
    for address, soup in soups.items():
        for fold in soup.select(".cell.code > details.code-fold:only-child"):
            after = fold.parent.find_next_sibling()
            assert not after or not after.select(":scope > details.code-fold"), f"{address}#{fold.parent['id']}"


# What readers do.


WINDOWS = ["a wide window, light, from a server", "a phone, dark, from a folder"]
#: Each page in one of them; its twin in the other language, in the other.
SEEN = [("index.html", window) for window in WINDOWS] + [
    (address, WINDOWS[(number + number // 2) % 2])
    for number, address in enumerate(sorted(PAGES[1:], key=lambda one: (one[3:], one)))
]


@in_chromium
@pytest.mark.parametrize(("address", "window"), SEEN)
def test_every_page_is_light_and_can_be_read_and_nothing_runs_over_or_is_missing(open_page, address, window):
    file = "folder" in window
    look_of_it = (PHONE | {"color_scheme": "dark"}) if file else DESKTOP
    page = open_page(address, file=file, at_most=150_000, **look_of_it)
    assert "\n".join(look(page, "overflows()")) == ""  # nor before explorers and questions are awake
    assert "\n".join(look(page, "readToTheEnd()")) == ""
    assert "\n".join(look(page, "[...overflows(), ...blemishes()]")) == ""
    if file:
        assert "\n".join(look(page, "smallTargets()")) == ""
    if address != "index.html":
        assert page.locator("mjx-container").count() > 5
    expect(page.locator("[data-failed]")).to_have_count(0)
    expect(page.locator("[data-source]:visible:not([data-ready])")).to_have_count(0)


def until_awake(explorer):
    explorer.scroll_into_view_if_needed()
    expect(explorer).to_have_attribute("data-ready", "")


def words(explorer):
    return explorer.locator("figcaption").inner_text()


def expect_a_change(explorer, act, *, what):
    before = words(explorer)
    act()
    for _ in range(50):
        if words(explorer) != before:
            return
        explorer.page.wait_for_timeout(50)
    raise AssertionError(f"{what} does not change what the picture says")


@in_chromium
@pytest.mark.parametrize("name", WITH_EXPLORERS)
def test_every_explorer_answers_to_keyboard_mouse_and_play(open_page, name):
    page = open_page(f"ru/{name}.html", file=name < "04")
    for explorer in page.locator(".explorer").all():
        until_awake(explorer)
        for slider in explorer.locator("input[type=range]").all():
            key = "ArrowLeft" if int(slider.input_value()) else "ArrowRight"
            slider.focus()
            expect_a_change(explorer, lambda key=key: page.keyboard.press(key), what=f"the key {key}")
            expect(slider).to_have_attribute("aria-valuetext", words(explorer))
        for option in explorer.locator(".option:has(input:not(:checked))").all()[:1]:
            expect_a_change(explorer, option.click, what="a button")
        for button in explorer.locator(".play").all():
            expect_a_change(explorer, button.click, what="Play")
            if "playing" in button.get_attribute("class"):  # not yet at the end
                button.click()
        for grip in explorer.locator("[data-grab][visibility=visible]").all()[-1:]:  # it lies over the others
            expect_a_change(explorer, lambda grip=grip: drag(page, grip, 60, down=60), what="the mouse on the picture")


@in_chromium
@pytest.mark.parametrize("width", [360, 390, 430])
def test_no_word_of_a_heading_is_broken_on_a_phone(open_page, served, width):
    page = open_page("index.html", **(PHONE | {"viewport": {"width": width, "height": 800}}))
    for address in PAGES:
        page.goto(f"{served}/{address}", wait_until="domcontentloaded")
        assert "\n".join(look(page, "brokenHeadings()")) == "", address


@in_chromium
@pytest.mark.parametrize("width", [1000, 1159, 1160])
def test_in_a_small_window_a_picture_lies_wide_and_fits_it_with_its_controls(open_page, width):
    page = open_page(f"en/{WITH_EXPLORER}.html", viewport={"width": width, "height": 700})
    explorer = page.locator(".explorer")
    until_awake(explorer)
    expect(explorer.locator(".live-picture")).not_to_have_attribute("data-layout", "stacked")
    room = 700 - page.locator(".bar").bounding_box()["height"]
    assert explorer.bounding_box()["height"] < room


@in_chromium
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_tracks_are_long_enough_to_aim_on_and_stay_as_long_whatever_the_value(open_page, width):
    page = open_page(f"ru/{WITH_EXPLORER}.html", viewport={"width": width, "height": 900})
    explorer = page.locator(".explorer")
    until_awake(explorer)
    sliders = explorer.locator("input[type=range]").all()
    lengths = []
    for key in ("Home", "End"):
        for slider in sliders:
            slider.press(key)
        page.wait_for_timeout(300)
        lengths.append([slider.bounding_box()["width"] for slider in sliders])
    assert lengths[1] == pytest.approx(lengths[0], abs=1), "tracks change with the values beside them"
    assert min(lengths[0]) > 180, "a track with 60 stops is too short to aim on"


@in_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pointing_at_a_factor_of_the_worked_example_lights_its_arrow(open_page, theme):
    page = open_page("en/03_backpropagation.html", color_scheme=theme)
    explorer = page.locator(".explorer").first
    until_awake(explorer)
    explorer.locator(".option").last.click()
    expect_factors_to_light_their_arrows(page, explorer)


@in_chromium
def test_a_finger_moves_an_explorer_and_the_page_stands_still(open_page):
    page = open_page(f"en/{WITH_EXPLORER}.html", **PHONE)
    explorer = page.locator(".explorer")
    until_awake(explorer)
    height = explorer.bounding_box()["height"]
    assert height < 844 - 60, "picture, words and controls are not on one screen"
    expect_a_change(explorer, explorer.locator(".option").first.tap, what="a finger on a button")
    slider = explorer.locator("input[type=range]").first
    box = slider.bounding_box()
    for share in (0.2, 0.9):
        expect_a_change(
            explorer,
            lambda share=share: slider.tap(position={"x": share * box["width"], "y": box["height"] / 2}),
            what="a finger on a slider",
        )
    assert explorer.bounding_box()["height"] == height, "the page jumps while a picture is moved"


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """Build the site of one notebook, which asks a question that waits for an answer; return its page."""
    guess = ask("relu-question")
    data, _ = guess._repr_mimebundle_()
    asked = nbformat.v4.new_code_cell('ask("relu-question")', id="asked")
    asked.outputs = [nbformat.v4.new_output("display_data", data=data)]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A title\n\nWhat it is about.", id="title"), asked],
        metadata={"widgets": {WIDGET_STATE: ipywidgets.Widget.get_manager_state([guess])}},
    )
    root = tmp_path_factory.mktemp("asking")
    made = page(notebook, folder=NOTEBOOKS / "en", name=NAMES[0], places={})
    put_together([made], root, modules=packages(), slides=root / "none", whereabouts=Whereabouts())
    return root / f"en/{NAMES[0]}.html"


@in_chromium
def test_a_question_waits_for_an_answer_and_then_tells_the_truth(browser, asking):
    opened = Watched(browser.new_page(**PHONE))
    opened.page.goto(asking.as_uri())
    buttons = opened.page.locator(".asked[data-ready] button")
    expect(buttons).to_have_text(["yes", "no", "only on some inputs"])
    expect(opened.page.locator(".guess-still, .asked details")).to_have_count(0)
    buttons.last.tap()
    expect(opened.page.locator("button[data-shows=right]")).to_have_text("yes")
    expect(opened.page.locator("button[data-shows=wrong]")).to_have_text("only on some inputs")
    assert look(opened.page, "smallTargets()") == []
    assert opened.errors == []
    opened.page.close()


def found(page, query):
    page.locator("dialog input").fill(query)
    return page.locator(".results a").all_inner_texts()


@in_chromium
@pytest.mark.parametrize(
    ("language", "query", "section"),
    [
        ("ru", "скоростями обучений", "Скорость обучения"),
        ("ru", "якобианам", "Якобиан"),
        ("ru", "переобучилась", "Переобучение"),  # no word of the lecture has its stem
        ("en", "learned rates", "The learning rate"),
    ],
)
def test_search_finds_a_section_by_words_in_another_form_and_leads_there(open_page, language, query, section):
    page = open_page(f"{language}/{WITH_EXPLORER}.html", file=language == "ru")
    page.keyboard.press("/")
    expect(page.locator("dialog[data-ready]")).to_be_visible()
    results = found(page, query)
    assert any(section in result for result in results[:6]), results
    expect(page.locator(".results mark").first).to_be_visible()
    page.locator("dialog input").press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    page.wait_for_function(
        """() => {
            const top = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.getBoundingClientRect().top
            return top >= 0 && top < 500
        }"""
    )


@in_chromium
def test_search_answers_calmly_to_anything(open_page):
    page = open_page("en/01_forward_and_loss.html")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("dialog[data-ready]")).to_be_visible()
    hint = page.locator("#search-hint")
    for query in ("x" * 10_000, "<img src=x onerror=document.title='broken'>", "(.*)+$ qwertyuiop"):
        assert found(page, query) == []
        expect(hint).to_contain_text("Nothing found")
    for query in ("", "  ", "!?"):
        assert found(page, query) == []
        expect(hint).to_contain_text("A word in any form")
    found(page, "loss <b>")
    expect(page.locator(".results b, .results img")).to_have_count(0)
    assert "broken" not in page.title()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def expect_at_the_top(page, place):
    """Wait until the page stands still with a place just below its bar."""
    page.wait_for_function(
        """async (place) => {
            const top = () => document.getElementById(place)?.getBoundingClientRect().top;
            const before = top();
            for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
            return top() === before && before > -1 && before < 200;
        }""",
        arg=place,
    )


@in_chromium
def test_the_other_language_opens_at_the_same_place_and_the_present_section_is_marked(open_page):
    page = open_page("ru/03_backpropagation.html#order")
    expect(page.locator(".contents [aria-current=true]")).to_have_attribute("href", "#order")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/03_backpropagation\.html#order$"))
    expect_at_the_top(page, "order")
    page.go_back()
    expect_at_the_top(page, "order")
    page.locator("#order-answer").evaluate("one => { one.closest('details').open = true; one.scrollIntoView(); }")
    expect_at_the_top(page, "order-answer")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/03_backpropagation\.html#order-answer$"))
    expect_at_the_top(page, "order-answer")
    expect(page.locator("#order-answer")).to_be_visible()  # its fold is opened


@in_chromium
def test_the_theme_is_the_systems_until_the_reader_chooses_and_is_remembered(open_page):
    page = open_page("en/04_autograd.html", color_scheme="dark")
    dark = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(dark)
    page.get_by_role("button", name="Light or dark theme").click()
    assert page.evaluate(dark) != before
    page.reload()
    assert page.evaluate(dark) != before
    page.get_by_role("button", name="Light or dark theme").click()
    assert page.evaluate(dark) == before


@in_chromium
def test_the_contents_open_over_the_text_on_a_phone_and_lead_into_it(open_page):
    page = open_page("en/01_forward_and_loss.html", **PHONE)
    expect(page.locator(".contents")).to_be_hidden()
    page.get_by_role("button", name="Contents").tap()
    page.locator(".contents a[href='#shapes']").tap()
    expect(page.locator(".contents")).to_be_hidden()
    expect_at_the_top(page, "shapes")


@in_chromium
@pytest.mark.parametrize(
    ("language", "name", "done", "window", "may"),
    [
        ("en", "Copy the code", "Copied", PHONE, True),
        ("ru", "Скопировать код", "Скопировано", DESKTOP, True),
        ("ru", "Скопировать код", "Скопировано", DESKTOP, False),
    ],
    ids=["a finger", "a mouse", "a mouse where the clipboard is closed to pages"],
)
def test_the_button_on_code_says_what_it_does_and_copies_the_code(open_page, language, name, done, window, may):
    rights = ["clipboard-read", "clipboard-write"] if may else ["clipboard-read"]
    page = open_page(f"{language}/01_forward_and_loss.html", **window, permissions=rights)
    if not may:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    source = page.locator("#shapes-code .source")
    button = source.get_by_role("button", name=name, exact=True)
    if window is DESKTOP:
        source.hover()
    expect(button).to_be_visible()
    button.tap() if window is PHONE else button.click()
    expect(source.get_by_role("button", name=done, exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").strip() == source.locator("pre").text_content().strip()
    expect(button).to_be_visible()  # it says again what it does


@in_chromium
def test_who_is_lost_is_led_back(browser, site):
    page = browser.new_page(**PHONE)
    asked = []

    def answer(route):
        asked.append(urlsplit(route.request.url).path[1:])
        file = site / asked[-1]
        route.fulfill(path=file) if file.is_file() else route.fulfill(status=404, path=site / LOST)

    page.route(f"{BASE}**", answer)
    errors = Watched(page).errors
    page.goto(f"{BASE}en/deep/down/nothing.html")
    assert asked[1:], "the page has neither style nor script"
    assert [one for one in asked[1:] if not (site / one).is_file()] == []
    assert [error for error in errors if "nothing.html" not in error] == []
    assert look(page, "[...overflows(), ...blemishes(), ...smallTargets()]") == []
    expect(page.get_by_role("heading")).to_have_text(["Такой страницы здесь нет", "There is no such page here"])
    page.get_by_role("link", name="Training neural networks in PyTorch").click()
    expect(page.locator("body.start .explorer:visible")).to_have_count(1)
    page.close()


@in_chromium
@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_without_scripts_all_can_be_read(open_page, window):
    page = open_page(f"ru/{WITH_EXPLORER}.html", **window, file=True, java_script_enabled=False)
    expect(page.locator(".notice")).to_contain_text("Скрипты здесь не выполняются")
    expect(page.locator(".explorer img")).to_be_visible()
    expect(page.locator(".explorer figcaption")).to_contain_text("Скорость обучения γ = ")
    expect(page.locator(".explorer-controls, .search-button, .theme, .copy").locator("visible=true")).to_have_count(0)
    page.locator(".answer-fold summary").first.click()
    expect(page.locator(".answer-fold .marker.answer").first).to_be_visible()


@in_chromium
@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_a_page_is_about_as_long_before_all_of_it_is_laid_out(open_page, window):
    for name in NAMES:
        page = open_page(f"en/{name}.html", **window, java_script_enabled=False)
        before = page.evaluate("document.documentElement.scrollHeight")
        page.evaluate("document.documentElement.classList.add('laid-out')")
        whole = page.evaluate("document.documentElement.scrollHeight")
        assert 0.9 < before / whole < 1.1, f"{name} is {before} px long and then {whole}: what stands below moves"


@in_chromium
@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_nothing_moves_when_an_explorer_wakes(open_page, window):
    held = []

    def hold(route):
        held.append(route)

    for name in WITH_EXPLORERS:
        page = open_page(f"en/{name}.html", **window)
        page.route("**/data/**", hold)
        explorers = page.locator(".explorer").all()
        for explorer in explorers:
            explorer.scroll_into_view_if_needed()
        asleep = [explorer.bounding_box()["height"] for explorer in explorers]
        while held:
            held.pop().continue_()
        page.unroute("**/data/**", hold)
        for explorer, before in zip(explorers, asleep, strict=True):
            until_awake(explorer)
            page.wait_for_timeout(100)
            after = explorer.bounding_box()["height"]
            assert abs(after - before) < 10, f"{name}: {before:.0f} px high, and {after:.0f} once it is alive"


@in_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_there_is_ink_on_white_and_nothing_to_press(open_page, theme):
    page = open_page(f"en/{WITH_EXPLORER}.html", viewport={"width": 718, "height": 1000}, color_scheme=theme)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    look(page, "readToTheEnd()")
    page.emulate_media(media="print")
    red, green, blue, *_ = re.findall(r"\d+", page.evaluate("getComputedStyle(document.querySelector('p')).color"))
    assert max(int(red), int(green), int(blue)) < 100, "the ink is too pale for paper"
    assert look(page, "overflows()") == []
    expect(page.locator(".bar, .contents, .copy, .explorer-controls").locator("visible=true")).to_have_count(0)


@in_chromium
def test_the_start_page_shows_a_living_picture_in_the_readers_language_at_its_beginning(open_page):
    page = open_page("index.html", locale="ru-RU")
    explorer = page.locator(".explorer:visible")
    expect(explorer).to_have_count(1)
    expect(explorer).to_have_attribute("data-ready", "")
    assert "шаг 0" in words(explorer)
    expect_a_change(explorer, explorer.get_by_role("button", name="Пустить").click, what="Play")
    assert explorer.bounding_box()["y"] < 600, "the picture is not seen at once"


@in_chromium
def test_no_script_of_others_runs_and_nothing_is_fetched_from_elsewhere(open_page, browser, served):
    page = browser.new_page()
    page.goto(f"{served}/en/01_forward_and_loss.html")
    for attempt in (
        "document.body.append(Object.assign(document.createElement('script'), { text: 'window.broken = 1' }))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken = 1\">')",
        "document.head.append(Object.assign(document.createElement('script'), { src: 'data:,window.broken=1' }))",
    ):
        page.evaluate(f"() => {{ {attempt}; }}")
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") is None
    refused = """() => new Promise((tell) => {
      document.addEventListener("securitypolicyviolation", (event) => tell(event.effectiveDirective));
      fetch("http://127.0.0.1:9/").catch(() => setTimeout(tell, 2000, "nothing"));
    })"""
    assert page.evaluate(refused) == "connect-src", "the page's policy lets it fetch from elsewhere"
    page.close()


@in_chromium
@pytest.mark.parametrize(
    ("address", "window"),
    [
        ("ru/02_gradient_descent.html", PHONE | {"color_scheme": "dark"}),
        ("en/04_autograd.html", DESKTOP),
        ("index.html", DESKTOP),
    ],
    ids=["phone-dark", "wide-light", "start"],
)
def test_no_reader_is_kept_out(open_page, address, window):
    page = open_page(f"{address}#text", **window, bypass_csp=True)  # what is far from the window is laid out, too
    look(page, "readToTheEnd()")
    assert violations(page, "violationsOnPage()") == ""


@pytest.fixture(scope="module")
def one_firefox():
    with firefox() as opened:
        yield opened


@pytest.fixture
def window(one_firefox):
    """Return a window of Firefox; at the end, nothing has gone wrong in it."""
    one_firefox.open("about:blank")
    one_firefox.errors.clear()
    one_firefox.requests.clear()
    yield one_firefox
    assert one_firefox.errors == []
    elsewhere = [
        one for one in one_firefox.requests if not re.match(r"http://127\.0\.0\.1[:/]|data:|file:|about:", one)
    ]
    assert elsewhere == []


def seen_in(window, call):
    return window.evaluate(f"(() => {{ {LOOKS}; return {call}; }})()")


@in_firefox
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_firefox_shows_every_page_whole(window, site, served, scheme):
    for address in PAGES:
        window.open(f"{served if scheme == 'http' else site.as_uri()}/{address}")
        assert seen_in(window, "readToTheEnd()") == [], address
        assert seen_in(window, "[...overflows(), ...blemishes()]") == [], address
        asleep = (
            "[...document.querySelectorAll('[data-source]:not([data-ready])')].filter((one) => one.checkVisibility())"
        )
        assert window.evaluate(f"{asleep}.map((one) => one.dataset.name)") == [], address
        fonts = window.evaluate("[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)")
        assert "Literata" in fonts, address


@in_firefox
@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("grip", ["input[type=range]", "[data-grab][visibility=visible]"], ids=["slider", "picture"])
def test_an_explorer_answers_to_the_mouse_in_firefox(window, site, served, scheme, grip):
    window.open(f"{served if scheme == 'http' else site.as_uri()}/en/{WITH_EXPLORER}.html")
    seen_in(window, "readToTheEnd()")
    words = "document.querySelector('.explorer figcaption').innerText"
    before = window.evaluate(words)
    box = window.evaluate(f"""(() => {{
        const grip = [...document.querySelectorAll(".explorer {grip}")].at(-1);
        grip.scrollIntoView({{ block: "center" }});
        return new Promise((tell) => setTimeout(() => tell(grip.getBoundingClientRect()), 200));
    }})()""")
    window.drag(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 60)
    changed = f"{words} !== {json.dumps(before)}"  # words wait until what is dragged is let go
    assert window.evaluate(f"""new Promise((tell) => {{
        const look = (left) => {changed} || !left ? tell({changed}) : setTimeout(look, 50, left - 1);
        look(100);
    }})"""), before
