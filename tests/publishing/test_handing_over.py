"""Whoever leaves hands over what they have open, and the login is deactivated: all of it or nothing."""

import pytest
from django.contrib.auth.models import Group, Permission

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import NotPermitted
from articles.errors import ContentChanged
from articles.publishing.jobs.due import publish_due
from articles.publishing.models import Schedule
from articles.publishing.people.handing_over import CannotHandOver, hand_over, work_of
from articles.publishing.scheduling.schedule import schedule_withdrawal
from articles.record.ledger.sentences import sentence
from articles.record.models import Event, Publication
from articles.record.vocabulary import Role
from articles.review.models import Mail, OpenNeed, Policy
from articles.review.needs import taking
from articles.review.policies.leads import LeadsMustRemain
from articles.review.submit import submit
from cms.models import User
from tests.factories import make_article, make_clinician, make_user, sign_as, take, teach
from tests.hands import fresh
from tests.schedules import ZONE, make_due, soon

NOBODY = {"signers": {}, "scheduler": None, "owner": None}


@pytest.fixture
def second(db):
    return make_user("second", "Editors")


@pytest.fixture
def leaving(people, submitted, later):
    """The editor has taken a signature, scheduled the publication of another article, and owns a third one."""
    take(submitted, Role.EDITOR, people.editor)
    later(make_article(by=people.author))
    make_article(by=people.editor)
    return people.editor


def the_signature(user) -> OpenNeed:
    return OpenNeed.objects.get(taker=user, closed_at=None)


def is_active(user) -> bool:
    return User.objects.get(pk=user.pk).is_active


def last() -> Event:
    return Event.objects.latest("number")


def state() -> tuple:
    """All that a hand-over could change."""
    return (
        list(OpenNeed.objects.order_by("pk").values_list("pk", "taker")),
        list(Schedule.objects.order_by("pk").values_list("pk", "made_by")),
        list(ArticlePage.objects.order_by("pk").values_list("pk", "owner")),
        list(User.objects.order_by("pk").values_list("pk", "is_active")),
        Event.objects.count(),
    )


def test_the_page_lists_what_a_person_would_leave_behind(leaving, submitted, people):
    work = work_of(leaving)

    assert [row.subject for row in work.signatures] == [submitted.article_id]
    assert [row.made_by for row in work.schedules] == [leaving]
    assert [page.owner for page in work.articles] == [leaving]
    assert [row.subject for row in work.alone] == [submitted.article_id]  # there is no other editor
    assert not work_of(make_user("idle", "Authors")).is_any


def test_everything_is_handed_over_and_the_login_is_deactivated_under_one_line(leaving, second, people, root):
    signature, before = the_signature(leaving), Event.objects.count()

    hand_over(user=leaving, signers={signature.pk: second}, scheduler=second, owner=people.author, by=root)

    assert OpenNeed.objects.get(pk=signature.pk).taker == second
    assert Schedule.objects.get().made_by == second
    assert not ArticlePage.objects.filter(owner=leaving).exists()
    assert not is_active(leaving)
    assert Event.objects.count() == before + 1
    assert last().kind == "person-changed" and last().actor == {"user": root.pk, "name": "root"}
    assert last().data["handed_over"] == [
        {
            "to": {"user": second.pk, "name": "second"},
            "signatures": [{"subject": str(signature.subject), "role": "editor"}],
            "schedules": [Schedule.objects.get().pk],
            "articles": [],
        },
        {
            "to": {"user": people.author.pk, "name": "author"},
            "signatures": [],
            "schedules": [],
            "articles": [str(ArticlePage.objects.latest("pk").article_id)],
        },
    ]
    assert sentence(last()) == (
        "The login “editor” was changed: is active from yes to no. second took over 1 signature, 1 schedule. "
        "author took over 1 article."
    )


def test_a_signature_may_be_left_to_anyone_who_can_sign_it(leaving, second, people, root):
    hand_over(user=leaving, signers={the_signature(leaving).pk: None}, scheduler=second, owner=people.author, by=root)

    assert not OpenNeed.objects.exclude(taker=None).exists()
    assert "Unassigned: 1 signature." in sentence(last())


def test_a_schedule_that_was_handed_over_is_carried_out_in_the_new_name(people, published, second, root):
    given = {"at": soon(), "zone": ZONE, "reason": "outdated", "by": people.editor}
    schedule = schedule_withdrawal(page=published, **given)
    hand_over(user=people.editor, signers={}, scheduler=second, owner=None, by=root)
    make_due(schedule)

    publish_due()

    assert Publication.objects.get().state == "withdrawn"
    assert Event.objects.filter(kind="withdrawn").latest("number").actor == {"user": second.pk, "name": "second"}


def test_a_withdrawal_is_handed_over_to_whoever_may_withdraw_alone(leaving, second, people, root):
    Schedule.objects.update(action="withdraw", reason="safety")
    Group.objects.get(name="Editors").permissions.remove(Permission.objects.get(codename="withdraw_article"))
    before = state()

    with pytest.raises(CannotHandOver, match="second may not schedule this"):
        hand_over(
            user=leaving,
            signers={the_signature(leaving).pk: User.objects.get(pk=second.pk)},
            scheduler=User.objects.get(pk=second.pk),
            owner=people.author,
            by=root,
        )

    assert state() == before


