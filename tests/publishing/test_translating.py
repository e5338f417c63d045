"""Translating: what the draft begins with and where it stands, and what changed in the original since."""

import json

import pytest
from django.db import transaction
from wagtail.models import GroupPagePermission, Locale, Page

from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.errors import CannotSign
from articles.publishing.erase import erase
from articles.publishing.refile import refile
from articles.publishing.translating import translate as verbs
from articles.publishing.translating.original import changes, text_of, texts_of
from articles.publishing.translating.translate import CannotMark, CannotTranslate
from articles.publishing.translating.untranslated import untranslated
from articles.publishing.withdraw import withdraw
from articles.record.vocabulary import Role
from articles.review.four_eyes import contributors
from articles.review.models import TranslationBase
from articles.review.opening import load
from articles.review.submit import submit
from articles.review.translations import base_of, originals_of, outdated, translations_of
from cms.models import User
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_source,
    make_user,
    sign_and_publish,
    sign_as,
    teach,
)
from tests.hands import fresh
from tests.pipeline.reading import get, stored


def anew(user: User) -> User:
    """As a request loads the person: without the rights that were read before."""
    return User.objects.get(pk=user.pk)


def translate(*, page, language, by):
    return verbs.translate(page=page, language=language, by=anew(by))


@pytest.fixture
def german(published, people):
    """A German translation of what is published, by the author."""
    return fresh(translate(page=fresh(published), language="de", by=people.author))


@pytest.fixture
def publish_german(people):
    """publish_german(page) takes a draft in German through the whole workflow."""

    def through(page, **fields):
        teach("de", people.editor, people.reviewer)
        page = edit(page, by=people.author, **(fields or {"summary": "Was bei entzündeter Kopfhaut hilft."}))
        sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
        return fresh(page)

    return through


def changed(page) -> list[str]:
    """The places in which its original changed since it was last up to date."""
    base = base_of(page.article_id)
    found = changes(base, text_of(ArticlePage.objects.get(article_id=base.original)))
    return [f"{change.kind}: {change.place}" for change in found]


def mark(page, original, by, shown=""):
    shown = shown or text_of(original).mark
    verbs.mark_up_to_date(page=page, original=original, shown=shown, by=anew(by))


def sections(page) -> list[dict]:
    return list(fresh(page).get_latest_revision_as_object().body.raw_data)


# The draft


def test_a_translation_does_not_inherit_how_ai_was_used(people, publish):
    english = publish(make_article(by=people.author, ai_use="none"))

    german = translate(page=fresh(english), language="de", by=people.author)

    assert fresh(german).get_latest_revision_as_object().ai_use == ""


def test_the_draft_has_the_sections_with_their_ids_citations_and_all_that_stands_beside_them(published, german):
    own, original = load(german).documents, load(fresh(published)).documents

    assert own["medical"].value == original["medical"].value | {"language": "de"}
    assert own["presentation"].value == original["presentation"].value
    assert german.translation_key == fresh(published).translation_key and german.article_id != published.article_id


def test_it_is_a_draft_of_the_translator_without_a_note_and_without_what_belongs_to_the_original(published, people):
    edit(published, by=people.author, change_note="Adds a trial.", is_correction=True)
    locked = fresh(published)
    locked.locked, locked.intake = True, {"parts": []}
    locked.save()

    made = fresh(translate(page=fresh(published), language="de", by=people.editor))

    assert not made.live and made.owner == people.editor and not made.locked and made.intake == {}
    assert made.change_note == "" and not made.is_correction
    assert made.slug == published.slug


def test_it_begins_with_what_readers_get_and_not_with_an_unpublished_draft(published, people):
    edit(published, by=people.author, summary="Not published yet.")

    made = translate(page=fresh(published), language="de", by=people.author)

    assert load(fresh(made)).draft.summary == published.summary
    assert (base_of(made.article_id).edition, base_of(made.article_id).texts) == (1, {})


