"""Values that somebody may hand to a function by mistake."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import torch
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import nn

from lecture_utils.datasets import DATASETS, two_moons
from lecture_utils.graphs import Graph, Node
from tests.package.any_input.good import made

NAN, INF = float("nan"), float("inf")


class Hostile:
    """A value that cannot be written, compared or counted."""

    def __repr__(self):
        raise KeyError("no words")

    __eq__ = __len__ = __iter__ = __repr__
    __hash__ = None


class Endless(int):
    """A whole number with more digits than Python writes; hypothesis, which writes what it tries, gets a short form."""

    def __repr__(self):
        return "Endless(10**5000)"


def _circle():
    circle = []
    circle.append(circle)
    return circle


def _freed():
    """Return a number whose graph a backward pass has freed."""
    number = torch.ones((), requires_grad=True) ** 2
    number.backward()
    return number


# Each is made afresh, so that no example sees what another did to it.
JUNK = (
    *(lambda value=value: value for value in (None, True, False, "", "junk", "ru", "2", b"bytes", 1j, math, len, int)),
    *(lambda value=value: value for value in (0, 1, 2, 3, -1, 0.5, -0.5, 2.0, 1e308, -1e308, 1e39, 1e-320, 1e-60)),
    *(
        lambda value=value: value
        for value in (NAN, INF, -INF, 2**63, 10**400, Endless(10**5000), Fraction(1, 3), Decimal(1))
    ),
    *(lambda value=value: value for value in (np.float32(0.5), np.int64(2), np.float64(NAN), np.datetime64("2020"))),
    *(lambda value=value: value for value in ((), (1, 2), ("a",), ((1.0, 2.0), (3.0, 4.0)), range(3), frozenset("ab"))),
    lambda: [],
    lambda: [[]],
    lambda: [None],
    lambda: ["1", "2"],
    lambda: [1.0, [2.0]],
    lambda: [0.0, 0.0],
    lambda: [NAN, INF],
    lambda: [10**400],
    lambda: {},
    lambda: {"a": None},
    lambda: {"a": [1.0, 2.0], "b": [[1.0]]},
    lambda: {1: 2},
    _circle,
    lambda: iter([1.0, 2.0]),
    lambda: lambda *arguments: None,
    Hostile,
    object,
    lambda: np.array(1.0),
    lambda: np.zeros(0),
    lambda: np.ones((2, 3)),
    lambda: np.array(["a", "b"]),
    lambda: np.array([None, 1.0]),
    lambda: np.array([1j, 2]),
    lambda: np.full((3, 2), NAN),
    lambda: np.array([1e308, -1e308, 1e-320]),
    lambda: torch.tensor(1.0),
    lambda: torch.empty(0),
    lambda: torch.ones(4),
    lambda: torch.ones(4, 2),
    lambda: torch.zeros(2, 2, 2),
    lambda: torch.tensor([NAN, 1.0]),
    lambda: torch.tensor([[1e38, -1e38], [INF, 0.0]]),
    lambda: torch.ones(2, requires_grad=True),
    lambda: torch.ones(2, requires_grad=True).sum(),
    lambda: torch.ones(2, requires_grad=True) + 1j,
    _freed,
    lambda: torch.ones(2, dtype=torch.int64),
    lambda: torch.ones(2, dtype=torch.bool),
    lambda: torch.ones(2, dtype=torch.complex64),
    lambda: torch.ones(4, 2, dtype=torch.float64),
    lambda: torch.ones(2, dtype=torch.bfloat16),
    lambda: torch.eye(2).to_sparse(),
    lambda: nn.Linear(2, 1),
    lambda: nn.Tanh(),
    lambda: DATASETS["2"],
    lambda: two_moons(n_train=3, n_held_out=2),
    lambda: Graph(nodes=(Node(),), edges=()),
    lambda: Figure(),
)


junk = made(*JUNK)


def has_gaps(value):
    """Return whether something holds numbers, and some that are none or that float32 cannot hold."""
    if value is None:
        return False
    if isinstance(value, dict):
        return any(map(has_gaps, value.values()))
    try:
        numbers = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value, dtype=float)
    except Exception:  # no numbers
        return False
    return not (np.abs(numbers) <= torch.finfo(torch.float32).max).all()


_SHAPES = (
    *[lambda tensor: tensor] * 3,
    lambda tensor: tensor[1:],
    lambda tensor: tensor[None],
    lambda tensor: torch.stack([tensor] * 2, -1),
)
_FORMS = (
    lambda tensor: tensor,
    *[lambda tensor: tensor.float()] * 2,
    lambda tensor: tensor.numpy(),
    lambda tensor: tensor.tolist(),
    lambda tensor: tensor + 1j,
    lambda tensor: tensor.to(int),
)


@st.composite
def damaged(draw, value):
    """Draw what may become of a good value: one of its numbers another, another shape or type, or something else."""
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        return value | {name: draw(damaged(value[name]))}
    try:
        numbers = torch.as_tensor(value).detach().clone().double()
    except Exception:  # no numbers
        return draw(junk)
    if not numbers.ndim or not numbers.numel() or draw(st.integers(0, 3)) == 0:
        return draw(junk)
    place = draw(st.integers(0, numbers.numel() - 1))
    numbers.view(-1)[place] = draw(st.sampled_from([NAN, INF, -INF, 1e308, -1.0, 0.5]))
    return draw(st.sampled_from(_FORMS))(draw(st.sampled_from(_SHAPES))(numbers))
