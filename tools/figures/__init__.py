"""The lecture's figures: one function a picture; ``python -m tools.figures`` writes them all."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from lecture_utils._look.style import lecture_style, saved
from lecture_utils._words import LANGUAGES, speaking
from tools.figures import (
    backprop_steps,
    backpropagation,
    backward_pass,
    computation_graph,
    descent,
    forward_pass,
    hierarchies,
    training_cycle,
)

IMAGES = Path(__file__).parents[2] / "img"

#: Each figure's function by the name of its file.
FIGURES: dict[str, Callable[[], Figure]] = {
    function.__name__: function
    for function in (
        training_cycle.training_cycle_overview,
        training_cycle.training_cycle_forward,
        forward_pass.mlp_two_hidden_layers,
        forward_pass.forward_pass_numbers,
        descent.descent_on_surface,
        training_cycle.training_cycle_gradient,
        backpropagation.error_flow,
        backward_pass.backward_pass_numbers,
        backpropagation.chain_rule_paths,
        backpropagation.forward_backward_modules,
        *(getattr(backprop_steps, f"backprop_step_{step}") for step in range(1, 7)),
        backpropagation.activation_derivatives,
        computation_graph.computation_graph,
        hierarchies.layer_hierarchies,
    )
}


def draw(name: str, *, language: str) -> bytes:
    """Return the figure called `name` as SVG, in `language`: the same bytes each time."""
    with speaking(language), lecture_style():
        return saved(FIGURES[name](), "svg")


def write_all(folder: Path = IMAGES) -> list[Path]:
    """Write every figure in every language into `folder`/ru and `folder`/en; return the files."""
    files = []
    for language in LANGUAGES:
        (folder / language).mkdir(parents=True, exist_ok=True)
        for name in FIGURES:
            files.append(folder / language / f"{name}.svg")
            files[-1].write_bytes(draw(name, language=language))
    return files
