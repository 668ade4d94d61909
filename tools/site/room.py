"""How much room a cell will take on a page, about, so that the page is as long before all of it is laid out."""

from itertools import takewhile

from bs4.element import Tag

from tools.web.formulas import in_a_line

#: In rem: headings with the room around them, a line of code, a button or a formula in a line of its own; what parts
#: two texts, and the line that is not filled.
_HEADINGS = {"h1": 5.5, "h2": 4.8, "h3": 2.6}
_CODE, _ONE, _GAP = 1.21, 3.2, 1.3


def keep_room(cell: Tag) -> None:
    """Tell the style how many letters of a cell wrap, how high all else is, and the shape of its pictures."""
    parts = [part for part in cell.find_all(True) if part.name == "summary" or not _is_folded(part, cell)]
    texts = [part for part in parts if part.name in ("p", "li", "tr")]
    codes = [part for part in parts if part.name == "pre"]
    pictures = [part for part in parts if part.name == "img" and part.get("width")]
    letters = sum(len(" ".join(text.get_text().split())) for text in texts if text.name != "tr")  # tables scroll
    formulas = [part for part in parts if part.has_attr("data-tex") and not part.find_parent("tr")]
    letters += sum(len(in_a_line(formula["data-tex"])) for formula in formulas)
    fixed = _GAP * len([*texts, *codes, *pictures])
    fixed += sum(_CODE * len(code.get_text().strip().split("\n")) for code in codes)
    fixed += sum(_HEADINGS.get(part.name, 0) for part in parts)
    fixed += _ONE * sum(part.name == "summary" or part.has_attr("data-display") for part in parts)
    shape = sum(int(picture["height"]) / int(picture["width"]) for picture in pictures)
    cell["style"] = f"--letters:{letters};--fixed:{fixed:.1f}rem;--shape:{shape:.2f}"


def _is_folded(part: Tag, cell: Tag) -> bool:
    within = takewhile(lambda one: one is not cell, part.parents)
    return any(one.name == "details" and not one.has_attr("open") for one in within)
