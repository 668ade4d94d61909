"""How many cases are tried, and that they are the same ones each time."""

from hypothesis import HealthCheck, Phase, settings

#: The cases of a check; those of a function stand in its row of the table.
ANSWERS = 50
#: All cases together, the number that the README tells.
CASES = 34_074

# No shrinking: the values are small as they stand.
REPEATABLE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
