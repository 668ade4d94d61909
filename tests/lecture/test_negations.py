"""No "not" is lost or put in: each place denies in Russian and in English as often as when the two were compared."""

import tomllib
from collections import Counter
from pathlib import Path

from tests.lecture.both_languages import finds, told

DENIALS = tomllib.loads(Path(__file__).with_name("negations.toml").read_text(encoding="utf-8"))
RUSSIAN, ENGLISH = finds(DENIALS["ru"]), finds(DENIALS["en"])


def more_in_russian():
    """Return by how many words Russian denies more often than English, by place, and what is said there."""
    more, said = Counter(), {}
    for place, russian, english in told():
        more[place] += len(RUSSIAN.findall(russian.lower())) - len(ENGLISH.findall(english.lower().replace("’", "'")))
        said[place] = f"«{russian.strip()}» / “{english.strip()}”"
    return more, said


def test_each_place_denies_as_often_in_both_languages_but_for_those_that_were_compared():
    more, said = more_in_russian()
    compared = DENIALS["more_in_russian"]
    found = [f'"{place}" = {more[place]}\n{said[place]}' for place in said if more[place] != compared.get(place, 0)]
    advice = "Does one of them say the reverse? If both say the same, put the line with its number into negations.toml."
    assert not found, "\n".join([*found, advice])


def test_what_was_compared_is_still_there_and_differs():
    compared = DENIALS["more_in_russian"]
    gone = set(compared) - {place for place, *_ in told()} | {place for place, more in compared.items() if not more}
    assert not gone, f"take these out of negations.toml: {sorted(gone)}"


def test_a_dropped_not_is_found_in_each_language():
    assert len(RUSSIAN.findall("это не так, и ничего нельзя менять")) == 3
    assert len(ENGLISH.findall("it isn't so, nothing can be done, and you cannot; do not")) == 4
