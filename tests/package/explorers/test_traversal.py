"""The traversal explorer goes over a recorded graph as autograd does: values forward, gradients back."""

import pytest
import torch

from tests.controls import choose
from tests.package.explorers.real import opened, text


@pytest.fixture
def explorer():
    return opened("traversal")


def said(explorer, kind):
    """Return what the labels of a kind say at the present step, by place."""
    names = [mark["name"] for mark in explorer.picture.scene["marks"] if mark["name"].startswith(kind)]
    return {int(name.split()[1]): text(explorer, name) for name in names}


def test_it_goes_forward_through_all_values_and_then_back_through_all_gradients(explorer):
    values, gradients = [], []
    for step in range(11):
        choose(explorer, step=step)
        values.append(sum(map(bool, said(explorer, "value").values())))
        gradients.append(sum(map(bool, said(explorer, "gradient").values())))
    assert values == [3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7]  # the output was given no name, and shows no value
    assert gradients == [0] * 6 + [3, 4, 5, 7, 8]


def test_gradients_that_meet_are_added(explorer):
    for step, sum_of_parts, gradient in ((7, "∇ 6", 6), (9, "∇ 6", 6), (10, "∇ 6 + 8 = 14", 14)):
        choose(explorer, step=step)
        assert said(explorer, "gradient")[0] == sum_of_parts
        assert explorer.gradients["w"] == gradient


def test_the_node_at_work_is_framed(explorer):
    choose(explorer, step=0)
    assert torch.tensor(explorer.picture.points("now")).isnan().all()
    for forward, backward in ((1, 10), (2, 9), (3, 8), (4, 7), (5, 6)):
        frames = []
        for step in (forward, backward):
            choose(explorer, step=step)
            frames.append(explorer.picture.points("now").tolist())
        assert frames[0] == frames[1]


@pytest.mark.parametrize(
    ("language", "step", "words"),
    [
        ("en", 0, "Step 0 of 10. Only the leaves are given."),
        ("en", 2, "Step 2 of 10. Forward: d = 2 is computed."),
        ("en", 5, "Step 5 of 10. Forward: Add = ? is computed."),
        ("en", 10, "Step 10 of 10. Backward: the gradient 4 has come to p; passed on: w: 8, x: 12."),
        ("ru", 10, "Шаг 10 из 10. Назад: к p пришёл градиент 4; дальше переданы"),
    ],
)
def test_the_words_say_what_happens(language, step, words):
    explorer = opened("traversal", language)
    choose(explorer, step=step)
    assert explorer.picture.caption.startswith(words)


def test_the_text_gives_all_the_gradients_that_have_arrived(explorer):
    arrived = ["w 14", "x 12", "p 4", "y -4", "d 4", "q 1", "r 1", "Add 1"]
    assert repr(explorer) == f"traversal_explorer: step = 10, gradients: {', '.join(arrived)}"
