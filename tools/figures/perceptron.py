"""The perceptron of notebook 01: its weights, and all the numbers of its forward and its backward pass."""

from typing import NamedTuple

import torch
from torch import Tensor


class Layer(NamedTuple):
    """The weights of one layer, shape (n, m), and its biases, shape (m,)."""

    W: Tensor
    b: Tensor


class ForwardPass(NamedTuple):
    """All the numbers of one forward pass: each layer's values before the activation (z) and after it (a)."""

    x: Tensor
    z1: Tensor
    a1: Tensor
    z2: Tensor
    a2: Tensor
    prediction: Tensor
    error: Tensor


class LayerGradients(NamedTuple):
    """What the backward pass computes in one layer: g = ∂E/∂a arrives, φ′ is the gate, the rest is ∂E/∂ of each."""

    g: Tensor
    gate: Tensor
    z: Tensor
    W: Tensor
    b: Tensor


#: The perceptron of notebook 01: two inputs, hidden layers of three and of two neurons, one output.
LAYERS = (
    Layer(torch.tensor([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]]), torch.tensor([0.0, 0.0, 0.5])),
    Layer(torch.tensor([[1.0, -0.5], [-0.5, 1.0], [2.0, 1.0]]), torch.tensor([0.5, 0.5])),
    Layer(torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0])),
)
#: The example that notebook 01 sends through it, and its target.
X, Y = torch.tensor([1.0, 2.0]), torch.tensor([3.0])


def forward_pass(x: Tensor, y: Tensor) -> ForwardPass:
    """Run the perceptron of notebook 01 on one example, shape (2,), with its target, shape (1,)."""
    (W1, b1), (W2, b2), (W3, b3) = LAYERS
    z1 = x @ W1 + b1
    a1 = torch.relu(z1)
    z2 = a1 @ W2 + b2
    a2 = torch.relu(z2)
    prediction = a2 @ W3 + b3
    return ForwardPass(x, z1, a1, z2, a2, prediction, (prediction - y) ** 2)


def backward_pass(x: Tensor, y: Tensor) -> list[LayerGradients]:
    """Go back through the perceptron by the formulas of notebook 03; return the gradients, layer by layer."""
    numbers = forward_pass(x, y)
    g = 2 * (numbers.prediction - y)
    inputs, before = (x, numbers.a1, numbers.a2), (numbers.z1, numbers.z2, None)
    passed = []
    for layer, taken, z in zip(reversed(LAYERS), reversed(inputs), reversed(before), strict=True):
        gate = torch.ones_like(g) if z is None else (z > 0).to(g.dtype)  # no activation after the last layer
        into = g * gate
        passed.append(LayerGradients(g=g, gate=gate, z=into, W=torch.outer(taken, into), b=into))
        g = into @ layer.W.T
    return passed[::-1]
