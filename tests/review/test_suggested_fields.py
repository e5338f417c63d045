"""Suggestions for every field that readers see: which there are, what is refused, and whose words they are.

The fields are those of the block definitions and of the signed document's shape: a new field is tried, or fails here.
"""

import itertools
import json
import re

import pytest
from django import forms
from django.contrib.auth.models import Group

from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.document.stored import plain
from articles.errors import DomainError
from articles.record.documents import SHAPES
from articles.record.vocabulary import DocumentKind, SuggestionState
from articles.review.models import Suggestion
from articles.review.opening import load
from articles.review.own_words import may_sign_own
from articles.review.passages import passages_in
from articles.review.responses.applying import DoesNotFit, made_with
from articles.review.responses.fields import Place, fields_of, opened
from articles.review.responses.missing import SECTION, missing_of
from articles.review.responses.suggestion_text import NotThere
from articles.review.responses.suggestions import (
    CannotDecide,
    CannotSuggest,
    Outdated,
    accept,
    content_of,
    suggest,
    suggest_missing,
)
from tests.contracts.test_every_field import FIELDS, KINDS, fill, rendered
from tests.factories import (
    block,
    citation,
    complete_body,
    edit,
    give_login,
    listed,
    make_article,
    make_clinician,
    make_image,
    make_source,
    make_user,
    sign_and_publish,
)

# What reviewers comment on instead: codes, records of the library, files. The offer is not in the medical part.
NOT_SUGGESTED = {"source", "image", "system", "code", "display", "market", "offer"}
OF_THE_ARTICLE = {
    "title": "title",
    "synonyms": "synonyms",
    "summary": "summary",
    "audience": "audience",
    "article_type": "article_type",
    "sponsorship": "sponsorship",
    "ai_use/use": "ai_use",
    "ai_use/tool": "ai_tool",
    "hero/alt": "hero_alt",
    "hero/decorative": "hero_decorative",
    "seo/title": "seo_title",
    "seo/description": "search_description",
    "seo/image/alt": "social_image_alt",
    "substances/name": "substances/name",
    "substances/status/status": "substances/status/status",
}
SIGNED_AS_THEY_ARE = {"language", "sections", "references", "hero/sha256", "seo/image/sha256"}


def stored(name: str) -> dict:
    """A block of this kind, all of whose fields say something, as Wagtail stores it."""
    return block(name, **fill(KINDS[name], itertools.count()))


def names(place: Place) -> str:
    """The field's key without the ids of items."""
    return "/".join(step for step in place.key.split("/") if not re.fullmatch(r"[0-9a-f-]{36}", step))


def other_value(place: Place) -> tuple[str, str]:
    """(before, after) as a form posts them, for any field."""
    if place.is_rich:
        before = next(passage.text for passage in passages_in(place.block, place.stored) if passage.text)
        return before, f"{before} More."
    if place.choices:
        values = [value for value, _ in place.choices if value]
        return place.value, next(value for value in values if value != place.value)
    if isinstance(place.form, forms.BooleanField):
        return place.value, "" if place.value else "on"
    if isinstance(place.form, forms.IntegerField):
        return place.value, str(int(place.value or 0) + 7)
    return place.value, f"{place.value} more".strip()


def row_of(place: Place, before: str, after: str) -> Suggestion:
    data = {} if place.is_words else {"from": before, "to": after}
    return Suggestion(section=place.section, key=place.key, before=before, after=after, data=data)


def shape_members(shape, path=()):
    """Every member of a shape, by names: seo/image/alt."""
    shape = getattr(shape, "shape", shape)
    if isinstance(shape, list) and shape and isinstance(shape[0], dict):
        shape = shape[0]
    if isinstance(shape, dict):
        for name, inside in shape.items():
            yield from shape_members(inside, (*path, name))
    else:
        yield "/".join(path)


@pytest.mark.parametrize("member", list(shape_members(SHAPES[DocumentKind.MEDICAL])))
def test_every_member_of_the_signed_document_can_be_suggested_or_is_left_to_comments(member):
    content = dict.fromkeys(("title", "hero", "social_image"), "x")
    status = {"type": "item", "id": "2" * 8, "value": {"market": "US", "status": "licensed"}}
    content["substances"] = [{"type": "substance", "id": "1" * 8, "value": {"name": "x", "status": [status]}}]
    keys = {re.sub("/[12]{8}", "", place.key) for place in fields_of(opened(content))}

    is_left = member.split("/")[-1] in NOT_SUGGESTED or member.split("/")[0] in SIGNED_AS_THEY_ARE
    assert is_left or member in SIGNED_AS_THEY_ARE or OF_THE_ARTICLE[member] in keys


