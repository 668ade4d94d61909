"""What a check says of an answer."""

import re
from dataclasses import dataclass
from html import escape

from lecture_utils._words import word


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check found.

    Attributes
    ----------
    right : bool or None
        Whether the answer is right; None as long as there is no answer.
    message : str
        What is right or wrong, in the notebook's language.
    """

    right: bool | None
    message: str

    def __repr__(self) -> str:
        """Return the verdict in no language: it is stored in both editions of a notebook."""
        return {True: "✓", False: "✗", None: "…"}[self.right]

    def _repr_html_(self) -> str:
        kind = {True: "right", False: "wrong", None: "open"}[self.right]
        return f'<p class="verdict {kind}" role="status">{self!r} {escape(self.message)}</p>'


class WrongError(Exception):
    """Carries the verdict on an answer that is wrong, or not there yet, out of a check."""

    def __init__(self, key: str, *, right: bool | None = False, **fields: object) -> None:
        self.key = key
        message = re.sub(" at 0x[0-9a-fA-F]+", "", word(key, **fields))  # where in memory something lies helps nobody
        self.verdict = Verdict(right=right, message=message.strip())
