"""The formula on which notebook 02's reasoning rests is true of the descent that it runs."""

import re

import pytest
import torch

from lecture_utils._words import LANGUAGES
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent
from tests.notebook import read


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_multiplies_the_distance_to_the_minimum_by_the_matrix_that_is_given(language):
    source = next(cell.source for cell in read(language, "02_gradient_descent").cells if cell.id == "limit-two")
    factor, sign = re.findall(r"H = \\tfrac(\d)N X\^\\top X, .*\\Delta \\leftarrow \(I ([-+]) \\gamma H\)", source)[0]
    data, rate = DATASETS["2"], DATASETS["2"].learning_rate
    X, y = data.X.double(), data.y.double()
    H = int(factor) / len(X) * X.T @ X
    matrix = torch.eye(2).double() + float(f"{sign}{rate}") * H
    weights = gradient_descent(data, learning_rate=rate, n_steps=1).weights.double()
    before, after = weights - torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
    why = f"a step does not multiply the distance by I {sign} γH with H = {factor}/N · XᵀX, as cell limit-two says"
    torch.testing.assert_close(after, matrix @ before, rtol=1e-4, atol=1e-4, msg=why)
