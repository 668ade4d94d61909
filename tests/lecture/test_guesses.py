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


#: What the answer says where it says it in other words than the question: the truth, and how it is said in ru and en.
IN_OTHER_WORDS = {
    "branching-code": ("3.5", "3 + 0.5 = 3.5", "3 + 0.5 = 3.5"),
    "constant": ("to 5", "останется 5", "stays at 5"),
    "errors-order": ("the same number", "то же самое", "the same, as"),
    "floor-question": ("just below 0.28", "0.265", "0.265"),
    "four-ways": ("millionths", "меньше чем на $10^{-5}$", "less than $10^{-5}$"),
    "layers-order": ("fails", "исключение: производная", "it fails: the derivative"),
    "loader-question": (
        "about as many as the line's",
        "25. примеров столько же",
        "25. both saw the same number of examples",
    ),
    "order-question": ("hundreds of times", "в 667 раз дешевле", "667 times cheaper"),
    "question-numerical": ("half a million", "это 532400 проходов", "make 532400 passes"),
    "scores-question": ("some other number", "0.551", "0.551"),
    "throw-question": ("(9, 9)", "$(8.98, 9.10)$", "$(8.98, 9.10)$"),
    "zero-start": ("stand still", "не сдвинется", "does not move"),
}


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_the_truth_is_what_the_answer_says(language, name):
    for question, _, answer in asked(language, name):
        truth, in_english = truth_of(question, language), truth_of(question, "en")
        meant, *words = IN_OTHER_WORDS.get(question, (in_english, truth, truth))
        assert in_english == meant, f"{question}: {in_english!r} counts as right, but the answer says {meant!r}"
        said = words[LANGUAGES.index(language)]
        words_after = plain(answer)[-300:]
        assert plain(said) in plain(answer), f"{question}: {said!r} counts as right, but is not in {words_after!r}"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_the_answer_says_the_truth_before_any_other_choice(language, name):
    for question, _, answer in asked(language, name):
        if "number" in questions()[question] or question in IN_OTHER_WORDS:
            continue
        answer = plain(answer.rpartition('class="marker answer"')[2].partition("</span>")[2])
        with speaking(language):
            choices = choices_of(question)
        there = {choice: re.search(rf"(?<![\w-]){re.escape(plain(choice))}(?!\d)", answer) for choice in choices}
        said = {choice: (found.start(), -len(choice)) for choice, found in there.items() if found}
        truth = truth_of(question, language)
        assert said, f"{question}: the answer says none of {choices}; add to IN_OTHER_WORDS how it says {truth!r}"
        first = min(said, key=said.get)
        assert first == truth, (
            f"{question}: {truth!r} counts as right, but the answer begins with {first!r}: {answer[:99]}"
        )


def truth_of(question, language):
    about = questions()[question]
    with speaking(language):
        return f"{about['number']:g}" if "number" in about else choices_of(question)[about["right"]]


@pytest.mark.parametrize("question", [question for question, about in questions().items() if "number" in about])
def test_what_counts_as_right_is_the_number_and_what_rounds_to_it(question):
    number, tolerance = questions()[question]["number"], questions()[question]["tolerance"]
    digits = len(f"{number:g}".partition(".")[2])
    unit = 10.0**-digits if digits else 0  # nobody rounds a number of steps
    assert 0.5 * unit <= tolerance <= unit, f"{question}: {number} ± {tolerance} counts as right"


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
