"""What public functions ask of their arguments: an error names the argument, its value and what is accepted."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from numbers import Integral, Real

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like
from numpy.typing import ArrayLike
from torch import Tensor

from lecture_utils._brief import brief

#: The range of the positive numbers that float32 holds with all their digits.
SMALLEST, LARGEST = torch.finfo(torch.float32).tiny, torch.finfo(torch.float32).max
MAX_SEED = 2**63 - 1
_FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def require_instance(value: object, kind: type, name: str) -> None:
    """Raise unless `value` is an instance of `kind`."""
    if not isinstance(value, kind):
        called = "torch.Tensor" if kind is Tensor else kind.__name__
        article = "an" if called[0] in "AEIOUaeiou" else "a"
        raise TypeError(f"{name} must be {article} {called}, but it is {brief(value)}")


def require_one_of(value: object, choices: Collection[object], name: str) -> None:
    """Raise unless `value` is one of `choices`."""
    try:
        hash(value)
        known = value in choices
    except TypeError:  # what has no hash is none of them
        known = False
    if not known:
        raise ValueError(f"{name} must be one of {brief(list(choices))}, but it is {brief(value)}")


def require_named(values: Mapping[str, object], name: str) -> None:
    """Raise unless `values` is a mapping that has at least one name, each of them a text."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping of names to values, but it is {brief(values)}")
    if not values:
        raise ValueError(f"{name} must have at least one name, but it is {brief(values)}")


def require_tensor(tensor: Tensor, name: str, *, kind: str = "torch.Tensor") -> None:
    """Raise unless `tensor` is a dense tensor."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a {kind}, but it is {brief(tensor)}")
    if tensor.layout != torch.strided:
        raise TypeError(f"{name} must be a dense tensor, but its layout is {tensor.layout}")
    if tensor.is_meta:
        raise TypeError(f"{name} must hold numbers, but it is on the device 'meta', which keeps none")


def require_floating(tensor: Tensor, name: str, *, dtype: torch.dtype | None = None) -> None:
    """Raise unless `tensor` is a tensor of floating numbers, of `dtype` where one is given."""
    require_tensor(tensor, name, kind="torch.Tensor of a floating dtype")
    if tensor.dtype not in _FLOATING:
        raise TypeError(f"{name} must have a floating dtype, but it has {tensor.dtype}")
    if dtype is not None and tensor.dtype != dtype:
        raise TypeError(f"{name} must have dtype {dtype}, but it has {tensor.dtype}")


def require_float32(tensor: Tensor, name: str, *, shape: tuple[int, ...] | None = None) -> None:
    """Raise unless `tensor` is a finite float32 tensor, of `shape` where one is given."""
    require_tensor(tensor, name, kind="torch.Tensor of dtype float32")
    if tensor.dtype != torch.float32:
        raise TypeError(f"{name} must have dtype torch.float32, but it has {tensor.dtype}")
    if shape is not None and tensor.shape != shape:
        raise ValueError(f"{name} must have shape {tuple(shape)}, but it has {tuple(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{name} must hold finite numbers only, but it holds {brief(tensor.tolist())}")


def require_classes(classes: Tensor, name: str, *, shape: tuple[int, ...]) -> None:
    """Raise unless `classes` is a float32 tensor of zeros and ones of that shape."""
    require_float32(classes, name, shape=shape)
    if not ((classes == 0) | (classes == 1)).all():
        raise ValueError(f"{name} must hold zeros and ones only, but it holds {brief(classes.unique().tolist())}")


def require_positive(number: float, name: str) -> None:
    """Raise unless `number` is a positive, finite real number."""
    require_between(number, name, SMALLEST, LARGEST, accepted="positive finite number")  # float32 has no others


def require_between(number: float, name: str, low: float, high: float, *, accepted: str | None = None) -> None:
    """Raise unless `number` is a real number from `low` to `high`; `accepted` says so in other words."""
    accepted = accepted or f"number from {low:g} to {high:g}"
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{name} must be a {accepted}, but it is {brief(number)}")
    if not low <= number <= high:
        raise ValueError(f"{name} must be a {accepted}, but it is {brief(number)}")


def require_count(number: int, name: str, *, least: int = 1, most: float = math.inf) -> None:
    """Raise unless `number` is a whole number of at least `least` and at most `most`."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{name} must be a whole number of at least {least}, but it is {brief(number)}")
    if not isinstance(number, Integral) or number < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, but it is {brief(number)}")
    if number > most:
        raise ValueError(f"{name} must be at most {most}, but it is {brief(number)}")


