"""The published image files: content-addressed, and made before the transaction that publishes them.

`editions/<sha256 of the original>/<width>.webp` and `.jpg` or `.png`. Wagtail's renditions are not used, because
replacing an image deletes them. The event of the publication names each file with its SHA-256, which never changes.
Until then a note next to the files, signed with SECRET_KEY, lists the ones that we made. Other files are not recorded.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from PIL import Image as Picture

from articles.authoring.images import Image
from articles.authoring.pictures import read_picture
from articles.errors import Unreadable
from articles.record.event_data import Picture as Made
from articles.record.models import Event, Rendition

WIDTHS = (400, 800, 1200, 1600)  # 1200: a phone of 390 points at three pixels each
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
OPTIONS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 80, "method": 4},
    "jpg": {"quality": 82, "progressive": True},
    "png": {"optimize": True},
}
SALT, NOTE = "articles.publishing.images", "prepared"
FORMATS = {"webp": "WEBP", "jpg": "JPEG", "png": "PNG"}


def prepare(digests: Iterable[str]) -> None:
    """Make the missing files of these images. May run twice, and on two machines.

    Raises Unreadable if an image's file is missing or is not the signed one.
    """
    wanted = set(digests)
    for digest in sorted(wanted - set(_known(wanted))):
        _write(_note(digest), signing.dumps(_make(digest), salt=SALT).encode())


def describe(digests: Iterable[str]) -> list[Made]:
    """The files of these images for the event of their publication: as an earlier event recorded them, or else as
    `prepare` made them. Images that are not prepared are left out."""
    known = _known(set(digests))
    return [made for digest in sorted(known) for made in known[digest]]


def forget(digests: Iterable[str]) -> None:
    """Delete the notes next to the files, once the publication has recorded them."""
    for digest in digests:
        _note(digest).unlink(missing_ok=True)


def mend() -> list[str]:
    """Recreate recorded files that are missing or changed. Returns the paths of those that cannot be recreated, because
    their original is missing or this version of Pillow writes different bytes."""
    rows = Rendition.objects.values("image", "width", "type", "path", "sha256")
    return [row["path"] for row in rows if not is_whole(row) and not _is_made_again(row)]


def _is_made_again(row: Any) -> bool:
    try:
        picture = _at_width(_open(row["image"]), row["width"])
    except Unreadable:
        return False
    extension = next(name for name, kind in TYPES.items() if kind == row["type"])
    content = _encoded(picture, extension)
    if _digest(content) != row["sha256"]:
        return False
    _write(Path(settings.EDITION_FILES_ROOT) / row["path"], content)
    return True


def _known(digests: Collection[str]) -> dict[str, list[Made]]:
    """{image: its files} of the images whose files exist with the recorded or prepared bytes."""
    recorded = _recorded(digests)
    found = {digest: (recorded.get(digest, []), _prepared(digest)) for digest in digests}
    whole = {digest: next(filter(_are_whole, made), []) for digest, made in found.items()}
    return {digest: made for digest, made in whole.items() if made}


def _recorded(digests: Collection[str]) -> dict[str, list[Made]]:
    """{image: its files} from the latest event that names it. The rows only point to that event."""
    if not digests:
        return {}
    naming = Rendition.objects.filter(image__in=digests).values("event")
    found: dict[str, list[Made]] = {}
    for event in Event.objects.filter(number__in=naming).order_by("number"):
        by_image: dict[str, list[Made]] = {}
        for made in event.data.get("renditions", ()):
            by_image.setdefault(made["image"], []).append(made)
        found |= {image: made for image, made in by_image.items() if image in digests}
    return found


def _prepared(digest: str) -> list[Made]:
    """The files listed in the signed note; empty if there is no valid note."""
    try:
        made = signing.loads(_note(digest).read_text(), salt=SALT)
    except (OSError, UnicodeError, signing.BadSignature):
        return []
    return [row for row in made if row["image"] == digest]


def _are_whole(made: Collection[Made]) -> bool:
    return bool(made) and all(map(is_whole, made))


def is_whole(made: Any) -> bool:
    """Whether the file exists with the recorded bytes."""
    try:
        content = (Path(settings.EDITION_FILES_ROOT) / made["path"]).read_bytes()
    except OSError:
        return False
    return _digest(content) == made["sha256"]


def _make(digest: str) -> list[Made]:
    picture = _open(digest)
    fallback = "png" if picture.mode == "RGBA" else "jpg"
    widths = {width for width in WIDTHS if width < picture.width} | {min(picture.width, WIDTHS[-1])}
    return [
        _file(digest, _at_width(picture, width), extension)
        for width in sorted(widths)
        for extension in ("webp", fallback)
    ]


def _open(digest: str) -> Picture.Image:
    image = Image.objects.filter(sha256=digest).first()
    if image is None:
        raise Unreadable("An image of this article no longer exists. Choose another one and sign again.")
    with image.open_file() as file:
        content = file.read()
    if _digest(content) != digest:
        raise Unreadable(f"The file of the image “{image.title}” is not the one that was signed. Upload it again.")
    return read_picture(content, image.title)


def _at_width(picture: Picture.Image, width: int) -> Picture.Image:
    if width == picture.width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Picture.Resampling.LANCZOS)


def _file(digest: str, picture: Picture.Image, extension: str) -> Made:
    content, folder = _encoded(picture, extension), _folder(digest)
    _write(folder / f"{picture.width}.{extension}", content)
    return Made(
        image=digest,
        path=f"{folder.name}/{picture.width}.{extension}",
        width=picture.width,
        height=picture.height,
        type=TYPES[extension],
        sha256=_digest(content),
    )


def _encoded(picture: Picture.Image, extension: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, FORMATS[extension], **OPTIONS[extension])
    return buffer.getvalue()


def _note(digest: str) -> Path:
    return _folder(digest) / NOTE


def _folder(digest: str) -> Path:
    return Path(settings.EDITION_FILES_ROOT) / digest.removeprefix("sha-256:")


def _digest(content: bytes) -> str:
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def _write(path: Path, content: bytes) -> None:
    """Write the file atomically: to a temporary file in the same folder, which is then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
