"""Return unchanged: what was withdrawn for a reason that says nothing against it comes back by one signature."""

import json
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
from django.utils import timezone

from articles.admin.evidence import verify_pack
from articles.admin.evidence.pack import make_pack
from articles.admin.evidence.question import Question
from articles.authoring.components import Disclaimer
from articles.errors import ContentChanged, NotAuthenticated
from articles.publishing.recall import returning
from articles.publishing.session import following
from articles.publishing.session.signing import NothingTicked
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw, withdraw_component, withdraw_many
from articles.record.ledger.sentences import sentence
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import AfterGrace, WithdrawReason
from articles.review.models import Mail, Policy
from articles.review.opening import load_current
from articles.review.submit import submit
from articles.sources.models import Source
from tests.factories import (
    PASSWORD,
    edit,
    make_article,
    make_clinician,
    make_on_call,
    make_user,
    publish_at_once,
    sign_and_publish,
)
from tests.hands import amend, fresh
from tests.pipeline.reading import get, verified

SILENT = [str(reason) for reason in returning.REASONS]
SPEAKING = sorted(set(WithdrawReason.values) - set(SILENT))


def page_for(user, *pages):
    """What the page of returns shows this person: its token, and why an article cannot come back, by article."""
    found = returning.candidates([fresh(page) for page in pages], user)
    why = {each.review.id: each.obstacle for each in found}
    return SimpleNamespace(token=returning.page_token(user, found), why=why)


def bring_back(user, *pages, shown=None, password=PASSWORD):
    token = (shown or page_for(user, *pages)).token
    ticked = [str(page.article_id) for page in pages]
    return returning.return_unchanged(user=user, token=token, ticked=ticked, password=password)


def why_not(page, user) -> str:
    return page_for(user, page).why[page.article_id]


@pytest.mark.parametrize("reason", SILENT)
def test_one_signature_brings_an_unchanged_article_back(published, people, reason):
    before = get(published).json()
    withdraw(page=published, reason=reason, by=people.editor)
    assert get(published).status_code == 410

    signed = bring_back(people.reviewer, published)

    after = get(published).json()
    for name in ("content", "review", "edition", "url"):
        assert after[name] == before[name]  # the review date and the reviewers stay
    assert fresh(published).live and signed.left_out == []
    (row,) = signed.signoffs
    assert (row.role, row.part, row.scope) == ("medical", "medical", "changes")
    (item,) = json.loads(row.statement)["items"]
    assert item["from"] == item["digest"] == row.digest and "change" not in item  # an empty difference
    assert Event.objects.get(kind="returned").data["signoffs"] == [row.pk]
    line = Event.objects.get(number=row.event)
    assert (
        sentence(line)
        == "Signed that the article may return unchanged as medical reviewer; password (weaker than a passkey)."
    )
    verified()


def test_the_owner_reads_of_it_in_the_daily_letter(published, people):
    type(people.author).objects.filter(pk=people.author.pk).update(email="author@example.org")
    withdraw(page=published, reason="other", by=people.editor)

    bring_back(people.reviewer, published)

    row = Mail.objects.get(kind="returned", user=people.author)
    assert row.batch is None and "Dr Ada Reviewer brought it back unchanged" in row.text


@pytest.mark.parametrize("reason", SPEAKING)
def test_what_was_withdrawn_for_what_it_says_needs_all_signatures(published, people, reason):
    withdraw(page=published, reason=reason, by=people.editor)

    assert "signed again" in why_not(published, people.reviewer)
    with pytest.raises(NothingTicked):
        bring_back(people.reviewer, published)
    assert get(published).status_code == 410


def test_many_come_back_by_one_statement(published, people, publish):
    pages = [published, publish(make_article(by=people.author)), publish(make_article(by=people.author))]
    withdraw_many(articles=[page.article_id for page in pages], reason="other", by=people.editor)

    signed = bring_back(people.reviewer, *pages)

    assert len({row.statement for row in signed.signoffs}) == 1
    assert [get(page).status_code for page in pages] == [200, 200, 200]
    verified()


def test_only_what_was_selected_comes_back(published, people, publish):
    other = publish(make_article(by=people.author))
    withdraw_many(articles=[published.article_id, other.article_id], reason="legal", by=people.editor)

    shown = page_for(people.reviewer, published, other)
    bring_back(people.reviewer, other, shown=shown)

    assert (get(published).status_code, get(other).status_code) == (410, 200)


def change_the_draft(page, people) -> None:
    edit(page, by=people.author, summary="Another text.")


def retract_a_source(page, people) -> None:
    for source in Source.objects.all():
        source.status = "retracted"
        source.save()


def void_a_signature(page, people) -> None:
    row = SignOff.objects.get(subject=page.article_id, role="medical")
    void(signoff=row, reason="The licence had been suspended.", by=make_user("lead", "Medical leads"))


def withdraw_its_disclaimer(page, people) -> None:
    withdraw_component(component=Disclaimer.objects.get(), reason="other", by=people.editor)


HINDRANCES = [
    (change_the_draft, "changed since it was published"),
    (retract_a_source, "retracted"),
    (void_a_signature, "signatures were not complete"),
    (withdraw_its_disclaimer, "disclaimers are not signed"),
]


@pytest.mark.parametrize(("happen", "why"), HINDRANCES)
def test_what_is_no_longer_what_was_signed_stays_withdrawn(published, people, happen, why):
    withdraw(page=published, reason="other", by=people.editor)
    shown = page_for(people.reviewer, published)  # before it happened

    happen(published, people)

    assert why in why_not(published, people.reviewer)
    signed = bring_back(people.reviewer, published, shown=shown)
    assert signed.signoffs == [] and why in signed.left_out[0][1]
    assert get(published).status_code == 410 and not Event.objects.filter(kind="returned").exists()


