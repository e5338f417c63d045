"""The table of open needs follows what is asked, and guides people; it keeps nobody from signing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import LogContext

from articles.authoring.models import ArticleAuthor
from articles.authoring.people import Person
from articles.publishing.reaffirm import reaffirm
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.models import ChangeRequest, Mail, OpenNeed, Policy
from articles.review.needs import keeping, table, taking
from articles.review.needs.rules import load_asked
from articles.review.needs.taking import MayNotAssign, NotAsked, NotInPool, TakenAlready
from articles.review.opening import load
from articles.review.responses import change_requests
from articles.review.signing import checklist
from articles.review.submit import submit
from articles.sources.models import Source
from cms.models import User
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    edit,
    give_login,
    make_article,
    make_clinician,
    make_disclaimer,
    make_offer,
    make_person,
    make_source,
    make_user,
    note_needs,
    sign_as,
    take,
    taken_by,
    today,
)


@pytest.fixture
def happen(django_capture_on_commit_callbacks):
    """`with happen():` runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    return page


@pytest.fixture
def in_medical_review(people, page):
    sign_as(page, people.editor, Role.EDITOR)
    return page


def asked(page) -> list[str]:
    return list(table.open_of(page.article_id).values_list("role", flat=True))


def medical(page) -> OpenNeed:
    return table.open_of(page.article_id).get(role="medical")


def could(page, role=Role.MEDICAL) -> list[str]:
    row = table.open_of(page.article_id).get(role=role)
    return [user.username for user in table.who_could_sign([row])[row.key]]


# Which rows are open


def test_nothing_is_asked_of_a_draft(people):
    page = make_article(by=people.author)

    assert table.write_needs(load(page)) == [] and asked(page) == []


def test_submission_asks_the_editors_first(page):
    assert asked(page) == ["editor"]


def test_the_next_step_asks_the_clinicians(in_medical_review):
    assert asked(in_medical_review) == ["medical"]


def test_the_last_signature_leaves_nothing_asked(people, in_medical_review):
    sign_as(in_medical_review, people.reviewer, Role.MEDICAL, "medical")

    assert asked(in_medical_review) == []
    assert Publication.objects.exists()


def test_a_change_in_medical_review_asks_the_editors_again(people, in_medical_review, happen):
    with happen():
        edit(in_medical_review, by=people.author, summary="Something else helps an inflamed scalp.")

    assert sorted(asked(in_medical_review)) == ["editor", "medical"]


def test_requested_changes_ask_nobody_until_it_is_submitted_again(people, page):
    page.current_workflow_state.current_task_state.reject(user=people.editor, comment="Shorter.")
    sent_back = asked(page)
    page.refresh_from_db()
    submit(page=page, by=people.author)

    assert (sent_back, asked(page)) == ([], ["editor"])


def test_a_cancelled_workflow_asks_nobody(people, page):
    page.current_workflow_state.cancel(user=people.author)

    assert asked(page) == []


def test_a_changed_component_asks_its_roles_until_it_is_signed(people, happen):
    with happen():
        offer = make_offer(by=people.author)
    row = OpenNeed.objects.get(subject=offer.component_id, role="editor")
    sign_as(offer, people.editor, Role.EDITOR)
    left = list(table.open_of(offer.component_id).values_list("role", flat=True))
    sign_as(offer, people.reviewer, Role.MEDICAL)

    row.refresh_from_db()
    assert (row.subject_kind, row.role, row.target, row.title) == ("offer", "editor", offer.pk, offer.name)
    assert row.closed_at is not None
    assert (left, table.open_of(offer.component_id).count()) == (["medical"], 0)


def test_a_component_that_was_sent_back_asks_nobody_until_it_is_another_text(people, happen):
    with happen():
        disclaimer = make_disclaimer(by=people.author)
    change_requests.ask(target=disclaimer, by=people.reviewer, reason="Say whom to ask.")
    sent_back = table.open_of(disclaimer.component_id).count()
    disclaimer.text = "<p>Ask a doctor.</p>"
    disclaimer.save()
    with happen():
        disclaimer.save_revision(user=people.author)

    assert ChangeRequest.objects.count() == 1
    assert (sent_back, table.open_of(disclaimer.component_id).count()) == (0, 1)


def test_a_due_review_asks_the_clinicians_until_the_article_is_withdrawn(people, published):
    Publication.objects.update(next_review_on=today() + timedelta(days=29))
    keeping.write_all()
    assert asked(published) == ["medical"] and medical(published).is_edition

    withdraw(page=published, reason="outdated", by=people.editor)

    assert asked(published) == []


