"""One look for everything: readable, offline, and put on only by those who ask for it."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest
from coloraide import Color
from matplotlib import pyplot as plt

import lecture_utils
from lecture_utils import setup
from lecture_utils._look import style
from lecture_utils._words import current_language

FILES = Path(lecture_utils.__file__).parent
MARKERS = ["question", "answer", "note", "definition", "example", "plus", "minus", "plus-minus", "hint"]
CSS = (FILES / "_look/markers.css").read_text(encoding="utf-8")


@pytest.fixture
def displayed(monkeypatch):
    """Collect what setup sends to the notebook, and put matplotlib back as it was."""
    shown, formats = [], []
    monkeypatch.setattr("lecture_utils._look.setup.display", shown.append)
    monkeypatch.setattr("lecture_utils._look.setup.set_matplotlib_formats", formats.append)
    with mpl.rc_context():
        yield shown, formats


def test_setup_puts_on_language_style_sharp_pictures_and_markers(displayed):
    setup("ru")
    (html,), formats = displayed
    assert current_language() == "ru"
    assert mpl.rcParams["font.size"] == 13
    assert formats == ["retina"]
    assert html.data == f"<style>\n{CSS}</style>"


def test_setup_with_an_unknown_language_changes_nothing(displayed):
    with pytest.raises(ValueError, match="language must be one of"):
        setup("fr")
    assert displayed == ([], [])
    assert current_language() == "en"
    assert mpl.rcParams["font.size"] != 13


def test_the_style_of_the_house_is_left_at_its_door():
    before = dict(mpl.rcParams)
    with style.lecture_style():
        assert mpl.rcParams["axes.spines.top"] is False
    assert dict(mpl.rcParams) == before


def test_a_new_figure_is_shown_by_no_notebook_and_moves_no_axes():
    with style.lecture_style():
        figure = style.new_figure(3, 2)
    assert figure.get_size_inches().tolist() == [3, 2]
    assert figure.get_layout_engine() is None
    assert plt.get_fignums() == []


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_has_a_sign_and_a_colour_dark_enough_to_read(marker):
    rule = re.search(rf"^\.{marker} {{ --marker: (#\w{{6}}); --sign: \"(.)\"; }}$", CSS, re.MULTILINE)
    assert Color(rule[1]).contrast("white") > 4.5


def test_no_two_markers_have_the_same_sign():
    signs = re.findall(r'--sign: "(.)"', CSS)
    assert len(set(signs)) == len(signs) == len(MARKERS)


@pytest.mark.parametrize("name", ["_look/markers.css", "_live/live.css", "_live/live.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = (FILES / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|url\(|@import|import\(|fetch\(|XMLHttpRequest", text)
