"""Why somebody may not sign a text now, in words, and what keeps everybody from signing it."""

import pytest

from articles.errors import CannotSign
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.needs import rules, table, taking
from articles.review.needs.change_note import NoteMissing
from articles.review.opening import load, load_current
from articles.sources.models import Source
from tests.factories import make_article, make_clinician, make_user, sign_as
from tests.hands import amend, fresh


def refusal(page, user, role, part="medical") -> str:
    return rules.refusal(load(fresh(page)), user, role, part) or ""


def test_a_role_that_the_policy_does_not_ask_for(submitted):
    lawyer = make_clinician("lawyer", legal=True, medical=False)

    assert (
        refusal(submitted, lawyer, Role.LEGAL)
        == "The policy does not require a signature as legal reviewer on the medical part."
    )
    with pytest.raises(CannotSign, match="does not require a signature as legal reviewer"):
        sign_as(submitted, lawyer, Role.LEGAL, "medical")


def test_more_signatures_than_are_needed(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)

    said = refusal(submitted, make_user("second", "Editors"), Role.EDITOR)

    assert said == "The medical part already has all the signatures that it needs in this role."


def test_the_same_person_twice(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)

    assert refusal(submitted, people.editor, Role.EDITOR).startswith(
        "You have already signed this version of the medical part"
    )


@pytest.mark.parametrize(
    ("own", "said"), [("Dermatology", "Your specialty is Dermatology"), ("", "Your specialty is not recorded")]
)
def test_a_clinician_of_another_specialty(submitted, own, said):
    Policy.objects.filter(kind="medical").update(specialty="Cardiology")
    other = make_clinician("other", specialty=own)

    assert refusal(submitted, other, Role.MEDICAL) == (
        f"The policy requires a clinician of Cardiology on the medical part. {said}."
    )


def test_a_clinician_of_the_specialty_may_sign(submitted):
    Policy.objects.filter(kind="medical").update(specialty="Cardiology")

    assert refusal(submitted, make_clinician("other", specialty="Cardiology; Dermatology"), Role.MEDICAL) == ""


def test_a_change_without_a_note_to_readers_is_an_obstacle(people, published):
    page = amend(published, people.author, summary="Another summary.")

    assert "Describe the change under" in rules.obstacle(load(page))
    assert rules.obstacle(load(amend(page, people.author, change_note="Says it anew."))) == ""


def test_a_blocking_finding_is_an_obstacle(people):
    assert rules.obstacle(load(make_article(by=people.author, body=[]))) != ""


def test_a_retracted_source_is_an_obstacle_to_signing_the_edition_again(published):
    assert rules.obstacle(load_current(published)) == ""
    Source.objects.update(status="retracted")
    for source in Source.objects.all():
        source.save()

    assert "retracted" in rules.obstacle(load_current(fresh(published)))

    Source.objects.update(title="Another title")  # no draft renders to the edition any more, so no check can run
    assert load_current(fresh(published)).draft is None
    assert "retracted" in rules.obstacle(load_current(fresh(published)))


def test_the_note_of_an_earlier_edition_is_no_note_for_the_next(people, published, publish):
    page = publish(amend(published, people.author, summary="Another summary.", change_note="Says it anew."))
    page = amend(page, people.author, summary="A third summary.")

    assert "still the one for edition 2" in rules.obstacle(load(page))
    assert rules.obstacle(load(amend(page, people.author, change_note="Says it once more."))) == ""


def test_a_correction_is_not_only_wording(people, published):
    wording = {"change_note": "", "is_editorial": True}
    page = amend(published, people.author, summary="Another summary.", **wording)
    assert rules.obstacle(load(page)) == ""

    page = amend(page, people.author, is_correction=True)
    assert rules.obstacle(load(page)).startswith("A correction changes more than the wording.")


@pytest.mark.parametrize("name", table.SAID)
def test_the_words_of_each_field_take_time_to_read(name):
    hundred = {"sections": [{"id": "a", "other": "word " * 5000, name: "word " * 400}]}

    assert table._minutes([hundred]) == 2


def test_codes_of_refusals_stay_since_the_ledger_keeps_them():
    classes = [NoteMissing, taking.NotAsked, taking.TakenAlready, taking.NotInPool, taking.MayNotAssign]

    assert [(each.code, each.status) for each in classes] == [
        ("note-missing", 422),
        ("not-asked", 409),
        ("taken-already", 409),
        ("not-in-pool", 409),
        ("may-not-assign", 403),
    ]
