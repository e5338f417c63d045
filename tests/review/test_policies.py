"""Which policies apply, and that the strictest of them wins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.authoring.people import Person
from articles.errors import CannotSign
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.needs import change_note
from articles.review.opening import load
from articles.review.policies.rules import NoPolicy, is_of, rules_of
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import edit, make_article, make_clinician, make_topic, sign_as
from tests.pipeline.reading import stored, verified

pytestmark = pytest.mark.django_db


def make_policy(name: str, **fields) -> Policy:
    topics = fields.pop("topics", [])
    policy = Policy.objects.create(name=name, kind="medical", **({"medical": 1} | fields))
    policy.topics.set(topics)
    return policy


def needed(page) -> list[str]:
    return [str(item) for item in signatures.missing(load(page)) if item.part == "medical"]


def test_a_policy_applies_by_type_topic_or_choice(people):
    topic = make_topic()
    make_policy("Medicines", article_types=["medicine"], medical=2)
    make_policy("Under a topic", topics=[topic], legal=1)
    chosen = make_policy("Chosen", commercial=1)
    plain = make_article(by=people.author)

    assert needed(plain) == ["editor on the medical part", "medical reviewer on the medical part"]
    assert "2 × medical reviewer on the medical part" in needed(make_article(by=people.author, article_type="medicine"))
    assert "legal reviewer on the medical part" in needed(make_article(by=people.author, topics=[topic]))
    assert "commercial reviewer on the medical part" in needed(make_article(by=people.author, policy=chosen))


def test_a_lax_choice_takes_nothing_from_the_default(people):
    lax = make_policy("Lax", editor=0, interval_months=120, risk_interval_months=120, grace_days=999)
    page = make_article(by=people.author, policy=lax)

    assert needed(page) == ["editor on the medical part", "medical reviewer on the medical part"]
    review = load(page).policies["medical"].review(is_risky=False)
    assert (review["interval_months"], review["grace_days"]) == (36, 90)


@pytest.mark.parametrize(
    ("mine", "other", "strictest"),
    [
        ("banner", "withhold", "withhold"),
        ("drop-offers", "banner", "drop-offers"),
        ("withhold", "drop-offers", "withhold"),
    ],
)
def test_the_gravest_consequence_wins(mine, other, strictest):
    Policy.objects.filter(kind="medical").update(after_grace=mine)
    make_policy("Other", article_types=["condition"], after_grace=other)

    rules = rules_of("medical", None, article_type="condition")

    assert rules.review(is_risky=True)["after_grace"] == strictest


def test_a_specialty_is_asked_for_beside_the_others(people):
    make_policy("Skin", article_types=["condition"], specialty="Dermatology", medical=1)
    make_policy("Two", article_types=["condition"], medical=2)
    page = make_article(by=people.author)
    heart, skin = (make_clinician(name, specialty=name, name=name) for name in ("Cardiology", "dermatology "))
    more = make_clinician("more", specialty="Cardiology", name="More")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    assert needed(page) == [
        "medical reviewer (Dermatology) on the medical part",
        "medical reviewer on the medical part",
    ]

    sign_as(page, heart, Role.MEDICAL, "medical")
    assert needed(page) == ["medical reviewer (Dermatology) on the medical part"]
    with pytest.raises(CannotSign, match="requires a clinician of Dermatology"):
        sign_as(page, more, Role.MEDICAL, "medical")
    assert not Publication.objects.exists()
    sign_as(page, skin, Role.MEDICAL, "medical")

    assert stored(page)["review"]["status"] == "current"
    verified()


@pytest.mark.parametrize(
    ("own", "wanted", "counts"),
    [
        ("Dermatology; Trichology", "trichology", True),
        ("Trichology ;Dermatology", "Dermatology", True),
        ("Dermatology", "Trichology; Dermatology", True),
        ("Dermatology, trainee", "Dermatology", False),
        ("Dermatology;", "Cardiology;", False),
        ("", "Dermatology", False),
    ],
)
def test_one_of_several_specialties_is_enough(own, wanted, counts):
    assert is_of(own, wanted) is counts


def test_one_person_is_not_two(people):
    """Two roles of one policy are two people."""
    make_policy("Law too", article_types=["condition"], legal=1)
    Person.objects.filter(user=people.reviewer).update(legal=True)
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    with pytest.raises(CannotSign, match="already signed"):
        sign_as(page, people.reviewer, Role.LEGAL, "medical")


def test_without_a_default_nothing_can_be_signed(people):
    page = make_article(by=people.author)
    Policy.objects.filter(kind="medical").update(is_default=False)

    with pytest.raises(NoPolicy, match="Ask a medical lead"):
        load(page)


def test_a_re_read_of_the_changes_does_not_move_the_review_date(published, people, monkeypatch):
    before = stored(published)["review"]
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=100))
    page = edit(published, by=people.author, summary="Another sentence.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")

    after = stored(page)
    assert after["edition"]["number"] == 2
    assert after["review"]["last_reviewed_on"] == before["last_reviewed_on"]
    assert after["review"]["next_review_on"] == before["next_review_on"]
    verified()


def test_a_first_text_cannot_be_signed_for_its_changes(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    with pytest.raises(CannotSign, match="must read and sign the whole text"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")


def test_a_note_that_changes_after_a_signature_needs_the_signature_again(published, people):
    """What readers are told of a change is a sentence of ours too, and is signed with the text."""
    page = edit(published, by=people.author, summary="Another sentence.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    assert needed(page) == ["medical reviewer on the medical part"]

    page = edit(page, by=people.author, change_note="Cures baldness in a week.")

    assert needed(page) == ["editor on the medical part", "medical reviewer on the medical part"]


@pytest.mark.parametrize("note", ["", "   ", "of the edition before"])
def test_a_material_change_needs_a_word_to_readers(published, people, publish, note):
    page = edit(published, by=people.author, summary="Another sentence.", change_note="of the edition before")
    if note == "of the edition before":
        publish(page)
        page = edit(page, by=people.author, summary="A third sentence.", change_note=note)
    else:
        page = edit(page, by=people.author, change_note=note)

    with pytest.raises(change_note.NoteMissing):
        submit(page=page, by=people.author)


def test_a_correction_stands_above_the_article_with_its_date(published, people, publish):
    said = "An earlier edition gave a wrong dose."
    publish(edit(published, by=people.author, summary="Put right.", change_note=said, is_correction=True))
    publish(edit(published, by=people.author, summary="Later.", is_correction=False))

    (notice,) = stored(published)["notices"]
    assert (notice["kind"], notice["text"]) == ("correction", said)
    assert notice["since"] == stored(published)["edition"]["published_at"][:10]
    verified()
