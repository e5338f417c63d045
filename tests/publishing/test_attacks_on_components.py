"""Attacks by what stands beside the text: offers, pictures, topics, and words that no page showed to who signed them.

Each docstring says what a reader was given, or who saw what, before.
"""

import html
import json

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from articles.admin.sign_off.shown.hidden_strings import visible
from articles.authoring.topics import Topic
from articles.errors import BlockedByFindings
from articles.publishing.void import void
from articles.record.models import ComponentPublication, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.opening import load
from articles.review.submit import submit
from tests.factories import (
    block,
    citation,
    complete_body,
    edit,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_source,
    make_user,
    sign_as,
)
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified
from tests.review.test_attacks_on_review import DOSE, client_of, overdue


def slot_of(page) -> dict:
    return next(section for section in get(page).json()["content"]["sections"] if section["kind"] == "cta")


def change(offer, by, **fields):
    for name, value in fields.items():
        setattr(offer, name, json.dumps(value) if isinstance(value, list) else value)
    offer.save()
    offer.save_revision(user=by)
    return offer


def scope(name: str, *values) -> dict[str, list]:
    kinds = {"scope_codes": "code", "scope_statuses": "status", "scope_markets": "market"}
    return {name: [{"type": kinds[name], "value": value, "id": str(at)} for at, value in enumerate(values)]}


SIROLIMUS = {"name": "Sirolimus", "system": "atc", "code": "L04AH01"}


def substances(*stated: tuple[str, str]) -> str:
    rows = [{"type": "item", "id": str(at), "value": {"market": m, "status": s}} for at, (m, s) in enumerate(stated)]
    return json.dumps([{"type": "substance", "id": "s", "value": SIROLIMUS | {"status": rows}}])


# Offers


def test_an_offer_of_another_purpose_does_not_stand_in_a_clinicians_slot(people, published, offer):
    """A consultation became “Buy the tablets without a prescription.”, in every article, on one editor's signature."""
    assert slot_of(published)["offer"]["purpose"] == "consultation"
    change(offer, people.author, purpose="product", text="Buy the tablets without a prescription.")
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)

    article = get(published).json()
    slot, said = slot_of(published), {"kind": "offer", "id": str(offer.component_id), "reason": "not-for-this-slot"}
    assert slot["offer"] is None and "Buy the tablets" not in get(published).content.decode()
    assert article["omitted"] == [said | {"section": slot["id"]}]
    assert str(offer.component_id) not in [row["id"] for row in article["components"]]
    verified()


def test_an_offer_comes_back_when_it_fits_again(people, published, offer):
    change(offer, people.author, purpose="product")
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    change(offer, people.author, purpose="consultation", text="Talk to us.")
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)

    assert slot_of(published)["offer"]["text"] == "Talk to us." and stored(published)["omitted"] == []


CODE = {"system": "icd-10-cm", "code": "L21", "display": ""}
OUTSIDE = {
    "another code": (scope("scope_codes", CODE), ()),
    "a status that nothing has": (scope("scope_statuses", "licensed"), ()),
    "licensed somewhere, off-label elsewhere": (
        scope("scope_statuses", "licensed"),
        (("US", "licensed"), ("GB", "off-label")),
    ),
    "off-label in its market": (
        scope("scope_statuses", "licensed") | scope("scope_markets", "GB"),
        (("US", "licensed"), ("GB", "off-label")),
    ),
    "another market": (scope("scope_markets", "GB"), (("US", "licensed"),)),
}
INSIDE = {
    "its substance's code": (
        scope("scope_codes", {"system": "atc", "code": "L04AH01", "display": "x"}),
        (("US", "licensed"),),
    ),
    "licensed in its market": (
        scope("scope_statuses", "licensed") | scope("scope_markets", "us"),
        (("US", "licensed"), ("GB", "off-label")),
    ),
    "a market of an article that names none": (scope("scope_markets", "GB"), ()),
}


@pytest.mark.parametrize(("given", "stated"), OUTSIDE.values(), ids=OUTSIDE)
def test_an_offer_does_not_stand_beside_what_is_outside_its_scope(people, publish, offer, given, stated):
    """An offer for a licensed medicine stood beside an unlicensed one: nothing looked at its scope."""
    page = publish(make_article(by=people.author, offer=offer, substances=substances(*stated) if stated else "[]"))
    change(offer, people.author, **given)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)

    assert slot_of(page)["offer"] is None
    assert [row["reason"] for row in stored(page)["omitted"]] == ["not-for-this-slot"]


