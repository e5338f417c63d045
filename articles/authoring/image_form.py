"""The admin's form for pictures: Wagtail's, and a file that readers could not get is refused at the door."""

import re

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from articles.authoring.pictures import read_picture
from articles.errors import Unreadable

JPEG = re.compile(r"(.*)\.(?:jfif|jpe|jif)", re.IGNORECASE | re.DOTALL)  # other endings of the same files


class PictureField(WagtailImageField):
    def to_python(self, data):
        """Decodes the file once, whole, before Wagtail's reader sees it, which raises on broken ones."""
        if data and (stem := JPEG.fullmatch(data.name)):
            data.name = f"{stem[1]}.jpg"
        if data and 0 < data.size <= self.max_upload_size:
            content = data.read()
            data.seek(0)
            try:
                read_picture(content, data.name)
            except Unreadable as error:
                raise ValidationError(error.detail, code=error.code) from error
        return super().to_python(data)


class ImageForm(BaseImageForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(required=given.required, label=given.label, widget=given.widget)
