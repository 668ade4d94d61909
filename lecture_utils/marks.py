"""What a live picture is made of: what moves in it, and on which choices each part depends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lecture_utils.require import (
    require_axes,
    require_between,
    require_color,
    require_instance,
    require_one_of,
    require_positive,
    shown,
)
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

    Raises
    ------
    TypeError
        If `by` is no tuple of texts, or `rows` has no length.
    """

    by: tuple[str, ...] = ()
    rows: Sequence

    def __post_init__(self) -> None:
        if not isinstance(self.by, (tuple, list)) or not all(isinstance(choice, str) for choice in self.by):
            raise TypeError(f"by must be a tuple of names of choices, but it is {shown(self.by)}")
        try:
            len(self.rows)
        except Exception as error:  # a TypeError, or whatever its own class raises
            raise TypeError(f"rows must be a sequence, but it is {shown(self.rows)}") from error


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

    Raises
    ------
    TypeError, ValueError
        If one of them is something else; likewise for `Label`, `Image` and `Words`.
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

    def __post_init__(self) -> None:
        _require_mark(self, "x", "y", *(["until"] if self.until is not None else []))
        require_instance(self.widths, Mapping, "widths")
        for part, width in self.widths.items():
            require_one_of(part, ("line", "dots", "head"), "widths")
            require_positive(width, f"widths[{part!r}]")
        require_color(self.color)
        require_between(self.opacity, "opacity", 0, 1)


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

    def __post_init__(self) -> None:
        _require_mark(self, "x", "y", "texts")
        require_color(self.color)
        require_positive(self.size, "size")
        require_one_of(self.anchor, ("start", "middle", "end"), "anchor")


@dataclass(frozen=True, eq=False, kw_only=True)
class Image:
    """A small PNG that fills its axes, smoothly enlarged: `images` has one a row. It lies under all that is drawn."""

    name: str
    axes: "Axes"
    images: By
    when: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_mark(self, "images")


@dataclass(frozen=True, eq=False, kw_only=True)
class Words:
    """The state in words: a template whose {fields} depend on choices."""

    template: str
    fields: Mapping[str, By]

    def __post_init__(self) -> None:
        require_instance(self.template, str, "template")
        require_instance(self.fields, Mapping, "fields")
        for name, rows in self.fields.items():
            require_instance(rows, By, f"fields[{name!r}]")


def _require_mark(mark: Curve | Label | Image, *names: str) -> None:
    """Raise unless the mark has a name and axes, the attributes of those names are By, and `when` is a mapping."""
    require_instance(mark.name, str, "name")
    require_axes(mark.axes, "axes")
    for name in names:
        require_instance(getattr(mark, name), By, name)
    require_instance(mark.when, Mapping, "when")
