"""A wrong argument is refused with its name, its value and what is accepted, and never becomes a wrong picture."""

import re

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from lecture_utils import deep_plots, plots
from lecture_utils._look.style import setup
from lecture_utils._words import set_language
from lecture_utils.datasets import DATASETS, Dataset, get_dataset
from lecture_utils.descent import gradient_descent, learning_rate_sweep, stability_limit
from lecture_utils.explorers import descent_explorer

TWO = DATASETS["2"]
NAN, INF = float("nan"), float("inf")
NOT_POSITIVE = [0, 0.0, -1, -0.05, NAN, INF, -INF]
NOT_A_NUMBER = ["0.05", True, False, 1j, [0.05], torch.tensor(0.05)]
NOT_IN_FLOAT32 = [1e39, 1e-60, 10**400]  # they would become inf, 0 and an OverflowError


def dataset(**changes):
    return Dataset(**({"X": TWO.X, "y": TWO.y, "learning_rate": 0.1, "n_steps": 5} | changes))


def says(*parts):
    """Match a message that has all the parts, in this order."""
    return "(?s)" + ".*".join(re.escape(part) for part in parts)


def short(value):
    return repr(value)[:40]


USES_OF_A_RATE = {
    "one run": lambda rate: gradient_descent(TWO, learning_rate=rate, n_steps=2),
    "a sweep": lambda rate: learning_rate_sweep(TWO, learning_rates=[0.001, rate], n_steps=2),
    "a dataset": lambda rate: dataset(learning_rate=rate),
}
USES_OF_A_COUNT = {
    "one run": lambda n: gradient_descent(TWO, learning_rate=0.001, n_steps=n),
    "a sweep": lambda n: learning_rate_sweep(TWO, learning_rates=[0.001], n_steps=n),
    "a dataset": lambda n: dataset(n_steps=n),
    "the explorer": lambda n: descent_explorer(n_steps=n),
}


@pytest.mark.parametrize("use", USES_OF_A_RATE)
@pytest.mark.parametrize("rate", [*NOT_POSITIVE, *NOT_IN_FLOAT32, *NOT_A_NUMBER, None], ids=short)
def test_a_learning_rate_that_is_no_positive_number_is_refused(use, rate):
    kind = TypeError if rate is None or any(rate is wrong for wrong in NOT_A_NUMBER) else ValueError
    with pytest.raises(kind, match=says("learning_rate", "must be a positive finite", "but it is", short(rate))):
        USES_OF_A_RATE[use](rate)


@pytest.mark.parametrize("use", USES_OF_A_COUNT)
@pytest.mark.parametrize("count", [*NOT_POSITIVE, 2.5, 2.0, *NOT_A_NUMBER], ids=short)
def test_a_number_of_steps_that_is_no_whole_positive_number_is_refused(use, count):
    kind = TypeError if any(count is wrong for wrong in NOT_A_NUMBER) else ValueError
    with pytest.raises(kind, match=says("n_steps", "must be a whole number of at least 1", "but it is", short(count))):
        USES_OF_A_COUNT[use](count)


@pytest.mark.parametrize("use", ["one run", "a sweep", "a dataset"])
def test_only_the_explorer_knows_a_number_of_steps_when_none_is_given(use):
    with pytest.raises(TypeError, match=says("n_steps", "must be a whole number of at least 1", "but it is None")):
        USES_OF_A_COUNT[use](None)


@pytest.mark.parametrize("rate", [np.float32(0.001), np.float64(0.001), 1])
@pytest.mark.parametrize("count", [np.int64(3), 3])
def test_numbers_of_numpy_are_as_good_as_those_of_python(rate, count):
    assert gradient_descent(TWO, learning_rate=rate, n_steps=count).n_steps == 3


@pytest.mark.parametrize("rates", [0.001, None], ids=short)
def test_a_sweep_of_what_is_no_list_of_rates_is_refused(rates):
    with pytest.raises(TypeError, match=says("learning_rates", short(rates))):
        learning_rate_sweep(TWO, learning_rates=rates, n_steps=2)


