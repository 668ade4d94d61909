"""Whatever a public function is given, it gives what it says, or an error that names the argument."""

import inspect
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lecture_utils
from lecture_utils import activations, checks, datasets, descent, explorers, graphs, guesses, layers, minibatch, plots
from tests.package.any_input import explorers as explorer_rows
from tests.package.any_input import guesses as guess_rows
from tests.package.any_input import layers_and_graphs, numbers, pictures
from tests.package.any_input.calls import shows_finite_numbers
from tests.package.any_input.junk import JUNK, damaged, has_gaps
from tests.package.any_input.settings import REPEATABLE

TABLE = numbers.TABLE | layers_and_graphs.TABLE | pictures.TABLE | explorer_rows.TABLE | guess_rows.TABLE


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


#: What layers can do is said by a class of which there are no objects.
NOT_CALLED = {"layers.Layer.forward", "layers.Layer.backward"}


def public_functions():
    """Yield what a notebook may call: functions, and methods that take something."""
    for package in (lecture_utils, plots, explorers, guesses):
        room = package.__name__.partition(".")[2]
        functions = [name for name in package.__all__ if inspect.isfunction(getattr(package, name))]
        yield from (f"{room}.{name}".lstrip(".") for name in functions)
    for module in (activations, datasets, descent, graphs, layers, minibatch):
        room = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__ or name.startswith("_"):
                continue
            if inspect.isfunction(value):
                yield f"{room}.{name}"
            elif inspect.isclass(value):
                methods = [key for key, method in vars(value).items() if inspect.isfunction(method) and key[0] != "_"]
                yield from (f"{room}.{name}.{key}" for key in methods)


def test_every_public_function_is_tried():
    rows = {name.partition(" ")[0] for name in TABLE}
    assert set(public_functions()) - rows == NOT_CALLED


def test_every_check_that_is_written_is_one_that_readers_can_call():
    modules = filter(inspect.ismodule, vars(checks).values())
    written = {name for module in modules for name in vars(module) if name.startswith("check_")}
    assert written == {name for name in checks.__all__ if name.startswith("check_")}