def test_a_due_review_that_was_signed_again_asks_nobody(people, published):
    Publication.objects.update(next_review_on=today())
    keeping.write_all()
    review = load(published)
    given = checklist.confirmed()
    shown = {"medical": review.digests["medical"]}

    reaffirm(page=published, user=people.reviewer, role="medical", shown=shown, password=PASSWORD, given=given)

    assert asked(published) == []


def test_the_draft_of_a_due_article_bars_nobody_from_reading_it_again(people, published):
    edit(published, by=people.reviewer, summary="A draft that nobody submitted.")
    Publication.objects.update(next_review_on=today())
    keeping.write_all()

    take(published, Role.MEDICAL, people.reviewer)

    assert taken_by(published, Role.MEDICAL) == people.reviewer


def test_a_draft_in_the_workflow_takes_the_place_of_the_due_review(people, published):
    Publication.objects.update(next_review_on=today())
    keeping.write_all()
    take(published, Role.MEDICAL, people.reviewer)
    due = medical(published)

    submit(page=edit(published, by=people.author, summary="Something else helps."), by=people.author)
    sign_as(published, people.editor, Role.EDITOR)

    row = medical(published)
    assert row.pk != due.pk and not row.is_edition and row.taker is None


def test_a_review_that_is_not_due_yet_asks_nobody(published):
    Publication.objects.update(next_review_on=today() + timedelta(days=30))
    keeping.write_all()

    assert asked(published) == []


def test_writing_twice_is_writing_once(page):
    before = list(OpenNeed.objects.values())

    table.write_needs(load(page))
    note_needs(page)

    assert list(OpenNeed.objects.values()) == before


def test_a_page_that_is_gone_asks_nobody(page):
    page.delete()

    assert not table.open_rows().exists()


def test_a_draft_that_cannot_be_read_keeps_its_rows(people, page, happen):
    with happen():
        edit(page, by=people.author, title="Hid\u202eden")

    assert asked(page) == ["editor"]


def test_another_policy_asks_anew(in_medical_review, happen):
    with happen():
        policy = Policy.objects.get(kind="medical", is_default=True)
        policy.legal, policy.medical = 1, 2
        policy.save()

    assert sorted(asked(in_medical_review)) == ["legal", "medical"]
    assert medical(in_medical_review).lacking[0]["count"] == 2


# What a row says


def test_a_row_says_what_is_missing_and_who_is_barred(people, in_medical_review):
    row = medical(in_medical_review)

    (lack,) = row.lacking
    assert (lack["part"], lack["specialty"], lack["count"]) == ("medical", "", 1)
    assert lack["barred"] == sorted([people.author.pk, people.editor.pk])
    assert (row.target, row.title) == (in_medical_review.pk, in_medical_review.title)
    assert row.escalate_days == Policy.objects.get(kind="medical", is_default=True).escalate_days


def test_who_changed_a_source_of_a_waiting_text_is_barred_and_the_editors_are_asked_again(people, happen):
    source = make_source()
    page = make_article(by=people.author, body=complete_body(source))
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    source.title = "Another study"
    with LogContext(user=people.reviewer), happen():
        source.save()

    assert sorted(asked(page)) == ["editor", "medical"]
    assert could(page) == []


def test_an_unused_source_writes_nothing(page, happen):
    with happen() as callbacks:
        make_source()

    assert callbacks == []


def test_a_text_with_a_blocking_finding_is_nobodys_to_sign_until_it_is_mended(people, in_medical_review, happen):
    body = [block("evidence", findings=[{"statement": "It helps.", "certainty": "low", "citations": []}])]
    with happen():
        edit(in_medical_review, by=people.author, body=body)
    blocked, told = could(in_medical_review), medical(in_medical_review).obstacle

    with happen():
        edit(in_medical_review, by=people.author, body=complete_body(make_source()))

    assert blocked == [] and told
    assert could(in_medical_review) == ["reviewer"] and medical(in_medical_review).obstacle == ""


def test_an_edition_that_rests_on_a_retracted_work_is_nobodys_to_sign_again(people, published, happen):
    Publication.objects.update(next_review_on=today())
    keeping.write_all()
    before = could(published)
    source = Source.objects.get(
        source_id=load_asked(published).documents["medical"].value["references"][0]["source_id"]
    )
    with happen():
        source.status = "retracted"
        source.save()

    assert (before, could(published)) == (["reviewer"], [])
    assert "rely on retracted works (reference 1)" in medical(published).obstacle


# Can be signed by is worked out at reading