@pytest.mark.parametrize(("given", "stated"), INSIDE.values(), ids=INSIDE)
def test_an_offer_stands_beside_what_is_in_its_scope(people, publish, offer, given, stated):
    page = publish(make_article(by=people.author, offer=offer, substances=substances(*stated) if stated else "[]"))
    change(offer, people.author, **given)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)

    markets = [row["value"] for row in given.get("scope_markets", [])]
    assert slot_of(page)["offer"]["markets"] == markets and stored(page)["omitted"] == []


def test_an_article_is_not_submitted_with_an_offer_that_readers_would_not_get(people, offer):
    page = make_article(by=people.author, offer=offer)
    change(offer, people.author, **scope("scope_codes", CODE))

    with pytest.raises(BlockedByFindings, match="“Consultation” may not appear in this article"):
        submit(page=fresh(page), by=people.author)


FAULTY = {
    "prescription_offer_without_disclosure": ({"is_prescription": True, "disclosure": " "}, "who profits from it"),
    "offer_without_target": ({"target": ""}, "where its button leads"),
    "offer_without_label": ({"label": " "}, "the text of its button"),
    "promise_in_offer": ({"text": "It cures baldness."}, "promise “cures”"),
}


@pytest.mark.parametrize("code", FAULTY)
def test_an_offer_with_a_blocking_fault_is_not_signed(people, published, offer, code):
    """The checks ran on articles only: a prescription without a disclosure went out on an editor's signature."""
    given, said = FAULTY[code]
    before = get(published).content
    change(offer, people.author, **given)

    with pytest.raises(BlockedByFindings, match=said) as refused:
        sign_as(offer, people.editor, Role.EDITOR)
        sign_as(offer, people.reviewer, Role.MEDICAL)

    assert [finding.code for finding in refused.value.findings] == [code]
    assert get(published).content == before
    page = client_of(people.editor).get(f"/admin/sign-off/offer/{offer.pk}/").content.decode()
    assert said in html.unescape(page) and "Not ready to sign" in page and 'name="password"' not in page


def test_an_empty_disclaimer_is_not_signed(people):
    empty = make_disclaimer(by=people.author, text="<p> </p>")

    with pytest.raises(BlockedByFindings, match="Write the text of the disclaimer"):
        sign_as(empty, people.reviewer, Role.MEDICAL)


# Words that nobody was shown


def shown_to(user, kind: str, target) -> str:
    return client_of(user).get(f"/admin/sign-off/{kind}/{target.pk}/").content.decode()


def strings(value) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def make_full(people, source, **fields):
    """An article with words wherever there is a field for them."""
    cause = {
        "name": "Dandruff",
        "text": "A yeast irritates.",
        "codes": [{"system": "icd-10-cm", "code": "L21", "display": "Seborrhoeic dermatitis"}],
        "citations": [citation(source, locator="p. 7", quote="A yeast was found.")],
    }
    figure = {"image": make_image(credit="A. Photographer").pk, "alt": "Flakes", "caption": "A scalp", "credit": ""}
    rich = "<p>Of 10<sup>2</sup> people, <b>few</b> <a href='https://www.nhs.uk/scalp'>were helped</a>.</p>"
    body = [row for row in complete_body(source) if row["type"] != "causes"]
    body += [block("causes", heading="Why?", items=[cause]), block("figure", heading="A look", figure=figure)]
    body += [block("prose", heading="More", text=rich, aspect="research")]
    given = {"hero": make_image(), "seo_title": "For search engines", "substances": substances(("US", "off-label"))}
    return make_article(by=people.author, body=body, **(given | fields))


@pytest.mark.parametrize("make", [make_article, None], ids=["complete", "full"])
def test_every_signed_string_stands_on_the_sign_off_page(people, make):
    source = make_source(publisher="Scalp Press", doi="10.1000/scalp.1", pmid="123", authors="Doe, Jane; Roe, Rita")
    page = make(by=people.author, body=complete_body(source)) if make else make_full(people, source)
    submit(page=fresh(page), by=people.author)

    shown = html.unescape(shown_to(people.reviewer, "article", page))

    documents = load(fresh(page)).documents.values()
    told = {text for document in documents for text in strings(document.value) if text.strip()}
    assert len(told) > 50
    assert [text for text in sorted(told) if " ".join(text.split()) not in " ".join(shown.split())] == []


