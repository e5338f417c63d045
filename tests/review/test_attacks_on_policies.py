"""Attacks on who has to sign: marks that turn a text around, policies that are dropped, topics that are renamed, and
signatures and schedules of people who lost the right.

Each docstring says what a reader was given, or what was done, before.
"""

import contextlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import CannotSign, DomainError
from articles.publishing.jobs.due import publish_due
from articles.publishing.publish import publish_article
from articles.publishing.scheduling.schedule import schedule_withdrawal
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import Event, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.opening import load, load_current
from articles.review.policies import changes
from articles.review.policies.leads import NotALead
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_byline,
    make_clinician,
    make_offer,
    make_source,
    make_topic,
    make_user,
    sign_as,
    today,
)
from tests.hands import amend, fresh, words_of
from tests.pipeline.reading import get, verified
from tests.review.test_attacks_on_review import (  # noqa: F401 - fixtures
    client_of,
    clinicians,
    second,
    sign_again,
)
from tests.schedules import ZONE, make_due, soon

SAVED = "It helps the scalp; kidneys, lungs suffer harm."
TURNED = "It helps the scalp, kidneys; lungs suffer harm."


def missing(target, part="medical") -> list[tuple[str, int]]:
    return [(item.role, item.count) for item in signatures.missing(load(target)) if item.part == part]


def lines_of(policy) -> list[Event]:
    return list(Event.objects.filter(kind="policy-changed", subject=policy.policy_id))


@pytest.fixture
def strict(db):
    """A policy that somebody has to choose: two clinicians."""
    return Policy.objects.create(kind="medical", name="Two clinicians", editor=1, medical=2)


@pytest.fixture
def hair(lead):
    """A topic by which a lead's policy goes: two clinicians."""
    topic = make_topic()
    Policy.objects.create(kind="medical", name="Hair", editor=1, medical=2).topics.add(topic)
    return topic


@pytest.fixture
def half_signed(people):
    """half_signed(): an article that an editor and one clinician signed."""

    def make(**fields):
        page = make_article(by=people.author, **fields)
        submit(page=fresh(page), by=people.author)
        sign_as(page, people.editor, Role.EDITOR)
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
        return fresh(page)

    return make


# Marks


def test_an_editor_turns_a_text_around_by_two_marks(people, publish):
    """A semicolon and a comma change places: the kidneys were harmed, and now are helped. No clinician saw it."""
    body = [block("introduction", text=f"<p>{SAVED}</p>"), *complete_body(make_source())[1:]]
    page = publish(make_article(by=people.author, body=body))
    body = words_of(page)
    body[0]["value"]["text"] = f"<p>{TURNED}</p>"
    page = edit(page, by=people.author, body=body)
    submit(page=page, by=people.author)

    with contextlib.suppress(DomainError):
        sign_as(page, people.editor, Role.EDITOR, "medical")

    assert TURNED not in get(page).content.decode()
    assert missing(page) == [("medical", 1)]


# Policies that are dropped


def test_an_author_drops_the_chosen_policy_after_signatures(people, half_signed, strict):
    """Two clinicians were asked for; the author took the policy out of the draft and submitted it again. It was
    published with one."""
    page = half_signed(policy=strict)
    page = amend(page, people.author, policy=None)
    page.current_workflow_state.cancel(user=people.author)
    submit(page=fresh(page), by=people.author)

    with pytest.raises(DomainError):
        publish_article(page=fresh(page), by=people.author)

    assert get(page).status_code == 404
    assert missing(fresh(page)) == [("medical", 1)]


def test_the_second_clinician_publishes_it_under_the_policy_that_was_dropped(people, second, half_signed, strict):  # noqa: F811
    page = amend(half_signed(policy=strict), people.author, policy=None)

    sign_as(page, second, Role.MEDICAL, "medical")

    assert get(page).status_code == 200
    assert str(strict.policy_id) in load_current(fresh(page)).base.review["policies"]
    verified()


def test_a_topic_is_dropped_after_signatures(people, half_signed, hair):
    """As above, by the topic whose policy asks for two clinicians."""
    page = amend(half_signed(topics=[hair]), people.author, topics=[])

    assert missing(page) == [("medical", 1)]


def test_a_new_text_is_signed_under_the_policies_of_its_day(people, half_signed, strict):
    page = edit(half_signed(policy=strict), by=people.author, policy=None, summary="What helps, said anew.")

    assert missing(page) == [("editor", 1), ("medical", 1)]


