"""Gradient descent by dataset, learning rate and number of steps."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._live import LivePicture, Rows
from lecture_utils._require import brief, require_count, require_instance, require_one_of
from lecture_utils._words import speaking, word
from lecture_utils.datasets import DATASETS, Dataset
from lecture_utils.descent import Trace, gradient_descent, start_weights
from lecture_utils.explorers._descent_marks import caption, draw_axes, moving, values, verdict
from lecture_utils.explorers._descent_runs import N_LEARNING_RATES, DescentRuns, prepare_all_rates, wide_box
from lecture_utils.explorers._explorer import Explorer, buttons, nearest, slider, with_label, with_play
from lecture_utils.explorers._regression import Box, loss_text, require_range, weights_text

N_STOPS = 61
MAX_STEPS = 2000
MAX_DATASETS = 10
_NAMES = {"learning_rate": "learning_rate", "step": "steps_shown", "start": "start_point"}


class DescentExplorer(Explorer):
    """Gradient descent by dataset, learning rate and number of steps; see `descent_explorer`."""

    def __init__(self, runs: Mapping[str, DescentRuns], *, name: str, start: Sequence[float]) -> None:
        self._runs = list(runs.values())
        n_stops = len(self._runs[0].stops)
        drawn = [draw_axes(run) for run in self._runs]
        picture = LivePicture(
            {"dataset": len(runs), "learning_rate": N_LEARNING_RATES, "step": n_stops},
            backgrounds=Rows([axes.surface.figure for axes in drawn], by=("dataset",)),
            stacked=Rows([draw_axes(run, stacked=True).surface.figure for run in self._runs], by=("dataset",)),
            marks=[mark for index, run in enumerate(self._runs) for mark in moving(run, drawn[index], dataset=index)],
            caption=caption(self._runs),
            verdict=verdict(self._runs),
            values=values(self._runs),
            names={name: word(key) for name, key in _NAMES.items()},
            chosen={
                "dataset": list(runs).index(name),
                "learning_rate": nearest(runs[name].rates, runs[name].dataset.learning_rate),
            },
            placed={"start": start},
        )
        dataset, step = buttons(runs), slider(n_stops, word("steps_shown"))
        learning_rate = slider(N_LEARNING_RATES, word("learning_rate"))
        super().__init__(
            picture,
            controls={"dataset": dataset, "learning_rate": learning_rate, "step": step},
            rows=[with_label(dataset, word("dataset")), learning_rate, with_play(step, start=0)],
            telling={"step": n_stops - 1},
        )

    @property
    def dataset(self) -> Dataset:
        """The chosen dataset."""
        return self._runs[self.picture.dataset].dataset

    @property
    def trace(self) -> Trace:
        """The run on the screen: the chosen dataset, learning rate and start, the steps shown."""
        run, picture = self._runs[self.picture.dataset], self.picture
        whole = gradient_descent(
            run.dataset,
            learning_rate=run.rates[picture.learning_rate],
            n_steps=run.n_steps,
            start=run.motion.placed(picture.start),
        )
        return whole.until(run.stops[picture.step])

    def __repr__(self) -> str:
        """Say in numbers, in no language, where the run on the screen stands."""
        trace = self.trace
        return (
            f"descent_explorer: learning_rate = {trace.learning_rate:.4g}, step = {trace.n_steps}, "
            f"weights = {weights_text(trace.weights[-1].tolist())}, loss {loss_text(trace.losses[-1].item())}"
        )


@own_ground()
def descent_explorer(
    datasets: Mapping[str, Dataset] = DATASETS,
    *,
    dataset: str | None = None,
    n_steps: int | None = None,
    start: Tensor | Sequence[float] | None = None,
    language: str | None = None,
) -> DescentExplorer:
    """Show gradient descent live: dataset × learning rate × how many steps are shown.

    Parameters
    ----------
    datasets : mapping of str to Dataset
        The data by the name on their button, each with two features, up to 10; the lecture's two variants by default.
    dataset : str, optional
        The name of the data shown first; the first one by default.
    n_steps : int, optional
        How many steps to run, from 1 to 2000; by default as many as each dataset says, and 60 at least.
    start : Tensor or sequence of float, shape (2,), optional
        The first weights, which the reader may then move; zeros by default.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    DescentExplorer
        The widget; its ``trace`` is the run on the screen, its ``dataset`` what that run learns from.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a name is unknown, a number is out of range, or data do not have two features, one of which varies, or
        float32 cannot hold their losses.
    """
    boxes = _require_datasets(datasets, start)
    name = next(iter(datasets)) if dataset is None else dataset
    require_one_of(name, datasets, "dataset")
    if n_steps is not None:
        require_count(n_steps, "n_steps", most=MAX_STEPS)
    steps = {key: n_steps or max(data.n_steps, N_STOPS - 1) for key, data in datasets.items()}
    if max(steps.values()) > MAX_STEPS:
        raise ValueError(f"n_steps must be at most {MAX_STEPS} here, for every step is kept; but it is {steps}")
    n_stops = min(N_STOPS, min(steps.values()) + 1)
    with speaking(language):
        runs = {
            key: prepare_all_rates(data, boxes[key], n_steps=steps[key], n_stops=n_stops, start=start)
            for key, data in datasets.items()
        }
        return DescentExplorer(runs, name=name, start=start_weights(datasets[name], start).tolist())


def _require_datasets(datasets: Mapping[str, Dataset], start: Tensor | Sequence[float] | None) -> dict[str, Box]:
    """Return what to draw of each dataset, or raise."""
    if not isinstance(datasets, Mapping) or not datasets:
        raise TypeError(f"datasets must be a mapping of names to Dataset, but it is {brief(datasets)}")
    if len(datasets) > MAX_DATASETS:
        raise ValueError(f"datasets must have at most {MAX_DATASETS} names, but it has {len(datasets)}")
    boxes = {}
    for key, data in datasets.items():
        name = f"datasets[{key!r}]"
        require_instance(data, Dataset, name)
        if data.X.shape[1] != 2:
            raise ValueError(f"{name} must have two features, but it has {data.X.shape[1]}")
        if not data.X.any():
            raise ValueError(f"{name} must have a feature that is not always zero")
        boxes[key] = wide_box(data, start)
        require_range(data, name, boxes[key])
    return boxes
