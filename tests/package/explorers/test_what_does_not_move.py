"""What marks move over is true, too, as numpy alone says: the surface, its minimum, the parabola, the scale."""

import numpy as np
import pytest
from matplotlib.contour import ContourSet

from lecture_utils.datasets import DATASETS, noisy_examples
from lecture_utils.explorers import _descent_marks, _minibatch_marks, _minibatch_runs
from lecture_utils.explorers._descent_runs import prepare_all_rates, wide_box

#: Where a surface is asked, as parts of its axes: none of them on the diagonal, which a transpose leaves alone.
PLACES = ((0.05, 0.95), (0.85, 0.15), (0.3, 0.6), (0.7, 0.45), (0.1, 0.4))


def of(data):
    """Return the loss as a function of weights, its minimum, and its Hessian."""
    X, y = data.X.double().numpy(), data.y.double().numpy()
    return lambda w: np.mean((X @ w - y) ** 2), np.linalg.lstsq(X, y)[0], 2 * X.T @ X / len(y)


def drawn_between(ax, place):
    """Return the number of the level that a convex surface has at a place, counted from the lowest; and all levels."""
    (contours,) = (artist for artist in ax.collections if isinstance(artist, ContourSet))
    around = [index for index, path in enumerate(contours.get_paths()) if path.contains_point(place)]
    return min(around), contours.levels


def assert_a_surface_of(ax, loss):
    corners = np.array([ax.get_xlim(), ax.get_ylim()])
    found = set()
    for share in PLACES:
        place = corners[:, 0] + np.array(share) * (corners[:, 1] - corners[:, 0])
        inside, levels = drawn_between(ax, place)
        assert inside == np.searchsorted(levels, loss(place)), f"the surface is that of another loss at {place}"
        found.add(inside)
    assert len(found) > 2, "all places lie in one shade, which shows nothing"


def assert_marked_at_the_minimum(ax, loss, minimum):
    """Hold that the cross, or the line where the loss is flat along one direction, lies where the loss is least."""
    assert ax.lines, "no minimum is marked"
    for marked in (point for line in ax.lines for point in line.get_xydata()):
        above = loss(marked) - loss(minimum)
        assert above < 1e-6 * loss(np.zeros(2)), f"{marked} is marked as the minimum, but the loss is {above} above it"


@pytest.fixture(params=[False, True], ids=["wide", "stacked"])
def stacked(request):
    return request.param


@pytest.fixture(params=DATASETS)
def descent(request, stacked):
    data = DATASETS[request.param]
    run = prepare_all_rates(data, wide_box(data, None), n_steps=data.n_steps, n_stops=61, start=None)
    return data, _descent_marks.draw_axes(run, stacked=stacked)


def test_descent_goes_over_the_loss_of_its_dataset_to_its_minimum(descent):
    data, axes = descent
    loss, minimum, _ = of(data)
    assert_a_surface_of(axes.surface, loss)
    assert_marked_at_the_minimum(axes.surface, loss, minimum)


def test_its_jumps_stand_on_the_parabola_of_the_steepest_direction(descent):
    data, axes = descent
    loss, minimum, hessian = of(data)
    curvatures, directions = np.linalg.eigh(hessian)
    parabola = max(axes.steepest.lines, key=lambda line: len(line.get_xdata()))
    for u, height in parabola.get_xydata()[::30]:
        np.testing.assert_allclose(height, loss(minimum + u * directions[:, 1]), rtol=1e-3, atol=1e-6 * curvatures[1])


def test_its_scale_turns_at_half_the_limit_and_at_the_limit(descent):
    data, axes = descent
    limit = 2 / np.linalg.eigvalsh(of(data)[2])[-1]
    edges = {round(float(edge), 4) for patch in axes.scale.patches for edge in patch.get_extents().intervalx}
    width = axes.scale.get_window_extent().width
    assert edges, "the scale has no parts"
    for share in (0.5, 1.0):
        at = axes.scale.transData.transform((share * limit, 0))[0]
        assert min(abs(edge - at) for edge in edges) < 1e-3 * width, (
            f"no part of the scale ends at {share} of the limit"
        )


def test_mini_batches_go_over_the_loss_above_that_of_the_minimum(stacked):
    data = noisy_examples()
    loss, minimum, _ = of(data)
    runs = _minibatch_runs.run_all_sizes(data, (64, 256), n_epochs=1, seed=0)
    ax = _minibatch_marks.draw_axes(runs, stacked=stacked).surface
    assert_a_surface_of(ax, lambda weights: loss(weights) - loss(minimum))
    assert_marked_at_the_minimum(ax, loss, minimum)
