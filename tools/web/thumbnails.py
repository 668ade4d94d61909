"""Small pictures of notebooks, made of what they show."""

import base64
import io
from dataclasses import dataclass

from nbformat import NotebookNode
from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """A small picture, as WebP, and its size in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as an address that carries it."""
        return f"data:image/webp;base64,{base64.b64encode(self.data).decode()}"


def telling_picture(notebook: NotebookNode) -> bytes | None:
    """Return the picture that tells most of a notebook, run or as it is stored: its first explorer's, or the first."""
    drawn = [
        ("_explorer(" not in cell.source, output.data["image/png"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return base64.b64decode(min(drawn, key=lambda one: one[0])[1]) if drawn else None


def thumbnail(png: bytes | None, *, width: int = 640) -> Thumbnail | None:
    """Return a picture made small, if there is one."""
    if png is None:
        return None
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.thumbnail((width, width), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "webp", quality=82)
    return Thumbnail(data=packed.getvalue(), width=image.width, height=image.height)
