"""Wagtail's editor as this house bends it: nobody publishes by hand, submission stops at findings, nothing is lost."""

import json
import re
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.urls import reverse
from wagtail.models import Revision
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.admin.editor.messages import PANELS, say_refusal
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.errors import BlockedByFindings, UnknownBlock
from articles.record.models import Event, Publication
from articles.record.vocabulary import Role
from articles.review.needs.change_note import NoteMissing
from articles.review.responses.change_requests import ask
from articles.review.responses.suggestions import suggest
from articles.review.workflow import SignOffTask
from tests.admin.conftest import edit_form, sign_off_page
from tests.factories import edit, make_article, make_offer, make_source, make_topic, make_user, sign_as


def edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_submission_with_blocking_findings_keeps_the_words_and_leads_to_the_place(login, people):
    page = make_article(by=people.author, body=[])
    form = edit_form(page, summary="Typed just now.") | {"action-submit": "1"}

    answer = login(people.author).post(edit_url(page), form, follow=True)

    html = answer.content.decode()
    page = ArticlePage.objects.get(pk=page.pk)
    assert "Saved, but not submitted. Fix these first:" in html
    assert f"{edit_url(page)}#panel-child-article-body-section" in html
    assert page.get_latest_revision_as_object().summary == "Typed just now."
    assert not page.workflow_in_progress
    assert not Event.objects.filter(kind="submitted").exists()


def test_a_new_article_with_blocking_findings_is_kept_as_a_draft(login, people):
    index = ArticleIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", index.pk])
    form = edit_form(ArticlePage(title="New", slug="new", summary="Short.")) | {"action-submit": "1"}

    answer = login(people.author).post(url, form, follow=True)

    page = ArticlePage.objects.get(slug="new")
    assert "Saved, but not submitted" in answer.content.decode()
    assert not page.workflow_in_progress
    assert not page.live


def whole_form(page) -> dict:
    """What the editor posts of a short article that has no blocking finding; its sections keep their ids."""
    text = {"heading": "", "text": rich_text("<p>An itchy scalp is common.</p>")}
    listed = {"heading": "Sources", "text": rich_text(""), "items": streamfield([("item", make_source().pk)])}
    form = edit_form(page, body=streamfield([("introduction", text), ("sources", listed)]))
    return form | {f"body-{number}-id": str(uuid4()) for number in (0, 1)}


def said_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_submission_says_which_signatures_are_missing(login, people):
    page = make_article(by=people.author)

    answer = login(people.author).post(edit_url(page), whole_form(page) | {"action-submit": "1"}, follow=True)

    (said,) = said_of(answer)
    assert f"“{page.title}” was submitted. Still missing: editor on the medical part;" in said


def test_a_submission_of_a_text_with_all_its_signatures_says_that_it_is_published(login, people):
    page, client = make_article(by=people.author), login(people.author)
    form = whole_form(page)
    client.post(edit_url(page), form, follow=True)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    (said,) = said_of(client.post(edit_url(page), form | {"action-submit": "1"}, follow=True))

    assert f"“{page.title}” was submitted and published as edition 1." in said
    assert Publication.objects.get(article=page.article_id).edition == 1


def test_a_new_article_that_is_submitted_says_which_signatures_are_missing(login, people):
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", ArticleIndexPage.objects.get().pk])
    page = ArticlePage(title="New", slug="new", summary="Short.", article_type="explainer", audience="patient")

    (said,) = said_of(login(people.author).post(url, whole_form(page) | {"action-submit": "1"}, follow=True))

    assert "“New” was submitted. Still missing:" in said


def test_an_article_that_was_sent_back_is_not_resumed_with_blocking_findings(login, people, submitted):
    state = submitted.current_workflow_state.current_task_state
    state.reject(user=people.editor, comment="Mend it.")
    page = edit(submitted, by=people.author, body=[])

    login(people.author).post(edit_url(page), edit_form(page) | {"action-submit": "1"})

    page = ArticlePage.objects.get(pk=page.pk)
    assert page.current_workflow_state.status == "needs_changes"