def test_a_text_that_comes_back_finds_its_signatures_and_their_policies(people, half_signed, strict):
    page = half_signed(policy=strict)
    was = page.get_latest_revision_as_object().summary
    edit(page, by=people.author, policy=None, summary="What helps, said anew.")

    assert missing(edit(page, by=people.author, summary=was)) == [("medical", 1)]


def test_readers_get_a_next_edition_without_the_signatures_of_the_first(people, second, half_signed, strict, lead):  # noqa: F811
    """One of two clinicians' signatures is voided, and the draft drops the policy: an edition with another byline
    needs one clinician only, and is served as complete."""
    page = half_signed(policy=strict)
    sign_as(page, second, Role.MEDICAL, "medical")
    void(signoff=clinicians(page), reason="No licence.", by=lead)
    page = edit(page, by=people.author, policy=None, authors=make_byline())

    assert missing(page) == [("medical", 1)]


def test_an_offers_policy_is_dropped_after_signatures(people):
    """An editor and a lawyer were asked for; without the policy the editor's signature was enough."""
    law = Policy.objects.create(kind="offer", name="Law", editor=1, legal=1)
    offer = make_offer(by=people.author, policy=law)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    offer.policy = None
    offer.save()
    offer.save_revision(user=people.author)

    assert missing(offer, "offer") == [("legal", 1)]


def test_a_voided_signature_holds_no_policy(people, half_signed, strict, lead):
    page = amend(half_signed(policy=strict), people.author, policy=None)
    for row in SignOff.objects.filter(subject=page.article_id):
        void(signoff=row, reason="Given by mistake.", by=lead)

    assert missing(page) == [("editor", 1), ("medical", 1)]


# Topics that are renamed


def test_an_editor_renames_the_topic_that_a_policy_goes_by(people, hair):
    """“hair-and-scalp” became “old”, and a new topic took its name: articles under it needed one clinician, not two.
    The ledger had no line of it."""
    editor = client_of(people.editor)
    answer = editor.post(f"/admin/snippets/articles/topic/edit/{hair.pk}/", {"name": "Old", "slug": "old"})

    assert Topic.objects.get(pk=hair.pk).slug == "hair-and-scalp"
    assert "Only medical leads can change the name and the slug of a topic" in answer.content.decode()
    page = make_article(by=people.author, topics=[Topic.objects.get(slug="hair-and-scalp")])
    assert ("medical", 2) in missing(page)


@pytest.mark.parametrize("field", ["name", "slug"])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_the_service_renames_it_for_no_editor_either(hair, field, is_superuser):
    setattr(hair, field, "other")

    with pytest.raises(NotALead):
        changes.change(hair, by=make_user("other", "Editors", is_superuser=is_superuser))

    assert getattr(Topic.objects.get(pk=hair.pk), field) != "other"


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("slug", {"topics": ["hair-and-scalp"]}, {"topics": ["scalp"]}),
        ("name", {"topic_names": ["Hair and scalp"]}, {"topic_names": ["scalp"]}),
    ],
)
def test_a_lead_renames_it_and_the_ledger_says_so(lead, hair, field, before, after):
    setattr(hair, field, "scalp")

    changes.change(hair, by=lead)

    line = lines_of(Policy.objects.get(name="Hair"))[-1]
    assert line.actor["user"] == lead.pk
    assert line.data == {"name": "Hair", "before": before, "after": after}


def test_a_lead_renames_it_in_the_admin(lead, hair):
    answer = client_of(lead).post(f"/admin/snippets/articles/topic/edit/{hair.pk}/", {"name": "Scalp", "slug": "scalp"})

    assert (answer.status_code, Topic.objects.get(pk=hair.pk).slug) == (302, "scalp")


def test_a_topic_that_no_policy_goes_by_is_the_editors(people):
    topic = make_topic()
    editor = client_of(people.editor)
    editor.post(f"/admin/snippets/articles/topic/edit/{topic.pk}/", {"name": "Scalp", "slug": "scalp"})

    assert Topic.objects.get(pk=topic.pk).slug == "scalp"
    assert not Event.objects.filter(kind="policy-changed", subject_kind="policy").exists()


# Signatures from before a withdrawal


def test_a_withheld_article_comes_back_on_a_signature_from_before_a_safety_withdrawal(people, second, publish, lead):  # noqa: F811
    """A text was withdrawn (“The dose is wrong.”) and signed again by others. Their signatures are voided, and the
    article withheld; one editor's signature brought it back, on the clinician's from before the withdrawal."""
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = publish(make_article(by=people.author))
    withdraw(page=fresh(page), reason="safety", by=people.editor)
    submit(page=fresh(page), by=people.author)
    sign_as(page, make_user("other editor", "Editors"), Role.EDITOR)
    sign_as(page, second, Role.MEDICAL, "medical")
    assert get(page).status_code == 200
    for row in SignOff.objects.filter(subject=page.article_id, part="medical").order_by("-pk")[:2]:
        void(signoff=row, reason="No licence.", by=lead)

    with contextlib.suppress(DomainError):
        sign_again(page, make_user("third editor", "Editors"), "editor", "medical")

    assert get(page).status_code == 410
    wanted = [(item.role, item.part) for item in signatures.missing(load_current(fresh(page)))]
    assert ("medical", "medical") in wanted


