"""Readers' image files: content-addressed, our own, made before the transaction that publishes them.

`editions/<sha256 of the original>/<width>.webp` and `.jpg` or `.png`. Never Wagtail's renditions, which a
replaced file deletes. A file that no record names is adopted by a re-run.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image as Picture

from articles.authoring.images import Image
from articles.authoring.pictures import read_picture
from articles.errors import Unreadable
from articles.record.models import Rendition

WIDTHS = (400, 800, 1200, 1600)  # 1200: a phone of 390 points at three pixels each
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
OPTIONS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 80, "method": 4},
    "jpg": {"quality": 82, "progressive": True},
    "png": {"optimize": True},
}
FORMATS = {"webp": "WEBP", "jpg": "JPEG", "png": "PNG"}


def prepare(digests: Iterable[str]) -> None:
    """Make the files of these images that are not there yet, and their rows. May run twice.

    Raises Unreadable when an image's file is gone or is not the one that was signed.
    """
    for digest in sorted(set(digests)):
        if not Rendition.objects.filter(image=digest).exists():
            Rendition.objects.bulk_create(_renditions(digest), ignore_conflicts=True)


def _renditions(digest: str) -> list[Rendition]:
    picture = _open(digest)
    fallback = "png" if picture.mode == "RGBA" else "jpg"
    widths = [width for width in WIDTHS if width < picture.width] or []
    widths.append(min(picture.width, WIDTHS[-1]))
    return [
        _rendition(digest, _at_width(picture, width), extension)
        for width in sorted(set(widths))
        for extension in ("webp", fallback)
    ]


def _open(digest: str) -> Picture.Image:
    image = Image.objects.filter(sha256=digest).first()
    if image is None:
        raise Unreadable("An image of this article is gone; choose another one and sign again.")
    with image.open_file() as file:
        content = file.read()
    if f"sha-256:{hashlib.sha256(content).hexdigest()}" != digest:
        raise Unreadable(f"The file of the image “{image.title}” is not the one that was signed; upload it again.")
    return read_picture(content, image.title)


def _at_width(picture: Picture.Image, width: int) -> Picture.Image:
    if width == picture.width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Picture.Resampling.LANCZOS)


def _rendition(digest: str, picture: Picture.Image, extension: str) -> Rendition:
    buffer = io.BytesIO()
    picture.save(buffer, FORMATS[extension], **OPTIONS[extension])
    content = buffer.getvalue()
    path = f"{digest.removeprefix('sha-256:')}/{picture.width}.{extension}"
    _write(Path(settings.EDITION_FILES_ROOT) / path, content)
    return Rendition(
        image=digest,
        width=picture.width,
        height=picture.height,
        type=TYPES[extension],
        sha256=f"sha-256:{hashlib.sha256(content).hexdigest()}",
        path=path,
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside its place, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
