"""What an article says of its pictures is the article's own: a later change in the image library changes no article.

The editor copies alternative text and credit when somebody chooses a picture (cms/static/cms/picture_words.js). What is
still empty when the article is saved is copied here, so that imports and scripts need no JavaScript. Source: design §5.
"""

from collections.abc import Iterator
from typing import Any

from articles.authoring.images import Image

WORDS = ("alt", "credit")


def copy_words_of_pictures(page: Any) -> None:
    """Fill the empty alternative texts and credits of an article from its pictures. At most three queries."""
    for name in ("hero", "social_image"):
        if picture := getattr(page, name):
            for word in WORDS:
                field = f"{name}_{word}"
                setattr(page, field, getattr(page, field) or getattr(picture, word))
    figures = dict(_figures(page.body.raw_data))
    pictures = Image.objects.in_bulk({figure["image"] for figure in figures.values()}) if figures else {}
    for at, figure in figures.items():
        if picture := pictures.get(figure["image"]):
            block = page.body.raw_data[at]
            words = {word: figure.get(word) or getattr(picture, word) for word in WORDS}
            page.body.raw_data[at] = block | {"value": block["value"] | {"figure": figure | words}}


def _figures(blocks: Any) -> Iterator[tuple[int, dict]]:
    """(place, stored figure) of each block that shows a picture and does not say everything of it."""
    for at, block in enumerate(blocks):
        figure = block["value"].get("figure") if isinstance(block["value"], dict) else None
        if isinstance(figure, dict) and isinstance(figure.get("image"), int) and not all(map(figure.get, WORDS)):
            yield at, figure
