"""The worked example of notebook 03: two neurons in a row, forward and backward in six steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from lecture_utils._live.motion import number
from lecture_utils.layers import Sigmoid

#: The numbers that the lecture works through.
EXAMPLE: Mapping[str, float] = MappingProxyType({"x": 2.0, "y": 1.0, "w1": -0.5, "w2": 2.5})


@dataclass(frozen=True, eq=False, kw_only=True)
class SixSteps:
    """All the numbers of the worked example; `E_a1` stands for ∂E/∂a1, and so on. Tensors of one shape, any."""

    x: Tensor
    y: Tensor
    w1: Tensor
    w2: Tensor
    a1: Tensor
    a2: Tensor
    E: Tensor
    E_a2: Tensor
    a2_w2: Tensor
    a2_a1: Tensor
    E_w2: Tensor
    E_a1: Tensor
    a1_w1: Tensor
    E_w1: Tensor


def six_steps(*, x: Tensor, y: Tensor, w1: Tensor, w2: Tensor) -> SixSteps:
    """Go through x → a1 = σ(w1·x) → a2 = σ(w2·a1) → E = (a2 − y)², three steps forward and three back.

    Shapes that broadcast give many examples at once. Numbers too large for their dtype end as inf and NaN.
    """
    x, y, w1, w2 = torch.broadcast_tensors(x, y, w1, w2)
    first, second = Sigmoid(), Sigmoid()
    a1 = first.forward(w1 * x)  # step 1
    a2 = second.forward(w2 * a1)  # step 2
    E = (a2 - y) ** 2  # step 3
    E_a2 = 2 * (a2 - y)  # step 4
    slope = second.backward(torch.ones_like(a2))
    a2_w2, a2_a1 = slope * a1, slope * w2
    E_w2, E_a1 = E_a2 * a2_w2, E_a2 * a2_a1  # step 5
    a1_w1 = first.backward(torch.ones_like(a1)) * x
    E_w1 = E_a1 * a1_w1  # step 6
    forward = {"x": x, "y": y, "w1": w1, "w2": w2, "a1": a1, "a2": a2, "E": E}
    by_weights = {"a2_w2": a2_w2, "E_w2": E_w2, "a1_w1": a1_w1, "E_w1": E_w1}
    return SixSteps(**forward, **by_weights, E_a2=E_a2, a2_a1=a2_a1, E_a1=E_a1)


def short_texts(values: SixSteps) -> dict[str, list[str]]:
    """Return each number as it is read, one after another: "2(a2 − y)" is the local derivative of the last module."""
    texts = {name: [short_text(value) for value in row.flatten().tolist()] for name, row in vars(values).items()}
    return texts | {"2(a2 − y)": texts["E_a2"]}


def short_text(value: float) -> str:
    """Write whole and half numbers as they are, others with three digits, tiny ones with two that count."""
    if value == round(2 * value) / 2:
        return f"{value + 0.0:g}".replace("-", "−")  # + 0.0, for zero has no sign
    if abs(value) < 1e-4:
        return number(value, 2)
    return f"{value:.{3 if abs(value) >= 1e-3 else 5}f}".replace("-", "−")
