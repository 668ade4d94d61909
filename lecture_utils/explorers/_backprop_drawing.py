"""The worked example, x → a1 = σ(w1·x) → a2 = σ(w2·a1) → E = (a2 − y)², drawn step by step, but for its numbers.

The figures of notebook 03 and its explorer put the numbers on this drawing.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from lecture_utils._look.diagram import arrow, box, canvas, formula, label, size_of, under_middle
from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED, OWN_JACOBIAN
from lecture_utils.explorers._backprop_places import SCRUBBED, WIDE, Places, Point

N_STEPS, FORWARD_STEPS = 6, 3
_TINTS = {FORWARD: "#dff1e6", GRADIENT: "#e0ecfa", OWN_JACOBIAN: "#fbe6e0", INPUT_JACOBIAN: "#f8e2f4"}


def _partial(above: str, below: str) -> str:
    return rf"\dfrac{{\partial {above}}}{{\partial {below}}}"


#: What stands before each number, at which step it comes, counted from 1, and its colour.
_NUMBERS = {
    "x": ("", 0, FORWARD),
    "a1": ("", 1, FORWARD),
    "a2": ("", 2, FORWARD),
    "E": ("", 3, FORWARD),
    "w1": (r"$w_1\ =$", 0, INK),
    "w2": (r"$w_2\ =$", 0, INK),
    "y": (r"$y\ =$", 0, INK),
    "2(a2 − y)": (r"$\times\ 2(a_2 - y)\ =\ $", 4, INPUT_JACOBIAN),
    "E_a2": (rf"${_partial('E', 'a_2')}\ =\ $", 4, GRADIENT),
    "a2_a1": (rf"$\times\ {_partial('a_2', 'a_1')}\ =\ $", 5, INPUT_JACOBIAN),
    "E_a1": (rf"${_partial('E', 'a_1')}\ =\ $", 5, GRADIENT),
    "a2_w2": (rf"$\times\ {_partial('a_2', 'w_2')}\ =\ $", 5, OWN_JACOBIAN),
    "E_w2": (rf"${_partial('E', 'w_2')}\ =\ $", 5, GRADIENT),
    "a1_w1": (rf"$\times\ {_partial('a_1', 'w_1')}\ =\ $", 6, OWN_JACOBIAN),
    "E_w1": (rf"${_partial('E', 'w_1')}\ =\ $", 6, GRADIENT),
}


class Number(NamedTuple):
    """A number of the drawing: from which step on it is there, counted from 1, and where on its baseline."""

    name: str
    step: int
    place: Point
    color: str
    anchor: Literal["start", "middle"]


class _Slot(NamedTuple):
    """Where a number with what stands before it begins, on its baseline, and how wide that is."""

    left: float
    baseline: float
    before: float


def numbers(places: Places = WIDE) -> list[Number]:
    """Return all numbers of the drawing."""
    found = []
    for name, (before, step, color) in _NUMBERS.items():
        slot, middle = _slot(name, places), not before or name in SCRUBBED
        place = (slot.left + slot.before + places.slot / 2 * middle, slot.baseline)
        found.append(Number(name, step, place, color, "middle" if middle else "start"))
    return found


def draw_step(step: int, places: Places = WIDE) -> Axes:
    """Draw one of the steps 1 … 6 on a new figure, with a tint under what is new; leave the numbers out."""
    ax, fontsize = canvas(*places.size), places.fontsize
    at_work = (0, 1, 2, 2, 1, 0)[step - 1]
    color = FORWARD if step <= FORWARD_STEPS else GRADIENT
    for index, text in enumerate((r"$\sigma(w_1 x)$", r"$\sigma(w_2 a_1)$", "$(a_2 - y)^2$")):
        look = {"color": color, "fill": _TINTS[color]} if index == at_work else {"color": MUTED}
        box(ax, places.modules[index], text, size=places.boxes[index], fontsize=places.large, **look)
    for place, text in zip(places.symbols, ("$x$", "$a_1$", "$a_2$", "$E$"), strict=True):
        label(ax, place, text, color=FORWARD, fontsize=places.large)
    for one in places.arrows:
        if step >= one.first:
            arrow(ax, one.start, one.end, color=one.color, width=places.stroke)
    for name, (_, first, _) in _NUMBERS.items():
        if step >= first:
            _prepare(ax, name, places, new=step == first)
    if step > FORWARD_STEPS:
        label(ax, places.unit, f"${_partial('E', 'E')} = 1$", color=GRADIENT, fontsize=fontsize)
    else:
        formula(ax, places.worked_out, _formula_before(step), fontsize=fontsize, gap=0.02, ha="left")
    return ax


def place_worked_out(step: int, places: Places = WIDE) -> Point:
    """Return where the numbers of the forward formula begin, on their baseline."""
    (x, y), fontsize = places.worked_out, places.fontsize
    width = sum(size_of(text, fontsize)[0] + 0.02 for text, _ in _formula_before(step))
    return x + width, y - under_middle(fontsize)


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


def frame(name: str, places: Places = WIDE) -> tuple[Point, float, float]:
    """Return what goes around a number with what is before it: the lower left corner, the width and the height."""
    before, slot, fontsize = _NUMBERS[name][0], _slot(name, places), places.fontsize
    least = 0.26 * fontsize / WIDE.fontsize
    height = max(size_of(before, fontsize)[1] if before else 0, least) + 0.08
    return (slot.left - 0.05, places.numbers[name][1] - height / 2), slot.before + places.slot + 0.1, height


def _slot(name: str, places: Places) -> _Slot:
    before, (x, y) = _NUMBERS[name][0], places.numbers[name]
    width = size_of(before, places.fontsize)[0] if before else 0.0
    left = x - (width + places.slot) / 2 * (name in places.centered)
    return _Slot(left, y - under_middle(places.fontsize), width)


def _prepare(ax: Axes, name: str, places: Places, *, new: bool) -> None:
    """Write what stands before a number; if the number is new, over a tint that it will stand on, too."""
    (before, _, color), slot = _NUMBERS[name], _slot(name, places)
    if new:
        corner, width, height = frame(name, places)
        style = "round,pad=0,rounding_size=0.06"
        look = {"boxstyle": style, "facecolor": _TINTS[color], "edgecolor": "none", "zorder": 0}
        ax.add_patch(FancyBboxPatch(corner, width, height, **look))
    if before:
        place = (slot.left, slot.baseline)
        label(ax, place, before, color=color, fontsize=places.fontsize, ha="left", va="baseline")
