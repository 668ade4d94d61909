"""What the descent explorer shows: one dataset's runs at all the learning rates of its scale."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lecture_utils.datasets import Dataset
from lecture_utils.descent import Trace, learning_rate_sweep, stability_limit
from lecture_utils.explorers._explorer import nearest, stops
from lecture_utils.explorers._regression import Box, bounding_box, nearest_minimum

N_LEARNING_RATES = 60


class DescentRuns(NamedTuple):
    """One dataset's runs at all learning rates, the steps that are shown, and what is drawn of the weights."""

    dataset: Dataset
    minimum: Tensor
    box: Box
    limit: float
    rates: list[float]
    traces: list[Trace]
    stops: list[int]


def run_all_rates(
    dataset: Dataset, box: Box, *, n_steps: int, n_stops: int, start: Tensor | Sequence[float] | None
) -> DescentRuns:
    """Run descent on a dataset with every learning rate of its scale."""
    limit = stability_limit(dataset)
    rates = learning_rates(limit, lecture_rate=dataset.learning_rate)
    return DescentRuns(
        dataset=dataset,
        minimum=nearest_minimum(dataset, start),
        box=box,
        limit=limit,
        rates=rates,
        traces=learning_rate_sweep(dataset, learning_rates=rates, n_steps=n_steps, start=start),
        stops=stops(np.geomspace(1, n_steps + 1, n_stops) - 1),
    )


def learning_rates(limit: float, *, lecture_rate: float) -> list[float]:
    """Return 60 learning rates spaced by factor, from limit/50 to 1.1 · limit, `lecture_rate` among them.

    The lecture's rate takes the place of its nearest neighbour; a rate outside the range is left out.
    """
    rates = np.geomspace(limit / 50, 1.1 * limit, N_LEARNING_RATES)
    if rates[0] <= lecture_rate <= rates[-1]:
        rates[nearest(rates, lecture_rate)] = lecture_rate
    return rates.tolist()


def wide_box(dataset: Dataset, start: Tensor | Sequence[float] | None) -> Box:
    """Return a box a quarter wider than where runs go; a side without length gets that of the other, or 1."""
    low, high = bounding_box(dataset, start)
    length = high - low
    length = torch.where(length > 1e-6 * length.max(), length, length.max())
    length = torch.where(length > 0, length, torch.ones_like(length))
    centre = (low + high) / 2
    return centre - 0.75 * length, centre + 0.75 * length
