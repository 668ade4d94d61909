"""Answers that wait, whatever they are made of."""

from hypothesis import strategies as st
from matplotlib.figure import Figure

from lecture_utils import guesses
from lecture_utils.guesses._ask import questions
from tests.package.any_input.calls import Call
from tests.package.any_input.good import made


def _axes():
    ax = Figure().add_subplot()
    ax.axis((-1e3, 1e3, -1e3, 1e3))
    return ax


inside = st.floats(-1e3, 1e3)


def _one_truth_a_point(guess, arguments):
    assert len(guess.scene["x"]) == len(guess.scene["y"])
    assert all(0 <= number <= 1 for number in guess.scene["x"] + guess.scene["y"])


TABLE = {
    "guesses.ask": Call(guesses.ask, {"question": st.sampled_from(list(questions()))}),
    "guesses.sketch_point": Call(
        guesses.sketch_point, {"ax": made(_axes), "point": st.lists(inside, min_size=2, max_size=2)},
        _one_truth_a_point, 10,
    ),
    "guesses.sketch_curve": Call(
        guesses.sketch_curve,
        {
            "ax": made(_axes),
            "x": st.sampled_from([[0, 1, 2], [-1e3, 0.0, 1e3]]),
            "y": st.lists(inside, min_size=3, max_size=3),
        },
        _one_truth_a_point,
        10,
    ),
}  # fmt: skip
