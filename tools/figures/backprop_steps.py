"""The worked example of notebook 03, step by step: the explorer's drawing with the numbers of the lecture on it."""

import torch
from matplotlib.figure import Figure

from lecture_utils._look.diagram import label
from lecture_utils._look.style import FORWARD
from lecture_utils.explorers._backprop_drawing import (
    FORWARD_STEPS,
    draw_step,
    numbers,
    place_worked_out,
    worked_out,
)
from lecture_utils.explorers._backprop_places import WIDE
from lecture_utils.explorers._six_steps import EXAMPLE, short_texts, six_steps


def backprop_step_1() -> Figure:
    """Draw step 1, forward: a1 = σ(w1·x)."""
    return _figure(1)


def backprop_step_2() -> Figure:
    """Draw step 2, forward: a2 = σ(w2·a1)."""
    return _figure(2)


def backprop_step_3() -> Figure:
    """Draw step 3, forward: E = (a2 − y)²."""
    return _figure(3)


def backprop_step_4() -> Figure:
    """Draw step 4, backward: ∂E/∂a2."""
    return _figure(4)


def backprop_step_5() -> Figure:
    """Draw step 5, backward: ∂E/∂w2 and ∂E/∂a1."""
    return _figure(5)


def backprop_step_6() -> Figure:
    """Draw step 6, backward: ∂E/∂w1."""
    return _figure(6)


def _figure(step: int) -> Figure:
    ax = draw_step(step)
    values = six_steps(**{name: torch.tensor(value, dtype=torch.float64) for name, value in EXAMPLE.items()})
    texts = {name: said for name, (said,) in short_texts(values).items()}
    look = {"fontsize": WIDE.fontsize, "va": "baseline"}
    for number in numbers():
        if number.step <= step:
            aligned = {"start": "left", "middle": "center"}[number.anchor]
            label(ax, number.place, texts[number.name], color=number.color, ha=aligned, **look)
    if step <= FORWARD_STEPS:
        label(ax, place_worked_out(step), worked_out(step, texts), color=FORWARD, ha="left", **look)
    return ax.figure
