"""Notebook 04: the recorded graph, its picture, the figures and the checks of the exercises."""

import ast
import itertools
import random
import re

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.patches import FancyBboxPatch

from lecture_utils import figures, graph_layout, graph_passes, graph_plots, graphs
from lecture_utils._look.style import lecture_style, new_figure
from lecture_utils._words import LANGUAGES, speaking
from lecture_utils.explorers import traversal_explorer
from tests.notebook import read
from tools.figures import computation_graph


def leaf(*numbers):
    return torch.tensor(numbers, requires_grad=True)


def square_of_sum():
    """Return y = x + 2, z = 3y², their mean, and all the names."""
    x = leaf(-0.5, 0.0, 2.0)
    y = x + 2
    z = 3 * y**2
    return {"x": x, "y": y, "z": z, "m": z.mean()}


def random_tensors(seed, n_leaves=3, n_operations=12):
    """Compute something at random; return the tensors by name, and what each was computed from."""
    choose, tensors, inputs = random.Random(seed), {}, {}
    for i in range(n_leaves):
        tensors[f"leaf{i}"] = leaf(0.1 * (i + 1), 0.2)
    for i in range(n_operations):
        first, second = choose.choices(list(tensors), k=2)
        operation = choose.choice([torch.add, torch.mul, torch.sin])
        used = [first] if operation is torch.sin else [first, second]
        tensors[f"t{i}"], inputs[f"t{i}"] = operation(*[tensors[name] for name in used]), used
    unused = set(tensors) - {name for used in inputs.values() for name in used}
    tensors["end"] = sum((tensors[name] for name in sorted(unused)[1:]), start=tensors[min(unused)] * 1)
    return tensors, inputs


def edges_by_name(graph):
    return [(graph.nodes[source].name, graph.nodes[target].name) for source, target in graph.edges]


