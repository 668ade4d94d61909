"""What students hand in to the checks: hundreds of right and wrong answers, and what each of them is told.

The answers stand in tables beside this file: by check, right ones by name, wrong ones by the words that they get and by
name. An answer is the body of the exercise's function or class (an expression is returned), or a program that makes one
called ``answer``. ``solution`` is the notebook's own.
"""

import ast
import inspect
import linecache
import math
import random
import re
import textwrap
import tomllib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from lecture_utils import checks
from lecture_utils._words import LANGUAGES, set_language, word
from lecture_utils.descent import mse, mse_gradient
from tests.package.any_input.answers import solutions

TABLE = {}
for file in sorted(Path(__file__).with_name("answers").glob("*.toml")):
    TABLE |= tomllib.loads(file.read_text(encoding="utf-8"))
RIGHT = [(check, name) for check, answers in TABLE.items() for name in answers["right"]]
WRONG = [
    (check, key, name) for check, answers in TABLE.items() for key, named in answers["wrong"].items() for name in named
]
CHECKS = [name for name in checks.__all__ if name.startswith("check_")]


def expression(body):
    try:
        ast.parse(body, mode="eval")
    except SyntaxError:
        return False
    return body.strip() != "..."


def made(check, body):
    """Return the function or class that an answer is."""
    if "answer = " not in body:
        head = TABLE[check]["head"]
        body = textwrap.indent(f"return {body}" if expression(body) else body, "    ")
        name = re.match(r"(?:def|class) (\w+)", head)[1]
        body = f"{head}\n{body}\nanswer = {name}"
    lines = [f"{line}\n" for line in body.splitlines()]
    linecache.cache["<cell>"] = (len(body), None, lines, "<cell>")  # as a notebook does with its cells
    names = dict(torch=torch, nn=nn, F=F, np=np, math=math, random=random, mse=mse, mse_gradient=mse_gradient)
    names |= {"solution": solutions()[check]}
    exec(compile(body, "<cell>", "exec"), names)
    return names["answer"]


def says(key):
    """Return a pattern for the words `key` with anything in the place of braces."""
    return re.sub(r"\\\{\w+\\\}", ".*", re.escape(word(key)).strip())


@pytest.mark.parametrize(("check", "name"), RIGHT)
def test_a_right_answer_is_right_in_whatever_form(check, name):
    verdict = getattr(checks, check)(made(check, TABLE[check]["right"][name]))
    assert verdict.right is True, verdict.message


@pytest.mark.parametrize(("check", "key", "name"), WRONG)
def test_a_wrong_answer_is_told_what_is_wrong(check, key, name):
    set_language(LANGUAGES[WRONG.index((check, key, name)) % 2])  # by turns: test_words holds the two alike
    verdict = getattr(checks, check)(made(check, TABLE[check]["wrong"][key][name]))
    assert verdict.right is (None if key == "check_open" else False), verdict.message
    assert re.match(says(key), verdict.message, re.DOTALL), verdict.message
    assert "0x" not in verdict.message


def test_the_tables_are_of_all_checks_and_have_answers_enough():
    assert set(TABLE) == set(CHECKS)
    assert len(RIGHT) >= 300
    assert len(WRONG) >= 800


# What is said, word for word


def said(check, body):
    return getattr(checks, check)(made(check, body)).message


