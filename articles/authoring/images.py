"""An image as this house keeps it: its file's SHA-256, what it shows, whose it is and until when.

What an article says of its pictures is the article's own: a later change in the image library changes no article. The
editor copies alternative text and credit when somebody chooses a picture (cms/static/cms/picture_words.js). What a
new picture still lacks when the article is saved is copied here, so that imports and scripts need no JavaScript.
Source: design §5.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

WORDS = ("alt", "credit")


class Image(AbstractImage):
    """`sha256` is taken from the file whenever it is saved; documents name images by it."""

    # Wagtail's own Image model stays installed: both need reverse names of their own.
    tags = TaggableManager(blank=True, related_name="article_images", help_text=None)
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # read by Wagtail

    sha256 = models.CharField(max_length=72, blank=True, editable=False, db_index=True)
    alt = models.CharField(
        "alternative text",
        max_length=255,
        blank=True,
        help_text="Describe the image for people who cannot see it. Leave empty only if it is purely decorative.",
    )
    credit = models.CharField(max_length=255, blank=True, help_text="Shown beside the image.")
    licence = models.CharField("license", max_length=64, blank=True, help_text="For example CC BY 4.0, or “purchased”.")
    licence_holder = models.CharField("license holder", max_length=255, blank=True)
    licence_expires_on = models.DateField("license expires on", null=True, blank=True)

    admin_form_fields = (
        *WagtailImage.admin_form_fields,
        "alt",
        "credit",
        "licence",
        "licence_holder",
        "licence_expires_on",
    )

    @property
    def default_alt_text(self) -> str:
        return self.alt

    def save(self, *args, **kwargs) -> None:
        if self.file and (not self.sha256 or not getattr(self.file, "_committed", True)):
            self.sha256 = sha256_of(self)
        super().save(*args, **kwargs)


class ImageRendition(AbstractRendition):
    """What the admin shows. Readers get the record's own files, never these."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


def sha256_of(image: Image) -> str:
    """`sha-256:` and the hex digest of the image's file."""
    with image.open_file() as file:
        digest = f"sha-256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        file.seek(0)
        return digest


def copy_words_of_pictures(page: Any, before: Mapping[str, Any]) -> None:
    """Fill the empty alternative texts and credits of pictures that the article did not show `before`, which is the
    content of its last revision: what an editor emptied since stays empty. At most three queries."""
    for name in ("hero", "social_image"):
        if (picture := getattr(page, name)) and picture.pk != before.get(name):
            for word in WORDS:
                field = f"{name}_{word}"
                setattr(page, field, getattr(page, field) or getattr(picture, word))
    known = {(key, figure["image"]) for _, key, figure in _shown(json.loads(before.get("body") or "[]"))}
    figures = {
        at: figure
        for at, key, figure in _shown(page.body.raw_data)
        if not all(map(figure.get, WORDS)) and (key, figure["image"]) not in known
    }
    pictures = Image.objects.in_bulk({figure["image"] for figure in figures.values()}) if figures else {}
    for at, figure in figures.items():
        if picture := pictures.get(figure["image"]):
            block = page.body.raw_data[at]
            words = {word: figure.get(word) or getattr(picture, word) for word in WORDS}
            page.body.raw_data[at] = block | {"value": block["value"] | {"figure": figure | words}}


def _shown(blocks: Any) -> Iterator[tuple[int, str | None, dict]]:
    """(place, id, stored figure) of each block that shows a picture."""
    for at, block in enumerate(blocks):
        figure = block["value"].get("figure") if isinstance(block["value"], dict) else None
        if isinstance(figure, dict) and isinstance(figure.get("image"), int):
            yield at, block.get("id"), figure
