"""Can be signed by this very text now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.record.vocabulary import Role
from articles.review.models import Decline, Policy
from articles.review.needs.table import holders
from articles.review.opening import load, load_current
from articles.review.submit import submit
from tests.factories import could_sign, edit, make_article, make_byline, make_clinician, make_user, sign_as, today


@pytest.fixture
def page(people):
    return make_article(by=people.author)


def names(page, role) -> list[str]:
    return [user.get_username() for user in could_sign(load(page), role)]


def test_it_holds_who_has_the_role(people, page):
    make_user("root", is_superuser=True)
    make_user("lead", "Medical leads")

    assert names(page, Role.MEDICAL) == ["reviewer"]
    assert names(page, Role.EDITOR) == ["editor"]
    assert names(page, Role.LEGAL) == []


@pytest.mark.parametrize(
    "person", [{"valid_until": today() - timedelta(days=1)}, {"medical": False}, {"away_until": today()}]
)
def test_it_holds_nobody_whose_credentials_ran_out_or_who_is_away(people, page, person):
    make_clinician("other", name="Dr Other", **person)

    assert names(page, Role.MEDICAL) == ["reviewer"]


def test_credentials_count_up_to_their_last_day_and_who_was_away_is_back(people, page):
    make_clinician("other", name="Dr Aa", valid_until=today(), away_until=today() - timedelta(days=1))

    assert names(page, Role.MEDICAL) == ["other", "reviewer"]


def test_it_holds_nobody_whose_login_is_closed(people, page):
    people.reviewer.is_active = False
    people.reviewer.save()

    assert names(page, Role.MEDICAL) == []


def test_it_holds_nobody_who_had_a_hand_in_the_text(people, page):
    edit(page, by=people.reviewer, summary="Something else helps an inflamed scalp.")

    assert names(page, Role.MEDICAL) == []


def test_who_may_sign_one_of_two_parts_is_in_it(people, page):
    edit(page, by=people.editor, authors=make_byline())

    assert names(page, Role.EDITOR) == ["editor"]


def test_it_holds_only_the_specialty_that_the_policy_names(people, page):
    make_clinician("surgeon", name="Dr Surgeon", specialty="surgery ")
    Policy.objects.filter(kind="medical").update(specialty="Surgery")

    assert names(page, Role.MEDICAL) == ["surgeon"]


def test_who_said_no_is_asked_again_after_the_next_edition(people, page, publish):
    said = {"subject_kind": "article", "subject": page.article_id, "user": people.reviewer, "role": "medical"}
    row = Decline.objects.create(reason="no-time", at=timezone.now(), **said)

    assert names(page, Role.MEDICAL) == []
    Decline.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(days=1))
    publish(page)
    assert could_sign(load_current(page), Role.MEDICAL) == [people.reviewer]


def test_who_has_signed_is_not_asked_for_the_second_signature(people, page):
    Policy.objects.filter(kind="medical").update(medical=2)
    make_clinician("second", name="Dr Second")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert names(page, Role.MEDICAL) == ["second"]


def test_who_signs_in_one_role_is_not_asked_in_another(people, page):
    Policy.objects.filter(kind="medical").update(legal=1)
    both = make_clinician("both", name="Dr Both", legal=True)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    before = names(page, Role.LEGAL)
    sign_as(page, both, Role.MEDICAL, "medical")

    assert (before, names(page, Role.LEGAL)) == (["both"], [])


def test_what_is_completely_signed_could_be_signed_again_by_its_clinician(people, published):
    assert could_sign(load_current(published), Role.MEDICAL) == [people.reviewer]
    assert could_sign(load_current(published), Role.EDITOR) == []
    assert names(published, Role.MEDICAL) == []


def test_the_holders_of_a_role_are_one_query(people, django_assert_num_queries):
    for number in range(8):
        make_clinician(f"more-{number}", name=f"Dr {number}")

    with django_assert_num_queries(1):
        assert len(holders(Role.MEDICAL, on=today())) == 9