def test_who_may_not_sign_the_text_does_not_return_it(published, people):
    withdraw(page=published, reason="other", by=people.editor)
    other = make_clinician("other", specialty="Cardiology")
    policy = Policy.objects.get(is_default=True, kind="medical")

    assert "cannot sign this as medical reviewer" in why_not(published, people.editor)
    assert why_not(published, other) == ""
    policy.specialty = "Dermatology"
    policy.save()
    assert why_not(published, other) == "The policy requires a clinician of Dermatology."


def test_who_wrote_the_text_does_not_return_it(people, published):
    writer = make_clinician("writer")
    page = make_article(by=writer)
    sign_and_publish(page, by=writer, editor=people.editor, reviewer=people.reviewer)
    withdraw(page=page, reason="other", by=people.editor)

    assert "four-eyes rule" in why_not(page, writer)


def test_a_password_a_token_and_a_selection_are_needed(published, people, publish):
    other = publish(make_article(by=people.author))
    withdraw_many(articles=[published.article_id, other.article_id], reason="other", by=people.editor)
    shown = page_for(people.reviewer, published)

    with pytest.raises(NotAuthenticated):
        bring_back(people.reviewer, published, shown=shown, password="wrong")
    with pytest.raises(NothingTicked):
        bring_back(people.reviewer, shown=shown)
    with pytest.raises(NothingTicked):  # it was not on the page
        bring_back(people.reviewer, other, shown=shown)
    with pytest.raises(ContentChanged):  # the page of somebody else
        bring_back(make_clinician("other"), published, shown=shown)
    assert get(published).status_code == get(other).status_code == 410


def test_a_page_that_was_sent_twice_returns_once(published, people):
    withdraw(page=published, reason="other", by=people.editor)
    shown = page_for(people.reviewer, published)
    bring_back(people.reviewer, published, shown=shown)

    again = bring_back(people.reviewer, published, shown=shown)

    assert again.signoffs == [] and again.left_out[0][1] == "It is not withdrawn."
    assert Event.objects.filter(kind="returned").count() == 1


def test_the_signature_of_a_return_counts_for_nothing_else(published, people, lead):
    """Nobody read the text again for it, so it replaces no signature that is voided later."""
    original = SignOff.objects.get(subject=published.article_id, role="medical")
    withdraw(page=published, reason="other", by=people.editor)
    bring_back(make_clinician("other"), published)

    void(signoff=original, reason="The licence had been suspended.", by=lead)

    assert get(published).json()["review"]["status"] == "due"
    assert load_current(fresh(published)).counting("medical") == [
        SignOff.objects.get(subject=published.article_id, role="editor", part="medical")
    ]
    verified()


@pytest.mark.parametrize("after_grace", AfterGrace.values)
def test_a_voided_return_makes_the_review_due(people, publish, lead, after_grace):
    Policy.objects.update(after_grace=after_grace)
    page = publish(make_article(by=people.author))
    withdraw(page=page, reason="other", by=people.editor)
    (row,) = bring_back(people.reviewer, page).signoffs

    void(signoff=row, reason="It was not their password.", by=lead)

    answer = get(page)
    if after_grace == AfterGrace.WITHHOLD:
        assert answer.status_code == 410 and answer.json()["temporary"]
    else:
        assert answer.json()["review"]["status"] == "due"
    verified()


def test_what_was_returned_can_be_changed_and_withdrawn_again(published, people, publish):
    withdraw(page=published, reason="other", by=people.editor)
    bring_back(people.reviewer, published)

    publish(edit(published, by=people.author, summary="Better words."))
    assert get(published).json()["edition"]["number"] == 2
    withdraw(page=fresh(published), reason="other", by=people.editor)
    assert get(published).status_code == 410
    bring_back(people.reviewer, published)
    assert get(published).json()["content"]["summary"] == "Better words."
    assert Edition.objects.filter(subject=published.article_id).count() == 2
    verified()


def test_an_evidence_pack_of_a_returned_article_holds_the_signature_of_the_return(published, people, tmp_path):
    withdraw(page=published, reason="other", by=people.editor)
    (row,) = bring_back(people.reviewer, published).signoffs

    (tmp_path / "pack.zip").write_bytes(make_pack(Question(published.article_id)).content)

    command = [sys.executable, "-I", verify_pack.__file__, tmp_path / "pack.zip"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "The pack is valid: nothing was changed.")
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        assert f'"number":{row.pk}' in pack.read("signoffs.json").decode().replace(" ", "")


def test_the_minute_job_does_not_open_what_was_returned(published, people, monkeypatch):
    withdraw(page=published, reason="other", by=people.editor)
    bring_back(people.reviewer, published)
    opened = []
    monkeypatch.setattr(following, "finish", opened.append)

    following.finish_all(timezone.now())

    assert opened == []


def test_a_review_of_the_same_text_ends_when_it_is_returned(published, people):
    withdraw(page=published, reason="other", by=people.editor)
    amend(published, people.author, change_note="It was withdrawn by mistake.")
    submit(page=fresh(published), by=people.author)

    bring_back(people.reviewer, published)

    assert get(published).status_code == 200 and not fresh(published).workflow_in_progress


def test_an_emergency_that_nobody_completed_does_not_come_back_by_a_return(people):
    page = make_article(by=people.author)
    publish_at_once(page, make_on_call())
    withdraw(page=fresh(page), reason="other", by=people.editor)

    assert "signatures were not complete" in why_not(page, people.reviewer)