@pytest.mark.parametrize(
    ("check", "body", "words"),
    [
        (
            "check_layer_of_columns",
            "Z = X.T @ W + b\nreturn Z @ Z",
            "The function stopped with RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x3 and 5x3). "
            "Line 3: return Z @ Z. Given: X (5, 5), W (5, 3), b (3,).",
        ),
        (
            "check_layer_of_columns",
            "assert X.shape == W.shape\nreturn X.T @ W + b",
            "The function stopped with AssertionError. Line 2: assert X.shape == W.shape. "
            "Given: X (5, 5), W (5, 3), b (3,).",
        ),
        (
            "check_layer_of_columns",
            "def inner(X):\n    return X.no_such_thing\nreturn inner(X)",
            "The function stopped with AttributeError: 'Tensor' object has no attribute 'no_such_thing'. "
            "Line 3: return X.no_such_thing. Given: X (5, 5), W (5, 3), b (3,).",
        ),
        (
            "check_layer_of_columns",
            "(X.T @ W + b)[:, 0]",
            "z: the shape must be (5, 3), but it is (5,). Given: X (5, 5), W (5, 3), b (3,).",
        ),
        (
            "check_layer_of_columns",
            "Z = X.T @ W + b\nZ[3, 1] = 0\nreturn Z",
            "z[3, 1]: got 0, expected 4.52. Given: X (5, 5), W (5, 3), b (3,).",
        ),
        (
            "check_shared_weight",
            "1.00011 * solution(x, y, w)",
            "∂E/∂w: got -0.019211, expected -0.019209. Given: x = 2, y = 1, w = -0.5.",
        ),
        ("check_softplus_layer", "def forward(self, x): return x", None),
        (
            "check_one_epoch",
            "return [(x, y[:, 0]) for x, y in solution(X, Y, batch_size)]",
            "N = 10, batch_size = 4, mini-batch 0: the shapes must be ((4, 2), (4, 1)), but they are ((4, 2), (4,)).",
        ),
        ("check_network", "pass", "No answer yet: replace the ellipsis with your solution and run the cell again."),
        (
            "check_network",
            "y = solution(x, layers)",
            "network returns nothing: this is None. Did you forget `return`?",
        ),
        (
            "check_network",
            "raise KeyboardInterrupt",
            "You interrupted the check while your function was at work. Is there an endless loop? "
            "Line 2: raise KeyboardInterrupt.",
        ),
        (
            "check_largest_learning_rate",
            "complex(solution(X))",
            "γ: this is a complex number, (0.8434317111968994+0j), and a real one is needed. Its real part is .real.",
        ),
    ],
)
def test_what_is_said_is_what_helps(check, body, words):
    if words is None:
        words = "A module with the methods forward and backward is expected, but Softplus has no backward."
    assert said(check, body) == words


def test_two_numbers_that_differ_are_never_shown_alike():
    rounded = TABLE["check_loss_history"]["wrong"]["check_differs"]["rounded to four digits"]
    messages = [said("check_loss_history", rounded)]
    for error in (2e-4, 1e-3, 1e-2):
        messages += [said("check_shared_weight", f"{1 + error} * solution(x, y, w)")]
        messages += [said("check_linear_backward", f"[{1 + error} * part for part in solution(X, W, G)]")]
    for message in messages:
        answer, expected = re.search(r"got (.*), expected (.*?)[.] Given", message).groups()
        assert answer != expected


# Whatever the reader has done before


@pytest.fixture
def _odd_settings():
    with torch.inference_mode():
        torch.set_default_dtype(torch.float64)
        torch.set_default_device("meta")
        yield
        assert torch.get_default_dtype() == torch.float64
        assert torch.get_default_device().type == "meta"
        assert torch.is_inference_mode_enabled()
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float32)


@pytest.mark.usefixtures("_odd_settings")
@pytest.mark.parametrize("check", CHECKS)
def test_the_readers_settings_change_nothing_and_come_back(check):
    verdict = getattr(checks, check)(solutions()[check])
    assert verdict.right is True, verdict.message


def test_the_readers_random_numbers_are_left_alone():
    torch.manual_seed(random.randrange(100))
    before = torch.get_rng_state()
    for check in CHECKS:
        if check != "check_one_epoch":  # its answer draws numbers itself
            getattr(checks, check)(solutions()[check])
    assert torch.equal(torch.get_rng_state(), before)


def test_a_fault_of_the_check_itself_is_not_blamed_on_the_reader(monkeypatch):
    monkeypatch.setattr(checks.forward, "normal", partial(int, "no number"))
    verdict = checks.check_layer_of_columns(solutions()["check_layer_of_columns"])
    assert verdict.right is None
    assert verdict.message == "The check itself has stumbled (TypeError): that says nothing about your answer."


def test_a_check_takes_one_argument_and_says_what_it_does():
    for check in CHECKS:
        assert list(inspect.signature(getattr(checks, check)).parameters) == ["answer"]
        assert re.match(r"Check .+\.$", getattr(checks, check).__doc__.splitlines()[0])


@pytest.mark.parametrize("check", CHECKS)
def test_under_nbgrader_a_check_raises_what_it_would_say_unless_the_answer_is_right(check, monkeypatch):
    def stub(*given): ...

    judge = getattr(checks, check)
    says = [judge(stub).message, judge("no function").message]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert judge(made(check, TABLE[check]["right"][next(iter(TABLE[check]["right"]))])).right
    for answer, message in zip((stub, "no function"), says, strict=True):
        with pytest.raises(AssertionError) as raised:
            judge(answer)
        assert str(raised.value) == message