@pytest.mark.parametrize(
    ("start", "kind", "message"),
    [
        ([1.0], ValueError, ["must have shape (2,)", "it has (1,)"]),
        ([1.0, 2.0, 3.0], ValueError, ["must have shape (2,)", "it has (3,)"]),
        ([[1.0, 2.0]], ValueError, ["must have shape (2,)", "it has (1, 2)"]),
        (5.0, ValueError, ["must have shape (2,)", "it has ()"]),
        ([NAN, 0.0], ValueError, ["finite", "[nan, 0.0]"]),
        ([0.0, -INF], ValueError, ["finite", "[0.0, -inf]"]),
        (torch.tensor([INF, 0.0]), ValueError, ["finite", "[inf, 0.0]"]),
        (torch.zeros(2, 1), ValueError, ["must have shape (2,)", "it has (2, 1)"]),
        (torch.zeros(2, dtype=torch.float64), TypeError, ["torch.float32", "torch.float64"]),
        (torch.zeros(2, dtype=torch.int64), TypeError, ["torch.float32", "torch.int64"]),
        ("ab", TypeError, ["2 numbers", "'ab'"]),
        (["1", "2"], TypeError, ["2 numbers", "['1', '2']"]),
        ([None, 1.0], TypeError, ["2 numbers", "[None, 1.0]"]),
        ([1j, 0], TypeError, ["2 numbers", "[1j, 0]"]),
        ([10**400, 0], (TypeError, ValueError), ["numbers", "[1000"]),
    ],
    ids=short,
)
@pytest.mark.parametrize(
    "use",
    [
        lambda start: gradient_descent(TWO, learning_rate=0.001, n_steps=2, start=start),
        lambda start: descent_explorer({"2": TWO}, start=start),
    ],
    ids=["one run", "the explorer"],
)
def test_a_start_of_the_wrong_kind_is_refused(start, kind, message, use):
    with pytest.raises(kind, match=says("start", *message)):
        use(start)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"X": [[1.0, 2.0]]}, TypeError, ["X must be a torch.Tensor", "[[1.0, 2.0]]"]),
        ({"X": TWO.X.double()}, TypeError, ["X must have dtype torch.float32", "torch.float64"]),
        ({"X": TWO.X.int()}, TypeError, ["X must have dtype torch.float32", "torch.int32"]),
        ({"X": TWO.X[:, 0]}, ValueError, ["X must have shape (n_observations, n_features)", "(4,)"]),
        ({"X": TWO.X[:, :0]}, ValueError, ["X must have shape (n_observations, n_features)", "(4, 0)"]),
        ({"X": TWO.X * INF}, ValueError, ["X must hold finite numbers", "inf"]),
        ({"y": None}, TypeError, ["y must be a torch.Tensor", "None"]),
        ({"y": TWO.y.long()}, TypeError, ["y must have dtype torch.float32", "torch.int64"]),
        ({"y": TWO.y[:, None]}, ValueError, ["y must have shape (4,)", "(4, 1)"]),
        ({"y": TWO.y[:3]}, ValueError, ["y must have shape (4,)", "(3,)"]),
        ({"y": TWO.y * NAN}, ValueError, ["y must hold finite numbers", "nan"]),
        ({"true_weights": torch.ones(3)}, ValueError, ["true_weights must have shape (2,)", "(3,)"]),
        ({"true_weights": (2.0, 1.0)}, TypeError, ["true_weights must be a torch.Tensor", "(2.0, 1.0)"]),
    ],
    ids=short,
)
def test_a_dataset_of_wrong_tensors_is_refused(changes, kind, message):
    with pytest.raises(kind, match=says(*message)):
        dataset(**changes)


@pytest.mark.parametrize("name", ["3", 1, None, ["1"]], ids=short)
@pytest.mark.parametrize("names", [("1", "2"), ("1", 2)], ids=short)
def test_an_unknown_dataset_is_refused_with_the_names_there_are(name, names):
    datasets = dict(zip(names, DATASETS.values(), strict=True))
    message = says("dataset must be one of", *map(repr, names), "but it is", short(name))
    with pytest.raises((TypeError, ValueError), match=message):
        get_dataset(name, datasets)
    if name is not None:  # there, None means the first
        with pytest.raises((TypeError, ValueError), match=message):
            descent_explorer(datasets, dataset=name)


