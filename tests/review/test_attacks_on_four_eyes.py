"""Attacks on the promise of four eyes: nobody vouches for words of their own.

Each got through once. What is a contribution was read off texts that had been changed before they were compared, off
some fields and not others, and off whole parts.
"""

from datetime import date

import pytest
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from articles.authoring.models import ArticlePage
from articles.errors import CannotSign
from articles.record.vocabulary import Role
from articles.review.four_eyes import contributors
from articles.review.opening import load
from articles.review.submit import submit
from articles.sources.models import Source
from cms.models import User
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_on_call,
    make_source,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.hands import amend, fresh, words_of
from tests.pipeline.reading import get

DOSE = "Take twice the dose of aspirin."
KEY = f' data-block-key="{DOSE}"'
OWN = "<p>The editor's own paragraph, word by word.</p>"


def said_in(page, text, place=0) -> list[dict]:
    """The body of the page with another text in one section."""
    body = words_of(page)
    body[place] = {**body[place], "value": {**body[place]["value"], "text": text}}
    return body


def hands(target, part="medical") -> set[str]:
    found = contributors(load(fresh(target)), part)
    return set(User.objects.filter(pk__in=found).values_list("username", flat=True))


def refuse(target, user, *parts):
    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(fresh(target), user, Role.EDITOR, *parts)


def save_as(user, row, **fields):
    with LogContext(user=user):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture
def other(db):
    return make_user("other", "Editors")


# Words that look like the editor's keys


@pytest.mark.parametrize("field", ["title", "summary", "sponsorship", "seo_title", "hero_alt", "search_description"])
def test_what_looks_like_the_editors_key_is_words_in_a_plain_field(people, field):
    page = make_article(by=people.author, hero=make_image(), **{field: "It helps."})
    page = amend(page, people.editor, **{field: f"It helps.{KEY}"})

    refuse(page, people.editor, "medical")


@pytest.mark.parametrize(("heading", "text"), [(f"Causes{KEY}", "A yeast."), ("Causes", f"A yeast.<p{KEY}>")])
def test_it_is_words_in_the_plain_fields_of_a_section_too(people, heading, text):
    def causes(heading, text):
        items = [{"name": "Dandruff", "text": text, "codes": [], "citations": []}]
        return [block("causes", heading=heading, items=items)]

    page = make_article(by=people.author, body=causes("Causes", "A yeast."))
    page = amend(page, people.editor, body=causes(heading, text))

    assert "editor" in hands(page)


@pytest.mark.parametrize("make", [make_offer, make_disclaimer])
def test_it_is_words_in_a_component(people, make):
    made = make(by=people.author)
    save_as(people.editor, made, text=f"{made.text}&lt;b{KEY}")
    made.save_revision(user=people.editor)

    assert "editor" in hands(made, made.subject_kind)


@pytest.mark.parametrize(
    "hidden", ["<script><p data-block-key=aspirin></script>", '<p title=">" data-block-key="aspirin">x</p>', "< p{}>"]
)
def test_nothing_hides_in_rich_text_where_the_renderer_sees_words(people, hidden):
    page = make_article(by=people.author)
    page = amend(page, people.editor, body=said_in(page, "<p>An itchy scalp.</p>" + hidden.format(KEY)))

    assert "editor" in hands(page)


def test_another_picture_does_not_hide_behind_a_key_that_was_begun(people):
    page = make_article(by=people.author, hero=make_image(), hero_alt="A scalp data-block-key=")
    page = amend(page, people.editor, related=[], search_description="Buy it.")

    refuse(page, people.editor, "medical")


def test_keys_that_the_editor_gives_anew_are_no_contribution(people):
    page = make_article(by=people.author)
    page = amend(page, people.author, body=said_in(page, '<p data-block-key="abc12">An <b>itchy</b> scalp.</p>'))
    page = amend(page, people.editor, body=said_in(page, '<p data-block-key="xyz89">An <b>itchy</b> scalp.</p>'))

    sign_as(page, people.editor, Role.EDITOR)


def test_the_form_hides_no_words_behind_a_key(people):
    page = make_small(people.author, seo_title="Itchy scalp")
    post(client_of(people.author), page, seo_title="Itchy scalp")
    post(client_of(people.editor), page, seo_title="Itchy scalp")
    assert hands(page) == {"author"}
    post(client_of(people.editor), page, seo_title=f"Itchy scalp{KEY}")

    assert (hands(page), hands(page, "presentation")) == ({"author", "editor"}, {"author"})


def test_who_is_on_call_does_not_publish_their_own_words(people):
    on_call = make_on_call()
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    page = amend(page, on_call, summary=f"{page.summary}{KEY}")

    with pytest.raises(CannotSign):
        publish_at_once(page, on_call)
    assert get(page).status_code == 404


