"""All explorers, for the tests of what holds for each; those that train are made quickly."""

import torch

from lecture_utils.explorers import (
    TraversalExplorer,
    activation_explorer,
    backprop_explorer,
    deep_network_explorer,
    descent_explorer,
    minibatch_explorer,
    saturation_explorer,
    traversal_explorer,
)
from tests.controls import once


def _traversal(language: str) -> TraversalExplorer:
    w, x = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    p = w * x
    return traversal_explorer((p - 1) ** 2 + w, w=w, x=x, p=p, language=language)


#: How to make each in a language. Made once, it is given to each test as it was made.
EXPLORERS = {
    name: once(make)
    for name, make in {
        "descent": lambda language: descent_explorer(language=language),
        "activation": lambda language: activation_explorer(language=language),
        "backprop": lambda language: backprop_explorer(language=language),
        "minibatch": lambda language: minibatch_explorer(batch_sizes=(1, 8), n_epochs=3, language=language),
        "deep": lambda language: deep_network_explorer(hidden=(0, 3), n_epochs=40, language=language),
        "saturation": lambda language: saturation_explorer(language=language),
        "traversal": _traversal,
    }.items()
}
