"""The checks of notebook 01 know right from wrong."""

import math

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 (the field's own name)

from lecture_utils import checks
from lecture_utils._words import LANGUAGES, set_language, word


def network(x, layers):
    for W, b in layers[:-1]:
        x = torch.relu(x @ W + b)
    W, b = layers[-1]
    return x @ W + b


def network_with(activation, *, last=lambda z: z, bias=1.0, order=lambda x, W: x @ W):
    """Return a network that has something wrong with it."""

    def answer(x, layers):
        for W, b in layers[:-1]:
            x = activation(order(x, W) + bias * b)
        W, b = layers[-1]
        return last(order(x, W) + bias * b)

    return answer


def of_right(probabilities, labels):
    return probabilities[range(len(labels)), labels]


def flat_mse(predictions, targets):
    return ((predictions.reshape(-1) - targets.reshape(-1)) ** 2).mean()


RIGHT = {
    "check_layer_of_columns": [
        lambda X, W, b: X.T @ W + b,
        lambda X, W, b: (W.T @ X).T + b,
        lambda X, W, b: F.linear(X.T, W.T, b),
        lambda X, W, b: torch.stack([column @ W + b for column in X.T]),
    ],
    "check_network": [
        network,
        network_with(F.relu),
        network_with(lambda z: z * (z > 0)),
    ],
    "check_mean_cross_entropy": [
        lambda p, labels: -of_right(p, labels).log().mean(),
        lambda p, labels: -(F.one_hot(labels, p.shape[1]) * p.log()).sum(dim=1).mean(),
        lambda p, labels: F.cross_entropy(p.log(), labels),  # softmax of logarithms gives the probabilities back
        lambda p, labels: sum(-math.log(row[label]) for row, label in zip(p, labels, strict=True)) / len(p),
    ],
    "check_safe_mse": [
        flat_mse,
        lambda predictions, targets: F.mse_loss(predictions.flatten(), targets.flatten()),
        lambda predictions, targets: flat_mse(predictions, targets).item(),
    ],
}

NOTHING = [lambda *_: None, lambda *_: ...]

CONSTANTS = [lambda *_: 0.0, lambda *_: torch.tensor(1.0), lambda *_: "0", lambda *_: [[1.0], [2.0, 3.0]], lambda: 0.0]

WRONG = {
    "check_layer_of_columns": [
        lambda X, W, b: X @ W + b,
        lambda X, W, b: W.T @ X + b[:, None],
        lambda X, W, b: X.T @ W,
        lambda X, W, b: X.T @ W - b,
        lambda X, W, b: -(X.T @ W + b),
        lambda X, W, b: torch.relu(X.T @ W + b),
        lambda X, W, b: (X if len(X) == X.shape[1] else X.T) @ W + b,
        lambda X, W, b: (X.T @ W + b).sum(dim=0),
        lambda X, W, b: torch.zeros(X.shape[1], W.shape[1]),
    ],
    "check_network": [
        network_with(torch.relu, last=torch.relu),
        network_with(lambda z: z),
        network_with(torch.relu, bias=0.0),
        network_with(torch.relu, bias=-1.0),
        network_with(torch.tanh),
        network_with(torch.relu, order=lambda x, W: W.T @ x),
        network_with(torch.relu, order=lambda x, W: x @ (W.T if W.shape[0] == W.shape[1] else W)),
        lambda x, layers: -network(x, layers),
        lambda x, layers: network(x, layers).sum(),
        lambda x, layers: network(x, layers[::-1]),
        lambda x, layers: network(x, layers[:3]),
        lambda x, layers: network(x[None] if x.ndim == 1 else x, layers),
        lambda x, layers: x,
    ],
    "check_mean_cross_entropy": [
        lambda p, labels: of_right(p, labels).log().mean(),
        lambda p, labels: -of_right(p, labels).log().sum(),
        lambda p, labels: -of_right(p, labels).log(),
        lambda p, labels: -of_right(p, labels).mean().log(),
        lambda p, labels: -p.log().mean(),
        lambda p, labels: -p[:, labels].log().mean(),
        lambda p, labels: -of_right(p, labels).log2().mean(),
        lambda p, labels: -of_right(p, labels).log10().mean(),
        lambda p, labels: (1 - of_right(p, labels)).mean(),
        lambda p, labels: F.cross_entropy(p, labels),
        lambda p, labels: F.nll_loss(p, labels),
        lambda p, labels: (p.argmax(dim=1) != labels).float().mean(),
        lambda p, labels: -p.max(dim=1).values.log().mean(),
    ],
    "check_safe_mse": [
        lambda predictions, targets: ((predictions - targets) ** 2).mean(),
        lambda predictions, targets: ((predictions[:, 0] - targets) ** 2).mean(),
        lambda predictions, targets: (predictions.reshape(-1) - targets.reshape(-1)).square().sum(),
        lambda predictions, targets: -flat_mse(predictions, targets),
        lambda predictions, targets: flat_mse(predictions, targets) / 2,
        lambda predictions, targets: flat_mse(predictions, targets).sqrt(),
        lambda predictions, targets: (predictions.reshape(-1) - targets.reshape(-1)).abs().mean(),
        lambda predictions, targets: (predictions.reshape(-1) - targets.reshape(-1)) ** 2,
        lambda predictions, targets: predictions.mean() - targets.mean(),
        lambda predictions, targets: (predictions.reshape(-1, 1) - targets.reshape(-1)).square().mean(),
    ],
}


def each(answers):
    return [pytest.param(name, answer, id=f"{name}-{i}") for name in answers for i, answer in enumerate(answers[name])]


class TestChecks:
    @pytest.mark.parametrize(("name", "answer"), each(RIGHT))
    def test_praise_every_right_way(self, name, answer):
        verdict = getattr(checks, name)(answer)
        assert verdict.right is True, verdict.message

    @pytest.mark.parametrize(("name", "answer"), each(WRONG) + each({name: CONSTANTS for name in RIGHT}))
    def test_never_praise_a_wrong_answer(self, name, answer):
        assert getattr(checks, name)(answer).right is False

    @pytest.mark.parametrize("name", RIGHT)
    @pytest.mark.parametrize("answer", NOTHING)
    def test_leave_the_open_stub_open(self, name, answer):
        assert getattr(checks, name)(answer).right is None

    @pytest.mark.parametrize("name", RIGHT)
    @pytest.mark.parametrize("answer", [None, 3.0, torch.zeros(2)])
    def test_want_a_function(self, name, answer):
        assert getattr(checks, name)(answer).right is False

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("name", "index", "key"),
        [
            ("check_layer_of_columns", 0, "forward_rows_and_columns"),
            ("check_layer_of_columns", 2, "forward_bias_missing"),
            ("check_network", 0, "forward_relu_last"),
            ("check_network", 1, "forward_relu_missing"),
            ("check_network", 2, "forward_bias_missing"),
            ("check_mean_cross_entropy", 6, "forward_log_base"),
            ("check_mean_cross_entropy", 7, "forward_log_base"),
            ("check_mean_cross_entropy", 9, "forward_softmax_twice"),
        ],
    )
    def test_say_what_went_wrong(self, name, index, key, language):
        set_language(language)
        assert getattr(checks, name)(WRONG[name][index]).message == word(key)

    def test_say_that_the_shapes_were_stretched_and_which(self):
        message = checks.check_safe_mse(WRONG["check_safe_mse"][0]).message
        assert message == word("forward_broadcast", predictions=(5, 1), targets=(5,), n=5)

    def test_tell_a_lost_mean_and_a_lost_sign(self):
        lost = WRONG["check_mean_cross_entropy"]
        assert checks.check_mean_cross_entropy(lost[0]).message == word("check_sign", name="E")
        assert checks.check_mean_cross_entropy(lost[1]).message == word("check_sum", name="E")

    def test_give_the_reader_copies(self):
        def spoils(X, W, b):
            result = X.T @ W + b
            for tensor in (X, W, b):
                tensor.zero_()
            return result

        assert checks.check_layer_of_columns(spoils).right is True