# Words in a source


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", DOSE),
        ("container_title", DOSE),
        ("publisher", DOSE),
        ("authors", DOSE),
        ("csl_type", "webpage"),
        ("volume", "Take twice the dose"),
        ("issue", "12, not 6 a day"),
        ("pages", "1-2. Take it twice"),
        ("pmcid", "take-it-twice"),
        ("doi", "10.1234/take-twice-the-dose"),
        ("pmid", "26456465"),
        ("url", "https://example.org/take-twice"),
        ("design", "randomized-trial"),
        ("volume", "12 Suppl 1"),
        ("issued", "2023-10-13"),
        ("accessed_on", date(2026, 1, 2)),
        ("container_title", "Journal  of Scalps"),
    ],
)
def test_what_is_printed_of_a_source_counts_for_what_cites_it(people, field, value):
    source = make_source()
    page = make_article(by=people.author, body=complete_body(source))
    save_as(people.editor, source, **{field: value})

    assert hands(page) == {"author", "editor"}


def test_how_a_source_stands_is_no_contribution(people):
    source = make_source()
    page = make_article(by=people.author, body=complete_body(source))
    save_as(people.editor, source, status="retracted")

    assert hands(page) == {"author"}


def test_who_is_on_call_does_not_publish_their_own_journal(people):
    on_call, source = make_on_call(), make_source()
    page = make_article(by=people.author, body=complete_body(source))
    submit(page=page, by=people.author)
    save_as(on_call, source, container_title=DOSE)

    with pytest.raises(CannotSign):
        publish_at_once(page, on_call)
    assert get(page).status_code == 404


@pytest.mark.parametrize("is_cited", [True, False])
def test_who_deletes_a_source_contributed_to_what_cited_or_listed_it(people, is_cited):
    source, gone = make_source(), make_source(title="What warns of harm")
    body = complete_body(gone if is_cited else source)
    if not is_cited:
        body[-1]["value"]["items"] = [{"type": "item", "id": "listed", "value": gone.pk}]
    page, unnamed = make_article(by=people.author, body=body), make_small(people.author)
    client_of(people.editor).post(f"/admin/snippets/articles/source/delete/{gone.pk}/")

    assert not Source.objects.filter(pk=gone.pk).exists()
    assert (hands(page), hands(unnamed)) == ({"author", "editor"}, {"author"})


def test_a_deletion_that_was_vouched_for_is_past(people, publish):
    gone = make_source()
    body = complete_body(make_source())
    body[-1]["value"]["items"] = [{"type": "item", "id": "listed", "value": gone.pk}]
    page = publish(make_article(by=people.author, body=body))
    with LogContext(user=make_user("who deletes", "Editors")):
        gone.delete()
    page = publish(edit(page, by=people.author, summary="Said anew."))
    page = edit(page, by=people.author, summary="Said once more.")

    assert hands(page) == {"author"}


# Words that come back


def bring_back(page, people, own, **fields) -> ArticlePage:
    """The author saves what a revision said, but for these fields."""
    draft = own.as_object()
    for name, value in (fields | {"change_note": "Goes back to the words of before."}).items():
        setattr(draft, name, value)
    draft.save_revision(user=people.author)
    return fresh(page)