SUGGESTED = [
    param
    for param in FIELDS
    if param.values[1][-1] not in NOT_SUGGESTED and param.values[:2] != ("sources", ("items", 0))
]


@pytest.mark.parametrize(("name", "path", "field"), SUGGESTED)
def test_every_field_of_a_section_can_be_suggested_and_moves_the_digest(name, path, field):
    made = stored(name)
    named = "/".join(step for step in path if isinstance(step, str))
    content = opened({"body": [made]})
    places = [place for place in fields_of(content) if names(place).startswith(named)]
    assert places, f"Say in responses.fields how {named} is suggested"

    place = places[0]
    after = made_with(content, row_of(place, *other_value(place)))["body"][0]

    before = fill(KINDS[name], itertools.count())
    assert place.where.startswith("“") and place.label in place.where
    assert rendered(name, before)["medical"].digest != rendered(name, plain(after["value"]))["medical"].digest


@pytest.mark.parametrize(("name", "path", "field"), SUGGESTED)
def test_a_suggestion_whose_old_value_is_gone_does_not_fit_any_more(name, path, field):
    content = opened({"body": [stored(name)]})
    named = "/".join(step for step in path if isinstance(step, str))
    place = next(place for place in fields_of(content) if names(place).startswith(named))
    row = row_of(place, *other_value(place))
    if not place.is_words:
        row.data["from"] = "something-else"
    else:
        row.before = "What stood there once."

    with pytest.raises(NotThere):
        made_with(content, row)
    with pytest.raises(NotThere):
        made_with(opened({"body": []}), row)


@pytest.mark.parametrize(
    ("name", "path", "field"), [param for param in SUGGESTED if getattr(param.values[2], "field", None) is not None]
)
def test_a_value_that_the_form_refuses_is_refused(name, path, field):
    content = opened({"body": [stored(name)]})
    named = "/".join(step for step in path if isinstance(step, str))
    place = next(place for place in fields_of(content) if names(place).startswith(named))
    longest = getattr(place.form, "max_length", None)
    if place.is_rich or isinstance(place.form, forms.BooleanField) or (place.is_words and not longest):
        return  # takes anything

    with pytest.raises(DoesNotFit, match=place.label):
        made_with(content, row_of(place, place.value, "x" * ((longest or 20) + 1)))


# In a real article: what is suggested, accepted, and signed.

IDS = (f"5d4b6d1e-0000-4000-8000-{number:012d}" for number in itertools.count())


def more_sections(image, source) -> list[dict]:
    """The kinds that `complete_body` has not, and fields that it leaves empty."""
    table = {"data": [["Effect", "Cream", "Tablets"], ["Itch", "Common", "Rare"]], "table_caption": "How often"}
    table |= {"first_row_is_table_header": True, "first_col_is_header": True}
    step = {"target": "mTOR", "action": "inhibits", "outcome": "Cells are calmed.", "citations": [citation(source)]}
    return [
        block("prose", heading="How is it found?", text="<p>A clinician looks.</p>", aspect="diagnosis"),
        block("mechanism", heading="How it works", text="<p>In steps.</p>", steps=[step]),
        block("faq", heading="Asked", items=[{"question": "Is it rare?", "answer": "<p>No.</p>"}]),
        block(
            "seek_help", heading="Help", level="urgent", signs=listed("It spreads", "Fever"), action="Call a doctor."
        ),
        block("table", heading="How often", text="<p>By route.</p>", table=table),
        block(
            "figure", heading="Seen", figure={"image": image.pk, "alt": "A scalp", "caption": "Seen", "credit": "Me"}
        ),
    ]


