"""The model of other processors is a fair one: it moves the last digit where they do, and nowhere else."""

import nbformat
import numpy as np
import pytest
import torch

from tools import environment, processors
from tools.notebooks import run
from tools.rounding import NOISY, RoundingNoise, move

NUMBERS = torch.linspace(-3, 3, 601)


@pytest.fixture(params=range(1, 4))
def noise(request):
    return RoundingNoise(request.param)


def steps(one, other):
    """Return how many float32 numbers lie from each number to the other, for numbers of one sign."""
    return (one.view(torch.int32) - other.view(torch.int32)).abs()


def test_about_two_thirds_move_and_none_by_more_than_the_last_digit(noise):
    plain = torch.exp(NUMBERS)
    with noise:
        noisy = torch.exp(NUMBERS)
    assert steps(noisy, plain).max() == 1
    assert 0.5 < steps(noisy, plain).float().mean() < 0.8


def test_equal_inputs_give_equal_results(noise):
    with noise:
        assert torch.equal(torch.exp(NUMBERS), torch.exp(NUMBERS.clone()))
        assert torch.equal(torch.exp(NUMBERS)[::2], torch.exp(NUMBERS[::2]))


def test_seeds_differ():
    found = []
    for seed in (1, 2, 3):
        with RoundingNoise(seed):
            found.append(torch.exp(NUMBERS))
    assert not any(torch.equal(found[i], found[i - 1]) for i in range(3))


def test_what_is_exact_stays(noise):
    X = torch.tensor([[1.0, 40.0], [2.0, 30.0], [3.0, 20.0], [4.0, 10.0]])
    with noise:
        assert (X @ torch.tensor([2.0, 1.0])).tolist() == [42, 34, 26, 18]
        assert torch.sigmoid(torch.zeros(3)).tolist() == [0.5] * 3
        assert X.mean().item() == 13.75


def test_what_all_processors_round_alike_stays(noise):
    thirds = NUMBERS / 3
    with noise:
        for compute in (torch.square, torch.abs, lambda x: x**2, lambda x: x / 7, lambda x: x.abs() ** 0.5):
            found = compute(thirds)
            with torch.utils._python_dispatch._disable_current_modes():
                assert torch.equal(found, compute(thirds))


def test_zero_one_what_is_not_finite_and_other_dtypes_stay(noise):
    with noise:
        assert torch.exp(torch.tensor([-1e4, 1e-12, 1e4, torch.nan])).nan_to_num(5).tolist()[:2] == [0, 1]
        assert torch.exp(torch.tensor([1e4])).item() == torch.inf
        assert torch.exp(torch.ones(2, dtype=torch.float64)).tolist() == [np.exp(1.0)] * 2


def test_gradients_move_too(noise):
    def gradient():
        x = NUMBERS.clone().requires_grad_()
        torch.tanh(x).sum().backward()
        return x.grad

    plain = gradient()
    with noise:
        assert steps(gradient(), plain).max() > 0


def test_what_is_written_in_place_moves_too(noise):
    x = NUMBERS.clone()
    with noise:
        x.exp_()
    assert steps(x, torch.exp(NUMBERS)).max() == 1


def test_the_largest_number_stays_finite():
    numbers = np.full(8, np.finfo(np.float32).max)
    move(numbers, exact=numbers.astype(np.float64) / 1.00000001, seed=1)
    assert np.isfinite(numbers).all()


def test_every_name_is_one_of_torchs_operations():
    assert [name for name in NOISY if not hasattr(torch.ops.aten, name)] == []


PRINTS = {
    "a digit too many": "import torch\nprint(f'{torch.linspace(0, 1, 7).exp().sum():.7f}')",
    "few digits": "print(f'{torch.linspace(0, 1, 7).exp().sum():.3f}')",
    "the reader's names": "print(sorted(name for name in globals() if not name.startswith('_')))",
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return what each of the cells prints in a kernel that computes as this processor does, and in noisy ones."""
    with pytest.MonkeyPatch.context() as patched:
        found = []
        for seed in ("", *(variables[environment.ROUNDING_SEED] for variables in processors.played()[-2:])):
            patched.setenv(environment.ROUNDING_SEED, seed)
            notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, PRINTS.values())))
            ran = run(notebook, folder=tmp_path_factory.mktemp("kernel"))
            texts = [output.text for cell in ran.cells for output in cell.outputs]
            found.append(dict(zip(PRINTS, texts, strict=True)))
    return found


# The deliberate break: a notebook that prints a digit too many is found, and one that does not is not.
def test_a_kernel_with_a_seed_computes_so_and_shows_a_digit_too_many(printed):
    plain, *noisy = printed
    assert {said["a digit too many"] for said in noisy} - {plain["a digit too many"]}
    assert {said["few digits"] for said in noisy} == {plain["few digits"]}


def test_the_readers_names_are_not_among_those_of_the_model(printed):
    assert len({said["the reader's names"] for said in printed}) == 1
