"""Each notebook has exercises, open as they stand; test_students_again puts the solutions in their place."""

import pytest

from tests.notebook import NAMES, exercises, read


@pytest.mark.parametrize("name", NAMES)
def test_there_are_three_exercises_or_more_and_none_is_solved(name):
    checks = [check for _, check, _ in exercises(read("en", name))]
    assert len(checks) >= 3
    assert {check.outputs[-1].data["text/plain"] for check in checks} == {"…"}
