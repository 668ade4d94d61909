"""Notebook 04 prints the numbers of the lecture, and explains each error that it raises."""

import pytest

from lecture_utils._words import LANGUAGES
from tests.notebook import read


def printed():
    outputs = [output for cell in read("en", "04_autograd").cells for output in cell.get("outputs", [])]
    return "\n".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)


@pytest.mark.parametrize(
    "numbers",
    [
        "-0.02651, -0.59082,  0.87850",
        "14.16624",
        "3.94698, 2.81837, 5.75701",
        "204.80000, 2048.00000,    0.20480",
        "weight 0.7\ngradient 3, weight 0.4\ngradient 3, weight 0.1",
        "gradient 6, weight 0.1\ngradient 9, weight -0.8",
        "-130., -1700.",
    ],
)
def test_it_prints_the_numbers_of_the_lecture(numbers):
    assert numbers in printed()


@pytest.mark.parametrize(
    "message",
    [
        "backward through the graph a second time",
        "grad can be implicitly created only for scalar outputs",
        "a leaf Variable that requires grad is being used in an in-place operation",
        "modified by an inplace operation",
        "does not require grad and does not have a grad_fn",
        "unsupported operand type(s) for *: 'float' and 'NoneType'",
        "size mismatch",
        "Mismatch in shape",
        "Only Tensors of floating point",
        "Inference tensors cannot be saved",
        "nodes are in a cycle",
        "cannot be used as inputs to control flow",
    ],
)
def test_it_raises_the_errors_on_purpose_and_explains_each_in_the_next_cell(message):
    for language in LANGUAGES:
        cells = read(language, "04_autograd").cells
        places = [
            place
            for place, cell in enumerate(cells)
            if any(message in output.get("evalue", "") for output in cell.get("outputs", []))
        ]
        assert places
        for place in places:
            assert "raises-exception" in cells[place].metadata["tags"]
            assert cells[place + 1].cell_type == "markdown"
