"""The table that the measurements fill."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the table: what was measured, the aim, and whether it is met; None where there is no aim."""

    figure: str
    measured: str
    aim: str = ""
    met: bool | None = None


def table(rows: list[Row]) -> str:
    """Set the rows as a table of text."""
    verdicts = {True: "met", False: "NOT MET", None: ""}
    lines = [("figure", "measured", "aim", "met?")]
    lines += [(row.figure, row.measured, row.aim, verdicts[row.met]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
