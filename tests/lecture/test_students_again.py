"""What a student sees who runs again what has run: a cell twice in a row, a section gone back to, a solved exercise.

A section is what stands under a heading of the second level. The pair of a notebook runs the same program, so only
the English one is run.
"""

import pytest

from tests.executed import executed
from tests.kernel import OpenNotebook, said, texts
from tests.notebook import NAMES, exercises, path, read, solution

# Run twice in a row, these say something else the second time, and are right to: the reason is taught in the notebook.
# Their section run again from its heading gives what it gave at first.
MEANT_TO_DIFFER = {
    "03_backpropagation": {
        "perceptron-train": "training: each run goes on from where the one before it stopped",
    },
    "04_autograd": {
        "inference-code": "gradients add up: each backward pass adds its own",
        "run-backward-code": "backward uses the graph up, which is the first of the errors of a later section",
        "after-code": "backward uses the graph up",
        "vjp-code": "backward uses the graph up",
        "inplace-right": "a step of descent: each run goes one step further",
    },
    "05_modules_and_sgd": {
        "autograd-update-code": "a step of descent that forgets its gradient: there is none for a second step",
    },
    "06_deep_network": {
        "entropy-gradient-code": "backward uses the graph up",
    },
}
# Run once only: a second time would take seconds and show nothing, for each makes all that it changes.
ONCE_IS_ENOUGH = {"capacity-code", "cures-run", "seeds-code", "zero-code"}


class Reread:
    """A notebook run with each cell twice in a row, then by sections, from the last to the first, then solved."""

    def __init__(self, name):
        self.meant = MEANT_TO_DIFFER.get(name, {})
        self.twice, self.below, self.mended, self.gone_back, self.solved = {}, {}, {}, {}, {}
        original = read("en", name)
        once = {cell.id: texts(said(cell.get("outputs", []))) for cell in executed("en", name).cells}
        with OpenNotebook(original, folder=path("en", name).parent) as notebook:
            first = {}
            for section in notebook.sections:
                for place, cell in enumerate(section):
                    first[cell] = notebook.run(cell)
                    self.below[cell] = (once[cell], texts(first[cell]))
                    if cell in self.meant or not (cell in ONCE_IS_ENOUGH or draws(first[cell])):
                        self.twice[cell] = (first[cell], notebook.run(cell))
                    if cell in self.meant:
                        self.mended[cell] = (first[cell], notebook.run(*section[: place + 1]))
            for cell in (cell for section in reversed(notebook.sections) for cell in section):
                if cell not in ONCE_IS_ENOUGH:
                    self.gone_back[cell] = (first[cell], notebook.run(cell))
            for stub, check, answer in exercises(original):
                notebook.write(stub.id, solution(answer))
                self.solved[check.id] = texts(notebook.run(stub.id, check.id))


def draws(outputs):
    return any(kind == "data" and "image/png" in seen for kind, seen in outputs)


@pytest.fixture(scope="module", params=NAMES)
def reread(request):
    return Reread(request.param)


def different(runs):
    """Return which cells said something else the second time: a line for each."""
    return "\n".join(f"{cell}: {brief(a)}, then {brief(b)}" for cell, (a, b) in runs.items() if a != b)


def brief(outputs):
    """Return the last line of each text, and the kinds of what is no text."""
    return "; ".join(said.splitlines()[-1] if isinstance(said, str) else "/".join(said) for _, said in outputs) or "-"


def test_a_cell_run_twice_in_a_row_says_the_same_twice(reread):
    found = different({cell: runs for cell, runs in reread.twice.items() if cell not in reread.meant})
    assert not found, found
    found = different(reread.below)
    assert not found, f"these stand below cells that were run twice, and no longer say what they did:\n{found}"


def test_a_cell_that_is_meant_to_differ_does_so_and_is_right_once_its_section_is_run_again(reread):
    for cell in reread.meant:
        assert different({cell: reread.twice[cell]}), f"{cell} says the same twice, and needs no exception"
    found = different(reread.mended)
    assert not found, found


def test_a_section_gone_back_to_says_what_it_said(reread):
    found = different(reread.gone_back)
    assert not found, found


def test_each_solution_passes_the_check_in_place_of_its_stub(reread):
    found = {check: said for check, said in reread.solved.items() if said != [("data", "✓")]}
    assert not found, found
