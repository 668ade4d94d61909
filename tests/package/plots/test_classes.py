"""Pictures of classes, of training by epoch and of rugged landscapes show the numbers that they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from lecture_utils import plots
from lecture_utils.datasets import two_moons
from lecture_utils.plots.classes import GROUP_COLORS

FEW = two_moons(n_train=60, noise=0.35, seed=4)


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_each_class_has_a_colour_and_a_shape_of_its_own(ax):
    points = plots.classes(ax, FEW.X, FEW.y.unsqueeze(1))
    for index, drawn in enumerate(points):
        np.testing.assert_allclose(drawn.get_offsets(), FEW.X[FEW.y == index])
    assert len({tuple(drawn.get_facecolor()[0]) for drawn in points}) == 2
    assert len({len(drawn.get_paths()[0].vertices) for drawn in points}) == 2


def test_the_probability_is_drawn_with_a_line_at_a_half(ax):
    x = np.linspace(-1, 1, 21)
    plots.probability(ax, x, x, np.tile((x + 1) / 2, (21, 1)))
    (line,) = ax.collections[-1].get_paths()
    np.testing.assert_allclose(line.vertices[:, 0], 0, atol=1e-9)


def test_both_losses_by_epoch_differ_in_colour_and_in_stroke_and_the_best_epoch_is_marked(ax):
    training, held_out = plots.losses_by_epoch(ax, [0, 10, 20], [0.7, 0.3, 0.1], [0.7, 0.4, 0.6], best=10)
    np.testing.assert_allclose(held_out.get_xydata(), [[0, 0.7], [10, 0.4], [20, 0.6]])
    assert training.get_color() != held_out.get_color()
    assert training.get_linestyle() != held_out.get_linestyle()
    assert list(ax.lines[-1].get_xdata()) == [10, 10]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert [text.get_text() for text in ax.get_legend().texts] == ["training part", "held-out part"]


def test_the_landscape_has_shades_of_equal_area_or_smaller_towards_the_bottom(ax):
    x = np.linspace(-1, 1, 50)
    contours = plots.landscape(ax, x, x, x[:, None] ** 2 + x**2)
    assert contours.levels[0] == pytest.approx((x[:, None] ** 2 + x**2).min())
    assert contours.levels[-1] == pytest.approx(2)


def test_paths_are_drawn_in_the_colour_of_their_group_with_its_number(ax):
    paths = [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 2], [3, 3]]]
    lines = plots.descents(ax, paths, [0, 0, 1])
    assert [line.get_color() for line in lines] == [GROUP_COLORS[group] for group in (0, 0, 1)]
    assert [text.get_text() for text in ax.texts] == ["1", "1", "2"]


def test_fits_are_numbered_lines_of_different_strokes_through_the_targets(ax):
    lines = plots.fits(ax, [0, 1, 2], [1, 0, 0], [[0.9, 0.1, 0.0], [0.5, 0.5, 0.0], [0.5, 0.5, 3.0]])
    assert [line.get_linestyle() for line in lines] == ["-", "--", "-."]
    assert ax.get_legend() is None
    told = [(text.get_text(), text.xy, text.get_color()) for text in ax.texts]
    assert told == [
        ("1", (1, 0.1), GROUP_COLORS[0]),
        ("2", (1, 0.5), GROUP_COLORS[1]),
        ("3", (2, 3.0), GROUP_COLORS[2]),
    ]
