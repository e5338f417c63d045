"""Pictures at the door: refused with a sentence, or published upright and without what the camera knew."""

import hashlib
import io
import re
import resource
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from articles.authoring.images import Image
from articles.errors import Unreadable
from articles.publishing.images import describe, prepare
from tests.factories import block, complete_body, make_article, make_image, make_source
from tests.hostile.pictures import BAD, GOOD, SECRET, bomb, located, png_header

pytestmark = pytest.mark.django_db
ADD = "wagtailimages:add"


@pytest.fixture
def upload(login, people):
    """upload(name, content) posts the admin's form as an editor; gives the answer."""

    def post(name: str, content: bytes):
        file = SimpleUploadedFile(name, content, content_type="image/png")
        form = {"title": f"Upload {name}", "file": file, "collection": "1", "tags": "", "alt": "A"}
        return login(people.editor).post(reverse(ADD), form)

    return post


def files_of(image: Image, settings) -> dict[str, bytes]:
    paths = [made["path"] for made in describe([image.sha256])]
    return {path: (Path(settings.EDITION_FILES_ROOT) / path).read_bytes() for path in paths}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_refused_with_a_sentence(upload, name):
    content, fault = BAD[name]
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()

    answer = upload(name, content)

    assert answer.status_code == 200
    assert re.search(fault, answer.content.decode())
    assert not Image.objects.exists()
    assert time.perf_counter() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB


@pytest.mark.parametrize("name", GOOD)
def test_a_good_picture_is_published_for_readers(upload, settings, name):
    assert upload(name, GOOD[name]).status_code == 302
    image = Image.objects.get()

    prepare([image.sha256])

    files = files_of(image, settings)
    assert {path.rpartition(".")[2] for path in files} in ({"webp", "jpg"}, {"webp", "png"})
    for content in files.values():
        with Picture.open(io.BytesIO(content)) as made:
            made.load()
            assert made.mode in ("RGB", "RGBA")
            assert getattr(made, "n_frames", 1) == 1
            assert not made.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(made.info)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_readers_files_stand_upright_and_know_nothing_of_the_place(settings, kind):
    content = located(kind)
    assert SECRET in content
    image = make_image(file=ContentFile(content, name=f"turned.{kind.lower()}"))

    prepare([image.sha256])

    for made in files_of(image, settings).values():
        picture = Picture.open(io.BytesIO(made)).convert("RGB")
        assert SECRET not in made
        assert picture.size == (32, 64)
        assert picture.getpixel((16, 4))[2] > 200 and picture.getpixel((16, 60))[0] > 200  # blue above, red below


def test_a_cmyk_picture_keeps_its_colours(settings):
    image = make_image(file=ContentFile(GOOD["cmyk.jpg"], name="cmyk.jpg"))

    prepare([image.sha256])

    for made in files_of(image, settings).values():
        red, green, blue = Picture.open(io.BytesIO(made)).convert("RGB").getpixel((5, 5))
        assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize("name", ["grey-16-bit.png", "rgb-16-bit.png"])
def test_sixteen_bits_are_not_washed_out(settings, name):
    image = make_image(file=ContentFile(GOOD[name], name=name))

    prepare([image.sha256])

    expected = 40_000 // 257 if name.startswith("grey") else 255
    for made in files_of(image, settings).values():
        assert abs(Picture.open(io.BytesIO(made)).convert("RGB").getpixel((5, 5))[0] - expected) < 8


@pytest.mark.parametrize("name", ["palette.png", "grey-alpha.png"])
def test_what_is_transparent_stays_so(settings, name):
    image = make_image(file=ContentFile(GOOD[name], name=name))

    prepare([image.sha256])

    for made in files_of(image, settings).values():
        assert Picture.open(io.BytesIO(made)).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (bomb(), "too large"),
        (png_header(60_000, 60_000), "too large"),
        (png_header(64, 32), "cannot be read"),
        (b"<svg onload=alert(1)>", "cannot be read"),
        (b"", "cannot be read"),
        (BAD["cut.jpg"][0], "cannot be read"),
    ],
    ids=["bomb", "huge", "no-rows", "svg", "empty", "cut"],
)
def test_a_bad_file_that_came_past_the_form_stops_publishing_with_a_sentence(content, fault):
    image = make_image()
    image.file.save("replaced.png", ContentFile(content), save=False)
    Image.objects.filter(pk=image.pk).update(file=image.file.name, sha256=sha256(content))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Unreadable, match=fault):
        prepare([sha256(content)])

    assert describe([sha256(content)]) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB


def sha256(content: bytes) -> str:
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def test_readers_never_get_the_original(client, people, publish):
    image = make_image(file=ContentFile(located("JPEG"), name="turned.jpg"))
    figure = block("figure", heading="F", figure={"image": image.pk, "alt": "A", "caption": "", "credit": ""})
    body = complete_body(make_source())
    page = publish(make_article(by=people.author, hero=image, body=[body[0], figure, *body[1:]]))

    answer = client.get(f"/api/v1/articles/{page.slug}/")

    assert answer.status_code == 200
    assert b"/editions/" in answer.content and b"/media/" not in answer.content
    assert image.file.name.encode() not in answer.content
    assert client.get(f"/media/{image.file.name}").status_code == 404
