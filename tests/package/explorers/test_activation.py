"""The activation explorer shows each function with the value and the slope that autograd gives."""

import numpy as np
import pytest
import torch
from torch.func import grad, vmap

from lecture_utils.activations import ACTIVATIONS
from lecture_utils.explorers import activation_explorer
from lecture_utils.explorers.activation import saturated
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
    assert number(text(activation, "slope text")) == pytest.approx(activation.slope, abs=6e-4)
    assert number(text(activation, "value text")) == pytest.approx(activation.value, abs=6e-4)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [5, 40, 62])
def test_the_tangent_goes_through_the_point_with_the_slope_of_the_function(activation, function, point):
    choose(activation, function=function, point=point)
    tangent, dot = activation.picture.points("tangent"), activation.picture.points("value")[0]
    np.testing.assert_allclose(tangent.mean(axis=0), dot, atol=1e-4)
    (left, bottom), (right, top) = tangent
    assert (top - bottom) * 6.6 / ((right - left) * 10) == pytest.approx(activation.slope, abs=2e-3)
    assert np.hypot((top - bottom) * 6.6, (right - left) * 10) == pytest.approx(3.2, abs=2e-3)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
def test_the_two_dots_never_leave_the_picture(activation, function):
    for point in range(101):
        choose(activation, function=function, point=point)
        for mark in ("value", "slope"):
            assert ((activation.picture.points(mark) >= 0) & (activation.picture.points(mark) <= 1)).all()


def test_saturation_is_marked_where_the_slope_stays_small_to_the_end():
    slopes = np.array([0.01, -0.02, 0.06, 0.0, 0.3, 0.04, 0.06, 0.0])
    assert saturated(slopes).tolist() == [True, True, False, False, False, False, False, True]


def test_the_sigmoid_is_saturated_on_both_sides_relu_on_one_and_leaky_relu_on_none(activation):
    for function, sides in (("sigmoid", (True, True)), ("ReLU", (True, False)), ("leaky ReLU", (False, False))):
        choose(activation, function=list(ACTIVATIONS).index(function))
        for mark in ("saturated function", "saturated derivative"):
            marked = np.isfinite(activation.picture.points(mark)).all(axis=1)
            assert (marked[0], marked[-1]) == sides
        choose(activation, point=0)
        assert ("Saturation" in activation.picture.caption) == sides[0]


def test_any_function_can_be_the_first():
    assert activation_explorer(function="GELU").function == "GELU"
    assert activation_explorer().point == 1.0
