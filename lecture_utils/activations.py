"""The popular activation functions and their derivatives, as formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional

from lecture_utils._require import brief, require_floating


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation function and its derivative: each takes a tensor of any shape and returns one of that shape.

    Both raise a TypeError for what is no tensor of floating numbers.
    """

    function: Callable[[Tensor], Tensor]
    derivative: Callable[[Tensor], Tensor]

    def __post_init__(self) -> None:
        for name in ("function", "derivative"):
            formula = getattr(self, name)
            if not callable(formula):
                raise TypeError(f"{name} must be a function of a tensor, but it is {brief(formula)}")
            object.__setattr__(self, name, _of_tensor(formula))


def _of_tensor(formula: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    @wraps(formula)
    def checked(x: Tensor) -> Tensor:
        require_floating(x, "x")
        return formula(x)

    return checked


#: The slope of leaky ReLU on the left: larger than the usual 0.01, so that it can be seen.
LEAKY_SLOPE = 0.1


def _sigmoid(x: Tensor) -> Tensor:
    a = torch.sigmoid(x)
    return a * (1 - a)


def _silu(x: Tensor) -> Tensor:
    return torch.sigmoid(x) + x * _sigmoid(x)


def _gelu(x: Tensor) -> Tensor:
    density = torch.exp(-(x**2) / 2) / (2 * torch.pi) ** 0.5
    return torch.special.ndtr(x) + x * density


def _leaky_relu(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, LEAKY_SLOPE)


#: Rows the name that the reader sees, the same in both languages.
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "sigmoid": Activation(function=torch.sigmoid, derivative=_sigmoid),
        "tanh": Activation(function=torch.tanh, derivative=lambda x: 1 - torch.tanh(x) ** 2),
        "ReLU": Activation(function=torch.relu, derivative=lambda x: (x > 0).to(x.dtype)),
        "leaky ReLU": Activation(
            function=_leaky_relu,
            derivative=lambda x: torch.where(x > 0, torch.ones_like(x), torch.full_like(x, LEAKY_SLOPE)),
        ),
        "ELU": Activation(
            function=functional.elu, derivative=lambda x: torch.where(x > 0, torch.ones_like(x), torch.exp(x))
        ),
        "SiLU": Activation(function=functional.silu, derivative=_silu),
        "GELU": Activation(function=functional.gelu, derivative=_gelu),
    }
)
