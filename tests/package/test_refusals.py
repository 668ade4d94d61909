"""A wrong argument is refused with its name, its value and what is accepted, and never becomes a wrong picture."""

import re

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import ones, tensor, zeros

from lecture_utils import explorers, plots, setup
from lecture_utils.activations import Activation
from lecture_utils.datasets import (
    DATASETS,
    ClassificationDataset,
    Dataset,
    get_dataset,
    noisy_examples,
    two_moons,
)
from lecture_utils.descent import gradient_descent, learning_rate_sweep, mse, stability_limit
from lecture_utils.graphs import backward_pass, captured_graph, recorded_graph
from lecture_utils.layers import MSE, Linear, ReLU, Sequential, Sigmoid, Tanh
from lecture_utils.minibatch import mini_batch_sweep, mini_batches

TWO, W = DATASETS["2"], ones(2, requires_grad=True)
NAN, INF = float("nan"), float("inf")
NOT_A_NUMBER = ["0.05", True, None, 1j, [0.05], tensor(0.05)]
NOT_POSITIVE = [0, 0.0, -1, -0.05, NAN, INF, -INF]
NOT_IN_FLOAT32 = [1e39, 1e-60, 10**400]  # they would become inf, 0 and an OverflowError


def short(value):
    return repr(value)[:40]


def says(message):
    """Match a message that has all the parts, which stand between dots, in this order."""
    return "(?s)" + ".*".join(map(re.escape, message.split(" … ")))


def data(**changes):
    return Dataset(**({"X": TWO.X, "y": TWO.y, "learning_rate": 0.1, "n_steps": 5} | changes))


def classes(**changes):
    good = {"X": zeros(3, 2), "y": ones(3), "X_held_out": zeros(4, 2), "y_held_out": zeros(4)}
    return ClassificationDataset(**(good | changes))


def run(**changes):
    return gradient_descent(**({"dataset": TWO, "learning_rate": 0.001, "n_steps": 2} | changes))


def sweep(**changes):
    return learning_rate_sweep(**({"dataset": TWO, "learning_rates": [0.001], "n_steps": 2} | changes))


def in_batches(**changes):
    knobs = {"dataset": TWO, "batch_size": 2, "learning_rates": [0.001], "n_epochs": 1}
    return mini_batch_sweep(**(knobs | changes))


def descent(datasets=DATASETS, **knobs):
    return explorers.descent_explorer(datasets, **knobs)


def on_axes(draw, *values, **knobs):
    return draw(Figure().add_subplot(), *values, **knobs)


def after_forward(layer, gradient):
    layer.forward(ones(4, 3))
    return layer.backward(gradient)


def squared(n_times):
    return tensor(2.0, requires_grad=True) if n_times == 0 else squared(n_times - 1) ** 2


RATES = {
    "a run": lambda rate: run(learning_rate=rate),
    "a sweep": lambda rate: sweep(learning_rates=[0.001, rate]),
    "a sweep in batches": lambda rate: in_batches(learning_rates=[rate]),
    "a dataset": lambda rate: data(learning_rate=rate),
}
COUNTS = {
    "n_steps of a run": lambda n: run(n_steps=n),
    "n_steps of a sweep": lambda n: sweep(n_steps=n),
    "n_steps of a dataset": lambda n: data(n_steps=n),
    "n_steps of the descent explorer": lambda n: descent(n_steps=n),
    "n_epochs of a sweep": lambda n: in_batches(n_epochs=n),
    "batch_size of a sweep": lambda n: in_batches(batch_size=n),
    "n_examples of batches": lambda n: mini_batches(n, batch_size=1, n_epochs=1),
    "n_examples of noisy data": lambda n: noisy_examples(n_examples=n),
    "n_train of moons": lambda n: two_moons(n_train=n),
    "n_held_out of moons": lambda n: two_moons(n_held_out=n),
    "n_epochs of the deep-network explorer": lambda n: explorers.deep_network_explorer(n_epochs=n),
    "n_epochs of the mini-batch explorer": lambda n: explorers.minibatch_explorer(n_epochs=n),
}


def is_one_of(value, values):
    return any(value is other for other in values)


