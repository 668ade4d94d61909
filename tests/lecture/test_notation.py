"""One notation for all six notebooks: each symbol has one meaning, and stands in the table that ends a notebook."""

from tests.editions import each_edition, in_lines
from tests.notebook import read
from tools.notation import CELL, rows, table
from tools.prose import Line, formulas, lines, symbols

#: What every textbook writes without a word: indices, the number e, the d of a derivative.
UNIVERSAL = {"i", "j", "k", "e", "d"}


@each_edition
def test_no_symbol_stands_in_a_formula_that_the_table_of_notation_leaves_out(language, name):
    known = UNIVERSAL | {symbol for row in rows() for symbol in row.symbols}
    unknown = [
        Line(line.place, f"{symbol} has no row in notebooks/notation.toml")
        for line in lines(language, name, of=formulas)
        for symbol in sorted(symbols(line.text) - known)
        if f", cell {CELL}" not in line.place
    ]
    assert in_lines(unknown) == ""


@each_edition
def test_each_notebook_ends_with_the_table_of_the_symbols_that_it_uses(language, name):
    last = read(language, name).cells[-1]
    assert last.id == CELL
    assert last.source == table(language, name), "run `python -m tools.notation`"


def test_no_symbol_of_the_notation_has_two_meanings():
    explained = [symbol for row in rows() for symbol in row.symbols]
    assert sorted(set(explained)) == sorted(explained)
