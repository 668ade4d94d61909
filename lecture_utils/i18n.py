"""The interface words of the controls and pictures, in Russian and English: one table."""

from collections.abc import Iterator
from contextlib import contextmanager

LANGUAGES = ("ru", "en")

#: What is said, by word and language. Braces are filled in by `word`.
WORDS: dict[str, dict[str, str]] = {
    "dataset": {"ru": "Данные", "en": "Dataset"},
    "variant": {"ru": "вариант {name}", "en": "variant {name}"},
    "learning_rate": {"ru": "Скорость обучения γ", "en": "Learning rate γ"},
    "learning_rate_axis": {"ru": "скорость обучения γ", "en": "learning rate γ"},
    "steps_shown": {"ru": "Показано шагов", "en": "Steps shown"},
    "step": {"ru": "шаг", "en": "step"},
    "loss": {"ru": "ошибка", "en": "loss"},
    "weight": {"ru": "вес w{index}", "en": "weight w{index}"},
    "minimum": {"ru": "минимум", "en": "minimum"},
    "limit": {"ru": "предел {value}", "en": "limit {value}"},
    "given_rate": {"ru": "▲ из условия: {value}", "en": "▲ as given: {value}"},
    "smooth_zone": {"ru": "плавно", "en": "smooth"},
    "jumps_zone": {"ru": "скачки", "en": "jumps"},
    "converges": {"ru": "сходится", "en": "converges"},
    "jumps": {"ru": "сходится, прыгая из стороны в сторону", "en": "converges, jumping from side to side"},
    "diverges": {"ru": "расходится", "en": "diverges"},
    "descent_words": {
        "ru": "Скорость обучения γ = {rate}, шаг {step}: веса w = {weights}, ошибка L {loss}. Спуск {verdict}.",
        "en": "Learning rate γ = {rate}, step {step}: weights w = {weights}, loss L {loss}. The descent {verdict}.",
    },
}

_current = "en"


def set_language(language: str) -> None:
    """Make `language` the one that controls and pictures speak from now on."""
    global _current
    _current = require_language(language)


def current_language() -> str:
    """Return the language that `set_language` chose; English until then."""
    return _current


def require_language(language: str) -> str:
    """Return `language`, or raise a ValueError that lists the languages there are."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {list(LANGUAGES)}, but it is {language!r}")
    return language


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Return a context in which `language` is the current one; None changes nothing."""
    before = current_language()
    set_language(before if language is None else language)
    try:
        yield
    finally:
        set_language(before)


def word(key: str, **fields: object) -> str:
    """Return the word `key` in the current language, its braces filled with `fields`."""
    text = WORDS[key][current_language()]
    return text.format(**fields) if fields else text
