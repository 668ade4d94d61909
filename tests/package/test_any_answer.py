"""Whatever a reader hands in, a check says in a sentence what it is, and calls nothing right that is wrong."""

import pytest
import torch
from hypothesis import given, settings

from lecture_utils import checks
from lecture_utils.datasets import DATASETS
from tests.package.any_input.answers import solutions, wrong_answers
from tests.package.any_input.settings import ANSWERS, REPEATABLE

CHECKS = [name for name in checks.__all__ if name.startswith("check_")]


def test_every_check_has_a_solution_that_it_calls_right():
    assert set(solutions()) == set(CHECKS)
    for name, answer in solutions().items():
        assert getattr(checks, name)(answer).right is True, name


@pytest.mark.parametrize("name", CHECKS)
def test_no_wrong_answer_is_called_right_and_none_stops_the_check(name):
    check, right = getattr(checks, name), solutions()[name]
    before = {key: (data.X.clone(), data.y.clone()) for key, data in DATASETS.items()}

    @settings(REPEATABLE, max_examples=ANSWERS)
    @given(wrong_answers(right))
    def one(answer):
        verdict = check(answer)
        assert verdict.right in (False, None)
        assert verdict.message.strip()
        assert verdict.message.strip() in verdict._repr_html_() or "&" in verdict._repr_html_()

    one()
    for key, (X, y) in before.items():
        assert torch.equal(DATASETS[key].X, X)
        assert torch.equal(DATASETS[key].y, y)