@pytest.mark.parametrize("use", RATES)
@pytest.mark.parametrize("rate", [*NOT_POSITIVE, *NOT_IN_FLOAT32, *NOT_A_NUMBER], ids=short)
def test_a_learning_rate_that_is_no_positive_number_is_refused(use, rate):
    kind = TypeError if is_one_of(rate, NOT_A_NUMBER) else ValueError
    with pytest.raises(kind, match=says(f"learning_rate … must be a positive finite … but it is … {short(rate)}")):
        RATES[use](rate)


@pytest.mark.parametrize("use", COUNTS)
@pytest.mark.parametrize("count", [*NOT_POSITIVE, 2.5, 2.0, *NOT_A_NUMBER], ids=short)
def test_a_number_that_is_no_whole_positive_one_is_refused(use, count):
    if count is None and use == "n_steps of the descent explorer":
        return  # there it means: as many as each dataset says
    kind = TypeError if is_one_of(count, NOT_A_NUMBER) else ValueError
    message = f"{use.split()[0]} … must be a whole number of at least 1 … but it is … {short(count)}"
    with pytest.raises(kind, match=says(message)):
        COUNTS[use](count)


@pytest.mark.parametrize("make", [two_moons, noisy_examples])
@pytest.mark.parametrize(
    ("knob", "value"), [*(("noise", value) for value in (-0.1, NAN, INF, "0.1", True)), ("seed", -1), ("seed", None)]
)
def test_a_knob_of_the_data_turned_too_far_is_refused(make, knob, value):
    with pytest.raises((TypeError, ValueError), match=says(f"{knob} must be … but it is {value!r}")):
        make(**{knob: value})


@pytest.mark.parametrize("rate", [np.float32(0.001), np.float64(0.001), 1])
@pytest.mark.parametrize("count", [np.int64(3), 3])
def test_numbers_of_numpy_are_as_good_as_those_of_python(rate, count):
    assert run(learning_rate=rate, n_steps=count).n_steps == 3


@pytest.mark.parametrize(
    ("start", "kind", "message"),
    [
        ([1.0], ValueError, "must have shape (2,) … it has (1,)"),
        ([[1.0, 2.0]], ValueError, "must have shape (2,) … it has (1, 2)"),
        (5.0, ValueError, "must have shape (2,) … it has ()"),
        ([NAN, 0.0], ValueError, "finite … [nan, 0.0]"),
        (tensor([INF, 0.0]), ValueError, "finite … [inf, 0.0]"),
        (zeros(2).double(), TypeError, "torch.float32 … torch.float64"),
        ("ab", TypeError, "2 numbers … 'ab'"),
        (["1", "2"], TypeError, "2 numbers … ['1', '2']"),
        ([None, 1.0], TypeError, "2 numbers … [None, 1.0]"),
        ([1j, 0], TypeError, "2 numbers … [1j, 0]"),
        ([10**400, 0], (TypeError, ValueError), "numbers … [1000"),
    ],
    ids=short,
)
@pytest.mark.parametrize("use", [run, lambda start: descent({"2": TWO}, start=start)], ids=["a run", "the explorer"])
def test_a_start_of_the_wrong_kind_is_refused(use, start, kind, message):
    with pytest.raises(kind, match=says(f"start … {message}")):
        use(start=start)


@pytest.mark.parametrize("name", ["3", 1, None, ["1"]], ids=short)
@pytest.mark.parametrize("names", [("1", "2"), ("1", 2)], ids=short)
def test_an_unknown_dataset_is_refused_with_the_names_there_are(name, names):
    datasets = dict(zip(names, DATASETS.values(), strict=True))
    message = says(f"dataset must be one of {list(names)}, but it is {short(name)}")
    with pytest.raises(ValueError, match=message):
        get_dataset(name, datasets)
    if name is not None:  # there, None means the first
        with pytest.raises(ValueError, match=message):
            descent(datasets, dataset=name)


@pytest.mark.parametrize("language", ["de", "RU", "", 1, ["ru"]], ids=short)
def test_an_unknown_language_is_refused_with_the_languages_there_are(language):
    with pytest.raises(ValueError, match=says(f"language must be one of ['ru', 'en'], but it is {short(language)}")):
        setup(language)


