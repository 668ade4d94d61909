"""The graph that the traversal explorer goes over: its boxes drawn, from left to right or one under another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from lecture_utils._look.diagram import canvas, size_of
from lecture_utils._look.style import INK, STACKED_TYPE, picture_style
from lecture_utils.graphs import Graph
from lecture_utils.plots._graph_layout import layered
from lecture_utils.plots._graph_parts import Point, draw_box, entries, node_lines, path_of, write
from lecture_utils.plots.graph import computation_graph, graph_size

# Lengths are inches: below a box, where its value stands, and its gradient …
_LINES = (0.24, 0.48)
# … and of the stacked layout, its width, the room between boxes, across and down, and the lines in a box.
_WIDTH, _BETWEEN, _DOWN, _LINE, _MARGIN = 3.6, 0.1, 0.5, 0.2, 0.06
_CARD = 3.5 * _LINE


class DrawnGraph(NamedTuple):
    """A graph with its boxes drawn.

    `boxes` are their corners, `ways` those of the edges to the later node, each of shape (n_points, 2), and `numbers`
    where the value of each node stands, and its gradient.
    """

    graph: Graph
    axes: Axes
    boxes: list[np.ndarray]
    ways: list[np.ndarray]
    numbers: list[tuple[Point, Point]]
    stacked: bool = False


def drawn_graph(graph: Graph) -> DrawnGraph:
    """Draw the boxes; below each, two lines stay free for its value and its gradient. Each value is a single number."""
    plain = _without_shapes(graph)
    with picture_style():
        axes = canvas(*graph_size(plain, lines_below=2))
        drawn = computation_graph(axes, plain, lines_below=2)
    for arrow in drawn.arrows:
        arrow.remove()  # they move
    boxes = [box.get_bbox().get_points() for box in drawn.boxes]
    numbers = [tuple(((low[0] + high[0]) / 2, low[1] - line) for line in _LINES) for low, high in boxes]
    return DrawnGraph(graph, axes, boxes, [_sampled(way) for way in drawn.ways], numbers)


def stacked_graph(graph: Graph, texts: Sequence[str]) -> DrawnGraph | None:
    """Draw the boxes from the top down, with room in each for any of these texts; None if they are too wide for that.

    A box has three lines: its name, its value and its gradient.
    """
    plain, layout = _without_shapes(graph), layered(graph)
    texts = [*texts, *(node_lines(node)[0] for node in plain.nodes)]
    width = 0.1 + max(size_of(text.replace("$", ""), STACKED_TYPE)[0] for text in texts if text)
    step = (_WIDTH - 2 * _MARGIN - width) / max(layout.n_rows - 1, 1)
    if layout.n_rows > 1 and step < width + _BETWEEN:
        return None
    step = min(step, 2 * width)
    left = (_WIDTH - step * (layout.n_rows - 1)) / 2
    height = layout.n_columns * (_CARD + _DOWN) - _DOWN + 2 * _MARGIN
    with picture_style(stacked=True):
        axes = canvas(_WIDTH, height)
        spans = [(_MARGIN + column * (_CARD + _DOWN), _CARD) for column in range(layout.n_columns)]
        boxes, numbers = [], []
        for node, (column, row) in zip(plain.nodes, layout.nodes, strict=True):
            x, top = left + row * step, height - spans[column][0]
            box = draw_box(axes, node, (x, top - _CARD / 2), size=(width, _CARD), rounding=0.2)
            write(axes, (x, top - 0.75 * _LINE), node_lines(node), va="center", color=INK, fontsize=STACKED_TYPE)
            boxes.append(box.get_bbox().get_points())
            numbers.append(((x, top - 2 * _LINE), (x, top - 3 * _LINE)))
    ways = []
    for way, entry in zip(layout.edges, entries(graph, layout), strict=True):
        across = [left + row * step for _, row in way]
        across[-1] -= entry * 0.3 * width
        path = path_of([(spans[column][0], spans[column][0] + _CARD) for column, _ in way], across)
        ways.append((_sampled(path) @ [[0, -1], [1, 0]]) + [0, height])
    return DrawnGraph(graph, axes, boxes, ways, numbers, stacked=True)


def _without_shapes(graph: Graph) -> Graph:
    return Graph(nodes=tuple(replace(node, shape=None) for node in graph.nodes), edges=graph.edges)


def _sampled(way: Path) -> np.ndarray:
    """Return points along a way, close enough to look smooth."""
    enlarged = Affine2D().scale(100).transform_path(way).cleaned(curves=False)
    return enlarged.vertices[np.isin(enlarged.codes, (Path.MOVETO, Path.LINETO))] / 100
