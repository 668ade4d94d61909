"""What pages carry packed, in letters that can stand in a page or a script: the same each time."""

import base64
import gzip


def pack(content: str | bytes) -> str:
    """Return the content compressed."""
    data = content.encode() if isinstance(content, str) else content
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def pack_table(table: bytes) -> str:
    """Return a table of numbers, two bytes each, for `unpackTable` of explorers.js.

    The first bytes of all numbers come before the second ones: so it packs smaller.
    """
    return pack(table[::2] + table[1::2])
