"""What follows a point that the reader puts somewhere: the numbers, where they stand, and how they are said."""

import math

import numpy as np
import pytest

from lecture_utils._live import Caption, Curve, Form, Label, LivePicture, Motion, Number, Rows
from lecture_utils._live.arrows import arrowhead, at_border
from lecture_utils._live.motion import number
from lecture_utils._look.style import lecture_style, new_figure

TURN = np.array([[0.6, 0.8], [-0.8, 0.6]])


@pytest.fixture
def motion():
    factors = np.array([[[1, 1], [0.5, -0.5], [0.25, 0.25]], [[1, 1], [2, 1], [4, 1]]], dtype=np.float32)
    place = {"low": (-1.0, -1.0), "high": (3.0, 3.0), "origin": (1.0, 1.0)}
    return Motion(point="start", directions=TURN, factors=factors, by=("speed",), **place)


@pytest.fixture
def picture(motion):
    with lecture_style():
        figure = new_figure(4, 3)
        ax = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    ax.set(xlim=(-1, 3), ylim=(-1, 3))
    x, y = (Form(motion=motion, weights=TURN[:, axis], constant=1.0) for axis in (0, 1))
    until = Rows([1, 2, 3], by=("step",))
    said = Number(form=x, at=Rows([0, 1, 2], by=("step",)), digits=3, floor=1e-9)
    words = Caption("x = {x}", {"x": said})
    return LivePicture(
        {"speed": 2, "step": 3},
        backgrounds=figure,
        marks=[
            Curve(name="path", axes=ax, x=x, y=y, until=until, leaves=True),
            Curve(name="end", axes=ax, x=x, y=y, until=until, last=2),
            Curve(name="way", axes=ax, x=x, y=y, until=until, beyond="ray", widths={"arrow": 12}),
            Label(name="text", axes=ax, x=x, y=y, until=until, texts=words, beyond="edge", halo=True),
        ],
        caption=words,
        placed={"start": (0.0, 0.0)},
    )


def test_a_point_put_anywhere_moves_on_by_its_factors_along_each_direction(motion):
    start = np.array([2.5, 0.0])
    x, y = (Form(motion=motion, weights=TURN[:, axis], constant=1.0).values(start, 0) for axis in (0, 1))
    deviation = TURN @ (start - 1)
    expected = [1 + TURN.T @ (factors * deviation) for factors in motion.factors[0]]
    np.testing.assert_allclose(np.column_stack([x, y]), expected, atol=1e-12)


def test_a_quadratic_form_adds_up_squares(motion):
    deviation = TURN @ (np.array([2.5, 0.0]) - 1)
    values = Form(motion=motion, weights=(3, 5), constant=7.0, power=2).values((2.5, 0.0), 1)
    expected = [7 + 3 * (a * deviation[0]) ** 2 + 5 * (b * deviation[1]) ** 2 for a, b in motion.factors[1]]
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_a_point_cannot_be_put_outside_its_box(motion):
    assert motion.placed((100.0, -100.0)) == [3.0, -1.0]


def test_the_picture_follows_the_point_and_its_words_do(picture):
    picture.step, before = 2, picture.points("path")
    assert len(picture.points("path")) == 3
    picture.start = (2.0, 2.0)
    assert not np.allclose(picture.points("path")[0], before[0])
    np.testing.assert_allclose(picture.points("path")[0], [0.75, 0.75])
    picture.step = 0
    assert picture.caption == "x = 2.00"
    picture.start = (0.0, 2.0)
    assert picture.caption == "x = 0"


def test_a_curve_ends_where_it_leaves_and_an_arrow_and_its_words_stand_at_the_border(picture):
    picture.speed, picture.step, picture.start = 1, 2, (2.8, 2.8)
    path = picture.points("path")
    assert len(path) == 2
    assert len(picture.points("end")) == 2
    place, way = at_border(picture.points("way"), "ray")
    assert place.max() == pytest.approx(1)
    assert way.max() == 1
    assert picture.static_png() != picture.static_png(step=0)


@pytest.mark.parametrize(
    ("points", "how", "place", "way"),
    [
        ([(0.5, 0.5), (0.9, 0.1)], "ray", (0.9, 0.1), None),
        ([(0.5, 0.5), (0.5, 3.0)], "ray", (0.5, 1.0), (0, 1)),
        ([(0.2, 0.4), (-0.8, 0.4)], "ray", (0.0, 0.4), (-1, 0)),
        ([(0.2, 0.4), (1.8, 1.2)], "edge", (1.0, 1.0), (1, 0.25)),
        ([(0.0, 0.4), (-1e-9, 0.4)], "ray", (-1e-9, 0.4), None),
        ([(0.5, 0.5), (5e149, -1e150)], "ray", (0.75, 0.0), (0.5, -1)),
    ],
)
def test_what_is_outside_is_shown_at_the_border(points, how, place, way):
    found, beyond = at_border(np.array(points), how)
    np.testing.assert_allclose(found, place, atol=1e-12)
    assert (beyond is None) == (way is None)
    if way:
        np.testing.assert_allclose(beyond, way, atol=1e-12)


def test_an_arrow_has_its_tip_in_the_middle():
    np.testing.assert_allclose(arrowhead(np.array([5, 5]), np.array([2, 0]), length=4), [(1, 7), (5, 5), (1, 3)])


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0, 4, "0"),
        (0.169, 4, "0.1690"),
        (-12.345, 4, "−12.35"),
        (1234.5, 4, "1235"),  # halves up, as JavaScript rounds them
        (9999.6, 4, "1.000·10⁴"),
        (0.00012345, 3, "1.23·10⁻⁴"),
        (3.5123e23, 2, "3.5·10²³"),
        (1e39, 4, "∞"),
        (-1e39, 4, "−∞"),
        (math.nan, 4, "∞"),
    ],
)
def test_numbers_are_said_with_so_many_digits(value, digits, said):
    assert number(value, digits) == said


@pytest.mark.parametrize("place", [(math.nan, 0.0), (1.0,), ("a", "b"), (0.0, math.inf)])
def test_a_place_that_is_no_two_numbers_is_refused(picture, place):
    with pytest.raises(Exception, match="start"):
        picture.start = place
    assert picture.start == [0.0, 0.0]
