"""How the value that an error is about is written; without torch, so that words are there at once."""


def brief(value: object, *, length: int = 300) -> str:
    """Return how `value` is written, cut to `length` letters; of what cannot be written, the type."""
    try:
        text = repr(value)
    except Exception:  # whatever the value's own class raises
        text = f"<{type(value).__name__}>"
    return text if len(text) <= length else f"{text[:length]}…"
