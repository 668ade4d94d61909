"""A live picture shows, for every choice, the very numbers that it was given, where matplotlib would draw them."""

import re

import numpy as np
import pytest
import traitlets

from lecture_utils._live import Caption, Curve, Label, LivePicture, Rows
from lecture_utils._look.style import lecture_style, new_figure

NAN = float("nan")
LINES = [[(0.0, 1.0), (2.0, 10.0), (5.0, 700.0)], [(1.0, 0.5), (3.0, 0.02), (10.0, 0.01)]]


@pytest.fixture(scope="module")
def figure():
    with lecture_style():
        figure = new_figure(4, 3)
        ax = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    ax.set(xlim=(0, 10), ylim=(1e-2, 1e3), yscale="log")
    return figure


def curve(figure, rows=LINES, **changes):
    """Return a curve of one row of points for each value of `line`."""
    x, y = np.transpose(np.asarray(rows, dtype=float), (2, 0, 1))
    parts = {"name": "curve", "x": Rows(x, by=("line",)), "y": Rows(y, by=("line",))} | changes
    return Curve(axes=figure.axes[0], **parts)


def label(figure, **changes):
    parts = {
        "name": "label",
        "x": 4.0,
        "y": Rows([10.0, 100.0], by=("line",)),
        "texts": Rows(["one", "two", "three"], by=("ending",)),
    }
    return Label(axes=figure.axes[0], **(parts | changes))


def picture(figure, *marks, **changes):
    parts = {
        "choices": {"line": 2, "ending": 3},
        "backgrounds": figure,
        "caption": Caption(
            template="Line {line} ends {ending}: {both}.",
            fields={
                "line": Rows(["A", "B"], by=("line",)),
                "ending": Rows([10, 20, 30], by=("ending",)),
                "both": Rows(["A10", "A20", "A30", "B10", "B20", "B30"], by=("line", "ending")),
            },
        ),
    }
    return LivePicture(**({"marks": marks or (curve(figure),)} | parts | changes))


def pixels(live, name, figure):
    """Return where the points that are shown stand on the figure, in pixels."""
    return figure.axes[0].transAxes.transform(live.points(name))


@pytest.mark.parametrize("line", [0, 1])
def test_points_stand_where_matplotlib_would_draw_them_on_linear_and_logarithmic_axes(figure, line):
    live = picture(figure, chosen={"line": line})
    expected = figure.axes[0].transData.transform(LINES[line])
    np.testing.assert_allclose(pixels(live, "curve", figure), expected, rtol=0, atol=0.05)


def test_a_point_a_little_off_the_axes_keeps_its_place_so_that_lines_to_it_are_true(figure):
    rows = [[(-5.0, 1e-4), (15.0, 1e6)]] * 2
    expected = figure.axes[0].transData.transform(rows[0])
    live = picture(figure, curve(figure, rows))
    np.testing.assert_allclose(pixels(live, "curve", figure), expected, rtol=0, atol=0.05)


@pytest.mark.parametrize("far", [1e30, 1e300])
def test_points_far_off_the_axes_and_zeros_on_a_logarithmic_axis_stay_off_it(figure, far):
    shown = picture(figure, curve(figure, [[(-far, 0.0), (far, far)]] * 2)).points("curve")
    assert shown.tolist() == [[-1, -1], [2, 2]]


@pytest.mark.parametrize("gap", [NAN, float("inf"), -float("inf")])
def test_a_point_that_is_no_number_is_a_gap(figure, gap):
    shown = picture(figure, curve(figure, [[(0.0, 1.0), (gap, 1.0), (3.0, gap), (10.0, 1.0)]] * 2)).points("curve")
    assert np.isfinite(shown).all(axis=1).tolist() == [True, False, False, True]
    np.testing.assert_allclose(shown[[0, 3], 0], [0, 1], atol=1e-4)