WRONG_TYPES = {
    "X must be a torch.Tensor … but it is [[1.0, 2.0]]": lambda: data(X=[[1.0, 2.0]]),
    "X must have dtype torch.float32, but it has torch.float64": lambda: data(X=TWO.X.double()),
    "y must be a torch.Tensor … but it is None": lambda: data(y=None),
    "y must have dtype torch.float32, but it has torch.int64": lambda: data(y=TWO.y.long()),
    "true_weights must be a torch.Tensor … (2.0, 1.0)": lambda: data(true_weights=(2.0, 1.0)),
    "X must be a torch.Tensor … [[0.0, 1.0]]": lambda: classes(X=[[0.0, 1.0]]),
    "y must have dtype torch.float32, but … torch.int64": lambda: classes(y=ones(3).long()),
    "learning_rates must be … 0.001": lambda: sweep(learning_rates=0.001),
    "learning_rates must be … None": lambda: sweep(learning_rates=None),
    "dataset must be a Dataset, but it is '2'": lambda: run(dataset="2"),
    "dataset must be a Dataset, but … '2'": lambda: in_batches(dataset="2"),
    "dataset must be … '2'": lambda: stability_limit("2"),
    "X must be a torch.Tensor of a floating dtype … None": lambda: mse(None, TWO.y, zeros(2)),
    "derivative must be a function of a tensor, but it is 2": lambda: Activation(function=torch.tanh, derivative=2),
    "weight must be a torch.Tensor … [[1.0]]": lambda: Linear([[1.0]]),
    "weight must have a floating dtype, but it has torch.int32": lambda: Linear(ones(2, 2).int()),
    "x must be a torch.Tensor … [1.0, 2.0]": lambda: Linear(ones(2, 1)).forward([1.0, 2.0]),
    "x must have dtype torch.float32, but it has torch.float64": lambda: Linear(ones(2, 1)).forward(
        ones(4, 2).double()
    ),
    "x must be … 0.5": lambda: Sigmoid().forward(0.5),
    "x must be … None": lambda: Tanh().forward(None),
    "x must have a floating dtype … torch.int64": lambda: ReLU().forward(ones(3).long()),
    "prediction must be … 1.0": lambda: MSE().forward(1.0, ones(1)),
    "target must be … [1.0]": lambda: MSE().forward(ones(4), [1.0]),
    "target must have dtype … torch.float64": lambda: MSE().forward(ones(4), ones(4).double()),
    "layers[1] must have forward and backward … tanh": lambda: Sequential(Sigmoid(), torch.tanh),
    "output must be a torch.Tensor, but it is None": lambda: recorded_graph(None),
    "w must be a torch.Tensor, but it is 3.0": lambda: recorded_graph(W, w=3.0),
    "module must be a torch.fx.GraphModule, but it is <built-in": lambda: captured_graph(torch.sin),
    "output must be a torch.Tensor, but it is 3.0": lambda: backward_pass(3.0),
    "ax must be an Axes, but it is 'ax'": lambda: plots.minimum("ax", [2.0, 1.0]),
    "datasets must be a mapping … {}": lambda: descent({}),
    "datasets must be a mapping … None": lambda: descent(None),
    "datasets must be a mapping … Dataset": lambda: descent([TWO]),
    "datasets['mine'] must be a Dataset … tensor": lambda: descent({"mine": (TWO.X, TWO.y)}),
    "dataset must be a Dataset, but it is 'noisy'": lambda: explorers.minibatch_explorer("noisy"),
    "seed must be a whole number of at least 0 … '0'": lambda: explorers.minibatch_explorer(seed="0"),
    "seed must be a whole number of at least 0 … '1'": lambda: explorers.deep_network_explorer(seed="1"),
    "dataset must be a ClassificationDataset, but it is 'moons'": lambda: explorers.deep_network_explorer("moons"),
    "output must be a torch.Tensor, but it is 'E'": lambda: explorers.traversal_explorer("E"),
    "w must be a torch.Tensor, but it is 1": lambda: explorers.traversal_explorer(squared(1), w=1),
}
WRONG_VALUES = {
    "X must have shape (n_examples, n_features), but it has (4,)": lambda: data(X=TWO.X[:, 0]),
    "X must have shape (n_examples, n_features), but it has (4, 0)": lambda: data(X=TWO.X[:, :0]),
    "X must hold finite numbers only … inf": lambda: data(X=TWO.X * INF),
    "y must have shape (4,), but it has (4, 1)": lambda: data(y=TWO.y[:, None]),
    "y must hold finite numbers only … nan": lambda: data(y=TWO.y * NAN),
    "true_weights must have shape (2,), but it has (3,)": lambda: data(true_weights=ones(3)),
    "X must have shape (n_examples, n_features), but it has (3,)": lambda: classes(X=zeros(3)),
    "X_held_out must have shape (n_examples, n_features) … (4, 3)": lambda: classes(X_held_out=zeros(4, 3)),
    "y must have shape (3,), but it has (3, 1)": lambda: classes(y=ones(3, 1)),
    "y must hold zeros and ones only, but it holds [0.0, 1.0, 2": lambda: classes(y=tensor([0.0, 1.0, 2.0])),
    "y_held_out must have shape (4,), but it has (3,)": lambda: classes(y_held_out=zeros(3)),
    "X must hold finite numbers only": lambda: classes(X=zeros(3, 2) * NAN),
    "seed must be a whole number of at least 0, but it is -1": lambda: in_batches(seed=-1),
    "weight must have shape (n_inputs, n_outputs), but it has (2,)": lambda: Linear(ones(2)),
    "bias must have shape (1,), but it has (2,)": lambda: Linear(ones(2, 1), ones(2)),
    "bias must have shape (1,), but it has (1, 1)": lambda: Linear(ones(2, 1), ones(1, 1)),
    "x must have shape (n_examples, 2), but it has (2,)": lambda: Linear(ones(2, 1)).forward(ones(2)),
    "x must have shape (n_examples, 2), but it has (4, 3)": lambda: Linear(ones(2, 1)).forward(ones(4, 3)),
    "target must have the shape of prediction, (4, 1), but … (4,)": lambda: MSE().forward(ones(4, 1), ones(4)),
    "layers must be one or more": lambda: Sequential(),
    "output must be a tensor that autograd tracks, but its requires_grad is False": lambda: recorded_graph(ones(2)),
    "output must be a tensor that autograd tracks": lambda: backward_pass(tensor(1.0)),
    "output must be a single number, but it has shape (2,)": lambda: backward_pass(W * 2),
    "norms must hold a number above 0 … [0., 0.]": lambda: on_axes(plots.gradient_by_layer, [0.0, 0.0]),
    "losses must hold numbers at least 0 … [1.0, -1.0]": lambda: on_axes(plots.loss_by_step, [1.0, -1.0]),
    "losses must have at least one name … {}": lambda: on_axes(plots.losses_by_step, {}),
    "losses['a'] must have shape (n_steps + 1,) … (1, 1)": lambda: on_axes(plots.losses_by_step, {"a": [[1.0]]}),
    "index must be a whole number … 0": lambda: on_axes(plots.weight_by_step, {"a": [[1.0, 2.0]]}, index=0),
    "index must be at most 2 … 3": lambda: on_axes(plots.weight_by_step, {"a": [[1.0, 2.0]]}, index=3),
    "weights must hold finite numbers only … [nan, 1.0]": lambda: on_axes(plots.minimum, [NAN, 1.0]),
    "y must be 1 zeros and ones … 2": lambda: on_axes(plots.classes, [[0, 1]], [2]),
    "values must hold … from 0 to 1": lambda: on_axes(plots.probability, [0, 1], [0, 1], [[0, 2], [0, 1]]),
    "groups must hold numbers from 0 to 3 … -1": lambda: on_axes(plots.descents, [[[0, 1]]], [-1]),
    "predictions must have at most 4 rows … 5": lambda: on_axes(plots.fits, [0], [0], [[0]] * 5),
    "datasets['three'] must have two features … 3": lambda: descent({"three": data(X=ones(4, 3))}),
    "datasets['zero'] must have a feature … zero": lambda: descent({"zero": data(X=zeros(4, 2))}),
    "n_steps must be at most 2000 … 'long': 2001": lambda: descent({"long": data(n_steps=2001)}),
    "n_steps must be at most 2000, but it is 2001": lambda: descent(n_steps=2001),
    "dataset must have two features that vary": lambda: explorers.minibatch_explorer(DATASETS["1"]),
    "dataset must have two features that … multiple": lambda: explorers.minibatch_explorer(data(X=ones(4, 3))),
    "batch_sizes must name at least one size": lambda: explorers.minibatch_explorer(batch_sizes=()),
    "batch_sizes must be a whole number of at least 1, but it is 0": lambda: explorers.minibatch_explorer(
        batch_sizes=(0, 4)
    ),
    "batch_sizes must be at most 256": lambda: explorers.minibatch_explorer(batch_sizes=(1, 257)),
    "n_epochs must keep to 4096 examples in all": lambda: explorers.minibatch_explorer(n_epochs=17),
    "dataset must have two features, but it has 3": lambda: explorers.deep_network_explorer(
        classes(X=zeros(3, 3), X_held_out=zeros(4, 3))
    ),
    "hidden must name at least one capacity": lambda: explorers.deep_network_explorer(hidden=()),
    "hidden must name at least one capacity, and none twice": lambda: explorers.deep_network_explorer(hidden=(2, 2)),
    "hidden must be a whole number of at least 0, but it is -1": lambda: explorers.deep_network_explorer(
        hidden=(2, -1)
    ),
    "n_epochs must be at most 5000": lambda: explorers.deep_network_explorer(n_epochs=5001),
    "function must be one of ['sigmoid', … but it is 'softmax'": lambda: explorers.activation_explorer(
        function="softmax"
    ),
    "function must be one of ['sigmoid', … but it is None": lambda: explorers.activation_explorer(function=None),
    "output must be a tensor that autograd … tracks": lambda: explorers.traversal_explorer(tensor(2.0)),
    "from single numbers, but there are shapes [(2,)]": lambda: explorers.traversal_explorer(W.sum()),
    "from 1 to 12 operations, but it took 0": lambda: explorers.traversal_explorer(squared(0)),
    "from 1 to 12 operations, but it took 13": lambda: explorers.traversal_explorer(squared(13)),
}


