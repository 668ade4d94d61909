"""What the original lecture printed at some of its steps, by its ways of training."""

import csv
from pathlib import Path


def golden(way: str) -> list[dict[str, float]]:
    """Return the rows that the original lecture printed when it trained in that way."""
    with open(Path(__file__).with_name(f"{way}.csv")) as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
