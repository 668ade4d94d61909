"""What autograd does on its way back along a graph, operation by operation."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from lecture_utils.graphs import recorded_functions

if TYPE_CHECKING:
    from torch.autograd.graph import Node as Function


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

    def note(function: "Function", parts: tuple[Tensor | None, ...], received: tuple[Tensor, ...]) -> None:
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
