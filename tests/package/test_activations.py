"""The formulas of the activation functions and their derivatives."""

import pytest
import torch
from torch.func import jacrev

from lecture_utils.activations import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_of_an_activation_is_that_of_autograd(name):
    points = torch.linspace(-8, 8, 400, dtype=torch.float64)  # zero, where some have none, is not among them
    activation = ACTIVATIONS[name]
    expected = torch.diagonal(jacrev(activation.function)(points))
    torch.testing.assert_close(activation.derivative(points), expected, rtol=1e-6, atol=1e-8)
