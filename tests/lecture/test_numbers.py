"""Each number in the prose is one that the code beside it prints, and the same in both languages."""

import json
import re
from itertools import zip_longest

from lecture_utils.datasets import DATASETS
from tests.editions import each_edition, in_lines
from tests.notebook import read
from tools.notebooks import NOTEBOOKS
from tools.prose import Line, formulas, lines, prose


@each_edition
def test_a_decimal_in_prose_is_a_number_that_the_notebook_prints_or_computes_with(language, name):
    cells = read(language, name).cells
    known = {value for cell in cells for text in texts_of(cell) for value in numbers_in(text)}
    known |= (
        {0.14} if name == "06_deep_network" else set()
    )  # one of the answers that a question offers, and a wrong one
    known |= sums_of_scaled_features() if name == "03_backpropagation" else set()
    wrong = [
        Line(line.place, f"{decimal}, which no output shows and no program holds")
        for line in lines(language, name, of=said, kind="markdown")
        for decimal in re.findall(
            r"(?<![\w.])-?\d+\.\d{2,}(?![\w.]*\d)", line.text.replace("−", "-").replace("{,}", ".")
        )
        if not any(rounds_to(value, decimal) for value in known)
    ]
    assert in_lines(wrong) == ""


def sums_of_scaled_features():
    """Return what the features of each example add up to once each feature is divided by its largest value."""
    X = DATASETS["2"].X
    return set((X / X.max(dim=0).values).sum(dim=1).tolist())


def said(cell):
    """Return prose and formulas of a cell, without programs, addresses and the numbers of papers."""
    texts = zip_longest(prose(cell).splitlines(), formulas(cell).splitlines(), fillvalue="")  # formulas may end sooner
    return re.sub(r"arXiv:[\d.]+", "", "\n".join(map(" ".join, texts)))


def texts_of(cell):
    """Return what a program says, and what it prints; of figures, their words."""
    if cell.cell_type == "markdown":
        return re.findall(r"```python\n.*?```|`[^`]*`", cell.source, flags=re.DOTALL) + figures_of(cell)
    printed = [json.dumps(output, ensure_ascii=False) for output in without_pictures(cell.outputs)]
    return [cell.source, *printed]


def without_pictures(outputs):
    for output in outputs:
        data = {kind: text for kind, text in output.get("data", {}).items() if not kind.startswith("image/")}
        yield {"data": data, "text": output.get("text"), "error": output.get("evalue")}


def figures_of(cell):
    """Return the numbers that a figure shows: its file holds them as comments, its glyphs being paths."""
    files = re.findall(r"\.\./\.\./(img/[\w/]+\.svg)", cell.source)
    svgs = [(NOTEBOOKS.parent / file).read_text(encoding="utf-8") for file in files]
    return [comment for svg in svgs for comment in re.findall(r"<!-- (.*?) -->", svg)]


def numbers_in(text):
    found = re.findall(r"-?\d[\d_]*\.?\d*(?:e[-+]?\d+)?", text.replace("−", "-"))
    return {float(number.replace("_", "")) for number in found}


def rounds_to(value, decimal):
    """Whether a number, or it as a percentage, rounds to what the prose says; its sign may be said in words."""
    digits = len(decimal.partition(".")[2])
    return any(abs(abs(scaled) - abs(float(decimal))) <= 0.501 * 10**-digits for scaled in (value, 100 * value))
