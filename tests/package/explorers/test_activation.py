"""The activation explorer shows each function with the value and the slope that autograd gives."""

import numpy as np
import pytest
import torch
from torch.func import grad, vmap

from lecture_utils.activations import ACTIVATIONS
from lecture_utils.explorers import activation_explorer
from lecture_utils.explorers._activation_marks import saturated
from tests.controls import choose
from tests.package.explorers.real import number, opened, text


@pytest.fixture
def activation():
    return opened("activation")


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [0, 13, 50, 51, 77, 100])
def test_the_activation_explorer_shows_value_and_slope_of_autograd(activation, function, point):
    choose(activation, function=function, point=point)
    name, x = list(ACTIVATIONS)[function], point / 10 - 5
    assert (activation.function, activation.point) == (name, pytest.approx(x))
    at = torch.tensor([x], dtype=torch.float64)
    slope = vmap(grad(ACTIVATIONS[name].function))(at).item()
    assert activation.value == pytest.approx(ACTIVATIONS[name].function(at).item(), abs=1e-12)
    if x != 0:  # where ReLU and its kin have none
        assert activation.slope == pytest.approx(slope, abs=1e-9)
    assert number(text(activation, f"slope text {function}")) == pytest.approx(activation.slope, abs=6e-4)
    assert number(text(activation, f"value text {function}")) == pytest.approx(activation.value, abs=6e-4)


SIZE = np.array([9.6, 4.2])  # of the picture, in inches


def points(explorer, name):
    """Return the points of a curve of the chosen function, in the units of its axes, and its axes."""
    name = f"{name} {explorer.picture.function}"
    (mark,) = (mark for mark in explorer.picture._marks if mark.name == name)
    low, high = np.transpose([mark.axes.get_xlim(), mark.axes.get_ylim()])
    return low + explorer.picture.points(name) * (high - low), mark.axes


def inches(axes):
    """Return how long the unit of each of two axes is on the picture."""
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    return axes.get_position().size * SIZE / (high - low)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [5, 40, 62, 97])
def test_the_tangent_goes_through_the_point_with_the_slope_of_the_function(activation, function, point):
    choose(activation, function=function, point=point)
    (tangent, axes), (dot, _) = points(activation, "tangent"), points(activation, "value")
    np.testing.assert_allclose(tangent.mean(axis=0), dot[0], atol=2e-3)
    across, up = tangent[1] - tangent[0]
    assert up / across == pytest.approx(activation.slope, abs=2e-3)
    assert np.hypot(*(np.array([across, up]) * inches(axes))) == pytest.approx(2.5, abs=1e-2)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [0, 40, 62, 100])
def test_the_slope_triangle_is_one_across_and_as_high_as_the_derivative_on_the_right(activation, function, point):
    choose(activation, function=function, point=point)
    (base, left), (rise, _), (height, right) = (points(activation, name) for name in ("base", "rise", "height"))
    across = base[1, 0] - base[0, 0]
    assert abs(across) == pytest.approx(1, abs=2e-3)
    np.testing.assert_allclose(base[0], points(activation, "value")[0][0], atol=2e-3)
    np.testing.assert_allclose(rise[0], base[1], atol=2e-3)
    assert (rise[1, 1] - rise[0, 1]) / across == pytest.approx(activation.slope, abs=2e-3)
    np.testing.assert_allclose(height, [[activation.point, 0], [activation.point, activation.slope]], atol=2e-3)
    assert -5.001 < rise[0, 0] < 5.001, "the triangle stays on the plot"
    guide, _ = points(activation, "guide")
    for end, (line, axes) in zip(guide, ((rise, left), (height, right)), strict=True):
        low = np.transpose([axes.get_xlim(), axes.get_ylim()])[0]
        middle = axes.get_position().min * SIZE + (line.mean(axis=0) - low) * inches(axes)
        np.testing.assert_allclose(end, middle, atol=5e-3)


def test_what_is_bounded_fills_its_plot_and_both_plots_have_one_scale(activation):
    for function, name in enumerate(ACTIVATIONS):
        choose(activation, function=function)
        curve, left = points(activation, "function")
        _, right = points(activation, "derivative")
        assert np.ptp(curve[:, 1]) > 0.7 * np.ptp(left.get_ylim()), f"{name} is squashed"
        if name in ("sigmoid", "tanh"):
            np.testing.assert_allclose(inches(left), inches(right))


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
def test_the_two_dots_never_leave_the_picture_and_no_axis_crosses_the_numbers(activation, function):
    for point in range(101):
        choose(activation, function=function, point=point)
        for mark in ("value", "slope"):
            at = activation.picture.points(f"{mark} {function}")
            assert ((at >= 0) & (at <= 1)).all()
            (said,) = activation.picture.points(f"{mark} text {function}")
            assert said[1] > activation.picture._backgrounds.values[function].axes[0].get_position().y1 + 0.01


def test_a_jump_is_no_line(activation):
    for name, jumps in (("ReLU", True), ("leaky ReLU", True), ("ELU", False)):
        choose(activation, function=list(ACTIVATIONS).index(name))
        curve, _ = points(activation, "derivative")
        assert np.isnan(curve).any() == jumps
        assert np.nanmax(np.abs(np.diff(curve[:, 1]))) < 0.5


def test_saturation_is_marked_where_the_slope_stays_small_to_the_end():
    slopes = np.array([0.01, -0.02, 0.06, 0.0, 0.3, 0.04, 0.06, 0.0])
    assert saturated(slopes).tolist() == [True, True, False, False, False, False, False, True]


def test_the_sigmoid_is_saturated_on_both_sides_relu_on_one_and_leaky_relu_on_none(activation):
    for function, sides in (("sigmoid", (True, True)), ("ReLU", (True, False)), ("leaky ReLU", (False, False))):
        choose(activation, function=list(ACTIVATIONS).index(function))
        for mark in ("saturated function", "saturated derivative"):
            marked = np.isfinite(points(activation, mark)[0]).all(axis=1)
            assert (marked[0], marked[-1]) == sides
        choose(activation, point=0)
        assert ("Saturation" in activation.picture.caption) == sides[0]


def test_any_function_can_be_the_first():
    assert activation_explorer(function="GELU").function == "GELU"
    assert activation_explorer().point == 1.0
