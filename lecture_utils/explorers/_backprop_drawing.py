"""The worked example, x → a1 = σ(w1·x) → a2 = σ(w2·a1) → E = (a2 − y)², drawn step by step, but for its numbers.

The figures of notebook 03 and its explorer put the numbers on this drawing: three modules in a row, what runs forward
over them and what runs back under.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from lecture_utils._look.diagram import arrow, box, canvas, formula, label, size_of, under_middle
from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED, OWN_JACOBIAN

N_STEPS, FORWARD_STEPS = 6, 3
SCRUBBED = ("w1", "w2")
FONTSIZE = 18

# Where things stand, in inches: the middles of the three modules, and of the four edges before, between and after.
_MODULES, _EDGES, _HALF = (2.25, 4.95, 7.65), (0.8, 3.6, 6.3, 9.0), 0.78
_GIVEN = (1.8, 4.5, 7.65)  # what comes from above: weights, and the target
_HEIGHT, _MIDDLE, _TALL = 4.6, 2.17, 1.3
_FORWARD_LANE, _BACKWARD_LANE = 2.52, 1.82
_BESIDE, _ABOVE, _TOP = 3.23, 3.88, 4.38
_LOCAL, _GRADIENT = 1.1, 0.4
_WORKED_OUT = (2.3, 0.7)
_SLOT = 0.95  # the width of a number
_UNDER_MIDDLE = under_middle(FONTSIZE)
_TINTS = {FORWARD: "#dff1e6", GRADIENT: "#e0ecfa", OWN_JACOBIAN: "#fbe6e0", INPUT_JACOBIAN: "#f8e2f4"}


class Number(NamedTuple):
    """A number of the drawing: from which step on it is there, counted from 1, and where on its baseline."""

    name: str
    step: int
    place: tuple[float, float]
    color: str
    anchor: Literal["start", "middle"]


class _Named(NamedTuple):
    """A number with what stands before it, if anything; both together have their middle, or begin, at `place`."""

    name: str
    before: str
    step: int
    place: tuple[float, float]
    color: str
    centered: bool = True

    @property
    def width(self) -> float:
        return size_of(self.before, FONTSIZE)[0] if self.before else 0.0

    @property
    def left(self) -> float:
        return self.place[0] - (self.width + _SLOT) / 2 * self.centered

    @property
    def baseline(self) -> float:
        return self.place[1] - _UNDER_MIDDLE


def numbers() -> list[Number]:
    """Return all numbers of the drawing."""
    found = []
    for one in _named():
        middle = not one.before or one.name in SCRUBBED
        place = (one.left + one.width + _SLOT / 2 * middle, one.baseline)
        found.append(Number(one.name, one.step, place, one.color, "middle" if middle else "start"))
    return found


def draw_step(step: int) -> Axes:
    """Draw one of the steps 1 … 6 on a new figure, with a tint under what is new; leave the numbers out."""
    ax = canvas(9.6, _HEIGHT)
    at_work = (0, 1, 2, 2, 1, 0)[step - 1]
    color = FORWARD if step <= FORWARD_STEPS else GRADIENT
    for index, text in enumerate((r"$\sigma(w_1 x)$", r"$\sigma(w_2 a_1)$", "$(a_2 - y)^2$")):
        look = {"color": color, "fill": _TINTS[color]} if index == at_work else {"color": MUTED}
        box(ax, (_MODULES[index], _MIDDLE), text, size=(2 * _HALF, _TALL), fontsize=21, **look)
    for x, text in zip(_EDGES, ("$x$", "$a_1$", "$a_2$", "$E$"), strict=True):
        label(ax, (x, _MIDDLE), text, color=FORWARD, fontsize=21)
    _arrows(ax, step)
    for one in _named():
        if one.step <= step:
            _prepare(ax, one, new=one.step == step)
    if step > FORWARD_STEPS:
        label(ax, (_EDGES[3], _LOCAL), f"${_partial('E', 'E')} = 1$", color=GRADIENT, fontsize=FONTSIZE)
    else:
        formula(ax, _WORKED_OUT, _formula_before(step), fontsize=FONTSIZE, gap=0.02, ha="left")
    return ax


def place_worked_out(step: int) -> tuple[float, float]:
    """Return where the numbers of the forward formula begin, on their baseline."""
    width = sum(size_of(text, FONTSIZE)[0] + 0.02 for text, _ in _formula_before(step))
    return _WORKED_OUT[0] + width, _WORKED_OUT[1] - _UNDER_MIDDLE


def worked_out(step: int, texts: Mapping[str, str]) -> str:
    """Return what stands there: the forward formula with its numbers."""
    own, taken = texts[("w1", "w2", "y")[step - 1]], texts[("x", "a1", "a2")[step - 1]]
    result = texts[("a1", "a2", "E")[step - 1]]
    if step == FORWARD_STEPS:
        return f"({taken} − {_bracketed(own)})² = {result}"
    return f"σ({own}·{taken}) = {result}"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _formula_before(step: int) -> list[tuple[str, str]]:
    """Return a forward formula up to its numbers, each part with its colour."""
    if step == FORWARD_STEPS:
        return [("$E$", FORWARD), (r"$\ =\ ($", INK), ("$a_2$", FORWARD), (r"$\ -\ y)^2\ =\ $", INK)]
    taken = ("x", "a_1")[step - 1]
    parts = [(f"$a_{step}$", FORWARD), (rf"$\ =\ \sigma(w_{step}$", INK), (f"${taken}$", FORWARD)]
    return [*parts, (r"$)\ =\ $", INK)]


def _arrows(ax: Axes, step: int) -> None:
    lefts = (0.2, *(center + _HALF + 0.06 for center in _MODULES))
    rights = (*(center - _HALF - 0.06 for center in _MODULES), 9.5)
    bottom = _MIDDLE + _TALL / 2 + 0.05
    for left, right, first in zip(lefts, rights, (1, 1, 2, 3), strict=True):
        if step >= first:
            arrow(ax, (left, _FORWARD_LANE), (right, _FORWARD_LANE), color=FORWARD)
    for left, right, first in zip(lefts[1:], rights[1:], (5, 4, 4), strict=True):
        if step >= first:
            arrow(ax, (right, _BACKWARD_LANE), (left, _BACKWARD_LANE), color=GRADIENT)
    for x in _GIVEN:
        arrow(ax, (x, _TOP - 0.2), (x, bottom))
    for center, first in zip(_MODULES[:2], (6, 5), strict=True):
        if step >= first:
            arrow(ax, (center - 0.12, bottom), (center - 0.12, _ABOVE - 0.31), color=GRADIENT)


def _named() -> list[_Named]:
    (first, second, third), (start, gap1, gap2, end) = _MODULES, _EDGES
    over = _FORWARD_LANE + 0.24
    return [
        _Named("x", "", 0, (start, over), FORWARD),
        _Named("a1", "", 1, (gap1, over), FORWARD),
        _Named("a2", "", 2, (gap2, over), FORWARD),
        _Named("E", "", 3, (end, over), FORWARD),
        _Named("w1", r"$w_1\ =$", 0, (first - 0.55, _TOP), INK),
        _Named("w2", r"$w_2\ =$", 0, (second - 0.55, _TOP), INK),
        _Named("y", r"$y\ =$", 0, (third, _TOP), INK),
        _Named("2(a2 − y)", r"$\times\ 2(a_2 - y)\ =\ $", 4, (gap2, _LOCAL), INPUT_JACOBIAN),
        _Named("E_a2", rf"${_partial('E', 'a_2')}\ =\ $", 4, (gap2, _GRADIENT), GRADIENT),
        _Named("a2_a1", rf"$\times\ {_partial('a_2', 'a_1')}\ =\ $", 5, (gap1, _LOCAL), INPUT_JACOBIAN),
        _Named("E_a1", rf"${_partial('E', 'a_1')}\ =\ $", 5, (gap1, _GRADIENT), GRADIENT),
        _Named("a2_w2", rf"$\times\ {_partial('a_2', 'w_2')}\ =\ $", 5, (second - 0.02, _BESIDE), OWN_JACOBIAN, False),
        _Named("E_w2", rf"${_partial('E', 'w_2')}\ =\ $", 5, (second - 0.29, _ABOVE), GRADIENT, False),
        _Named("a1_w1", rf"$\times\ {_partial('a_1', 'w_1')}\ =\ $", 6, (first - 0.02, _BESIDE), OWN_JACOBIAN, False),
        _Named("E_w1", rf"${_partial('E', 'w_1')}\ =\ $", 6, (first - 0.29, _ABOVE), GRADIENT, False),
    ]


def _prepare(ax: Axes, one: _Named, *, new: bool) -> None:
    """Write what stands before a number; if the number is new, over a tint that it will stand on, too."""
    if new:
        height = max(size_of(one.before, FONTSIZE)[1] if one.before else 0, 0.26) + 0.08
        corner, style = (one.left - 0.05, one.place[1] - height / 2), "round,pad=0,rounding_size=0.06"
        look = {"boxstyle": style, "facecolor": _TINTS[one.color], "edgecolor": "none", "zorder": 0}
        ax.add_patch(FancyBboxPatch(corner, one.width + _SLOT + 0.1, height, **look))
    if one.before:
        place = (one.left, one.baseline)
        label(ax, place, one.before, color=one.color, fontsize=FONTSIZE, ha="left", va="baseline")


def _partial(above: str, below: str) -> str:
    return rf"\dfrac{{\partial {above}}}{{\partial {below}}}"
