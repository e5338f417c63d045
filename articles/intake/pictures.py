"""Pictures of a file as images of the library: checked like an upload, and each kept once."""

import hashlib
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from articles.authoring.images import Image
from articles.errors import Unreadable
from articles.intake.outline import Picture

MAX_TITLE = 255


def get_image(picture: Picture, *, alt: str, by: AbstractBaseUser | None) -> Image:
    """The image with these bytes; a new one if there is none. Raises Unreadable for what an upload would be refused."""
    digest = f"sha-256:{hashlib.sha256(picture.data).hexdigest()}"
    return Image.objects.filter(sha256=digest).order_by("pk").first() or _upload(picture, alt, by)


def _upload(picture: Picture, alt: str, by: AbstractBaseUser | None) -> Image:
    image = Image(uploaded_by_user=by)
    name = PurePosixPath(unquote(urlsplit(picture.name).path)).name or picture.name
    form = get_image_form(Image)(
        {
            "title": (alt or name)[:MAX_TITLE],
            "alt": alt[:MAX_TITLE],
            "collection": Collection.get_first_root_node().pk,
        },
        {"file": SimpleUploadedFile(name, picture.data)},
        instance=image,
    )
    if not form.is_valid():
        faults = " ".join(message for messages in form.errors.values() for message in messages)
        raise Unreadable(f"The picture “{name}” was left out. {faults}")
    made: Image = form.save()
    return made
