"""Neutral ground: PyTorch's own settings, whatever the reader's are."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def neutral_ground() -> Iterator[None]:
    """Return a context with PyTorch's own settings; those that were there before come back afterwards."""
    dtype, device = torch.get_default_dtype(), torch.get_default_device()
    torch.set_default_dtype(torch.float32)
    _set_device(torch.device("cpu"))
    try:
        with torch.inference_mode(False), torch.enable_grad(), warnings.catch_warnings(action="ignore"):
            yield  # without warnings: the verdict says what is wrong
    finally:
        torch.set_default_dtype(dtype)
        _set_device(device)


def _set_device(device: torch.device) -> None:
    if torch.get_default_device() != device:  # to set it, even to what it is, makes each call of PyTorch slower
        torch.set_default_device(None if device == torch.device("cpu") else device)
