"""What a reader may expect of every explorer, in both languages."""

import base64
import io
import json
import math
import re
from string import Formatter

import numpy as np
import pytest
from ipywidgets import DOMWidget
from matplotlib import pyplot as plt

from lecture_utils import explorers
from lecture_utils._live import LivePicture
from lecture_utils._words import LANGUAGES, set_language
from tests.controls import choose, descendants, play_of
from tests.package.explorers.real import MAKERS, PLAYED, opened

pytestmark = pytest.mark.usefixtures("every_colour")

EDITIONS = [(name, language) for name in MAKERS for language in LANGUAGES]


@pytest.fixture(params=EDITIONS, ids="-".join)
def explorer(request):
    return opened(*request.param)


def test_it_is_tried_here():
    functions = {name for name in explorers.__all__ if name.endswith("_explorer")}
    assert functions == {f"{name.replace(' ', '_')}_explorer" for name in MAKERS}


def tables(scene):
    """Yield each table of rows that depend on choices: those choices, and how many rows there are."""
    yield scene["backgrounds"]["by"], len(scene["backgrounds"]["images"])
    templates = [scene["caption"], *(mark["texts"] for mark in scene["marks"] if "template" in mark.get("texts", {}))]
    for field in (field for template in templates for field in template["fields"].values()):
        yield field["by"], len(field["rows"])
        for said in field["rows"]:
            if isinstance(said, dict):  # a number that the page computes
                yield said["at"]["by"], len(said["at"]["rows"])
    for mark in scene["marks"]:
        for part in ("images", "texts"):
            if "rows" in mark.get(part, {}):
                yield mark[part]["by"], len(mark[part]["rows"])
        if "until" in mark:
            yield mark["until"]["by"], len(mark["until"]["counts"])


def test_every_combination_of_choices_has_a_row_of_its_own(explorer):
    scene, filled = explorer.picture.scene, 0
    for by, n_rows in tables(scene):
        assert n_rows == math.prod(scene["choices"][choice] for choice in by)
    for mark in (mark for mark in scene["marks"] if "images" not in mark):
        for coordinates in (mark["x"], mark["y"]):
            if "motion" in coordinates:
                assert scene["motions"][coordinates["motion"]]["points"] == mark["points"]
                continue
            assert coordinates["offset"] == filled
            filled += mark["points"] * math.prod(scene["choices"][choice] for choice in coordinates["by"])
    assert filled == scene["positions"]
    n_factors = 0
    for motion in scene["motions"]:
        assert motion["offset"] == n_factors
        n_factors += 2 * motion["points"] * math.prod(scene["choices"][choice] for choice in motion["by"])
    assert 4 * (math.ceil(filled / 2) + n_factors) == len(explorer.picture.table)


def test_marks_have_names_of_their_own_and_ask_only_for_choices_that_there_are(explorer):
    scene = explorer.picture.scene
    names = [mark["name"] for mark in scene["marks"]]
    assert len(set(names)) == len(names)
    for mark in scene["marks"]:
        assert all(0 <= value < scene["choices"][choice] for choice, value in mark["when"].items())
        assert max(mark.get("until", {"counts": [0]})["counts"]) <= mark.get("points", 0)


def test_the_caption_has_all_the_fields_that_its_template_names_and_no_others(explorer):
    caption = explorer.picture.scene["caption"]
    named = {field for _, field, _, _ in Formatter().parse(caption["template"]) if field is not None}
    assert named == set(caption["fields"])


def test_the_backgrounds_are_of_one_size_and_nothing_moves_their_axes(explorer):
    figures = explorer.picture._backgrounds.values
    assert len({tuple(figure.get_size_inches()) for figure in figures}) == 1
    assert {figure.get_layout_engine() for figure in figures} == {None}


def test_each_choice_has_a_control_and_no_choice_takes_the_name_of_something_else(explorer):
    choices = explorer.picture.scene["choices"]
    assert set(explorer.controls) == set(choices)
    assert not [choice for choice in choices if hasattr(LivePicture, choice) or hasattr(DOMWidget, choice)]


def test_every_value_of_every_control_can_be_shown(explorer):
    picture = explorer.picture
    first, size = next(iter(picture.scene["choices"].items()))
    for chosen in range(size):
        choose(explorer, **{first: chosen})
        for choice, n_values in picture.scene["choices"].items():
            for value in range(n_values) if choice != first else [chosen]:
                choose(explorer, **{choice: value})
                assert (getattr(picture, first), getattr(picture, choice)) == (chosen, value)
                assert re.fullmatch("[^{}]+", picture.caption)
        drawn = [picture.points(mark["name"]) for mark in picture.scene["marks"] if "images" not in mark]
        assert any(np.isfinite(points).any() for points in drawn)


def test_all_that_the_browser_needs_is_below_a_megabyte(explorer):
    scene = json.dumps(explorer.picture.scene, ensure_ascii=False).encode()
    assert len(explorer.picture.table) + len(scene) < 1_000_000


def test_the_static_picture_follows_every_choice(explorer):
    choose(explorer, **explorer._telling)  # at the start, some choices make no difference yet
    pngs = [explorer.picture.static_png()]
    assert plt.imread(io.BytesIO(pngs[0])).shape[1] >= 1400
    for choice in explorer.controls:
        before, size = getattr(explorer.picture, choice), explorer.picture.scene["choices"][choice]
        choose(explorer, **{choice: (before + size // 2) % size})
        pngs.append(explorer.picture.static_png())
        choose(explorer, **{choice: before})
    assert len(set(pngs)) == len(pngs)
    assert explorer.picture.static_png() == pngs[0]


@pytest.mark.parametrize("name", MAKERS)
def test_where_no_widget_can_run_there_is_a_picture_with_its_words_and_a_text_in_no_language(name):
    bundles = []
    for explorer in (opened(name, language) for language in LANGUAGES):
        bundle, about = explorer._repr_mimebundle_()
        bundles.append(bundle)
        told = dict(explorer._told())
        assert about == {"image/png": {"alt": explorer.picture.static_caption(**told)}}
        assert told or about["image/png"]["alt"] == explorer.picture.caption
        assert bundles[-1]["text/plain"] == repr(explorer)
        assert base64.b64decode(bundles[-1]["image/png"]) == explorer.static_png()
        assert "application/vnd.jupyter.widget-view+json" in bundles[-1]
    assert bundles[0]["text/plain"] == bundles[1]["text/plain"]
    assert bundles[0]["text/plain"].isascii()


@pytest.mark.parametrize("name", MAKERS)
def test_play_moves_one_control_from_where_the_picture_begins(name):
    explorer = opened(name)
    play, played = play_of(explorer), PLAYED[name]
    assert (play.min, play.max) == (0, explorer.picture.scene["choices"][played] - 1)
    assert play.value == getattr(explorer.picture, played)


def said(explorer):
    """Return what a reader is told: the words under the picture, and the name of each control that has one."""
    names = [getattr(widget, "description", "") for widget in descendants(explorer)]
    return [explorer.picture.caption, *filter(None, names)]


@pytest.mark.parametrize("name", MAKERS)
def test_it_speaks_the_language_of_the_notebook_unless_it_is_told_another(name):
    set_language("ru")
    assert all(re.search("[а-яё]", words) for words in said(MAKERS[name]()))
    assert not re.search("[а-яё]", " ".join(said(opened(name, "en"))))


@pytest.mark.parametrize("name", MAKERS)
def test_an_unknown_language_is_refused_with_the_languages_there_are(name):
    with pytest.raises(ValueError, match=r"language must be one of \['ru', 'en'\], but it is 'de'"):
        MAKERS[name](language="de")
