"""Notebook 01: its figures show the numbers that it prints."""

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 (the field's own name)

from lecture_utils._words import LANGUAGES, speaking, word
from tests.notebook import read
from tools.figures import forward_pass, perceptron, training_cycle
from tools.figures.perceptron import LAYERS, X, Y

NAME = "01_forward_and_loss"


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
        numbers = perceptron.forward_pass(X, Y)
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
        assert torch.equal(x, perceptron.forward_pass(X, Y).prediction)

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


def text_of_first_column():
    figure = forward_pass.forward_pass_numbers()
    column = min(text.get_position()[0] for text in texts(figure))
    words = [text.get_text() for text in texts(figure) if text.get_position()[0] == column]
    return [text for text in words if text[0].isdigit()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_error_raised_on_purpose_is_stored_as_its_last_line(language):
    (output,) = cells(language)["shapes-error"].outputs
    assert output.traceback == ["RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x1 and 2x3)"]