@pytest.fixture
def page(people, offer):
    """Published, with sections of all kinds; the draft proposes an editorial change."""
    source, image = make_source(), make_image()
    status = {"type": "item", "id": next(IDS), "value": {"market": "US", "status": "off-label"}}
    substance = {"name": "sirolimus", "system": "rxnorm", "code": "35302", "status": [status]}
    made = make_article(
        by=people.author,
        body=[*complete_body(source, offer), *more_sections(image, source)],
        substances=json.dumps([{"type": "substance", "id": next(IDS), "value": substance}]),
        hero=image,
        social_image=image,
    )
    sign_and_publish(made, by=people.author, editor=people.editor, reviewer=people.reviewer)
    edit(made, by=people.author, change_note="", is_editorial=True)
    return ArticlePage.objects.get(pk=made.pk)


def latest(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def by(people):
    """A clinician who may read the draft before it is submitted, too."""
    people.reviewer.groups.add(Group.objects.get(name="Editors"))
    return people.reviewer


def place_of(page, key: str, *, kind: str = "") -> Place:
    """The first field whose key without ids is this; of a section of this kind."""
    content = content_of(page)
    ids = {row["id"] for row in content["body"] if row["type"] == kind} or {""}
    return next(place for place in fields_of(content) if names(place) == key and place.section in ids)


def suggest_at(page, by, place: Place, before: str, after: str) -> Suggestion:
    return suggest(page=latest(page), by=by, section=place.section, key=place.key, before=before, after=after)


OWN = ["", "substances", *KINDS]


@pytest.mark.parametrize("kind", OWN)
def test_all_fields_of_a_place_are_suggested_accepted_and_the_suggesters_own_words(people, page, by, kind):
    content = content_of(page)
    ids = {row["id"] for row in content["body"] if row["type"] == kind} or {""}
    places = [place for place in fields_of(content) if place.section in ids and not place.value.startswith("<p></p>")]
    places = [place for place in places if place.key.startswith("substances") == (kind == "substances")]
    places = [place for place in places if place.value or not place.is_rich]
    assert places

    rows = [suggest_at(page, by, place, *other_value(place)) for place in places]
    for row in reversed(rows):
        accept(suggestion=row, by=people.editor)

    assert may_sign_own(load(latest(page)))
    assert not Suggestion.objects.exclude(state=SuggestionState.ACCEPTED).exists()
    edit(page, by=people.author, change_note="", is_editorial=True, summary="Something else.")
    assert not may_sign_own(load(latest(page)))


def test_words_choices_and_what_is_missing_are_own_words_together_in_the_order_of_acceptance(people, page, by):
    effect = place_of(page, "effects/name", kind="risks")
    frequency = place_of(page, "effects/frequency", kind="risks")
    missing = {"name": "Mouth ulcers", "frequency": "very-common"}
    rows = [
        suggest_at(page, by, effect, "Irritation", "Redness"),
        suggest_missing(page=page, by=by, section=effect.section, key="effects", values=missing),
        suggest_at(page, by, frequency, "common", "rare"),
        suggest(page=page, by=by, section=effect.section, before="Irritation can occur.", after="It itches."),
        suggest_missing(page=page, by=by, section=effect.section, key="text", values={"words": "See <b>below</b>."}),
        suggest_missing(
            page=page,
            by=by,
            section=effect.section,
            key=SECTION,
            values={"kind": "prose", "heading": "Cost", "text": "Low."},
        ),
    ]

    for at in (1, 5, 0, 4, 2, 3):
        accept(suggestion=rows[at], by=people.editor)

    assert may_sign_own(load(latest(page)))
    body = {row["type"]: row["value"] for row in content_of(latest(page))["body"]}
    first, second = (item["value"] for item in body["risks"]["effects"])
    assert (first["name"], first["frequency"]) == ("Redness", "rare")
    assert (second["name"], second["frequency"], second["citations"]) == ("Mouth ulcers", "very-common", [])
    assert body["risks"]["text"] == "<p>It itches.</p><p>See &lt;b&gt;below&lt;/b&gt;.</p>"
    kinds = [row["type"] for row in content_of(latest(page))["body"]]
    assert kinds[kinds.index("risks") + 1] == "prose"


def test_somebody_elses_field_among_them_ends_the_suggesters_right(people, page, by):
    second = make_clinician("second")
    second.groups.add(Group.objects.get(name="Editors"))
    accept(suggestion=suggest_at(page, by, place_of(page, "summary"), "What helps", "What is known"), by=people.editor)
    assert may_sign_own(load(latest(page)))

    audience = place_of(page, "audience")
    accept(suggestion=suggest_at(page, second, audience, "patient", "clinician"), by=people.editor)

    assert not may_sign_own(load(latest(page)))


def test_a_choice_that_the_editor_made_otherwise_is_not_the_suggesters(people, page, by):
    place = place_of(page, "effects/frequency", kind="risks")
    accept(suggestion=suggest_at(page, by, place, "common", "rare"), by=people.editor)
    body = content_of(latest(page))["body"]
    risks = next(row for row in body if row["type"] == "risks")
    risks["value"]["effects"][0]["value"]["frequency"] = "very-rare"

    edit(page, by=people.author, body=body, change_note="", is_editorial=True)

    assert not may_sign_own(load(latest(page)))


FORGED = [
    *("policy", "slug", "owner", "article_id", "change_note", "is_editorial", "live", "hero", "hero_credit", "locale"),
    *("body", "codes", "substances", "body/0/value/heading", "__class__", "title/", "", "../title"),
]


@pytest.mark.parametrize("key", FORGED)
def test_a_key_that_is_no_field_of_the_medical_part_leads_nowhere(page, by, key):
    with pytest.raises((NotThere, CannotSuggest)):
        suggest(page=page, by=by, section="", key=key, before="", after="forged")

    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("key", ["offer", "id", "kind", "type", "effects", "citations", "purposes/0", "heading/x"])
def test_a_key_that_is_no_field_of_the_section_leads_nowhere(page, by, key):
    section = next(row["id"] for row in content_of(page)["body"] if row["type"] == "cta")

    with pytest.raises(NotThere):
        suggest(page=page, by=by, section=section, key=key, before="", after="1")


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("title", None, ""),
        ("title", None, "x" * 256),
        ("summary", None, "x" * 301),
        ("synonyms", "", "x" * 121),
        ("article_type", "condition", "miracle"),
        ("audience", "patient", ""),
    ],
)
def test_a_value_of_the_article_that_the_form_refuses_is_refused(page, by, key, before, after):
    place = place_of(page, key)

    with pytest.raises(DoesNotFit):
        suggest_at(page, by, place, place.value if before is None else before, after)


