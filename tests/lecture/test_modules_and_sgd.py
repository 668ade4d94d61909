"""Notebook 05: its loops take the original lecture's path, and its trap leads where it says."""

import re
import warnings

import pytest
import torch
from torch import nn

from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent
from tests.golden import golden
from tests.notebook import read
from tools.notebooks import tags

CELLS = {cell.id: cell for cell in read("en", "05_modules_and_sgd").cells}
X, Y = DATASETS["2"].X.double(), DATASETS["2"].y.double().unsqueeze(1)

TOOLS = ("sgd-start-code", "module-class", "module-zero-code", "module-target-code", "train-code")
LOOPS = {
    "Xᵀ(Xw − y)": ("analytic-loop",),
    "autograd": ("autograd-loop-code",),
    "optim.SGD": ("sgd-start-code", "sgd-loop-code"),
    "nn.Module": (*TOOLS, "module-loop-code"),
    "random start": (*TOOLS, "random-start-code"),
    "trap": (*TOOLS, "trap-train-code"),
}


def run(way, n_steps=1001):
    """Run cells of the notebook as they stand, but with that number of steps; return their variables."""
    space = {"torch": torch, "nn": nn, "warnings": warnings, "paths": {}, "show": lambda weights: None}
    exec(CELLS["data"].source, space)
    space["n_steps"] = n_steps
    for cell in ("loss", *LOOPS[way]):
        exec(CELLS[cell].source, space)
    return space


def printed(cell):
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in CELLS[cell].outputs)


# float32 rounds a prediction near 42 by 4e-6; a loss near 0.001, and the gradient, magnify that. The start of
# linear_module is known to 5e-6 only, which λ_max = 1507 turns into 8e-3 of the gradient.
@pytest.mark.parametrize(
    ("way", "file", "tolerance"),
    [("autograd", "autograd", 1e-3), ("optim.SGD", "sgd", 1e-3), ("random start", "linear_module", 8e-3)],
)
def test_the_loops_of_the_notebook_give_the_numbers_that_the_original_lecture_printed(way, file, tolerance):
    for row in golden(file):
        space = run(way, n_steps=int(row["step"]) + 1)
        w = space["model"].linear.weight if way == "random start" else space["w"]
        loss = space["losses"][-1] if way == "random start" else space["loss"]
        assert w.flatten().tolist() == pytest.approx([row["w1_after"], row["w2_after"]], rel=0, abs=2e-4)
        if row["loss_before"] > 1e-3:
            assert loss.item() == pytest.approx(row["loss_before"], rel=2e-5, abs=5e-7)
        if "grad1" in row:
            golden_gradient = [row["grad1"], row["grad2"]]
            assert w.grad.flatten().tolist() == pytest.approx(golden_gradient, rel=1e-5, abs=tolerance)


@pytest.mark.parametrize("way", ["Xᵀ(Xw − y)", "autograd", "optim.SGD", "nn.Module"])
def test_each_of_the_four_ways_takes_the_path_of_gradient_descent_at_every_step(way):
    trace = gradient_descent(DATASETS["2"], learning_rate=0.0013, n_steps=1001)
    torch.testing.assert_close(run(way)["paths"][way], trace.weights, rtol=0, atol=1e-5)


def test_the_notebook_prints_that_the_four_ways_do_not_differ():
    lines = printed("four-ways-table").splitlines()
    assert [line[:10].strip() for line in lines] == ["Xᵀ(Xw − y)", "autograd", "optim.SGD", "nn.Module"]
    assert len({line[10:] for line in lines}) == 1
    assert all(line.endswith(" 0.0000") for line in lines)
    assert "< 1e-5" in CELLS["four-ways-assert"].source


