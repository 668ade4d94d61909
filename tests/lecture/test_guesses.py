"""The questions that wait for an answer: 25 or more, some in every notebook, their truths as the answers say."""

import re

import pytest

from lecture_utils._words import LANGUAGES, speaking
from lecture_utils.guesses._ask import choices_of, questions
from tests.notebook import NAMES, read


def asked(language, name):
    """Yield each cell that asks: its place, the question before it, and all from it to the answer, as text."""
    cells = read(language, name).cells
    for place, cell in enumerate(cells):
        for question in re.findall(r'^ask\("([\w-]+)"\)$', cell.source, re.MULTILINE):
            after = cells[place + 1 :]
            until = next(n for n, later in enumerate(after) if 'class="marker answer"' in later.source)
            yield question, cells[place - 1], " ".join(map(said, after[: until + 1]))


def said(cell):
    """Return what a cell says or prints."""
    outputs = " ".join(
        str(output.get("text") or output.get("data", {}).get("text/plain")) for output in cell.get("outputs", [])
    )
    return cell.source + outputs


def plain(text):
    """Return words and numbers without marks, in small letters."""
    return " ".join(re.sub(r"[`*$\\,;:?!«»“”().]", " ", text.replace("×", "x")).lower().split())


EDITIONS = [(language, name) for language in LANGUAGES for name in NAMES]


def test_there_are_twenty_five_or_more_and_some_in_every_notebook():
    found = {name: len(list(asked("en", name))) for name in NAMES}
    assert min(found.values()) >= 3, found
    assert sum(found.values()) >= 25


def test_every_question_of_the_table_is_asked_once():
    found = [question for name in NAMES for question, _, _ in asked("en", name)]
    assert sorted(found) == sorted(questions())


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_the_choices_are_those_of_the_question_right_above(language, name):
    for question, above, _ in asked(language, name):
        assert above.id == question
        assert 'class="marker question"' in above.source
        if "number" not in questions()[question]:
            with speaking(language):
                choices = choices_of(question)
            text = f" {plain(above.source)} "
            missing = [choice for choice in choices if f" {plain(choice)}" not in text]
            assert not missing, f"{question} does not offer {missing} in its words: {text[-200:]}"


#: What the answer says where it says it in other words than the question, in Russian and in English.
IN_OTHER_WORDS = {
    "constant": ("останется 5", "stays at 5"),
    "errors-order": ("то же самое", "the same, as"),
    "floor-question": ("0.265", "0.265"),
    "four-ways": ("меньше чем на $10^{-5}$", "less than $10^{-5}$"),
    "layers-order": ("исключение: производная", "it fails: the derivative"),
    "loader-question": ("25. примеров столько же", "25. both saw the same number of examples"),
    "order-question": ("в 667 раз дешевле", "667 times cheaper"),
    "question-numerical": ("это 532400 проходов", "make 532400 passes"),
    "scores-question": ("0.551", "0.551"),
    "throw-question": ("$(8.98, 9.10)$", "$(8.98, 9.10)$"),
    "zero-start": ("не сдвинется", "does not move"),
}


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_the_truth_is_what_the_answer_says(language, name):
    for question, _, answer in asked(language, name):
        about = questions()[question]
        with speaking(language):
            truth = f"{about['number']:g}" if "number" in about else choices_of(question)[about["right"]]
        truth = IN_OTHER_WORDS.get(question, (truth, truth))[LANGUAGES.index(language)]
        assert plain(truth) in plain(answer), f"{question}: {truth!r} is not in {plain(answer)[-300:]!r}"


@pytest.mark.parametrize("name", NAMES)
def test_no_place_among_the_choices_gives_the_answer_away(name):
    about = [questions()[question] for question, _, _ in asked("en", name) if "number" not in questions()[question]]
    last = [one["right"] == len(one.get("choices", one.get("en"))) - 1 for one in about]
    assert sum(last) <= len(last) / 2, (
        f"{sum(last)} of {len(last)} answers are the last choice: readers will learn that"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_questions_are_drawn_and_the_truth_of_them_is_computed(language):
    sources = [cell.source for name in NAMES for cell in read(language, name).cells if cell.cell_type == "code"]
    drawn = [source for source in sources if re.search(r"^sketch_(point|curve)\(", source, re.MULTILINE)]
    assert len(drawn) == 2
    assert any("mse_gradient(X, y" in source for source in drawn)
    assert any("validation_losses[" in source for source in drawn)
