"""Drafts of a run: made once, never live, with their old address, and in the ledger."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, ReferenceIndex

from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.intake.models import ImportedArticle
from articles.intake.runs import drafting
from articles.intake.runs.drafting import try_draft
from articles.intake.runs.tasks import queue, work
from articles.intake.states import RunState
from articles.record.ledger.sentences import sentence
from articles.record.models import Event
from articles.review.four_eyes import contributors
from articles.review.opening import load
from articles.sources.models import Source
from tests.factories import make_topic
from tests.intake.runs.conftest import PROSE, article, export, post, states, upload
from tests.tasks import run_all

pytestmark = pytest.mark.django_db


def draft_all(run) -> None:
    queue(run, RunState.DRAFTING)
    run_all()


def draft_of(run) -> ArticlePage:
    return run.articles.get().draft.get_latest_revision_as_object()


def test_each_article_becomes_one_draft_that_is_not_live(read_run):
    run = read_run(upload("blog.export", export(*(post(number) for number in range(4)))))

    draft_all(run)

    assert states(run) == ["drafted"] * 4
    assert list(ArticlePage.objects.values_list("live", flat=True)) == [False] * 4


def test_a_bulk_that_died_between_two_drafts_goes_on_without_doubles(read_run, monkeypatch):
    run = read_run(upload("blog.export", export(*(post(number) for number in range(4)))))
    real, count = drafting.make_draft, []

    def dying(key):
        count.append(key)
        if len(count) == 3:
            raise SystemExit("kill -9")
        return real(key)

    monkeypatch.setattr(drafting, "make_draft", dying)
    queue(run, RunState.DRAFTING)
    run.refresh_from_db()
    with pytest.raises(SystemExit):
        drafting.draft_some(run, seconds=60)
    monkeypatch.setattr(drafting, "make_draft", real)

    work.call(run.pk)

    assert ArticlePage.objects.count() == 4
    assert states(run) == ["drafted"] * 4


def test_the_same_file_twice_in_a_run_is_one_draft(read_run):
    run = read_run(upload("a.txt", article("Knees")), upload("copy of a.txt", article("Knees")))

    draft_all(run)

    assert states(run) == ["drafted", "unchanged"]
    assert ArticlePage.objects.count() == 1


def test_a_draft_that_wagtail_refuses_fails_alone_and_can_be_tried_again(read_run, monkeypatch):
    run = read_run(upload("blog.export", export(post(1), post(2))))
    first = run.articles.first()
    ImportedArticle.objects.filter(pk=first.pk).update(title="")

    draft_all(run)

    first.refresh_from_db()
    assert states(run) == ["failed", "drafted"]
    assert first.problem
    ImportedArticle.objects.filter(pk=first.pk).update(title="Written by hand")
    assert try_draft(first.pk).state == "drafted"


def test_the_old_address_and_dates_stay_with_the_draft(read_run):
    told = {"published_at": "2019-02-03T10:00:00Z", "modified_at": "2020-01-01T00:00:00Z"}
    run = read_run(upload("blog.export", export(post(7, authors=["Jane"], categories=["Hair"], **told))))

    draft_all(run)

    wanted = {"key": "https://old.example/?p=7", "address": "https://old.example/article-7/", "slug": "article-7"}
    wanted |= {"authors": ["Jane"], "categories": ["Hair"], **told}
    assert draft_of(run).legacy == ArticlePage.objects.get().legacy == wanted


def test_the_slug_is_kept_and_made_free_where_it_is_taken(read_run):
    run = read_run(upload("blog.export", export(post(1, slug="knees"), post(2, slug="knees"))))

    draft_all(run)

    assert list(ArticlePage.objects.order_by("pk").values_list("slug", flat=True)) == ["knees", "knees-1"]


def test_a_copy_and_a_translation_have_no_old_address(read_run, people, spanish):
    run = read_run(upload("blog.export", export(post(1))))
    draft_all(run)
    page = ArticlePage.objects.get()

    copied = page.copy(update_attrs={"slug": "copied", "title": "Copied"}, user=people.editor, keep_live=False)
    translated = page.copy_for_translation(spanish.locale)

    assert copied.legacy == translated.legacy == {}
    assert copied.get_latest_revision_as_object().legacy == {}
    assert translated.get_latest_revision_as_object().legacy == {}


def test_the_ledger_says_where_the_draft_came_from_and_stays_sound(read_run, people):
    run = read_run(upload("blog.export", export(post(1))))

    draft_all(run)

    event = Event.objects.get(kind="imported")
    row = run.articles.get()
    assert event.subject == row.draft.article_id
    assert event.data == {"address": "https://old.example/article-1/", "key": row.key, "sha256": row.sha256}
    assert event.actor["user"] == people.editor.pk
    assert sentence(event) == "Imported as a draft from https://old.example/article-1/."
    call_command("ledger", "verify")


def test_no_word_of_the_old_system_is_in_what_is_signed(read_run):
    run = read_run(upload("blog.export", export(post(1, authors=["Zwirbel"], categories=["Zwirbel"]))))

    draft_all(run)

    documents = load(ArticlePage.objects.get()).documents
    assert [name for name, each in documents.items() if "Zwirbel" in str(each.value)] == []


def test_a_source_knows_which_draft_uses_it(read_run):
    run = read_run(upload("a.txt", article("Knees") + "\n\nSources\n\nDoe J. Knees and hips. J Knee. 2020;3:12-19."))

    draft_all(run)

    page = ArticlePage.objects.get()
    assert [row.object_id for row in ReferenceIndex.get_references_to(Source.objects.get())] == [str(page.pk)]


def test_who_imported_an_article_may_not_sign_it(read_run, people):
    run = read_run(upload("a.txt", article("Knees")))

    draft_all(run)

    assert people.editor.pk in contributors(load(ArticlePage.objects.get()), "medical")


def test_an_article_in_another_language_goes_into_the_folder_of_that_language(read_run, spanish):
    run = read_run(upload("blog.export", export(post(1, language="es"))))

    draft_all(run)

    page = ArticlePage.objects.get()
    assert page.locale == spanish.locale
    assert page.get_parent().pk == spanish.index.pk


def test_a_deleted_folder_is_said_and_nothing_is_lost(read_run, index, spanish):
    run = read_run(upload("a.txt", article("Knees")), parent=spanish.index, language="es")
    Page.objects.get(pk=spanish.index.pk).delete()

    draft_all(run)

    assert states(run) == ["failed"]
    assert "folder for the drafts was deleted" in run.articles.get().problem


def test_the_mapping_gives_topics_byline_sources_and_who_reviewed_it(read_run):
    fields = {"rev": "Dr. Alt", "on": "2020-05-06", "refs": "Doe J. Knees. 2020.<br>Roe R. Hips. <b>2021</b>."}
    told = {"authors": ["Jane", "Unknown"], "categories": ["Hair", "Nails"], "fields": fields}
    run = read_run(
        upload("blog.export", export(post(1, text=f"Read [gallery ids=1,2] this [note]now[/note]. {PROSE}", **told)))
    )
    topic, person = make_topic(), Person.objects.create(name="Jane Doe")
    run.mapping = {"reviewer": "rev", "review_date": "on", "references": "refs"}
    run.mapping |= {"topics": {"Hair": topic.pk}, "people": {"Jane": person.pk}}
    run.mapping |= {"shortcodes": {"gallery": "leave-out", "note": "words"}}
    run.save()

    draft_all(run)

    page = draft_of(run)
    sources = next(block.value["items"] for block in page.body if block.block_type == "sources")
    assert [row.topic for row in page.topics.all()] == [topic]
    assert [row.person for row in page.authors.all()] == [person]
    assert [source.title for source in sources] == ["Knees", "Hips"]
    assert (page.legacy["reviewer"], page.legacy["reviewed_on"]) == ("Dr. Alt", "2020-05-06")
    assert "Read this now." in page.body[0].value["text"].source
