"""Images of a page: their address, or the picture that an address holds itself."""

import base64
import binascii
import re

from lxml.html import HtmlElement

from articles.intake.outline import Picture
from articles.intake.readers.page.words import address

MAX_ADDRESS = 2_000
TINY = 3  # pixels: counters of visits and empty places

_DATA = re.compile(r"data:image/(png|jpe?g|webp|gif);base64,", re.IGNORECASE)
_SIGN = re.compile(r"\b(?:emoji|wp-smiley|smiley|latex|math|mwe-math\S*)\b")
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-large-file", "data-orig-file")


def is_sign(image: HtmlElement) -> bool:
    """Whether the image stands for characters: an emoji, a formula."""
    return bool(_SIGN.search(image.get("class", "").lower()))


def is_counter(image: HtmlElement) -> bool:
    sizes = [image.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size.isascii() and size.isdigit() and len(size) < 5 and int(size) < TINY for size in sizes)


def find_address(image: HtmlElement, base: str) -> str:
    """The largest version that the page names: absolute, or as written where the page has no address."""
    written = [_largest(image.get("srcset", "") or image.get("data-srcset", ""))]
    written += [image.get("src", ""), *(image.get(name, "") for name in _LAZY)]
    for each in (text.strip() for text in written):
        if not each or each.lower().startswith("data:") or len(each) > MAX_ADDRESS:
            continue
        if absolute := address(each, base):
            return absolute
        if re.fullmatch(r"[^\s:<>\"]*[./][^\s:<>\"]*", each):  # a name or a path
            return each
    return ""


def find_picture(image: HtmlElement, number: int) -> Picture | None:
    """The picture that the address is made of: `data:image/png;base64,…`."""
    source = image.get("src", "").strip()
    found = _DATA.match(source)
    if not found:
        return None
    try:
        data = base64.b64decode(source[found.end() :], validate=False)
    except (binascii.Error, ValueError):
        return None
    ending = found[1].lower().replace("jpeg", "jpg")
    return Picture(f"picture-{number}.{ending}", data) if len(data) > 200 else None


def _largest(srcset: str) -> str:
    """Of "a.jpg 300w, b.jpg 600w" the second."""
    sizes = re.findall(r"(\S+)\s+(\d{1,6})(?:\.\d+)?[wx](?:\s*,|\s*$)", srcset[:20_000])
    return max(sizes, key=lambda found: int(found[1]), default=("", ""))[0]
