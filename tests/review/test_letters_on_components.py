"""Letters on offers and disclaimers, which have no workflow: to who is asked to sign, and to those who wrote them.

All of them wait for the digest; test_digests shows what is read there.
"""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from wagtail.models import Revision

from articles.publishing.void import void
from articles.record.models import SignOff
from articles.record.vocabulary import DeclineReason, Role
from articles.review.models import Contribution, Mail, OpenNeed
from articles.review.responses import change_requests, declines
from cms.models import User
from tests.factories import make_clinician, make_disclaimer, make_offer, make_user, note_needs, sign_as


@pytest.fixture(autouse=True)
def people_have_addresses(people, lead):
    make_user("bystander", "Authors")
    make_clinician("lawyer", name="A Lawyer", medical=False, legal=True)
    User.objects.update(email=Concat(F("username"), Value("@example.org")))


@pytest.fixture
def happen(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def disclaimer(people, happen):
    with happen():
        return make_disclaimer(by=User.objects.get(username="author"))


def told(kind: str) -> list[str]:
    addresses = Mail.objects.filter(kind=kind).order_by("address").values_list("address", flat=True)
    return [address.removesuffix("@example.org") for address in addresses]


def letter(kind: str) -> Mail:
    return Mail.objects.filter(kind=kind).latest("pk")


def save(target, by: str, **fields):
    target = type(target).objects.get(pk=target.pk)
    for name, value in fields.items():
        setattr(target, name, value)
    target.save()
    target.save_revision(user=User.objects.get(username=by))
    return target


def test_a_new_text_is_told_to_those_who_can_sign_it(disclaimer):
    assert told("submitted") == ["reviewer"]
    row = letter("submitted")
    assert row.title == f"To sign: {disclaimer.name}"
    assert "author submitted this text for review." in row.text and "medical reviewer" in row.text
    assert f"/admin/sign-off/disclaimer/{disclaimer.pk}/" in row.link


def test_a_text_is_told_of_once(disclaimer, happen):
    with happen():
        Revision.objects.get(object_id=str(disclaimer.pk), content_type__model="disclaimer").save()
    note_needs(disclaimer)

    assert OpenNeed.objects.filter(closed_at=None).count() == 1
    assert told("submitted") == ["reviewer"]


def test_the_next_text_is_told_of_too(people, disclaimer, happen):
    with happen():
        sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    with happen():
        save(disclaimer, "author", text="<p>No advice at all.</p>")

    assert told("submitted") == ["reviewer", "reviewer"]


def test_a_voided_signature_asks_for_the_same_text_again(people, lead, disclaimer, happen):
    with happen():
        sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    with happen():
        void(signoff=SignOff.objects.get(), reason="The licence had lapsed.", by=lead)

    assert told("submitted") == ["reviewer", "reviewer"]


def test_changes_requested_are_told_to_who_wrote_it(people, disclaimer):
    change_requests.ask(target=disclaimer, by=people.reviewer, reason="Say whom to ask.")

    assert told("changes-requested") == ["author"]
    assert "“Say whom to ask.”" in letter("changes-requested").text


def test_what_was_sent_back_is_told_of_again_once_it_is_another_text(people, disclaimer, happen):
    change_requests.ask(target=disclaimer, by=people.reviewer, reason="Say whom to ask.")
    note_needs(disclaimer)
    before = told("submitted")
    for words in ("Ask a doctor.", "Ask a clinician."):
        with happen():
            save(disclaimer, "author", text=f"<p>{words}</p>")

    assert before == ["reviewer"]
    assert told("submitted") == ["reviewer", "reviewer"]


def test_a_decline_is_told_to_who_wrote_it_and_to_the_leads_when_nobody_is_left(people, disclaimer):
    declines.decline(target=disclaimer, by=people.reviewer, role=Role.MEDICAL, reason=DeclineReason.NO_TIME)

    assert (told("declined"), told("nobody-can-sign")) == (["author"], ["lead"])


@pytest.mark.parametrize(
    "make, signers",
    [(make_disclaimer, [("reviewer", "medical")]), (make_offer, [("editor", "editor"), ("reviewer", "medical")])],
)
def test_signature_and_publication_are_told_to_who_wrote_it(people, make, signers):
    made = make(by=User.objects.get(username="author"))

    for who, role in signers:
        sign_as(made, User.objects.get(username=who), role)

    assert told("signed") == ["author"] * len(signers)
    assert told("published") == ["author"]
    assert made.name in letter("signed").title
    assert "Readers now get edition 1." in letter("published").text


def test_who_wrote_the_last_text_is_told_and_not_who_wrote_an_earlier_one(people, disclaimer):
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    make_user("second", "Authors", email="second@example.org")
    Mail.objects.all().delete()
    again = save(disclaimer, "second", text="<p>No advice at all.</p>")

    sign_as(again, people.reviewer, Role.MEDICAL)

    assert told("signed") == told("published") == ["second"]


def test_where_nobody_is_known_to_have_written_it_the_editors_are_told(people, disclaimer):
    Contribution.objects.all().delete()

    change_requests.ask(target=disclaimer, by=people.reviewer, reason="Say whom to ask.")
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)

    assert told("changes-requested") == told("signed") == told("published") == ["editor"]