@pytest.mark.parametrize("kind", ["offer", "disclaimer"])
def test_every_signed_string_of_a_component_stands_on_its_page(people, kind):
    given = scope("scope_codes", CODE) | scope("scope_markets", "GB")
    made = change(make_offer(by=people.author), people.author, **given) if kind == "offer" else make_disclaimer()
    shown = html.unescape(shown_to(people.editor, kind, made))

    (document,) = load(made).documents.values()
    assert [text for text in strings(document.value) if text not in shown] == []


def test_a_prescription_product_is_told_to_who_signs_the_offer(people):
    offer = make_offer(by=people.author, is_prescription=True, disclosure="We earn from it.", purpose="product")

    card = shown_to(people.editor, "offer", offer).partition('id="unseen"')[2].partition("</section>")[0]

    assert "is prescription true" in visible(card) and "https://example.org/book" in card and "product" in card


def test_a_clinician_reads_the_words_of_a_source_that_no_line_shows(people):
    """The publisher's name was in the JSON alone: “Take twice the dose of aspirin.” was signed unseen."""
    page = make_article(by=people.author, body=complete_body(make_source(publisher=DOSE)))
    submit(page=fresh(page), by=people.author)

    assert DOSE in visible(shown_to(people.reviewer, "article", page))


def test_a_clinician_reads_what_a_code_is_said_to_mean(people, publish):
    """The page showed “L21”, and readers got “L21” with any words beside it."""
    body = complete_body(make_source())
    code = {"system": "icd-10-cm", "code": "L21", "display": DOSE}
    body[1]["value"]["items"][0]["value"]["codes"] = [{"type": "item", "id": "x", "value": code}]
    page = make_article(by=people.author, body=body)
    submit(page=fresh(page), by=people.author)

    assert DOSE in visible(shown_to(people.reviewer, "article", page))


def test_the_card_repeats_nothing_that_the_text_shows(people):
    page = make_full(people, make_source(publisher="Scalp Press"))
    submit(page=fresh(page), by=people.author)

    above, _, rest = shown_to(people.reviewer, "article", page).partition('id="unseen"')

    words = visible(rest.partition("</section>")[0].partition("<details>")[0])
    assert "publisher: Scalp Press" in words
    shown = ["A scalp, seen from above", "For search engines"]
    assert all(text in visible(above) for text in shown)
    told_above = [*shown, "people, few were helped", "A yeast", "Redness went down", "p. 7"]
    assert not [text for text in told_above if text in words]


# What was taken back


def test_the_bytes_of_a_voided_offer_are_gone_until_it_is_signed_again(people, published, offer, lead):
    """Readers no longer got the offer, and its route went on answering 200."""
    address = f"/api/v1/components/{offer.component_id}/editions/1/"
    assert Client().get(address).status_code == 200
    void(signoff=SignOff.objects.get(subject=offer.component_id, role="editor"), reason="Stolen.", by=lead)

    answer = Client().get(address)

    assert answer.status_code == 410 and answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/problems/withdrawn" and problem["temporary"] is True
    assert problem["reason"] == "review-overdue" and problem["replacement"] is None
    assert set(problem) == set(withheld_article(people))
    sign_as(offer, make_user("another", "Editors"), Role.EDITOR)
    assert Client().get(f"/api/v1/components/{offer.component_id}/editions/1/").status_code == 200


