"""What the mini-batch explorer draws, and how it is said: nothing before it has happened."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils import plots
from lecture_utils._live import Caption, Curve, Label, Rows
from lecture_utils._look.style import PATH, new_figure, picture_style
from lecture_utils._words import word
from lecture_utils.descent import hessian, mse
from lecture_utils.explorers._explorer import until_it_leaves
from lecture_utils.explorers._minibatch_runs import N_LEARNING_RATES, MinibatchRuns, excess_loss, weights_box
from lecture_utils.explorers._regression import nearest_minimum, weights_grid
from lecture_utils.plots._axes import examples_axes

_BOTTOM = 1e-5  # of the axis of losses, as a part of the first loss
_FAR = 1e-4, 1e4  # by which factors of the axis' ends a loss may lie outside
_ABOVE = 0.02  # of the height of its axes, so far above them stands a line of text


class MinibatchAxes(NamedTuple):
    """Where the path and the loss are drawn."""

    surface: Axes
    losses: Axes


#: Where the axes stand, and the size of the picture in inches; above the losses there is room for a line of text.
_WIDE = (9.6, 4.2), ((0.09, 0.155, 0.4, 0.775), (0.62, 0.155, 0.355, 0.775))
_STACKED = (3.6, 5.2), ((0.2, 0.535, 0.775, 0.455), (0.235, 0.105, 0.7, 0.285))


def draw_axes(runs: MinibatchRuns, *, stacked: bool = False) -> MinibatchAxes:
    """Draw what does not move."""
    minimum = nearest_minimum(runs.dataset)
    w1, w2, grid = weights_grid(weights_box(minimum), dtype=torch.float64)
    size, boxes = _STACKED if stacked else _WIDE
    with picture_style(stacked=stacked):
        surface, losses = map(new_figure(*size).add_axes, boxes)
        plots.loss_surface(surface, w1, w2, excess_loss(runs.dataset, grid))
        plots.minimum(surface, minimum)
        examples_axes(losses)
        first, n_examples = runs.excess[0][0, 0], runs.stops[-1]
        losses.set(xlim=(-0.02 * n_examples, 1.02 * n_examples), ylim=(_BOTTOM * first, 30 * first))
        losses.set_xticks(len(runs.dataset.y) * np.arange(0, runs.n_epochs + 1, max(1, runs.n_epochs // 3)))
    return MinibatchAxes(surface, losses)


def moving(runs: MinibatchRuns, axes: MinibatchAxes, *, batch: int) -> list[Curve | Label]:
    """Return what moves while that batch size is chosen."""
    few, (floor, ceiling) = runs.batch_sizes[batch] <= 4, axes.losses.get_ylim()
    weights = torch.stack([trace.weights for trace in runs.traces[batch]]).double().numpy()
    excess = np.nan_to_num(runs.excess[batch], nan=np.inf).clip(_FAR[0] * floor, _FAR[1] * ceiling)
    weights = until_it_leaves(weights, ~np.isfinite(weights).all(axis=-1) | (excess > ceiling))
    until = Rows([step + 1 for step in runs.steps[batch]], by=("examples",))
    shared, by_rate = {"until": until, "when": {"batch": batch}}, ("learning_rate",)
    loss = {"axes": axes.losses, "x": runs.seen[batch], "y": Rows(excess, by=by_rate), **shared}
    steps = runs.steps[batch]
    now = {
        "axes": axes.losses,
        "x": Rows(runs.seen[batch][steps], by=("examples",)),
        "y": Rows(excess[:, steps].ravel(), by=("learning_rate", "examples")),
        "beyond": "edge",
        "when": shared["when"],
    }
    return [
        Curve(
            name=f"path {batch}",
            grab="examples",
            axes=axes.surface,
            x=Rows(weights[..., 0], by=by_rate),
            y=Rows(weights[..., 1], by=by_rate),
            widths={"line": 1.4, "dots": 2.5 if few else 4, "head": 10},
            opacity=0.6 if few else 1.0,
            **shared,
        ),
        Curve(
            name=f"loss {batch}",
            grab="examples",
            leaves=True,
            widths={"line": 1.2 if few else 2, "head": 11},
            **loss,
        ),
        Curve(name=f"loss beyond {batch}", widths={"arrow": 14}, **now),
        _settings(runs, axes.losses, batch),
        Label(
            name=f"loss words {batch}",
            beyond="edge",
            halo=True,
            size=16,
            color=PATH,
            texts=_readout(runs, batch),
            **loss,  # with the line that it keeps clear of
        ),
    ]


def _settings(runs: MinibatchRuns, ax: Axes, batch: int) -> Label:
    """Return the batch size and the learning rate, for where no controls stand beside the picture.

    They stand above the axes, where no readout comes.
    """
    bottom, top = ax.get_ylim()
    rates = Rows([f"{rate:.3g}" for rate in runs.rates], by=("learning_rate",))
    return Label(
        name=f"settings {batch}",
        axes=ax,
        x=ax.get_xlim()[1],
        y=top * (top / bottom) ** _ABOVE,
        texts=Caption(f"B = {runs.batch_sizes[batch]}, γ = {{rate}}", {"rate": rates}),
        when={"batch": batch},
        anchor="end",
        size=16,
        halo=True,
    )


def _readout(runs: MinibatchRuns, batch: int) -> Caption:
    """Return what stands beside the loss: the step and the loss, or how much of the first mini-batch has been seen."""
    size, steps = runs.batch_sizes[batch], runs.steps[batch]
    said = [
        word("deep_minibatch_step", step=step) if step else word("deep_no_update", seen=seen, size=size)
        for step, seen in zip(steps, runs.stops, strict=True)
    ]
    excess = [f" {_excess_text(row[step])}" if step else "" for row in runs.excess[batch] for step in steps]
    fields = {"said": Rows(said, by=("examples",)), "excess": Rows(excess, by=("learning_rate", "examples"))}
    return Caption("{said}{excess}", fields)


def _verdicts(runs: MinibatchRuns, batch: int, rate: int) -> list[str]:
    """Say at each stop how the run stands: near the minimum the noise keeps the loss up by about γ·σ²·tr H / 2B."""
    excess, size, n = runs.excess[batch][rate], runs.batch_sizes[batch], len(runs.dataset.y)
    X, y = runs.dataset.X.double(), runs.dataset.y.double()
    lowest = mse(X, y, nearest_minimum(runs.dataset)).item()
    noise = runs.rates[rate] * lowest * hessian(runs.dataset).trace().item() / (2 * size) * (1 - size / n)
    late = excess[-(len(excess) // 4 + 1) :]
    if not late.mean() < excess[0]:  # what still comes near the minimum does not diverge
        arrived, ending = ~(excess <= excess[0]), "deep_is_thrown" if late.min() < excess[0] else "deep_diverges"
    elif late.mean() < 4 * noise:
        arrived, ending = excess < min(4 * noise, excess[0] / 2), "deep_wanders"
    else:
        arrived, ending = excess < 1e-2 * excess[0], "deep_arrives"
    since = int(arrived.argmax()) if arrived.any() else len(excess)
    if ending == "deep_wanders" and since < len(excess):  # seen once it has been there as long as it took to get there
        since = min(2 * since, len(excess) - 1)
    under_way = ["deep_on_its_way"] * (len(runs.stops) - 1) + ["deep_not_there"]
    keys = [
        "deep_no_step" if step == 0 else ending if step >= since else before
        for step, before in zip(runs.steps[batch], under_way, strict=True)
    ]
    return [word(key) for key in keys]


def caption(runs: MinibatchRuns) -> Caption:
    """Return the state in words."""
    states = [
        (trace.weights[steps].tolist(), excess[steps].tolist())
        for traces, steps, excesses in zip(runs.traces, runs.steps, runs.excess, strict=True)
        for trace, excess in zip(traces, excesses, strict=True)
    ]
    by_state = ("batch", "learning_rate", "examples")
    pairs = product(range(len(runs.batch_sizes)), range(N_LEARNING_RATES))
    return Caption(
        word("deep_minibatch_words"),
        {
            "batch": Rows(runs.batch_sizes, by=("batch",)),
            "n": len(runs.dataset.y),
            "rate": Rows([f"{rate:.3g}" for rate in runs.rates], by=("learning_rate",)),
            "examples": Rows(runs.stops, by=("examples",)),
            "steps": Rows([step for steps in runs.steps for step in steps], by=("batch", "examples")),
            "weights": Rows([weights_text(w) for weights, _ in states for w in weights], by=by_state),
            "excess": Rows([_excess_text(one) for _, excess in states for one in excess], by=by_state),
            "verdict": Rows([said for pair in pairs for said in _verdicts(runs, *pair)], by=by_state),
        },
    )


def weights_text(weights: Sequence[float]) -> str:
    """Return weights as the caption says them."""
    return f"({', '.join(f'{weight:.2f}' if abs(weight) < 100 else '∞' for weight in weights)})"


def _excess_text(excess: float) -> str:
    return f"{excess:.4f}" if excess < 1 else f"{excess:.2f}" if excess < 100 else "∞"