def refused(leaving, second, people, root, **given) -> str:
    """What is said where one answer is wrong; nothing has changed then."""
    before = state()
    right = {"signers": {the_signature(leaving).pk: second}, "scheduler": second, "owner": people.author, "by": root}
    with pytest.raises((CannotHandOver, NotPermitted, taking.NotInPool, taking.MayNotAssign, ContentChanged)) as error:
        hand_over(user=leaving, **(right | given))
    assert state() == before
    return str(error.value)


def test_whoever_cannot_sign_is_refused_by_name(leaving, second, people, root, submitted):
    key = the_signature(leaving).pk

    said = refused(leaving, second, people, root, signers={key: people.reviewer})

    assert said.startswith(
        f"Dr Ada Reviewer cannot sign “{submitted.title}” as editor. You cannot sign this as editor."
    )


def test_nobody_who_cannot_do_it_takes_anything_over(leaving, second, people, root):
    inactive = make_user("gone", "Editors", is_active=False)
    bare = make_user("bare")

    assert "bare may not schedule this" in refused(leaving, second, people, root, scheduler=bare)
    assert "gone may not schedule this" in refused(leaving, second, people, root, scheduler=inactive)
    assert "Choose who takes over the schedules" in refused(leaving, second, people, root, scheduler=None)
    assert "bare cannot write articles" in refused(leaving, second, people, root, owner=bare)
    assert "gone cannot write articles" in refused(leaving, second, people, root, owner=inactive)
    assert "Choose who gets the articles" in refused(leaving, second, people, root, owner=None)
    assert "editor leaves" in refused(leaving, second, people, root, owner=leaving)
    assert "editor leaves" in refused(leaving, second, people, root, signers={the_signature(leaving).pk: leaving})


def test_only_who_may_change_logins_does_it_and_nobody_to_themselves(leaving, second, people, root, lead):
    assert "“change user”" in refused(leaving, second, people, root, by=lead)
    assert "your own login" in refused(leaving, second, people, root, by=may_change_logins(leaving))

    lead.user_permissions.add(Permission.objects.get(codename="change_user"))
    Group.objects.get(name="Medical leads").permissions.remove(Permission.objects.get(codename="assign_article"))
    assert "Only leads and editors" in refused(leaving, second, people, root, by=User.objects.get(pk=lead.pk))


def may_change_logins(user) -> User:
    user.user_permissions.add(Permission.objects.get(codename="change_user"))
    return User.objects.get(pk=user.pk)


def test_a_signature_that_was_assigned_meanwhile_is_not_lost(leaving, second, people, root):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    shown = {the_signature(leaving).pk: second}
    take(page, Role.EDITOR, leaving)
    before = state()

    with pytest.raises(ContentChanged, match="Nothing was handed over"):
        hand_over(user=leaving, signers=shown, scheduler=second, owner=people.author, by=root)

    assert state() == before


def test_the_second_run_of_a_hand_over_is_refused(people, second, root):
    hand_over(user=people.editor, **NOBODY, by=root)
    before = state()

    with pytest.raises(CannotHandOver, match="inactive already"):
        hand_over(user=people.editor, **NOBODY, by=root)

    assert state() == before


def test_two_medical_leads_remain(lead, root):
    other = make_user("other lead", "Medical leads")
    with pytest.raises(LeadsMustRemain, match="Fewer than two medical leads would remain"):
        hand_over(user=other, **NOBODY, by=root)

    make_user("third lead", "Medical leads")
    hand_over(user=other, **NOBODY, by=root)

    assert not is_active(other)


def test_the_leads_are_told_of_what_only_this_person_could_sign(
    people, submitted, lead, root, django_capture_on_commit_callbacks
):
    User.objects.filter(pk=lead.pk).update(email="lead@example.org")
    sign_as(submitted, people.editor, Role.EDITOR)
    assert [row.role for row in work_of(people.reviewer).alone] == ["medical"]

    with django_capture_on_commit_callbacks(execute=True):
        hand_over(user=people.reviewer, **NOBODY, by=root)

    assert Mail.objects.filter(kind="nobody-can-sign", user=lead).count() == 1


def test_with_another_clinician_it_is_nobodys_alone(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    make_clinician("second", name="Dr Second")

    assert work_of(people.reviewer).alone == []


def test_a_coming_review_that_nobody_else_could_sign_is_listed(people, published):
    assert [row.article for row in work_of(people.reviewer).coming] == [published.article_id]
    assert work_of(people.editor).coming == []  # an editor's signature is not asked again

    make_clinician("second", name="Dr Second")
    assert work_of(people.reviewer).coming == []


@pytest.mark.parametrize("lacks", ["specialty", "language"])
def test_a_coming_review_counts_specialty_and_language(people, published, lacks):
    make_clinician("second", name="Dr Second", specialty="Cardiology")
    if lacks == "specialty":
        Policy.objects.filter(kind="medical").update(specialty="Dermatology")
    else:
        teach("es", people.reviewer)
        Publication.objects.update(locale="es")

    assert [row.article for row in work_of(people.reviewer).coming] == [published.article_id]


def test_the_questions_do_not_grow_with_the_work(people, publish, django_assert_max_num_queries):
    for _ in range(3):
        publish(make_article(by=people.author))

    with django_assert_max_num_queries(30):
        assert len(work_of(people.reviewer).coming) == 3


def test_a_signature_of_the_deactivated_person_stays(published, people, root):
    hand_over(user=people.reviewer, **NOBODY, by=root)

    assert Publication.objects.get().state == "published"