class TestRecordedGraph:
    def test_has_a_node_for_each_leaf_and_operation_from_the_leaves_to_the_output(self):
        named = square_of_sum()
        graph = graphs.recorded_graph(named.pop("m"), **named)
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
        graph = graphs.recorded_graph(tensors["end"], **tensors)
        known = [(source, target) for source, target in edges_by_name(graph) if target in inputs]
        assert sorted(known) == sorted((source, target) for target, used in inputs.items() for source in used)

    @pytest.mark.parametrize("seed", range(20))
    def test_puts_every_node_after_its_inputs_and_the_output_last(self, seed):
        tensors, _ = random_tensors(seed)
        graph = graphs.recorded_graph(tensors["end"], **tensors)
        assert all(source < target for source, target in graph.edges)
        assert graph.nodes[-1].name == "end"

    def test_is_the_same_each_time(self):
        first, second = (graphs.recorded_graph(tensors["end"], **tensors) for tensors, _ in map(random_tensors, (7, 7)))
        assert first.edges == second.edges
        assert [(n.name, n.operation) for n in first.nodes] == [(n.name, n.operation) for n in second.nodes]

    def test_has_gradients_only_after_the_backward_pass_and_only_those_that_were_kept(self):
        named = square_of_sum()
        named["y"].retain_grad()
        before = graphs.recorded_graph(named["m"], **named)
        assert [node.gradient for node in before.nodes] == [None] * 5
        named["m"].backward()
        after = {node.name: node.gradient for node in graphs.recorded_graph(named["m"], **named).nodes}
        assert after["x"].tolist() == after["y"].tolist() == [3.0, 4.0, 8.0]  # 2(x + 2)
        assert after["z"] is after["m"] is after[None] is None

    def test_has_no_node_for_what_autograd_does_not_track(self):
        w, x = leaf(2.0), torch.tensor([3.0])
        graph = graphs.recorded_graph((w * x) ** 2, w=w, x=x)
        assert [node.name for node in graph.nodes] == ["w", None, None]

    def test_has_two_edges_where_a_value_is_used_twice(self):
        w = leaf(2.0)
        assert graphs.recorded_graph(w * w, w=w).edges == ((0, 1), (0, 1))

    def test_of_a_leaf_is_the_leaf(self):
        w = leaf(2.0, 3.0)
        graph = graphs.recorded_graph(w, w=w)
        assert [(node.name, node.operation, node.shape) for node in graph.nodes] == [("w", None, (2,))]
        assert graph.edges == ()

    def test_of_a_long_loop_needs_no_deep_recursion(self):
        x = leaf(1.0)
        y = x
        for _ in range(5000):
            y = y + 1
        assert len(graphs.recorded_graph(y).nodes) == 5001

    def test_knows_operations_of_matrices_and_of_ones_own(self):
        class Twice(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return 2 * x

            @staticmethod
            def backward(ctx, gradient):
                return 2 * gradient

        W = torch.ones(3, 2, requires_grad=True)
        graph = graphs.recorded_graph(Twice.apply(torch.ones(4, 3) @ W), W=W)
        assert [(node.operation, node.shape) for node in graph.nodes] == [
            (None, (3, 2)),
            ("Mm", (4, 2)),
            ("Twice", (4, 2)),
        ]

    @pytest.mark.parametrize(
        ("output", "names", "kind", "message"),
        [
            (None, {}, TypeError, "output must be a torch.Tensor, but it is None"),
            ([1.0], {}, TypeError, r"output must be a torch.Tensor, but it is \[1.0\]"),
            (leaf(1.0), {"w": 3.0}, TypeError, "w must be a torch.Tensor, but it is 3.0"),
            (
                torch.ones(2),
                {},
                ValueError,
                "output must be a tensor that autograd tracks, but its requires_grad is False",
            ),
        ],
    )
    def test_of_what_was_not_recorded_is_refused(self, output, names, kind, message):
        with pytest.raises(kind, match=message):
            graphs.recorded_graph(output, **names)


class TestCapturedGraph:
    def test_has_the_same_operations_as_the_recorded_one_and_the_constants_too(self):
        def example(x):
            y = x + 2
            return (3 * y**2).mean()

        captured = graphs.captured_graph(torch.fx.symbolic_trace(example))
        assert [node.operation or node.name for node in captured.nodes] == [
            "x",
            "add(·, 2)",
            "pow(·, 2)",
            "mul(3, ·)",
            "mean(·)",
        ]
        assert captured.edges == graphs.recorded_graph(example(leaf(1.0, 2.0))).edges

    def test_has_an_edge_for_each_use_even_inside_a_list(self):
        captured = graphs.captured_graph(torch.fx.symbolic_trace(lambda a, b: torch.cat([a, b, a], dim=0) * a))
        assert captured.edges == ((0, 2), (1, 2), (0, 2), (2, 3), (0, 3))
        assert captured.nodes[2].operation.endswith("dim=0)")

    def test_of_what_was_not_captured_is_refused(self):
        with pytest.raises(TypeError, match=r"module must be a torch\.fx\.GraphModule, but it is <built-in"):
            graphs.captured_graph(torch.sin)


def some_graphs():
    named = square_of_sum()
    named["m"].backward()
    yield "chain", graphs.recorded_graph(named.pop("m"), **named)
    w, x, y = leaf(3.0), leaf(2.0), leaf(4.0)
    error = (w * x - y) ** 2 + w**2
    error.sum().backward()
    yield "branches", graphs.recorded_graph(error, w=w, x=x, y=y, E=error)
    W, b = torch.ones(3, 7, requires_grad=True), torch.zeros(7, requires_grad=True)
    loss = torch.log_softmax(torch.ones(5, 3) @ W + b, dim=1).mean() + (W * W).sum()
    loss.backward()
    yield "matrices", graphs.recorded_graph(loss, W=W, b=b)
    for seed in range(5):
        tensors, _ = random_tensors(seed)
        yield f"random {seed}", graphs.recorded_graph(tensors["end"], **tensors)


GRAPHS = dict(some_graphs())


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
class TestLayout:
    def test_every_edge_leads_from_its_source_to_its_target_column_by_column(self, graph):
        layout = graph_layout.layered(graph)
        for (source, target), way in zip(graph.edges, layout.edges, strict=True):
            assert (way[0], way[-1]) == (layout.nodes[source], layout.nodes[target])
            columns = [column for column, _ in way]
            assert columns == list(range(columns[0], columns[-1] + 1))
            assert len(columns) > 1

    def test_things_in_a_column_are_a_row_apart(self, graph):
        layout = graph_layout.layered(graph)
        places = [*layout.nodes, *(place for way in layout.edges for place in way[1:-1])]
        for (column, row), (other_column, other_row) in itertools.combinations(places, 2):
            assert column != other_column or abs(row - other_row) > 1 - 1e-9
        assert min(row for _, row in places) == 0
        assert max(row for _, row in places) == layout.n_rows - 1
        assert {column for column, _ in places} == set(range(layout.n_columns))

    def test_it_is_the_same_each_time(self, graph):
        assert vars(graph_layout.layered(graph)) == vars(graph_layout.layered(graph))


def drawn(graph, **options):
    """Draw the graph at its size; return the artists and the axes."""
    with lecture_style():
        figure = new_figure(*graph_plots.size(graph))
        ax = figure.add_axes((0, 0, 1, 1))
        artists = graph_plots.computation_graph(ax, graph, **options)
    figure.canvas.draw()
    return artists, ax


def boxes(ax):
    return [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]


def inside(inner, outer):
    return outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
class TestPicture:
    def test_each_name_fits_its_box_and_nothing_lies_on_anything(self, graph):
        artists, ax = drawn(graph)
        edges = [box.get_window_extent() for box in boxes(ax)]
        for text, edge in zip(artists.nodes, edges, strict=True):
            assert inside(text.get_window_extent(), edge)
        extents = [*edges, *(text.get_window_extent() for text in artists.gradients)]
        assert all(not first.overlaps(second) for first, second in itertools.combinations(extents, 2))
        assert all(inside(extent, ax.get_window_extent()) for extent in extents)

    def test_no_arrow_runs_through_a_box_or_a_gradient(self, graph):
        artists, ax = drawn(graph)
        things = [*boxes(ax), *artists.gradients]
        extents = [thing.get_window_extent().padded(-1) for thing in things]
        for arrow in artists.arrows:
            line, *_ = arrow.get_transform().transform_path(arrow.get_path()).to_polygons(closed_only=False)
            points = torch.tensor(line)
            between = torch.cat([points[:-1] + t * (points[1:] - points[:-1]) for t in torch.linspace(0, 1, 30)])
            assert not any(extent.contains(x, y) for x, y in between.tolist() for extent in extents)

    def test_an_arrow_joins_the_boxes_of_each_edge_and_turns_round_backward(self, graph):
        for backward in (False, True):
            artists, ax = drawn(graph, backward=backward)
            sides = [box.get_bbox() for box in boxes(ax)]
            for (source, target), arrow in zip(graph.edges, artists.arrows, strict=True):
                points = arrow._path_original.vertices
                first, last = (points[-1], points[0]) if backward else (points[0], points[-1])
                assert first[0] == pytest.approx(sides[source].x1)
                assert last[0] == pytest.approx(sides[target].x0)
                assert sides[target].y0 < last[1] < sides[target].y1


def test_the_picture_says_names_operations_shapes_and_gradients():
    artists, _ = drawn(GRAPHS["chain"])
    assert [text.get_text() for text in artists.nodes] == [
        "x\n(3,)",
        "y = Add\n(3,)",
        "Pow\n(3,)",
        "z = Mul\n(3,)",
        "Mean\n()",
    ]
    assert [text.get_text() for text in artists.gradients] == [".grad\n3\n4\n8"]


def test_a_leaf_without_a_name_is_a_question_mark_and_a_large_gradient_is_cut():
    W = torch.ones(6, 5, requires_grad=True)
    (-W).sum().backward()
    artists, _ = drawn(graphs.recorded_graph((-W).sum()))
    assert artists.nodes[0].get_text() == "?\n(6, 5)"
    assert artists.gradients[0].get_text() == "\n".join([".grad", *["−1 −1 −1 …"] * 4, "…"])


def test_room_is_left_free_below_the_nodes():
    width, height = graph_plots.size(GRAPHS["random 0"])
    assert graph_plots.size(GRAPHS["random 0"], lines_below=2)[0] == width
    assert graph_plots.size(GRAPHS["random 0"], lines_below=2)[1] > height
    assert graph_plots.size(GRAPHS["chain"], lines_below=2) == graph_plots.size(GRAPHS["chain"])


def penalised_error():
    """Return E = (w·x − y)² + w² at w = 3, x = 2, y = 4, and all that it is computed from."""
    w, x, y = (torch.tensor(number, requires_grad=True) for number in (3.0, 2.0, 4.0))
    p = w * x
    d = p - y
    q, r = d**2, w**2
    return {"w": w, "x": x, "y": y, "p": p, "d": d, "q": q, "r": r, "E": q + r}


class TestBackwardPass:
    def test_sends_what_arrived_times_the_derivative_of_each_operation(self):
        named = penalised_error()
        names = [node.name for node in graphs.recorded_graph(named["E"], **named).nodes]
        passed = {
            names[step.node]: (step.received.item(), {names[place]: part.item() for place, part in step.sent})
            for step in graph_passes.backward_pass(named["E"])
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
        graph = graphs.recorded_graph(output, **tensors)
        arrived = {}
        for step in graph_passes.backward_pass(output):
            for place, part in step.sent:
                arrived[place] = arrived.get(place, 0) + part
        output.backward()
        for place, node in enumerate(graph.nodes):
            if node.operation is None:
                torch.testing.assert_close(arrived[place], tensors[node.name].grad)

    def test_leaves_no_gradients_and_no_hooks_and_keeps_the_graph(self):
        named = penalised_error()
        first, second = (graph_passes.backward_pass(named["E"]) for _ in range(2))
        assert len(first) == len(second) == 5
        assert named["w"].grad is None
        named["E"].backward()
        assert len(first) == 5
        assert named["w"].grad.item() == 14

    @pytest.mark.parametrize(
        ("output", "kind", "message"),
        [
            (3.0, TypeError, "output must be a torch.Tensor, but it is 3.0"),
            (torch.tensor(1.0), ValueError, "output must be a tensor that autograd tracks"),
            (leaf(1.0, 2.0) * 2, ValueError, r"output must be a single number, but it has shape \(2,\)"),
        ],
    )
    def test_of_what_has_no_gradient_is_refused(self, output, kind, message):
        with pytest.raises(kind, match=message):
            graph_passes.backward_pass(output)


@pytest.fixture(scope="module")
def explorer():
    named = penalised_error()
    return traversal_explorer(named.pop("E"), **named)


class TestTraversalExplorer:
    def shown(self, explorer, kind):
        """Return what the labels of a kind say at the present step, by place."""
        marks = [mark for mark in explorer.picture._marks if mark.name.startswith(kind)]
        return {int(mark.name.split()[1]): explorer.picture.row(mark.texts) for mark in marks}

    def test_goes_forward_through_all_values_and_then_back_through_all_gradients(self, explorer):
        values, gradients = [], []
        for step in range(11):
            explorer.controls["step"].value = step
            values.append(sum(text != "" for text in self.points(explorer, "value").values()))
            gradients.append(sum(text != "" for text in self.points(explorer, "gradient").values()))
        assert values == [3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7]  # the output was given no name, and shows no value
        assert gradients == [0] * 6 + [3, 4, 5, 7, 8]

    def test_adds_the_gradients_that_meet(self, explorer):
        for step, said, gradient in ((7, "∇ 6", 6), (9, "∇ 6", 6), (10, "∇ 6 + 8 = 14", 14)):
            explorer.controls["step"].value = step
            assert self.points(explorer, "gradient")[0] == said
            assert explorer.gradients["w"] == gradient

    def test_frames_the_node_at_work(self, explorer):
        explorer.controls["step"].value = 0
        assert torch.tensor(explorer.picture.points("now")).isnan().all()
        for forward, backward in ((1, 10), (2, 9), (3, 8), (4, 7), (5, 6)):
            frames = []
            for step in (forward, backward):
                explorer.controls["step"].value = step
                frames.append(explorer.picture.points("now").tolist())
            assert frames[0] == frames[1]

    def test_says_in_words_what_happens(self, explorer):
        said = []
        for step in (0, 2, 5, 10):
            explorer.controls["step"].value = step
            said.append(explorer.picture.caption)
        assert said == [
            "Step 0 of 10. Only the leaves are given.",
            "Step 2 of 10. Forward: d = 2 is computed.",
            "Step 5 of 10. Forward: Add = ? is computed.",
            "Step 10 of 10. Backward: the gradient 4 has come to p; passed on: w: 8, x: 12.",
        ]
        assert repr(explorer) == "traversal_explorer: step = 10, gradients: " + ", ".join(
            ["w 14", "x 12", "p 4", "y -4", "d 4", "q 1", "r 1", "Add 1"]
        )

    def test_speaks_russian_and_says_the_same_numbers(self):
        named = penalised_error()
        explorer = traversal_explorer(named["E"], language="ru", **named)
        assert explorer.picture.caption.startswith("Шаг 10 из 10. Назад: к p пришёл градиент 4; дальше переданы")
        assert repr(explorer).endswith("r 1, E 1")

    def test_has_a_static_picture_and_a_small_state(self, explorer):
        assert explorer.picture.static_png().startswith(b"\x89PNG")
        state = explorer.picture.get_state()
        assert sum(len(str(value)) for value in state.values()) < 1_000_000

    @pytest.mark.parametrize(
        ("output", "names", "kind", "message"),
        [
            ("E", {}, TypeError, "output must be a torch.Tensor, but it is 'E'"),
            (torch.tensor(2.0, requires_grad=True) * 2, {"w": 1}, TypeError, "w must be a torch.Tensor, but it is 1"),
            (torch.tensor(2.0), {}, ValueError, "output must be a tensor that autograd tracks"),
            (leaf(1.0, 2.0).sum(), {}, ValueError, r"from single numbers, but there are shapes \[\(2,\)\]"),
            (torch.tensor(2.0, requires_grad=True), {}, ValueError, "from 1 to 12 operations, but it took 0"),
        ],
    )
    def test_refuses_what_it_cannot_show(self, output, names, kind, message):
        with pytest.raises(kind, match=message):
            traversal_explorer(output, **names)

    def test_refuses_a_long_graph_and_an_unknown_language(self):
        w = torch.tensor(2.0, requires_grad=True)
        product = w
        for _ in range(13):
            product = product * w
        with pytest.raises(ValueError, match="from 1 to 12 operations, but it took 13"):
            traversal_explorer(product)
        with pytest.raises(ValueError, match="language must be one of"):
            traversal_explorer(w * w, language="de")


class TestFigures:
    def test_the_numbers_are_those_of_the_derivatives_on_paper(self):
        w, x, y = 3.0, 2.0, 4.0
        d = w * x - y
        expected = {"w": 2 * d * x + 2 * w, "x": 2 * d * w, "y": -2 * d, "w1": 2 * d * x, "w2": 2 * w, "p": 2 * d}
        numbers = computation_graph._values_and_gradients()
        assert {name: float(numbers[name][1].replace("−", "-")) for name in expected} == expected
        assert float(numbers["E"][0]) == d**2 + w**2

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", ["computation_graph", "layer_hierarchies"])
    def test_no_text_lies_on_another_or_leaves_the_picture(self, name, language):
        with speaking(language), lecture_style():
            figure = figures.FIGURES[name]()
            figure.canvas.draw()
            texts = [text for text in figure.axes[0].texts if text.get_text()]
            extents = [text.get_window_extent() for text in texts]
        assert all(not first.overlaps(second) for first, second in itertools.combinations(extents, 2))
        assert all(inside(extent, figure.bbox) for extent in extents)
        assert min(text.get_fontsize() for text in texts) >= 18
        assert plt.get_fignums() == []


class TestNotebook:
    def printed(self):
        outputs = [output for cell in read("en", "04_autograd").cells for output in cell.get("outputs", [])]
        return "\n".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)

    @pytest.mark.parametrize(
        "numbers",
        [
            "-0.02651, -0.59082,  0.87850",
            "14.16624",
            "3.94698, 2.81837, 5.75701",
            "204.80000, 2048.00000,    0.20480",
            "weight 0.7\ngradient 3, weight 0.4\ngradient 3, weight 0.1",
            "gradient 6, weight 0.1\ngradient 9, weight -0.8",
            "-130., -1700.",
        ],
    )
    def test_prints_the_numbers_of_the_lecture(self, numbers):
        assert numbers in self.printed()

    @pytest.mark.parametrize(
        "message",
        [
            "backward through the graph a second time",
            "grad can be implicitly created only for scalar outputs",
            "a leaf Variable that requires grad is being used in an in-place operation",
            "modified by an inplace operation",
            "does not require grad and does not have a grad_fn",
            "unsupported operand type(s) for *: 'float' and 'NoneType'",
            "size mismatch",
            "Mismatch in shape",
            "Only Tensors of floating point",
            "Inference tensors cannot be saved",
            "nodes are in a cycle",
            "cannot be used as inputs to control flow",
        ],
    )
    def test_raises_the_errors_on_purpose_and_explains_each_in_the_next_cell(self, message):
        for language in LANGUAGES:
            cells = read(language, "04_autograd").cells
            places = [
                place
                for place, cell in enumerate(cells)
                if any(message in output.get("evalue", "") for output in cell.get("outputs", []))
            ]
            assert places
            for place in places:
                assert "raises-exception" in cells[place].metadata["tags"]
                assert cells[place + 1].cell_type == "markdown"

    def test_keeps_its_cells_short(self):
        sources = [cell.source for cell in read("en", "04_autograd").cells if cell.cell_type == "code"]
        lengths = sorted(len(source.splitlines()) for source in sources)
        assert lengths[len(lengths) // 2] <= 4
        assert lengths[-1] <= 15
        assert max(len(line) for source in sources for line in source.splitlines()) <= 88
        assert not any(re.search(r";\s*$", source) for source in sources)
        assert all(ast.parse(source) for source in sources)
