"""The hand-written layers of notebook 03: each knows how to go forward and how to pass a gradient back.

A layer needs nothing but what is near: what came in, its own weights, and the gradient of the error by its output.
No autograd here; a layer keeps the gradient by its weights itself, and each backward pass overwrites it.
"""

from typing import Protocol

import torch
from torch import Tensor

from lecture_utils._require import brief, require_floating


class Layer(Protocol):
    """What all layers of a chain can do."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer, and keep what `backward` will need."""

    def backward(self, gradient: Tensor) -> Tensor:
        """Take the gradient of the error by the output; return that by the input."""


class Linear:
    """A linear layer without bias, a = x·W.

    Parameters
    ----------
    weight : Tensor, floating, shape (n_inputs, n_outputs)
        The weights W at the start; the layer keeps a copy.

    Attributes
    ----------
    weight_gradient : Tensor or None, shape (n_inputs, n_outputs)
        The gradient of the error by W after the last backward pass.
    """

    x: Tensor | None = None
    weight_gradient: Tensor | None = None

    def __init__(self, weight: Tensor) -> None:
        require_floating(weight, "weight")
        if weight.ndim != 2:
            raise ValueError(f"weight must have shape (n_inputs, n_outputs), but it has {tuple(weight.shape)}")
        self.weight = weight.detach().clone()

    def forward(self, x: Tensor) -> Tensor:
        """Return x·W, one row an observation: shape (n_observations, n_inputs) → (n_observations, n_outputs)."""
        require_floating(x, "x", dtype=self.weight.dtype)
        n_inputs = len(self.weight)
        if x.ndim != 2 or x.shape[1] != n_inputs:
            raise ValueError(f"x must have shape (n_observations, {n_inputs}), but it has {tuple(x.shape)}")
        self.x = x.detach()
        return self.x @ self.weight

    def backward(self, gradient: Tensor) -> Tensor:
        """Keep Xᵀ·G, the gradient by W; return G·Wᵀ, the gradient by x: shape (n_observations, n_inputs)."""
        x = _require_forward(self.x)
        gradient = _arriving(gradient, (len(x), self.weight.shape[1]), x.dtype)
        self.weight_gradient = x.T @ gradient
        return gradient @ self.weight.T


class _Elementwise:
    """An activation function: it keeps its output a, for the derivative is written with it; tensors of any shape."""

    a: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return the function of each number of x, of the shape of x."""
        require_floating(x, "x")
        self.a = self._function(x.detach())
        return self.a

    def backward(self, gradient: Tensor) -> Tensor:
        """Return the gradient by x: each number of `gradient` times the derivative at its place."""
        a = _require_forward(self.a)
        return _arriving(gradient, a.shape, a.dtype) * self._derivative(a)


class Sigmoid(_Elementwise):
    """The sigmoid a = 1 / (1 + exp(−x)), with derivative a·(1 − a)."""

    def _function(self, x: Tensor) -> Tensor:
        return 1 / (1 + torch.exp(-x))

    def _derivative(self, a: Tensor) -> Tensor:
        return a * (1 - a)


class Tanh(_Elementwise):
    """The hyperbolic tangent a = tanh(x), with derivative 1 − a²."""

    def _function(self, x: Tensor) -> Tensor:
        return torch.tanh(x)

    def _derivative(self, a: Tensor) -> Tensor:
        return 1 - a**2


class ReLU(_Elementwise):
    """The rectifier a = max(x, 0), with derivative 1 where x > 0, and 0 elsewhere."""

    def _function(self, x: Tensor) -> Tensor:
        return x.clamp(min=0)

    def _derivative(self, a: Tensor) -> Tensor:
        return a > 0


class MSE:
    """The mean squared error of at least one number: the end of the chain, where the gradient begins."""

    deviation: Tensor | None = None

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Return the mean of (prediction − target)², a number; both are of one shape, any."""
        require_floating(prediction, "prediction")
        require_floating(target, "target", dtype=prediction.dtype)
        if target.shape != prediction.shape:
            shapes = f"{tuple(prediction.shape)}, but it has {tuple(target.shape)}"
            raise ValueError(f"target must have the shape of prediction, {shapes}")
        if not prediction.numel():
            raise ValueError(f"prediction must hold at least one number, but its shape is {tuple(prediction.shape)}")
        self.deviation = (prediction - target).detach()
        return (self.deviation**2).mean()

    def backward(self) -> Tensor:
        """Return the gradient by the prediction, 2/N · (prediction − target), of its shape."""
        deviation = _require_forward(self.deviation)
        return 2 / deviation.numel() * deviation


class Sequential:
    """A chain of layers: forward from the first to the last, backward from the last to the first."""

    def __init__(self, *layers: Layer) -> None:
        if not layers:
            raise ValueError("layers must be one or more, but there are none")
        for index, layer in enumerate(layers):
            if not (callable(getattr(layer, "forward", None)) and callable(getattr(layer, "backward", None))):
                raise TypeError(f"layers[{index}] must have forward and backward, but it is {brief(layer)}")
        self.layers = layers

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the last layer."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, gradient: Tensor) -> Tensor:
        """Pass the gradient by the output through all layers; return the gradient by the input."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient


def _require_forward(kept: Tensor | None) -> Tensor:
    """Return what the forward pass kept, or raise if there was none."""
    if kept is None:
        raise RuntimeError("backward needs what forward keeps: call forward first")
    return kept


def _arriving(gradient: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Return the gradient that arrives from above, or raise unless it fits the output of the layer."""
    require_floating(gradient, "gradient", dtype=dtype)
    if gradient.shape != shape:
        raise ValueError(
            f"gradient must have the shape of the layer's output, {tuple(shape)}, but it has {tuple(gradient.shape)}"
        )
    return gradient.detach()
