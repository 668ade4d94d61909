"""What a live picture is made of: what moves in it, and on which choices each part depends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lecture_utils.style import INK, PATH

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, kw_only=True)
class By:
    """Values that depend on choices: one row for each combination of the choices named in `by`.

    Attributes
    ----------
    by : tuple of str
        The choices, slowest first; empty if the value is the same for all.
    rows : sequence
        The values, in C order: the last choice runs fastest.
    """

    by: tuple[str, ...] = ()
    rows: Sequence


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """Points that move: joined by a line, or each with a dot, or the last with a head, or all of these.

    Attributes
    ----------
    name : str
        What tests and `LivePicture.shown` call it.
    axes : Axes
        The matplotlib axes that it lives in.
    x, y : By
        The coordinates; each row has n_points numbers, NaN where the curve has a gap.
    until : By, optional
        How many points are drawn; all by default.
    when : mapping
        The values of choices for which it is drawn at all; always, by default.
    widths : mapping of "line", "dots" and "head" to float
        The thickness of each part in points of the picture; a part that is not named is not drawn.
    """

    name: str
    axes: "Axes"
    x: By
    y: By
    until: By | None = None
    when: Mapping[str, int] = field(default_factory=dict)
    widths: Mapping[Literal["line", "dots", "head"], float] = field(default_factory=lambda: {"line": 2.2})
    color: str = PATH
    opacity: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Label:
    """A text that moves or changes: `x` and `y` have one number a row, `texts` one string."""

    name: str
    axes: "Axes"
    x: By
    y: By
    texts: By
    when: Mapping[str, int] = field(default_factory=dict)
    color: str = INK
    size: float = 14
    anchor: Literal["start", "middle", "end"] = "middle"


@dataclass(frozen=True, eq=False, kw_only=True)
class Image:
    """A small PNG that fills its axes, smoothly enlarged: `images` has one a row. It lies under all that is drawn."""

    name: str
    axes: "Axes"
    images: By
    when: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Words:
    """The state in words: a template whose {fields} depend on choices."""

    template: str
    fields: Mapping[str, By]
