"""Colours that mean different things look different to every kind of colour vision; CIEDE2000 says by how much."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from coloraide import Color

from lecture_utils._look import style
from lecture_utils.plots.classes import GROUP_COLORS

VISIONS = ["normal", "protan", "deutan", "tritan"]  # as Viénot (1999) and Brettel (1997) simulate them
MEANINGS = ["FORWARD", "GRADIENT", "OWN_JACOBIAN", "INPUT_JACOBIAN"]
TEXT = [*MEANINGS, "INK", "MUTED", "PATH", "LIMIT"]


def curves():
    with style.lecture_style():
        return [f"#{color.lstrip('#')}" for color in mpl.rcParams["axes.prop_cycle"].by_key()["color"]]


def difference(one, other, vision):
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