@pytest.mark.parametrize(
    "change",
    [
        {"medical": False},
        {"valid_until": today() - timedelta(days=1)},
        {"away_until": today()},
        {"specialty": "Surgery"},
    ],
)
def test_people_who_change_are_seen_without_writing(in_medical_review, change):
    Policy.objects.filter(kind="medical").update(specialty="Dermatology")
    note_needs(in_medical_review)
    before = could(in_medical_review)

    Person.objects.update(**change)

    assert (before, could(in_medical_review)) == (["reviewer"], [])


def test_another_login_of_a_barred_person_is_barred(people, in_medical_review):
    other = make_clinician("other", name="Dr Other")
    person = people.reviewer.person
    edit(in_medical_review, by=people.reviewer, summary="I know better what helps.")
    note_needs(in_medical_review)
    assert could(in_medical_review) == ["other"]

    Person.objects.filter(user=other).delete()
    give_login(person, other)

    assert could(in_medical_review) == []


def test_it_asks_a_fixed_number_of_questions(people, django_assert_max_num_queries):
    for number in range(8):
        make_clinician(f"more-{number}", name=f"Dr {number}")
    for _ in range(3):
        page = make_article(by=people.author)
        submit(page=page, by=people.author)
        sign_as(page, people.editor, Role.EDITOR)

    with django_assert_max_num_queries(6):
        found = table.who_could_sign(list(table.open_rows()))

    assert [len(users) for users in found.values()] == [9] * 3


# Taking


def test_somebody_takes_it_and_gives_it_back(people, in_medical_review):
    take(in_medical_review, Role.MEDICAL, people.reviewer)
    assert taken_by(in_medical_review, Role.MEDICAL) == people.reviewer

    taking.give_back(kind="article", target=in_medical_review.pk, role=Role.MEDICAL, by=people.reviewer)

    assert taken_by(in_medical_review, Role.MEDICAL) is None


def test_what_somebody_took_is_not_taken_twice(people, in_medical_review):
    other = make_clinician("other", name="Dr Other")
    take(in_medical_review, Role.MEDICAL, other)

    with pytest.raises(TakenAlready, match="This is assigned to Dr Other"):
        take(in_medical_review, Role.MEDICAL, people.reviewer)
    with pytest.raises(MayNotAssign):
        taking.give_back(kind="article", target=in_medical_review.pk, role=Role.MEDICAL, by=people.reviewer)
    assert taken_by(in_medical_review, Role.MEDICAL) == other


def test_only_who_could_sign_takes_it_and_hears_why(people, in_medical_review):
    with pytest.raises(NotInPool, match="Ask a medical lead to check your roles"):
        take(in_medical_review, Role.MEDICAL, people.editor)
    with pytest.raises(NotAsked):
        take(in_medical_review, Role.EDITOR, people.editor)
    Person.objects.update(away_until=today())
    with pytest.raises(NotInPool, match="away"):
        take(in_medical_review, Role.MEDICAL, people.reviewer)


def test_it_keeps_nobody_from_signing(people, in_medical_review):
    take(in_medical_review, Role.MEDICAL, make_clinician("other", name="Dr Other"))

    sign_as(in_medical_review, people.reviewer, Role.MEDICAL, "medical")

    assert asked(in_medical_review) == []


@pytest.mark.parametrize("group", ["lead", "editor"])
def test_leads_and_editors_assign_and_reassign(people, lead, in_medical_review, group):
    other = make_clinician("other", name="Dr Other")
    given = {"kind": "article", "target": in_medical_review.pk, "role": Role.MEDICAL}
    by = {"lead": lead, "editor": people.editor}[group]

    taking.assign(**given, to=people.reviewer, by=by)
    taking.assign(**given, to=other, by=by)

    assert taken_by(in_medical_review, Role.MEDICAL) == other
    assert taking.loads([other, people.reviewer]) == {other.pk: 1}


def test_taking_and_assigning_give_the_row_as_it_is_then(people, in_medical_review):
    given = {"kind": "article", "target": in_medical_review.pk, "role": Role.MEDICAL}

    assert taking.take(**given, by=people.reviewer).taker == people.reviewer
    assert taking.assign(**given, to=people.reviewer, by=people.editor).taker == people.reviewer


@pytest.mark.parametrize(
    ("role", "said"), [(Role.LEGAL, "as legal reviewer is requested now"), ("surgeon", "as signer is requested now")]
)
def test_what_nobody_is_asked_for_cannot_be_taken(people, in_medical_review, role, said):
    with pytest.raises(taking.NotAsked, match=said):
        taking.take(kind="article", target=in_medical_review.pk, role=role, by=people.reviewer)


def test_nobody_else_assigns_and_nobody_outside_the_pool_is_asked(people, in_medical_review):
    given = {"kind": "article", "target": in_medical_review.pk, "role": Role.MEDICAL}

    with pytest.raises(MayNotAssign):
        taking.assign(**given, to=people.reviewer, by=people.author)
    with pytest.raises(NotInPool, match="editor cannot sign this"):
        taking.assign(**given, to=people.editor, by=people.editor)