def test_as_many_points_are_drawn_as_until_says(figure):
    live = picture(figure, curve(figure, until=Rows([0, 1, 3], by=("ending",))))
    for live.ending, count in enumerate([0, 1, 3]):
        assert len(live.points("curve")) == count


def test_a_mark_is_drawn_only_when_its_choice_is_made(figure):
    live = picture(figure, curve(figure, when={"line": 1}))
    assert live.points("curve").shape == (0, 2)
    live.line = 1
    assert len(live.points("curve")) == 3


def test_of_two_choices_the_last_runs_fastest(figure):
    heights = Rows([1, 10, 100, 2, 20, 200], by=("line", "ending"))
    live = picture(figure, label(figure, y=heights), chosen={"line": 1, "ending": 2})
    expected = figure.axes[0].transData.transform([(4, 200)])
    np.testing.assert_allclose(pixels(live, "label", figure), expected, rtol=0, atol=0.05)


def test_a_label_moves_and_changes_its_text(figure):
    live = picture(figure, label(figure))
    (mark,) = live.scene["marks"]
    assert mark["texts"] == {"by": ("ending",), "rows": ["one", "two", "three"]}
    low = live.points("label")
    live.line = 1
    assert live.points("label")[0, 1] > low[0, 1]


def test_the_words_follow_the_choices(figure):
    live = picture(figure)
    assert live.caption == "Line A ends 10: A10."
    live.line, live.ending = 1, 2
    assert live.caption == "Line B ends 30: B30."


def test_each_choice_has_its_background(figure):
    with lecture_style():
        other = new_figure(4, 3)
    live = picture(figure, backgrounds=Rows([figure, other], by=("line",)))
    images = live.scene["backgrounds"]["images"]
    assert all("<svg" in image for image in images)
    assert images[0] != images[1]
    assert [image for image in images if re.search(r"(?<!scale\()\b\d+\.\d{3}|metadata|\n", image)] == [], (
        "needless bytes"
    )
    first = live.static_png()
    live.line = 1
    assert live.static_png() != first


def test_the_browser_gets_the_same_bytes_each_time(figure):
    first, second = picture(figure, curve(figure), label(figure)), picture(figure, curve(figure), label(figure))
    assert first.scene == second.scene
    assert first.table == second.table


def test_the_static_picture_is_the_same_bytes_each_time_and_leaves_nothing_behind(figure):
    live = picture(figure, curve(figure, widths={"line": 2, "dots": 4, "head": 9}), label(figure))
    before = figure.findobj()
    png = live.static_png()
    assert png.startswith(b"\x89PNG")
    assert live.static_png() == png
    assert figure.findobj() == before


def test_the_static_picture_follows_the_choices(figure):
    live = picture(figure, curve(figure, when={"line": 0}), label(figure))
    pngs = set()
    for live.line, live.ending in ((0, 0), (0, 1), (1, 1)):
        pngs.add(live.static_png())
    assert len(pngs) == 3


@pytest.mark.parametrize("value", [-1, 2])
def test_a_choice_out_of_range_is_refused_and_the_old_one_kept(figure, value):
    live = picture(figure)
    with pytest.raises(traitlets.TraitError, match=f"line must be from 0 to 1, but it is {value}"):
        live.line = value
    assert live.line == 0


@pytest.mark.parametrize("value", [0.5, "1", None])
def test_a_choice_that_is_no_whole_number_is_refused(figure, value):
    with pytest.raises(traitlets.TraitError, match="line"):
        picture(figure).line = value


def test_one_row_too_few_is_never_another_choices_picture(figure):
    with pytest.raises(AssertionError, match=r"1 rows by \('line',\), of which there are 2"):
        picture(figure, curve(figure, y=Rows([[1, 2, 3]], by=("line",))))


def test_a_picture_without_marks_is_just_its_background_and_its_words(figure):
    live = picture(figure, marks=())
    assert live.static_png().startswith(b"\x89PNG")
    assert live.caption == "Line A ends 10: A10."
