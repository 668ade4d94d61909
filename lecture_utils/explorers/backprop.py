"""The worked example of backpropagation: six steps by two weights."""

from functools import reduce

import ipywidgets
import numpy as np
import torch

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, LivePicture, Rows
from lecture_utils._words import speaking, word
from lecture_utils.explorers import _backprop_marks as marks
from lecture_utils.explorers._backprop_drawing import FORWARD_STEPS, N_STEPS
from lecture_utils.explorers._backprop_places import STACKED, WIDE
from lecture_utils.explorers._explorer import Explorer, buttons, play, slider, with_label
from lecture_utils.explorers._six_steps import EXAMPLE, SixSteps, short_text, short_texts, six_steps

WEIGHTS = np.linspace(-3, 3, 13).tolist()


class BackpropExplorer(Explorer):
    """The worked example of backpropagation by step and weights; see `backprop_explorer`."""

    def __init__(self) -> None:
        x, y, weights = (torch.tensor(values, dtype=torch.float64) for values in (EXAMPLE["x"], EXAMPLE["y"], WEIGHTS))
        self._all = six_steps(x=x, y=y, w1=weights[:, None], w2=weights)
        texts = short_texts(self._all)
        wide, stacked, said = marks.backgrounds(WIDE), marks.backgrounds(STACKED), _caption(texts)
        picture = LivePicture(
            {"step": N_STEPS, "w1": len(WEIGHTS), "w2": len(WEIGHTS)},
            backgrounds=Rows([axes.figure for axes in wide], by=("step",)),
            stacked=Rows([axes.figure for axes in stacked], by=("step",)),
            marks=[*marks.moving(wide, texts, WIDE), *marks.moving(stacked, texts, STACKED)],
            caption=said,
            verdict=said.only("{step}: {formula}"),
            values={name: Rows([short_text(weight) for weight in WEIGHTS], by=(name,)) for name in ("w1", "w2")},
            names={name: word("backprop_weight", index=index) for name, index in (("w1", "₁"), ("w2", "₂"))},
            chosen={name: WEIGHTS.index(EXAMPLE[name]) for name in ("w1", "w2")},
        )
        step = buttons([str(number) for number in range(1, N_STEPS + 1)])
        w1, w2 = (slider(len(WEIGHTS), word("backprop_weight", index=index)) for index in "₁₂")
        super().__init__(
            picture,
            controls={"step": step, "w1": w1, "w2": w2},
            rows=[
                ipywidgets.HBox([with_label(step, word("backprop_step")), play(step, start=0, interval=1600)]),
                w1,
                w2,
            ],
            telling={"step": N_STEPS - 1},
        )

    @property
    def numbers(self) -> SixSteps:
        """All the numbers of the two passes with the weights on the screen: float64, each of shape ()."""
        place = (self.picture.w1, self.picture.w2)
        return SixSteps(**{name: values[place] for name, values in vars(self._all).items()})

    def __repr__(self) -> str:
        """Say in numbers, in no language, which step is on the screen and what the passes come to."""
        names = ("w1", "w2", "a1", "a2", "E", "E_w1", "E_w2")
        numbers = ", ".join(f"{name} = {short_text(getattr(self.numbers, name).item())}" for name in names)
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


#: What each step computes; {(name)} is a number that gets brackets when it is negative.
_TEMPLATES = (
    "a₁ = σ(w₁·x) = σ({w1}·{x}) = {a1}",
    "a₂ = σ(w₂·a₁) = σ({w2}·{a1}) = {a2}",
    "E = (a₂ − y)² = ({a2} − {(y)})² = {E}",
    "∂E/∂a₂ = 2(a₂ − y) = 2·({a2} − {(y)}) = {E_a2}",
    "∂E/∂w₂ = {E_a2} · {(a2_w2)} = {E_w2}; ∂E/∂a₁ = {E_a2} · {(a2_a1)} = {E_a1}",
    "∂E/∂w₁ = {E_a1} · {(a1_w1)} = {E_w1}",
)
#: Lines break after an equals sign or between two formulas, nowhere else.
_JOINED = {"/": "\N{WORD JOINER}/\N{WORD JOINER}"} | {f" {sign}": f"\N{NO-BREAK SPACE}{sign}" for sign in "=−·"}
_JOINED |= {f"{sign} ": f"{sign}\N{NO-BREAK SPACE}" for sign in "−·"}


def _caption(texts: dict[str, list[str]]) -> Caption:
    texts = texts | {f"({name})": [f"({text})" if "−" in text else text for text in texts[name]] for name in texts}
    rows = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
    templates = [reduce(lambda text, one: text.replace(*one), _JOINED.items(), template) for template in _TEMPLATES]
    said, weights = [template.format(**row) for template in templates for row in rows], [*map(short_text, WEIGHTS)]
    passes = ["backprop_forward_step"] * FORWARD_STEPS + ["backprop_backward_step"] * (N_STEPS - FORWARD_STEPS)
    return Caption(
        word("backprop_words"),
        {
            "step": Rows([word(key, step=step) for step, key in enumerate(passes, start=1)], by=("step",)),
            "formula": Rows(said, by=("step", "w1", "w2")),
            "x": short_text(EXAMPLE["x"]),
            "y": short_text(EXAMPLE["y"]),
            "w1": Rows(weights, by=("w1",)),
            "w2": Rows(weights, by=("w2",)),
        },
    )
