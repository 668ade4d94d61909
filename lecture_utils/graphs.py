"""The graph of a computation: recorded by autograd, captured by torch.fx, or passed back along. No drawing.

Nodes and edges stand in the order of the forward pass: a node comes after all the nodes that it takes from.
"""

import re
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.autograd.graph import Node as Function
from torch.autograd.graph import get_gradient_edge
from torch.fx import GraphModule
from torch.fx import Node as CapturedNode

from lecture_utils._require import brief, require_instance


@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """A leaf or an operation.

    Attributes
    ----------
    operation : str or None
        What the operation is called; None for a leaf.
    name : str or None
        What the caller calls the leaf, or the result of the operation.
    shape : tuple of int or None
        The shape of the leaf, or of the result; None if it is not known.
    gradient : Tensor or None
        The ``.grad`` of the tensor; None before the backward pass, and for a result that keeps none.
    """

    operation: str | None = None
    name: str | None = None
    shape: tuple[int, ...] | None = None
    gradient: Tensor | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Graph:
    """Nodes, and edges between them.

    Attributes
    ----------
    nodes : tuple of Node
        In the order of the forward pass; the output is the last.
    edges : tuple of (int, int)
        From the place of a node in `nodes` to the place of one that takes its value, by target and then by input.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Passed:
    """What one operation did in a backward pass.

    Attributes
    ----------
    node : int
        The place of the operation in the graph's nodes.
    received : Tensor
        The gradient that arrived from above, all its parts together; of the shape of the operation's result.
    sent : tuple of (int, Tensor)
        The parts that it sent on: the place of the node that each went to, and the part.
    """

    node: int
    received: Tensor
    sent: tuple[tuple[int, Tensor], ...]


def recorded_graph(output: Tensor, /, **names: Tensor) -> Graph:
    """Walk from `output` over ``grad_fn.next_functions`` and return the graph that autograd recorded.

    Parameters
    ----------
    output : Tensor
        What was computed; autograd must track it.
    **names : Tensor
        What to call the leaves, and the results inside the graph; a tensor that autograd does not track is no node.

    Raises
    ------
    TypeError
        If `output`, or one of `names`, is no tensor.
    ValueError
        If autograd does not track `output`.
    """
    for name, tensor in names.items():
        require_instance(tensor, Tensor, name)
    functions = recorded_functions(output)
    named = {get_gradient_edge(tensor).node: (name, tensor) for name, tensor in names.items() if tensor.requires_grad}
    places = {function: place for place, function in enumerate(functions)}
    edges = [
        (places[source], places[target])
        for target in functions
        for source, _ in target.next_functions
        if source is not None
    ]
    return Graph(
        nodes=tuple(_node(function, *named.get(function, (None, None))) for function in functions), edges=tuple(edges)
    )


def recorded_functions(output: Tensor, /) -> list[Function]:
    """Return the functions that autograd recorded on the way to `output`, each after those that it takes from.

    Raises
    ------
    TypeError
        If `output` is no tensor.
    ValueError
        If autograd does not track it.
    """
    _require_tracked(output)
    order, seen, waiting = [], set(), [(get_gradient_edge(output).node, False)]  # depth first, without recursion
    while waiting:
        function, inputs_are_done = waiting.pop()
        if inputs_are_done:
            order.append(function)
        elif function not in seen:
            seen.add(function)
            waiting.append((function, True))
            waiting += [(source, False) for source, _ in reversed(function.next_functions) if source is not None]
    return order


def _require_tracked(output: Tensor) -> None:
    require_instance(output, Tensor, "output")
    if not output.requires_grad:
        raise ValueError("output must be a tensor that autograd tracks, but its requires_grad is False")


def captured_graph(module: GraphModule) -> Graph:
    """Return the graph that ``torch.fx.symbolic_trace`` captured: constants stand in it, shapes and gradients do not.

    Raises
    ------
    TypeError
        If `module` is no torch.fx.GraphModule.
    ValueError
        If nothing stands in its graph.
    """
    if not isinstance(module, GraphModule):
        raise TypeError(f"module must be a torch.fx.GraphModule, but it is {brief(module)}")
    captured = [node for node in module.graph.nodes if node.op != "output"]
    if not captured:
        raise ValueError("module must have a graph with a node besides the output, but it has none")
    places = {node: place for place, node in enumerate(captured)}
    edges = [(places[source], places[target]) for target in captured for source in _inputs(target)]
    return Graph(nodes=tuple(_captured_node(node) for node in captured), edges=tuple(edges))


def backward_pass(output: Tensor, /) -> list[Passed]:
    """Pass back from a number, as ``output.backward()`` does, and return what each operation did, in autograd's order.

    No tensor's ``.grad`` changes, and the graph is kept.

    Raises
    ------
    TypeError
        If `output` is no tensor.
    ValueError
        If autograd does not track `output`, it is not a single number, or its graph is there no more.
    """
    functions = recorded_functions(output)
    if output.numel() != 1:
        raise ValueError(f"output must be a single number, but it has shape {tuple(output.shape)}")
    places = {function: place for place, function in enumerate(functions)}
    passes: list[Passed] = []

    def note(function: Function, parts: tuple[Tensor | None, ...], received: tuple[Tensor, ...]) -> None:
        to = [places.get(source) for source, _ in function.next_functions]
        sent = tuple((place, part) for place, part in zip(to, parts, strict=True) if place is not None)
        passes.append(Passed(node=places[function], received=received[0], sent=sent))

    operations = [function for function in functions if not hasattr(function, "variable")]
    leaves = [function.variable for function in functions if hasattr(function, "variable")]
    hooks = [function.register_hook(partial(note, function)) for function in operations]
    try:
        torch.autograd.grad(output, leaves, retain_graph=True)
    except RuntimeError as error:
        raise ValueError(f"output must have a graph to pass back along, but autograd says: {error}") from error
    finally:
        for hook in hooks:
            hook.remove()
    return passes


def _node(function: Function, name: str | None, tensor: Tensor | None) -> Node:
    leaf = getattr(function, "variable", None)  # only what accumulates the gradient of a leaf has it
    if leaf is not None:
        return Node(name=name, shape=tuple(leaf.shape), gradient=leaf.grad)
    results = getattr(function, "_input_metadata", ())  # what enters the backward function has left the forward one
    return Node(
        operation=re.sub(r"Backward\d*$", "", function.name().rpartition("::")[2]),
        name=name,
        shape=tuple(results[0].shape) if len(results) == 1 else None,
        gradient=tensor.grad if tensor is not None and tensor.retains_grad else None,
    )


def _captured_node(node: CapturedNode) -> Node:
    if node.op in ("placeholder", "get_attr"):
        return Node(name=node.name)
    called = node.target if isinstance(node.target, str) else node.target.__name__
    arguments = [_short(argument) for argument in node.args]
    arguments += [f"{key}={_short(argument)}" for key, argument in node.kwargs.items()]
    return Node(operation=f"{called}({', '.join(arguments)})")


def _inputs(node: CapturedNode) -> list[CapturedNode]:
    """Return the nodes that `node` takes from: one that it takes twice, twice."""
    inputs: list[CapturedNode] = []
    torch.fx.node.map_arg((node.args, node.kwargs), inputs.append)
    return inputs


def _short(argument: object) -> str:
    """Return a constant as it is written, and a dot for what another node computes."""
    return "·" if isinstance(argument, CapturedNode) else str(argument)
