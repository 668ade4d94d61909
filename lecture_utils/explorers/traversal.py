"""A recorded graph, traversed step by step: forward for the values, backward for the gradients."""

from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, Label, LivePicture, Rows
from lecture_utils._words import speaking, word
from lecture_utils.explorers._explorer import Explorer, slider, with_play
from lecture_utils.explorers._traversal_drawing import DrawnGraph, drawn_graph, stacked_graph
from lecture_utils.explorers._traversal_marks import edges, node_at_work, numbers, short, sum_of
from lecture_utils.graphs import Graph, Node, Passed, backward_pass, recorded_graph

MAX_OPERATIONS = 12
_BY_STEP = ("step",)


class TraversalExplorer(Explorer):
    """A recorded graph by step of its traversal; see `traversal_explorer`."""

    def __init__(self, graph: Graph, passes: list[Passed], values: dict[str, float]) -> None:
        self._graph, self._passes, self._values = graph, passes, values
        self._operations = [place for place, node in enumerate(graph.nodes) if node.operation is not None]
        n_steps = 1 + len(self._operations) + len(passes)
        self._states = [self._parts(step) for step in range(n_steps)]
        known = [self._known(step) for step in range(n_steps)]
        drawn, stacked = drawn_graph(graph), stacked_graph(graph, _texts(known, self._states))
        said = Caption(
            word("traversal_words"),
            {
                "step": Rows([str(step) for step in range(n_steps)], by=_BY_STEP),
                "last": str(n_steps - 1),
                "what": Rows([self._said(step) for step in range(n_steps)], by=_BY_STEP),
            },
        )
        picture = LivePicture(
            {"step": n_steps},
            backgrounds=drawn.axes.figure,
            stacked=stacked.axes.figure if stacked else None,
            marks=[mark for layout in (drawn, stacked) if layout for mark in self._moving(layout, known)],
            values={"step": Rows([f"{step} / {n_steps - 1}" for step in range(n_steps)], by=_BY_STEP)},
            caption=said,
            verdict=said.only("{what}"),
        )
        step = slider(n_steps, word("traversal_step"))
        super().__init__(
            picture,
            controls={"step": step},
            rows=[with_play(step, start=0, interval=1200)],
            telling={"step": n_steps - 1},
        )

    @property
    def gradients(self) -> dict[str, float]:
        """The gradients that have arrived by the step on the screen, by name; parts that met are added."""
        parts = self._states[self.picture.step]
        return {self._called(place): sum(arrived) for place, arrived in sorted(parts.items())}

    def __repr__(self) -> str:
        """Say in numbers, in no language, which step is on the screen and what has arrived where."""
        arrived = ", ".join(f"{name} {value:.4g}" for name, value in self.gradients.items())
        return f"traversal_explorer: step = {self.picture.step}, gradients: {arrived or '-'}"

    def _moving(self, drawn: DrawnGraph, known: list[dict[int, str]]) -> list[Curve | Label]:
        steps = range(len(known))
        places, done = [self._now(step) for step in steps], [self._done(step) for step in steps]
        return [node_at_work(drawn, places), *edges(drawn, places, done), *numbers(drawn, known, self._states)]

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

    def _known(self, step: int) -> dict[int, str]:
        """Return the values that are known at `step`, by place, of those that have a name."""
        ready = {place: number for number, place in enumerate(self._operations, start=1)}
        return {
            place: short(self._values[node.name])
            for place, node in enumerate(self._graph.nodes)
            if node.name in self._values and ready.get(place, 0) <= step
        }

    def _said(self, step: int) -> str:
        now, done = self._now(step), self._done(step)
        if now is None:
            return word("traversal_leaves")
        if not done:
            value = self._values.get(self._graph.nodes[now].name)
            return word("traversal_forward", name=self._called(now), value="?" if value is None else short(value))
        sent = ", ".join(f"{self._called(place)}: {short(part.item())}" for place, part in done[-1].sent)
        received = short(done[-1].received.item())
        return word("traversal_backward", name=self._called(now), received=received, sent=sent)


def _texts(known: list[dict[int, str]], states: list[dict[int, list[float]]]) -> list[str]:
    """Return all that is ever written in a box, its name apart."""
    values = {text for texts in known for text in texts.values()}
    return sorted(values | {sum_of(parts) for arrived in states for parts in arrived.values()})


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
