"""Pictures show the numbers that they are given, and say what they show in the reader's language."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
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


def texts(ax):
    return [text.get_text() for text in ax.texts]


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
    assert (line.get_marker(), line.get_color(), line.get_label()) == ("o", "#123456", "mine")


def test_the_loss_by_step_stands_on_a_logarithmic_axis_that_begins_at_step_zero(ax):
    line = plots.loss_by_step(ax, torch.tensor([980.0, 10.0, 0.1]))
    np.testing.assert_allclose(line.get_xydata(), [[0, 980], [1, 10], [2, 0.1]])
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")


def test_powers_of_ten_are_written_with_superscripts(ax):
    plots.loss_by_step(ax, [1e-3, 1e12])
    label = ax.yaxis.get_major_formatter()
    assert [label(value) for value in (1e-3, 1, 1e12)] == ["10⁻³", "10⁰", "10¹²"]


def scale(ax, marked):
    return plots.learning_rate_scale(ax, lowest=0.01, highest=1, smooth_until=0.25, limit=0.5, marked=marked)


def test_the_scale_of_learning_rates_marks_the_limit_and_the_zones(ax):
    line = scale(ax, marked=0.1)
    assert list(line.get_xdata()) == [0.5, 0.5]
    assert (ax.get_xscale(), ax.get_xlim()) == ("log", (0.01, 1))
    edges = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches]
    np.testing.assert_allclose(edges, [(0.01, 0.25), (0.25, 0.5), (0.5, 1)])
    assert texts(ax) == ["smooth", "jumps", "limit 0.5", "▲ as given: 0.1"]


def test_the_scale_speaks_russian(ax):
    set_language("ru")
    scale(ax, marked=0.1)
    assert texts(ax) == ["плавно", "скачки", "предел 0.5", "▲ из условия: 0.1"]
    assert ax.get_xlabel() == "скорость обучения γ"


def test_the_given_rate_stands_at_its_place_on_the_scale_or_not_at_all(ax):
    scale(ax, marked=0.1)
    assert [list(line.get_xdata()) for line in ax.lines][1:] == [[0.1]]
    outside = Figure().add_subplot()
    scale(outside, marked=2.0)
    assert len(outside.lines) == 1
    assert texts(outside) == ["smooth", "jumps", "limit 0.5"]
