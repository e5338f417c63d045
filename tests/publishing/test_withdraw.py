"""What every withdrawal says to readers: now, later, or of many at once; by whom, and where they go instead."""

import pytest
from django.contrib.auth.models import Permission

from articles.authoring.permissions import NotPermitted
from articles.errors import CannotSign, DomainError, NotAuthenticated
from articles.publishing.models import Schedule
from articles.publishing.scheduling.schedule import schedule_withdrawal
from articles.publishing.void import void
from articles.publishing.withdraw import LONGEST_EXPLANATION, CannotWithdraw, withdraw, withdraw_many
from articles.record import words
from articles.record.models import Event, SignOff
from articles.record.vocabulary import WithdrawReason
from tests.factories import PASSWORD, make_article, make_user
from tests.hands import fresh
from tests.pipeline.reading import get, verified
from tests.schedules import ZONE, soon


def now(page, by, **said) -> None:
    withdraw(page=fresh(page), by=by, **said)


def later(page, by, **said) -> None:
    schedule_withdrawal(page=fresh(page), at=soon(), zone=ZONE, by=by, **said)


def many(page, by, **said) -> None:
    withdraw_many(articles=[page.article_id], by=by, **said)


WAYS = pytest.mark.parametrize("way", [now, later, many])
WAYS_NOW = pytest.mark.parametrize("way", [now, many])


@WAYS
def test_an_article_is_not_its_own_replacement(published, people, way):
    with pytest.raises(CannotWithdraw, match="Choose another article, or none"):
        way(published, people.editor, reason="safety", replacement=published.article_id)

    assert get(published).status_code == 200 and not Schedule.objects.exists()


@WAYS_NOW
@pytest.mark.parametrize("reason", WithdrawReason.values)
def test_readers_are_told_a_fixed_sentence_for_the_reason(published, people, way, reason):
    way(published, people.editor, reason=reason)

    assert get(published).json()["explanation"] == words.sentence(f"withdrawn-{reason}", "en").text


def test_the_sentence_is_in_the_articles_language_else_in_english():
    german, none = words.sentence("withdrawn-outdated", "de-AT"), words.sentence("withdrawn-outdated", "fr")

    assert german == ("Dieser Artikel wurde zurückgezogen, weil er nicht mehr aktuell ist.", "de")
    assert none == ("This article was withdrawn because it is out of date.", "en")


@pytest.fixture
def clinician(people):
    """A reviewer who may withdraw."""
    people.reviewer.user_permissions.add(Permission.objects.get(codename="withdraw_article"))
    return type(people.reviewer).objects.get(pk=people.reviewer.pk)


@WAYS_NOW
def test_words_of_ones_own_are_signed_by_a_clinician(published, clinician, way):
    way(published, clinician, reason="safety", explanation="Batch 7 is recalled.", password=PASSWORD)

    assert get(published).json()["explanation"] == "Batch 7 is recalled."
    event = Event.objects.get(kind="withdrawn")
    signed = SignOff.objects.get(pk=event.data["signoff"])
    assert (signed.role, signed.user, signed.digest) == ("medical", clinician.pk, event.data["digest"])
    verified()


@WAYS_NOW
def test_words_whose_signature_is_voided_give_way_to_the_fixed_sentence(published, clinician, lead, way):
    way(published, clinician, reason="safety", explanation="Batch 7 is recalled.", password=PASSWORD)
    signed = SignOff.objects.get(pk=Event.objects.get(kind="withdrawn").data["signoff"])
    before = Event.objects.latest("number").number

    void(signoff=signed, reason="The licence had been suspended.", by=lead)

    assert get(published).json()["explanation"] == words.sentence("withdrawn-safety", "en").text
    told = Event.objects.filter(subject=published.article_id, number__gt=before)
    assert [event.kind for event in told] == ["refiled"]  # so that whoever keeps in sync hears of it
    verified()


@WAYS_NOW
@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"explanation": "Batch 7 is recalled.", "password": "wrong"}, NotAuthenticated),
        ({"explanation": "x" * (LONGEST_EXPLANATION + 1), "password": PASSWORD}, CannotWithdraw),
        ({"explanation": "A\x00B", "password": PASSWORD}, DomainError),
    ],
)
def test_words_that_are_not_signed_or_not_readable_withdraw_nothing(published, clinician, way, said, error):
    with pytest.raises(error):
        way(published, clinician, reason="safety", **said)

    assert get(published).status_code == 200 and not Event.objects.filter(kind="withdrawn").exists()


@WAYS_NOW
def test_an_editor_adds_no_words_of_their_own(published, people, way):
    with pytest.raises(CannotSign, match="medical reviewer"):
        way(published, people.editor, reason="safety", explanation="Do not trust this.", password=PASSWORD)

    assert get(published).status_code == 200


def test_many_lead_to_one_replacement(published, people, publish):
    other, instead = publish(make_article(by=people.author)), publish(make_article(by=people.author))
    both = [published.article_id, other.article_id]

    withdraw_many(articles=both, reason="superseded", by=people.editor, replacement=instead.article_id)

    told = [get(page).json()["replacement"] for page in (published, other)]
    assert told[0] and told[0]["id"] == str(instead.article_id) and told[0] == told[1]
    lines = Event.objects.filter(kind="withdrawn").values_list("data__replacement", flat=True)
    assert list(lines) == [str(instead.article_id)] * 2
    verified()


def test_of_many_that_hold_their_replacement_none_is_withdrawn(published, people, publish):
    other = publish(make_article(by=people.author))
    both = [published.article_id, other.article_id]

    with pytest.raises(CannotWithdraw):
        withdraw_many(articles=both, reason="other", by=people.editor, replacement=both[1])

    assert [get(page).status_code for page in (published, other)] == [200, 200]


@pytest.mark.parametrize("lacking", ["withdraw_article", "schedule_article"])
def test_later_is_for_who_may_withdraw_and_may_schedule(published, lacking):
    user = make_user("half")
    held = {"withdraw_article", "schedule_article"} - {lacking}
    user.user_permissions.add(*Permission.objects.filter(codename__in=held))

    with pytest.raises(NotPermitted, match=lacking.replace("_", " ")):
        later(published, user, reason="safety")

    assert not Schedule.objects.exists()