@pytest.mark.parametrize(
    "use",
    [
        lambda: gradient_descent("2", learning_rate=0.001, n_steps=2),
        lambda: learning_rate_sweep("2", learning_rates=[0.001], n_steps=2),
        lambda: stability_limit("2"),
    ],
    ids=["one run", "a sweep", "the limit"],
)
def test_the_name_of_a_dataset_in_place_of_the_dataset_is_refused(use):
    with pytest.raises(TypeError, match=says("dataset must be a Dataset", "'2'")):
        use()


@pytest.mark.parametrize("language", ["de", "RU", "", 1, ["ru"]], ids=short)
@pytest.mark.parametrize("use", [set_language, setup, lambda language: descent_explorer(language=language)])
def test_an_unknown_language_is_refused_with_the_languages_there_are(language, use):
    with pytest.raises(ValueError, match=says("language must be one of ['ru', 'en']", "but it is", short(language))):
        use(language)


@pytest.mark.parametrize(
    ("datasets", "kind", "message"),
    [
        ({}, (TypeError, ValueError), ["datasets must be a mapping", "{}"]),
        (None, TypeError, ["datasets must be a mapping", "None"]),
        ([TWO], TypeError, ["datasets must be a mapping", "Dataset"]),
        ({"mine": (TWO.X, TWO.y)}, TypeError, ["datasets['mine'] must be a Dataset", "tensor"]),
        ({"three": dataset(X=torch.ones(4, 3))}, ValueError, ["datasets['three'] must have two features", "3"]),
        ({"one": dataset(X=torch.ones(4, 1))}, ValueError, ["datasets['one'] must have two features", "1"]),
        ({"zero": dataset(X=torch.zeros(4, 2))}, ValueError, ["datasets['zero'] must have a feature", "zero"]),
        ({"long": dataset(n_steps=2001)}, ValueError, ["n_steps must be at most 2000", "2001"]),
    ],
    ids=["none", "None", "a list", "tensors", "three features", "one feature", "only zeros", "too many steps"],
)
def test_data_that_the_explorer_cannot_draw_are_refused(datasets, kind, message):
    with pytest.raises(kind, match=says(*message)):
        descent_explorer(datasets)


def test_more_steps_than_the_explorer_keeps_are_refused():
    with pytest.raises(ValueError, match=says("n_steps must be at most 2000", "2001")):
        descent_explorer(n_steps=2001)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plots.gradient_by_layer(ax, [0.0, 0.0]), ["norms must hold a number above 0", "[0., 0.]"]),
        (lambda ax: plots.loss_by_step(ax, [1.0, -1.0]), ["losses must hold numbers at least 0", "[1.0, -1.0]"]),
        (lambda ax: plots.losses_by_step(ax, {}), ["losses must have at least one name", "{}"]),
        (lambda ax: plots.losses_by_step(ax, {"a": [[1.0]]}), ["losses['a'] must have shape (n_steps + 1,)", "(1, 1)"]),
        (lambda ax: plots.weight_by_step(ax, {"a": [[1.0, 2.0]]}, index=0), ["index must be a whole number", "0"]),
        (lambda ax: plots.weight_by_step(ax, {"a": [[1.0, 2.0]]}, index=3), ["index must be at most 2", "3"]),
        (lambda ax: plots.minimum(ax, [NAN, 1.0]), ["weights must hold finite numbers", "[nan, 1.0]"]),
        (lambda ax: plots.minimum("ax", [2.0, 1.0]), ["ax must be an Axes", "'ax'"]),
        (
            lambda ax: plots.activation_axes(ax, ax, reach=1e9, saturated=0.1),
            ["reach must be a number from 1 to 20"],
        ),
        (lambda ax: deep_plots.classes(ax, [[0, 1]], [2]), ["y must be 1 zeros and ones", "2"]),
        (lambda ax: deep_plots.probability(ax, [0, 1], [0, 1], [[0, 2], [0, 1]]), ["values must hold", "from 0 to 1"]),
        (lambda ax: deep_plots.descents(ax, [[[0, 1]]], [-1]), ["groups must hold numbers from 0 to 3", "-1"]),
        (lambda ax: deep_plots.fits(ax, [0], [0], [[0]] * 5), ["predictions must have at most 4 rows", "5"]),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises((TypeError, ValueError), match=says(*message)):
        draw(Figure().add_subplot())
