"""The hand-written modules of notebook 03: each knows how to go forward and how to pass a gradient back.

A module needs nothing but what is near: what came in, its own weights, and the gradient of the loss with respect to
its output. No autograd here; a module keeps the gradient of its weights itself, and each backward pass overwrites it.
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
        """Take the gradient of the loss with respect to the output; return that with respect to the input."""


class Linear:
    """A linear module, a = x·W, or a = x·W + b with a bias.

    Parameters
    ----------
    weight : Tensor, floating, shape (n_inputs, n_outputs)
        The weights W at the start; the module keeps a copy.
    bias : Tensor or None, of the dtype of `weight`, shape (n_outputs,)
        The biases b at the start; the module keeps a copy. None for a module without.

    Attributes
    ----------
    weight_gradient : Tensor or None, shape (n_inputs, n_outputs)
        The gradient of the loss with respect to W after the last backward pass.
    bias_gradient : Tensor or None, shape (n_outputs,)
        That with respect to b; always None without a bias.
    """

    x: Tensor | None = None
    weight_gradient: Tensor | None = None
    bias_gradient: Tensor | None = None

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        require_floating(weight, "weight")
        if weight.ndim != 2:
            raise ValueError(f"weight must have shape (n_inputs, n_outputs), but it has {tuple(weight.shape)}")
        if bias is not None:
            require_floating(bias, "bias", dtype=weight.dtype)
            if bias.shape != weight.shape[1:]:
                raise ValueError(f"bias must have shape ({weight.shape[1]},), but it has {tuple(bias.shape)}")
        self.weight = weight.detach().clone()
        self.bias = None if bias is None else bias.detach().clone()

    def forward(self, x: Tensor) -> Tensor:
        """Return x·W (+ b), one row per example: shape (n_examples, n_inputs) → (n_examples, n_outputs)."""
        require_floating(x, "x", dtype=self.weight.dtype)
        n_inputs = len(self.weight)
        if x.ndim != 2 or x.shape[1] != n_inputs:
            raise ValueError(f"x must have shape (n_examples, {n_inputs}), but it has {tuple(x.shape)}")
        self.x = x.detach()
        return self.x @ self.weight if self.bias is None else self.x @ self.weight + self.bias

    def backward(self, gradient: Tensor) -> Tensor:
        """Keep Xᵀ·G and, with a bias, the sum of G's rows; return G·Wᵀ, the gradient with respect to x."""
        x = _require_forward(self.x)
        gradient = _arriving(gradient, (len(x), self.weight.shape[1]), x.dtype)
        self.weight_gradient = x.T @ gradient
        self.bias_gradient = None if self.bias is None else gradient.sum(dim=0)
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
        """Return the gradient with respect to x: each number of `gradient` times the derivative at its place."""
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
        """Return the gradient with respect to the prediction, 2/N · (prediction − target), of its shape."""
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
        """Pass the gradient of the output back through all modules; return that of the input."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient


def _require_forward(kept: Tensor | None) -> Tensor:
    """Return what the forward pass kept, or raise if there was none."""
    if kept is None:
        raise RuntimeError("backward needs what forward keeps: call forward first")
    return kept


def _arriving(gradient: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Return the gradient that arrives from the right, or raise unless it fits the output of the layer."""
    require_floating(gradient, "gradient", dtype=dtype)
    if gradient.shape != shape:
        raise ValueError(
            f"gradient must have the shape of the layer's output, {tuple(shape)}, but it has {tuple(gradient.shape)}"
        )
    return gradient.detach()
