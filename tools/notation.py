"""Writes into each notebook the table of the symbols that it uses: ``python -m tools.notation``.

The symbols of all notebooks stand in notebooks/notation.toml.
"""

import tomllib
from dataclasses import dataclass

import nbformat

from lecture_utils._words import LANGUAGES
from tools.notebooks import NOTEBOOKS, find, read
from tools.prose import formulas, signs

CELL = "notation"
_HEADS = {
    "ru": "**Обозначения**\n\n| Символ | Что это | Форма |\n|---|---|---|",
    "en": "**Notation**\n\n| Symbol | What it is | Shape |\n|---|---|---|",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table: the symbols that it explains, how it shows them, and what they are, by language."""

    symbols: list[str]
    shown: str
    meaning: dict[str, str]
    shape: dict[str, str]


def rows() -> list[Row]:
    """Return the rows of the table of all notebooks."""
    table = tomllib.loads((NOTEBOOKS / "notation.toml").read_text(encoding="utf-8"))
    return [
        Row(
            symbols=row["symbols"],
            shown=row["shown"],
            meaning={language: row[language] for language in LANGUAGES},
            shape=dict(zip(LANGUAGES, row["shape"], strict=True)),
        )
        for row in table["row"]
    ]


def used(language: str, name: str) -> set[str]:
    """Return the symbols that stand in the formulas of a notebook, its table left aside."""
    cells = [cell for cell in read(language, name).cells if cell.id != CELL]
    return {sign for cell in cells for line in formulas(cell).splitlines() for sign in signs(line)}


def table(language: str, name: str) -> str:
    """Return the table of the symbols that a notebook uses, as its cell holds it."""
    found = used(language, name)
    wanted = [row for row in rows() if found & set(row.symbols)]
    return "\n".join(
        [_HEADS[language], *(f"| {row.shown} | {row.meaning[language]} | {row.shape[language]} |" for row in wanted)]
    )


def main() -> None:
    """Write the tables of all notebooks."""
    for path in find():
        notebook = nbformat.read(path, as_version=4)
        cell = next(cell for cell in notebook.cells if cell.id == CELL)
        cell.source = table(path.parent.name, path.stem)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
