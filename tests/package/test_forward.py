"""Notebook 01: its figures show the numbers that it prints, and its checks know right from wrong."""

import math
from itertools import combinations

import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from torch.nn import functional as F  # noqa: N812 (the field's own name)

from lecture_utils import checks
from lecture_utils._look.style import lecture_style
from lecture_utils._words import LANGUAGES, set_language, speaking, word
from tests.notebook import read
from tools.figures import FIGURES, forward_pass, training_cycle
from tools.figures.forward_pass import LAYERS, X, Y

NAME = "01_forward_and_loss"
OWN_FIGURES = ["training_cycle_forward", "mlp_two_hidden_layers", "forward_pass_numbers"]


def texts(figure):
    """Return what is written in a figure."""
    return [text for ax in figure.axes for text in ax.texts if text.get_text()]


def written(figure):
    return [text.get_text() for text in texts(figure)]


def short(value):
    return f"{value:g}".replace("-", "−")


def cells(language="en"):
    return {cell.id: cell for cell in read(language, NAME).cells}


@pytest.fixture(scope="module")
def notebook():
    """Return the names that the notebook's own cells define, as far as the end of its forward pass."""
    names, source = {"torch": torch}, cells()
    for cell in (
        "regression-code",
        "parameters-code",
        "forward-layer-1",
        "forward-layer-2-code",
        "forward-layer-3-code",
    ):
        exec(source[cell].source, names)
    return names


class TestFigures:
    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_have_the_weights_of_the_notebook(self, notebook, number):
        assert torch.equal(LAYERS[number - 1].W, notebook[f"W{number}"])
        assert torch.equal(LAYERS[number - 1].b, notebook[f"b{number}"])

    def test_have_the_values_of_the_notebook(self, notebook):
        numbers = forward_pass.forward_pass(X, Y)
        for name, value in zip(("x", "z1", "a1", "z2", "a2", "prediction", "loss"), numbers, strict=True):
            assert torch.equal(value, notebook[name]), name
        assert torch.equal(Y, notebook["y"])

    def test_write_exactly_what_the_notebook_prints(self, notebook):
        text = written(forward_pass.forward_pass_numbers())
        for z, a in (("z1", "a1"), ("z2", "a2")):
            for before, after in zip(notebook[z].tolist(), notebook[a].tolist(), strict=True):
                assert f"{short(before)} → {short(after)}" in text
        assert [short(value) for value in notebook["x"].tolist()] == text_of_first_column()
        assert short(notebook["prediction"].item()) in text
        assert f"$y$ = {short(notebook['y'].item())}" in text
        assert f"$E$ = {short(notebook['loss'].item())}" in text
        printed = "".join(cells()[f"forward-layer-{layer}"].outputs[0].text for layer in ("1", "2-code", "3-code"))
        for name in ("z1", "a1", "z2", "a2", "prediction"):
            assert f"{name} {notebook[name].tolist()} {tuple(notebook[name].shape)}" in printed
        assert f"loss {notebook['loss'].tolist()}" in printed

    def test_write_every_weight_and_bias(self):
        text = written(forward_pass.forward_pass_numbers())
        for value in torch.cat([part.flatten() for layer in LAYERS for part in layer]).tolist():
            assert short(value) in text

    def test_agree_with_torch_layers(self):
        x = X
        for number, (W, b) in enumerate(LAYERS):
            x = F.linear(x, W.T, b) if number == 2 else F.relu(F.linear(x, W.T, b))
        assert torch.equal(x, forward_pass.forward_pass(X, Y).prediction)

    def test_name_the_shapes_that_the_tensors_have(self):
        text = written(forward_pass.mlp_two_hidden_layers())
        for number, (W, b) in enumerate(LAYERS, start=1):
            assert f"$W_{number}$ {tuple(W.shape)}" in text
            assert f"$b_{number}$ {tuple(b.shape)}" in text
        assert [line for line in text if line.startswith("(")] == ["(2,)", "(3,)", "(2,)", "(1,)"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_show_the_same_cycle_with_its_forward_half_named(self, language):
        with speaking(language):
            overview, lit = training_cycle.training_cycle_overview(), training_cycle.training_cycle_forward()
            places = {text.get_text(): text.get_position() for text in texts(lit)}
            assert places.pop(word("forward_pass"))
        assert places == {text.get_text(): text.get_position() for text in texts(overview)}

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", OWN_FIGURES)
    def test_can_be_read_from_the_last_row(self, name, language):
        with speaking(language), lecture_style():
            figure = FIGURES[name]()
            renderer, sheet = FigureCanvasAgg(figure).get_renderer(), figure.bbox
            places = {text: text.get_window_extent(renderer) for text in texts(figure)}
        assert min(text.get_fontsize() for text in places) >= 18
        for text, place in places.items():
            assert sheet.x0 < place.x0 < place.x1 < sheet.x1, text
            assert sheet.y0 < place.y0 < place.y1 < sheet.y1, text
        for (one, place), (other, beside) in combinations(places.items(), 2):
            assert not place.padded(-2).overlaps(beside.padded(-2)), f"{one} overlaps {other}"

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", OWN_FIGURES)
    def test_stand_in_the_notebook_with_words_for_who_cannot_see_them(self, name, language):
        source = "\n".join(cell.source for cell in cells(language).values())
        alt, _, _ = source.partition(f"](../../img/{language}/{name}.svg)")
        assert len(alt.rpartition("![")[2]) > 80


def text_of_first_column():
    figure = forward_pass.forward_pass_numbers()
    column = min(text.get_position()[0] for text in texts(figure))
    words = [text.get_text() for text in texts(figure) if text.get_position()[0] == column]
    return [text for text in words if text[0].isdigit()]


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_error_raised_on_purpose_is_stored_as_its_last_line(language):
    (output,) = cells(language)["shapes-error"].outputs
    assert output.traceback == ["RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x1 and 2x3)"]
