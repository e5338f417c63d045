"""Articles whose every text field holds a hostile string, stored as the editor stores it."""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

from collections.abc import Callable
from html import escape
from itertools import count

from articles.authoring.characters import clean
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticleAuthor, ArticlePage
from articles.authoring.people import Person
from articles.document.characters import signs_unfit_for_a_line
from articles.document.portable_text import to_portable_text
from articles.errors import NotRepresentable
from articles.sources.models import Source
from tests.factories import block, citation, complete_body, make_article, make_image, make_offer, make_source
from tests.hostile.vectors import POTENT

_number = count(1)


def rich(text: str) -> str:
    """The string as words, bold words, a link's words and a link's address."""
    words, address = escape(text, quote=False), escape(text)
    return f'<p>{words}</p><h3>{words}</h3><ul><li><b>{words}</b> <a href="{address}">{words}</a></li></ul>'


def cited(text: str, source: Source) -> str:
    return f'<p>x <a linktype="citation" sources="{source.pk}" support="{escape(text)}" locator="{escape(text)}">[1]</a></p>'


def sections_of(text: str, source: Source, image: Image, offer: Offer | None) -> list[Callable[[], dict]]:
    """One section of each kind, the string in all its fields."""
    where = [citation(source, locator=text, quote=text)]
    figure = {"image": image.pk, "alt": text, "caption": text, "credit": text}
    code = {"system": "mesh", "code": text, "display": text}
    table = {"data": [[text, text], [text, text]], "first_row_is_table_header": True, "table_caption": text}
    finding = dict.fromkeys(("statement", "population", "effect", "comparator", "absolute", "certainty_basis"), text)
    finding |= {"subjects": text, "certainty": "low", "sample_size": 3, "citations": where}
    said = {"heading": text, "text": rich(text)}
    call = {"purposes": [offer.purpose], "offer": offer.pk} if offer else {}
    return [
        lambda: block("prose", aspect="other", **said),
        lambda: block(
            "causes", items=[{"name": text, "text": text, "codes": [code], "citations": where}], **said
        ),
        lambda: block(
            "mechanism",
            steps=[{"target": text, "action": text, "outcome": text, "citations": where}],
            figure=figure,
            **said,
        ),
        lambda: block("evidence", findings=[finding], **said),
        lambda: block(
            "risks",
            effects=[{"name": text, "frequency": text, "severity": text, "route": text, "citations": where}],
            cautions=[{"group": text, "level": text, "advice": text, "citations": where}],
            interactions=[{"name": text, "advice": text, "citations": where}],
            **said,
        ),
        lambda: block("seek_help", level="urgent", signs=[text, text], action=text, **said),
        lambda: block("faq", items=[{"question": text, "answer": rich(text)}], **said),
        lambda: block("figure", figure=figure, **said),
        lambda: block("table", table=table, **said),
        lambda: block("prose", aspect="other", heading=text, text=cited(text, source)),
        *([lambda: block("cta", **call, **said)] if offer else []),
    ]  # fmt: skip


def stored_raw(text: str) -> list[dict]:
    """The string itself as stored rich text, as only SQL could put it there; none if it is refused or has no words."""
    try:
        says_something = to_portable_text(clean(text), cite=lambda keys: [], articles={})
    except NotRepresentable:
        return []
    return [block("prose", aspect="other", heading="Raw", text=text)] if says_something else []


def fit(model, field: str, text: str) -> str:
    """Cut to what the column holds."""
    return text[: model._meta.get_field(field).max_length]


def make_hostile_source(text: str) -> Source:
    said = {name: fit(Source, name, text) for name in ("title", "container_title", "publisher", "volume", "pages")}
    return make_source(authors=text, url=fit(Source, "url", text), doi=fit(Source, "doi", text), **said)


def make_hostile_image(text: str) -> Image:
    return make_image(
        **{name: fit(Image, name, text) for name in ("title", "alt", "credit", "licence", "licence_holder")}
    )


def make_hostile_offer(text: str, by) -> Offer:
    said = {name: fit(Offer, name, text) for name in ("name", "label", "text", "disclosure")}
    return make_offer(by=by, **said)


def make_hostile_disclaimer(text: str, by) -> Disclaimer:
    made = Disclaimer.objects.create(name=fit(Disclaimer, "name", text), text=rich(text))
    made.save_revision(user=by)
    return made


def make_hostile_article(vectors: list[str], *, by, offer: Offer, disclaimer: Disclaimer) -> ArticlePage:
    """One article: each vector in one section, the kinds in turn; one of the potent ones in all other fields."""
    number = next(_number)
    potent = POTENT[number % len(POTENT)]
    source, image = make_hostile_source(potent), make_hostile_image(potent)
    body = complete_body(make_source(), offer)
    sources = body.pop()
    for index, text in enumerate(vectors):
        kinds = sections_of(text, source, image, offer)
        body += [kinds[(index + number) % len(kinds)](), *stored_raw(text)]
    person = Person.objects.create(name=fit(Person, "name", potent), credentials=fit(Person, "credentials", potent))
    return make_article(
        by=by,
        body=[*body, sources],
        title="".join(sign for sign in potent if not signs_unfit_for_a_line(sign)),
        slug=f"hostile-{number}",
        summary=potent[:300],
        sponsorship=potent,
        hero=image,
        hero_alt=potent,
        social_image=image,
        seo_title=potent,
        search_description=potent,
        change_note=potent,
        authors=[ArticleAuthor(person=person, sort_order=0)],
        disclaimers=[disclaimer],
    )
