"""Every number that an explorer says, below the picture, on it and beside its controls, is that of the state shown."""

import random
import re

import pytest
import torch

from lecture_utils._words import table
from lecture_utils.datasets import DATASETS, noisy_examples
from lecture_utils.descent import hessian, mse
from lecture_utils.explorers._regression import nearest_minimum
from tests.package.explorers.real import opened, text

NOISY = noisy_examples()
LOWEST = mse(NOISY.X.double(), NOISY.y.double(), nearest_minimum(NOISY)).item()


def of_descent(explorer):
    trace, rate = explorer.trace, explorer.trace.learning_rate
    w1, w2 = trace.weights[-1].tolist()
    now = {"rate": rate, "step": trace.n_steps, "w1": w1, "w2": w2, "loss": trace.losses[-1].item()}
    return now | {"start1": 0, "start2": 0}, {"learning_rate": rate, "step": trace.n_steps}


def of_minibatch(explorer):
    trace, rate = explorer.trace, explorer.trace.learning_rate
    weights = trace.weights[-1].double()
    now = {"batch": trace.batch_size, "rate": rate, "steps": trace.n_steps, "weights": weights.tolist()}
    now["excess"] = mse(NOISY.X.double(), NOISY.y.double(), weights).item() - LOWEST
    seen = {"examples": trace.n_steps} if trace.batch_size == 1 else {}
    return now | seen, {"learning_rate": rate} | seen


def of_deep(explorer):
    trace, data, epoch = explorer.trace, explorer.dataset, explorer.trace.epochs[-1].item()
    now = {"epoch": epoch, "share": 100 * explorer.share, "n": len(data.y), "n_held_out": len(data.y_held_out)}
    now |= {"training": trace.training_losses[-1].item(), "held_out": trace.held_out_losses[-1].item()}
    now |= {"wrong": trace.training_errors[-1].item(), "wrong_held_out": trace.held_out_errors[-1].item()}
    return now, {"epoch": epoch, "example": explorer.examples[explorer.picture.example] + 1}


def of_saturation(explorer):
    now = {"scale": explorer.scale, "ratio": explorer.ratio, "factor": explorer.ratio ** (1 / 19)}
    return now | {"slope": explorer.slope}, {"scale": explorer.scale}


def of_activation(explorer):
    return {"x": explorer.point, "value": explorer.value, "slope": explorer.slope}, {"point": explorer.point}


#: By explorer: the key of its words, what it should say in them and beside its controls, and where not all is finite.
SAID = {
    "descent": ("descent_words", of_descent, {"learning_rate": 40}),
    "minibatch": ("deep_minibatch_words", of_minibatch, {"learning_rate": 12}),
    "deep network": ("deep_words", of_deep, {}),
    "saturation": ("saturation_words", of_saturation, {}),
    "activation": ("activation_words", of_activation, {}),
}


def states(name, n=8):
    """Return explorers in states chosen by chance, small batches among them."""
    explorer, chance = opened(name), random.Random(1)
    for number in range(n):
        for choice, size in explorer.picture.scene["choices"].items():
            few = choice == "batch" and number % 2
            setattr(explorer.picture, choice, 0 if few else chance.randrange(SAID[name][2].get(choice, size)))
        yield explorer


def fields(template, said):
    """Return what stands in the places of a template."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(template))
    return re.fullmatch(pattern, said).groupdict()


_NUMBER = re.compile(r"([−-]?\d+(?:\.(\d+))?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
_POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def expect_numbers(said, expected, *, what):
    """See that a text says these numbers, each as far as its digits go; of one that is said to be below, that it is."""
    found = _NUMBER.findall(said.removeprefix("< "))
    expected = expected if isinstance(expected, list) else [expected]
    for (number, digits, power), value in zip(found, expected, strict=True):
        scale = 10.0 ** int(power.translate(_POWERS) or 0)
        last = scale * 10.0 ** -len(digits)
        shown = scale * float(number.replace("−", "-"))
        right = value < shown if said.startswith("<") else abs(shown - value) <= 0.51 * last + 2e-4 * abs(value)
        assert right, f"{what} is said to be {said}, but it is {value:.6g}: is that another state's?"


@pytest.mark.parametrize("name", SAID)
def test_the_words_and_what_stands_beside_the_controls_are_of_the_state_that_is_shown(name):
    key, expected, _ = SAID[name]
    for explorer in states(name):
        picture, (now, beside) = explorer.picture, expected(explorer)
        said = fields(table()[key]["en"], picture.caption)
        for field, value in now.items():
            expect_numbers(said[field], value, what=f"{field} at {picture.state}")
        for choice, value in beside.items():
            rows = picture.scene["values"][choice]
            expect_numbers(rows["rows"][picture._index(rows["by"])], value, what=f"{choice} beside its control")


def test_what_is_written_on_the_picture_is_of_the_state_that_is_shown():
    for explorer in states("descent"):
        trace, dataset = explorer.trace, explorer.picture.dataset
        said = fields(table()["descent_readout"]["en"], text(explorer, f"loss words {dataset}"))
        expect_numbers(said["step"], trace.n_steps, what="the step")
        expect_numbers(said["loss"], trace.losses[-1].item(), what="the loss")
    for explorer in states("minibatch"):
        (now, _), batch = of_minibatch(explorer), explorer.picture.batch
        said = fields("B = {batch}, γ = {rate}", text(explorer, f"settings {batch}"))
        for field, value in said.items():
            expect_numbers(value, now[field], what=field)
        if now["steps"]:
            expect_numbers(text(explorer, f"loss words {batch}"), [now["steps"], now["excess"]], what="step and loss")
    for explorer in states("deep network"):
        run = explorer._runs[explorer.picture.capacity]
        losses, epochs = explorer.traces[run.trace.hidden].held_out_losses[run.rows], run.trace.epochs[run.rows]
        expect_numbers(text(explorer, "best text"), epochs[losses.argmin()].item(), what="the best epoch")
        assert text(explorer, "training name") == "training part"
        assert text(explorer, "held_out name") == "held-out part"
        lines = {mark["name"]: mark.get("color") for mark in explorer.picture.scene["marks"]}
        assert lines["training name"] == lines["training"] != lines["held_out name"] == lines["held_out"]


@pytest.mark.parametrize("dataset", [0, 1])
def test_the_short_verdict_of_descent_is_that_of_the_rate(dataset):
    explorer, told = opened("descent"), set()
    picture, largest = explorer.picture, torch.linalg.eigvalsh(hessian(list(DATASETS.values())[dataset]))[-1]
    picture.dataset = dataset
    for rate in range(picture.scene["choices"]["learning_rate"]):
        picture.learning_rate = rate
        factor = 1 - explorer.trace.learning_rate * largest
        words = "diverges" if factor < -1 else "converges in jumps" if factor < 0 else "converges smoothly"
        said = picture.words(picture._said["verdict"])
        assert words in said, f"{said} at a rate of {explorer.trace.learning_rate}, but it {words}"
        assert said.startswith("At this γ"), f"{said}: a run from the minimum, or of no step, does not"
        told.add(words)
    assert len(told) == 3
