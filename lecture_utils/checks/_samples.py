"""Data that the reader has not seen, the same each time."""

import torch
from torch import Tensor


def normal(*shapes: tuple[int, ...], seed: int) -> tuple[Tensor, ...]:
    """Return a tensor of normal numbers for each shape."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)
