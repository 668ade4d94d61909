"""The checks of notebook 05 see through what is wrong."""

from tests.notebook import read

CELLS = {cell.id: cell for cell in read("en", "05_modules_and_sgd").cells}
