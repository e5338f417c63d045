"""Every way in which a person could make an unsigned article live. All of these are a superuser's, in the admin."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Task, Workflow

from articles.authoring.models import ArticlePage
from articles.review.submit import submit
from articles.review.workflow import SignOffTask
from tests.factories import edit
from tests.gate.marked import MARK
from tests.hands import fresh, post, press, said


def url(name: str, *args, space: str = "wagtailadmin_pages") -> str:
    return reverse(f"{space}:{name}", args=args)


def api(page, action: str) -> str:
    return reverse("wagtailadmin_api:pages:action", args=[page.pk, action])


def bulk(action: str, *pages) -> str:
    ids = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?{ids}&next=/admin/"


def test_the_publish_button_saves_a_draft_and_says_so(admin, unsigned, neighbour, clean):
    words = press(admin, url("edit", unsigned.pk), "action-publish", title=f"{MARK} pressed")

    assert "when all required signatures are in" in words
    assert fresh(unsigned).get_latest_revision_as_object().title == f"{MARK} pressed"
    assert not fresh(unsigned).live
    clean()


def test_publish_in_the_create_view_makes_a_draft_and_says_so(admin, unsigned, neighbour, index, clean):
    address = url("add", "articles", "articlepage", index.pk) + "?type=condition"

    words = press(admin, address, "action-publish", title=f"{MARK} made", slug="made-at-once", summary=f"{MARK}.")

    made = ArticlePage.objects.get(slug="made-at-once")
    assert "when all required signatures are in" in words
    assert not made.live
    clean(made)


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_the_bulk_action_is_refused_and_says_what_publishes_or_withdraws(
    admin, unsigned, neighbour, index, clean, action
):
    words = post(admin, bulk(action, unsigned, index), include_descendants="on")

    assert {"publish": "when all required signatures are in", "unpublish": "Withdraw"}[action] in words
    assert not fresh(unsigned).live
    clean()


@pytest.mark.parametrize("action", ["publish", "unpublish", "create_alias", "convert_alias"])
def test_the_admin_api_refuses(admin, unsigned, neighbour, clean, action):
    answer = admin.post(api(unsigned, action), {}, content_type="application/json")

    assert 400 <= answer.status_code < 500
    assert not fresh(unsigned).live
    clean()


@pytest.mark.parametrize("action", ["copy", "copy_for_translation"])
def test_the_admin_api_copies_into_drafts(admin, unsigned, neighbour, spanish, clean, action):
    answer = admin.post(api(unsigned, action), {"locale": "es", "keep_live": False}, content_type="application/json")
    assert answer.status_code == 201, answer.content

    made = ArticlePage.objects.exclude(pk=unsigned.pk).get(title=unsigned.title)
    assert not made.live
    assert made.article_id != unsigned.article_id
    clean(made)


@pytest.mark.parametrize("box", ["", "publish_copies", "alias"])
def test_the_copy_view_makes_a_draft_or_says_why_not(admin, unsigned, neighbour, index, clean, box):
    form = {"new_title": f"{MARK} copy", "new_slug": "a-copy", "new_parent_page": index.pk} | (
        {box: "on"} if box else {}
    )

    words = post(admin, url("copy", unsigned.pk), **form)

    made = ArticlePage.objects.filter(slug="a-copy")
    assert made.exists() == (box == "")
    assert not made.filter(live=True).exists()
    answers = {"": "draft", "publish_copies": "when all required signatures are in", "alias": "cannot have aliases"}
    assert answers[box] in words
    clean(*made)


def test_a_folder_is_copied_into_drafts_and_has_no_aliases(admin, unsigned, neighbour, index, clean):
    top = Page.objects.get(depth=1)
    form = {"new_title": "Copies", "new_slug": "copies", "new_parent_page": top.pk, "copy_subpages": "on"}

    refused = [post(admin, url("copy", index.pk), **form | {box: "on"}) for box in ("alias", "publish_copies")]
    post(admin, url("copy", index.pk), **form)

    made = ArticlePage.objects.filter(url_path__startswith="/copies/")
    assert "cannot have aliases" in refused[0]
    assert "when all required signatures are in" in refused[1]
    assert made.count() == 2
    assert not made.filter(live=True).exists()
    clean(*made)


def test_converting_an_alias_finds_nothing_to_convert(admin, unsigned, neighbour, clean):
    answer = admin.post(url("convert_alias", unsigned.pk))

    assert answer.status_code == 404
    clean()


def test_approving_in_the_editor_publishes_nothing_and_says_where_one_signs(admin, people, unsigned, neighbour, clean):
    submit(page=unsigned, by=people.author)

    words = press(
        admin,
        url("edit", unsigned.pk),
        "action-workflow-action",
        **{"workflow-action-name": "approve", "workflow-action-extra-data": "{}", "summary": f"{MARK} typed."},
    )

    assert "sign-off page" in words
    clean()


@pytest.mark.parametrize("name", ["workflow_action", "collect_workflow_action_data"])
def test_the_workflow_action_of_the_dashboard_approves_nothing(admin, people, unsigned, neighbour, clean, name):
    submit(page=unsigned, by=people.author)
    state = fresh(unsigned).current_workflow_task_state

    said(admin.post(url(name, unsigned.pk, "approve", state.pk), follow=True))

    assert fresh(unsigned).current_workflow_task_state == state
    clean()


def test_content_saved_after_the_submission_stays_a_draft(people, admin, unsigned, neighbour, clean):
    submit(page=unsigned, by=people.author)

    edit(unsigned, by=people.editor, title=f"{MARK} later")

    clean()


def test_an_autosave_in_place_stays_a_draft(admin, unsigned, neighbour, clean):
    press(admin, url("edit", unsigned.pk), summary=f"{MARK} first.")
    revision = fresh(unsigned).latest_revision

    press(admin, url("edit", unsigned.pk), summary=f"{MARK} again.", overwrite_revision_id=str(revision.pk))

    assert fresh(unsigned).latest_revision_id == revision.pk
    assert fresh(unsigned).latest_revision.content["summary"] == f"{MARK} again."
    clean()


def test_a_workflow_without_steps_is_refused_and_says_why(admin, unsigned, neighbour, index, clean):
    empty = Workflow.objects.create(name="Empty")
    index.workflowpage.delete()
    empty.workflow_pages.create(page=index)

    words = press(admin, url("edit", unsigned.pk), "action-submit")

    assert "does not ask for a signature as editor or medical reviewer" in words
    assert not fresh(unsigned).live
    clean()


def test_an_article_without_a_workflow_cannot_be_submitted(admin, unsigned, neighbour, index, clean):
    index.workflowpage.delete()

    press(admin, url("edit", unsigned.pk), "action-submit")

    assert not fresh(unsigned).workflow_in_progress
    clean()


def test_disabling_the_steps_under_review_publishes_nothing(admin, people, unsigned, neighbour, clean):
    submit(page=unsigned, by=people.author)

    for task in SignOffTask.objects.all():
        post(admin, url("disable_task", task.pk, space="wagtailadmin_workflows"))

    assert not Task.objects.filter(active=True).exists()
    assert not fresh(unsigned).live
    clean()


def test_disabling_the_workflow_under_review_publishes_nothing(admin, people, unsigned, neighbour, clean):
    submit(page=unsigned, by=people.author)

    post(admin, url("disable", Workflow.objects.get().pk, space="wagtailadmin_workflows"))

    assert not fresh(unsigned).live
    clean()


def test_moving_changes_nothing_for_readers(admin, unsigned, neighbour, index, clean):
    other = index.copy(update_attrs={"slug": "elsewhere"})

    post(admin, url("move_confirm", unsigned.pk, other.pk))

    assert fresh(unsigned).get_parent().pk == other.pk
    clean()


def test_reverting_makes_a_draft(admin, people, unsigned, neighbour, clean):
    first = unsigned.revisions.earliest("pk")
    edit(unsigned, by=people.author, title=f"{MARK} second")

    press(admin, url("revisions_revert", unsigned.pk, first.pk), "action-publish")

    assert not fresh(unsigned).live
    clean()


def test_the_unpublish_view_points_to_withdraw(admin, unsigned, neighbour, clean):
    words = post(admin, url("unpublish", unsigned.pk))

    assert "Withdraw" in words
    clean()
