"""Notebook 05: its loops take the original lecture's path, its trap leads where it says, its checks see through."""

import csv
import random
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from lecture_utils import checks, plots
from lecture_utils._words import set_language
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent
from tests.notebook import read, solution
from tools.notebooks import tags

CELLS = {cell.id: cell for cell in read("en", "05_modules_and_sgd").cells}
X, Y = DATASETS["2"].X.double(), DATASETS["2"].y.double().unsqueeze(1)

TOOLS = ("sgd-start-code", "module-class", "module-zero-code", "module-target-code", "train-code")
LOOPS = {
    "analytic": ("analytic-loop",),
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


def golden(way):
    with open(Path(__file__).parent / "data" / f"{way}.csv") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]


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


@pytest.mark.parametrize("way", ["analytic", "autograd", "optim.SGD", "nn.Module"])
def test_each_of_the_four_ways_takes_the_path_of_gradient_descent_at_every_step(way):
    trace = gradient_descent(DATASETS["2"], learning_rate=0.0013, n_steps=1001)
    torch.testing.assert_close(run(way)["paths"][way], trace.weights, rtol=0, atol=1e-5)


def test_the_notebook_prints_that_the_four_ways_do_not_differ():
    lines = printed("four-ways-table").splitlines()
    assert [line.split()[0] for line in lines] == ["analytic", "autograd", "optim.SGD", "nn.Module"]
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


