"""What the traversal explorer draws: the graph's boxes once, and what runs along its edges and arrives below them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.style import FORWARD, GRADIENT, INK, PATH, lecture_style, new_figure
from lecture_utils.graphs import Graph, Passed
from lecture_utils.plots.graph import computation_graph, graph_size

# Lengths are inches.
_INSIDE = 0.035  # from a box's edge to the frame of the node at work
_HEAD, _GAP = 0.11, 0.02  # the length of an arrow's head, and from its tip to the box
_LINES = (0.24, 0.48)  # below a box: where its value stands, and its gradient


class DrawnGraph(NamedTuple):
    """A graph with its boxes drawn: their corners, and the way of each edge, shape (n_points, 2), to the later node."""

    graph: Graph
    axes: Axes
    boxes: list[np.ndarray]
    ways: list[np.ndarray]


def drawn_graph(graph: Graph) -> DrawnGraph:
    """Draw the boxes; below each, two lines stay free for its value and its gradient. Each value is a single number."""
    plain = Graph(nodes=tuple(replace(node, shape=None) for node in graph.nodes), edges=graph.edges)
    with lecture_style():
        axes = new_figure(*graph_size(plain, lines_below=2)).add_axes((0, 0, 1, 1))
        drawn = computation_graph(axes, plain, lines_below=2)
    for arrow in drawn.arrows:
        arrow.remove()  # they move
    boxes = [box.get_bbox().get_points() for box in drawn.boxes]
    return DrawnGraph(graph, axes, boxes, [_sampled(way) for way in drawn.ways])


def _sampled(way: Path) -> np.ndarray:
    """Return points along a way, close enough to look smooth."""
    enlarged = Affine2D().scale(100).transform_path(way).cleaned(curves=False)
    return enlarged.vertices[np.isin(enlarged.codes, (Path.MOVETO, Path.LINETO))] / 100


def node_at_work(drawn: DrawnGraph, places: Sequence[int | None]) -> Curve:
    """Return the frame of the node that is at work at each step: inside its box, where no arrow ends."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    frames = [low + _INSIDE + corners * (high - low - 2 * _INSIDE) for low, high in drawn.boxes]
    shown = [np.full((5, 2), np.nan) if place is None else frames[place] for place in places]
    x, y = (Rows([frame[:, axis] for frame in shown], by=("step",)) for axis in (0, 1))
    return Curve(name="now", axes=drawn.axes, x=x, y=y, widths={"line": 4}, color=PATH)


def edges(drawn: DrawnGraph, done: Sequence[Sequence[Passed]]) -> list[Curve | Label]:
    """Return the edges, by what has been done at each step: black and forward, until a gradient has gone back there."""
    sent = _along_edges(drawn.graph, done[-1])
    marks = []
    for edge, way in enumerate(drawn.ways):
        turn, part = sent.get(edge, (len(done[-1]), None))
        back = [len(passed) > turn for passed in done]
        new = [len(passed) == turn + 1 for passed in done]
        marks += _arrow(drawn.axes, f"forward {edge}", way, [not one for one in back], color=INK)
        marks += _arrow(drawn.axes, f"back {edge}", way[::-1], back, color=GRADIENT)
        marks.append(_seen(drawn.axes, f"new {edge}", way, new, color=GRADIENT, widths={"line": 5}, opacity=0.35))
        if part is not None:
            x, y = _middle(way)
            said = Rows([short(part) if one else "" for one in back], by=("step",))
            look = {"texts": said, "color": GRADIENT, "size": 17, "halo": True}
            marks.append(Label(name=f"part {edge}", axes=drawn.axes, x=x, y=y + 0.09, **look))
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


def _arrow(axes: Axes, name: str, way: np.ndarray, when: Sequence[bool], *, color: str) -> list[Curve]:
    """Return a line with a filled head at its end, both seen at some steps."""
    (*_, before, last) = way
    along = (last - before) / np.hypot(*(last - before))
    tip, aside = last - _GAP * along, 0.42 * _HEAD * along[::-1] * (1, -1)
    outline = np.array([tip - _HEAD * along + aside, tip, tip - _HEAD * along - aside])
    inside = outline.mean(axis=0) + 0.4 * (outline - outline.mean(axis=0))  # so that strokes fill the head
    head = np.concatenate([outline, outline[:1], inside, inside[:1]])
    shaft = np.concatenate([way[:-1], [last - 0.7 * _HEAD * along]])
    return [
        _seen(axes, name, shaft, when, color=color, widths={"line": 2.4}),
        _seen(axes, f"{name} head", head, when, color=color, widths={"line": 3}),
    ]


def _seen(axes: Axes, name: str, points: np.ndarray, when: Sequence[bool], **look: object) -> Curve:
    until = Rows([len(points) * one for one in when], by=("step",))
    return Curve(name=name, axes=axes, x=points[:, 0], y=points[:, 1], until=until, **look)


def _middle(way: np.ndarray) -> np.ndarray:
    """Return the point half-way along."""
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    return np.array([np.interp(lengths[-1] / 2, lengths, way[:, axis]) for axis in (0, 1)])


def numbers(
    drawn: DrawnGraph, values: Sequence[Mapping[int, str]], gradients: Sequence[Mapping[int, list[float]]]
) -> list[Label]:
    """Return what stands below each box: its value, and the parts of its gradient that have arrived, added up."""
    marks = []
    for place, (low, high) in enumerate(drawn.boxes):
        rows = (
            ("value", [known.get(place, "") for known in values], FORWARD, _LINES[0]),
            ("gradient", [_sum(arrived.get(place, [])) for arrived in gradients], GRADIENT, _LINES[1]),
        )
        for name, texts, color, line in rows:
            where = {"axes": drawn.axes, "x": (low[0] + high[0]) / 2, "y": low[1] - line}
            marks.append(Label(name=f"{name} {place}", texts=Rows(texts, by=("step",)), color=color, size=18, **where))
    return marks


def short(value: float) -> str:
    """Write a number with four digits that count."""
    return f"{value:.4g}".replace("-", "−")


def _sum(parts: list[float]) -> str:
    """Return the parts, and what they add up to where there are several."""
    if not parts:
        return ""
    first, *others = parts
    more = "".join(f" {'−' if part < 0 else '+'} {short(abs(part))}" for part in others)
    return f"∇ {short(first)}{more}" + (f" = {short(sum(parts))}" if others else "")
