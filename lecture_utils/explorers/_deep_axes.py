"""Where the deep-network explorer draws, and what does not move there, in each of its layouts."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from lecture_utils import plots
from lecture_utils._look.style import new_figure, picture_style
from lecture_utils.datasets import ClassificationDataset
from lecture_utils.explorers._deep_runs import RATIO, SMALL_HIDDEN, PlaneRun, plane
from lecture_utils.plots._axes import epoch_axes, shares_axes

MAX_EXAMPLES = 60
_HIGHEST_LOSS = 1.15  # on the axis


class _Places(NamedTuple):
    """The size of a picture, and where its parts stand, in inches; maps: left edge, bottom, width of each, and gap."""

    size: tuple[float, float]
    plane: tuple[float, float, float]
    losses: tuple[float, float, float, float]
    shares: tuple[float, float, float, float]
    maps: tuple[float, float, float, float]


_WIDE = _Places((9.6, 5.1), (0.8, 1.9, 3.1), (5.95, 2.55, 3.4, 2.45), (5.95, 0.68, 3.4, 1.0), (0.8, 0.12, 0.66, 0.08))
_STACKED = _Places((3.6, 6.9), (0.6, 4.7, 2.1), (0.68, 2.6, 2.66, 1.5), (0.68, 1.3, 2.66, 0.7), (0.1, 0.08, 0.52, 0.03))


class DeepAxes(NamedTuple):
    """Where the plane is drawn, the losses, the shares of the examples, and the maps of the neurons."""

    plane: Axes
    losses: Axes
    shares: Axes
    neurons: list[Axes]


def draw_axes(runs: Sequence[PlaneRun], dataset: ClassificationDataset, *, stacked: bool = False) -> DeepAxes:
    """Draw what does not move."""
    places, last = _STACKED if stacked else _WIDE, runs[0].epochs[-1]
    (width, height), (left, bottom, tall) = places.size, places.plane
    with picture_style(stacked=stacked):
        figure = new_figure(width, height)

        def box(left: float, bottom: float, across: float, up: float) -> Axes:
            return figure.add_axes((left / width, bottom / height, across / width, up / height))

        axes = DeepAxes(
            plane=box(left, bottom, tall * RATIO, tall),
            losses=box(*places.losses),
            shares=box(*places.shares),
            neurons=[box(*place) for place in _of_maps(*places.maps)],
        )
        plots.classes(axes.plane, dataset.X, dataset.y, size=24 if stacked else 48)
        limits = plane(dataset)
        axes.plane.set(xlim=limits[0], ylim=limits[1])
        epoch_axes(axes.losses)
        axes.losses.set(xlim=(-0.025 * last, 1.025 * last), ylim=(0, _HIGHEST_LOSS))
        for ax in axes.neurons:
            ax.set_axis_off()
        n_examples, highest = len(dataset.y), max(0.01, *(run.shares.max() for run in runs))
        shares_axes(axes.shares, n_examples=min(n_examples, MAX_EXAMPLES), highest=highest)
    return axes


def _of_maps(left: float, bottom: float, width: float, gap: float) -> list[tuple[float, float, float, float]]:
    """Return where the maps of the neurons stand, those of one layer beside those of the other."""
    lefts = (left + (width + gap) * index + 2 * gap * (index >= SMALL_HIDDEN) for index in range(2 * SMALL_HIDDEN))
    return [(one, bottom, width, width / RATIO) for one in lefts]
