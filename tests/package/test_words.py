"""The interface speaks Russian and English, and misses no word in either."""

import ast
import re
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import lecture_utils
from lecture_utils import _words
from lecture_utils._words import LANGUAGES, current_language, set_language, speaking, table, word

WORDS = table()

ROOT = Path(lecture_utils.__file__).parents[1]


@cache
def nodes():
    """Return all that the package and the tools are made of."""
    files = [file for folder in ("lecture_utils", "tools") for file in (ROOT / folder).rglob("*.py")]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


def calls():
    """Return where a word is said."""
    return [node for node in nodes() if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "word"]


def braces(text):
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


@pytest.mark.parametrize("key", WORDS)
def test_a_word_exists_in_both_languages_with_the_same_braces(key):
    assert set(WORDS[key]) == set(LANGUAGES)
    assert all(text.strip() for text in WORDS[key].values())
    assert braces(WORDS[key]["ru"]) == braces(WORDS[key]["en"])


def test_no_word_stands_in_two_tables():
    files = [tomllib.loads(file.read_text(encoding="utf-8")) for file in Path(_words.__file__).parent.glob("*.toml")]
    keys = [key for file in files for key in file]
    assert {key for key in keys if keys.count(key) > 1} == set()
    assert set(keys) == set(WORDS)


@pytest.mark.parametrize("key", WORDS)
def test_the_russian_word_is_russian_and_the_english_one_is_not(key):
    assert re.search("[а-яё]", WORDS[key]["ru"], re.IGNORECASE)
    assert not re.search("[а-яё]", WORDS[key]["en"], re.IGNORECASE)


def test_every_word_that_the_package_says_is_in_the_table_and_gets_what_its_braces_need():
    for call in calls():
        if isinstance(call.args[0], ast.Constant):
            assert call.args[0].value in WORDS
            given = sorted(keyword.arg for keyword in call.keywords)
            assert given in ([], braces(WORDS[call.args[0].value]["en"]))


def test_every_word_of_the_table_is_said_somewhere():
    said = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    assert set(WORDS) - said == set()


def test_a_word_follows_the_language():
    assert word("step") == "step"
    set_language("ru")
    assert word("step") == "шаг"
    assert word("limit", value=7) == "граница 7"


def test_another_language_can_be_spoken_for_a_while_even_through_an_error():
    with suppress(ZeroDivisionError), speaking("ru"):
        assert word("loss") == "ошибка"
        raise ZeroDivisionError
    assert (current_language(), word("loss")) == ("en", "loss")


def test_speaking_no_language_changes_nothing():
    set_language("ru")
    with speaking(None):
        assert current_language() == "ru"


def test_an_unknown_language_leaves_the_old_one():
    set_language("ru")
    with pytest.raises(ValueError, match=r"language must be one of \['ru', 'en'\], but it is 'de'"):
        set_language("de")
    assert current_language() == "ru"
