"""A change that its author proposes as editorial: a clinician signs it, no editor has to, readers are told nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.errors import CannotSign, NotSignedOff
from articles.publishing.publish import publish_article
from articles.publishing.reaffirm import reaffirm
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import Edition, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.needs.change_note import NoteMissing
from articles.review.opening import load, load_current
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    edit,
    make_article,
    make_byline,
    make_clinician,
    make_on_call,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.hands import amend, fresh
from tests.pipeline.reading import get, stored, verified

WAS = "Some people say “it works”, and we are not sure; ask a dermatologist first."


@pytest.fixture
def page(people, publish):
    return publish(make_article(by=people.author, summary=WAS, search_description="For those who search."))


def reword(page, by, was: str = "“it works”", now: str = '"it works"', **more):
    summary = page.get_latest_revision_as_object().summary.replace(was, now)
    return edit(page, by=by, summary=summary, **({"change_note": "", "is_editorial": True} | more))


def needed(page) -> list[str]:
    return [str(item) for item in signatures.missing(load(fresh(page)))]


def through(page, people, scope: str = "whole") -> None:
    submit(page=fresh(page), by=people.author)
    for part in signatures.parts_to_sign(load(fresh(page)), Role.EDITOR):
        sign_as(page, people.editor, Role.EDITOR, part)
    if "medical" in signatures.parts_to_sign(load(fresh(page)), Role.MEDICAL):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope=scope)


def test_a_clinician_alone_publishes_it_and_readers_are_told_of_no_change(page, people):
    before = stored(page)
    page = reword(page, people.author)
    assert needed(page) == ["medical reviewer on the medical part"]

    through(page, people)

    after = get(page).json()
    assert after["edition"]["number"] == 2 and after["edition"]["change"] == {"kind": "editorial", "note": ""}
    assert '"it works"' in after["content"]["summary"]
    assert after["edition"]["updated_at"] == before["edition"]["updated_at"]
    verified()


def test_number_specialty_and_other_roles_stay_unless_the_policy_says_that_one_clinician_is_enough(page, people):
    strict = {"medical": 2, "legal": 1, "specialty": "Cardiology"}
    Policy.objects.filter(kind="medical").update(**strict)
    asked = ["2 × medical reviewer (Cardiology) on the medical part", "legal reviewer on the medical part"]
    changed = reword(page, people.author)
    assert needed(changed) == asked

    Policy.objects.filter(kind="medical").update(is_one_enough=True)
    assert needed(changed) == ["medical reviewer on the medical part"]
    Policy.objects.create(name="Also", kind="medical", article_types=["condition"], **strict)
    assert needed(changed) == asked

    material = edit(changed, by=people.author, is_editorial=False)
    assert needed(material) == ["editor on the medical part", *asked]


def test_an_editor_does_not_publish_it(page, people):
    page = reword(page, people.author)
    submit(page=page, by=people.author)

    with pytest.raises(CannotSign, match="as editor on the medical part"):
        sign_as(page, people.editor, Role.EDITOR, "medical")
    with pytest.raises(NotSignedOff, match="Missing signatures: medical reviewer on the medical part"):
        publish_article(page=fresh(page), by=people.editor)


def test_whoever_made_it_does_not_sign_it(page, people):
    page = reword(page, people.reviewer)
    submit(page=page, by=people.author)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")


def test_number_specialty_and_other_roles_of_the_policy_stay(page, people):
    two = {"editor": 1, "medical": 2, "legal": 1, "specialty": "Cardiology"}
    page = reword(page, people.author, policy=Policy.objects.create(kind="medical", name="Strict", **two))

    assert needed(page) == [
        "2 × medical reviewer (Cardiology) on the medical part",
        "legal reviewer on the medical part",
    ]


def test_what_it_asked_for_is_what_its_edition_keeps_being_asked_for(page, people):
    """No editor has to sign its medical part later either: not when it is reviewed again, nor under another byline."""
    page = reword(page, people.author)
    through(page, people)
    assert Edition.objects.get(subject=page.article_id, number=2).review["signatures"] == {"medical": 1}

    review = load_current(fresh(page))
    assert signatures.missing(review) == []
    reaffirm(
        page=fresh(page),
        user=people.reviewer,
        role="medical",
        shown=review.shown(["medical"]),
        password=PASSWORD,
        given=checklist.confirmed(),
    )
    page = edit(page, by=people.author, authors=make_byline())
    assert needed(page) == ["editor on the presentation part"]
    through(page, people)

    assert get(page).json()["edition"]["number"] == 3
    assert signatures.missing(load_current(fresh(page))) == []
    verified()


def test_a_later_change_of_the_text_asks_for_the_full_set_again(page, people):
    page = reword(page, people.author)
    through(page, people)

    page = edit(page, by=people.author, summary="Another text.", is_editorial=False)

    assert needed(page) == ["editor on the medical part", "medical reviewer on the medical part"]


@pytest.mark.parametrize("said", [{"change_note": "Says it better."}, {"is_correction": True}])
def test_a_note_or_a_correction_makes_it_material(page, people, said):
    page = reword(page, people.author, **said)

    assert load(page).change["kind"] == "material"
    assert "editor on the medical part" in needed(page)


def test_a_change_that_is_neither_noted_nor_proposed_as_editorial_is_asked_for(page, people):
    page = reword(page, people.author, is_editorial=False)

    with pytest.raises(NoteMissing, match="tick “only the wording changed”"):
        submit(page=page, by=people.author)


def test_the_choice_is_signed_so_a_signature_lapses_when_the_author_changes_it(page, people):
    page = reword(page, people.author, policy=Policy.objects.create(kind="medical", name="Two", editor=1, medical=2))
    submit(page=page, by=people.author)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    assert SignOff.objects.latest("event").change == {"kind": "editorial", "note": "", "correction": False}
    assert needed(page) == ["medical reviewer on the medical part"]

    page = edit(page, by=people.author, change_note="Says it better.")

    assert needed(page) == ["editor on the medical part", "2 × medical reviewer on the medical part"]


@pytest.mark.parametrize("how", ["void", "withdraw", "emergency"])
def test_only_what_is_in_force_with_all_its_signatures_can_change_editorially(page, people, how):
    if how == "void":
        row = SignOff.objects.get(subject=page.article_id, role="medical")
        void(signoff=row, reason="Revoked.", by=make_user("lead", "Medical leads"))
    elif how == "withdraw":
        withdraw(page=page, reason="other", by=people.editor)
    else:
        page = edit(page, by=people.author, summary=f"{WAS} Stop.")
        publish_at_once(page, make_on_call())

    page = reword(fresh(page), people.author)

    assert {"editor on the medical part", "medical reviewer on the medical part"} <= set(needed(page))
    with pytest.raises(NoteMissing, match="only for a published text"):
        submit(page=page, by=people.author)


def test_its_reviewers_are_those_who_signed_its_own_text_and_their_void_makes_it_due(page, people):
    other = make_clinician("other", name="Dr Other")
    page = reword(page, people.author)
    submit(page=page, by=people.author)
    sign_as(page, other, Role.MEDICAL, "medical", scope="changes")
    assert [row["name"] for row in stored(page)["review"]["reviewed_by"]] == ["Dr Other"]

    row = SignOff.objects.get(subject=page.article_id, user=other.pk)
    void(signoff=row, reason="Revoked.", by=make_user("lead", "Medical leads"))

    assert stored(page)["review"]["status"] == "due"
    verified()


def test_the_review_date_is_that_of_the_last_whole_signature(page, people, monkeypatch):
    real, ahead = timezone.now, timedelta()
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead)
    first = stored(page)["review"]["last_reviewed_on"]
    for number, summary in enumerate(("One", "Two"), start=1):
        ahead = timedelta(days=10 * number)
        page = edit(page, by=people.author, summary=summary, change_note="", is_editorial=True)
        through(page, people, scope="changes")
        assert stored(page)["review"]["last_reviewed_on"] == first

    ahead = timedelta(days=30)
    page = edit(page, by=people.author, summary="Three", change_note="", is_editorial=True)
    through(page, people)

    assert stored(page)["edition"]["number"] == 4
    assert stored(page)["review"]["last_reviewed_on"] == (real() + ahead).date().isoformat()
    verified()


def test_a_change_of_the_presentation_alone_is_editorial_and_needs_an_editor(page, people):
    page = edit(page, by=people.author, authors=make_byline(), change_note="A new byline.", is_correction=True)
    assert needed(page) == ["editor on the presentation part"]

    through(page, people)

    assert stored(page)["edition"]["change"] == {"kind": "editorial", "note": ""}  # not the author's words
    assert stored(page)["review"]["status"] == "current" and stored(page)["notices"] == []
    verified()


@pytest.mark.parametrize("is_published", [True, False])
def test_the_editor_starts_without_the_words_on_the_change_before(client, page, people, is_published):
    page = edit(page, by=people.author, summary="Another text.", change_note="Said before.", is_correction=True)
    if is_published:
        through(page, people)
    client.force_login(people.author)

    html = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert ("Said before." in html.split('name="change_note"')[1].split(">")[0]) == (not is_published)


def test_whoever_proposes_it_as_editorial_does_not_sign_it(page, people):
    page = reword(page, people.author, is_editorial=False)
    page = amend(page, people.reviewer, is_editorial=True)
    submit(page=page, by=people.author)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