def test_a_title_stays_one_line(page, by):
    place = place_of(page, "title")

    assert suggest_at(page, by, place, place.value, "One\nline").after == "One line"


def test_the_number_of_people_is_a_number(page, by):
    place = place_of(page, "findings/sample_size", kind="evidence")

    for refused in ("many", "0", "-1", "1.5"):
        with pytest.raises(DoesNotFit, match="Sample size"):
            suggest_at(page, by, place, "12", refused)
    with pytest.raises(CannotSuggest):
        suggest_at(page, by, place, "12", str(2**60))
    assert suggest_at(page, by, place, "12", "13").where == (
        "“Does it help?”, finding “Redness went down in a small group.”: Sample size"
    )


def test_markup_in_a_suggestion_reads_as_it_was_typed(people, page, by):
    script = "<script>alert(1)</script>"
    risks = next(row["id"] for row in content_of(page)["body"] if row["type"] == "risks")

    accept(
        suggestion=suggest(page=page, by=by, section=risks, before="Irritation can occur.", after=script),
        by=people.editor,
    )

    text = place_of(latest(page), "text", kind="risks").stored
    assert text == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_field_follows_its_item_when_the_list_is_put_in_another_order(people, page, by):
    place = place_of(page, "effects/frequency", kind="risks")
    row = suggest_at(page, by, place, "common", "rare")
    body = content_of(page)["body"]
    effects = next(each for each in body if each["type"] == "risks")["value"]["effects"]
    effects.insert(0, {"type": "item", "id": next(IDS), "value": {"name": "Fever", "frequency": "common"}})
    edit(page, by=people.author, body=body)

    accept(suggestion=row, by=people.editor)

    made = next(each for each in content_of(latest(page))["body"] if each["type"] == "risks")["value"]["effects"]
    assert [(item["value"]["name"], item["value"]["frequency"]) for item in made] == [
        ("Fever", "common"),
        ("Irritation", "rare"),
    ]


def test_a_field_whose_item_is_gone_or_whose_choice_was_made_otherwise_is_outdated(people, page, by):
    place = place_of(page, "effects/frequency", kind="risks")
    rows = [suggest_at(page, by, place, "common", "rare") for _ in range(2)]
    accept(suggestion=rows[0], by=people.editor)

    with pytest.raises(Outdated, match="says “Rare"):
        accept(suggestion=rows[1], by=people.editor)

    assert [row.state for row in Suggestion.objects.all()] == [SuggestionState.ACCEPTED, SuggestionState.OUTDATED]


