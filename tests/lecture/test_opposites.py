"""Neither language says the reverse of the other: no sentence has more of a word here, and of its opposite there."""

import re
import tomllib
from functools import cache
from pathlib import Path

from lecture_utils._words import LANGUAGES
from tests.lecture.both_languages import finds, told

OPPOSITES = tomllib.loads(Path(__file__).with_name("opposites.toml").read_text(encoding="utf-8"))
IDIOMS, MEANT = finds(OPPOSITES.pop("idioms")), OPPOSITES.pop("meant")
SIDES = {
    opposite: {language: [finds(side) for side in words[language]] for language in LANGUAGES}
    for opposite, words in OPPOSITES.items()
}


def side_by_side(russian, english):
    """Return the sentences of both languages in pairs; if they are not as many, the lines, or else the whole."""
    for end in (r"(?<=[.!?:;])\s+|\n", r"\n"):
        parts = [[part for part in re.split(end, text) if re.search(r"\w", part)] for text in (russian, english)]
        if len(parts[0]) == len(parts[1]):
            return list(zip(*parts, strict=True))
    return [(russian, english)]


@cache
def sentences():
    """Return (what is told apart and where, the sentence in both languages, the sides that its words take in each)."""
    return [
        (f"{place}: {opposite}", pair, *taken)
        for place, *texts in told()
        for pair in side_by_side(*texts)
        for read in [[IDIOMS.sub(" ", text.lower()) for text in pair]]
        for opposite, sides in SIDES.items()
        if any(taken := [in_order(text, sides[language]) for text, language in zip(read, LANGUAGES, strict=True)])
    ]


def in_order(text, sides):
    """Return the sides of the words of a text: "010" where a word of the second stands between two of the first."""
    found = [(word.start(), side) for side, words in zip("01", sides, strict=True) for word in words.finditer(text)]
    return "".join(side for _, side in sorted(found))


def is_reversed(russian, english):
    """Whether one language has more of the first side and the other more of the second, or both in another order."""
    first, second = (russian.count(side) - english.count(side) for side in "01")
    return first * second < 0 or (first == second == 0 and russian != english)


def test_no_sentence_says_the_reverse_in_the_other_language():
    found = [
        f"{place}? «{russian.strip()}» / “{english.strip()}”"
        for place, (russian, english), *taken in sentences()
        if is_reversed(*taken) and place not in MEANT
    ]
    advice = "If both say the same, add a turn to `idioms` of opposites.toml, or the place to `meant`, and why."
    assert not found, "\n".join([*found, advice])


def test_what_is_said_to_be_meant_is_still_there():
    assert set(MEANT) <= {place for place, _, *taken in sentences() if is_reversed(*taken)}


def test_seven_in_ten_words_would_be_noticed_if_they_were_turned_into_their_opposites():
    turned = [
        (one[:place] + "10"[int(one[place])] + one[place + 1 :], other)
        for *_, russian, english in sentences()
        for one, other in ((russian, english), (english, russian))
        for place in range(len(one))
    ]
    assert len(turned) > 5000
    assert sum(is_reversed(*pair) for pair in turned) / len(turned) > 0.7