@pytest.mark.parametrize("message", WRONG_TYPES)
def test_an_argument_of_the_wrong_type_is_refused_by_its_name(message):
    with pytest.raises(TypeError, match=says(message)):
        WRONG_TYPES[message]()


@pytest.mark.parametrize("message", WRONG_VALUES)
def test_an_argument_of_the_wrong_shape_or_out_of_range_is_refused_by_its_name(message):
    with pytest.raises(ValueError, match=says(message)):
        WRONG_VALUES[message]()


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), Linear(ones(3, 2))])
@pytest.mark.parametrize(
    ("gradient", "kind", "message"),
    [
        (1.0, TypeError, "gradient must be a torch.Tensor … 1.0"),
        (None, TypeError, "gradient must be a torch.Tensor … None"),
        (ones(4), ValueError, "gradient must have the shape of the layer's output … (4,)"),
        (ones(2, 4), ValueError, "gradient must have the shape of the layer's output … (2, 4)"),
        (ones(4, 2).double(), TypeError, "gradient must have dtype torch.float32 … torch.float64"),
    ],
)
def test_a_gradient_that_does_not_fit_the_output_is_refused(layer, gradient, kind, message):
    with pytest.raises(kind, match=says(message)):
        after_forward(layer, gradient)


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), Linear(ones(2, 2)), Sequential(ReLU())])
def test_backward_before_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match="call forward first"):
        layer.backward(ones(2, 2))


def test_the_gradient_of_an_error_not_yet_computed_is_refused():
    with pytest.raises(RuntimeError, match="call forward first"):
        MSE().backward()


def test_knobs_are_given_by_name_only():
    with pytest.raises(TypeError):
        two_moons(100)