def test_of_an_article_that_was_never_published_it_begins_with_the_draft_whose_text_is_kept(people):
    page = edit(make_article(by=people.author), by=people.author, summary="A summary of a draft.")
    made = translate(page=page, language="es", by=people.author)

    edit(page, by=people.author, summary="Another summary.")

    base = base_of(made.article_id)
    assert base.edition == 0 and texts_of(base)["medical"]["summary"] == "A summary of a draft."
    assert changed(made) == ["changed: Summary"]


def test_a_withdrawn_article_is_translated_from_its_draft(published, people):
    withdraw(page=fresh(published), reason="legal", by=people.editor)

    made = translate(page=fresh(published), language="de", by=people.author)

    assert base_of(made.article_id).edition == 0


def test_a_language_has_one_translation(published, german, people):
    with pytest.raises(CannotTranslate, match="in German already"):
        translate(page=fresh(published), language="de", by=people.author)
    with pytest.raises(CannotTranslate, match="in English already"):
        translate(page=german, language="en", by=people.author)


def test_a_language_of_which_the_site_knows_nothing_is_refused(published, people):
    with pytest.raises(CannotTranslate, match="not a language of this site"):
        translate(page=fresh(published), language="tlh", by=people.author)

    assert not Locale.objects.filter(language_code="tlh").exists()


def test_nobody_translates_a_draft_that_they_may_not_read(people):
    page = make_article(by=people.author)

    with pytest.raises(CannotTranslate, match="may not read"):
        translate(page=fresh(page), language="de", by=make_user("another author", "Authors"))


# The folder


def test_a_missing_folder_is_made_once_with_its_rights(published, german, people):
    folder, own = german.get_parent().specific, fresh(published).get_parent()
    other = translate(page=fresh(make_article(by=people.author)), language="de", by=people.author)

    assert folder.title == "Articles (German)" and folder.translation_key == own.translation_key
    assert fresh(other).get_parent().pk == folder.pk
    rights = [
        set(GroupPagePermission.objects.filter(page=each).values_list("group", "permission")) for each in (own, folder)
    ]
    assert rights[0] == rights[1] and rights[0]
    assert folder.permissions_for_user(make_user("a third author", "Authors")).can_add_subpage()


def test_who_may_not_add_articles_to_the_folder_is_told_whom_to_ask(published, german, people):
    page = make_article(by=people.author)
    GroupPagePermission.objects.filter(page=german.get_parent()).delete()
    with pytest.raises(
        CannotTranslate, match=r"add articles to the folder “Articles \(German\)”. Ask an administrator"
    ):
        translate(page=fresh(page), language="de", by=people.author)

    with pytest.raises(CannotTranslate, match="add articles to a folder for Spanish"):
        translate(page=fresh(published), language="es", by=people.reviewer)
    assert not Locale.objects.filter(language_code="es").exists()


def test_a_translated_folder_has_the_workflow_of_the_folder_that_it_translates(published, german, index, spanish):
    workflow = index.get_workflow()

    assert german.get_workflow() == spanish.index.get_workflow() == workflow and workflow.name == "Medical publishing"
    assert spanish.index.has_workflow and german.has_workflow
    Page.objects.get(pk=index.pk).workflowpage.delete()
    assert fresh(german).get_workflow() is None and not fresh(german).has_workflow
    assert not ArticleIndexPage.objects.get(pk=spanish.index.pk).has_workflow


def test_a_translation_is_submitted_signed_and_published_without_setting_anything_up(german, publish_german, people):
    page = publish_german(german)

    assert get(page).json()["content"]["summary"] == "Was bei entzündeter Kopfhaut hilft."
    assert get(page).json()["locale"] == "de"


# Four eyes


def test_the_writers_of_the_original_sign_no_translation(published, people):
    teach("de", people.editor)
    page = make_article(by=people.editor)

    made = fresh(translate(page=fresh(page), language="de", by=people.editor))
    made = edit(made, by=people.author, summary="Eine andere Zusammenfassung.")

    assert contributors(load(made), "medical") >= {people.editor.pk, people.author.pk}
    submit(page=made, by=people.author)
    with pytest.raises(CannotSign):
        sign_as(made, people.editor, Role.EDITOR)


