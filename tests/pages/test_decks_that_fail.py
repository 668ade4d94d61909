"""A deck that cannot be drawn is a page that can be read, and says why, and what to do."""

import base64
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.executed import executed
from tests.notebook import NAMES, read
from tools.browser import CHROMIUM, new_context, until_drawn
from tools.notebooks import NOTEBOOKS, slide_type
from tools.slides.build import write
from tools.slides.deck import Scripts, deck
from tools.slides.errors import SlidesError
from tools.slides.scripts import pack, packages, packed_scripts, reveal_style

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
    "en": ("A living picture could not be drawn", "open this notebook in JupyterLab."),
}


@pytest.fixture(scope="module", params=["ru", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def file(language, tmp_path_factory):
    modules = packages()
    scripts = Scripts(packed=packed_scripts(modules), style=reveal_style(modules))
    page = deck(executed(language, NAME), folder=NOTEBOOKS / language, scripts=scripts, names=NAMES)
    folder = tmp_path_factory.mktemp("decks") / language
    folder.mkdir()
    return write(folder / f"{NAME}.html", page)


@pytest.fixture
def page(browser):
    with new_context(browser, offline=True) as context:
        yield context.new_page()


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def page_without_scripts(browser, request):
    with new_context(browser, width=request.param, offline=True, scripts=False) as context:
        yield context.new_page()


def with_state(file, change):
    """Write beside a deck one whose widgets' state is changed; return it."""
    text = file.read_text(encoding="utf-8")
    (packed,) = re.findall(r'data-packed="state">([^<]+)<', text)
    state = json.loads(gzip.decompress(base64.b64decode(packed)))
    change(state["state"])
    return write(file.with_name("broken.html"), text.replace(packed, pack(json.dumps(state))))


def without_a_scene(models):
    """Let live.js raise."""
    for model in models.values():
        if "scene" in model["state"]:
            model["state"]["scene"] = {}


def of_an_unknown_kind(models):
    """Let nobody know how to draw the pictures."""
    for model in models.values():
        if model["model_module"] == "anywidget":
            model["model_module"] = "nowhere"


def expect_the_text_to_be_read(page, language):
    """All headings and paragraphs are there to be seen, one under the other, none wider than the page."""
    shown = page.locator("main").inner_text()
    cells = [cell for cell in read(language, NAME).cells if cell.cell_type == "markdown" and slide_type(cell) != "skip"]
    headings = [line.lstrip("# ") for cell in cells for line in re.findall(r"^#.*$", cell.source, re.MULTILINE)]
    assert len(headings) > 10
    assert [heading for heading in headings if heading.split("](")[0].strip("[") not in shown] == []


def expect_the_reason(page, sentence):
    what_happened, what_to_do = sentence
    notice = page.locator(".notice")
    expect(notice).to_be_visible()
    text = notice.inner_text()
    assert text.startswith(what_happened)
    assert text.endswith(what_to_do)


def test_dummy(page_without_scripts, file, language):
    page_without_scripts.goto(file.as_uri())
    print(page_without_scripts.locator("main").inner_text()[:3000])
    print(page_without_scripts.evaluate(f"(() => {{ {LOOKS}; return blocksOf(document).length }})()"))
    expect_the_text_to_be_read(page_without_scripts, language)
    assert 0
