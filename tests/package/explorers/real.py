"""The lecture's seven explorers, each as its notebook opens it."""

import re

import numpy as np

from lecture_utils import explorers
from tests.controls import once
from tests.package.recorded import penalised_error


def traversal_explorer(*, language=None):
    named = penalised_error()
    return explorers.traversal_explorer(named.pop("E"), language=language, **named)


MAKERS = {
    "descent": explorers.descent_explorer,
    "backprop": explorers.backprop_explorer,
    "activation": explorers.activation_explorer,
    "saturation": explorers.saturation_explorer,
    "traversal": traversal_explorer,
    "minibatch": explorers.minibatch_explorer,
    "deep network": explorers.deep_network_explorer,
}
#: The choice that Play moves in each.
PLAYED = {
    "descent": "step",
    "backprop": "step",
    "activation": "point",
    "saturation": "scale",
    "traversal": "step",
    "minibatch": "examples",
    "deep network": "epoch",
}


@once
def _opened(name, language):
    return MAKERS[name](language=language)


def opened(name, language="en"):
    """Return an explorer as it stands when its notebook is opened."""
    return _opened(name, language)


def text(explorer, name):
    """Return what the label called `name` says now, or nothing where it is not drawn."""
    picture = explorer.picture
    (mark,) = (mark for mark in picture._marks if mark.name == name)
    return picture.words(mark.texts) if np.isfinite(picture.points(name)).all(axis=1).any() else ""


def number(text):
    """Return the last number in a text."""
    return float(re.findall(r"[-−]?\d+\.?\d*(?:e[-−]?\d+)?", text)[-1].replace("−", "-"))
