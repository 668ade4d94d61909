"""What students hand in to the checks: hundreds of right and wrong answers, and what each of them is told.

The answers stand in tables beside this file: by check, right ones by name, wrong ones by the words that they get and by
name. An answer is the body of the exercise's function or class (an expression is returned), or a program that makes one
called ``answer``. ``solution`` is the notebook's own.
"""

import ast
import linecache
import math
import random
import re
import textwrap
import tomllib
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
    for language in LANGUAGES:
        set_language(language)
        verdict = getattr(checks, check)(made(check, TABLE[check]["wrong"][key][name]))
        assert verdict.right is (None if key == "check_open" else False), verdict.message
        assert re.match(says(key), verdict.message, re.DOTALL), verdict.message


def test_the_tables_are_of_all_checks_and_have_answers_enough():
    assert set(TABLE) == set(CHECKS)
    assert len(RIGHT) >= 150
    assert len(WRONG) >= 250
