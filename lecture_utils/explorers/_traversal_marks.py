"""What the traversal explorer draws on its graph: what runs along the edges, and what arrives in the nodes."""

from collections.abc import Mapping, Sequence

import numpy as np

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.style import FORWARD, GRADIENT, INK, PATH
from lecture_utils.explorers._traversal_drawing import DrawnGraph
from lecture_utils.graphs import Graph, Passed

# Lengths are inches.
_INSIDE = 0.035  # from a box's edge to the frame of the node at work
_HEAD, _GAP = 0.11, 0.02  # the length of an arrow's head, and from its tip to the box


def node_at_work(drawn: DrawnGraph, places: Sequence[int | None]) -> Curve:
    """Return the frame of the node that is at work at each step: inside its box, where no arrow ends."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    frames = [low + _INSIDE + corners * (high - low - 2 * _INSIDE) for low, high in drawn.boxes]
    shown = [np.full((5, 2), np.nan) if place is None else frames[place] for place in places]
    x, y = (Rows([frame[:, axis] for frame in shown], by=("step",)) for axis in (0, 1))
    return Curve(name=_named("now", drawn), axes=drawn.axes, x=x, y=y, widths={"line": 4}, color=PATH)


def edges(drawn: DrawnGraph, places: Sequence[int | None], done: Sequence[Sequence[Passed]]) -> list[Curve | Label]:
    """Return the edges, by what has been done at each step: black and forward, until a gradient has gone back there.

    Values run along them to the node at work, whose place is given for each step, and gradients back from it.
    """
    sent = _along_edges(drawn.graph, done[-1])
    marks = []
    for edge, way in enumerate(drawn.ways):
        turn, part = sent.get(edge, (len(done[-1]), None))
        back = [len(passed) > turn for passed in done]
        new = [len(passed) == turn + 1 for passed in done]
        taken = [place == drawn.graph.edges[edge][1] and not passed for place, passed in zip(places, done, strict=True)]
        marks += _arrow(drawn, f"forward {edge}", way, [not one for one in back], color=INK)
        marks += _arrow(drawn, f"back {edge}", way[::-1], back, color=GRADIENT)
        marks.append(_seen(drawn, f"new {edge}", way, new, color=GRADIENT, widths={"line": 5}, opacity=0.35))
        marks += [
            _pulse(drawn, f"runs forward {edge}", way, taken, color=FORWARD),
            _pulse(drawn, f"runs back {edge}", way[::-1], new, color=GRADIENT),
        ]
        if part is not None:
            x, y = _even(way, 3)[1]
            said = Rows([short(part) if one else "" for one in back], by=("step",))
            look = {"texts": said, "color": GRADIENT, "size": 17, "halo": True, "pulse": "step"}
            y += -0.05 if drawn.stacked else 0.09
            marks.append(Label(name=_named(f"part {edge}", drawn), axes=drawn.axes, x=x, y=y, **look))
    return marks


def _along_edges(graph: Graph, passes: Sequence[Passed]) -> dict[int, tuple[int, float]]:
    """Return, for each edge, in which of the passes something is sent along it, and what."""
    sent, free = {}, list(range(len(graph.edges)))
    for turn, passed in enumerate(passes):
        for place, part in passed.sent:
            edge = next(edge for edge in free if graph.edges[edge] == (place, passed.node))
            free.remove(edge)
            sent[edge] = (turn, part.item())
    return sent


def _arrow(drawn: DrawnGraph, name: str, way: np.ndarray, when: Sequence[bool], *, color: str) -> list[Curve]:
    """Return a line with a filled head at its end, both seen at some steps."""
    (*_, before, last) = way
    along = (last - before) / np.hypot(*(last - before))
    tip, aside = last - _GAP * along, 0.42 * _HEAD * along[::-1] * (1, -1)
    outline = np.array([tip - _HEAD * along + aside, tip, tip - _HEAD * along - aside])
    inside = outline.mean(axis=0) + 0.4 * (outline - outline.mean(axis=0))  # so that strokes fill the head
    head = np.concatenate([outline, outline[:1], inside, inside[:1]])
    shaft = np.concatenate([way[:-1], [last - 0.7 * _HEAD * along]])
    return [
        _seen(drawn, name, shaft, when, color=color, widths={"line": 2.4}),
        _seen(drawn, f"{name} head", head, when, color=color, widths={"line": 3}),
    ]


def _seen(drawn: DrawnGraph, name: str, points: np.ndarray, when: Sequence[bool], **look: object) -> Curve:
    until = Rows([len(points) * one for one in when], by=("step",))
    return Curve(name=_named(name, drawn), axes=drawn.axes, x=points[:, 0], y=points[:, 1], until=until, **look)


def _pulse(drawn: DrawnGraph, name: str, way: np.ndarray, when: Sequence[bool], *, color: str) -> Curve:
    look = {"color": color, "widths": {"line": 10}, "opacity": 0.5, "pulse": "step"}
    return _seen(drawn, name, _even(way, 17), when, **look)


def _named(what: str, drawn: DrawnGraph) -> str:
    return f"{what} stacked" if drawn.stacked else what


def _even(way: np.ndarray, n_points: int) -> np.ndarray:
    """Return points along a way, as far one from another as the next."""
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    wanted = np.linspace(0, lengths[-1], n_points)
    return np.column_stack([np.interp(wanted, lengths, way[:, axis]) for axis in (0, 1)])


def numbers(
    drawn: DrawnGraph, values: Sequence[Mapping[int, str]], gradients: Sequence[Mapping[int, list[float]]]
) -> list[Label]:
    """Return what stands in each box or below: its value, and the parts of its gradient that have come, added up."""
    marks = []
    for place, ends in enumerate(drawn.numbers):
        rows = (
            ("value", [known.get(place, "") for known in values], FORWARD),
            ("gradient", [sum_of(arrived.get(place, [])) for arrived in gradients], GRADIENT),
        )
        for (name, texts, color), (x, y) in zip(rows, ends, strict=True):
            look = {"color": color, "size": 18, "pulse": "step"}
            name = _named(f"{name} {place}", drawn)
            marks.append(Label(name=name, axes=drawn.axes, x=x, y=y, texts=Rows(texts, by=("step",)), **look))
    return marks


def short(value: float) -> str:
    """Write a number with four digits that count."""
    return f"{value:.4g}".replace("-", "−")


def sum_of(parts: list[float]) -> str:
    """Return the parts, and what they add up to where there are several."""
    if not parts:
        return ""
    first, *others = parts
    more = "".join(f" {'−' if part < 0 else '+'} {short(abs(part))}" for part in others)
    return f"∇ {short(first)}{more}" + (f" = {short(sum(parts))}" if others else "")
