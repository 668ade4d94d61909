"""What a live picture is made of: what moves in it, and on which choices each part depends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matplotlib.axes import Axes

from lecture_utils._look.style import INK, PATH


@dataclass(frozen=True, eq=False)
class Rows:
    """Values that depend on choices: one row for each combination of the choices named in `by`.

    Attributes
    ----------
    values : sequence
        The rows, in C order: the last choice runs fastest.
    by : tuple of str
        The choices, slowest first.
    """

    values: Sequence
    by: tuple[str, ...]


def rows(value: object) -> Rows:
    """Return a mark's attribute as rows: a value by itself is the same for all choices."""
    return value if isinstance(value, Rows) else Rows([value], by=())


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """Points that move: joined by a line, or each with a dot, or the last with a head, or all of these.

    Each attribute that may be `Rows` may also be a value by itself, the same for all choices; so in `Label` and
    `Image`, too.

    Attributes
    ----------
    name : str
        What tests and `LivePicture.points` call it; no other mark of the picture has it.
    axes : Axes
        The matplotlib axes that it lives in.
    x, y : Rows or Form
        The coordinates; each row has n_points numbers, NaN where the curve has a gap.
    until : Rows, optional
        How many points are drawn; all by default.
    last : int, optional
        How many of these are drawn, counted back from the end; all by default.
    leaves : bool
        Whether the curve ends with the first point that is outside its axes.
    beyond : "ray" or "edge", optional
        Draw it only where its last point lies outside the axes: at the border, on the straight way there from the
        first point ("ray"), or at the point of the border that is nearest to it ("edge").
    when : mapping
        The values of choices for which it is drawn at all; always, by default.
    widths : mapping of "line", "dots", "head" and "arrow" to float
        The thickness of each part in points of the picture, for an arrow the length of its head; a part that is not
        named is not drawn.
    grab : str, optional
        The choice that the reader changes by dragging the last point, or the point that is put there.
    hover : bool
        Whether it is enough to point at where the last point would be for another value of that choice.
    pulse : str, optional
        A choice: when it grows, a short part of the curve runs along it, and else nothing of it is seen.
    lights : str, optional
        What it is called: it is seen only while the reader points at it, or at what it goes around, or has the focus
        on it.
    """

    name: str
    axes: Axes
    x: object
    y: object
    until: object | None = None
    last: int | None = None
    leaves: bool = False
    beyond: Literal["ray", "edge"] | None = None
    when: Mapping[str, int] = field(default_factory=dict)
    widths: Mapping[Literal["line", "dots", "head", "arrow"], float] = field(default_factory=lambda: {"line": 2.2})
    color: str = PATH
    opacity: float = 1.0
    grab: str | None = None
    hover: bool = False
    pulse: str | None = None
    lights: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Label:
    """A text that moves or changes: `x` and `y` have one number a row, `texts` one string, or they are a `Caption`.

    It stands at the last of its points, of which `until` says how many there are. With `beyond` it is kept within its
    axes, beside that point: "ray" shows it only where the point is outside, as of a `Curve`, "edge" always.
    With `pulse`, what it says anew when that choice grows comes with what runs along curves then.
    """

    name: str
    axes: Axes
    x: object
    y: object
    texts: object
    until: object | None = None
    beyond: Literal["ray", "edge"] | None = None
    halo: bool = False
    when: Mapping[str, int] = field(default_factory=dict)
    color: str = INK
    size: float = 14
    anchor: Literal["start", "middle", "end"] = "middle"
    grab: str | None = None
    pulse: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Image:
    """A small PNG that fills its axes, smoothly enlarged: `images` has one a row. It lies under all that is drawn."""

    name: str
    axes: Axes
    images: object
    when: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Caption:
    """The line under the picture, which says in words what is seen: a template whose {fields} depend on choices.

    A field is `Rows` of strings, or of `Number`, which the page computes; or one of these by itself.
    """

    template: str
    fields: Mapping[str, object]

    def only(self, template: str) -> "Caption":
        """Return what a shorter template says of the same."""
        return Caption(template, {name: value for name, value in self.fields.items() if f"{{{name}}}" in template})