# People who lost the right


def lose(how: str, user) -> None:
    """As a lead or an administrator takes it."""
    person = Person.objects.filter(user=user)
    if how == "expired":
        person.update(valid_until=today() - timedelta(days=1))
    if how == "revoked":
        person.update(medical=False)
    if how == "no login":
        person.update(user=None)
    if how == "inactive":
        type(user).objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("how", ["expired", "revoked", "no login", "inactive"])
def test_a_signature_of_who_lost_the_right_does_not_publish(people, how):
    """The clinician signed first; then their role was revoked, and the editor's signature published the article."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    lose(how, people.reviewer)

    sign_as(page, people.editor, Role.EDITOR)

    assert get(page).status_code == 404
    assert missing(fresh(page)) == [("medical", 1)]


@pytest.mark.parametrize("how", ["expired", "revoked", "inactive"])
def test_a_scheduled_text_is_not_published_on_it(people, signed_later, how):
    page, schedule = signed_later()
    lose(how, people.reviewer)
    make_due(schedule)

    publish_due()

    assert get(page).status_code == 404
    assert Event.objects.get(kind="refused").data["code"] == "not-signed-off"


def test_an_editor_who_left_the_group_vouches_for_nothing_that_waits(people, half_signed, strict, second):  # noqa: F811
    page = half_signed(policy=strict)
    people.editor.groups.remove(Group.objects.get(name="Editors"))

    sign_as(page, second, Role.MEDICAL, "medical")

    assert get(page).status_code == 404
    assert missing(fresh(page)) == [("editor", 1)]


@pytest.mark.parametrize("how", ["expired", "revoked", "no login", "inactive"])
def test_what_readers_get_stands_on_the_signatures_of_its_day(people, published, how):
    lose(how, people.reviewer)

    assert get(published).status_code == 200
    assert missing(fresh(published)) == []


def test_who_gets_another_login_keeps_what_they_signed(people, half_signed, strict, second):  # noqa: F811
    page = half_signed(policy=strict)
    Person.objects.filter(user=people.reviewer).update(user=make_user("other login", "Medical reviewers"))

    sign_as(page, second, Role.MEDICAL, "medical")

    assert get(page).status_code == 200


def test_who_got_the_right_back_need_not_sign_again(people, half_signed, strict):
    page = half_signed(policy=strict)
    lose("inactive", people.reviewer)
    assert missing(page) == [("medical", 2)]

    type(people.reviewer).objects.filter(pk=people.reviewer.pk).update(is_active=True)

    assert missing(page) == [("medical", 1)]
    with pytest.raises(CannotSign, match="already signed"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")


def dismiss(how: str, user) -> None:
    if how == "inactive":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    if how == "no permission":
        user.groups.clear()


@pytest.mark.parametrize("how", ["inactive", "no permission"])
def test_nothing_is_withdrawn_in_the_name_of_who_was_dismissed(people, published, how):
    """An editor scheduled a withdrawal, with words of their own for readers, and left. It was done all the same."""
    said = {"reason": "other"}
    clerk = make_user("clerk", "Editors")
    schedule = schedule_withdrawal(page=fresh(published), at=soon(), zone=ZONE, by=clerk, **said)
    dismiss(how, clerk)
    make_due(schedule)

    report = publish_due()

    assert get(published).status_code == 200
    assert [item.result for item in report.failed] == ["failed"]
    assert "Schedule it again" in report.failed[0].detail
    assert Event.objects.get(kind="refused").data["code"] == "not-permitted"


@pytest.mark.parametrize("how", ["inactive", "no permission"])
def test_nothing_is_published_in_their_name(people, later, how):
    page = make_article(by=people.author)
    schedule = later(page)
    submit(page=fresh(page), by=people.author)
    sign_as(page, make_user("other editor", "Editors"), Role.EDITOR)
    sign_as(page, make_clinician("other", name="Dr Other"), Role.MEDICAL, "medical")
    dismiss(how, people.editor)
    make_due(schedule)

    publish_due()

    assert get(page).status_code == 404
    assert Event.objects.get(kind="refused").data["code"] == "not-permitted"
