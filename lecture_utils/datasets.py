"""The data that the lecture learns from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._require import (
    brief,
    require_between,
    require_classes,
    require_count,
    require_float32,
    require_one_of,
    require_positive,
    require_seed,
)

#: How many examples there can be, how far noise can throw them, and how many steps a run can make: every step is kept.
MAX_EXAMPLES, MAX_NOISE, MAX_STEPS = 1_000_000, 1e6, 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset:
    """Observations for linear regression without bias, y = X·w, and how the lecture trains on them.

    Attributes
    ----------
    X : Tensor, float32, shape (n_examples, n_features)
        One example per row.
    y : Tensor, float32, shape (n_examples,)
        The target of each example.
    learning_rate : float
        The learning rate γ to train with.
    n_steps : int
        How many steps to train for, up to a million.
    true_weights : Tensor, float32, shape (n_features,), optional
        The weights that made the targets, where they are known.

    Raises
    ------
    TypeError
        If X, y or true_weights is no float32 tensor, or a number is none.
    ValueError
        If a shape does not fit, or a value is not finite or not positive.
    """

    X: Tensor
    y: Tensor
    learning_rate: float
    n_steps: int
    true_weights: Tensor | None = None

    def __post_init__(self) -> None:
        require_float32(self.X, "X")
        if self.X.ndim != 2 or 0 in self.X.shape:
            raise ValueError(f"X must have shape (n_examples, n_features), but it has {tuple(self.X.shape)}")
        require_float32(self.y, "y", shape=self.X.shape[:1])
        if self.true_weights is not None:
            require_float32(self.true_weights, "true_weights", shape=self.X.shape[1:])
        require_positive(self.learning_rate, "learning_rate")
        require_count(self.n_steps, "n_steps", most=MAX_STEPS)
        for name in ("X", "y", "true_weights"):
            tensor = getattr(self, name)
            if tensor is not None:  # a copy, so that no later cell changes the data behind a picture
                object.__setattr__(self, name, tensor.detach().cpu().clone())
        object.__setattr__(self, "learning_rate", float(self.learning_rate))
        object.__setattr__(self, "n_steps", int(self.n_steps))


@dataclass(frozen=True, eq=False, kw_only=True)
class ClassificationDataset:
    """Examples of two classes: a part to train on, and a part held out, which training never sees.

    Attributes
    ----------
    X : Tensor, float32, shape (n_train, n_features)
        One training example a row.
    y : Tensor, float32, shape (n_train,)
        The class of each training example: 0 or 1.
    X_held_out : Tensor, float32, shape (n_held_out, n_features)
        One held-out example a row.
    y_held_out : Tensor, float32, shape (n_held_out,)
        The class of each held-out example: 0 or 1.

    Raises
    ------
    TypeError
        If one of them is no float32 tensor.
    ValueError
        If a shape does not fit, a value is not finite, or a class is neither 0 nor 1.
    """

    X: Tensor
    y: Tensor
    X_held_out: Tensor
    y_held_out: Tensor

    def __post_init__(self) -> None:
        for name, classes in (("X", "y"), ("X_held_out", "y_held_out")):
            X, y = getattr(self, name), getattr(self, classes)
            require_float32(X, name)
            if X.ndim != 2 or 0 in X.shape or X.shape[1] != self.X.shape[1]:
                raise ValueError(f"{name} must have shape (n_examples, n_features), but it has {tuple(X.shape)}")
            require_classes(y, classes, shape=X.shape[:1])
            object.__setattr__(self, name, X.detach().cpu().clone())
            object.__setattr__(self, classes, y.detach().cpu().clone())


@own_ground()
def _lecture_dataset(
    rows: list[list[float]], true_weights: list[float], *, learning_rate: float, n_steps: int
) -> Dataset:
    X, w = torch.tensor(rows), torch.tensor(true_weights)
    return Dataset(X=X, y=X @ w, true_weights=w, learning_rate=learning_rate, n_steps=n_steps)


#: The lecture's two variants. "1": the second feature never varies. "2": it is far larger than the first.
#: Source: S. V. Makrushin, "Deep learning", lecture 2, 2023.
DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        "1": _lecture_dataset(
            [[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0]], [2.0, 0.0], learning_rate=0.05, n_steps=21
        ),
        "2": _lecture_dataset(
            [[1.0, 40.0], [2.0, 30.0], [3.0, 20.0], [4.0, 10.0]], [2.0, 1.0], learning_rate=0.0013, n_steps=1001
        ),
    }
)


def get_dataset(name: str, datasets: Mapping[str, Dataset] = DATASETS) -> Dataset:
    """Return the dataset called `name`.

    Raises
    ------
    TypeError
        If `datasets` is no mapping.
    ValueError
        If it has no such name; the error lists the names there are.
    """
    if not isinstance(datasets, Mapping):
        raise TypeError(f"datasets must be a mapping of names to Dataset, but it is {brief(datasets)}")
    require_one_of(name, datasets, "dataset")
    return datasets[name]


@own_ground()
def two_moons(
    *, n_train: int = 200, n_held_out: int = 1000, noise: float = 0.15, seed: int = 0
) -> ClassificationDataset:
    """Return two classes that no line separates: two half circles that reach into each other.

    Parameters
    ----------
    n_train, n_held_out : int
        How many examples there are to train on, and how many are held out: every second one of class 1;
        from 1 to 1 000 000 each.
    noise : float
        How far the points stray from their half circle of radius 1: the standard deviation along each axis,
        from 0 to a million.
    seed : int
        Which random points, from 0 to 2⁶³ − 1; the same points on every machine.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is out of range.
    """
    require_count(n_train, "n_train", most=MAX_EXAMPLES)
    require_count(n_held_out, "n_held_out", most=MAX_EXAMPLES)
    require_between(noise, "noise", 0, MAX_NOISE)
    require_seed(seed)
    noise, generator = float(noise), torch.Generator().manual_seed(int(seed))
    X, y = _moons(n_train, noise, generator)
    X_held_out, y_held_out = _moons(n_held_out, noise, generator)
    return ClassificationDataset(X=X, y=y, X_held_out=X_held_out, y_held_out=y_held_out)


@own_ground()
def noisy_examples(*, n_examples: int = 256, noise: float = 0.5, seed: int = 0) -> Dataset:
    """Return many examples of two features, y = X·(2, 1) + noise, for training in mini-batches.

    Parameters
    ----------
    n_examples : int
        How many examples there are, from 1 to 1 000 000.
    noise : float
        The standard deviation of what is added to the targets, from 0 to a million.
    seed : int
        Which random numbers, from 0 to 2⁶³ − 1; the same numbers on every machine.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is out of range.
    """
    require_count(n_examples, "n_examples", most=MAX_EXAMPLES)
    require_between(noise, "noise", 0, MAX_NOISE)
    require_seed(seed)
    noise, generator = float(noise), torch.Generator().manual_seed(int(seed))
    spread, true_weights = torch.tensor([0.5, 1.0]), torch.tensor([2.0, 1.0])
    X = _thousandths(spread * _normal(n_examples, 2, generator=generator))
    y = _thousandths(X.double() @ true_weights.double() + noise * _normal(n_examples, generator=generator))
    return Dataset(X=X, y=y, true_weights=true_weights, learning_rate=0.1, n_steps=100)


def _moons(n: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    angle = torch.pi * torch.rand(n, generator=generator, dtype=torch.float64)
    upper = torch.stack([angle.cos(), angle.sin()], dim=1)
    lower = torch.tensor([1.0, 0.5], dtype=torch.float64) - upper  # the same half circle, turned over and moved
    y = torch.arange(n) % 2
    X = torch.where(y[:, None] == 1, lower, upper) + noise * _normal(n, 2, generator=generator)
    return _thousandths(X), y.float()


def _normal(*shape: int, generator: torch.Generator) -> Tensor:
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def _thousandths(numbers: Tensor) -> Tensor:
    """Round, so that processors that differ in the last bits of a sine give the same numbers; float32."""
    return (1000 * numbers).round().div(1000).float()
