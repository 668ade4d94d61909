"""The popular activation functions and their derivatives, as formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation function and its derivative: each takes a floating tensor of any shape and returns one like it."""

    function: Callable[[Tensor], Tensor]
    derivative: Callable[[Tensor], Tensor]


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
