"""Every way in which code could make an unsigned article live: what Wagtail says then is not what readers get."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import Page, Revision, Workflow

from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.errors import NoAliases
from articles.publishing.recompose import recompose_all
from articles.record.models import Event
from articles.review.submit import CannotSubmit, submit
from tests.gate.marked import MARK
from tests.hands import fresh


def test_publishing_a_revision_in_code_reaches_nobody(unsigned, neighbour, clean):
    unsigned.get_latest_revision().publish()

    assert fresh(unsigned).live
    clean()


def test_publishing_a_revision_for_a_superuser_is_refused(unsigned, neighbour, root, clean):
    with pytest.raises(PublishPagePermissionError):
        unsigned.get_latest_revision().publish(user=root)

    clean()


def test_an_article_that_code_adds_is_born_a_draft(index, clean):
    made = index.add_child(instance=ArticlePage(title=f"{MARK} added", slug="added", summary=MARK))

    assert not fresh(made).live
    clean(made)


def test_an_article_that_code_adds_as_live_reaches_nobody(unsigned, neighbour, index, clean):
    made = index.add_child(instance=ArticlePage(title=f"{MARK} added", slug="added", live=True))

    clean(made)


@pytest.mark.parametrize("keep_live", [True, False])
@pytest.mark.parametrize("goes_live", [True, False])
def test_copies_reach_nobody(unsigned, neighbour, clean, keep_live, goes_live):
    if goes_live:
        unsigned.get_latest_revision().publish()

    made = fresh(unsigned).copy(update_attrs={"slug": "copied"}, keep_live=keep_live)

    assert made.article_id != unsigned.article_id
    clean(made)


def test_a_folder_copied_with_its_articles_reaches_nobody(unsigned, neighbour, index, clean):
    unsigned.get_latest_revision().publish()

    CopyPageAction(index, recursive=True, update_attrs={"slug": "again"}).execute()

    clean(*ArticlePage.objects.filter(url_path__startswith="/again/"))


def test_an_alias_is_refused_and_leaves_nothing_behind(unsigned, neighbour, index, clean):
    with pytest.raises(NoAliases, match="Copy the article"):
        unsigned.create_alias(update_slug="other-name")
    with pytest.raises(NoAliases):
        CreatePageAliasAction(index, recursive=True, parent=Page.objects.get(depth=1), update_slug="x").execute()

    assert not Page.find_problems()[4]
    assert ArticleIndexPage.objects.count() == 1
    clean()


def test_an_alias_that_was_forced_past_the_refusal_is_not_fed(unsigned, neighbour, clean):
    ArticlePage.objects.filter(pk=neighbour.pk).update(alias_of=unsigned)

    with pytest.raises(NoAliases):
        unsigned.get_latest_revision().publish()

    assert fresh(neighbour).title != unsigned.title

    clean()


def test_a_copy_for_translation_is_a_draft_of_its_own(unsigned, neighbour, spanish, clean):
    unsigned.get_latest_revision().publish()

    made = fresh(unsigned).copy_for_translation(spanish.locale)

    assert made.translation_key == unsigned.translation_key
    assert made.article_id != unsigned.article_id
    assert not made.live
    clean(made)


def test_an_alias_for_translation_is_refused(unsigned, neighbour, spanish, clean):
    with pytest.raises(NoAliases):
        unsigned.copy_for_translation(spanish.locale, alias=True)

    clean()


def test_an_update_of_rows_reaches_nobody(unsigned, neighbour, clean):
    Page.objects.filter(pk=unsigned.pk).update(live=True, live_revision=unsigned.latest_revision_id)

    clean()


def test_rows_created_in_bulk_reach_nobody(unsigned, neighbour, index, clean):
    made = ArticlePage(title=f"{MARK} bulk", slug="bulk", live=True, depth=3, path=f"{index.path}0099", owner=None)
    made.locale, made.content_type, made.url_path = index.locale, unsigned.content_type, "/articles/bulk/"

    with connection.cursor() as cursor:
        _insert(cursor, made)

    clean(ArticlePage.objects.get(slug="bulk"))


def _insert(cursor, page: ArticlePage) -> None:
    """The two rows of an article as Django would write them, without saving it: bulk_create knows no inheritance."""
    for model in (Page, ArticlePage):
        fields = [field for field in model._meta.local_concrete_fields if field.column not in ("id", "page_ptr_id")]
        values = {field.column: field.get_db_prep_save(field.pre_save(page, True), connection) for field in fields}
        if model is ArticlePage:
            values["page_ptr_id"] = Page.objects.get(slug=page.slug).pk
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(values.values()))


def test_sql_reaches_nobody(unsigned, neighbour, clean):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET live = %s, title = %s WHERE id = %s", [True, MARK, unsigned.pk])
        cursor.execute("UPDATE articles_articlepage SET summary = %s", [MARK])

    clean()
    recompose_all()
    clean()


def test_a_loaded_fixture_reaches_nobody(unsigned, neighbour, tmp_path, clean):
    file = tmp_path / "articles.json"
    rows = [Page.objects.get(pk=unsigned.pk), fresh(unsigned), *Revision.page_revisions.all()]
    text = serializers.serialize("json", rows).replace('"live": false', '"live": true')
    file.write_text(text.replace(str(unsigned.article_id), str(given := uuid4())))

    call_command("loaddata", str(file), verbosity=0)

    assert fresh(unsigned).live
    assert fresh(unsigned).article_id == given
    clean(fresh(unsigned))


@pytest.mark.parametrize("makes", ["no steps", "no clinician"])
def test_a_workflow_that_asks_too_few_is_refused_and_leaves_nothing(people, unsigned, neighbour, index, clean, makes):
    workflow = Workflow.objects.get()
    index.workflowpage.delete()
    other = Workflow.objects.create(name="Other")
    other.workflow_pages.create(page=index)
    if makes == "no clinician":
        other.workflow_tasks.create(task=workflow.tasks.first())
    before = Event.objects.count()

    with pytest.raises(CannotSubmit, match="medical reviewer"):
        submit(page=unsigned, by=people.author)

    assert not fresh(unsigned).workflow_in_progress
    assert Event.objects.count() == before
    clean()


def test_an_unassigned_workflow_is_refused_and_says_what_to_do(people, unsigned, neighbour, index, clean):
    index.workflowpage.delete()

    with pytest.raises(CannotSubmit, match="No workflow is assigned here"):
        submit(page=unsigned, by=people.author)

    clean()


@pytest.mark.parametrize("moment", ["go_live_at", "expire_at"])
def test_wagtails_own_schedule_reaches_nobody(unsigned, neighbour, clean, moment):
    past = timezone.now() - timezone.timedelta(hours=1)
    draft = unsigned.get_latest_revision_as_object()
    setattr(draft, moment, past)
    revision = draft.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)

    call_command("publish_scheduled", stdout=StringIO())

    clean()


def test_a_revision_saved_as_a_page_reaches_nobody(unsigned, neighbour, clean):
    draft = unsigned.get_latest_revision().as_object()
    draft.live = True
    draft.save()

    assert fresh(unsigned).live
    clean()


def test_a_workflow_that_is_finished_in_code_reaches_nobody(people, unsigned, neighbour, clean):
    state = submit(page=unsigned, by=people.author)

    with transaction.atomic():
        state.finish(user=people.editor)

    assert Event.objects.last().kind in ("refused", "submitted")
    clean()
