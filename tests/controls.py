"""Moving an explorer's controls, for the tests."""

from lecture_utils.explorers.controls import Explorer


def choose(explorer: Explorer, **choices: int) -> None:
    """Set controls as code does: by index where a control has one, else by value."""
    for choice, value in choices.items():
        control = explorer.controls[choice]
        setattr(control, "index" if control.has_trait("index") else "value", value)
