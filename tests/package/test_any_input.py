"""Whatever a public function is given, it gives what it says, or an error that names the argument."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_utils import checks
from tests.package.any_input import explorers, layers_and_graphs, numbers, pictures
from tests.package.any_input.calls import shows_finite_numbers
from tests.package.any_input.junk import JUNK, damaged, has_gaps
from tests.package.any_input.left_out import LEFT_OUT, public_names
from tests.package.any_input.settings import ANSWERS, CASES, REPEATABLE

TABLE = numbers.TABLE | layers_and_graphs.TABLE | pictures.TABLE | explorers.TABLE


def tried(call, arguments, *, spoiled):
    """Call; a good call must be taken, another may be refused by an error that names an argument.

    Return the figure that shows what was taken, if there is one.
    """
    try:
        result = call.made(arguments)
    except (TypeError, ValueError) as error:
        names = "|".join(map(re.escape, [*arguments, *call.also_named]))
        if re.search(rf"\b({names})\b", str(error)) and (spoiled or call.may_refuse):
            return None
        raise
    if call.holds and not spoiled:
        call.holds(result, arguments)
    if call.figure is None:
        return None
    assert not any(has_gaps(value) for name, value in arguments.items() if name not in call.gaps)
    figure = call.figure(result, arguments)
    shows_finite_numbers(figure)
    return figure


@pytest.mark.parametrize("name", TABLE)
def test_any_call_ends_in_what_is_documented_or_in_an_error_that_names_an_argument(name):
    call = TABLE[name]

    @settings(REPEATABLE, max_examples=call.examples)
    @given(st.data())
    def one(data):
        arguments = data.draw(st.fixed_dictionaries(call.good))
        figure = tried(call, arguments, spoiled=False)
        order = data.draw(st.permutations(list(arguments)))
        for name in itertools.islice(itertools.cycle(order), call.spoiled):
            tried(call, arguments | {name: data.draw(damaged(arguments[name]))}, spoiled=True)
        if figure:  # with all that was drawn on it
            figure.draw_without_rendering()

    one()


@pytest.mark.parametrize("name", [name for name, call in TABLE.items() if not call.is_slow])
def test_any_junk_in_any_argument_is_refused_by_its_name_or_does_no_harm(name):
    call, found = TABLE[name], []

    @settings(REPEATABLE, max_examples=2)
    @given(st.fixed_dictionaries(call.good))
    def good(arguments):
        found.append(arguments)

    good()
    for argument in call.good:
        for make in JUNK:
            tried(call, found[-1] | {argument: make()}, spoiled=True)


def test_every_public_function_and_method_stands_in_the_table_or_is_left_out_for_a_reason():
    rows = {name.partition(" ")[0] for name in TABLE}
    explorers = {name for name in public_names() if name.startswith("explorers.") and name.endswith("_explorer")}
    tried = {name for name in public_names() if name in rows or name.partition(".")[0] == "checks"}
    tried |= {name for name in explorers if f"explorers.{name.rpartition('.')[2]}" in rows}
    left_out = set().union(*LEFT_OUT.values())
    assert public_names() - tried - left_out == set()
    assert left_out - public_names() == set(), "left out, but there is no such name"
    assert left_out & tried == set(), "left out, but tried"


def test_every_public_check_is_one_that_readers_know():
    defined = {name.rpartition(".")[2] for name in public_names() if name.startswith("checks.")}
    assert defined == {name for name in checks.__all__ if name.startswith("check_")}


def test_the_number_of_cases_is_the_one_that_is_told():
    n_checks = sum(name.startswith("check_") for name in checks.__all__)
    assert sum(call.cases for call in TABLE.values()) + n_checks * ANSWERS == CASES
