"""Colours that mean different things look different to every kind of colour vision; each thing has its colour."""

import re
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from coloraide import Color

from lecture_utils._live.marks import Curve, Label, rows
from lecture_utils._look import style
from lecture_utils._words import LANGUAGES
from lecture_utils.explorers import backprop_explorer
from lecture_utils.explorers._backprop_drawing import N_STEPS, draw_step
from lecture_utils.plots.classes import GROUP_COLORS, HELD_OUT
from tests.lecture.figure_texts import coloured, drawn, meant, texts
from tests.notebook import NAMES, read
from tools.figures import FIGURES

VISIONS = ["normal", "protan", "deutan", "tritan"]  # as Viénot (1999) and Brettel (1997) simulate them
ROOT = Path(__file__).parents[3]
MEANINGS = ["FORWARD", "GRADIENT", "OWN_JACOBIAN", "INPUT_JACOBIAN"]
TEXT = [*MEANINGS, "INK", "MUTED", "PATH", "LIMIT"]


def curves():
    with style.lecture_style():
        return [f"#{color.lstrip('#')}" for color in mpl.rcParams["axes.prop_cycle"].by_key()["color"]]


def difference(one, other, vision):
    """Return CIEDE2000."""
    colors = Color(one), Color(other)
    seen = colors if vision == "normal" else [color.filter(vision) for color in colors]
    return seen[0].delta_e(seen[1], method="2000")


def too_close(colors, vision, *, least):
    """Return the pairs that differ by less than `least`: 1 is what the eye can just see side by side."""
    found = [(one, other, difference(colors[one], colors[other], vision)) for one, other in combinations(colors, 2)]
    return [f"{one} and {other}: {apart:.1f}" for one, other, apart in found if apart < least]


@pytest.mark.parametrize("vision", VISIONS)
def test_the_four_colours_of_meaning_are_told_apart(vision):
    assert too_close({name: getattr(style, name) for name in MEANINGS}, vision, least=15) == []


@pytest.mark.parametrize("vision", VISIONS)
def test_curves_of_one_plot_are_told_apart(vision):
    assert too_close(dict(enumerate(curves())), vision, least=12) == []


def test_a_curve_is_not_taken_for_what_a_colour_means():
    pairs = [(color, meaning) for color in {*curves(), *GROUP_COLORS[:3], HELD_OUT} for meaning in MEANINGS]
    apart = {(color, meaning): difference(color, getattr(style, meaning), "normal") for color, meaning in pairs}
    assert {pair: how_far for pair, how_far in apart.items() if how_far < 12} == {}
    assert min(difference(curves()[1], style.GRADIENT, vision) for vision in VISIONS) >= 15  # two blues


@pytest.mark.parametrize("vision", VISIONS)
def test_groups_of_points_are_told_apart(vision):
    assert too_close(dict(enumerate(GROUP_COLORS)), vision, least=12) == []


@pytest.mark.parametrize("vision", VISIONS)
def test_the_path_is_told_from_the_surface_under_it(vision):
    shades = mpl.colormaps[style.SURFACE](np.linspace(0, 1, 33))
    apart = [difference(style.PATH, mpl.colors.to_hex(shade), vision) for shade in shades]
    assert min(apart) >= 15


@pytest.mark.parametrize("name", TEXT)
def test_a_colour_of_text_can_be_read_on_white(name):
    assert Color(getattr(style, name)).contrast("white") >= 4.5  # WCAG 2.2, AA


def test_a_curve_can_be_seen_on_white():
    assert min(Color(color).contrast("white") for color in curves()) >= 3  # WCAG 2.2, for what is not text


# What each colour means


PALE = [style.MUTED, "#7b848e"]  # what is not spoken of just now


def wrong(texts_and_colors):
    """Return the texts that have not the colour of what they name."""
    pairs = [(text, meant(text), color) for text, color in texts_and_colors]
    return [f"{text} is {color}, not {right}" for text, right, color in pairs if right and color not in (right, *PALE)]


@pytest.mark.parametrize(
    ("text", "color"),
    {
        r"$\dfrac{\partial E}{\partial w_l}$": "GRADIENT",
        "∂E/∂w₁ = −0.149": "GRADIENT",
        r"$\dfrac{\partial a_1}{\partial w_1} = 0.393$": "OWN_JACOBIAN",
        r"$\dfrac{\partial a_2}{\partial a_1} = 0.559$": "INPUT_JACOBIAN",
        "× ∂a₂/∂w₂ = 0.060": "OWN_JACOBIAN",
        r"$\varphi'(z_1)$": "INPUT_JACOBIAN",
        r"$\hat y = 2.5$": "FORWARD",
        "$x$[0]": "FORWARD",
        "$W_1$ =": "INK",
        "$y$ = 3": "INK",
    }.items(),
)
def test_what_a_label_names_says_its_colour(text, color):
    assert meant(text) == getattr(style, color)


@pytest.mark.parametrize("name", FIGURES)
def test_each_label_of_a_figure_has_the_colour_of_what_it_names(name):
    figure, _ = drawn(name)
    assert wrong((text.get_text(), mpl.colors.to_hex(text.get_color())) for text in texts(figure)) == []


def test_the_figures_name_something_of_every_colour():
    named = {meant(text.get_text()) for name in FIGURES for text in texts(drawn(name)[0])}
    assert {getattr(style, meaning) for meaning in [*MEANINGS, "INK"]} <= named


def test_the_derivatives_of_activation_functions_have_the_colour_of_their_name():
    figure, _ = drawn("activation_derivatives")
    function, derivative = figure.legends[0].get_lines()
    assert (function.get_color(), derivative.get_color()) == (style.FORWARD, style.INPUT_JACOBIAN)
    for ax in figure.axes:
        assert [line.get_color() for line in ax.lines[-2:]] == [style.FORWARD, style.INPUT_JACOBIAN]


def test_each_label_of_the_backprop_explorer_has_the_colour_of_what_it_names():
    picture = backprop_explorer(language="en").picture
    labels = [mark for mark in picture._marks if isinstance(mark, Label)]
    assert wrong((text, label.color) for label in labels for text in rows(label.texts).values) == []
    with style.lecture_style():
        drawn = [draw_step(step) for step in range(1, N_STEPS + 1)]
    assert wrong((text.get_text(), text.get_color()) for ax in drawn for text in ax.texts) == []
    arrows = {mark.name: mark.color for mark in picture._marks if isinstance(mark, Curve) and "arrow" in mark.name}
    for name, color in arrows.items():
        what = name.removeprefix("arrow ")
        assert color == (style.GRADIENT if "_" in what else style.INK if what[0] in "wy" else style.FORWARD), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notebook", NAMES)
def test_formulas_have_the_colours_of_the_figures(language, notebook):
    found = []
    for cell in read(language, notebook).cells:
        if cell.cell_type == "markdown":
            found += coloured(cell.source)
    assert {color for color, _ in found} <= {getattr(style, meaning) for meaning in MEANINGS}
    assert wrong((formula, color) for color, formula in found) == []


def test_the_colours_of_meaning_are_written_in_one_place():
    colors = "|".join(getattr(style, meaning) for meaning in [*MEANINGS, "INK"])
    files = [file for folder in ("lecture_utils", "tools") for file in sorted((ROOT / folder).rglob("*.py"))]
    where = {file.name for file in files if re.search(colors, file.read_text(encoding="utf-8"), re.IGNORECASE)}
    assert where == {"style.py"}
