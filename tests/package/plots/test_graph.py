"""The picture of a graph: everything in its place, nothing on anything, and every name and number to be read."""

import itertools

import pytest
import torch
from matplotlib.patches import FancyBboxPatch

from lecture_utils import plots
from lecture_utils._look.style import lecture_style, new_figure
from lecture_utils.graphs import recorded_graph
from lecture_utils.plots._graph_layout import layered
from tests.package.recorded import leaf, random_tensors, square_of_sum


def some_graphs():
    named = square_of_sum()
    named["m"].backward()
    yield "chain", recorded_graph(named.pop("m"), **named)
    w, x, y = leaf(3.0), leaf(2.0), leaf(4.0)
    error = (w * x - y) ** 2 + w**2
    error.sum().backward()
    yield "branches", recorded_graph(error, w=w, x=x, y=y, E=error)
    W, b = torch.ones(3, 7, requires_grad=True), torch.zeros(7, requires_grad=True)
    loss = torch.log_softmax(torch.ones(5, 3) @ W + b, dim=1).mean() + (W * W).sum()
    loss.backward()
    yield "matrices", recorded_graph(loss, W=W, b=b)
    for seed in range(5):
        tensors, _ = random_tensors(seed)
        yield f"random {seed}", recorded_graph(tensors["end"], **tensors)


GRAPHS = dict(some_graphs())


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
class TestLayout:
    def test_every_edge_leads_from_its_source_to_its_target_column_by_column(self, graph):
        layout = layered(graph)
        for (source, target), way in zip(graph.edges, layout.edges, strict=True):
            assert (way[0], way[-1]) == (layout.nodes[source], layout.nodes[target])
            columns = [column for column, _ in way]
            assert columns == list(range(columns[0], columns[-1] + 1))
            assert len(columns) > 1

    def test_things_in_a_column_are_a_row_apart(self, graph):
        layout = layered(graph)
        places = [*layout.nodes, *(place for way in layout.edges for place in way[1:-1])]
        for (column, row), (other_column, other_row) in itertools.combinations(places, 2):
            assert column != other_column or abs(row - other_row) > 1 - 1e-9
        assert min(row for _, row in places) == 0
        assert max(row for _, row in places) == layout.n_rows - 1
        assert {column for column, _ in places} == set(range(layout.n_columns))

    def test_it_is_the_same_each_time(self, graph):
        assert vars(layered(graph)) == vars(layered(graph))


def drawn(graph, **options):
    """Draw the graph at its size; return the artists and the axes."""
    with lecture_style():
        figure = new_figure(*plots.graph_size(graph))
        ax = figure.add_axes((0, 0, 1, 1))
        artists = plots.computation_graph(ax, graph, **options)
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
    artists, _ = drawn(recorded_graph((-W).sum()))
    assert artists.nodes[0].get_text() == "?\n(6, 5)"
    assert artists.gradients[0].get_text() == "\n".join([".grad", *["−1 −1 −1 …"] * 4, "…"])


def test_room_is_left_free_below_the_nodes():
    width, height = plots.graph_size(GRAPHS["random 0"])
    assert plots.graph_size(GRAPHS["random 0"], lines_below=2)[0] == width
    assert plots.graph_size(GRAPHS["random 0"], lines_below=2)[1] > height
    assert plots.graph_size(GRAPHS["chain"], lines_below=2) == plots.graph_size(GRAPHS["chain"])