def test_a_step_does_not_start_with_blocking_findings_whoever_starts_it(people):
    page = make_article(by=people.author, body=[])

    with pytest.raises(BlockedByFindings):
        page.get_workflow().start(page, people.author)

    assert not ArticlePage.objects.get(pk=page.pk).workflow_in_progress


@pytest.mark.parametrize("action", ["action-publish", "action-workflow-action"])
def test_a_superuser_publishes_nothing_from_the_editor(login, people, submitted, action):
    root = make_user("root", is_superuser=True)
    form = edit_form(submitted) | {action: "1", "workflow-action-name": "approve"}

    login(root).post(edit_url(submitted), form)

    assert not Publication.objects.exists()
    assert not ArticlePage.objects.get(pk=submitted.pk).live


def test_review_and_sign_in_the_editor_leads_to_the_sign_off_page(login, people, submitted):
    form = edit_form(submitted) | {"action-workflow-action": "1", "workflow-action-name": "sign_off"}

    answer = login(people.editor).post(edit_url(submitted), form)

    assert answer.url == sign_off_page(submitted)


def test_the_dashboards_action_leads_to_the_sign_off_page_too(login, people, submitted):
    state = submitted.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "sign_off", state.pk])

    answer = login(people.editor).post(url)

    assert answer.url == sign_off_page(submitted)


def with_unknown_block(page) -> ArticlePage:
    revision = page.get_latest_revision()
    body = [*json.loads(revision.content["body"]), {"type": "hologram", "id": "1", "value": {"text": "Precious"}}]
    content = revision.content | {"body": json.dumps(body)}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    return ArticlePage.objects.get(pk=page.pk)


def test_saving_refuses_to_drop_a_block_that_is_not_known(people):
    page = with_unknown_block(make_article(by=people.author))

    with pytest.raises(UnknownBlock, match="hologram"):
        page.get_latest_revision_as_object().save_revision(user=people.author)


def test_the_editor_does_not_open_what_it_would_lose(login, people):
    page = with_unknown_block(make_article(by=people.author))

    answer = login(people.author).get(edit_url(page), follow=True)

    assert "hologram" in answer.content.decode()
    assert "Precious" in page.get_latest_revision().content["body"]


def test_an_autosave_is_refused_in_its_own_language(login, people):
    page = with_unknown_block(make_article(by=people.author))

    answer = login(people.author).post(edit_url(page), edit_form(page), headers={"accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json()["errorCode"] == "unknown-block"


def test_the_preview_is_the_reading_page(login, people):
    page = make_article(by=people.author, body=None)
    revision = page.get_latest_revision()
    url = reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk])

    html = login(people.author).get(url).content.decode()

    assert "No clinician has signed this text yet" in html
    assert "What causes it?" in html


def test_the_review_panel_is_for_who_may_edit(login, people, submitted):
    url = reverse("articles_panel", args=[submitted.pk])

    assert "Missing: editor on the medical part" in login(people.author).get(url).content.decode()
    assert login(make_user("other", "Authors")).get(url).status_code == 404


def test_the_editor_says_what_a_change_costs(login, people, submitted, published):
    def said(page) -> str:
        html = login(people.author).get(reverse("articles_panel", args=[page.pk])).content.decode()
        found = re.search(r"data-vetted-above>(.+?)</p>", html)
        return found[1] if found else ""

    in_review = said(submitted)
    sign_as(submitted, people.editor, Role.EDITOR)

    assert in_review.startswith("This text is in review. You can change it")
    assert said(submitted) == (
        "Editor signed this text. If you change it, a signature on what changed no longer counts."
    )
    assert said(published) == said(make_article(by=people.author)) == ""


