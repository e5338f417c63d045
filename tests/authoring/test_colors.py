"""Readers get the colors that the photographer saw, and phones' own formats are refused by name."""

import io

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from PIL import ImageCms
from wagtail.images.forms import get_image_form

from articles.authoring.images import Image
from articles.authoring.pictures import read_picture
from articles.errors import Unreadable
from articles.publishing import images
from tests.factories import make_image

RED = (227, 80, 73)  # sRGB's name for the red of the shared picture, whose numbers are those of Display P3
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def stored(picture: Picture.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def is_near(color: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(is_ - should) <= 3 for is_, should in zip(color, wanted, strict=True))


@pytest.mark.django_db
def test_a_wide_gamut_photo_keeps_its_colors_in_every_rendition(shared, settings, tmp_path):
    settings.EDITION_FILES_ROOT = str(tmp_path)
    file = ImageFile(io.BytesIO((shared / "data/field/wide-gamut-p3.jpg").read_bytes()), name="red.jpg")
    image = make_image(file=file)

    images.prepare([image.sha256])

    files = [tmp_path / made["path"] for made in images.describe([image.sha256])]
    assert len(files) >= 2
    for path in files:
        with Picture.open(path) as picture:
            color = picture.convert("RGB").getpixel((picture.width // 4, picture.height // 2))
            assert (path.name, is_near(color, RED)) == (path.name, True), color
            assert "icc_profile" not in picture.info


@pytest.mark.parametrize(
    ("mode", "kind", "color", "seen"),
    [
        ("RGB", "PNG", RED, RED),
        ("RGBA", "PNG", (*RED, 128), (*RED, 128)),
        ("L", "PNG", 90, (90, 90, 90)),
        ("P", "PNG", 0, None),
        ("CMYK", "JPEG", (0, 0, 0, 0), (255, 255, 255)),
    ],
)
@pytest.mark.parametrize("profile", [SRGB, b"no profile at all", SRGB[:200], b""], ids=["own", "broken", "cut", "none"])
def test_a_profile_that_does_not_fit_is_ignored(mode, kind, color, seen, profile):
    options = {"icc_profile": profile} if profile else {}
    content = stored(Picture.new(mode, (20, 20), color), kind, **options)

    picture = read_picture(content, "a.png")

    assert picture.size == (20, 20)
    assert seen is None or is_near(picture.getpixel((5, 5)), seen)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["photo.jfif", "photo.JFIF", "photo.jpe"])
def test_a_jfif_is_a_jpeg(name):
    content = stored(Picture.new("RGB", (40, 30), RED), "JPEG")
    form = get_image_form(Image)({"title": "A photo", "tags": ""}, {"file": SimpleUploadedFile(name, content)})
    form.fields.pop("collection", None)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].name == "photo.jpg"


@pytest.mark.parametrize(
    ("brand", "kind"), [(b"heic", "HEIC"), (b"heix", "HEIC"), (b"mif1", "HEIC"), (b"avif", "AVIF"), (b"avis", "AVIF")]
)
def test_a_format_of_phones_is_refused_by_its_name_with_what_to_do(brand, kind):
    with pytest.raises(Unreadable, match=f"format {kind}.*export it as JPEG or PNG"):
        read_picture(b"\0\0\0\x18ftyp" + brand + b"\0" * 40, "IMG_1.heic")
