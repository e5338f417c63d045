"""An upgrade asks nobody for a signature: what a released form signed, this version renders to the same bytes.

`released/{format}/` holds the bytes of each part and component. Never change them: a new form gets a folder of its own.
"""

from pathlib import Path
from uuid import UUID

import pytest

from articles.authoring.components import Disclaimer, Offer
from articles.document.components import render_component
from articles.document.draft import Component, Draft, ImageData, OfferData, PersonData, Section, SourceData
from articles.document.render import render
from articles.record.canonical import digest_of
from articles.record.documents import read_document

RELEASED = Path(__file__).parent / "released"
ARTICLE = UUID("00000000-0000-4000-8000-000000000001")
CITED = '<a linktype="citation" sources="1" support="indirect" locator="p. 3">[1]</a>'
CLAIM = {"source": 1, "support": "direct", "quote": "Fewer  flakes."}
FIGURE = {"image": 1, "alt": "Two hands with shampoo.", "caption": "Lather well.", "credit": "A. Painter"}
OFFER = OfferData(1, "offer-1", "Consultation", "consultation", "Book", "https://example.org", "", "", False)
SECTIONS = [
    ("introduction", {"text": f"<p>An  itchy <b>scalp </b>is common {CITED}.</p>"}),
    ("prose", {"heading": "Care", "aspect": "treatment", "text": '<p>See <a linktype="page" id="7">this</a>.</p>'}),
    ("causes", {"items": [{"name": "Dandruff", "text": "A yeast.", "codes": [], "citations": [CLAIM]}]}),
    ("mechanism", {"steps": [{"target": "Yeast", "action": "inhibits", "citations": []}], "figure": FIGURE}),
    ("evidence", {"findings": [{"statement": "It eased.", "sample_size": 12, "certainty": "low"}]}),
    ("risks", {"effects": [{"name": "Stinging", "frequency": "common"}], "cautions": [{"group": "Babies"}]}),
    ("seek-help", {"level": "urgent", "signs": ["Bleeding"], "action": "Call your doctor."}),
    ("faq", {"items": [{"question": "How often?", "answer": "<p>Twice a week.</p>"}]}),
    ("figure", {"figure": FIGURE}),
    ("table", {"table": {"data": [["", "Often"], ["Stinging", None]], "first_row_is_table_header": True}}),
    ("cta", {"purposes": ["consultation"], "offer": 1}),
    ("sources", {"heading": "Sources", "items": [2]}),
]  # fmt: skip


def source(key: int) -> SourceData:
    csl = {"type": "article-journal", "title": f"Study {key}", "author": [{"family": "Doe", "given": "Jane"}]}
    return SourceData(key, f"source-{key}", f"Study {key}", "cohort", "standing", csl, "10.1000/1", "", "")


def image(key: int) -> ImageData:
    return ImageData(key, f"sha-256:{key}", 640, 480, 5000, 4000, "")


def a_draft() -> Draft:
    return Draft(
        article=ARTICLE,
        page=1,
        revision=1,
        locale="en",
        translation_key=ARTICLE,
        slug="itchy-scalp",
        title="Itchy scalp",
        summary="What helps,\r\nand what does not.",
        article_type="condition",
        audience="patient",
        sponsorship="",
        change_note="",
        policy=None,
        seo_title="Itchy  scalp",
        seo_description="Help for those who itch.",
        hero=image(1),
        hero_alt="A scalp under a comb.",
        hero_credit="A. Painter",
        social_image=image(2),
        social_image_alt="A scalp.",
        social_image_credit="A. Painter",
        codes=({"system": "icd-10-cm", "code": "L21.0", "display": "Seborrhea capitis"},),
        substances=({"name": "zinc", "status": [{"market": "US", "status": "licensed"}]},),
        authors=(PersonData("person-1", None, "Jane Doe", "MD"),),
        disclaimers=(Component("disclaimer-1", "General"),),
        related=("article-2",),
        topics=(("hair", "Hair"),),
        sections=tuple(Section(f"s{at}", kind, at, value) for at, (kind, value) in enumerate(SECTIONS)),
        sources={1: source(1), 2: source(2)},
        images={1: image(1), 2: image(2)},
        offers={
            1: OfferData(1, "offer-1", "Consultation", "consultation", "Book", "https://example.org", "", "", False)
        },
        articles={7: "article-7"},
    )


def rendered() -> dict[str, bytes]:
    offer = Offer(name="Consultation", purpose="consultation", label="Book", target="https://example.org/book")
    documents = [*render(a_draft()).values(), render_component(offer)]
    documents.append(render_component(Disclaimer(name="General", text="<p>No  <i>advice</i>.</p>")))
    return {document.kind: document.content for document in documents}


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_upgrade_renders_a_released_form_to_the_same_digest(path):
    signed = path.read_bytes()

    assert rendered()[path.stem] == signed
    assert digest_of(rendered()[path.stem]) == digest_of(signed)


def test_each_part_and_component_has_its_released_bytes():
    held = {path.stem for path in RELEASED.glob("1/*.json")}

    assert held == {"medical", "presentation", "offer", "disclaimer"}


def test_released_bytes_are_still_read():
    read = read_document((RELEASED / "1" / "medical.json").read_bytes())

    assert (read["title"], read["sponsorship"], read["sections"][2]["items"][0]["codes"]) == ("Itchy scalp", None, [])
