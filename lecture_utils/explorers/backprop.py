"""The worked example of backpropagation: six steps by two weights."""

import ipywidgets
import numpy as np
import torch

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, LivePicture, Rows
from lecture_utils._words import speaking, word
from lecture_utils.explorers import _backprop_marks as marks
from lecture_utils.explorers._explorer import Explorer, buttons, play, slider, with_label
from lecture_utils.explorers._six_steps import EXAMPLE, SixSteps, six_steps

WEIGHTS = np.linspace(-3, 3, 13).tolist()


class BackpropExplorer(Explorer):
    """The worked example of backpropagation by step and weights; see `backprop_explorer`."""

    def __init__(self) -> None:
        x, y, weights = (torch.tensor(values, dtype=torch.float64) for values in (EXAMPLE["x"], EXAMPLE["y"], WEIGHTS))
        self._all = six_steps(x=x, y=y, w1=weights[:, None], w2=weights)
        titles = [_title(step) for step in range(marks.N_STEPS)]
        formulas = _formulas(self._all)
        axes = marks.background()
        picture = LivePicture(
            {"step": marks.N_STEPS, "w1": len(WEIGHTS), "w2": len(WEIGHTS)},
            backgrounds=axes.figure,
            marks=[
                *marks.frames(axes),
                *marks.arrows(axes),
                *marks.numbers(axes, {name: _texts(values) for name, values in vars(self._all).items()}),
                *marks.formulas(axes, titles, formulas),
            ],
            caption=_caption(titles, formulas),
            names={name: word("backprop_weight", index=index) for name, index in (("w1", "₁"), ("w2", "₂"))},
            chosen={"step": marks.N_STEPS - 1} | {name: WEIGHTS.index(EXAMPLE[name]) for name in ("w1", "w2")},
        )
        step = buttons([str(number) for number in range(1, marks.N_STEPS + 1)])
        w1, w2 = (slider(len(WEIGHTS), word("backprop_weight", index=index)) for index in "₁₂")
        super().__init__(
            picture,
            controls={"step": step, "w1": w1, "w2": w2},
            rows=[ipywidgets.HBox([with_label(step, word("backprop_step")), play(step, interval=1600)]), w1, w2],
        )

    @property
    def numbers(self) -> SixSteps:
        """All the numbers of the two passes with the weights on the screen: float64, each of shape ()."""
        place = (self.picture.w1, self.picture.w2)
        return SixSteps(**{name: values[place] for name, values in vars(self._all).items()})

    def __repr__(self) -> str:
        """Say in numbers, in no language, which step is on the screen and what the passes come to."""
        names = ("w1", "w2", "a1", "a2", "E", "E_w1", "E_w2")
        numbers = ", ".join(f"{name} = {_number(getattr(self.numbers, name).item())}" for name in names)
        return f"backprop_explorer: step = {self.picture.step + 1}, {numbers}".replace("−", "-")


@own_ground()
def backprop_explorer(*, language: str | None = None) -> BackpropExplorer:
    """Show backpropagation step by step: x → a1 = σ(w1·x) → a2 = σ(w2·a1) → E = (a2 − y)², with x = 2 and y = 1.

    Parameters
    ----------
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    BackpropExplorer
        The widget; its ``numbers`` are those of the two passes with the weights on the screen.

    Raises
    ------
    ValueError
        If the language is neither "ru" nor "en".
    """
    with speaking(language):
        return BackpropExplorer()


def _title(step: int) -> str:
    return word("backprop_forward_step" if step < marks.FORWARD_STEPS else "backprop_backward_step", step=step + 1)


#: The formulas of each step; {(name)} is a number that gets brackets when it is negative.
_TEMPLATES = (
    ("a₁ = σ(w₁·x) = σ({w1}·{x}) = {a1}",),
    ("a₂ = σ(w₂·a₁) = σ({w2}·{a1}) = {a2}",),
    ("E = (a₂ − y)² = ({a2} − {y})² = {E}",),
    ("∂E/∂a₂ = 2(a₂ − y) = 2·({a2} − {y}) = {E_a2}",),
    (
        "∂E/∂w₂ = ∂E/∂a₂ · ∂a₂/∂w₂ = ∂E/∂a₂ · a₂(1 − a₂)·a₁ = {E_a2} · {(a2_w2)} = {E_w2}",
        "∂E/∂a₁ = ∂E/∂a₂ · ∂a₂/∂a₁ = ∂E/∂a₂ · a₂(1 − a₂)·w₂ = {E_a2} · {(a2_a1)} = {E_a1}",
    ),
    ("∂E/∂w₁ = ∂E/∂a₁ · ∂a₁/∂w₁ = ∂E/∂a₁ · a₁(1 − a₁)·x = {E_a1} · {(a1_w1)} = {E_w1}",),
)


def _formulas(values: SixSteps) -> list[list[list[str]]]:
    """Return the formulas with their numbers: by step, by line, by weights."""
    texts = {name: _texts(numbers) for name, numbers in vars(values).items()}
    texts |= {f"({name})": [f"({text})" if "−" in text else text for text in row] for name, row in texts.items()}
    rows = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
    return [[[line.format(**row) for row in rows] for line in lines] for lines in _TEMPLATES]


def _caption(titles: list[str], formulas: list[list[list[str]]]) -> Caption:
    weights = [_number(weight) for weight in WEIGHTS]
    said = ["; ".join(lines) for step in formulas for lines in zip(*step, strict=True)]
    return Caption(
        word("backprop_words"),
        {
            "step": Rows(titles, by=("step",)),
            "formula": Rows(said, by=("step", "w1", "w2")),
            "x": _number(EXAMPLE["x"]),
            "y": _number(EXAMPLE["y"]),
            "w1": Rows(weights, by=("w1",)),
            "w2": Rows(weights, by=("w2",)),
        },
    )


def _texts(values: torch.Tensor) -> list[str]:
    return [_number(value) for value in values.flatten().tolist()]


def _number(value: float) -> str:
    """Write whole and half numbers as they are, others with three digits, tiny ones by their power of ten."""
    if value == round(2 * value) / 2:
        return f"{value + 0.0:g}".replace("-", "−")  # + 0.0, for zero has no sign
    return (f"{value:.3f}" if abs(value) >= 1e-3 else f"{value:.1e}").replace("-", "−")