# What changed in the original


def test_the_fields_and_sections_that_changed_are_named_with_their_words(published, german, people, publish):
    body = sections(published)
    body[0]["value"]["text"] = "<p>An itchy scalp is <b>very</b> common.</p>"
    publish(edit(published, by=people.author, summary="What helps a sore scalp.", body=body))

    assert changed(german) == ["changed: Summary", "changed: Introduction"]
    found = changes(base_of(german.article_id), text_of(fresh(published)))
    assert found[1].section == body[0]["id"] == sections(german)[0]["id"]
    assert [run.text for run in found[1].runs if run.op == "added"] == ["very** "]


def test_sections_that_the_original_got_or_lost_are_named(published, german, people, publish):
    body = [row for row in sections(published) if row["type"] != "conclusion"]
    publish(
        edit(
            published,
            by=people.author,
            body=[*body[:1], block("prose", heading="New", text="<p>New words.</p>"), *body[1:]],
        )
    )

    assert changed(german) == ["added: Prose: New", "removed: Conclusion: In short"]


def test_an_unpublished_draft_of_a_published_original_changes_nothing(published, german, people):
    edit(published, by=people.author, summary="Not published yet.")

    assert changed(german) == []


def test_a_translation_that_was_marked_lists_only_what_changed_after_that(published, german, people, publish):
    publish(edit(published, by=people.author, summary="Second summary."))
    mark(german, fresh(published), people.author)
    assert changed(german) == []

    publish(edit(published, by=people.author, title="Another title"))

    assert changed(german) == ["changed: Title"]
    rows = TranslationBase.objects.filter(article=german.article_id)
    assert list(rows.values_list("edition", "is_first", "user__username")) == [
        (1, True, "author"),
        (2, False, "author"),
    ]


def test_a_mark_is_refused_when_the_original_changed_since_it_was_shown(published, german, people, publish):
    shown = text_of(fresh(published)).mark
    publish(edit(published, by=people.author, summary="Second summary."))

    with pytest.raises(CannotMark, match="changed meanwhile"):
        mark(german, fresh(published), people.author, shown)
    with pytest.raises(CannotMark, match="may edit the translation"):
        mark(german, fresh(published), people.reviewer)
    with pytest.raises(CannotMark, match="not the article that it was translated from"):
        mark(fresh(published), german, people.author)

    assert changed(german) == ["changed: Summary"]


def test_what_was_erased_by_law_is_not_compared_nor_kept_here(published, german, people, publish):
    digest = base_of(german.article_id).digests["medical"]
    publish(edit(published, by=people.author, summary="Second summary."))
    with transaction.atomic():
        erase(digest=digest, reason="A court order.", by=None)

    assert changes(base_of(german.article_id), text_of(fresh(published))) is None


# What is still to translate


def left(page, original) -> list[str]:
    return [
        row.name
        for row in untranslated([load(original).documents["medical"].value], load(page).documents["medical"].value)
    ]


def test_places_that_still_have_words_of_the_original_are_named_until_none_has(people):
    original = fresh(make_article(by=people.author, title="What to do about an itchy scalp"))
    page = fresh(translate(page=original, language="de", by=people.author))
    names = ["Title", "Summary", "Introduction", "Causes: What causes it?", "Evidence: Does it help?", "Risks: Risks"]
    assert left(page, original)[:6] == names

    body = [block("introduction", text="<p>Juckende Kopfhaut ist häufig.</p>"), block("sources", heading="Quellen")]
    page = edit(
        page, by=people.author, title="Was bei juckender Kopfhaut hilft", summary="Was hilft, und was nicht.", body=body
    )

    assert left(page, original) == []