def test_the_editor_says_above_the_text_that_reviewers_answered(login, people, submitted):
    suggest(
        page=submitted, by=people.reviewer, section="", key="summary", before=submitted.summary, after="It is rare."
    )
    ask(target=submitted, by=people.reviewer, reason="Say how many.")

    html = login(people.author).get(reverse("articles_panel", args=[submitted.pk])).content.decode()

    lines = re.findall(r"data-vetted-above>(.+?)</p>", html)
    assert lines[0] == "Dr Ada Reviewer asked for changes. The Review panel (the clipboard) says which."
    assert lines[1] == "Reviewers left 1 suggestion. The Review panel (the clipboard) shows them."


def test_each_place_that_a_message_leads_to_is_in_the_editor(login, people, submitted):
    html = login(people.author).get(reverse("wagtailadmin_pages:edit", args=[submitted.pk])).content.decode()

    assert [name for name, panel in PANELS.items() if f'id="panel-child-{panel}-section"' not in html] == []


def test_a_refusal_leads_to_the_field_where_something_is_to_do(rf, published):
    request = rf.get("/")
    request.session, request._messages = {}, CookieStorage(request)

    say_refusal(request, NoteMissing("Describe the change."), published)

    (message,) = get_messages(request)
    assert "Saved, but not submitted. Describe the change." in str(message)
    assert f'/edit/#panel-child-{PANELS["change_note"]}-section"' in str(message) and "Show the field" in str(message)


def test_findings_are_in_one_panel_and_a_text_in_review_is_not_called_locked(login, people, submitted):
    html = login(people.author).get(reverse("wagtailadmin_pages:edit", args=[submitted.pk])).content.decode()

    assert 'data-side-panel-toggle="review"' in html and 'data-side-panel-toggle="checks"' not in html
    assert "Locked" not in html and "You can still change it." in html


def test_the_start_page_lists_what_waits_for_me_alone(login, people, submitted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_offer(by=people.author)

    editor = login(people.editor).get("/admin/").content.decode()
    reviewer = login(people.reviewer).get("/admin/").content.decode()
    author = login(people.author).get("/admin/").content.decode()

    assert sign_off_page(submitted) in editor
    assert "/admin/sign-off/offer/" in editor
    assert sign_off_page(submitted) not in reviewer and "/admin/sign-off/offer/" in reviewer
    assert "My review queue" not in author


@pytest.mark.parametrize(
    ("verb", "who", "form"),
    [
        ("withdraw", "editor", {"reason": "safety"}),
        ("refile", "editor", {"slug": "moved"}),
    ],
)
def test_an_editor_withdraws_and_refiles_from_the_admin(login, people, published, verb, who, form):
    url = reverse(f"articles_{verb}", args=[published.pk])
    client = login(getattr(people, who))

    assert client.get(url).status_code == 200
    client.post(url, form)

    row = Publication.objects.get(article=published.article_id)
    assert (row.state, row.slug) in {("withdrawn", published.slug), ("published", "moved")}
    assert Event.objects.last().actor["user"] == people.editor.pk


@pytest.mark.parametrize("verb", ["withdraw", "refile"])
def test_an_author_may_do_neither(login, people, published, verb):
    answer = login(people.author).post(
        reverse(f"articles_{verb}", args=[published.pk]), {"slug": "x", "reason": "other"}
    )

    assert answer.status_code == 302
    assert Publication.objects.get().state == "published"


def test_refiling_says_what_is_wrong_with_a_taken_address(login, people, published, publish):
    other = publish(make_article(by=people.author, topics=[make_topic()]))

    answer = login(people.editor).post(reverse("articles_refile", args=[other.pk]), {"slug": published.slug})

    assert "Another article uses the address" in answer.content.decode()


def test_disabling_a_step_publishes_nothing(people, submitted):
    for task in SignOffTask.objects.all():
        task.deactivate(user=people.editor)

    assert not Publication.objects.exists()
