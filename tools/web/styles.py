"""Styles as pages carry them."""

import re


def dense(style: str) -> str:
    """Return a style without comments and needless space."""
    style = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    return re.sub(r" ?([{};]) ?", r"\1", style).replace(";}", "}")
