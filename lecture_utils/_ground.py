"""The ground that the package computes on: torch and numpy as they are at their start, whatever the reader has set."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import numpy as np
import torch

_NUMPY = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # numpy's own defaults


@contextmanager
def own_ground() -> Iterator[None]:
    """Return a context, or a decorator, in which torch makes float32 on the CPU, records graphs and uses one thread.

    On small tensors several threads would wait longer than they work. The reader's settings are back at the end.
    """
    dtype, device, n_threads = torch.get_default_dtype(), torch.get_default_device(), torch.get_num_threads()
    on_cpu = device.type == "cpu"
    with (
        nullcontext() if on_cpu else torch.device("cpu"),  # asked only if needed: it slows every call of torch
        torch.inference_mode(False),  # and so neither torch.no_grad() nor torch.set_grad_enabled(False)
        torch.autocast("cpu", enabled=False),
        np.errstate(**_NUMPY),
    ):
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.set_num_threads(n_threads)
            if torch.get_default_device().type != "cpu":  # what ran in here has set it
                torch.set_default_device(None)
