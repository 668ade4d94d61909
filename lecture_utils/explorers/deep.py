"""A deep network by epoch and capacity: its decision boundary, and the loss on both parts of the data."""

from collections.abc import Mapping, Sequence

from lecture_utils._ground import own_ground
from lecture_utils._live import LivePicture, Rows
from lecture_utils._require import as_list, brief, require_count, require_instance, require_seed
from lecture_utils._words import speaking, word
from lecture_utils.datasets import ClassificationDataset, two_moons
from lecture_utils.explorers._deep_axes import draw_axes
from lecture_utils.explorers._deep_marks import caption, moving, shown_examples
from lecture_utils.explorers._deep_runs import PlaneRun, progress, train_on_plane
from lecture_utils.explorers._explorer import Explorer, buttons, slider, with_label, with_play
from lecture_utils.explorers._networks import TrainingTrace

MAX_EPOCHS, MAX_CAPACITIES, MAX_HIDDEN = 5000, 10, 256
#: Farther from the origin no network of this kind learns anything.
MAX_FEATURE = 1e6


class DeepNetworkExplorer(Explorer):
    """A network in training by capacity and epoch; see `deep_network_explorer`."""

    def __init__(self, runs: Mapping[int, PlaneRun], dataset: ClassificationDataset) -> None:
        self.dataset = dataset
        self._runs = list(runs.values())
        self.traces = {hidden: run.trace for hidden, run in runs.items()}
        epochs, largest = self._runs[0].epochs, self._runs[-1]
        self.examples = shown_examples(len(dataset.y))
        axes, said = draw_axes(self._runs, dataset), caption(self._runs, dataset, self.examples)
        picture = LivePicture(
            {"capacity": len(runs), "epoch": len(epochs), "example": len(self.examples)},
            backgrounds=axes.plane.figure,
            stacked=draw_axes(self._runs, dataset, stacked=True).plane.figure,
            marks=moving(self._runs, axes, dataset, self.examples),
            caption=said,
            verdict=said.only(word("deep_verdict")),
            names={"epoch": word("deep_epochs_done"), "example": word("deep_example")},
            values={
                "epoch": Rows(epochs, by=("epoch",)),
                "example": Rows([one + 1 for one in self.examples], by=("example",)),
            },
            chosen={
                "capacity": len(runs) - 1,
                "example": int(largest.example_losses[largest.rows.index(largest.best), self.examples].argmax()),
            },
        )
        capacity = buttons([word("deep_line") if hidden == 0 else f"2 × {hidden}" for hidden in runs])
        epoch = slider(len(epochs), word("deep_epochs_done"))
        example = slider(len(self.examples), word("deep_example"))
        super().__init__(
            picture,
            controls={"capacity": capacity, "epoch": epoch, "example": example},
            rows=[with_label(capacity, word("deep_hidden")), with_play(epoch, start=0), example],
            telling={"epoch": len(epochs) - 1},
        )

    @property
    def trace(self) -> TrainingTrace:
        """The training on the screen, as far as it is shown."""
        run = self._runs[self.picture.capacity]
        return run.trace.until(run.rows[self.picture.epoch])

    @property
    def share(self) -> float:
        """Which part of the training loss on the screen the chosen example makes up."""
        run, picture = self._runs[self.picture.capacity], self.picture
        return float(run.shares[picture.epoch, self.examples[picture.example]])

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
        The widget; its ``trace`` is the training on the screen, its ``traces`` all of them by `hidden`, its ``share``
        that of the chosen example in the training loss.

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
        with progress(n_epochs) as done:
            runs = train_on_plane(hidden, dataset, n_epochs=n_epochs, seed=seed, done=done)
        return DeepNetworkExplorer(runs, dataset)


def _require_plane(dataset: ClassificationDataset) -> None:
    require_instance(dataset, ClassificationDataset, "dataset")
    if dataset.X.shape[1] != 2:
        raise ValueError(f"dataset must have two features, but it has {dataset.X.shape[1]}")
    farthest = max(X.abs().max().item() for X in (dataset.X, dataset.X_held_out))
    if farthest > MAX_FEATURE:
        raise ValueError(f"dataset must have features up to {MAX_FEATURE:g}, but one is {farthest:g}")
