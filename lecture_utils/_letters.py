"""Raised and lowered figures as letters of their own, for words and axes: formulas are set far more slowly."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def power_of_ten(power: int) -> str:
    """Say a power of ten: 10⁻⁶."""
    return "10" + str(power).translate(_RAISED)


def lowered(index: int | str) -> str:
    """Return an index as it stands beside a letter: ₁₂."""
    return str(index).translate(_LOWERED)