# --- pictures


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_losses_stand_under_their_names_and_differ_by_more_than_colour(ax):
    curves = plots.losses_by_step(ax, {"one": [980.0, 1.0], "two": torch.tensor([980.0, 10.0, 0.1])}, threshold=0.001)
    np.testing.assert_allclose(curves[1].get_xydata(), [[0, 980], [1, 10], [2, 0.1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two", "threshold 0.001"]
    assert len({curve.get_color() for curve in curves}) == len({str(curve.get_linestyle()) for curve in curves}) == 2
    assert ax.get_yscale() == "log"
    assert ax.lines[-1].get_ydata() == [0.001, 0.001]


def test_losses_without_a_threshold_have_none(ax):
    plots.losses_by_step(ax, {"one": [980.0, 1.0]})
    assert len(ax.lines) == 1


def test_the_threshold_speaks_russian(ax):
    set_language("ru")
    plots.losses_by_step(ax, {"one": [980.0, 1.0]}, threshold=0.5)
    assert ax.get_legend().get_texts()[-1].get_text() == "порог 0.5"


@pytest.mark.parametrize(("index", "label"), [(1, "weight w₁"), (2, "weight w₂")])
def test_one_weight_of_several_paths_is_drawn_each_curve_thinner_than_the_one_below(ax, index, label):
    paths = {name: torch.arange(6.0).reshape(3, 2) + shift for name, shift in (("a", 0), ("b", 1), ("c", 2))}
    curves = plots.weight_by_step(ax, paths, index=index)
    assert [curve.get_label() for curve in curves] == ["a", "b", "c"]
    for curve, path in zip(curves, paths.values(), strict=True):
        assert curve.get_ydata().tolist() == path[:, index - 1].tolist()
    widths = [curve.get_linewidth() for curve in curves]
    assert widths == sorted(widths, reverse=True)
    assert min(widths) > 1
    assert len(set(widths)) == 3
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", label)


# --- exercises


def answers(stub):
    """Return what the solution below that stub defines."""
    ids = list(CELLS)
    cell = next(CELLS[name] for name in ids[ids.index(stub) :] if "solution" in tags(CELLS[name]))
    space = {"torch": torch, "nn": nn}
    exec(solution(cell), space)
    return space[re.search(r"^(?:def|class) (\w+)", CELLS[stub].source).group(1)]


def loop(*, zero=True, first=True, last=True, step=True, report=lambda loss, n: loss.item()):
    """Return a training loop with a flaw."""

    def train(model, loss_function, optimizer, X, Y, n_steps):
        losses = []
        for _ in range(n_steps):
            loss = loss_function(model(X), Y)
            losses.append(report(loss, len(Y)))
            if zero:
                optimizer.zero_grad()
            loss.backward()
            if step:
                optimizer.step()
        losses.append(report(loss_function(model(X), Y), len(Y)))
        return losses[0 if first else 1 : None if last else -1]

    return train


def broken(error):
    def answer(*arguments):
        raise error

    return answer


@pytest.mark.parametrize("stub", ["report-stub", "leads-stub", "own-stub", "original-stub"])
def test_each_solution_is_right_and_each_stub_is_open(stub):
    source = CELLS[stub].source
    name = re.search(r"^(?:def|class) (\w+)", source).group(1)
    space = {"nn": nn}
    exec(source, space)
    check = getattr(checks, re.search(r"checks\.(check_\w+)\(", CELLS[stub.replace("stub", "check")].source).group(1))
    assert check(space[name]).right is None
    assert check(answers(stub)).right is True
    assert check(None).right is False
    assert check(7).right is False


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (loop(zero=False), "zero_grad() is missing"),
        (loop(last=False), "There must be 5 losses"),
        (loop(first=False), "There must be 5 losses"),
        (loop(step=False), "losses"),
        (loop(report=lambda loss, n: -loss.item()), "the sign is the opposite"),
        (loop(report=lambda loss, n: n * loss.item()), "the sum, not the mean"),
        (lambda *arguments: [1.0] * (arguments[-1] + 1), "losses"),
        (lambda *arguments: 0.5, "A list of losses is expected"),
        (lambda *arguments: "loss", "A list of losses is expected"),
        (lambda model, loss_function, optimizer, X, Y, n: [loss_function(model(X), Y)] * (n + 1), "losses"),
        (broken(ValueError("oh")), "ValueError: oh"),
    ],
)
def test_a_wrong_training_loop_is_told_what_is_wrong(answer, says):
    verdict = checks.check_train_and_report(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_a_loop_that_reports_right_losses_but_trains_another_model_is_wrong():
    def honest_report_of_a_copy(model, loss_function, optimizer, X, Y, n_steps):
        before = {name: value.clone() for name, value in model.state_dict().items()}
        losses = loop()(model, loss_function, optimizer, X, Y, n_steps)
        model.load_state_dict(before)
        return losses

    assert checks.check_train_and_report(honest_report_of_a_copy).right is False


def test_losses_that_are_still_tensors_are_as_good_as_numbers():
    assert checks.check_train_and_report(loop(report=lambda loss, n: loss)).right is True
    assert checks.check_train_and_report(loop(report=lambda loss, n: loss.detach())).right is True


def regression(X, target):
    return torch.linalg.lstsq(X, target.reshape(-1, 1)).solution.squeeze(1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda X, y: regression(X, y), "each observation with its own target"),
        (lambda X, y: -regression(X, y.mean().expand(len(y))), "the sign is the opposite"),
        (lambda X, y: regression(X, y.sum().expand(len(y))), "the sum, not the mean"),
        (lambda X, y: regression(X, y.median().expand(len(y))), "w: this is"),
        (lambda X, y: torch.linalg.lstsq(X, y.mean().expand(len(y), 1)).solution, "the shape must be (2,)"),
        (lambda X, y: torch.tensor([6.0, 0.6]), "w: this is"),
        (lambda X, y: torch.zeros(X.shape[1]), "w: this is"),
        (lambda X, y: "six", "a tensor is expected"),
    ],
)
def test_wrong_weights_for_the_trap_are_told_what_is_wrong(answer, says):
    verdict = checks.check_trap_weights(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_the_weights_of_the_trap_may_be_found_by_training_too():
    def trained(X, y):
        w = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(2000):
            optimizer.zero_grad()
            ((X.double() @ w).unsqueeze(1) - y).square().mean().backward()
            optimizer.step()
        return w

    assert checks.check_trap_weights(trained).right is True


def module(forward, *, weight=nn.Parameter, bias=nn.Parameter, start=torch.zeros):
    """Return a class of modules with a flaw."""

    class Flawed(nn.Module):
        def __init__(self, n_features):
            super().__init__()
            self.weight = weight(start(n_features))
            self.bias = bias(start(()))

        def forward(self, X):
            return forward(self, X)

    return Flawed


def affine(self, X):
    return X @ self.weight + self.bias


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (module(lambda self, X: X @ self.weight), "forward(X)"),
        (module(lambda self, X: -affine(self, X)), "the sign is the opposite"),
        (module(lambda self, X: affine(self, X).unsqueeze(1)), "the shape must be (5,), but it is (5, 1)"),
        (module(lambda self, X: torch.zeros(len(X))), "forward(X)"),
        (module(lambda self, X: affine(self, X).detach()), "No gradient reached weight"),
        (module(lambda self, X: X @ self.weight + self.bias.detach()), "No gradient reached bias"),
        (module(affine, weight=lambda value: value), "Are the tensors wrapped in nn.Parameter?"),
        (module(affine, bias=lambda value: value), "Are the tensors wrapped in nn.Parameter?"),
        (module(affine, start=torch.ones), "weight: this is"),
        (module(lambda self, X: None), "No answer yet"),
        (lambda n: nn.Linear(n, 1), "(1, 3)"),
        (lambda n: 5, "A class that inherits from nn.Module is expected"),
        (broken(TypeError("oh")), "TypeError: oh"),
    ],
)
def test_a_wrong_module_is_told_what_is_wrong(answer, says):
    verdict = checks.check_linear_with_bias(answer)
    assert verdict.right is not True
    assert says in verdict.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda u, b, mean, std: (u * std, b - mean @ (u / std)), "w: this is"),
        (lambda u, b, mean, std: (u / std, b), "c: this is"),
        (lambda u, b, mean, std: (u / std, mean @ (u / std) - b), "c: the sign is the opposite"),
        (lambda u, b, mean, std: (u / std, b - mean @ u), "c: this is"),
        (lambda u, b, mean, std: (u, b), "w: this is"),
        (lambda u, b, mean, std: ((u / std).unsqueeze(1), b), "the shape must be (2,)"),
        (lambda u, b, mean, std: u / std, "Two values are expected"),
        (lambda u, b, mean, std: (None, None), "a tensor is expected"),
    ],
)
def test_wrong_original_weights_are_told_what_is_wrong(answer, says):
    verdict = checks.check_original_weights(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_a_check_does_not_touch_the_readers_seed():
    torch.manual_seed(random.randrange(100))
    before = torch.get_rng_state()
    checks.check_train_and_report(answers("report-stub"))
    checks.check_linear_with_bias(answers("own-stub"))
    assert torch.equal(torch.get_rng_state(), before)
