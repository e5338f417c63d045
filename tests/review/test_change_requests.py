"""Asking for changes, and declining to sign: what is written, who sees it, and what it prevents."""

import pytest
from wagtail.models import Comment, WorkflowState

from articles.authoring.models import ArticlePage
from articles.record.vocabulary import DeclineReason, Role
from articles.review.models import ChangeRequest, Decline, OpenNeed
from articles.review.needs.rules import independence_refusal
from articles.review.opening import load
from articles.review.responses import change_requests
from articles.review.responses.change_requests import CannotRequestChanges, ask
from articles.review.responses.declines import CannotDecline, decline
from articles.review.submit import submit
from articles.review.workflow import sign_off_url
from tests.factories import edit, make_article, make_clinician, make_disclaimer, now, sign_as


@pytest.fixture
def waiting(people):
    """An article that waits for a clinician."""
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return fresh(page)


def fresh(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_a_request_sends_the_article_back_and_is_written_with_the_digests_it_was_about(people, waiting):
    digests = load(waiting).digests

    ask(target=waiting, by=people.reviewer, reason=" Name the dose. ")

    row = ChangeRequest.objects.get()
    assert (row.user, row.role, row.reason, row.digests) == (people.reviewer, "medical", "Name the dose.", digests)
    state = fresh(waiting).current_workflow_state
    assert state.status == "needs_changes"
    assert state.task_states.filter(comment="Name the dose.").exists()


def test_wagtails_own_button_writes_the_request_down_too(people, waiting):
    state = waiting.current_workflow_task_state

    state.task.specific.on_action(state, people.reviewer, "reject", comment="Name the dose.")

    assert ChangeRequest.objects.get().reason == "Name the dose."


def test_comments_on_blocks_are_wagtails_own(people, waiting):
    section = load(waiting).draft.sections[1].id

    ask(target=waiting, by=people.reviewer, reason="See the comments.", comments={section: "How often?", "gone": " "})

    comment = Comment.objects.get()
    assert (comment.page_id, comment.user, comment.text) == (waiting.pk, people.reviewer, "How often?")
    assert comment.contentpath == f"body.{section}.heading"
    assert comment.revision_created_id == waiting.latest_revision_id
    assert comment.has_valid_contentpath(waiting.get_latest_revision_as_object())


def test_a_comment_on_a_section_that_is_gone_sends_nothing_back(people, waiting):
    with pytest.raises(CannotRequestChanges, match="no longer exists"):
        ask(target=waiting, by=people.reviewer, reason="See.", comments={"gone": "How often?"})

    assert not ChangeRequest.objects.exists()
    assert fresh(waiting).workflow_in_progress


@pytest.mark.parametrize("reason", ["", "  ", "x" * 4001])
def test_a_request_without_a_reason_or_with_too_long_a_one_is_refused(people, waiting, reason):
    with pytest.raises(CannotRequestChanges):
        ask(target=waiting, by=people.reviewer, reason=reason)

    assert not ChangeRequest.objects.exists()


def test_who_cannot_sign_sends_nothing_back(people, waiting):
    with pytest.raises(CannotRequestChanges, match="No signature in your role"):
        ask(target=waiting, by=people.author, reason="Shorter.")

    assert fresh(waiting).workflow_in_progress


@pytest.mark.parametrize("who", ["reviewer", "editor"])
def test_whoever_can_sign_sends_it_back_whoever_has_the_turn(people, waiting, who):
    ask(target=waiting, by=getattr(people, who), reason="Name the dose.")

    assert fresh(waiting).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert ChangeRequest.objects.get().role == {"reviewer": Role.MEDICAL, "editor": Role.EDITOR}[who]


def test_a_clinician_need_not_wait_for_the_editor_to_ask_for_changes(client, people, submitted):
    client.force_login(people.reviewer)
    assert "Request changes" in client.get(sign_off_url(submitted)).content.decode()

    ask(target=submitted, by=people.reviewer, reason="Name the dose.")

    assert fresh(submitted).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_a_disclaimer_has_no_workflow_and_the_request_is_written_all_the_same(people):
    made = make_disclaimer(by=people.author)

    ask(target=made, by=people.reviewer, reason="Say for whom.")

    assert ChangeRequest.objects.get().digests == load(made).digests


def test_a_request_stays_open_when_the_text_changes_and_is_settled_by_a_signature(people, waiting):
    ask(target=waiting, by=people.reviewer, reason="Name the dose.")
    row = ChangeRequest.objects.get()
    assert not change_requests.is_answered(row, load(waiting))

    page = edit(waiting, by=people.author, summary="With the dose.")
    assert change_requests.open_of(load(page)) == [row]
    assert change_requests.is_answered(row, load(page))

    page.current_workflow_state.resume(people.author)
    sign_as(page, people.editor, Role.EDITOR)
    assert change_requests.open_of(load(page)) == [row]
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    assert change_requests.open_of(load(fresh(page))) == []


def test_declining_gives_it_back_to_the_pool(people, waiting):
    asked = OpenNeed.objects.filter(subject=waiting.article_id, role="medical", closed_at=None).first()
    asked = asked or OpenNeed(subject_kind="article", subject=waiting.article_id, role="medical", asked_at=now())
    asked.taker, asked.taken_at = people.reviewer, now()
    asked.save()

    decline(target=waiting, by=people.reviewer, role="medical", reason=DeclineReason.NO_TIME, comment="Next week.")

    asked.refresh_from_db()
    assert (asked.taker, asked.taken_at, asked.closed_at) == (None, None, None)
    row = Decline.objects.get()
    assert (row.user, row.reason, row.comment) == (people.reviewer, "no-time", "Next week.")
    assert independence_refusal(load(waiting), people.reviewer, "medical") is None


def test_a_declared_conflict_bars_this_person_until_the_next_edition(people, waiting):
    other = make_clinician("other-clinician")
    decline(target=waiting, by=people.reviewer, role="medical", reason=DeclineReason.CONFLICT_OF_INTEREST)

    assert "declared a conflict of interest" in (independence_refusal(load(waiting), people.reviewer, "medical") or "")
    assert independence_refusal(load(waiting), other, "medical") is None

    sign_as(waiting, other, Role.MEDICAL, "medical")
    assert independence_refusal(load(fresh(waiting)), people.reviewer, "medical") is None


@pytest.mark.parametrize(
    ("role", "reason"), [("medical", ""), ("medical", "bored"), ("editor", "no-time"), ("king", "no-time")]
)
def test_what_is_not_asked_or_not_reasoned_is_not_declined(people, waiting, role, reason):
    with pytest.raises(CannotDecline):
        decline(target=waiting, by=people.reviewer, role=role, reason=reason)

    assert not Decline.objects.exists()


@pytest.mark.parametrize("sign", ["\x00", "\u202e"])
def test_invisible_characters_are_refused_in_words(people, waiting, sign):
    section = load(waiting).draft.sections[1].id

    with pytest.raises(CannotRequestChanges, match="invisible"):
        ask(target=waiting, by=people.reviewer, reason=f"Name {sign}05 mg.")
    with pytest.raises(CannotRequestChanges, match="invisible"):
        ask(target=waiting, by=people.reviewer, reason="See there.", comments={section: f"Name {sign}05 mg."})
    with pytest.raises(CannotDecline, match="invisible"):
        decline(target=waiting, by=people.reviewer, role="medical", reason="no-time", comment=sign)
    assert not ChangeRequest.objects.exists() and not Decline.objects.exists()