def require_seed(seed: int) -> None:
    """Raise unless `seed` is one that torch's generators take."""
    require_count(seed, "seed", least=0, most=MAX_SEED)


def as_list(values: Iterable[object], name: str, *, of: str, most: int = 10_000) -> list:
    """Return the values as a list, or raise; `of` says what they must be, of which there are at most `most`."""
    try:
        found = list(islice(values, most + 1))
    except Exception as error:  # a TypeError, or whatever the values' own class raises
        raise TypeError(f"{name} must be {of}, but it is {brief(values)}") from error
    if len(found) > most:
        raise ValueError(f"{name} must be at most {most}, but there are more")
    return found


def as_rates(rates: Sequence[float], name: str) -> list[float]:
    """Return learning rates as a list, or raise unless each is a positive finite number."""
    rates = as_list(rates, name, of="positive finite numbers")
    for rate in rates:
        require_positive(rate, name)
    return rates


def require_axes(ax: Axes, name: str = "ax") -> None:
    """Raise unless `ax` is one pair of matplotlib's axes."""
    require_instance(ax, Axes, name)


def require_color(color: str, name: str = "color") -> None:
    """Raise unless matplotlib knows the colour."""
    if not isinstance(color, str) or not is_color_like(color):
        raise ValueError(f"{name} must be the name of a colour, but it is {brief(color)}")


def require_label(label: str | None) -> None:
    """Raise unless `label` is a text, or None for a curve without one."""
    if label is not None:
        require_instance(label, str, "label")


def as_numbers(
    values: ArrayLike,
    name: str,
    shape: tuple[int | str, ...],
    *,
    low: float = -LARGEST,
    high: float = LARGEST,
    gaps: bool = False,
) -> np.ndarray:
    """Return real numbers as a floating array to draw, or raise unless they are finite, in range and of that shape.

    In `shape`, a text stands for any length of at least 1. With `gaps`, what is not finite becomes NaN.
    """
    array = real_array(values, name)
    fits = array.ndim == len(shape) and all(
        length >= 1 if isinstance(wanted, str) else length == wanted
        for length, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
        raise ValueError(f"{name} must have shape {wanted}, but it has {array.shape}")
    finite = np.abs(array) <= LARGEST  # a comparison with NaN is false
    if not finite.all():
        if not gaps:
            raise ValueError(f"{name} must hold finite numbers only, but it holds {brief(array.tolist())}")
        array = np.where(finite, array, np.nan)
    if (array[finite] < low).any() or (array[finite] > high).any():
        wanted = f"at least {low:g}" if high == LARGEST else f"from {low:g} to {high:g}"
        raise ValueError(f"{name} must hold numbers {wanted}, but it holds {brief(array.tolist())}")
    return array


def as_surface(
    x: ArrayLike,
    y: ArrayLike,
    values: ArrayLike,
    *,
    names: tuple[str, str, str],
    low: float = -LARGEST,
    high: float = LARGEST,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return n and m coordinates, two or more, and values over them, shape (m, n), from `low` to `high`; or raise."""
    x, y = as_numbers(x, names[0], ("n",)), as_numbers(y, names[1], ("m",))
    for name, coordinates in zip(names, (x, y), strict=False):
        if len(coordinates) < 2:
            raise ValueError(f"{name} must have at least 2 numbers, but it has {len(coordinates)}")
    return x, y, as_numbers(values, names[2], (len(y), len(x)), low=low, high=high)


def real_array(values: ArrayLike, name: str, *, accepted: str = "hold real numbers") -> np.ndarray:
    """Return real numbers as an array of float32 or float64, those of a tensor without its graph; or raise."""
    if isinstance(values, (list, tuple)):
        values = [value.detach().cpu() if isinstance(value, Tensor) else value for value in values]
    try:
        if isinstance(values, Tensor):
            values = values.detach().cpu()
            values = values.float() if values.dtype in (torch.float16, torch.bfloat16) else values
        array = np.asarray(values)
    except Exception as error:  # of numpy, of torch, or whatever the values' own class raises
        raise TypeError(f"{name} must {accepted}, but it is {brief(values)}") from error
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must {accepted}, but it is {brief(values)}")
    with np.errstate(over="ignore"):  # what float64 cannot hold is infinite
        return array if array.dtype in (np.float32, np.float64) else array.astype(float)
