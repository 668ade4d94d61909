"""Drawing: each function draws given data on a given `ax` and returns the artists. Nothing is computed here.

All of them raise a TypeError for an argument of the wrong type, and a ValueError for data of the wrong shape or out of
range, or a number that float32 cannot hold. Only curves may hold such numbers, as those of a diverging run: there, the
curve has a gap.
"""

from lecture_utils.plots.classes import classes, descents, fits, landscape, losses_by_epoch, probability
from lecture_utils.plots.descent import (
    gradient_by_layer,
    loss_by_step,
    loss_surface,
    losses_by_step,
    minimum,
    path,
    weight_by_step,
)
from lecture_utils.plots.graph import computation_graph, graph_size

__all__ = [
    "classes",
    "computation_graph",
    "descents",
    "fits",
    "gradient_by_layer",
    "graph_size",
    "landscape",
    "loss_by_step",
    "loss_surface",
    "losses_by_epoch",
    "losses_by_step",
    "minimum",
    "path",
    "probability",
    "weight_by_step",
]