def test_open_suggestions_follow_a_cell_whose_row_was_renamed(people, page, by):
    content = content_of(page)
    table = next(row["id"] for row in content["body"] if row["type"] == "table")
    cells = {place.value: place for place in fields_of(content) if place.section == table}
    name = suggest_at(page, by, cells["Itch"], "Itch", "Itching")
    value = suggest_at(page, by, cells["Rare"], "Rare", "Very rare")
    accept(suggestion=name, by=people.editor)
    value.refresh_from_db()

    assert "row “Itching”" in value.where.replace("Row", "row")
    accept(suggestion=value, by=people.editor)

    rows = next(row for row in content_of(latest(page))["body"] if row["id"] == table)["value"]["table"]["data"]
    assert rows[1] == ["Itching", "Common", "Very rare"]
    assert may_sign_own(load(latest(page)))


def test_two_logins_of_one_person_neither_accept_nor_sign(people, page, by):
    person, other = Person.objects.get(user=by), make_user("other-login", "Editors")
    row = suggest_at(page, by, place_of(page, "summary"), "What helps", "What is known")
    give_login(person, None)
    give_login(Person.objects.get(pk=person.pk), other)

    with pytest.raises(CannotDecide, match="your own suggestion"):
        accept(suggestion=row, by=type(other).objects.get(pk=other.pk))


@pytest.mark.parametrize(
    ("kind", "key", "values", "said"),
    [
        ("risks", "effects", {"name": "", "frequency": "rare"}, "Name"),
        ("risks", "effects", {"name": "Fever", "frequency": "often"}, "Frequency"),
        ("risks", "effects", {"name": "x" * 201}, "Name"),
        ("risks", "text", {"words": " "}, "Paragraph"),
        ("risks", "codes", {"words": "x"}, "no longer exists"),
        ("risks", "heading", {"words": "x"}, "no longer exists"),
        ("sources", "items", {"words": "1"}, "no longer exists"),
        ("risks", SECTION, {"kind": "cta", "text": "Buy."}, "Kind of section"),
        ("risks", SECTION, {"kind": "introduction", "text": "Again."}, "such a section already"),
        ("risks", SECTION, {"kind": "prose", "heading": "x" * 201, "text": "x"}, "Heading"),
        ("risks", "effects", {"name": "Fe\u202ever"}, "invisible"),
    ],
)
def test_something_missing_that_the_editor_could_not_add_is_refused(page, by, kind, key, values, said):
    section = next(row["id"] for row in content_of(page)["body"] if row["type"] == kind)

    with pytest.raises(DomainError, match=said):
        suggest_missing(page=page, by=by, section=section, key=key, values=values)

    assert not Suggestion.objects.exists()


def test_everything_that_can_be_missing_is_added_and_is_the_suggesters_own(people, page, by):
    added = [each for each in missing_of(content_of(page)) if each.key != SECTION]
    assert {each.noun for each in added} == {
        *("paragraph", "cause", "step", "finding", "side effect", "caution", "interaction", "sign", "question")
    }

    for each in added:
        values = {
            name: "Words" for name, form in each.inputs.items() if isinstance(form, forms.CharField) and form.required
        }
        row = suggest_missing(page=latest(page), by=by, section=each.section, key=each.key, values=values)
        accept(suggestion=row, by=people.editor)

    assert may_sign_own(load(latest(page)))
    assert sum("Words" in str(row) for row in content_of(latest(page))["body"]) == len({each.section for each in added})


def test_what_was_to_be_added_to_a_section_that_is_gone_stays_on_record_as_outdated(people, page, by):
    section = next(row["id"] for row in content_of(page)["body"] if row["type"] == "risks")
    row = suggest_missing(page=page, by=by, section=section, key="effects", values={"name": "Fever"})
    edit(page, by=people.author, body=[each for each in content_of(page)["body"] if each["id"] != section])

    with pytest.raises(Outdated):
        accept(suggestion=row, by=people.editor)

    row.refresh_from_db()
    assert (row.state, row.after) == (SuggestionState.OUTDATED, "Name: Fever")