def test_the_shape_trap_settles_at_six_and_six_tenths_where_every_prediction_is_the_mean():
    space = run("trap")
    assert space["weights"][-1].tolist() == pytest.approx([6, 0.6], abs=5e-4)
    assert space["losses"][-1].item() == pytest.approx(80, abs=1e-4)
    assert space["model"](space["X"]).flatten().tolist() == pytest.approx([30] * 4, abs=1e-3)
    assert "w = (6.000, 0.600), loss = 80.000" in printed("trap-result-code")
    assert printed("trap-result-code").count("'30.00'") == 4
    assert "Using a target size (torch.Size([4]))" in printed("trap-warning-code")
    assert printed("trap-silent-code").endswith("warnings: 0\n")


@pytest.mark.parametrize(
    ("cell", "error", "message"),
    [
        ("errors-shapes", "RuntimeError", "mat1 and mat2 shapes cannot be multiplied (2x4 and 2x1)"),
        ("errors-row-code", "RuntimeError", "mat1 and mat2 shapes cannot be multiplied (1x3 and 2x1)"),
        ("errors-model", "TypeError", "missing 1 required positional argument: 'X'"),
        ("errors-loss", "TypeError", "missing 1 required positional argument: 'target'"),
        ("errors-get", "TypeError", "get_parameter() missing 1 required positional argument: 'target'"),
        ("errors-init-code", "AttributeError", "before Module.__init__() call"),
        ("trap-error-code", "UserWarning", "due to broadcasting"),
    ],
)
def test_errors_are_raised_on_purpose_and_explained_in_the_next_cell(cell, error, message):
    assert tags(CELLS[cell]) == ["raises-exception"]
    (output,) = CELLS[cell].outputs
    assert output.ename == error
    assert message in output.evalue
    ids = list(CELLS)
    following = ids[ids.index(cell) + 1 :][:3]  # three errors share one explanation
    assert any(CELLS[name].cell_type == "markdown" for name in following)


def steps_needed(update, features, rate, *, bias=False):
    """Count steps in float64 until the loss stays below 0.001, with the gradient written out."""
    if bias:
        features = torch.cat([features, torch.ones(len(features), 1)], dim=1)
    w, memory = torch.zeros(features.shape[1], 1, dtype=torch.float64), {}
    above = 0
    for step in range(1001):
        deviation = features @ w - Y
        if deviation.square().mean() >= 0.001:
            above = step
        w = w - rate * update(2 / len(Y) * features.T @ deviation, memory, step + 1)
    return above + 1


def plain(gradient, memory, step):
    return gradient


def momentum(gradient, memory, step):
    memory["v"] = 0.9 * memory.get("v", 0) + gradient
    return memory["v"]


def adam(gradient, memory, step):
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * gradient
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * gradient**2
    return memory["m"] / (1 - 0.9**step) / ((memory["s"] / (1 - 0.999**step)).sqrt() + 1e-8)


def test_the_table_of_steps_is_that_of_each_rule_written_out_in_double_precision():
    scale, std = X.square().mean(dim=0).sqrt(), X.std(dim=0, correction=0)
    expected = {
        "SGD": steps_needed(plain, X, 0.0013),
        "momentum 0.9": steps_needed(momentum, X, 0.0013),
        "Adam": steps_needed(adam, X, 0.1),
        "SGD, x / scale": steps_needed(plain, X / scale, 0.5),
        "SGD, (x − mean) / std": steps_needed(plain, (X - X.mean(dim=0)) / std, 1 / 3, bias=True),
    }
    rows = dict(re.findall(r"^(.*?) +(\d+) steps$", printed("race-table"), flags=re.MULTILINE))
    assert {name: int(steps) for name, steps in rows.items()} == expected
    assert list(expected.values()) == [445, 136, 138, 18, 7]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_summary_repeats_the_numbers_that_the_cells_print(language):
    summary = next(cell.source for cell in read(language, "05_modules_and_sgd").cells if cell.id == "summary")
    for number in ["445", "136", "138", "18", "7", "(6, 0.6)", "06_deep_network.ipynb"]:
        assert number in summary


def test_the_notebook_leaves_old_habits_behind():
    code = "\n".join(cell.source for cell in CELLS.values() if cell.cell_type == "code")
    assert ".data" not in code
    assert "Variable" not in code
    assert printed("sgd-zero-code") == "None\n"
    assert "weights_only=True" in code
