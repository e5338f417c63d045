"""What rich text says, whatever keys the editor gave its paragraphs. Pure.

Draftail writes `data-block-key` anew when somebody only opens and saves. What counts is therefore what the reader that
renders sees: each tag without that one attribute, and the text. Only fields that are rich text are read so; whatever
people type elsewhere stays as it is, even where it looks like such a key.
"""

from html.parser import HTMLParser
from typing import Any

from wagtail.blocks import ListBlock, RichTextBlock, StructBlock

from articles.authoring.blocks.article import ArticleBody
from articles.document.portable_text import STRAY

EDITOR_KEY = "data-block-key"
TAGS, TEXTS = "tags", "texts"


def of_section(block_type: str, value: Any) -> Any:
    """A section's value, its lists unwrapped, with what its rich texts say in their place."""
    return _walked(ArticleBody.base_blocks.get(block_type), value)


def said(html: Any) -> dict[str, list[list[Any]]]:
    """{tags, texts}, in order and by their places: as it is, under `texts`, where no parser reads it.

    {"tags": [[0, "p", []], [2, "p"]], "texts": [[1, "Words."]]}
    """
    reader = _Reader()
    try:
        reader.feed(STRAY.sub("&lt;", str(html or "")))
        reader.close()
    except AssertionError:  # html.parser's at broken declarations
        return {TEXTS: [[0, str(html)]]}
    return {TAGS: reader.tags, TEXTS: reader.texts}


class _Reader(HTMLParser):
    """Wagtail's own reader sees the very same calls."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[list[Any]] = []
        self.texts: list[list[Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append([self._place, tag, [[name, value] for name, value in attrs if name != EDITOR_KEY]])

    def handle_endtag(self, tag: str) -> None:
        self.tags.append([self._place, tag])

    def handle_data(self, data: str) -> None:
        self.texts.append([self._place, data])

    @property
    def _place(self) -> int:
        return len(self.tags) + len(self.texts)


def _walked(block: Any, value: Any) -> Any:
    if isinstance(block, RichTextBlock):
        return said(value)
    if isinstance(block, StructBlock) and isinstance(value, dict):
        return {key: _walked(block.child_blocks.get(key), item) for key, item in value.items()}
    if isinstance(block, ListBlock) and isinstance(value, list):
        return [_walked(block.child_block, item) for item in value]
    return value
