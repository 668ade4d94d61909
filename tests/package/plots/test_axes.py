"""The axes on which explorers draw say what stands on them in the reader's language."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from lecture_utils import plots
from lecture_utils._words import set_language
from lecture_utils.plots._axes import learning_rate_scale


@pytest.fixture
def ax():
    return Figure().add_subplot()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_powers_of_ten_are_written_with_superscripts(ax):
    plots.loss_by_step(ax, [1e-3, 1e12])
    label = ax.yaxis.get_major_formatter()
    assert [label(value) for value in (1e-3, 1, 1e12)] == ["10⁻³", "10⁰", "10¹²"]


def scale(ax, marked):
    learning_rate_scale(ax, highest=1, smooth_until=0.25, limit=0.5, given=marked)


def test_the_scale_of_learning_rates_marks_the_limit_and_the_zones(ax):
    scale(ax, marked=0.1)
    assert list(ax.lines[0].get_xdata()) == [0.5, 0.5]
    assert (ax.get_xscale(), ax.get_xlim()) == ("linear", (0, 1))
    edges = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches]
    np.testing.assert_allclose(edges, [(0, 0.25), (0.25, 0.5), (0.5, 1)])
    assert texts(ax) == ["smooth", "jumps", "diverges", "limit 0.5", "▲ as given: 0.1"]


def test_the_scale_speaks_russian(ax):
    set_language("ru")
    scale(ax, marked=0.1)
    assert texts(ax) == ["плавно", "скачки", "расходится", "граница 0.5", "▲ из условия: 0.1"]
    assert ax.get_xlabel() == "скорость обучения γ"


def test_the_given_rate_stands_at_its_place_on_the_scale_or_not_at_all(ax):
    scale(ax, marked=0.1)
    assert [list(line.get_xdata()) for line in ax.lines][1:] == [[0.1]]
    outside = Figure().add_subplot()
    scale(outside, marked=2.0)
    assert len(outside.lines) == 1
    assert texts(outside) == ["smooth", "jumps", "diverges", "limit 0.5"]
