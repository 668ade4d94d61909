"""Finds places for the nodes and edges of a graph: in columns from left to right, so that nothing lies on anything."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from lecture_utils.graphs import Graph

Item = tuple[object, int]  # a node, or an edge on its way, and the column it is in


@dataclass(frozen=True, eq=False, kw_only=True)
class Layout:
    """Where the nodes and edges of a graph lie; in a column, rows are at least 1 apart.

    Attributes
    ----------
    nodes : list of (int, float)
        The column and the row of each node; all edges lead to the right, and rows grow downwards from 0.
    edges : list of list of (int, float)
        Each edge's way: a place in every column from node to node.
    n_columns : int
        How many columns there are.
    n_rows : float
        The room that the rows take.
    """

    nodes: list[tuple[int, float]]
    edges: list[list[tuple[int, float]]]
    n_columns: int
    n_rows: float


def layered(graph: Graph) -> Layout:
    """Put every node just before those that take from it, and lead long edges through places of their own."""
    distance = [0] * len(graph.nodes)  # from the output, in columns
    for source, target in sorted(graph.edges, key=lambda edge: edge[1], reverse=True):
        distance[source] = max(distance[source], distance[target] + 1)
    nodes: list[Item] = [(node, max(distance) - far) for node, far in enumerate(distance)]
    ways = []
    for edge, (source, target) in enumerate(graph.edges):
        between = [(("edge", edge), column) for column in range(nodes[source][1] + 1, nodes[target][1])]
        ways.append([nodes[source], *between, nodes[target]])
    columns: list[list[Item]] = [[] for _ in range(max(distance) + 1)]
    for item in [*nodes, *(item for way in ways for item in way[1:-1])]:
        columns[item[1]].append(item)
    rows = _rows(columns, ways)
    return Layout(
        nodes=[(item[1], rows[item]) for item in nodes],
        edges=[[(item[1], rows[item]) for item in way] for way in ways],
        n_columns=len(columns),
        n_rows=max(rows.values()) + 1,
    )


def _rows(columns: list[list[Item]], ways: list[list[Item]]) -> dict[Item, float]:
    """Move each item to the mean row of its neighbours, to the right and to the left in turn, as near as there is room.

    The columns come out sorted by row.
    """
    left, right = defaultdict(list), defaultdict(list)
    for before, after in (pair for way in ways for pair in pairwise(way)):
        right[before].append(after)
        left[after].append(before)
    rows: dict[Item, float] = {item: row for column in columns for row, item in enumerate(column)}
    for neighbours, order in [(right, columns[::-1]), (left, columns)] * 3:
        for column in order:
            wanted = {item: fmean(rows[near] for near in neighbours[item] or [item]) for item in column}
            column.sort(key=wanted.get)
            _spread(column, wanted, rows)
    top = min(rows.values())
    return {item: row - top for item, row in rows.items()}


def _spread(column: list[Item], wanted: dict[Item, float], rows: dict[Item, float]) -> None:
    """Give the items of a column rows 1 apart or more, on the whole neither above nor below those that they want."""
    last = float("-inf")
    for item in column:
        rows[item] = last = max(wanted[item], last + 1)
    shift = fmean(wanted[item] - rows[item] for item in column)
    for item in column:
        rows[item] += shift
