"""Pictures show the numbers that they are given, and say what they show in the reader's language."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from lecture_utils import plots
from lecture_utils._words import set_language


@pytest.fixture
def ax():
    yield Figure().add_subplot()
    assert plt.get_fignums() == []


def surface(highest=1000.0):
    w1, w2 = np.linspace(-1, 3, 30), np.linspace(-2, 2, 20)
    return w1, w2, highest * (w2[:, None] ** 2 + w1**2) / 13


def test_the_loss_surface_has_contours_spaced_by_factor_up_to_the_highest_loss(ax):
    contours = plots.loss_surface(ax, *surface(), n_levels=10)
    assert len(contours.levels) == 10
    np.testing.assert_allclose(np.diff(np.log(contours.levels)), np.log(1.0001e4) / 9)
    assert contours.levels[-1] >= 1000
    assert (*ax.get_xlim(), *ax.get_ylim()) == (-1, 3, -2, 2)


@pytest.mark.parametrize("highest", [0.0, 1000.0])
def test_a_loss_of_exactly_zero_at_a_point_of_the_grid_is_drawn_without_a_warning(ax, highest):
    w = np.array([-1.0, 0.0, 1.0])
    plots.loss_surface(ax, w, w, highest * (w[:, None] ** 2 + w**2))


def test_the_axes_of_the_surface_are_named_in_the_readers_language(ax):
    plots.loss_surface(ax, *surface())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("weight w₁", "weight w₂")
    set_language("ru")
    plots.loss_surface(ax, *surface())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("вес w₁", "вес w₂")


def test_the_minimum_is_a_cross_at_its_place(ax):
    assert plots.minimum(ax, torch.tensor([2.0, 1.0])).get_xydata().tolist() == [[2, 1]]
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[2, 1]]] * 2


def test_the_path_goes_through_all_weights_with_a_dot_each(ax):
    weights = torch.tensor([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]])
    line = plots.path(ax, weights, color="#123456", label="mine")
    assert line.get_xydata().tolist() == weights.tolist()
    assert (line.get_marker(), line.get_markerfacecolor(), line.get_label()) == ("o", "#123456", "mine")
    assert to_rgba(line.get_color())[:3] == to_rgba("#123456")[:3]
    assert to_rgba(line.get_color())[3] < 0.6, "a dense zigzag is one patch in which no step can be told from another"


def test_the_loss_by_step_stands_on_a_logarithmic_axis_that_begins_at_step_zero(ax):
    line = plots.loss_by_step(ax, torch.tensor([980.0, 10.0, 0.1]))
    np.testing.assert_allclose(line.get_xydata(), [[0, 980], [1, 10], [2, 0.1]])
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")


def test_losses_stand_under_their_names_and_differ_by_more_than_colour(ax):
    curves = plots.losses_by_step(ax, {"one": [980.0, 1.0], "two": torch.tensor([980.0, 10.0, 0.1])}, threshold=0.001)
    np.testing.assert_allclose(curves[1].get_xydata(), [[0, 980], [1, 10], [2, 0.1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two", "threshold 0.001"]
    assert len({curve.get_color() for curve in curves}) == len({curve.get_marker() for curve in curves}) == 2
    assert {curve.get_linestyle() for curve in curves} == {"-"}, "dashes on a zigzag are read as noise"
    assert ax.get_yscale() == "log"
    assert ax.lines[-1].get_ydata() == [0.001, 0.001]


def test_losses_without_a_threshold_have_none(ax):
    plots.losses_by_step(ax, {"one": [980.0, 1.0]})
    assert len(ax.lines) == 1


def test_the_threshold_speaks_russian(ax):
    set_language("ru")
    plots.losses_by_step(ax, {"one": [980.0, 1.0]}, threshold=0.5)
    assert ax.get_legend().get_texts()[-1].get_text() == "порог 0.5"


@pytest.mark.parametrize(("index", "label"), [(1, "weight w₁"), (2, "weight w₂")])
def test_one_weight_of_several_paths_is_drawn_each_curve_thinner_than_the_one_below(ax, index, label):
    paths = {name: torch.arange(6.0).reshape(3, 2) + shift for name, shift in (("a", 0), ("b", 1), ("c", 2))}
    curves = plots.weight_by_step(ax, paths, index=index)
    assert [curve.get_label() for curve in curves] == ["a", "b", "c"]
    for curve, path in zip(curves, paths.values(), strict=True):
        assert curve.get_ydata().tolist() == path[:, index - 1].tolist()
    widths = [curve.get_linewidth() for curve in curves]
    assert widths == sorted(widths, reverse=True)
    assert min(widths) > 1
    assert len(set(widths)) == 3
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", label)