def withheld_article(people) -> dict:
    """The problem that an article answers."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    Publication.objects.filter(article=page.article_id).update(state="withheld")
    answer = get(page)
    assert answer.status_code == 410
    return answer.json()


def test_the_bytes_of_a_withdrawn_component_are_gone(offer):
    ComponentPublication.objects.update(state="withdrawn")

    answer = Client().get(f"/api/v1/components/{offer.component_id}/editions/1/")

    assert answer.status_code == 410 and answer.json()["temporary"] is False


def test_a_picture_goes_with_the_article_that_the_clock_withholds(people, publish):
    """The article answered 410 at once; its pictures were served until the job ran."""
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = publish(make_article(by=people.author, hero=make_image()))
    url = get(page).json()["content"]["hero"]["renditions"][0]["url"].replace("http://testserver", "")
    assert Client().get(url).status_code == 200
    overdue(page)

    assert get(page).status_code == 410
    assert Client().get(url).status_code == 404


# Files of editors


@pytest.fixture
def image(db):
    cache.clear()  # Wagtail keeps renditions by the image's number, which other tests had too
    return make_image()


@pytest.fixture
def bare(db):
    """A login that may enter the admin, and nothing else."""
    made = make_user("bare")
    made.user_permissions.add(*Group.objects.get(name="Editors").permissions.filter(codename="access_admin"))
    return made


def addresses(image) -> list[str]:
    return [f"/media/{image.file.name}", image.get_rendition("width-100").url]


@pytest.mark.parametrize("which", [0, 1], ids=["original", "rendition"])
def test_a_bare_login_gets_no_picture_of_a_draft(people, image, bare, which):
    """Whoever could log in to the admin got every picture of every draft."""
    make_article(by=people.author, hero=image)

    assert client_of(bare).get(addresses(image)[which]).status_code == 404
    assert Client().get(addresses(image)[which]).status_code == 404


@pytest.mark.parametrize("which", [0, 1], ids=["original", "rendition"])
@pytest.mark.parametrize("group", ["Authors", "Editors", "Medical reviewers", "Medical leads"])
def test_who_may_choose_pictures_sees_them(image, group, which):
    answer = client_of(make_user("somebody", group)).get(addresses(image)[which])

    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("place", ["hero", "body"])
def test_who_may_read_a_draft_sees_its_pictures(people, image, bare, place):
    """A clinician in no group of Wagtail's that knows pictures, asked to read an article in review."""
    figure = block("figure", heading="A look", figure={"image": image.pk, "alt": "", "caption": "", "credit": ""})
    fields = {"hero": image} if place == "hero" else {"body": [*complete_body(make_source()), figure]}
    page = edit(make_article(by=people.author), by=people.author, **fields)
    people.reviewer.groups.clear()
    people.reviewer.user_permissions.set(bare.user_permissions.all())
    reader = client_of(type(people.reviewer).objects.get(pk=people.reviewer.pk))
    assert reader.get(addresses(image)[0]).status_code == 404
    submit(page=fresh(page), by=people.author)

    assert [reader.get(address).status_code for address in addresses(image)] == [200, 200]
    assert reader.get(addresses(make_image())[0]).status_code == 404


@pytest.mark.parametrize("name", ["documents/x.html", "original_images/x.svg", "x.png"])
def test_a_file_that_is_no_picture_of_ours_is_not_served(root, settings, tmp_path, name):
    """A superuser uploaded x.html under Documents, and it ran on the admin's origin."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("<script>alert(1)</script>")

    assert client_of(root).get(f"/media/{name}").status_code == 404


def test_a_document_that_a_superuser_uploads_is_served_nowhere(admin, root):
    """It was answered inline, as a page of the admin's own origin."""
    file = ContentFile(b"<script>alert(1)</script>", name="x.html")
    document = Document.objects.create(title="x", file=file, uploaded_by_user=root)

    assert admin.get(f"/media/{document.file.name}").status_code == 404
    assert admin.get(f"/documents/{document.pk}/{document.filename}").status_code == 404


# Topics


@pytest.mark.parametrize(
    "name", [DOSE, "Take 5 mg", "Is it safe?", "Hair: all of it", "Hair\nTake more", "h" * 61, "A; B", "Hurry!"]
)
def test_a_topic_says_no_sentence(people, published, name):
    """A topic's name reaches readers on an editor's word alone: it said what dose to take."""
    editor = client_of(people.editor)
    answer = editor.post("/admin/snippets/articles/topic/add/", {"name": name, "slug": "hair"})

    assert answer.status_code == 200 and "A topic name has at most 60 characters" in answer.content.decode()
    with pytest.raises(ValidationError, match="at most 60 characters"):
        Topic.objects.create(name=name, slug="hair")
    assert not Topic.objects.filter(slug="hair").exists()


@pytest.mark.parametrize(
    "name", ["Hair and scalp", "Mother & child", "Alzheimer’s disease", "Haut, Haare, Nägel", "h" * 60]
)
def test_a_topic_is_a_name(people, name):
    client_of(people.editor).post("/admin/snippets/articles/topic/add/", {"name": name, "slug": "hair"})

    assert Topic.objects.get(slug="hair").name == name
