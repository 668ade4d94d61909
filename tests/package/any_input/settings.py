"""How cases are tried: the same ones each time."""

from hypothesis import HealthCheck, Phase, settings

#: How many answers are handed in to each check.
ANSWERS = 50

# No shrinking: the values are small as they stand.
REPEATABLE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
