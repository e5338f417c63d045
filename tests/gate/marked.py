"""An article that nobody signed, with one word in every place where words can stand, and a picture like no other."""

import io
import json

from django.core.files.images import ImageFile
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from articles.authoring.models import ArticleAuthor, ArticlePage, RelatedArticle
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from tests.factories import (
    block,
    citation,
    complete_body,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_source,
)

MARK = "Zwirbelmark"  # stands in every field and block; in no slug, so that an address asked for may be echoed
SLUG = "asked-for-by-many"


def picture(word: str = MARK) -> bytes:
    """A PNG that names the word in its text chunk; its pixels follow from the word."""
    seed = sum(word.encode())
    made = Picture.frombytes("RGB", (64, 48), bytes((at * seed) % 251 for at in range(64 * 48 * 3)))
    notes, buffer = PngInfo(), io.BytesIO()
    notes.add_text("Title", word)
    made.save(buffer, "PNG", pnginfo=notes)
    return buffer.getvalue()


def picture_file(word: str = MARK, name: str = "drawn.png") -> ImageFile:
    return ImageFile(io.BytesIO(picture(word)), name=name)


def make_marked(*, by, **fields) -> ArticlePage:
    """A whole draft by `by`: every kind of section, hero, byline, offer, disclaimer, topic, source."""
    hero = make_image(title=f"{MARK} image", file=picture_file(), alt=f"{MARK} alt", credit=f"{MARK} credit")
    offer = make_offer(by=by, name=f"{MARK} offer", label=f"{MARK} label", text=f"{MARK} text of an offer.")
    disclaimer = make_disclaimer(by=by, text=f"<p>{MARK} disclaimer.</p>")
    topic = Topic.objects.get_or_create(name=f"{MARK} topic", slug="asked-topic")[0]
    page = make_article(
        by=by,
        body=every_section(make_source(title=f"{MARK} source", authors=f"{MARK}, Ada"), offer, hero),
        disclaimers=[disclaimer],
        topics=[topic],
        **_facts(hero) | fields,
    )
    page.authors = [ArticleAuthor(person=Person.objects.create(name=f"{MARK} Author", credentials="MD"))]
    page.save_revision(user=by)
    return ArticlePage.objects.get(pk=page.pk)


def _facts(hero) -> dict:
    words = {name: f"{MARK} {name}" for name in ("title", "summary", "sponsorship", "change_note", "seo_title")}
    code = {"system": "icd-10-cm", "code": "L65.9", "display": f"{MARK} display"}
    return words | {
        "slug": SLUG,
        "search_description": f"{MARK} description",
        "hero": hero,
        "hero_alt": f"{MARK} hero alt",
        "social_image": hero,
        "codes": json.dumps([{"type": "code", "id": "c0de", "value": code}]),
    }


def every_section(source, offer, image) -> list[dict]:
    """A section of each kind; complete, so that it could be signed."""
    shown = {"image": image.pk, "alt": f"{MARK} figure", "caption": f"{MARK} caption", "credit": f"{MARK} credit"}
    step = {"target": f"{MARK} target", "action": "inhibits", "outcome": f"{MARK}.", "citations": [citation(source)]}
    table = {"data": [["Effect", f"{MARK} cell"], ["Itch", "Rare"]], "first_row_is_table_header": True}
    more = [
        block("prose", heading=f"{MARK} prose", text=f"<p>{MARK}.</p>", aspect="symptoms"),
        block("mechanism", heading=f"{MARK} how", text=f"<p>{MARK}.</p>", steps=[step]),
        block("faq", heading=f"{MARK} faq", items=[{"question": f"{MARK}?", "answer": f"<p>{MARK}.</p>"}]),
        block("figure", heading=f"{MARK} figure", text=f"<p>{MARK}.</p>") | {"value": _figure(shown)},
        block("table", heading=f"{MARK} table", text="", table=table | {"table_caption": f"{MARK} caption"}),
        block("seek_help", heading=f"{MARK} help", text=f"<p>{MARK}.</p>", level="urgent", signs=[], action=f"{MARK}."),
    ]
    body = complete_body(source, offer)
    for section in body:
        section["value"]["text"] = f"{section['value']['text']}<p>{MARK} in {section['type']}.</p>"
    return [*body[:2], *more, *body[2:]]


def _figure(shown: dict) -> dict:
    return {"heading": f"{MARK} figure", "text": f"<p>{MARK}.</p>", "figure": shown}


def relate(page: ArticlePage, to: ArticlePage, *, by) -> ArticlePage:
    """The page names the other one as related and links to it in its text."""
    draft = page.get_latest_revision_as_object()
    draft.related = [RelatedArticle(article=to)]
    body = json.loads(json.dumps(list(draft.body.raw_data), default=str))
    body[0]["value"]["text"] = f'<p>See <a linktype="page" id="{to.pk}">the other one</a>.</p>'
    draft.body = json.dumps(body)
    draft.save_revision(user=by)
    return ArticlePage.objects.get(pk=page.pk)