def test_what_people_took_returns_when_they_are_away(people, in_medical_review):
    take(in_medical_review, Role.MEDICAL, people.reviewer)
    Person.objects.update(away_until=today())

    keeping.write_all()

    assert taken_by(in_medical_review, Role.MEDICAL) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"person": True}])
def test_what_people_took_returns_at_once_when_they_may_sign_no_more(people, in_medical_review, happen, change):
    take(in_medical_review, Role.MEDICAL, people.reviewer)

    with happen():
        if "person" in change:
            person = people.reviewer.person
            person.medical = False
            person.save()
        else:
            people.reviewer.is_active = False
            people.reviewer.save()

    assert taken_by(in_medical_review, Role.MEDICAL) is None


def test_who_contributes_loses_what_they_took(people, in_medical_review, happen):
    take(in_medical_review, Role.MEDICAL, people.reviewer)

    with happen():
        edit(in_medical_review, by=people.reviewer, summary="I know better what helps.")

    assert taken_by(in_medical_review, Role.MEDICAL) is None


def test_a_signature_that_lapsed_is_asked_for_again(people, in_medical_review, happen):
    with happen():
        people.editor.is_active = False
        people.editor.save()

    assert sorted(asked(in_medical_review)) == ["editor", "medical"]


def test_logging_in_writes_nothing(people, in_medical_review, happen):
    with happen() as callbacks:
        people.reviewer.save(update_fields=["last_login"])

    assert callbacks == []


# Nobody can sign


@pytest.fixture
def addresses(people, lead):
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")


def told() -> list[str]:
    return list(Mail.objects.filter(kind="nobody-can-sign").order_by("pk").values_list("address", flat=True))


def test_the_leads_hear_at_once_and_once_when_nobody_can_sign(people, page, addresses, happen):
    people.reviewer.refresh_from_db()
    edit(page, by=people.reviewer, summary="I know better what helps.")
    sign_as(page, people.editor, Role.EDITOR)

    first = told()
    note_needs(page)
    keeping.write_all()

    assert first == told() == ["lead@example.org"]
    assert f"/assign/article/{page.pk}/" in Mail.objects.get(kind="nobody-can-sign").text


def test_the_leads_hear_when_the_last_who_could_sign_is_gone(people, in_medical_review, addresses, happen):
    person = Person.objects.get(user=people.reviewer)
    with happen():
        person.valid_until = today() - timedelta(days=1)
        person.save()

    assert told() == ["lead@example.org"]


def test_the_leads_do_not_hear_of_a_draft_that_waits_for_its_author(people, in_medical_review, addresses, happen):
    body = [block("evidence", findings=[{"statement": "It helps.", "certainty": "low", "citations": []}])]
    with happen():
        edit(in_medical_review, by=people.author, body=body)

    assert told() == []


# Escalation


def test_unclaimed_is_what_nobody_took_for_as_long_as_the_policy_allows(in_medical_review):
    Policy.objects.filter(kind="medical").update(escalate_days=2)
    note_needs(in_medical_review)
    asked_at = medical(in_medical_review).asked_at

    assert table.unclaimed(asked_at + timedelta(days=2) - timedelta(seconds=1)) == []
    assert [row.role for row in table.unclaimed(asked_at + timedelta(days=2))] == ["medical"]


@pytest.mark.parametrize("said", ["escalated", "taken"])
def test_what_was_taken_or_told_of_is_not_unclaimed(people, in_medical_review, said):
    row = medical(in_medical_review)
    if said == "taken":
        take(in_medical_review, Role.MEDICAL, people.reviewer)
    else:
        OpenNeed.objects.filter(pk=row.pk).update(escalated_at=timezone.now())

    assert table.unclaimed(row.asked_at + timedelta(days=9)) == []


def test_an_editor_who_leaves_the_group_takes_the_waiting_signature_along(people, in_medical_review, happen):
    make_user("second", "Editors")
    assert asked(in_medical_review) == ["medical"]

    with happen():
        people.editor.groups.clear()

    assert sorted(asked(in_medical_review)) == ["editor", "medical"]


def test_another_name_on_the_byline_asks_the_editor_again(people, happen):
    person = make_person(name="An author")
    page = make_article(by=people.author, authors=[ArticleAuthor(person=person, sort_order=0)])
    page.save_revision(user=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    assert asked(page) == ["medical"]

    with happen():
        person.name = "An author, married"
        person.save()

    assert sorted(asked(page)) == ["editor", "medical"]
