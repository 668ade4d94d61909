"""Boxes and arrows, drawn on axes whose unit is an inch."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import Affine2D

from lecture_utils._look.style import INK, MUTED, new_figure


def canvas(width: float = 9.6, height: float = 4.8) -> Axes:
    """Return empty axes that fill a new figure of that size; one unit is one inch."""
    ax = new_figure(width, height).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return ax


def box(
    ax: Axes,
    center: tuple[float, float],
    text: str,
    *,
    size: tuple[float, float] = (1.9, 0.9),
    color: str = MUTED,
    fill: str = "#f3f5f7",
    fontsize: float = 20,
    text_color: str = INK,
) -> FancyBboxPatch:
    """Draw a rounded box with a text in its middle."""
    (x, y), (width, height) = center, size
    patch = FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.12",
        edgecolor=color,
        facecolor=fill,
        linewidth=2,
    )
    ax.add_patch(patch)
    label(ax, center, text, fontsize=fontsize, color=text_color)
    return patch


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str = INK,
    bend: float = 0.0,
    width: float = 2.2,
) -> Annotation:
    """Draw an arrow from `start` to `end`; `bend` curves it, as a part of its length."""
    style = {"arrowstyle": "-|>,head_width=0.4,head_length=0.7", "color": color, "linewidth": width}
    return ax.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops=style | {"shrinkA": 0, "shrinkB": 0, "connectionstyle": f"arc3,rad={bend}"},
    )


def label(
    ax: Axes,
    position: tuple[float, float],
    text: str,
    *,
    color: str = INK,
    fontsize: float = 20,
    ha: str = "center",
    va: str = "center",
) -> Text:
    """Write a text at `position`."""
    return ax.text(*position, text, ha=ha, va=va, color=color, fontsize=fontsize, linespacing=1.25)


def formula(
    ax: Axes,
    position: tuple[float, float],
    parts: Sequence[tuple[str, str]],
    *,
    fontsize: float = 24,
    gap: float = 0.08,
    ha: Literal["center", "left"] = "center",
) -> list[Text]:
    """Write formulas one after another, each with a colour of its own: `parts` are pairs of text and colour."""
    widths = [size_of(text, fontsize)[0] for text, _ in parts]
    x, y = position[0], position[1] - under_middle(fontsize)  # one baseline
    if ha == "center":
        x -= (sum(widths) + gap * (len(parts) - 1)) / 2
    texts = []
    for (text, color), width in zip(parts, widths, strict=True):
        texts.append(label(ax, (x, y), text, color=color, fontsize=fontsize, ha="left", va="baseline"))
        x += width + gap
    return texts


def under_middle(fontsize: float) -> float:
    """Return how far under its middle a text has its baseline, in inches: signs and bars stand in the middle."""
    return 0.26 * fontsize / 72


def partial(above: str, below: str) -> str:
    """Return ∂above/∂below as a formula."""
    return rf"$\dfrac{{\partial {above}}}{{\partial {below}}}$"


@cache
def size_of(formula: str, fontsize: float) -> tuple[float, float]:
    """Return the width and height of a formula in inches."""
    properties = FontProperties(size=fontsize)
    width, height, _ = text_to_path.get_text_width_height_descent(formula, properties, ismath=True)
    return width / 72, height / 72


def outline(ax: Axes) -> None:
    """Turn the texts of a canvas into outlines, which look the same.

    Each time that a figure is written, matplotlib sets its formulas anew, which is slow; an outline is set only once.
    """
    for number, text in enumerate([text for text in ax.texts if text.get_text()]):
        said, fontsize, (x, y) = text.get_text(), text.get_fontsize(), text.get_position()
        width, above, below = _extents(said, fontsize)
        left = x - width * {"left": 0, "center": 0.5, "right": 1}[text.get_ha()]
        baseline = y - (above - below) / 2 if text.get_va() == "center" else y
        place = Affine2D().scale(1 / 72).translate(left, baseline) + ax.transData
        path, color = _set(said, fontsize), text.get_color()
        look = {"facecolor": color, "edgecolor": "none", "zorder": text.get_zorder()}
        outlined = PathPatch(path, transform=place, gid=f"text_{number}", **look)
        ax.add_artist(outlined)  # as a patch, it would be measured for the axes' limits
        text.remove()


@cache
def _set(text: str, fontsize: float) -> Path:
    return TextPath((0, 0), text, size=fontsize)


@cache
def _extents(text: str, fontsize: float) -> tuple[float, float, float]:
    """Return how wide a text is, and how far it reaches above and below its baseline, as matplotlib's lines do."""
    properties, sizes = FontProperties(size=fontsize), []
    for one in (text, "lp"):
        width, height, below = text_to_path.get_text_width_height_descent(one, properties, ismath="$" in one)
        sizes.append((width / 72, (height - below) / 72, below / 72))
    return sizes[0][0], max(sizes[0][1], sizes[1][1]), max(sizes[0][2], sizes[1][2])
