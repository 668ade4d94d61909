"""From any start, what the page computes is what torch computes: the path, the loss, and the words."""

import re

import numpy as np
import pytest
import torch

from lecture_utils.datasets import DATASETS
from lecture_utils.explorers import descent_explorer
from tests.pages.test_live_js import draw, page  # noqa: F401 (a fixture)
from tools.browser import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

N_RUNS = 1000
DRAWN = """(states) => {
    window.requestAnimationFrame = (draw) => { draw(); return 0; };  // at once
    return states.map((state) => {
        live.model.choose(state);
        const path = document.querySelector("[data-mark='trail 1'] path").getAttribute("d");
        return [path, document.querySelector(".live-picture > figcaption").textContent];
    });
}"""


@pytest.fixture(scope="module")
def explorer():
    return descent_explorer({"1": DATASETS["1"], "2": DATASETS["2"]}, dataset="2")


@pytest.fixture(scope="module")
def states(explorer):
    sizes, chance = explorer.picture.scene["choices"], np.random.default_rng(0)
    motion = explorer._runs[1].motion
    return [
        {
            "dataset": 1,
            "learning_rate": int(chance.integers(sizes["learning_rate"])),
            "step": int(chance.integers(sizes["step"])),
            "start": chance.uniform(motion.low, motion.high).tolist(),
        }
        for _ in range(N_RUNS)
    ]


@pytest.fixture(scope="module")
def seen(page, explorer, states):  # noqa: F811
    draw(page, explorer.picture)
    return page.evaluate(DRAWN, states)


@pytest.fixture(scope="module")
def runs(explorer, states):
    """Run all of them by autograd in float64: weights (n_steps + 1, n_runs, 2) and losses (n_steps + 1, n_runs)."""
    run = explorer._runs[1]
    X, y = run.dataset.X.double(), run.dataset.y.double()
    rates = torch.tensor([run.rates[state["learning_rate"]] for state in states], dtype=torch.float64)[:, None]
    w = torch.tensor([state["start"] for state in states], dtype=torch.float64)
    weights, losses = [], []
    for _ in range(run.n_steps + 1):
        w = w.detach().requires_grad_()
        loss = (w @ X.T - y).square().mean(dim=1)
        loss.sum().backward()
        weights.append(w.detach().numpy())
        losses.append(loss.detach().numpy())
        w = w - rates * w.grad
    return np.array(weights), np.array(losses)


def read(text):
    """Return the number that a text says."""
    digits = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")).replace("·10", "e")
    return float(digits)


def test_the_path_is_that_of_torch_to_a_ten_thousandth_of_the_axes(explorer, states, seen, runs):
    run, weights = explorer._runs[1], runs[0]
    mark = next(mark for mark in explorer.picture.scene["marks"] if mark["name"] == "trail 1")
    left, top, width, height = mark["box"]
    low, length = np.array(run.motion.low), np.subtract(run.motion.high, run.motion.low)
    worst = n_points = 0
    for index, (state, (path, _)) in enumerate(zip(states, seen, strict=True)):
        places = np.array([[float(at) for at in place.split()] for place in re.findall(r"[ML]([^ML]+)", path)])
        drawn = np.column_stack([(places[:, 0] - left) / width, 1 - (places[:, 1] - top) / height])
        expected = (weights[run.shown[: len(drawn)], index] - low) / length
        inside = ((expected >= -0.5) & (expected <= 1.5)).all(axis=1)  # the last one may be far off
        assert inside[:-1].all()
        until = run.shown.index(run.stops[state["step"]]) + 1
        assert len(drawn) == until or not ((expected[-1] >= 0) & (expected[-1] <= 1)).all()
        worst = max(worst, np.abs(drawn - expected)[inside].max(initial=0))
        n_points += len(drawn)
    assert n_points > 20 * N_RUNS
    assert worst < 1e-4


def test_the_loss_is_that_of_torch_to_a_thousandth_over_nine_orders_of_magnitude(explorer, states, seen, runs):
    run, said = explorer._runs[1], []
    for index, (state, (_, caption)) in enumerate(zip(states, seen, strict=True)):
        expected = runs[1][run.stops[state["step"]], index]
        text = re.search(r"loss E (= |< )(\S+)\. At", caption)
        if text[1] == "< ":
            assert expected < 1.001 * read("1·" + text[2])
        elif text[2] == "∞":
            assert expected > 0.999 * np.finfo(np.float32).max
        else:
            assert read(text[2]) == pytest.approx(expected, rel=1e-3)
            said.append(expected)
    assert len(said) > 0.7 * N_RUNS
    converging = [loss for loss in said if loss < 1e4]
    assert min(converging) < 1e-9 * max(converging) * 10


def test_the_words_of_the_page_are_those_of_python(explorer, states, seen):
    picture, wrong = explorer.picture, []
    for state, (_, caption) in zip(states, seen, strict=True):
        for name, value in state.items():
            setattr(picture, name, value)
        if caption != picture.caption:
            wrong.append(f"{state}: {caption!r} instead of {picture.caption!r}")
    assert wrong[:3] == []


def test_the_trace_is_the_run_on_the_screen(explorer, states, runs):
    run, picture = explorer._runs[1], explorer.picture
    for index in range(0, N_RUNS, 100):
        for name, value in states[index].items():
            setattr(picture, name, value)
        trace = explorer.trace
        steps = run.stops[states[index]["step"]]
        assert trace.n_steps == steps
        expected = runs[0][: steps + 1, index]
        near = (np.abs(expected) < 1e3).all(axis=1)
        length = np.subtract(run.motion.high, run.motion.low)
        assert (
            np.abs(trace.weights.numpy() - expected)[near] <= 1e-4 * np.maximum(length, np.abs(expected[near]))
        ).all()
