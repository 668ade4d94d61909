"""A live picture shows, for every choice, the very numbers that it was given, where matplotlib would draw them."""

import re

import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure

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
        "words": Caption(
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
    assert live.words == "Line A ends 10: A10."
    live.line, live.ending = 1, 2
    assert live.words == "Line B ends 30: B30."


def test_each_choice_has_its_background(figure):
    with lecture_style():
        other = new_figure(4, 3)
    live = picture(figure, backgrounds=Rows([figure, other], by=("line",)))
    images = live.scene["backgrounds"]["images"]
    assert all("<svg" in image for image in images)
    assert images[0] != images[1]
    assert live.row(Rows([figure, other], by=("line",))) is figure
    live.line = 1
    assert live.row(Rows([figure, other], by=("line",))) is other


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


WRONG_PICTURES = {
    "a curve with too few rows": (
        lambda f: picture(f, curve(f, y=Rows([[1, 2, 3]], by=("line",)))),
        "curve: y must have 2 rows for the choices ['line'], but it has 1",
    ),
    "a label with too many texts": (
        lambda f: picture(f, label(f, texts=Rows(["a"] * 4, by=("ending",)))),
        "label: texts must have 3 rows for the choices ['ending'], but it has 4",
    ),
    "words with too few rows": (
        lambda f: picture(f, words=Caption(template="{a}", fields={"a": Rows(["x"], by=("line",))})),
        "a must have 2 rows for the choices ['line'], but it has 1",
    ),
    "too many backgrounds": (
        lambda f: picture(f, backgrounds=Rows([f, f])),
        "backgrounds must have 1 rows for the choices [], but it has 2",
    ),
    "coordinates by an unknown choice": (
        lambda f: picture(f, curve(f, x=Rows([[1, 2, 3]], by=("speed",)))),
        "curve: x depends on ['speed'], which are none of the choices ['line', 'ending']",
    ),
    "until by an unknown choice": (
        lambda f: picture(f, curve(f, until=Rows([3], by=("speed",)))),
        "curve: until depends on ['speed'], which are none of the choices ['line', 'ending']",
    ),
    "a choice named like a trait of widgets": (lambda f: picture(f, choices={"layout": 2}), "['layout']"),
    "a choice named like a method of pictures": (lambda f: picture(f, choices={"shown": 2}), "['shown']"),
    "a background whose layout engine would move its axes": (
        lambda f: picture(f, backgrounds=Figure(layout="tight")),
        "layout='none'",
    ),
    "when by an unknown choice": (lambda f: picture(f, curve(f, when={"speed": 1})), "speed"),
    "when a choice has a value that it cannot have": (lambda f: picture(f, curve(f, when={"line": 2})), "line"),
    "a choice with no value": (lambda f: picture(f, choices={"line": 2, "ending": 3, "speed": 0}), "speed"),
    "an unknown choice that is chosen": (lambda f: picture(f, chosen={"speed": 1}), "speed"),
    "more xs than ys": (lambda f: picture(f, curve(f, y=[1, 2])), "curve"),
    "until past the last point": (lambda f: picture(f, curve(f, until=4)), "until"),
    "two marks of one name": (lambda f: picture(f, curve(f), curve(f)), "curve"),
    "words with a field that is not there": (lambda f: picture(f, words=Caption(template="{a}", fields={})), "words"),
    "backgrounds of two sizes": (
        lambda f: picture(f, backgrounds=Rows([f, new_figure(5, 3)], by=("line",))),
        "backgrounds",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_PICTURES)
def test_a_picture_that_does_not_fit_together_is_refused_by_name(figure, wrong):
    make, message = WRONG_PICTURES[wrong]
    with pytest.raises(ValueError, match=re.escape(message)):
        make(figure)


def test_a_first_choice_out_of_range_is_refused(figure):
    with pytest.raises(ValueError, match=re.escape("chosen['ending'] must be at most 2, but it is 3")):
        picture(figure, chosen={"ending": 3})


def test_a_picture_without_marks_is_just_its_background_and_its_words(figure):
    live = picture(figure, marks=())
    assert live.static_png().startswith(b"\x89PNG")
    assert live.words == "Line A ends 10: A10."


def test_asking_for_a_mark_that_is_not_there_names_it(figure):
    with pytest.raises(ValueError, match="path"):
        picture(figure).points("path")
