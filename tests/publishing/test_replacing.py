"""The same words or the same offer, replaced in many articles at once: every place, nothing else, and nothing lost."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.locks import BasicLock

from articles.authoring.models import ArticlePage
from articles.document.stored import strings_of
from articles.publishing.models import Schedule
from articles.publishing.refile import refile
from articles.publishing.upkeep import replacing
from articles.publishing.upkeep.places import OFFER, SOURCE, WORDS, CannotReplace, Replacement, places_in
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.opening import load
from articles.review.unpublished import is_as_published
from tests.factories import block, complete_body, edit, listed, make_article, make_offer, make_source, sign_as
from tests.pipeline.reading import get

OLD, NEW = "555 0100", "555 0199"
PHONE = Replacement(WORDS, OLD, NEW)


def content(*blocks, **fields):
    return {"body": json.dumps(list(blocks))} | fields


def made(given_content, replacement, numbers=None):
    """The content with the replacement made at these places, or at all."""
    places = places_in(given_content, replacement)
    for number, place in reversed(list(enumerate(places))):
        if not place.problem and (numbers is None or number in numbers):
            given_content = place.make(given_content)
    return given_content


def body_of(value):
    return json.loads(value["body"])


def test_every_kind_of_place_is_found_and_shown_with_its_words():
    given_content = content(
        block("prose", heading=f"Call {OLD}", text=f"<p>Call <b>{OLD}</b>, or {OLD} at night.</p>"),
        block("seek_help", signs=listed(f"Dial {OLD}"), action=f"Dial {OLD}."),
        block("table", table={"data": [["Day", OLD]], "table_caption": ""}),
        title="Help",
        summary=f"Ask at {OLD}.",
    )

    places = places_in(given_content, PHONE)

    assert [place.where for place in places] == [
        "Summary",
        f"Call {OLD}, Heading",
        f"Call {OLD}, Text",
        f"Call {OLD}, Text",
        "When to seek help, Sign 1",
        "When to seek help, Action",
        "Table, Text 1.2",
    ]
    assert (places[3].before, places[3].after) == (f"Call {OLD}, or {OLD} at night.", f"Call {OLD}, or {NEW} at night.")
    after = made(given_content, PHONE)
    assert OLD not in json.dumps(after) and after["title"] == "Help"
    assert body_of(after)[0]["value"]["text"] == f"<p>Call <b>{NEW}</b>, or {NEW} at night.</p>"


@pytest.mark.parametrize(
    ("text", "count"),
    [("face", 1), ("surface", 0), ("faces", 0), ("Face", 0), ("(face)", 1), ("face-to-face", 2), ("face, face.", 2)],
)
def test_words_are_found_where_they_stand_by_themselves(text, count):
    places = places_in(content(block("prose", text=f"<p>{text}</p>")), Replacement(WORDS, "face", "head"))

    assert len(places) == count


def test_only_the_chosen_places_change():
    given_content = content(block("prose", text=f"<p>{OLD} {OLD} {OLD}</p>"))

    assert body_of(made(given_content, PHONE, {1}))[0]["value"]["text"] == f"<p>{OLD} {NEW} {OLD}</p>"
    assert made(given_content, PHONE, set()) == given_content


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("tel:5550100", "tel:5550199"),
        ("tel:555-0100", "tel:5550199"),
        ("tel:+5550100", "tel:+5550100"),
        ("tel:15550100", "tel:15550100"),
        ("https://x.example/?a=555 0100&amp;b", "https://x.example/?a=555 0199&amp;b"),
    ],
)
def test_the_address_of_a_link_follows_its_words(href, expected):
    given_content = content(block("prose", text=f'<p>Call <a href="{href}">{OLD}</a>.</p>'))

    assert body_of(made(given_content, PHONE))[0]["value"]["text"] == f'<p>Call <a href="{expected}">{NEW}</a>.</p>'


def test_citations_are_not_touched_and_words_across_formatting_are_left_to_the_editor():
    cited = f'<a linktype="citation" sources="5" support="direct" locator="{OLD}">[1]</a>'
    given_content = content(block("prose", text=f"<p>Say 555 01<b>00</b>{cited}.</p>"))

    (place,) = places_in(given_content, PHONE)

    assert "editor" in place.problem
    assert made(given_content, PHONE) == given_content


def test_replaced_words_are_text_and_never_markup():
    after = made(
        content(block("prose", text="<p>Fish &amp; chips</p>")), Replacement(WORDS, "Fish & chips", "<b>1 < 2</b>")
    )

    assert body_of(after)[0]["value"]["text"] == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;</p>"


def text_of(stored):
    return html.unescape(re.sub("<[^>]*>", "", stored))


@given(
    st.lists(st.text("ab &<", max_size=6), min_size=1, max_size=4),
    st.text("ab", min_size=1, max_size=3),
    st.text("xy<&", max_size=3),
)
def test_the_words_read_as_if_they_had_been_replaced_in_the_plain_text(nodes, before, after):
    if before == after:
        return
    tags = ["{}", "<b>{}</b>", "<i>{}</i>"]
    inside = "".join(tags[index % 3].format(html.escape(node, quote=False)) for index, node in enumerate(nodes))
    given_content = content(block("prose", text=f"<p>{inside}</p>"))
    places = places_in(given_content, Replacement(WORDS, before, after))

    stored = body_of(made(given_content, Replacement(WORDS, before, after)))[0]["value"]["text"]

    assert re.findall("<[^>]*>", stored) == re.findall("<[^>]*>", f"<p>{inside}</p>")
    if not any(place.problem for place in places):
        plain = re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", lambda _: after, "".join(nodes))
        assert text_of(stored) == plain


@pytest.mark.parametrize(("before", "after"), [("", "x"), ("x", "x")])
def test_nothing_is_no_replacement(before, after):
    with pytest.raises(CannotReplace):
        Replacement(WORDS, before, after)


# In drafts, through review.


@pytest.fixture
def phone_articles(people, publish):
    """Two published articles with the number, and one draft that was never published."""

    def article(name):
        body = [*complete_body(make_source()), block("prose", heading="Contact", text=f"<p>Call {OLD}.</p>")]
        return make_article(by=people.author, title=name, slug=name.lower(), body=body)

    return [publish(article("One")), publish(article("Two")), article("Three")]


def chosen(found):
    return {each.page.pk: (each.revision, set(range(len(each.places)))) for each in found}


def fresh(page):
    return ArticlePage.objects.get(pk=page.pk)


@pytest.mark.django_db
def test_published_articles_are_submitted_and_a_draft_stays_a_draft(people, phone_articles):
    found = replacing.find(PHONE, by=people.editor)
    assert [(each.page.draft_title, len(each.places), each.is_published) for each in found] == [
        ("One", 1, True),
        ("Three", 1, False),
        ("Two", 1, True),
    ]

    done = replacing.replace(PHONE, chosen(found), note="The number changed.", by=people.editor)

    assert (done.submitted, done.drafts, done.left_out) == (["One", "Two"], ["Three"], [])
    for page in phone_articles:
        texts = list(strings_of(json.loads(fresh(page).latest_revision.content["body"])))
        assert any(NEW in text for text in texts) and not any(OLD in text for text in texts)
    assert [bool(fresh(page).workflow_in_progress) for page in phone_articles] == [True, True, False]
    assert OLD in get(phone_articles[0]).content.decode()  # readers get what is signed


@pytest.mark.django_db
def test_the_set_reaches_readers_once_it_is_signed(people, phone_articles):
    replacing.replace(PHONE, chosen(replacing.find(PHONE, by=people.author)), note="", by=people.author)
    for page in phone_articles[:2]:
        assert load(fresh(page)).is_editorial
        sign_as(fresh(page), people.reviewer, Role.MEDICAL)

    for page in phone_articles[:2]:
        assert NEW in get(page).content.decode() and OLD not in get(page).content.decode()
    assert not OpenNeed.objects.filter(closed_at=None, subject=phone_articles[0].article_id)


@pytest.mark.django_db
def test_an_article_whose_address_changed_is_as_published_still(people, phone_articles):
    refile(page=phone_articles[0], slug="uno", topics=[], by=people.editor)
    assert not is_as_published(phone_articles[2].article_id)

    done = replacing.replace(PHONE, chosen(replacing.find(PHONE, by=people.editor)), note="New.", by=people.editor)

    assert (done.submitted, done.drafts) == (["One", "Two"], ["Three"])


@pytest.mark.django_db
def test_the_set_can_be_published_together_later(people, phone_articles):
    at = timezone.now() + timedelta(days=3)

    done = replacing.replace(
        PHONE, chosen(replacing.find(PHONE, by=people.editor)), note="New.", by=people.editor, at=(at, "Europe/Berlin")
    )

    assert len(done.submitted) == 2
    assert {row.instant for row in Schedule.objects.all()} == {at}
    assert Schedule.objects.count() == 2


@pytest.mark.django_db
def test_what_cannot_be_changed_is_left_out_by_name_and_the_others_are_done(people, phone_articles):
    one, _, three = phone_articles
    found = replacing.find(PHONE, by=people.editor)
    edit(fresh(one), by=people.author, summary="Another summary.")
    three.locked, three.locked_by = True, people.author
    three.save(update_fields=["locked", "locked_by"])
    assert isinstance(fresh(three).get_lock(), BasicLock)

    done = replacing.replace(PHONE, chosen(found), note="The number changed.", by=people.editor)

    assert (done.submitted, done.drafts) == (["Two"], [])
    assert {title: why.split(".")[0] for title, why in done.left_out} == {
        "One": "Somebody has changed it meanwhile",
        "Three": "It is locked",
    }
    again = {
        each.page.draft_title: each.problem
        for each in replacing.find(Replacement(WORDS, "scalp", "head"), by=people.editor)
    }
    assert again["Two"].startswith("It is under review")


@pytest.mark.django_db
def test_a_text_that_gets_a_blocking_finding_is_left_as_it_was(people, phone_articles):
    one = phone_articles[0]
    before = fresh(one).latest_revision_id
    found = [each for each in replacing.find(PHONE, by=people.editor) if each.page.pk == one.pk]

    done = replacing.replace(Replacement(WORDS, OLD, "[2]"), chosen(found), note="New.", by=people.editor)

    assert [title for title, _ in done.left_out] == ["One"] and fresh(one).latest_revision_id == before


@pytest.mark.django_db
def test_whoever_may_not_edit_an_article_neither_finds_nor_changes_it(people, phone_articles):
    found = replacing.find(PHONE, by=people.editor)

    assert replacing.find(PHONE, by=people.reviewer) == []
    done = replacing.replace(PHONE, chosen(found), note="New.", by=people.reviewer)
    assert {why for _, why in done.left_out} == {"You may not edit it."} and not done.submitted + done.drafts


@pytest.mark.django_db
def test_an_offer_is_replaced_in_its_slots(people, publish, offer):
    other = make_offer(by=people.author, name="Another offer")
    page = publish(make_article(by=people.author, offer=offer))
    swap = Replacement(OFFER, str(offer.pk), str(other.pk))

    (found,) = replacing.find(swap, by=people.editor)
    replacing.replace(swap, chosen([found]), note="Another clinic.", by=people.editor)

    slots = [
        section["value"]["offer"]
        for section in json.loads(fresh(page).latest_revision.content["body"])
        if section["type"] == "cta"
    ]
    assert slots == [other.pk]


@pytest.mark.django_db
def test_a_source_is_replaced_at_all_its_citations(people, publish):
    old, new = make_source(title="The old review"), make_source(title="The new review")
    page = publish(make_article(by=people.author, body=complete_body(old)))
    swap = Replacement(SOURCE, str(old.pk), str(new.pk))

    (found,) = replacing.find(swap, by=people.editor)
    assert [place.where for place in found.places] == ["4 citations, with quotes of the old source to check"]
    replacing.replace(swap, chosen([found]), note="Cites the new version.", by=people.editor)

    assert [row.title for row in load(fresh(page)).draft.sources.values()] == ["The new review"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [SOURCE, OFFER])
def test_articles_without_a_place_cost_no_query(people, offer, kind, django_assert_num_queries):
    rows = [make_source(), make_source()] if kind == SOURCE else [offer, make_offer(by=people.author, name="Another")]
    pages = [make_article(by=people.author, title=name, slug=name, body=[]) for name in ("one", "two", "three")]
    assert all(page.latest_revision_id for page in pages)

    with django_assert_num_queries(
        3 if kind == SOURCE else 2
    ):  # the drafts, the two records, what was merged into them
        assert replacing.find(Replacement(kind, str(rows[0].pk), str(rows[1].pk)), by=people.editor) == []


@pytest.mark.django_db
def test_the_page_previews_each_place_and_submits_what_stays_ticked(client, people, phone_articles):
    client.force_login(people.editor)
    url = f"{reverse('articles_replace_many')}?before=555+0100&after=555+0199"
    shown = client.get(url).content.decode()
    values = re.findall(r'name="place" value="([^"]+)" checked', shown)
    assert len(values) == 3 and "Call 555 <del>0100</del><ins>0199</ins>." in shown
    assert reverse("wagtailadmin_pages:edit", args=[phone_articles[0].pk]) in shown

    answer = client.post(url, {"place": values[:1], "note": "The number changed."}, follow=True).content.decode()

    assert f"Changed and submitted for review: {phone_articles[0].title}." in answer
    assert [bool(fresh(page).workflow_in_progress) for page in phone_articles] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "posted", "message"),
    [
        ("before=x&after=x", {}, "These are the same words"),
        ("before=&after=x", {}, "Enter the words to replace"),
        ("before=555+0100&after=1", {}, "Tick at least one place"),
        ("before=555+0100&after=1", {"place": "1.1.1", "day": "2030-01-01"}, "Enter both a date and a time"),
        ("before=555+0100&after=1", {"place": "forged"}, "Tick at least one place"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(client, people, phone_articles, asked, posted, message):
    client.force_login(people.editor)
    url = f"{reverse('articles_replace_many')}?{asked}"

    answer = client.post(url, {"note": ""} | posted) if posted or "555" in asked else client.get(url)

    assert message in answer.content.decode()
    assert not any(fresh(page).workflow_in_progress for page in phone_articles)


@pytest.mark.django_db
def test_clinicians_have_no_such_page(client, people):
    client.force_login(people.reviewer)

    assert client.get(reverse("articles_replace_many")).status_code == 302