def test_words_that_the_original_had_before_it_changed_are_not_translated_either(people):
    page = load(fresh(make_article(by=people.author))).documents["medical"].value

    found = untranslated([page, page | {"summary": "Another summary."}], page)

    assert [place.name for place in found][:2] == ["Title", "Summary"]
    assert untranslated([page | {"title": "Two words"}], {"title": "Two words"})[0].name == "Title"


def test_names_codes_and_quotes_may_be_the_same_in_two_languages(people):
    source = make_source()
    original = fresh(make_article(by=people.author, title="Rapamycin", body=complete_body(source)))
    page = fresh(translate(page=original, language="de", by=people.author))
    german = {
        "Several conditions can": "Mehrere Leiden können",
        "What causes it?": "Woher kommt es?",
        "A yeast irritates.": "Hefen.",
    }
    body = [row for row in sections(page) if row["type"] in ("causes", "sources")]
    for old, new in german.items():
        body = json.loads(json.dumps(body).replace(old, new))

    page = edit(page, by=people.author, summary="Kurz.", body=body)

    assert left(page, original) == []


# Outdated


def test_a_material_change_makes_a_translation_outdated_until_its_next_edition(
    published, german, publish_german, publish, people
):
    page = publish_german(german)
    assert outdated([page.article_id]) == {}

    publish(edit(published, by=people.author, summary="What helps a sore scalp."))
    assert outdated([page.article_id, published.article_id]) == {page.article_id: published.article_id}
    mark(page, fresh(published), people.author)
    assert set(outdated([page.article_id])) == {page.article_id}, "a mark changes nothing for readers"

    publish_german(page, summary="Was bei wunder Kopfhaut hilft.")
    assert outdated([page.article_id]) == {}


def test_the_api_and_the_admin_say_the_same(published, german, publish_german, publish, people):
    page = publish_german(german)
    publish(edit(published, by=people.author, summary="What helps a sore scalp."))

    [said] = get(published).json()["links"]["translations"]

    assert (said["id"], said["outdated"]) == (str(page.article_id), True)
    assert set(outdated([page.article_id])) == {page.article_id}


def test_an_editorial_change_makes_no_translation_outdated(published, german, publish_german, people):
    page = publish_german(german)
    draft = edit(
        published, by=people.author, summary="What helps an inflamed scalp and how sure we are.", change_note=""
    )
    draft = edit(draft, by=people.author, change_note="", is_editorial=True)
    submit(page=draft, by=people.author)
    sign_as(draft, people.reviewer, Role.MEDICAL, "medical")

    assert get(published).json()["edition"]["change"]["kind"] == "editorial"
    assert outdated([page.article_id]) == {} and get(published).json()["links"]["translations"][0]["outdated"] is False


def test_a_draft_and_a_change_of_the_translation_itself_make_nothing_outdated(
    published, german, publish_german, people
):
    assert outdated([german.article_id]) == {}
    page = publish_german(german)

    publish_german(page, summary="Eine zweite Fassung.")

    assert outdated([page.article_id, published.article_id]) == {}


def test_the_original_is_the_recorded_one_or_else_the_oldest_page(published, german, people):
    spanish = translate(page=german, language="es", by=people.author)

    assert originals_of([spanish.article_id, german.article_id, published.article_id]) == {
        spanish.article_id: german.article_id,
        german.article_id: published.article_id,
    }
    TranslationBase.objects.all().delete()
    assert set(originals_of([spanish.article_id, german.article_id]).values()) == {published.article_id}
    assert set(translations_of(published.article_id)) == {spanish.article_id, german.article_id}
    assert translations_of(german.article_id) == []


def test_a_copy_of_a_translation_translates_nothing(german, people):
    copy = german.copy(user=people.author, update_attrs={"slug": "kopie"}, keep_live=False, copy_revisions=False)

    assert originals_of([copy.article_id]) == {} and base_of(copy.article_id) is None


def test_another_address_of_the_original_changes_nothing(published, german, people):
    refile(page=fresh(published), slug="another-address", topics=[], by=people.editor)

    assert changed(german) == []
    assert stored(fresh(published))["slug"] == "another-address"
