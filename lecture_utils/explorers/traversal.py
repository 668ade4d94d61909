"""A recorded graph, traversed step by step: forward for the values, backward for the gradients."""

import numpy as np
from matplotlib.axes import Axes
from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, Label, LivePicture, Rows
from lecture_utils._look.style import FORWARD, GRADIENT, PATH, lecture_style, new_figure
from lecture_utils._words import speaking, word
from lecture_utils.explorers._explorer import Explorer, slider, with_play
from lecture_utils.graphs import Graph, Node, Passed, backward_pass, recorded_graph
from lecture_utils.plots.graph import Drawn, computation_graph, graph_size

MAX_OPERATIONS = 12
_BY_STEP = ("step",)
_INSIDE = 0.035  # inches from a box's edge to the frame of the node at work: arrowheads end at the edge


class TraversalExplorer(Explorer):
    """A recorded graph by step of its traversal; see `traversal_explorer`."""

    def __init__(self, graph: Graph, passes: list[Passed], values: dict[str, float]) -> None:
        self._graph, self._passes, self._values = graph, passes, values
        self._operations = [place for place, node in enumerate(graph.nodes) if node.operation is not None]
        n_steps = 1 + len(self._operations) + len(passes)
        self._states = [self._parts(step) for step in range(n_steps)]
        axes, drawn = _draw(graph)
        picture = LivePicture(
            {"step": n_steps},
            backgrounds=axes.figure,
            marks=self._marks(axes, drawn, n_steps),
            caption=Caption(
                word("traversal_words"),
                {
                    "step": Rows([str(step) for step in range(n_steps)], by=_BY_STEP),
                    "last": str(n_steps - 1),
                    "what": Rows([self._said(step) for step in range(n_steps)], by=_BY_STEP),
                },
            ),
            chosen={"step": n_steps - 1},
        )
        step = slider(n_steps, word("traversal_step"))
        super().__init__(picture, controls={"step": step}, rows=[with_play(step, interval=1200)])

    @property
    def gradients(self) -> dict[str, float]:
        """The gradients that have arrived by the step on the screen, by name; parts that met are added."""
        parts = self._states[self.picture.step]
        return {self._called(place): sum(arrived) for place, arrived in sorted(parts.items())}

    def __repr__(self) -> str:
        """Say in numbers, in no language, which step is on the screen and what has arrived where."""
        arrived = ", ".join(f"{name} {value:.4g}" for name, value in self.gradients.items())
        return f"traversal_explorer: step = {self.picture.step}, gradients: {arrived or '-'}"

    def _called(self, place: int) -> str:
        node: Node = self._graph.nodes[place]
        return node.name or node.operation or "?"

    def _done(self, step: int) -> list[Passed]:
        return self._passes[: max(0, step - len(self._operations))]

    def _parts(self, step: int) -> dict[int, list[float]]:
        """Return the parts of the gradient that have arrived at each node by `step`."""
        done = self._done(step)
        parts = {len(self._graph.nodes) - 1: [1.0]} if done else {}
        for place, part in (sent for passed in done for sent in passed.sent):
            parts.setdefault(place, []).append(part.item())
        return parts

    def _now(self, step: int) -> int | None:
        """Return the place of the node that is at work at `step`."""
        if step == 0:
            return None
        return self._done(step)[-1].node if self._done(step) else self._operations[step - 1]

    def _said(self, step: int) -> str:
        now, done = self._now(step), self._done(step)
        if now is None:
            return word("traversal_leaves")
        if not done:
            value = self._values.get(self._graph.nodes[now].name)
            return word("traversal_forward", name=self._called(now), value="?" if value is None else _number(value))
        sent = ", ".join(f"{self._called(place)}: {_number(part.item())}" for place, part in done[-1].sent)
        received = _number(done[-1].received.item())
        return word("traversal_backward", name=self._called(now), received=received, sent=sent)

    def _marks(self, axes: Axes, drawn: Drawn, n_steps: int) -> list[Curve | Label]:
        frames, marks = [], []
        for place, (node, box) in enumerate(zip(self._graph.nodes, drawn.boxes, strict=True)):
            left, bottom, right, top = box.get_bbox().extents
            left, bottom, right, top = left + _INSIDE, bottom + _INSIDE, right - _INSIDE, top - _INSIDE
            frames.append(([left, right, right, left, left], [bottom, bottom, top, top, bottom]))
            ready = self._operations.index(place) + 1 if place in self._operations else 0
            value = _number(self._values[node.name]) if node.name in self._values else ""
            values = [value if step >= ready else "" for step in range(n_steps)]
            gradients = [_sum(state.get(place, [])) for state in self._states]
            for name, texts, color, line in (("value", values, FORWARD, 0.24), ("gradient", gradients, GRADIENT, 0.48)):
                x, y = (left + right) / 2, bottom - _INSIDE - line
                said = Rows(texts, by=_BY_STEP)
                marks.append(Label(name=f"{name} {place}", axes=axes, x=x, y=y, texts=said, color=color, size=18))
        nowhere = ([np.nan] * 5, [np.nan] * 5)
        shown = [nowhere if self._now(step) is None else frames[self._now(step)] for step in range(n_steps)]
        x, y = (Rows([frame[axis] for frame in shown], by=_BY_STEP) for axis in (0, 1))
        return [Curve(name="now", axes=axes, x=x, y=y, widths={"line": 4}, color=PATH), *marks]


@own_ground()
def traversal_explorer(output: Tensor, /, *, language: str | None = None, **names: Tensor) -> TraversalExplorer:
    """Show the traversal of the graph that autograd recorded, step by step: all values forward, all gradients back.

    Parameters
    ----------
    output : Tensor, shape ()
        What was computed; autograd must track it.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.
    **names : Tensor, shape ()
        What to call the leaves and the results inside the graph; only what has a name shows its value.

    Returns
    -------
    TraversalExplorer
        The widget; its ``gradients`` are those that have arrived by the step on the screen.

    Raises
    ------
    TypeError
        If `output`, or one of `names`, is no tensor.
    ValueError
        If autograd does not track `output`, a node or one of `names` is not a single number, or there are no
        operations, or over 12.
    """
    graph = recorded_graph(output, **names)
    shapes = {node.shape for node in graph.nodes} - {()}
    if shapes:
        raise ValueError(f"output must be computed from single numbers, but there are shapes {sorted(shapes, key=str)}")
    n_operations = sum(node.operation is not None for node in graph.nodes)
    if not 1 <= n_operations <= MAX_OPERATIONS:
        raise ValueError(f"output must take from 1 to {MAX_OPERATIONS} operations, but it took {n_operations}")
    for name, tensor in names.items():
        if tensor.numel() != 1:
            raise ValueError(f"{name} must be a single number, but it has shape {tuple(tensor.shape)}")
    values = {name: tensor.item() for name, tensor in names.items()}
    with speaking(language):
        return TraversalExplorer(graph, backward_pass(output), values)


def _draw(graph: Graph) -> tuple[Axes, Drawn]:
    """Draw what does not move; below each node, two lines stay free for its value and its gradient."""
    with lecture_style():
        axes = new_figure(*graph_size(graph, lines_below=2)).add_axes((0, 0, 1, 1))
        return axes, computation_graph(axes, graph, lines_below=2)


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _sum(parts: list[float]) -> str:
    """Return the parts, and what they add up to where there are several."""
    if not parts:
        return ""
    first, *others = parts
    more = "".join(f" {'−' if part < 0 else '+'} {_number(abs(part))}" for part in others)
    return f"∇ {_number(first)}{more}" + (f" = {_number(sum(parts))}" if others else "")
