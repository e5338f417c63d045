"""The ways a picture above the text is written, in each format: its words are never read as the article's."""

import pytest

from articles.intake.outline import Outline, Role
from articles.intake.readers import html, markdown, text
from articles.intake.recognize.classify import outline
from articles.record.vocabulary import SectionKind
from cms.demo.library import ARTICLES

SHOWN = "a face in profile with the branches of the facial nerve spreading from in front of the ear"
BODY = (
    "Bell's palsy is a sudden weakness of the muscles on one side of the face. It may look like a stroke.",
    "This article is for adults. Children and people who are pregnant need advice that is made for them.",
)
HEADING, BELOW = (
    "What are the symptoms?",
    "The weakness comes on over hours to a day or two. One corner of the mouth droops.",
)
KEPT = [*BODY, BELOW]


def read(reader, *written: str) -> Outline:
    return outline(next(reader.read("\n\n".join(written).encode())).blocks)


def from_text(picture: str) -> Outline:
    return read(text, "Bell's palsy", picture, *BODY, HEADING, BELOW)


def from_markdown(picture: str) -> Outline:
    return read(markdown, "# Bell's palsy", picture, *BODY, f"## {HEADING}", BELOW)


def from_html(picture: str) -> Outline:
    paragraphs = [f"<p>{each}</p>" for each in BODY]
    return read(html, "<h1>Bell's palsy</h1>", picture, *paragraphs, f"<h2>{HEADING}</h2><p>{BELOW}</p>")


def paragraphs(found: Outline) -> list[str]:
    """Of the sections with text."""
    text_sections = [part for part in found.sections if part.kind is not SectionKind.FIGURE]
    return [block.text for part in text_sections for block in part.blocks]


@pytest.mark.parametrize(
    "picture",
    [
        f"Illustration of {SHOWN}",
        f"Illustration of {SHOWN}.",
        f"A photo of {SHOWN}",
        f"Photograph showing {SHOWN}",
        "Diagram of the facial nerve",
        f"[Image: {SHOWN}]",
        f"[Drawing of {SHOWN}]",
        f"![Drawing of {SHOWN}](face.png)",
        f"Figure 1: {SHOWN}",
        f"Fig. 1. {SHOWN}",
        f"Image: {SHOWN}",
        "Illustration eines Gesichts im Profil mit den Ästen des Gesichtsnervs, die vor dem Ohr entspringen",
        "Ilustración de una cara de perfil con las ramas del nervio facial que salen de delante de la oreja",
        "Dessin d'un visage de profil avec les branches du nerf facial qui partent de devant l'oreille",
        "Ilustração de um rosto de perfil com os ramos do nervo facial que saem da frente da orelha",
        "Illustratie van een gezicht van opzij met de takken van de aangezichtszenuw vanaf het oor",
    ],
)
def test_a_line_of_a_text_file_that_says_what_a_picture_shows_is_its_alternative_text(picture):
    found = from_text(picture)

    assert found.title == "Bell's palsy"
    assert found.hero_alt == picture
    assert paragraphs(found) == KEPT


@pytest.mark.parametrize(
    "picture",
    [
        "Photo by Nobody: the facial nerve",
        "Image: Nobody / Example Pictures",
    ],
)
def test_a_line_with_its_maker_is_left_out_with_a_reason(picture):
    found = from_text(picture)

    assert [part.text for part in found.of(Role.LEFT_OUT)] == [picture]
    assert paragraphs(found) == KEPT


@pytest.mark.parametrize(
    "sentence",
    [
        "An image of the brain is taken when a stroke is suspected, and it is taken at once.",
        "A picture of the whole face helps. Ask somebody to take one, and show it to your clinician.",
    ],
)
def test_a_sentence_about_pictures_is_text(sentence):
    found = from_text(sentence)

    assert paragraphs(found) == [sentence, *KEPT]


@pytest.mark.parametrize(
    "picture",
    [
        f'<img src="face.png" alt="{SHOWN}">',
        f'<p><img src="face.png" alt="{SHOWN}"></p>',
        f'<p><a href="/face/"><img src="face.png" alt="{SHOWN}"></a></p>',
        f'<picture><source srcset="face.webp"><img src="face.png" alt="{SHOWN}"></picture>',
        f'<figure><img src="face.png" alt="{SHOWN}"><figcaption>The facial nerve</figcaption></figure>',
        f'<p><img src="face.png" alt="{SHOWN}"><br><em>The facial nerve</em></p>',
    ],
)
def test_a_picture_of_a_page_is_a_figure(picture):
    figure, *_ = (found := from_html(picture)).sections

    assert (figure.kind, figure.blocks[0].picture, figure.blocks[0].text) == (SectionKind.FIGURE, "face.png", SHOWN)
    assert [block.text for block in figure.blocks[1:]] == ["The facial nerve"] * ("The facial nerve" in picture)
    assert paragraphs(found) == KEPT


@pytest.mark.parametrize(
    "picture",
    [
        f"![{SHOWN}](face.png)",
        f"[![{SHOWN}](face.png)](https://example.org/)",
        f"![{SHOWN}][face]\n\n[face]: face.png",
        f'<img src="face.png" alt="{SHOWN}">',
        f"![{SHOWN}](face.png)\n*The facial nerve*",
    ],
)
def test_a_picture_of_a_markdown_file_is_a_figure(picture):
    figure, *_ = (found := from_markdown(picture)).sections

    assert (figure.kind, figure.blocks[0].picture, figure.blocks[0].text) == (SectionKind.FIGURE, "face.png", SHOWN)
    assert [block.text for block in figure.blocks[1:]] == ["The facial nerve"] * ("The facial nerve" in picture)
    assert paragraphs(found) == KEPT


@pytest.mark.parametrize("file", sorted(ARTICLES.glob("*.txt")), ids=lambda file: file.stem)
def test_the_demos_articles_do_not_begin_with_the_words_of_their_picture(file):
    found = read(text, file.read_text())

    assert found.hero_alt.startswith("Illustration of ")
    assert not any(each.startswith("Illustration of ") for each in paragraphs(found))
