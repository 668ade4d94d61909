"""The lecture's seven explorers, each as its notebook opens it."""

import re
from functools import cache

import numpy as np

from lecture_utils import explorers
from tests.controls import choose
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


def opened(name, language="en"):
    """Return an explorer as it stands when its notebook is opened; it is made only once."""
    explorer, opening = _made(name, language)
    choose(explorer, **opening)
    for point, place in explorer.picture.scene["placed"].items():
        setattr(explorer.picture, point, place)
    return explorer


@cache
def _made(name, language):
    explorer = MAKERS[name](language=language)
    return explorer, {choice: getattr(explorer.picture, choice) for choice in explorer.controls}


def text(explorer, name):
    """Return what the label called `name` says now, or nothing where it is not drawn."""
    picture = explorer.picture
    (mark,) = (mark for mark in picture._marks if mark.name == name)
    return picture.words(mark.texts) if np.isfinite(picture.points(name)).all(axis=1).any() else ""


def number(text):
    """Return the last number in a text."""
    return float(re.findall(r"[-−]?\d+\.?\d*(?:e[-−]?\d+)?", text)[-1].replace("−", "-"))
