"""The data that the lecture learns from."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType

import torch
from torch import Tensor

_SMALLEST, _LARGEST = torch.finfo(torch.float32).tiny, torch.finfo(torch.float32).max


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset:
    """Observations for linear regression without bias, y = X·w, and how the lecture trains on them.

    Attributes
    ----------
    X : Tensor, float32, shape (n_observations, n_features)
        One observation a row.
    y : Tensor, float32, shape (n_observations,)
        The target of each observation.
    learning_rate : float
        The learning rate γ to train with.
    n_steps : int
        How many steps to train for.
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
            raise ValueError(f"X must have shape (n_observations, n_features), but it has {tuple(self.X.shape)}")
        require_float32(self.y, "y", shape=self.X.shape[:1])
        if self.true_weights is not None:
            require_float32(self.true_weights, "true_weights", shape=self.X.shape[1:])
        require_positive(self.learning_rate, "learning_rate")
        require_count(self.n_steps, "n_steps")
        for name in ("X", "y", "true_weights"):
            tensor = getattr(self, name)
            if tensor is not None:  # a copy, so that no later cell changes the data behind a picture
                object.__setattr__(self, name, tensor.detach().clone())


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
            require_float32(y, classes, shape=X.shape[:1])
            if not ((y == 0) | (y == 1)).all():
                raise ValueError(f"{classes} must hold zeros and ones only, but it holds {y.unique().tolist()}")
            object.__setattr__(self, name, X.detach().clone())
            object.__setattr__(self, classes, y.detach().clone())


def require_float32(tensor: Tensor, name: str, *, shape: tuple[int, ...] | None = None) -> None:
    """Raise unless `tensor` is a finite float32 tensor, of `shape` where one is given."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor of dtype float32, but it is {tensor!r}")
    if tensor.dtype != torch.float32:
        raise TypeError(f"{name} must have dtype torch.float32, but it has {tensor.dtype}")
    if shape is not None and tensor.shape != shape:
        raise ValueError(f"{name} must have shape {tuple(shape)}, but it has {tuple(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{name} must hold finite numbers only, but it holds {tensor.tolist()}")


def require_dataset(dataset: Dataset) -> None:
    """Raise unless `dataset` is a Dataset."""
    if not isinstance(dataset, Dataset):
        raise TypeError(f"dataset must be a Dataset, but it is {dataset!r}")


def require_positive(number: float, name: str) -> None:
    """Raise unless `number` is a positive, finite real number."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{name} must be a positive finite number, but it is {number!r}")
    if not _SMALLEST <= number <= _LARGEST:  # outside, float32 would make it 0 or inf
        raise ValueError(f"{name} must be a positive finite number, but it is {number!r}")


def require_count(number: int, name: str) -> None:
    """Raise unless `number` is a whole number of at least 1."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{name} must be a whole number of at least 1, but it is {number!r}")
    if not isinstance(number, Integral) or number < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, but it is {number!r}")


def require_natural(number: int, name: str) -> None:
    """Raise unless `number` is a whole number of at least 0."""
    if isinstance(number, bool) or not isinstance(number, Integral):
        raise TypeError(f"{name} must be a whole number of at least 0, but it is {number!r}")
    if number < 0:
        raise ValueError(f"{name} must be a whole number of at least 0, but it is {number!r}")


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
    """Return the dataset called `name`, or raise a ValueError that lists the names there are."""
    if name not in list(datasets):
        raise ValueError(f"dataset must be one of {list(datasets)}, but it is {name!r}")
    return datasets[name]


def two_moons(
    *, n_train: int = 200, n_held_out: int = 1000, noise: float = 0.15, seed: int = 0
) -> ClassificationDataset:
    """Return two classes that no line separates: two half circles that reach into each other.

    Parameters
    ----------
    n_train, n_held_out : int
        How many examples there are to train on, and how many are held out: every second one of class 1.
    noise : float
        How far the points stray from their half circle of radius 1: the standard deviation along each axis.
    seed : int
        Which random points; the same points on every machine.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is out of range.
    """
    require_count(n_train, "n_train")
    require_count(n_held_out, "n_held_out")
    _require_noise(noise)
    require_natural(seed, "seed")
    generator = torch.Generator().manual_seed(seed)
    X, y = _moons(n_train, noise, generator)
    X_held_out, y_held_out = _moons(n_held_out, noise, generator)
    return ClassificationDataset(X=X, y=y, X_held_out=X_held_out, y_held_out=y_held_out)


def noisy_observations(*, n_observations: int = 256, noise: float = 0.5, seed: int = 0) -> Dataset:
    """Return many observations of two features, y = X·(2, 1) + noise, for training in mini-batches.

    Parameters
    ----------
    n_observations : int
        How many observations there are.
    noise : float
        The standard deviation of what is added to the targets.
    seed : int
        Which random numbers; the same numbers on every machine.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is out of range.
    """
    require_count(n_observations, "n_observations")
    _require_noise(noise)
    require_natural(seed, "seed")
    generator = torch.Generator().manual_seed(seed)
    spread, true_weights = torch.tensor([0.5, 1.0]), torch.tensor([2.0, 1.0])
    X = _thousandths(spread * _normal(n_observations, 2, generator=generator))
    y = _thousandths(X.double() @ true_weights.double() + noise * _normal(n_observations, generator=generator))
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


def _require_noise(noise: float) -> None:
    if isinstance(noise, bool) or not isinstance(noise, Real):
        raise TypeError(f"noise must be a finite number of at least 0, but it is {noise!r}")
    if not 0 <= noise <= _LARGEST:
        raise ValueError(f"noise must be a finite number of at least 0, but it is {noise!r}")
