"""What the saturation explorer shows: one deep network of sigmoids, its weights multiplied by each of some scales."""

from typing import NamedTuple

import numpy as np
import torch

from lecture_utils import layers

#: By what the weights are multiplied.
SCALES = [1 + index / 2 for index in range(31)]
N_LAYERS, _WIDTH, _N_EXAMPLES = 20, 16, 64
#: A neuron whose σ′ is smaller is called saturated.
SATURATED = 0.05


class SaturationRuns(NamedTuple):
    """By scale and layer, (n_scales, n_layers) each, what a backward pass leaves and how steep the sigmoids are.

    `lengths` are those of the gradients with respect to the layers' weights, `slopes` the means of σ′ over neurons and
    examples, `saturated` the shares of those where σ′ is nearly 0.
    """

    lengths: np.ndarray
    slopes: np.ndarray
    saturated: np.ndarray

    @property
    def ratios(self) -> np.ndarray:
        """How many times as long as the last layer's gradient is the first layer's: shape (n_scales,)."""
        return self.lengths[:, 0] / self.lengths[:, -1]

    @property
    def factors(self) -> np.ndarray:
        """By what a layer multiplies the gradient on average: shape (n_scales,)."""
        return self.ratios ** (1 / (N_LAYERS - 1))


def run_all_scales() -> SaturationRuns:
    """Send a gradient back through the network of notebook 03 at every scale."""
    runs = [_run(scale) for scale in SCALES]
    return SaturationRuns(*(np.array(values) for values in zip(*runs, strict=True)))


def _run(scale: float) -> tuple[list[float], list[float], list[float]]:
    generator = torch.Generator().manual_seed(0)
    linears, sigmoids = [], [layers.Sigmoid() for _ in range(N_LAYERS)]
    for _ in sigmoids:
        weight = torch.randn(_WIDTH, _WIDTH, generator=generator).double() / _WIDTH**0.5
        linears.append(layers.Linear(scale * (weight - weight.mean(dim=0))))  # so that inputs near ½ leave it near 0
    network = layers.Sequential(*(module for pair in zip(linears, sigmoids, strict=True) for module in pair))
    output = network.forward(torch.randn(_N_EXAMPLES, _WIDTH, generator=generator).double())
    network.backward(torch.ones_like(output) / _N_EXAMPLES)
    slopes = [module.a * (1 - module.a) for module in sigmoids]
    return (
        [module.weight_gradient.norm().item() for module in linears],
        [slope.mean().item() for slope in slopes],
        [(slope < SATURATED).double().mean().item() for slope in slopes],
    )
