"""A deep network by epoch and capacity: its decision boundary, and the loss on both parts of the data."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from lecture_utils import plots
from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, Image, Label, LivePicture, Rows
from lecture_utils._look.style import INK, MUTED, lecture_style, new_figure
from lecture_utils._require import as_list, brief, require_count, require_instance, require_seed
from lecture_utils._words import speaking, word
from lecture_utils.datasets import ClassificationDataset, two_moons
from lecture_utils.explorers._deep_runs import (
    RATIO,
    PlaneRun,
    boundary_points,
    image_png,
    plane,
    progress,
    train_on_plane,
)
from lecture_utils.explorers._explorer import Explorer, buttons, slider, with_label, with_play
from lecture_utils.explorers._networks import TrainingTrace
from lecture_utils.plots._axes import epoch_axes
from lecture_utils.plots.classes import HELD_OUT, TRAINING

MAX_EPOCHS, MAX_CAPACITIES, MAX_HIDDEN = 5000, 10, 256
#: Farther from the origin no network of this kind learns anything.
MAX_FEATURE = 1e6
_HIGHEST_LOSS = 1.15  # on the axis


class DeepNetworkExplorer(Explorer):
    """A network in training by capacity and epoch; see `deep_network_explorer`."""

    def __init__(self, runs: Mapping[int, PlaneRun], dataset: ClassificationDataset) -> None:
        self.dataset = dataset
        self._runs = list(runs.values())
        self.traces = {hidden: run.trace for hidden, run in runs.items()}
        epochs = self._runs[0].epochs
        on_plane, losses = _axes(dataset, epochs[-1])
        picture = LivePicture(
            {"capacity": len(runs), "epoch": len(epochs)},
            backgrounds=on_plane.figure,
            marks=[*_on_plane(self._runs, on_plane, dataset), *_on_losses(self._runs, losses)],
            caption=_caption(self._runs, dataset),
            names={"epoch": word("deep_epochs_done")},
            chosen={"capacity": len(runs) - 1, "epoch": len(epochs) - 1},
        )
        capacity = buttons([word("deep_line") if hidden == 0 else f"2 × {hidden}" for hidden in runs])
        epoch = slider(len(epochs), word("deep_epochs_done"))
        super().__init__(
            picture,
            controls={"capacity": capacity, "epoch": epoch},
            rows=[with_label(capacity, word("deep_hidden")), with_play(epoch)],
        )

    @property
    def trace(self) -> TrainingTrace:
        """The training on the screen, as far as it is shown."""
        run = self._runs[self.picture.capacity]
        return run.trace.until(run.rows[self.picture.epoch])

    def __repr__(self) -> str:
        """Say in numbers, in no language, where the training on the screen stands."""
        trace = self.trace
        return (
            f"deep_network_explorer: hidden = {trace.hidden}, epoch = {trace.epochs[-1]}, "
            f"training loss = {trace.training_losses[-1]:.2f}, held-out loss = {trace.held_out_losses[-1]:.2f}"
        )


@own_ground()
def deep_network_explorer(
    dataset: ClassificationDataset | None = None,
    *,
    hidden: Sequence[int] = (0, 2, 3, 8, 32),
    n_epochs: int = 1000,
    seed: int = 0,
    language: str | None = None,
) -> DeepNetworkExplorer:
    """Show networks in training live: capacity × epoch, with the decision boundary and the loss on both parts.

    Each network is trained on the whole training part at once, by SGD with momentum; a progress bar shows how far
    that has come, if it takes long (not if the environment variable TQDM_DISABLE is set).

    Parameters
    ----------
    dataset : ClassificationDataset, optional
        What to learn from: two features, up to a million; a few noisy moons by default.
    hidden : sequence of int
        The capacities on the buttons, up to 10: how many neurons each of two hidden layers has, from 0 to 256;
        0 is a linear model.
    n_epochs : int
        How long to train each, from 1 to 5000 epochs.
    seed : int
        Which random starting weights.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    DeepNetworkExplorer
        The widget; its ``trace`` is the training on the screen, its ``traces`` all of them by `hidden`.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a number is out of range, or the dataset does not have two features.
    """
    dataset = two_moons(n_train=60, noise=0.35, seed=4) if dataset is None else dataset
    _require_plane(dataset)
    hidden = as_list(hidden, "hidden", of="whole numbers", most=MAX_CAPACITIES)
    for size in hidden:
        require_count(size, "hidden", least=0, most=MAX_HIDDEN)
    if not hidden or len(set(hidden)) < len(hidden):
        raise ValueError(f"hidden must name at least one capacity, and none twice, but it is {brief(hidden)}")
    require_count(n_epochs, "n_epochs", most=MAX_EPOCHS)
    require_seed(seed)
    with speaking(language):
        with progress(len(hidden) * n_epochs) as done:
            runs = {size: train_on_plane(size, dataset, n_epochs=n_epochs, seed=seed, done=done) for size in hidden}
        return DeepNetworkExplorer(runs, dataset)


def _require_plane(dataset: ClassificationDataset) -> None:
    require_instance(dataset, ClassificationDataset, "dataset")
    if dataset.X.shape[1] != 2:
        raise ValueError(f"dataset must have two features, but it has {dataset.X.shape[1]}")
    farthest = max(X.abs().max().item() for X in (dataset.X, dataset.X_held_out))
    if farthest > MAX_FEATURE:
        raise ValueError(f"dataset must have features up to {MAX_FEATURE:g}, but one is {farthest:g}")


def _axes(dataset: ClassificationDataset, n_epochs: int) -> tuple[Axes, Axes]:
    """Draw what does not move; return the axes of the plane and of the losses."""
    height = 0.82 * 4.3
    with lecture_style():
        figure = new_figure(9.6, 4.3)
        on_plane = figure.add_axes((0.085, 0.15, height * RATIO / 9.6, 0.82))
        losses = figure.add_axes((0.645, 0.15, 0.335, 0.82))
        plots.classes(on_plane, dataset.X, dataset.y, size=48)
        (left, right), (low, high) = plane(dataset)
        on_plane.set(xlim=(left, right), ylim=(low, high))
        epoch_axes(losses)
        losses.set(xlim=(-0.025 * n_epochs, 1.025 * n_epochs), ylim=(0, _HIGHEST_LOSS))
    return on_plane, losses


def _on_plane(runs: Sequence[PlaneRun], axes: Axes, dataset: ClassificationDataset) -> list[Image | Curve]:
    by, scores = ("capacity", "epoch"), [scores for run in runs for scores in run.scores]
    limits = plane(dataset)
    lines = np.stack([boundary_points(limits, one) for one in scores])
    x, y = Rows(lines[..., 0], by=by), Rows(lines[..., 1], by=by)
    return [
        Image(name="probability", axes=axes, images=Rows([image_png(one) for one in scores], by=by)),
        Curve(name="boundary", axes=axes, x=x, y=y, color=INK),
    ]


def _on_losses(runs: Sequence[PlaneRun], losses: Axes) -> list[Curve | Label]:
    by, marks = ("capacity",), []
    traces = [run.trace for run in runs]
    epochs = traces[0].epochs
    until = Rows([row + 1 for row in runs[0].rows], by=("epoch",))
    for name, color in (("training", TRAINING), ("held_out", HELD_OUT)):
        rows = Rows([getattr(trace, f"{name}_losses") for trace in traces], by=by)
        place = {"axes": losses, "x": epochs, "y": rows, "color": color}
        marks += [
            Curve(name=f"{name} to come", widths={"line": 1.6}, opacity=0.3, **place),
            Curve(name=name, grab="epoch", until=until, widths={"line": 2.6, "head": 12}, **place),
        ]
    return [*_at_best(runs, losses), *marks, *_names_of_lines(runs, losses)]


def _at_best(runs: Sequence[PlaneRun], losses: Axes) -> list[Curve | Label]:
    """Return the line at the epoch with the lowest held-out loss, and its name."""
    by, top, edge = ("capacity",), losses.get_ylim()[1], losses.get_xlim()[1]
    best = [int(run.trace.epochs[run.best]) for run in runs]
    x = Rows([[epoch, epoch] for epoch in best], by=by)
    ends = Rows([[run.trace.held_out_losses[run.best].item(), top] for run in runs], by=by)
    place = {
        "x": Rows([min(epoch + 0.015 * edge, 0.7 * edge) for epoch in best], by=by),
        "y": top - 0.06,
    }
    texts = Rows([word("deep_best", epoch=epoch) for epoch in best], by=by)
    return [
        Curve(name="best", axes=losses, x=x, y=ends, color=MUTED, widths={"line": 1.4}),
        Label(name="best text", axes=losses, texts=texts, color=MUTED, anchor="start", **place),
    ]


def _names_of_lines(runs: Sequence[PlaneRun], losses: Axes) -> list[Label]:
    """Return the names of both lines: that of the training loss under it, the other over the end of its own."""
    by, traces, edge, top = ("capacity",), [run.trace for run in runs], losses.get_xlim()[1], losses.get_ylim()[1]
    below = [max(trace.training_losses[int(0.47 * len(trace.epochs))].item() - 0.085, 0.02) for trace in traces]
    above = [min(trace.held_out_losses[-1].item() + 0.04, top - 0.15) for trace in traces]
    parts = (
        ("training", 0.02 * edge, below, "start", TRAINING),
        ("held_out", 0.985 * edge, above, "end", HELD_OUT),
    )
    names = {"training": word("deep_training"), "held_out": word("deep_held_out")}
    return [
        Label(
            name=f"{name} name",
            axes=losses,
            x=x,
            y=Rows(rows, by=by),
            texts=names[name],
            color=color,
            anchor=anchor,
            size=16,
        )
        for name, x, rows, anchor, color in parts
    ]


def _caption(runs: Sequence[PlaneRun], data: ClassificationDataset) -> Caption:
    by_state = ("capacity", "epoch")
    shown = [(run.trace, row) for run in runs for row in run.rows]
    hidden = [word("deep_no_hidden") if run.trace.hidden == 0 else f"2 × {run.trace.hidden}" for run in runs]
    return Caption(
        word("deep_words"),
        {
            "hidden": Rows(hidden, by=("capacity",)),
            "epoch": Rows(runs[0].epochs, by=("epoch",)),
            "training": Rows([f"{trace.training_losses[row]:.3f}" for trace, row in shown], by=by_state),
            "held_out": Rows([f"{trace.held_out_losses[row]:.3f}" for trace, row in shown], by=by_state),
            "wrong": Rows([int(trace.training_errors[row]) for trace, row in shown], by=by_state),
            "wrong_held_out": Rows([int(trace.held_out_errors[row]) for trace, row in shown], by=by_state),
            "n": len(data.y),
            "n_held_out": len(data.y_held_out),
            "verdict": Rows([_verdict(run, row) for run in runs for row in run.rows], by=by_state),
        },
    )


def _verdict(run: PlaneRun, row: int) -> str:
    losses = run.trace.held_out_losses
    if row == run.best:
        return word("deep_at_best")
    if row < run.best:
        return word("deep_before_best")
    if losses[row] < 1.05 * losses[run.best]:
        return word("deep_near_best")
    return word("deep_overfits", epoch=int(run.trace.epochs[run.best]), loss=f"{losses[run.best]:.3f}")
