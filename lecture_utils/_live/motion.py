"""What the page itself computes: where a point goes that the reader may put anywhere, and how that is said in numbers.

live.js does the same sums in the same order, so that the picture and its words are the same on both sides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

import numpy as np

from lecture_utils._letters import power_of_ten

_LARGEST = 3.4028234663852886e38  # what float32 holds
_FARTHEST = 1e150  # so that squares do not overflow, and directions stay true


@dataclass(frozen=True, eq=False, kw_only=True)
class Motion:
    """How a point moves on: its deviation from `origin` along each of two directions is multiplied by a factor.

    Attributes
    ----------
    point : str
        The trait of the picture that says where the point is put.
    low, high : sequence of two floats
        The corners of the box in which it can be put.
    origin : sequence of two floats
        Where it would stay.
    directions : array, shape (2, 2)
        The directions, one a row, at right angles and of length 1.
    factors : array, float32, shape (n_rows, n_points, 2)
        For each combination of the choices in `by`, what the two deviations are multiplied by at each point.
    by : tuple of str
        The choices, slowest first.
    """

    point: str
    low: Sequence[float]
    high: Sequence[float]
    origin: Sequence[float]
    directions: np.ndarray
    factors: np.ndarray
    by: tuple[str, ...]

    def placed(self, place: Sequence[float]) -> list[float]:
        """Return the nearest place in the box."""
        return [min(max(at, low), high) for at, low, high in zip(place, self.low, self.high, strict=True)]

    def deviations(self, place: Sequence[float], row: int) -> list[np.ndarray]:
        """Return the deviations along both directions, if the point is put at `place`: shape (n_points,) each."""
        at = [value - origin for value, origin in zip(self.placed(place), self.origin, strict=True)]
        found = []
        for index, direction in enumerate(self.directions):
            first = float(direction[0]) * at[0] + float(direction[1]) * at[1]
            factors = self.factors[row, :, index].astype(float)
            found.append(np.clip(first * factors, -_FARTHEST, _FARTHEST) if first else np.zeros(len(factors)))
        return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Form:
    """Coordinates or numbers that follow a motion: constant + Σ weights[i] · deviation[i] ** power."""

    motion: Motion
    weights: Sequence[float]
    constant: float = 0.0
    power: Literal[1, 2] = 1

    def values(self, place: Sequence[float], row: int) -> np.ndarray:
        """Return the numbers, if the point is put at `place`: shape (n_points,)."""
        value = np.float64(self.constant)
        for weight, deviation in zip(self.weights, self.motion.deviations(place, row), strict=True):
            value = value + weight * (deviation if self.power == 1 else deviation * deviation)
        return value


@dataclass(frozen=True, eq=False, kw_only=True)
class Number:
    """A form's number in words.

    Attributes
    ----------
    form : Form
        What is said.
    at : Rows or int
        At which of its points.
    digits : int
        How many digits count.
    sign : str
        What stands before it.
    floor, low : float, str
        A number nearer to zero than `floor` is said as `low`.
    """

    form: Form
    at: object
    digits: int = 4
    sign: str = ""
    floor: float = 0.0
    low: str = "0"

    def said(self, value: float) -> str:
        """Return the number as it is said."""
        return self.low if abs(value) < self.floor else self.sign + number(value, self.digits)


def number(value: float, digits: int = 4) -> str:
    """Say a number in so many digits: 0.1690, −12.35, 3.512·10²³; ∞ beyond what float32 holds."""
    size, sign = abs(value), "−" if value < 0 else ""
    if size == 0:
        return "0"
    if math.isnan(value) or size > _LARGEST:
        return f"{sign}∞"
    exact = Decimal(size)
    mantissa, power = f"{Context(digits, ROUND_HALF_UP).create_decimal(exact):.{digits - 1}e}".split("e")
    if -4 < int(power) < 4:
        places = max(digits - 1 - int(power), 0)
        return f"{sign}{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}"
    return f"{sign}{mantissa}·{power_of_ten(int(power))}"
