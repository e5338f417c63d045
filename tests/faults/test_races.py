"""Two people, one moment: at each lock point at most one of two contradicting acts succeeds."""

import os
import random

import pytest
from wagtail.models import WorkflowState

from articles.authoring.models import ArticlePage
from articles.publishing.publish import publish_article
from articles.publishing.sign import sign
from articles.publishing.withdraw import withdraw
from articles.record.models import Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_clinician, sign_as
from tests.faults.processes import together
from tests.faults.scenes import Scene
from tests.faults.state import require_sound

ROUNDS = 20
LONG = 300 if os.environ.get("PROVE") else 1


class Desk(Scene):
    """Everything is ready for the clinician's signature, which two clinicians could give."""

    def arrange(self) -> None:
        super().arrange()
        self.second = make_clinician("second")
        submit(page=self.again(), by=self.people.author)
        sign_as(self.page, self.people.editor, Role.EDITOR)
        review = load(self.again())
        self.shown = {"medical": review.digests["medical"]}
        self.given = {"password": PASSWORD, "checklist": checklist.confirmed()}

    def signed_by(self, user):
        return lambda: sign(target=self.page, user=user, role=Role.MEDICAL, shown=self.shown, **self.given)

    def autosaved(self):
        draft = self.again().get_latest_revision_as_object()
        draft.summary = "Autosaved in the same moment."
        draft.save_revision(user=self.people.author, overwrite_revision=self.again().get_latest_revision(), clean=False)

    def edited(self):
        edit(self.again(), by=self.people.author, summary="Edited in the same moment.")

    def published(self):
        publish_article(page=self.again(), by=self.people.editor)

    def withdrawn(self):
        withdraw(page=self.again(), reason="other", by=self.people.editor)


@pytest.fixture
def desk(world):
    made = Desk()
    made.arrange()
    return made


def test_of_two_clinicians_who_sign_at_once_one_signature_is_taken(desk):
    told = together(desk.signed_by(desk.people.reviewer), desk.signed_by(desk.second))

    assert sorted(told) == ["cannot-sign", "done"]
    assert Edition.objects.filter(subject=desk.page.article_id).count() == 1
    require_sound()


def test_of_two_submissions_at_once_one_is_taken_and_the_other_one_told(world):
    draft = Scene()
    draft.arrange()

    told = together(*[lambda: submit(page=draft.again(), by=draft.people.author)] * 2)

    assert sorted(told) == ["cannot-submit", "done"]
    assert WorkflowState.objects.filter(object_id=draft.page.pk).count() == 1
    assert Event.objects.filter(subject=draft.page.article_id, kind="submitted").count() == 1
    require_sound()


def test_one_person_who_signs_twice_at_once_signs_once(desk):
    told = together(*[desk.signed_by(desk.people.reviewer)] * 2)

    assert sorted(told) == ["cannot-sign", "done"]
    assert SignOff.objects.filter(subject=desk.page.article_id, role=Role.MEDICAL).count() == 1


@pytest.mark.parametrize("change", ["autosaved", "edited"])
def test_a_text_that_changes_while_it_is_signed_is_never_published_unsigned(desk, change):
    signed, changed = together(desk.signed_by(desk.people.reviewer), getattr(desk, change))

    assert changed == "done"
    assert signed in ("done", "content-changed")
    assert Publication.objects.filter(article=desk.page.article_id).exists() == (signed == "done")
    assert "moment" in desk.again().get_latest_revision().content["summary"]
    require_sound()


def test_publishing_and_withdrawing_at_once_end_as_the_ledger_says(desk):
    sign_as(desk.page, desk.people.reviewer, Role.MEDICAL, "medical")

    told = together(desk.withdrawn, desk.published)

    assert told[0] == "done"
    assert told[1] in ("done", "not-signed-off")
    assert Publication.objects.get(article=desk.page.article_id).state == "withdrawn"
    require_sound()


def test_withdrawing_twice_at_once_happens_once(desk):
    sign_as(desk.page, desk.people.reviewer, Role.MEDICAL, "medical")

    told = together(desk.withdrawn, desk.withdrawn)

    assert sorted(told) == ["done", "not-published"]
    assert Event.objects.filter(subject=desk.page.article_id, kind="withdrawn").count() == 1


def test_in_random_rounds_nothing_succeeds_that_contradicts(world):
    play(ROUNDS, seed=7)


@pytest.mark.prove
def test_in_many_more_random_rounds_nothing_succeeds_that_contradicts(world):
    play(LONG, seed=8)


def play(rounds: int, *, seed: int) -> None:
    """Each round two acts at once on one article, whatever its state; every answer is a refusal or done."""
    desk, dice = Desk(), random.Random(seed)
    desk.arrange()
    acts = [desk.signed_by(desk.people.reviewer), desk.signed_by(desk.second), desk.autosaved, desk.edited]
    acts += [desk.published, desk.withdrawn, desk.signed_by(desk.people.editor)]

    for _ in range(rounds):
        told = together(dice.choice(acts), dice.choice(acts))

        assert [answer for answer in told if "Traceback" in answer] == []
        require_sound()
        if not ArticlePage.objects.get(pk=desk.page.pk).live:
            _start_again(desk)


def _start_again(desk: Desk) -> None:
    """A text that nobody has signed, taken through review."""
    page = edit(desk.again(), by=desk.people.author, summary=f"Begun anew after {Event.objects.count()} events.")
    if not page.workflow_in_progress:
        submit(page=page, by=desk.people.author)
    for user, role in ((desk.people.editor, Role.EDITOR), (desk.people.reviewer, Role.MEDICAL)):
        if parts := signatures.parts_to_sign(load(desk.again()), role):
            sign_as(desk.page, user, role, *parts)
    desk.shown = {"medical": load(desk.again()).digests["medical"]}
