"""What every withdrawal says to readers: now, later, or of many at once; by whom, and where they go instead."""

import pytest
from django.contrib.auth.models import Permission

from articles.publishing.models import Schedule
from articles.publishing.permissions import NotPermitted
from articles.publishing.scheduling.schedule import schedule_withdrawal
from articles.publishing.withdraw import LONGEST_EXPLANATION, CannotWithdraw, withdraw, withdraw_many
from articles.record.models import Event
from tests.factories import make_article, make_user
from tests.pipeline.reading import get, verified
from tests.publishing.conftest import ZONE, again, soon


def now(page, by, **said) -> None:
    withdraw(page=again(page), by=by, **said)


def later(page, by, **said) -> None:
    schedule_withdrawal(page=again(page), at=soon(), zone=ZONE, by=by, **said)


def many(page, by, **said) -> None:
    withdraw_many(articles=[page.article_id], by=by, **said)


WAYS = pytest.mark.parametrize("way", [now, later, many])


@WAYS
@pytest.mark.parametrize("explanation", ["", " \n ", "x" * (LONGEST_EXPLANATION + 1)])
def test_readers_are_told_why_in_a_few_words(published, people, way, explanation):
    with pytest.raises(CannotWithdraw, match="Tell readers why, in at most 1000 characters"):
        way(published, people.editor, reason="safety", explanation=explanation)

    assert get(published).status_code == 200 and not Schedule.objects.exists()


@WAYS
def test_an_article_is_not_its_own_replacement(published, people, way):
    with pytest.raises(CannotWithdraw, match="choose another article, or none"):
        way(published, people.editor, reason="safety", explanation="Old.", replacement=published.article_id)

    assert get(published).status_code == 200 and not Schedule.objects.exists()


def test_the_longest_explanation_reaches_readers(published, people):
    now(published, people.editor, reason="other", explanation="x" * LONGEST_EXPLANATION)

    assert get(published).json()["explanation"] == "x" * LONGEST_EXPLANATION


def test_many_lead_to_one_replacement(published, people, publish):
    other, instead = publish(make_article(by=people.author)), publish(make_article(by=people.author))
    both = [published.article_id, other.article_id]

    withdraw_many(
        articles=both, reason="superseded", explanation="Merged.", by=people.editor, replacement=instead.article_id
    )

    told = [get(page).json()["replacement"] for page in (published, other)]
    assert told[0] and told[0]["id"] == str(instead.article_id) and told[0] == told[1]
    lines = Event.objects.filter(kind="withdrawn").values_list("data__replacement", flat=True)
    assert list(lines) == [str(instead.article_id)] * 2
    verified()


def test_of_many_that_hold_their_replacement_none_is_withdrawn(published, people, publish):
    other = publish(make_article(by=people.author))
    both = [published.article_id, other.article_id]

    with pytest.raises(CannotWithdraw):
        withdraw_many(articles=both, reason="other", explanation="Merged.", by=people.editor, replacement=both[1])

    assert [get(page).status_code for page in (published, other)] == [200, 200]


@pytest.mark.parametrize("lacking", ["withdraw_article", "schedule_article"])
def test_later_is_for_who_may_withdraw_and_may_schedule(published, lacking):
    user = make_user("half")
    held = {"withdraw_article", "schedule_article"} - {lacking}
    user.user_permissions.add(*Permission.objects.filter(codename__in=held))

    with pytest.raises(NotPermitted, match=lacking.replace("_", " ")):
        later(published, user, reason="safety", explanation="Old.")

    assert not Schedule.objects.exists()
