"""The traversal explorer goes over a recorded graph as autograd does: values forward, gradients back."""

import numpy as np
import pytest
import torch

from lecture_utils._look.diagram import size_of
from lecture_utils._look.style import STACKED_TYPE
from lecture_utils.explorers import traversal_explorer
from lecture_utils.explorers._traversal_drawing import stacked_graph
from tests.controls import choose
from tests.package.explorers.real import MAKERS, opened, text


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


def test_both_layouts_say_the_same(explorer):
    names = {mark["name"] for mark in explorer.picture.scene["marks"] if "texts" in mark}
    for step in range(11):
        choose(explorer, step=step)
        for name in (name for name in names if not name.endswith(" stacked")):
            assert text(explorer, name) == text(explorer, f"{name} stacked")
    assert explorer.picture.scene["stacked"]["width"] == 360


def test_what_is_written_in_a_box_of_the_narrow_layout_fits_and_no_edge_goes_through_one():
    explorer = opened("traversal")
    drawn = stacked_graph(explorer._graph, ["∇ 6 + 8 = 14"])
    size = drawn.axes.figure.get_size_inches()
    assert (np.array(drawn.boxes) >= 0).all()
    assert (np.array(drawn.boxes) <= size).all()
    width = drawn.boxes[0][1, 0] - drawn.boxes[0][0, 0]
    assert size_of("∇ 6 + 8 = 14", STACKED_TYPE)[0] < width
    for way, (source, target) in zip(drawn.ways, explorer._graph.edges, strict=True):
        for place, (low, high) in enumerate(drawn.boxes):
            inside = ((way > low + 0.01) & (way < high - 0.01)).all(axis=1)
            assert not inside.any(), (source, target, place)


def test_a_graph_that_is_too_wide_to_be_stacked_stays_as_it_is():
    leaves = [torch.tensor(1.0, requires_grad=True) for _ in range(8)]
    first, second, third, fourth = (a * b for a, b in zip(leaves[::2], leaves[1::2], strict=True))
    explorer = traversal_explorer((first + second) * (third + fourth))
    assert explorer.picture.scene["stacked"] is None


def test_values_run_forward_to_the_node_at_work_and_gradients_back_from_it(explorer):
    edges, counts = explorer._graph.edges, {}
    for mark in explorer.picture.scene["marks"]:
        if mark["name"].startswith("runs") and not mark["name"].endswith("stacked"):
            _, way, edge = mark["name"].split()
            counts[way, int(edge)] = mark["until"]["counts"]
            assert mark["pulse"] == "step"
            assert not len(explorer.picture.points(mark["name"])), "nothing stays of it"
    for step in range(11):
        runs = {key for key, count in counts.items() if count[step]}
        now, way = explorer._now(step), "back" if explorer._done(step) else "forward"
        assert runs == {(way, edge) for edge, (_, target) in enumerate(edges) if target == now}


def test_the_node_at_work_is_framed(explorer):
    choose(explorer, step=0)
    assert torch.tensor(explorer.picture.points("now")).isnan().all()
    for forward, backward in ((1, 10), (2, 9), (3, 8), (4, 7), (5, 6)):
        frames = []
        for step in (forward, backward):
            choose(explorer, step=step)
            frames.append(explorer.picture.points("now").tolist())
        assert frames[0] == frames[1]


def directions(explorer):
    """Return, for each edge in turn, whether its arrow points forward or back: exactly one of them is seen."""
    seen = []
    for edge in range(len(explorer._graph.edges)):
        forward, back = (len(explorer.picture.points(f"{way} {edge}")) for way in ("forward", "back"))
        assert bool(forward) != bool(back)
        assert bool(forward) == bool(len(explorer.picture.points(f"forward {edge} head")))
        seen.append("forward" if forward else "back")
    return seen


def test_an_edge_turns_back_when_a_gradient_goes_along_it(explorer):
    nodes, edges = explorer._graph.nodes, explorer._graph.edges
    for step in range(11):
        choose(explorer, step=step)
        acted = {passed.node for passed in explorer._done(step)}
        ways = directions(explorer)
        assert ways == ["back" if target in acted else "forward" for _, target in edges], step
        said = [bool(text(explorer, f"part {edge}")) for edge in range(len(edges))]
        assert said == [way == "back" for way in ways], f"at step {step} a part stands where no gradient has gone"
    assert len(nodes) == 8


def test_each_edge_carries_the_part_that_autograd_sends_along_it(explorer):
    choose(explorer, step=10)
    called = [explorer._called(place) for place in range(8)]
    carried = {
        (called[source], called[target]): text(explorer, f"part {edge}")
        for edge, (source, target) in enumerate(explorer._graph.edges)
    }
    w, x, y = (torch.tensor(value, requires_grad=True) for value in (3.0, 2.0, 4.0))
    p, r = w * x, w**2
    d = p - y
    q = d**2
    expected = {("w", "r"): torch.autograd.grad(w**2, w), ("w", "p"): torch.autograd.grad((w * 2 - 4) ** 2, w)}
    expected |= {("x", "p"): torch.autograd.grad(q, x, retain_graph=True), ("y", "d"): torch.autograd.grad(q, y)}
    assert r.item() == 9
    for edge, (gradient,) in expected.items():
        assert float(carried[edge].replace("−", "-")) == gradient.item(), edge
    assert [carried[edge] for edge in (("q", "Add"), ("r", "Add"), ("d", "q"), ("p", "d"))] == ["1", "1", "4", "4"]


def test_arrows_end_at_boxes_outside_the_frame_of_the_node_at_work(explorer):
    choose(explorer, step=10)
    size = explorer.picture._backgrounds.values[0].get_size_inches()
    (left, bottom), (right, top) = (explorer.picture.points("now") * size)[[0, 2]]
    for edge in range(len(explorer._graph.edges)):
        x, y = (explorer.picture.points(f"back {edge} head") * size).T
        assert not ((x > left) & (x < right) & (y > bottom) & (y < top)).any()


def test_single_numbers_have_no_shapes_below_them(explorer):
    texts = [part.get_text() for part in explorer.picture._backgrounds.values[0].axes[0].texts]
    assert "p = Mul" in texts
    assert "()" not in "".join(texts)


def test_a_value_used_twice_by_one_operation_gets_two_parts():
    w = torch.tensor(3.0, requires_grad=True)
    explorer = traversal_explorer(w * w, w=w)
    choose(explorer, step=2)
    assert sorted(text(explorer, f"part {edge}") for edge in (0, 1)) == ["3", "3"]
    assert text(explorer, "gradient 0") == "∇ 3 + 3 = 6"


def test_it_opens_before_the_first_step_and_its_still_picture_shows_the_last():
    explorer = MAKERS["traversal"](language="en")
    assert (explorer.picture.step, explorer.gradients) == (0, {})
    assert explorer.static_png() == explorer.picture.static_png(step=10)


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
    choose(explorer, step=10)
    arrived = ["w 14", "x 12", "p 4", "y -4", "d 4", "q 1", "r 1", "Add 1"]
    assert repr(explorer) == f"traversal_explorer: step = 10, gradients: {', '.join(arrived)}"
