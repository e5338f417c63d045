"""A second export of the same site, and the way back: what is new, the same, changed, and touched here."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedArticle
from articles.intake.outline_json import digest
from articles.intake.runs import correcting, editing
from articles.intake.runs.drafting import try_draft
from articles.intake.states import RunState
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from tests.factories import edit
from tests.intake.runs.conftest import PROSE, act, article, export, post, states, upload

pytestmark = pytest.mark.django_db
NEW = f"{PROSE} This sentence is new."


@pytest.fixture
def imported(read_run):
    """imported(post, …): a run whose drafts are made."""
    return lambda *posts: act(read_run(upload("blog.export", export(*posts))), RunState.DRAFTING)


def text_of(page: ArticlePage) -> str:
    return str(page.get_latest_revision_as_object().body.raw_data)


def page_of(run, number: int) -> ArticlePage:
    return ArticlePage.objects.get(pk=run.articles.get(key=f"https://old.example/?p={number}").draft_id)


def test_a_second_export_changes_what_changed_and_nothing_else(imported, people):
    first = imported(post(1), post(2), post(3))
    edit(page_of(first, 3), by=people.author, summary="A word of ours.")
    before = Revision.objects.count()

    second = imported(post(1), post(2, text=NEW), post(3, text=NEW), post(4))

    assert states(second) == ["unchanged", "updated", "conflict", "drafted"]
    assert ArticlePage.objects.count() == 4
    assert Revision.objects.count() == before + 2
    assert "This sentence is new." in text_of(page_of(second, 2))
    assert "This sentence is new." not in text_of(page_of(second, 3))


def test_one_hundred_and_twenty_changed_posts_become_new_revisions(imported):
    first = imported(*(post(number) for number in range(125)))

    second = imported(*(post(number, text=NEW if number < 120 else PROSE) for number in range(125)))

    assert sorted(set(states(second))) == ["unchanged", "updated"]
    assert states(second).count("updated") == 120
    assert ArticlePage.objects.count() == first.articles.count() == 125


def test_what_making_drafts_will_do_is_shown_before(imported, read_run, people):
    first = imported(post(1), post(2), post(3))
    edit(page_of(first, 3), by=people.author, summary="A word of ours.")

    run = read_run(upload("blog.export", export(post(1), post(2, text=NEW), post(3, text=NEW))))

    assert states(run) == ["unchanged", "read", "conflict"]


def test_an_article_is_known_by_its_address_where_it_has_no_key(imported):
    first = imported(post(1, key=""))

    second = imported(post(1, key="", text=NEW, address="https://new.example/ARTICLE-1"))

    assert states(second) == ["updated"]
    assert page_of_only(second) == page_of_only(first)


def page_of_only(run) -> int:
    return run.articles.get().draft_id


def test_other_bytes_with_the_same_words_are_unchanged(imported):
    imported(post(1))

    assert states(imported(post(1, modified_at="2026-01-01T00:00:00Z"))) == ["unchanged"]


def test_a_third_export_compares_with_the_second(imported):
    imported(post(1))
    imported(post(1, text=NEW))

    assert states(imported(post(1, text=NEW))) == ["unchanged"]
    assert states(imported(post(1))) == ["updated"]


def test_a_draft_that_was_deleted_is_made_again(imported):
    first = imported(post(1))
    page_of(first, 1).delete()

    assert states(imported(post(1))) == ["drafted"]


@pytest.mark.parametrize("touch", ["edited", "autosaved", "submitted", "locked"])
def test_a_touched_draft_is_never_written_over(imported, people, touch):
    page = page_of(imported(post(1)), 1)
    _touch(page, people, touch)
    before = text_of(ArticlePage.objects.get(pk=page.pk))

    second = imported(post(1, text=NEW))

    assert states(second) == ["conflict"]
    assert text_of(ArticlePage.objects.get(pk=page.pk)) == before


def _touch(page: ArticlePage, people, how: str) -> None:
    if how == "edited":
        edit(page, by=people.author, summary="A word of ours.")
    elif how == "autosaved":
        draft = page.get_latest_revision_as_object()
        draft.summary = "A word of ours."
        draft.save_revision(user=people.editor, overwrite_revision=page.latest_revision)
    elif how == "submitted":
        given = {"workflow": page.get_workflow(), "requested_by": people.author}
        given |= {"base_content_type": ContentType.objects.get_for_model(Page)}
        WorkflowState.objects.create(content_type=page.cached_content_type, object_id=str(page.pk), **given)
    else:
        page.locked = True
        page.save(update_fields=["locked"])


def test_a_draft_that_we_keep_is_no_conflict_with_the_same_export(imported, people, login):
    page = page_of(imported(post(1)), 1)
    edit(page, by=people.author, summary="A word of ours.")
    row = imported(post(1, text=NEW)).articles.get()

    login(people.editor).post(reverse("articles_import_keep", args=[row.pk]))

    assert states(imported(post(1, text=NEW))) == ["unchanged"]
    assert states(imported(post(1, text=f"{NEW} And another."))) == ["conflict"]


def test_the_difference_of_a_touched_draft_is_shown_on_both_sides(imported, people, login):
    page = page_of(imported(post(1)), 1)
    body = page.get_latest_revision_as_object().body.raw_data
    body[0]["value"]["text"] = body[0]["value"]["text"].replace("a doctor", "a physician")
    edit(page, by=people.author, body=list(body))
    row = imported(post(1, text=NEW)).articles.get()

    shown = login(people.editor).get(reverse("articles_import_changes", args=[row.pk])).content.decode()

    assert re.search(r"<ins>[^<]*This sentence is new[^<]*</ins>", shown)
    assert "<del>doctor</del><ins>physician</ins>" in shown


def test_a_correction_after_the_draft_updates_an_untouched_draft(imported):
    run = imported(post(1, "Symptoms"))
    row = run.articles.get()
    correcting.edit(article=row.pk, shown=digest(row.shown), change=lambda each: editing.leave_out(each, 2))
    assert states(run) == ["stale"]

    act(run, RunState.DRAFTING)

    assert states(run) == ["drafted"]
    assert "Symptoms" not in text_of(page_of(run, 1))
    assert ArticlePage.objects.count() == 1


def test_a_correction_after_the_draft_never_writes_over_a_touched_one(imported, people):
    run = imported(post(1, "Symptoms"))
    row = run.articles.get()
    edit(page_of(run, 1), by=people.author, summary="A word of ours.")
    correcting.edit(article=row.pk, shown=digest(row.shown), change=lambda each: editing.leave_out(each, 2))

    assert try_draft(row.pk).state == "conflict"
    assert "Symptoms" in text_of(page_of(run, 1))


# Undo


def test_undo_deletes_what_nobody_touched_and_names_what_it_leaves(imported, people):
    run = imported(post(1), post(2), post(3))
    edit(page_of(run, 2), by=people.author, summary="A word of ours.")

    act(run, RunState.UNDOING)

    assert states(run) == ["undone", "left", "undone"]
    assert "Somebody has worked on this draft" in run.articles.get(state="left").problem
    assert [page.title for page in ArticlePage.objects.all()] == ["Article 2"]
    assert run.state == "undone"


def test_what_was_undone_can_be_drafted_again(imported):
    run = act(imported(post(1)), RunState.UNDOING)

    assert try_draft(run.articles.get().pk).state == "drafted"
    assert ArticlePage.objects.count() == 1


def test_undo_leaves_the_drafts_of_an_earlier_run(imported):
    imported(post(1))
    second = imported(post(1, text=NEW), post(2))

    act(second, RunState.UNDOING)

    assert states(second) == ["left", "undone"]
    assert "An earlier import made this draft" in second.articles.get(state="left").problem


def test_undo_leaves_what_a_later_run_updated(imported):
    first = imported(post(1))
    imported(post(1, text=NEW))

    act(first, RunState.UNDOING)

    assert "A later import has updated this draft" in first.articles.get().problem


def test_undo_never_deletes_what_somebody_signed(imported, people):
    run = imported(post(1))
    page = page_of(run, 1)
    named = {"subject_kind": "article", "subject": page.article_id, "user": people.reviewer.pk, "name": "Dr. Ada"}
    given = {"part": "medical", "role": Role.MEDICAL, "digest": f"sha-256:{'0' * 64}", "method": "password"}
    SignOff.objects.create(**named, **given, signed_at=timezone.now(), event=1)

    act(run, RunState.UNDOING)

    assert states(run) == ["left"]
    assert ArticlePage.objects.filter(pk=page.pk).exists()


def test_undoing_twice_changes_nothing_more(imported):
    run = act(imported(post(1)), RunState.UNDOING)

    act(run, RunState.UNDOING)

    assert states(run) == ["undone"]


def test_a_file_without_key_or_address_is_known_by_its_bytes(read_run):
    for _ in range(2):
        run = act(read_run(upload("a.txt", article("Knees"))), RunState.DRAFTING)

    assert states(run) == ["unchanged"]
    assert ImportedArticle.objects.count() == 2
    assert ArticlePage.objects.count() == 1
