"""The graph of a computation is the one by which it was computed, and is passed back along as autograd does."""

import pytest
import torch

from lecture_utils.graphs import backward_pass, captured_graph, recorded_graph
from tests.package.recorded import leaf, penalised_error, random_tensors, square_of_sum


def edges_by_name(graph):
    return [(graph.nodes[source].name, graph.nodes[target].name) for source, target in graph.edges]


class TestRecordedGraph:
    def test_has_a_node_for_each_leaf_and_operation_from_the_leaves_to_the_output(self):
        named = square_of_sum()
        graph = recorded_graph(named.pop("m"), **named)
        assert [(node.name, node.operation) for node in graph.nodes] == [
            ("x", None),
            ("y", "Add"),
            (None, "Pow"),
            ("z", "Mul"),
            (None, "Mean"),
        ]
        assert [node.shape for node in graph.nodes] == [(3,)] * 4 + [()]
        assert graph.edges == ((0, 1), (1, 2), (2, 3), (3, 4))

    @pytest.mark.parametrize("seed", range(20))
    def test_has_the_very_links_by_which_it_was_computed(self, seed):
        tensors, inputs = random_tensors(seed)
        graph = recorded_graph(tensors["end"], **tensors)
        known = [(source, target) for source, target in edges_by_name(graph) if target in inputs]
        assert sorted(known) == sorted((source, target) for target, used in inputs.items() for source in used)

    @pytest.mark.parametrize("seed", range(20))
    def test_puts_every_node_after_its_inputs_and_the_output_last(self, seed):
        tensors, _ = random_tensors(seed)
        graph = recorded_graph(tensors["end"], **tensors)
        assert all(source < target for source, target in graph.edges)
        assert graph.nodes[-1].name == "end"

    def test_is_the_same_each_time(self):
        first, second = (recorded_graph(tensors["end"], **tensors) for tensors, _ in map(random_tensors, (7, 7)))
        assert first.edges == second.edges
        assert [(n.name, n.operation) for n in first.nodes] == [(n.name, n.operation) for n in second.nodes]

    def test_has_gradients_only_after_the_backward_pass_and_only_those_that_were_kept(self):
        named = square_of_sum()
        named["y"].retain_grad()
        before = recorded_graph(named["m"], **named)
        assert [node.gradient for node in before.nodes] == [None] * 5
        named["m"].backward()
        after = {node.name: node.gradient for node in recorded_graph(named["m"], **named).nodes}
        assert after["x"].tolist() == after["y"].tolist() == [3.0, 4.0, 8.0]  # 2(x + 2)
        assert after["z"] is after["m"] is after[None] is None

    def test_has_no_node_for_what_autograd_does_not_track(self):
        w, x = leaf(2.0), torch.tensor([3.0])
        graph = recorded_graph((w * x) ** 2, w=w, x=x)
        assert [node.name for node in graph.nodes] == ["w", None, None]

    def test_has_two_edges_where_a_value_is_used_twice(self):
        w = leaf(2.0)
        assert recorded_graph(w * w, w=w).edges == ((0, 1), (0, 1))

    def test_of_a_leaf_is_the_leaf(self):
        w = leaf(2.0, 3.0)
        graph = recorded_graph(w, w=w)
        assert [(node.name, node.operation, node.shape) for node in graph.nodes] == [("w", None, (2,))]
        assert graph.edges == ()

    def test_of_a_long_loop_needs_no_deep_recursion(self):
        x = leaf(1.0)
        y = x
        for _ in range(5000):
            y = y + 1
        assert len(recorded_graph(y).nodes) == 5001

    def test_knows_operations_of_matrices_and_of_ones_own(self):
        class Twice(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return 2 * x

            @staticmethod
            def backward(ctx, gradient):
                return 2 * gradient

        W = torch.ones(3, 2, requires_grad=True)
        graph = recorded_graph(Twice.apply(torch.ones(4, 3) @ W), W=W)
        assert [(node.operation, node.shape) for node in graph.nodes] == [
            (None, (3, 2)),
            ("Mm", (4, 2)),
            ("Twice", (4, 2)),
        ]


class TestCapturedGraph:
    def test_has_the_same_operations_as_the_recorded_one_and_the_constants_too(self):
        def example(x):
            y = x + 2
            return (3 * y**2).mean()

        captured = captured_graph(torch.fx.symbolic_trace(example))
        assert [node.operation or node.name for node in captured.nodes] == [
            "x",
            "add(·, 2)",
            "pow(·, 2)",
            "mul(3, ·)",
            "mean(·)",
        ]
        assert captured.edges == recorded_graph(example(leaf(1.0, 2.0))).edges

    def test_has_an_edge_for_each_use_even_inside_a_list(self):
        captured = captured_graph(torch.fx.symbolic_trace(lambda a, b: torch.cat([a, b, a], dim=0) * a))
        assert captured.edges == ((0, 2), (1, 2), (0, 2), (2, 3), (0, 3))
        assert captured.nodes[2].operation.endswith("dim=0)")


class TestBackwardPass:
    def test_sends_what_arrived_times_the_derivative_of_each_operation(self):
        named = penalised_error()
        names = [node.name for node in recorded_graph(named["E"], **named).nodes]
        passed = {
            names[step.node]: (step.received.item(), {names[place]: part.item() for place, part in step.sent})
            for step in backward_pass(named["E"])
        }
        assert passed == {
            "E": (1, {"q": 1, "r": 1}),
            "r": (1, {"w": 6}),
            "q": (1, {"d": 4}),
            "d": (4, {"p": 4, "y": -4}),
            "p": (4, {"w": 8, "x": 12}),
        }

    @pytest.mark.parametrize("seed", range(10))
    def test_parts_that_meet_add_up_to_the_gradient(self, seed):
        tensors, _ = random_tensors(seed)
        output = tensors["end"].sum()
        graph = recorded_graph(output, **tensors)
        arrived = {}
        for step in backward_pass(output):
            for place, part in step.sent:
                arrived[place] = arrived.get(place, 0) + part
        output.backward()
        for place, node in enumerate(graph.nodes):
            if node.operation is None:
                torch.testing.assert_close(arrived[place], tensors[node.name].grad)

    def test_leaves_no_gradients_and_no_hooks_and_keeps_the_graph(self):
        named = penalised_error()
        first, second = (backward_pass(named["E"]) for _ in range(2))
        assert len(first) == len(second) == 5
        assert named["w"].grad is None
        named["E"].backward()
        assert len(first) == 5
        assert named["w"].grad.item() == 14
