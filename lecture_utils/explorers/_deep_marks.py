"""What the deep-network explorer draws: the plane, both losses, one example's share in one of them, the neurons."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from lecture_utils._live import Caption, Curve, Image, Label, Rows
from lecture_utils._look.style import INK, MUTED
from lecture_utils._words import word
from lecture_utils.datasets import ClassificationDataset
from lecture_utils.explorers._deep_axes import MAX_EXAMPLES, DeepAxes
from lecture_utils.explorers._deep_runs import (
    SMALL_HIDDEN,
    PlaneRun,
    boundary_points,
    image_png,
    neuron_png,
    plane,
)
from lecture_utils.plots.classes import HELD_OUT, TRAINING

EXAMPLE = "#049886"  # the chosen one
_RING = 0.04  # the radius of the ring around an example, by the height of the plane


def shown_examples(n: int) -> list[int]:
    """Return which training examples can be pointed at: all of them, or, of very many, some all over."""
    return np.unique(np.linspace(0, n - 1, min(n, MAX_EXAMPLES)).round().astype(int)).tolist()


def moving(
    runs: Sequence[PlaneRun], axes: DeepAxes, dataset: ClassificationDataset, examples: Sequence[int]
) -> list[Image | Curve | Label]:
    """Return what moves."""
    return [
        *_on_plane(runs, axes.plane, dataset),
        *_on_losses(runs, axes.losses),
        *_of_example(runs, axes, dataset, examples),
        *_of_neurons(runs, axes),
    ]


def _on_plane(runs: Sequence[PlaneRun], axes: Axes, dataset: ClassificationDataset) -> list[Image | Curve]:
    by, scores = ("capacity", "epoch"), [scores for run in runs for scores in run.scores]
    limits = plane(dataset)
    lines = np.stack([boundary_points(limits, one) for one in scores])
    x, y = Rows(lines[..., 0], by=by), Rows(lines[..., 1], by=by)
    return [
        Image(name="probability", axes=axes, images=Rows([image_png(one) for one in scores], by=by)),
        Curve(name="boundary", axes=axes, x=x, y=y, color=INK),
    ]


def _of_example(
    runs: Sequence[PlaneRun], axes: DeepAxes, dataset: ClassificationDataset, examples: Sequence[int]
) -> list[Curve]:
    """Return the ring around the chosen example, and the shares of all in the training loss, its own among them."""
    shares = np.concatenate([run.shares[:, examples] for run in runs])
    at, by_state = dataset.X[examples].double().numpy(), ("capacity", "epoch")
    chosen = np.stack([0 * shares.ravel(), shares.ravel()], axis=1)
    stem = {"x": Rows([[one, one] for one in range(len(examples))], by=("example",))}
    stem["y"] = Rows(chosen, by=(*by_state, "example"))
    turn = 2 * np.pi * np.linspace(0, 1, 25)
    size = _RING * (axes.plane.get_ylim()[1] - axes.plane.get_ylim()[0])
    turn = np.append(turn, np.nan)
    x, y = at[:, :1] + size * np.cos(turn), at[:, 1:] + size * np.sin(turn)
    x, y = np.hstack([x, at[:, :1]]), np.hstack([y, at[:, 1:]])  # the last point is the example itself
    ring = {"x": Rows(x, by=("example",)), "y": Rows(y, by=("example",)), "grab": "example", "hover": True}
    dots = {"color": MUTED, "widths": {"dots": 4}}
    return [
        Curve(name="example", axes=axes.plane, color=EXAMPLE, widths={"line": 4}, **ring),
        Curve(name="shares", axes=axes.shares, x=range(len(examples)), y=Rows(shares, by=by_state), **dots),
        Curve(
            name="share",
            axes=axes.shares,
            grab="example",
            hover=True,
            color=EXAMPLE,
            widths={"line": 4, "head": 10},
            **stem,
        ),
    ]


def _of_neurons(runs: Sequence[PlaneRun], axes: DeepAxes) -> list[Image | Curve | Label]:
    """Return what the hidden neurons see, as small maps, while a small network is chosen."""
    small, marks = [run.trace.hidden for run in runs if run.neurons.shape[1]], []
    for capacity, run in enumerate(runs):
        look = {"when": {"capacity": capacity}, "color": MUTED}
        heading = look | {"x": 0.0, "y": 1.12, "anchor": "start", "size": 16}
        if run.trace.hidden in small:
            for layer in (1, 2):
                ax, said = axes.neurons[SMALL_HIDDEN * (layer - 1)], word("deep_maps", layer=layer)
                marks.append(Label(name=f"layer {layer} {capacity}", axes=ax, texts=said, **heading))
            marks += _maps(run, axes.neurons, capacity, look)
        elif small:
            said = word("deep_no_maps", names=", ".join(f"2 × {one}" for one in small))
            marks.append(Label(name=f"no layers {capacity}", axes=axes.neurons[0], texts=said, **heading))
    return marks


def _maps(run: PlaneRun, places: Sequence[Axes], capacity: int, look: dict) -> list[Image | Curve]:
    """Return the maps of a small network's neurons, each in a frame."""
    hidden, marks = run.trace.hidden, []
    for number in range(2 * hidden):
        layer, index = divmod(number, hidden)
        ax, name = places[SMALL_HIDDEN * layer + index], f"{layer + 1}.{index + 1} {capacity}"
        images = Rows([neuron_png(one) for one in run.neurons[:, number]], by=("epoch",))
        frame = {"x": [0, 1, 1, 0, 0], "y": [0, 0, 1, 1, 0], "widths": {"line": 1}}
        marks.append(Image(name=f"neuron {name}", axes=ax, images=images, when=look["when"]))
        marks.append(Curve(name=f"frame {name}", axes=ax, **frame, **look))
    return marks


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
        Label(name="best text", axes=losses, texts=texts, color=MUTED, anchor="start", halo=True, **place),
    ]


def _names_of_lines(runs: Sequence[PlaneRun], losses: Axes) -> list[Label]:
    """Return the names of both lines: that of the training loss under it, the other over the end of its own."""
    by, traces, edge, top = ("capacity",), [run.trace for run in runs], losses.get_xlim()[1], losses.get_ylim()[1]
    below = [max(trace.training_losses[int(0.47 * len(trace.epochs))].item() - 0.085, 0.02) for trace in traces]
    ends = [trace.held_out_losses[int(0.55 * len(trace.epochs)) :].max().item() for trace in traces]
    above = [min(end + 0.04, top - 0.15) for end in ends]
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
            halo=True,
        )
        for name, x, rows, anchor, color in parts
    ]


def caption(runs: Sequence[PlaneRun], data: ClassificationDataset, examples: Sequence[int]) -> Caption:
    """Return the state in words."""
    by_state, by_all = ("capacity", "epoch"), ("capacity", "epoch", "example")
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
            "share": Rows([_percent(one) for run in runs for one in run.shares[:, examples].ravel()], by=by_all),
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


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"
