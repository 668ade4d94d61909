"""What the descent explorer shows: one dataset's descent at all the learning rates of its scale, from any start."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lecture_utils._live import Form, Motion
from lecture_utils.datasets import Dataset
from lecture_utils.descent import hessian, mse, stability_limit
from lecture_utils.explorers._explorer import stops
from lecture_utils.explorers._regression import Box, bounding_box, nearest_minimum

#: Learning rates by their share of the limit: most where descent begins to jump, and where it begins to diverge.
SHARES = np.concatenate(
    [
        [0.02],
        np.arange(5, 40, 5) / 100,
        np.arange(40, 61, 2) / 100,
        np.arange(64, 90, 4) / 100,
        np.arange(90, 100) / 100,
        np.arange(101, 111) / 100,
        np.linspace(1.12, 1.3, 14),
    ]
)
N_LEARNING_RATES = len(SHARES)
#: Up to here every step is drawn, and later some pairs of steps, so that jumps from side to side are seen.
_EVERY_STEP_UNTIL, _LATER_PAIRS = 100, 50


class DescentRuns(NamedTuple):
    """One dataset, its learning rates, the steps that are shown, and how any start moves on."""

    dataset: Dataset
    n_steps: int
    minimum: Tensor
    least: float
    curvatures: list[float]
    limit: float
    rates: list[float]
    stops: list[int]
    shown: list[int]
    motion: Motion

    @property
    def weights(self) -> list[Form]:
        """Each of the two weights, by step."""
        w, directions = self.minimum.tolist(), self.motion.directions
        return [Form(motion=self.motion, weights=directions[:, i], constant=w[i]) for i in (0, 1)]

    @property
    def loss(self) -> Form:
        """The loss by step: E* + ½ Σ λ_i e_i², for the deviations e along the eigenvectors of the Hessian."""
        return Form(motion=self.motion, weights=np.divide(self.curvatures, 2), constant=self.least, power=2)

    @property
    def highest(self) -> float:
        """The greatest loss on the surface: that of a corner, for the loss is convex."""
        X, y = self.dataset.X.double(), self.dataset.y.double()
        corners = torch.cartesian_prod(*torch.tensor([self.motion.low, self.motion.high], dtype=torch.float64).T)
        return mse(X, y, corners).max().item()


def prepare_all_rates(
    dataset: Dataset, box: Box, *, n_steps: int, n_stops: int, start: Tensor | Sequence[float] | None
) -> DescentRuns:
    """Prepare descent on a dataset with every learning rate of its scale, from any start in the box."""
    limit, minimum = stability_limit(dataset), nearest_minimum(dataset, start)
    curvatures, eigenvectors = torch.linalg.eigh(hessian(dataset))
    largest = eigenvectors.T.gather(1, eigenvectors.T.abs().argmax(dim=1, keepdim=True))
    directions = eigenvectors.T * largest.sign()  # of each pair of opposite ones, that which points up or to the right
    rates = learning_rates(limit, lecture_rate=dataset.learning_rate)
    chosen = stops(np.geomspace(1, n_steps + 1, n_stops) - 1)
    shown = steps_drawn(n_steps, chosen)
    return DescentRuns(
        dataset=dataset,
        n_steps=n_steps,
        minimum=minimum,
        least=mse(dataset.X.double(), dataset.y.double(), minimum).item(),
        curvatures=curvatures.tolist(),
        limit=limit,
        rates=rates,
        stops=chosen,
        shown=shown,
        motion=Motion(
            point="start",
            low=box[0].tolist(),
            high=box[1].tolist(),
            origin=minimum.tolist(),
            directions=directions.numpy(),
            factors=_factors(rates, curvatures.numpy(), shown),
            by=("learning_rate",),
        ),
    )


def _factors(rates: Sequence[float], curvatures: np.ndarray, shown: Sequence[int]) -> np.ndarray:
    """Run descent from one step along each eigenvector of the Hessian: float32, shape (n_rates, n_shown, 2).

    The loss is quadratic, so a step takes w − w* to w − w* − γH(w − w*): from any start, the run is the sum of these
    two, each as many times as the start deviates along its eigenvector. Deviations keep the digits of small losses.
    """
    gamma, wanted = np.array(rates)[:, None], set(shown)
    deviation = np.ones((len(rates), 2))
    kept = []
    with np.errstate(over="ignore"):
        for step in range(max(shown) + 1):
            if step in wanted:
                kept.append(deviation.astype(np.float32))
            deviation = deviation - gamma * curvatures * deviation
    return np.stack(kept, axis=1)


def steps_drawn(n_steps: int, stops: Sequence[int]) -> list[int]:
    """Return the steps that have points: all at first, then some pairs, those at which one can stop, and the last."""
    first = set(range(min(n_steps, _EVERY_STEP_UNTIL) + 1))
    pairs = np.geomspace(_EVERY_STEP_UNTIL, max(n_steps, _EVERY_STEP_UNTIL + 1), _LATER_PAIRS).astype(int)
    later = {step for pair in pairs.tolist() for step in (pair, pair + 1) if step <= n_steps}
    return sorted(first | later | set(stops))


def learning_rates(limit: float, *, lecture_rate: float) -> list[float]:
    """Return 60 learning rates that grow up to 1.3 · limit, `lecture_rate` and limit/2 among them.

    The lecture's rate takes the place of its nearest neighbour; a rate outside the range is left out.
    """
    rates = SHARES * limit
    half = int(np.flatnonzero(SHARES == 0.5)[0])
    if rates[0] <= lecture_rate <= rates[-1] and lecture_rate != rates[half]:
        distance = np.abs(rates - lecture_rate)
        distance[half] = np.inf
        rates[distance.argmin()] = lecture_rate
    return rates.tolist()


def wide_box(dataset: Dataset, start: Tensor | Sequence[float] | None) -> Box:
    """Return a box a quarter wider than where runs go; a side without length gets that of the other, or 1."""
    low, high = bounding_box(dataset, start)
    length = high - low
    length = torch.where(length > 1e-6 * length.max(), length, length.max())
    length = torch.where(length > 0, length, torch.ones_like(length))
    centre = (low + high) / 2
    return centre - 0.75 * length, centre + 0.75 * length