def replaced(page, people, other) -> ArticlePage:
    """Published with other words in the place of what was written last."""
    page = amend(page, people.author, body=said_in(page, "<p>Other words for now.</p>"), summary="For now.")
    page = amend(page, people.author, change_note="Says it otherwise.")
    submit(page=page, by=people.author)
    sign_as(page, other, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    return fresh(page)


@pytest.mark.parametrize(
    "text",
    [OWN, "<p>The editors own paragraph: word by word!</p>", "<p>the editor’s <b>own</b> paragraph word by word</p>"],
)
def test_a_section_that_comes_back_is_its_writers(people, published, other, text):
    page = amend(published, people.editor, body=said_in(published, OWN))
    own = page.get_latest_revision()
    page = replaced(page, people, other)
    page = bring_back(page, people, own, summary="Said anew.")
    page = amend(page, people.author, body=said_in(page, text))

    refuse(page, people.editor, "medical")


@pytest.mark.parametrize(
    ("field", "value"), [("sponsorship", "Paid for by the editor's aunt!"), ("audience", "clinician")]
)
def test_a_field_that_comes_back_is_its_writers(people, published, other, field, value):
    page = amend(published, people.editor, sponsorship="Paid for by the editor's aunt.", audience="clinician")
    page = amend(page, people.author, sponsorship="", audience="patient")
    page = replaced(page, people, other)
    elsewhere = amend(page, people.author, summary="Said anew.")
    assert hands(elsewhere) == {"author"}

    assert hands(amend(page, people.author, **{field: value})) == {"author", "editor"}


def test_who_wrote_with_another_comes_back_with_them(people, published, other):
    third = make_user("third", "Editors")
    page = amend(published, third, body=said_in(published, "<p>What the third one began to write here.</p>"))
    page = amend(page, people.editor, body=said_in(page, OWN))
    page = replaced(page, people, other)
    page = amend(page, people.author, body=said_in(page, OWN))

    assert hands(page) == {"author", "editor", "third"}


def test_a_section_that_is_left_out_again_is_left_out_by_who_did_it_first(people, published, other):
    whole = words_of(published)
    page = amend(published, people.editor, body=whole[:-1])
    page = amend(page, people.author, body=whole)
    page = replaced(page, people, other)
    page = amend(page, people.author, body=whole[:-1])

    assert hands(page) == {"author", "editor"}


def test_a_copy_with_one_section_changed_is_of_who_wrote_the_rest(people):
    page = make_article(by=people.editor)
    made = make_article(by=people.author, body=said_in(page, "<p>Promising, and early.</p>", -2))

    refuse(made, people.editor, "medical")


def test_what_the_last_edition_says_comes_back_as_nobodys(people, published, other):
    said = published.get_latest_revision()
    page = amend(published, other, body=said_in(published, "<p>A slip.</p>"))
    page = bring_back(page, people, said, summary="Said anew.")

    assert hands(page) == {"other", "author"}


def test_a_note_to_readers_that_comes_back_is_its_writers(people, published, other):
    page = amend(published, people.editor, change_note="Adds a trial of 2025.")
    page = replaced(page, people, other)
    page = amend(page, people.author, summary="Said anew.", change_note="Adds a trial, of 2025.")

    refuse(page, people.editor, "medical")


# What search engines are told


@pytest.mark.parametrize("field", ["seo_title", "search_description"])
def test_what_search_engines_are_told_is_of_who_wrote_it(people, field):
    page = make_article(by=people.author)
    page = amend(page, people.editor, **{field: DOSE})

    refuse(page, people.editor, "medical")


# Texts that look like streams


@pytest.mark.parametrize("text", ['[{"', '[{"value": ["It helps."]}]', '[{"value": [], "note": "It helps."}]'])
def test_a_title_that_looks_like_a_stream_is_a_title(people, text):
    page = amend(make_article(by=people.author, title="[]"), people.editor, title=text)

    refuse(page, people.editor, "medical")


def test_words_beside_a_value_that_looks_like_one_count(people):
    page = make_article(by=people.author, title='[{"value": [], "note": "It helps."}]')
    page = amend(page, people.editor, title='[{"value": [], "note": "It harms."}]')

    refuse(page, people.editor, "medical")


# Ids of blocks


def client_of(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def make_small(by, **fields) -> ArticlePage:
    text = [{"type": "introduction", "id": "b0", "value": {"heading": "", "text": "<p>An itchy scalp is common.</p>"}}]
    return make_article(by=by, article_type="explainer", body=text, **fields)


def post(client, page, **typed):
    """What the editor's form sends for make_small's article, with these fields."""
    address = f"/admin/pages/{page.pk}/edit/"
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form").copy()
    body = streamfield([("introduction", {"heading": "", "text": rich_text("<p>An itchy scalp is common.</p>")})])
    form.update(nested_form_data({"body": body, "codes": streamfield([]), "substances": streamfield([])}))
    form["body-0-id"] = "b0"
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    return client.post(address, form, follow=True)


@pytest.mark.parametrize("given", ["a\nb", "x" * 65, "../../x", "a?b#c", "ä", '"><script>'])
@pytest.mark.parametrize("field", ["body__0__id", "body__0__value__items__0__id", "codes__0__id"])
def test_the_form_refuses_what_is_no_id_of_a_block(people, field, given):
    page = make_small(people.author)
    answer = post(client_of(people.author), page, **{field: given})

    assert answer.status_code == 400
    assert [each["id"] for each in words_of(page)] == ["b0"]


@pytest.mark.parametrize("given", ["", "b1", "4f1c9a0e-6d0c-4a2a-9a39-8c1f0e6d7b55"])
def test_the_form_takes_the_ids_that_editors_make(people, given):
    page = make_small(people.author)
    answer = post(client_of(people.author), page, body__0__id=given)

    assert answer.status_code == 200
    assert words_of(page)[0]["id"] == given or not given


WAYS = [("sign-off/article", ""), ("pages", "edit/"), ("articles", "timeline/"), ("articles", "suggestions/")]


@pytest.mark.parametrize("given", ["a\nb", "x" * 300, "../../x", "a?b#c", '"><script>alert(1)</script>', "\u2028"])
def test_an_id_that_is_stored_keeps_nobody_from_signing(people, given):
    body = complete_body(make_source())
    body[0]["id"] = given
    page = make_article(by=people.author, body=body)
    submit(page=page, by=people.author)
    pages = [client_of(people.reviewer).get(f"/admin/sign-off/article/{page.pk}/")]
    pages += [client_of(people.editor).get(f"/admin/{way}/{page.pk}/{end}") for way, end in WAYS]

    assert [answer.status_code for answer in pages] == [200] * len(pages)
    assert not any("<script>alert(1)" in answer.content.decode() for answer in pages)
