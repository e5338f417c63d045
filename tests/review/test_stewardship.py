"""Policies and people: leads alone change them, wherever the change comes from, and each change is a line."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import LogContext

from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.record.models import Event
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.models import Policy
from articles.review.policies import stewardship
from articles.review.policies.stewardship import NotALead, NotVouchedFor, PolicyInUse
from tests.factories import edit, make_article, make_offer, make_topic, make_user

VOUCHED = {
    "name": "Dr Bea",
    "medical": True,
    "registration_body": "Demo Register",
    "registration_number": "7",
    "verified_by": "Lead",
    "verified_on": date(2026, 1, 2),
}


@pytest.fixture
def policy(db):
    return Policy.objects.get(kind="medical")


def lines(subject):
    return list(Event.objects.filter(kind=EventKind.POLICY_CHANGED, subject=subject))


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", "On-call clinicians"])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_else_changes_a_policy(policy, group, is_superuser):
    policy.medical = 2

    with LogContext(user=make_user("other", group, is_superuser=is_superuser)), pytest.raises(PermissionDenied):
        policy.save()

    assert Policy.objects.get(pk=policy.pk).medical == 1
    assert not lines(policy.policy_id)


def test_a_lead_changes_a_policy_and_the_ledger_says_what(policy, lead):
    policy.medical, policy.article_types = 2, ["treatment"]

    with LogContext(user=lead):
        policy.save()

    (event,) = lines(policy.policy_id)
    assert (event.subject_kind, event.actor["user"]) == (SubjectKind.POLICY, lead.pk)
    assert event.data == {
        "name": policy.name,
        "before": {"medical": 1, "article_types": []},
        "after": {"medical": 2, "article_types": ["treatment"]},
    }


def test_saving_what_is_there_already_is_no_change(policy, lead):
    with LogContext(user=make_user("other", "Editors")):
        policy.save()

    assert not lines(policy.policy_id)


def test_only_the_fields_that_are_saved_count(policy, lead):
    policy.medical, policy.grace_days = 3, 10

    with LogContext(user=lead):
        policy.save(update_fields=["grace_days"])

    assert lines(policy.policy_id)[0].data["after"] == {"grace_days": 10}


def test_the_topics_of_a_policy_are_part_of_it(policy, lead):
    topic = make_topic()

    with LogContext(user=make_user("other", "Editors")), pytest.raises(NotALead):  # noqa: SIM117 - its own savepoint
        with transaction.atomic():
            policy.topics.add(topic)
    with LogContext(user=lead):
        policy.topics.add(topic)

    (event,) = lines(policy.policy_id)
    assert event.data == {"name": policy.name, "before": {"topics": []}, "after": {"topics": [topic.slug]}}


def test_a_topic_that_a_policy_goes_by_stays(policy):
    topic = make_topic()
    policy.topics.add(topic)

    with pytest.raises(PolicyInUse, match="goes by the topic"):
        topic.delete()


def test_no_kind_of_text_is_left_without_a_default(policy, lead):
    policy.is_default = False

    with LogContext(user=lead), pytest.raises(PolicyInUse, match="Make another policy the default"):
        policy.save()

    assert Policy.objects.get(pk=policy.pk).is_default


def test_a_new_default_takes_the_place_of_the_old_one(policy, lead):
    with LogContext(user=lead):
        other = Policy.objects.create(name="Two clinicians", kind="medical", medical=2, is_default=True)

    assert list(Policy.objects.filter(kind="medical", is_default=True)) == [other]
    assert lines(policy.policy_id)[0].data["after"] == {"is_default": False}


def test_making_and_deleting_a_policy_are_changes(lead):
    with LogContext(user=lead):
        made = Policy.objects.create(name="Two clinicians", kind="medical", medical=2)
        made.delete()

    born, gone = lines(made.policy_id)
    assert (born.data["before"], born.data["after"]["medical"]) == ({}, 2)
    assert (gone.data["before"]["medical"], gone.data["after"]) == (2, {})


def test_nobody_else_makes_or_deletes_one(policy):
    with LogContext(user=make_user("other", "Editors")):
        with pytest.raises(NotALead):
            Policy.objects.create(name="Mine", kind="offer")
        with pytest.raises(NotALead), transaction.atomic():
            policy.delete()

    assert Policy.objects.count() == 4


def test_the_default_of_a_kind_is_not_deleted(policy, lead):
    with LogContext(user=lead), pytest.raises(PolicyInUse, match="default of its kind"):
        policy.delete()


def test_a_policy_that_a_component_chose_is_not_deleted(people):
    chosen = Policy.objects.create(name="Legal, too", kind="offer", legal=1)
    make_offer(by=people.author, policy=chosen)

    with pytest.raises(PolicyInUse, match="chosen for 1 text,"), transaction.atomic():
        chosen.delete()

    assert Offer.objects.get().policy == chosen


def test_a_policy_that_only_a_draft_chose_is_not_deleted_either(people):
    chosen = Policy.objects.create(name="Two", kind="medical", medical=2)
    page = edit(make_article(by=people.author), by=people.author, policy=chosen)

    with pytest.raises(PolicyInUse), transaction.atomic():
        chosen.delete()

    assert ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object().policy == chosen


def test_a_lead_vouches_for_a_person(lead):
    with LogContext(user=lead):
        person = Person.objects.create(**VOUCHED)
        person.valid_until = date(2027, 5, 1)
        person.save()

    born, changed = lines(person.person_id)
    assert born.subject_kind == SubjectKind.PERSON
    assert born.data["after"]["verified_on"] == "2026-01-02"
    assert changed.data == {
        "name": "Dr Bea",
        "before": {"valid_until": None},
        "after": {"valid_until": "2027-05-01"},
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("medical", False),
        ("credentials", "MD PhD"),
        ("specialty", "Surgery"),
        ("registration_number", "8"),
        ("valid_until", date(2090, 1, 1)),
        ("verified_by", "Myself"),
        ("interests", "None declared"),
    ],
)
def test_nobody_changes_what_they_sign_with_themselves(people, field, value):
    person = people.reviewer.person
    setattr(person, field, value)

    with LogContext(user=people.reviewer), pytest.raises(NotALead):
        person.save()


def test_a_login_is_given_by_leads_and_its_loss_is_a_line(people, lead):
    person = people.reviewer.person
    person.user = None
    with LogContext(user=people.editor), pytest.raises(NotALead):
        person.save()

    people.reviewer.delete()

    assert lines(person.person_id)[-1].data == {
        "name": person.name,
        "before": {"user": "reviewer"},
        "after": {"user": None},
    }


@pytest.mark.parametrize("missing", ["registration_body", "registration_number", "verified_by", "verified_on"])
def test_a_role_needs_a_registration_that_somebody_looked_up(lead, missing):
    person = Person(**(VOUCHED | {missing: None if missing == "verified_on" else ""}))

    with pytest.raises(ValidationError) as refused:
        person.full_clean(exclude=["user"])
    with LogContext(user=lead), pytest.raises(NotVouchedFor):
        person.save()

    assert list(refused.value.message_dict) == [missing] or missing == "verified_on"
    assert not Person.objects.exists()


def test_an_author_needs_no_registration(lead):
    with LogContext(user=lead):
        Person.objects.create(name="Ada", credentials="BSc").full_clean()

    assert Person.objects.get().name == "Ada"


def test_being_away_is_for_the_person_and_leads_and_no_line(people, lead):
    person = people.reviewer.person
    before = len(lines(person.person_id))

    with LogContext(user=people.reviewer):
        stewardship.set_away(person=person, until=date(2026, 12, 24), by=people.reviewer)
    with LogContext(user=lead):
        stewardship.set_away(person=person, until=date(2026, 12, 31), by=lead)
    with LogContext(user=people.editor), pytest.raises(NotALead):
        stewardship.set_away(person=person, until=None, by=people.editor)

    assert Person.objects.get(pk=person.pk).away_until == date(2026, 12, 31)
    assert len(lines(person.person_id)) == before
