"""Is this file a picture that readers can get? Its pixels alone: upright, RGB or RGBA, the first frame, no metadata.

Used by the upload form, which refuses what cannot be read, and by publishing, which makes readers' files of it.
"""

import io
import struct
import warnings

from django.conf import settings
from PIL import Image as Picture
from PIL import ImageOps

from articles.errors import Unreadable

MAX_SIDE = 16_000  # pixels; WebP ends at 16,383
FORMATS = ("JPEG", "PNG", "WEBP")
# Pillow's answers to broken files; SyntaxError is its name for a broken PNG.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error)


def read_picture(content: bytes, name: str) -> Picture.Image:
    """The picture in RGB or RGBA. Raises Unreadable, before decoding where the size alone is too much."""
    try:
        if size := _webp_size(content):
            _require_size(size, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Picture.DecompressionBombWarning)
            picture = Picture.open(io.BytesIO(content), formats=FORMATS)
        _require_size(picture.size, name)
        made = _in_colour(ImageOps.exif_transpose(picture))
    except Picture.DecompressionBombError as error:
        raise Unreadable(f"The picture “{name}” is far too large. Make it smaller.") from error
    except BROKEN as error:
        raise Unreadable(
            f"The picture “{name}” cannot be read. It is incomplete, damaged, or not a JPEG, PNG or WebP file. Save it "
            "again."
        ) from error
    made.info = {}  # comments and colour profiles would be written again
    return made


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """From the header: Pillow makes room for a whole WebP when it opens one. Source: RFC 9649 §2.5 to 2.7."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None


def _require_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if max(width, height) > MAX_SIDE or width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise Unreadable(
            f"The picture “{name}” is too large: {width} × {height} pixels. The limits are {MAX_SIDE:,} pixels a side "
            f"and {settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:,} pixels in all. Make it smaller."
        )


def _in_colour(picture: Picture.Image) -> Picture.Image:
    """16 bits of grey become 8; what may be transparent keeps its alpha."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    may_be_transparent = picture.mode in ("RGBA", "LA", "PA", "P") or "transparency" in picture.info
    return picture.convert("RGBA" if may_be_transparent else "RGB")
