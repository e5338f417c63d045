"""Is this file a picture that readers can get? Its pixels alone: upright, in sRGB, the first frame, no metadata.

Used by the upload form, which refuses what cannot be read, and by publishing, which makes readers' files of it.
"""

import io
import struct
import warnings

from django.conf import settings
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from articles.errors import Unreadable

MAX_SIDE = 16_000  # pixels; WebP ends at 16,383
FORMATS = ("JPEG", "PNG", "WEBP")
# Brands of ISO media files that hold pictures. Source: ISO/IEC 23008-12, annex B; AV1 Image File Format 1.1, §6.
REFUSED = {
    "HEIC": {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"},
    "AVIF": {b"avif", b"avis"},
}
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
# Pillow's answers to broken files; SyntaxError is its name for a broken PNG.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error)


def read_picture(content: bytes, name: str) -> Picture.Image:
    """The picture in RGB or RGBA, its colors in sRGB. Raises Unreadable, before decoding where it is too large."""
    _require_kind(content, name)
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


def _require_kind(content: bytes, name: str) -> None:
    """Names the formats of phones and browsers that readers could not get."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if kind := next((kind for kind, brands in REFUSED.items() if brand in brands), ""):
        raise Unreadable(
            f"The picture “{name}” is in the format {kind}, which not every reader's device can show. Open it, export "
            "it as JPEG or PNG, and upload that file."
        )


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
    """16 bits of grey become 8; what may be transparent keeps its alpha; colors become those of sRGB."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    may_be_transparent = picture.mode in ("RGBA", "LA", "PA", "P") or "transparency" in picture.info
    mode = "RGBA" if may_be_transparent else "RGB"
    if picture.mode not in (mode, "L", "CMYK"):  # the last two have profiles of their own
        picture = picture.convert(mode)
    made = _in_srgb(picture, profile, mode)
    return made if made.mode == mode else made.convert(mode)


def _in_srgb(picture: Picture.Image, profile: bytes | None, mode: str) -> Picture.Image:
    """Converted by the embedded profile. One that is broken, or that is for another mode, is ignored."""
    if not profile:
        return picture
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, embedded, SRGB, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
