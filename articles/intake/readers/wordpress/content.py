"""The text of a WordPress post -> markup that the HTML reader understands: shortcodes, blocks, classic line breaks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from articles.intake.readers.page.blocks import Attachment

# `[caption id="…"]`, `[/caption]`, `[embed]`; not `[1]`, nor `[see the note]`.
_SHORTCODE = re.compile(r"<[^<>]*>|\[(?P<close>/)?(?P<name>[a-zA-Z][\w-]{1,40})(?P<rest>(?:\s[^\[\]<>]{0,2000})?)/?\]")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_CAPTION = re.compile(r"\[caption([^\]]{0,500})\](.{0,20000}?)\[/caption\]", re.DOTALL)
_IMAGE = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery([^\]]{0,1000})\]")
_BLOCK = re.compile(r"<!--\s+wp:([\w/-]+)\s*(\{.*?\})?\s*/-->", re.DOTALL)
_MORE = re.compile(r"<!--\s*(?:more|nextpage)\b.*?-->|\[/?(?:embed)\]")
# Shortcodes without attributes that are no words. Others are, such as "[sic]".
_KNOWN = frozenset(
    "audio video playlist gallery caption wp_caption embed toc ez-toc contact-form contact-form-7 wpforms"  # noqa: SIM905
    " gravityform row column columns one_half one_third two_third button tabs tab accordion toggle spoiler quote box"
    " pullquote divider separator spacer raw footnote footnotes ref references related_posts newsletter".split()
)
_BUILDERS = ("vc_", "et_pb_", "fusion_", "av_", "fl_", "mk_", "su_", "elementor", "tve_", "wpv-")
_QUIET = frozenset({"spacer", "separator", "more", "nextpage", "column", "columns", "group"})
LEFT_OUT = '<span class="left-out">{}</span>'


@dataclass
class Content:
    """`markup` for the HTML reader. `breaks`: its lines are lines of the text. `unknown`: names to tell of."""

    markup: str
    breaks: bool
    unknown: list[str] = field(default_factory=list)


def read_content(written: str, attachments: Mapping[str, Attachment]) -> Content:
    """The post's text with its shortcodes resolved, or set aside with their words."""
    unknown: dict[str, None] = {}
    for name, _ in _BLOCK.findall(written):
        if name not in _QUIET:
            unknown[f"wp:{name}"] = None
    text = _MORE.sub("", written)
    text = _CAPTION.sub(_figure, text)
    text = _GALLERY.sub(lambda found: _gallery(found[1], attachments), text)
    text = _SHORTCODE.sub(_aside(_paired(text), unknown), text)
    return Content(text, "<!-- wp:" not in written, list(unknown))


def _figure(found: re.Match[str]) -> str:
    """An image with its caption: behind the image, or in the shortcode's attributes as before 2012."""
    image = _IMAGE.search(found[2])
    if image is None:
        return found[2]
    words = (found[2][: image.start()] + found[2][image.end() :]).strip() or _attributes(found[1]).get("caption", "")
    return f"<figure>{image[0]}<figcaption>{words}</figcaption></figure>"


def _gallery(written: str, attachments: Mapping[str, Attachment]) -> str:
    numbers = re.findall(r"\d+", _attributes(written).get("ids", ""))
    known = [(number, attachments[number]) for number in numbers if number in attachments]
    return "".join(
        f'<figure><img class="wp-image-{number}" src="{escape(each.address)}" alt="{escape(each.alt)}">'
        f"<figcaption>{escape(each.caption)}</figcaption></figure>"
        for number, each in known
    )


def _paired(text: str) -> frozenset[str]:
    """Names that are closed somewhere: no word is."""
    return frozenset(re.findall(r"\[/([a-zA-Z][\w-]{1,40})\]", text))


def _aside(paired: frozenset[str], unknown: dict[str, None]) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return found[0]
        is_code = name in paired or name in _KNOWN or name.startswith(_BUILDERS) or _ATTRIBUTE.search(found["rest"])
        if not is_code:
            return found[0]
        unknown[f"[{name}]"] = None
        return LEFT_OUT.format(escape(found[0], quote=False))

    return replace


def _attributes(written: str) -> dict[str, str]:
    return {name: double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(written)}
