"""What pages say of pictures; and pictures that a page carries in itself, in as few letters as show the same."""

import base64
import io
import re
import struct
from functools import lru_cache

from nbformat import NotebookNode
from PIL import Image

from lecture_utils._look.style import thin_svg


def about_png(output: NotebookNode) -> dict[str, object]:
    """Return the size of the picture of an output on a page, and its words."""
    said = output.metadata.get("image/png", {})
    width, height = struct.unpack(">II", base64.b64decode(output.data["image/png"][:36])[16:24])
    return {
        "width": said.get("width", width // 2),
        "height": said.get("height", height // 2),
        "alt": said.get("alt", ""),
    }


@lru_cache(maxsize=64)
def webp(png: str) -> bytes:
    """Return a picture in base64 that is a PNG as WebP, of the same pixels."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    packed = io.BytesIO()
    (image if image.getextrema()[3][0] < 255 else image.convert("RGB")).save(packed, "webp", lossless=True)
    return packed.getvalue()


def png_address(png: str) -> str:
    """Return the address of a picture in base64 that is a PNG."""
    return f"data:image/webp;base64,{base64.b64encode(webp(png)).decode()}"


def svg_address(svg: str) -> str:
    """Return the address of a drawing."""
    svg = thin_svg(svg)
    svg = svg.replace('"', "'") if "'" not in svg else svg
    return "data:image/svg+xml," + re.sub('[%#"]', lambda sign: f"%{ord(sign[0]):02X}", svg)
