"""Policies and people: leads alone change them, each change is a line, and a second lead confirms who signs."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.errors import CannotSign, ContentChanged
from articles.record.models import Event
from articles.record.vocabulary import EventKind, Role, SubjectKind
from articles.review import roles
from articles.review.models import Policy
from articles.review.policies import changes, leads
from articles.review.policies.changes import CannotConfirm, NotVouchedFor, PolicyInUse
from articles.review.policies.leads import NotALead
from articles.review.policies.reach import NobodyCanSign, signers_of, texts_under
from articles.review.policies.recorded import note_policies
from articles.review.policies.unrecorded import find_unrecorded
from articles.review.submit import submit
from tests.factories import edit, make_article, make_clinician, make_offer, make_topic, make_user, sign_as, today

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


@pytest.fixture
def second(db):
    return make_user("second lead", "Medical leads")


@pytest.fixture
def bea(lead):
    """A clinician whom one lead entered."""
    person = Person(user=make_user("bea", "Medical reviewers"), **VOUCHED)
    changes.change(person, by=lead)
    return person


def lines(subject, kind=EventKind.POLICY_CHANGED):
    return list(Event.objects.filter(kind=kind, subject=subject))


def confirm(person, by):
    changes.confirm(person, shown=changes.mark_of(Person.objects.get(pk=person.pk)), by=by)
    person.refresh_from_db()


# Policies.


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", "On-call clinicians"])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_else_changes_a_policy(policy, group, is_superuser):
    other = make_user("other", group, is_superuser=is_superuser)
    policy.grace_days = 2

    with pytest.raises(NotALead):
        changes.change(policy, by=other)
    with pytest.raises(NotALead):
        changes.change(Policy(name="Mine", kind="offer"), by=other)
    with pytest.raises(NotALead):
        changes.delete(policy, by=other)

    assert Policy.objects.count() == 4 and Policy.objects.get(pk=policy.pk).grace_days != 2
    assert not Event.objects.exists()


def test_a_lead_changes_a_policy_and_the_ledger_says_what(policy, lead):
    policy.grace_days, policy.article_types = 2, ["treatment"]

    changes.change(policy, by=lead)

    (event,) = lines(policy.policy_id)
    assert (event.subject_kind, event.actor["user"]) == (SubjectKind.POLICY, lead.pk)
    assert event.data == {
        "name": policy.name,
        "before": {"grace_days": 90, "article_types": []},
        "after": {"grace_days": 2, "article_types": ["treatment"]},
    }


def test_saving_what_is_there_already_is_no_change(policy, lead):
    changes.change(policy, by=lead)

    assert not lines(policy.policy_id)


def test_the_topics_of_a_policy_are_part_of_it(policy, lead):
    topic = make_topic()

    changes.change(policy, by=lead, save=lambda: policy.topics.add(topic))

    (event,) = lines(policy.policy_id)
    assert event.data["after"] == {"topics": [topic.slug], "topic_names": [topic.name]}


def test_a_topic_that_a_policy_goes_by_stays(policy, people):
    topic = make_topic()
    policy.topics.add(topic)

    with pytest.raises(PolicyInUse, match="is used by"):
        changes.delete(topic, by=people.editor)


def test_no_kind_of_text_is_left_without_a_default(policy, lead):
    policy.is_default = False

    with pytest.raises(PolicyInUse, match="make another policy of this kind the default"):
        changes.change(policy, by=lead)

    assert Policy.objects.get(pk=policy.pk).is_default


def test_a_new_default_takes_the_place_of_the_old_one(people, policy, lead):
    other = Policy(name="Another", kind="medical", medical=1, is_default=True)

    changes.change(other, by=lead)

    assert list(Policy.objects.filter(kind="medical", is_default=True)) == [other]
    assert lines(policy.policy_id)[0].data["after"] == {"is_default": False}


def test_making_and_deleting_a_policy_are_changes(people, lead):
    made = Policy(name="Another", kind="medical", medical=1)
    changes.change(made, by=lead)
    changes.delete(made, by=lead)

    born, gone = lines(made.policy_id)
    assert (born.data["before"], born.data["after"]["medical"]) == ({}, 1)
    assert (gone.data["before"]["medical"], gone.data["after"]) == (1, {})


def test_the_default_of_a_kind_is_not_deleted(policy, lead):
    with pytest.raises(PolicyInUse, match="default of its kind"):
        changes.delete(policy, by=lead)


def test_a_policy_that_a_component_chose_is_not_deleted(people, lead):
    chosen = Policy.objects.create(name="Legal, too", kind="offer", legal=1)
    make_offer(by=people.author, policy=chosen)

    with pytest.raises(PolicyInUse, match="chosen for 1 text,"):
        changes.delete(chosen, by=lead)

    assert Offer.objects.get().policy == chosen


def test_a_policy_that_only_a_draft_chose_is_not_deleted_either(people, lead):
    chosen = Policy.objects.create(name="Two", kind="medical", medical=2)
    page = edit(make_article(by=people.author), by=people.author, policy=chosen)

    with pytest.raises(PolicyInUse):
        changes.delete(chosen, by=lead)

    assert ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object().policy == chosen


@pytest.mark.parametrize("field", ["interval_months", "risk_interval_months"])
def test_a_review_lasts_at_least_a_month(policy, field):
    setattr(policy, field, 0)

    with pytest.raises(ValidationError, match="A review lasts at least one month"):
        policy.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        policy.save()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"medical": 2}, "requires 2 × medical reviewer, but only 1 can sign today"),
        ({"editor": 3}, "requires 3 × editor, but only 1 can"),
        ({"legal": 1}, "requires 1 × legal reviewer, but only 0 can"),
        ({"specialty": "Cardiology"}, "requires 1 × medical reviewer of Cardiology, but only 0 can"),
    ],
)
def test_a_policy_does_not_ask_for_more_than_could_sign(people, policy, lead, fields, said):
    for name, value in fields.items():
        setattr(policy, name, value)

    with pytest.raises(NobodyCanSign, match=said):
        changes.change(policy, by=lead)


def test_what_a_policy_asks_for_already_stays_when_people_leave(policy, lead):
    policy.grace_days = 10

    changes.change(policy, by=lead)

    assert signers_of(policy) == {"editor": 0, "medical": 0}


def test_a_policy_says_how_far_it_reaches(people, policy):
    topic = make_topic()
    make_article(by=people.author)
    make_article(by=people.author, article_type="medicine", topics=[topic])
    chosen = Policy.objects.create(name="Chosen", kind="medical", medical=1)
    edit(make_article(by=people.author), by=people.author, policy=chosen)
    typed = Policy.objects.create(name="Typed", kind="medical", medical=1, article_types=["medicine"])
    typed.topics.add(topic)

    assert [texts_under(row) for row in (policy, chosen, typed)] == [3, 1, 1]
    assert texts_under(Policy.objects.create(name="Idle", kind="medical", medical=1)) == 0
    assert signers_of(policy) == {"editor": 1, "medical": 1}


# People.


def test_a_lead_enters_a_person(bea, lead):
    bea.valid_until = date(2027, 5, 1)
    changes.change(bea, by=lead)

    born, changed = lines(bea.person_id, EventKind.PERSON_CHANGED)
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
        ("languages", ["es"]),
        ("registration_number", "8"),
        ("valid_until", date(2090, 1, 1)),
        ("verified_by", "Myself"),
        ("interests", "None declared"),
        ("user", None),
    ],
)
def test_nobody_else_changes_what_people_sign_with(people, field, value):
    person = people.reviewer.person
    setattr(person, field, value)

    for user in (people.reviewer, people.editor, make_user("root", is_superuser=True)):
        with pytest.raises(NotALead):
            changes.change(person, by=user)


@pytest.mark.parametrize("missing", ["registration_body", "registration_number", "verified_by", "verified_on"])
def test_a_role_needs_a_registration_that_somebody_looked_up(lead, missing):
    person = Person(**(VOUCHED | {missing: None if missing == "verified_on" else ""}))

    with pytest.raises(ValidationError) as refused:
        person.full_clean(exclude=["user"])
    with pytest.raises(NotVouchedFor):
        changes.change(person, by=lead)

    assert list(refused.value.message_dict) == [missing] or missing == "verified_on"
    assert not Person.objects.exists()


def test_an_author_needs_no_registration_and_no_second_lead(lead):
    person = Person(name="Ada", credentials="BSc")

    changes.change(person, by=lead)

    assert Person.objects.get().name == "Ada"
    with pytest.raises(NotVouchedFor, match="no signing role"):
        confirm(person, lead)


def test_being_away_is_for_the_person_and_leads_and_no_line(people, lead):
    person = people.reviewer.person

    changes.set_away(person=person, until=date(2026, 12, 24), by=people.reviewer)
    changes.set_away(person=person, until=date(2026, 12, 31), by=lead)
    with pytest.raises(NotALead):
        changes.set_away(person=person, until=None, by=people.editor)

    person = Person.objects.get(pk=person.pk)
    assert person.away_until == date(2026, 12, 31) and person.confirmed_at
    assert not Event.objects.exists()


# The second lead.


def test_a_role_that_one_lead_gave_signs_nothing_until_another_one_confirmed_it(people, bea, lead, second):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    with pytest.raises(CannotSign, match="whether a second lead has confirmed them"):
        sign_as(page, bea.user, Role.MEDICAL, "medical")
    with pytest.raises(CannotConfirm, match="You entered or changed this yourself"):
        confirm(bea, lead)

    confirm(bea, second)
    sign_as(page, bea.user, Role.MEDICAL, "medical")

    (line,) = lines(bea.person_id, EventKind.ROLE_CONFIRMED)
    assert line.actor["user"] == second.pk
    assert line.data["confirmed"]["registration_number"] == "7" and "superuser" not in line.data


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specialty", "Surgery"),
        ("languages", ["es"]),
        ("valid_until", date(2090, 1, 1)),
        ("legal", True),
        ("name", "Dr Beatrix"),
        ("user", None),
    ],
)
def test_whatever_changes_has_to_be_confirmed_anew(bea, lead, second, field, value):
    confirm(bea, second)
    setattr(bea, field, value)

    changes.change(bea, by=second)

    assert Person.objects.get(pk=bea.pk).confirmed_at is None
    with pytest.raises(CannotConfirm):
        confirm(bea, second)
    confirm(bea, lead)


def test_interests_need_no_second_lead(bea, lead, second):
    confirm(bea, second)
    bea.interests = "None declared"

    changes.change(bea, by=lead)

    assert Person.objects.get(pk=bea.pk).confirmed_at


def test_nobody_confirms_themselves(lead, second):
    """Nor by another login that they had before: the ledger remembers it."""
    person = Person(user=second, **VOUCHED)
    changes.change(person, by=lead)
    with pytest.raises(CannotConfirm, match="your own signing details"):
        confirm(person, second)
    person.user = make_user("another", "Medical leads")
    changes.change(person, by=lead)

    for login in (second, person.user):
        with pytest.raises(CannotConfirm, match="your own signing details"):
            confirm(person, login)


def test_a_lead_who_enters_their_own_credentials_needs_another_one(lead, second):
    person = Person(user=lead, **VOUCHED)
    changes.change(person, by=lead)
    assert roles.roles_of(lead, on=today()) == set()

    confirm(person, second)

    assert roles.roles_of(lead, on=today()) == {"medical"}


def test_nobody_confirms_what_they_did_not_read(bea, lead, second):
    shown = changes.mark_of(bea)
    bea.specialty = "Surgery"
    changes.change(bea, by=lead)

    with pytest.raises(ContentChanged, match="Nothing was confirmed"):
        changes.confirm(bea, shown=shown, by=second)


def test_until_there_are_two_leads_a_superusers_confirmation_counts_and_says_so(bea, lead):
    root = make_user("root", is_superuser=True)

    confirm(bea, root)

    assert roles.roles_of(bea.user, on=today()) == {"medical"}
    (line,) = lines(bea.person_id, EventKind.ROLE_CONFIRMED)
    assert line.data["superuser"] == "There were fewer than two medical leads."


def test_then_it_does_not(bea, lead, second):
    with pytest.raises(NotALead):
        confirm(bea, make_user("root", is_superuser=True))


@pytest.mark.parametrize("who", ["Editors", "Medical reviewers"])
def test_nobody_else_confirms(bea, who):
    with pytest.raises(NotALead):
        confirm(bea, make_user("other", who))


def test_a_row_that_code_makes_signs_nothing(db):
    user = make_user("made", "Medical reviewers")
    Person.objects.create(user=user, **VOUCHED)

    assert roles.roles_of(user, on=today()) == set() and roles.holders("medical", on=today()) == []


# Languages.


@pytest.mark.parametrize(
    ("own", "language", "signs"),
    [
        ([], "en", True),
        ([], "en-GB", True),
        ([], "es", False),
        (["es"], "es-MX", True),
        (["es"], "en", False),
        (["en-US", "es"], "en", True),
    ],
)
def test_people_sign_in_their_languages_alone(db, own, language, signs):
    user = make_clinician(languages=own)

    assert roles.roles_of(user, on=today(), language=language) == ({"medical"} if signs else set())
    assert roles.holders("medical", on=today(), language=language) == ([user] if signs else [])


def test_an_editor_signs_in_the_sites_language_or_their_own(db):
    user = make_user("editor", "Editors")
    assert roles.roles_of(user, on=today(), language="es") == set()

    Person.objects.create(user=user, name="Ed", languages=["es"])

    assert roles.roles_of(user, on=today(), language="es") == {"editor"}
    assert roles.holders("editor", on=today(), language="es") == [user]


# The first leads, and what happens past the admin.


def appoint(*names):
    call_command("appoint_leads", *names, stderr=(said := StringIO()))
    return said.getvalue()


def test_the_first_leads_are_named_by_a_command(policy):
    ann, ben = make_user("ann"), make_user("ben")

    said = appoint("ann", "ben")

    assert "Medical leads now: ann, ben." in said
    assert leads.is_lead(ann) and leads.is_lead(ben) and leads.are_enough()
    told = [line.data["after"] for line in Event.objects.filter(kind=EventKind.PERSON_CHANGED)]
    assert told == [{"groups": ["Medical leads"]}] * 2
    assert lines(policy.policy_id)[0].data["after"]["medical"] == 1, "the ledger tells how policies stood at first"


def test_one_lead_alone_is_told_that_a_second_one_is_missing(db):
    make_user("ann")

    assert "Appoint a second one" in appoint("ann")


@pytest.mark.parametrize("names", [["nobody"], ["gone"]])
def test_nobody_is_appointed_who_cannot_log_in(db, names):
    make_user("gone", is_active=False)

    with pytest.raises(CommandError, match="There is no active login") as refused:
        appoint(*names)
    assert refused.value.returncode == 2


def test_two_leads_are_not_passed_by(lead, second):
    make_user("ann")

    with pytest.raises(CommandError, match="already two medical leads"):
        appoint("ann")


@pytest.fixture
def told(lead, second, bea):
    """Policies and a person as the ledger tells of them."""
    note_policies()
    confirm(bea, second)
    assert find_unrecorded() == []
    return bea


def test_verify_finds_a_policy_that_was_changed_past_the_admin(told, policy):
    Policy.objects.filter(pk=policy.pk).update(grace_days=999)

    (finding,) = find_unrecorded()
    assert "grace_days" in finding.message
    with pytest.raises(CommandError, match="1 finding"):
        call_command("ledger", "verify", stdout=StringIO())


def test_verify_finds_a_person_that_was_changed_or_made_past_the_admin(told):
    Person.objects.filter(pk=told.pk).update(specialty="Surgery")
    forged = Person.objects.create(confirmed_at=told.confirmed_at, **VOUCHED)

    found = find_unrecorded()

    assert {finding.place for finding in found} == {f"person {told.pk} “Dr Bea”", f"person {forged.pk} “Dr Bea”"}
    assert sum("no second lead" in finding.message for finding in found) == 2


def test_a_login_of_another_name_is_no_finding(told):
    type(told.user).objects.filter(pk=told.user.pk).update(username="bea-2")

    assert find_unrecorded() == []
