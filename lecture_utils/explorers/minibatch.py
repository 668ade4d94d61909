"""Mini-batches by batch size, learning rate and number of examples seen."""

from collections.abc import Sequence

import torch

from lecture_utils._ground import own_ground
from lecture_utils._live import LivePicture, Rows
from lecture_utils._require import as_list, brief, require_count, require_instance, require_seed
from lecture_utils._words import speaking, word
from lecture_utils.datasets import Dataset, noisy_examples
from lecture_utils.descent import hessian
from lecture_utils.explorers._explorer import Explorer, buttons, nearest, slider, with_label, with_play
from lecture_utils.explorers._minibatch_marks import caption, draw_axes, moving, weights_text
from lecture_utils.explorers._minibatch_runs import N_LEARNING_RATES, run_all_sizes, weights_box
from lecture_utils.explorers._regression import nearest_minimum, require_range
from lecture_utils.minibatch import MiniBatchTrace

MAX_EXAMPLES = 4096
MAX_BATCH_SIZES = 8


class MinibatchExplorer(Explorer):
    """Gradient descent by batch size, learning rate and examples seen; see `minibatch_explorer`."""

    def __init__(self, dataset: Dataset, *, batch_sizes: Sequence[int], n_epochs: int, seed: int) -> None:
        self._runs = run_all_sizes(dataset, batch_sizes, n_epochs=n_epochs, seed=seed)
        self.dataset = dataset
        axes, said = draw_axes(self._runs), caption(self._runs)
        picture = LivePicture(
            {"batch": len(batch_sizes), "learning_rate": N_LEARNING_RATES, "examples": len(self._runs.stops)},
            backgrounds=axes.surface.figure,
            stacked=draw_axes(self._runs, stacked=True).surface.figure,
            marks=[mark for batch in range(len(batch_sizes)) for mark in moving(self._runs, axes, batch=batch)],
            caption=said,
            verdict=said.only(word("deep_minibatch_verdict")),
            values={
                "learning_rate": Rows([f"{rate:.3g}" for rate in self._runs.rates], by=("learning_rate",)),
                "examples": Rows(self._runs.stops, by=("examples",)),
            },
            names={"examples": word("deep_examples_shown")},
            chosen={
                "batch": len(batch_sizes) // 2,
                "learning_rate": nearest(self._runs.rates, dataset.learning_rate),
            },
        )
        batch = buttons([str(size) for size in batch_sizes])
        learning_rate = slider(N_LEARNING_RATES, word("learning_rate"))
        examples = slider(len(self._runs.stops), word("deep_examples_shown"))
        super().__init__(
            picture,
            controls={"batch": batch, "learning_rate": learning_rate, "examples": examples},
            rows=[with_label(batch, word("deep_batch_size")), learning_rate, with_play(examples, start=0)],
            telling={"examples": len(self._runs.stops) - 1},
        )

    @property
    def trace(self) -> MiniBatchTrace:
        """The run on the screen: the chosen batch size and learning rate, as far as it is shown."""
        run = self._runs.traces[self.picture.batch][self.picture.learning_rate]
        return run.until(self._runs.steps[self.picture.batch][self.picture.examples])

    def __repr__(self) -> str:
        """Say in numbers, in no language, where the run on the screen stands."""
        trace, weights = self.trace, weights_text(self.trace.weights[-1].tolist())
        return (
            f"minibatch_explorer: batch_size = {trace.batch_size}, learning_rate = {trace.learning_rate:.3g}, "
            f"steps = {trace.n_steps}, weights = {weights}, loss = {trace.losses[-1]:.3f}"
        )


@own_ground()
def minibatch_explorer(
    dataset: Dataset | None = None,
    *,
    batch_sizes: Sequence[int] = (1, 4, 16, 64, 256),
    n_epochs: int = 6,
    seed: int = 0,
    language: str | None = None,
) -> MinibatchExplorer:
    """Show mini-batches live: batch size × learning rate × how many examples have been seen.

    Parameters
    ----------
    dataset : Dataset, optional
        What to learn from: two features; `noisy_examples()` by default.
    batch_sizes : sequence of int
        The sizes on the buttons, up to 8, each from 1 to the number of examples, and none twice.
    n_epochs : int
        How many times each run goes through all examples; at most 4096 examples in all.
    seed : int
        Which random orders.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    MinibatchExplorer
        The widget; its ``trace`` is the run on the screen, its ``dataset`` what that run learns from.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a number is out of range, or the dataset does not have two features, both of which vary, or nothing is to
        be learnt from it.
    """
    dataset = noisy_examples() if dataset is None else dataset
    _require_two_features(dataset)
    n = len(dataset.y)
    batch_sizes = as_list(batch_sizes, "batch_sizes", of="whole numbers", most=MAX_BATCH_SIZES)
    for size in batch_sizes:
        require_count(size, "batch_sizes")
        if size > n:
            raise ValueError(f"batch_sizes must be at most {n}, the number of examples, but one is {brief(size)}")
    if not batch_sizes or len(set(batch_sizes)) < len(batch_sizes):
        raise ValueError(f"batch_sizes must name at least one size, and none twice, but it is {brief(batch_sizes)}")
    require_count(n_epochs, "n_epochs")
    if int(n_epochs) * n > MAX_EXAMPLES:
        raise ValueError(f"n_epochs must keep to {MAX_EXAMPLES} examples in all, but it is {brief(n_epochs)} times {n}")
    require_seed(seed)
    with speaking(language):
        return MinibatchExplorer(dataset, batch_sizes=tuple(batch_sizes), n_epochs=n_epochs, seed=seed)


def _require_two_features(dataset: Dataset) -> None:
    require_instance(dataset, Dataset, "dataset")
    if dataset.X.shape[1] != 2 or torch.linalg.eigvalsh(hessian(dataset))[0] < 1e-6:
        raise ValueError("dataset must have two features that vary, neither of them a multiple of the other")
    minimum = nearest_minimum(dataset)
    if minimum @ hessian(dataset) @ minimum < 1e-12:
        raise ValueError("dataset must have something to learn, but zeros are its best weights")
    require_range(dataset, "dataset", weights_box(minimum))
