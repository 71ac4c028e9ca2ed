"""Pictures as they are kept: of few colours, small, and no bigger than they may be."""

from io import BytesIO
from pathlib import Path

from PIL import Image

MOST_BYTES = 150_000
_COLOURS = (256, 128, 64)


class TooBig(Exception):
    """The message is a sentence for people."""


def keep(png: bytes, path: Path) -> int:
    """Write a picture with as many colours as fit. Returns its size in bytes. Raises TooBig."""
    whole = Image.open(BytesIO(png)).convert("RGB")
    for colours in _COLOURS:
        few = whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        written = BytesIO()
        few.save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            path.write_bytes(written.getvalue())
            return written.tell()
    raise TooBig(f"{path.name} takes {written.tell():,} bytes with {_COLOURS[-1]} colours; at most {MOST_BYTES:,}.")
